"""From a note to its Anki notes as they stand in a package, made once for each content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from nlpcards.anki.fields import Fields, plain, text_field
from nlpcards.anki.kinds import AnkiNote, anki_notes
from nlpcards.anki.made_before import Made, MadeBefore
from nlpcards.anki.media import Media
from nlpcards.anki.names import tags
from nlpcards.anki.source_text import encode
from nlpcards.core.cards import Deck, Note, digest

BATCH = 256
"""Notes looked up at a time among those made before."""


def made_notes(deck: Deck, media: Media, before: MadeBefore) -> Iterator[tuple[Note, Sequence[Made]]]:
    """Each note of a deck with what it is in Anki; pictures that are shown go to `media`."""
    for batch in made_in_batches(deck, media, before):
        yield from batch


def made_in_batches(deck: Deck, media: Media, before: MadeBefore) -> Iterator[list[tuple[Note, Sequence[Made]]]]:
    """As `made_notes`, many notes at a time."""
    fields = Fields(media)
    rest = iter(deck.notes)
    while notes := list(islice(rest, BATCH)):
        keys = before.keys(deck, notes)
        known = before.find(keys)
        batch: list[tuple[Note, Sequence[Made]]] = []
        fresh: list[tuple[bytes, Sequence[Made]]] = []
        for note, key in zip(notes, keys, strict=True):
            found = known.get(key)
            if found is None:
                asked = media.asked
                found = _made(deck, note, fields)
                if media.asked == asked:  # what a picture is called follows from its file
                    fresh.append((key, found))
            batch.append((note, found))
        before.keep(fresh)
        yield batch


def _made(deck: Deck, note: Note, fields: Fields) -> list[Made]:
    topic = note.topic or deck.topic
    named = _tags(note.tags, topic)
    each = anki_notes(note, fields)
    why = fields.html(note, note.why) if note.why else ""
    common = (why, fields.source(note), fields.label(deck.title, topic if topic != deck.topic else ""))
    text = encode(note)
    every = [(made, (*made.fields, *common, text_field(made.id), text)) for made in each]
    content = _content(every, named)
    return [
        Made(
            made.id,
            made.note_type.id,
            ",".join(map(str, made.ords)),
            ",".join(made.keys),
            f" {' '.join(named)} " if named else "",
            "\x1f".join(own),
            plain(made.fields[0]),
            content,
        )
        for made, own in every
    ]


@lru_cache(maxsize=256)  # many notes of a deck have the same
def _tags(own: tuple[str, ...], topic: str) -> tuple[str, ...]:
    return tags(own, topic)


def _content(every: Iterable[tuple[AnkiNote, tuple[str, ...]]], named: tuple[str, ...]) -> str:
    """A hash of all that Anki takes from a note's rows: what Anki would show, find or give back, and nothing else.

    It is made of the finished fields, so that whatever comes to be shown in one changes it too; a picture counts by the
    name in the field, which follows from its bytes.
    """
    parts: list[str] = list(named)
    for made, fields in every:
        parts += (str(made.note_type.id), str(made.ords), *fields)
    return digest(str(len(named)), *parts)
