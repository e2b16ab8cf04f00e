"""From a note to its Anki notes as they stand in a package, made once for each content."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlpcards.anki.fields import Fields, plain, text_field
from nlpcards.anki.helpers import Answer, Ask, Helpers
from nlpcards.anki.kinds import anki_notes
from nlpcards.anki.made_before import Made, MadeBefore, Together, keys_of
from nlpcards.anki.media import Media
from nlpcards.anki.names import guid, tags
from nlpcards.anki.source_text import encode
from nlpcards.core.cards import Deck, Note, digest

BATCH = 256
"""Notes looked up at a time among those made before."""


def made_notes(deck: Deck, media: Media, before: MadeBefore) -> Iterator[tuple[Note, Sequence[Made]]]:
    """Each note of a deck with what it is in Anki; pictures that are shown go to `media`."""
    with Helpers(None, 0) as alone:
        for batch in made_in_batches(deck, 0, media, before, alone):
            yield from batch


def made_in_batches(
    deck: Deck, number: int, media: Media, before: MadeBefore, helpers: Helpers
) -> Iterator[list[tuple[Note, Sequence[Made]]]]:
    """As `made_notes`, many notes at a time, with helpers that know the deck by a `number` (see `maker`)."""
    fields = Fields(media)
    waiting: deque[_Batch] = deque()
    for start in range(0, len(deck.notes), BATCH):
        waiting.append(_asked(deck, number, start, before, helpers))
        while len(waiting) > helpers.ahead:
            yield _finished(deck, waiting.popleft(), fields, media, before)
    while waiting:
        yield _finished(deck, waiting.popleft(), fields, media, before)


def maker(decks: Sequence[Deck], code: str) -> Ask:
    """What makes notes of some decks apart from what else is made; `code` as in `made_before.keys_of`.

    A note with a picture cannot be: what a picture is called follows from its file, and it goes to the package.
    """
    media = Media()
    fields = Fields(media)

    def ask(number: int, start: int, places: Sequence[int] | None) -> Together:
        deck = decks[number]
        notes = deck.notes[start : start + BATCH]
        chosen = notes if places is None else [notes[at] for at in places]
        return Together.of(keys_of(code, deck, chosen), [one(deck, note) for note in chosen])

    def one(deck: Deck, note: Note) -> list[Made] | None:
        asked = media.asked
        try:
            made = _made(deck, note, fields)
        except Exception:
            return None  # whoever makes it again will say what is wrong
        return made if media.asked == asked else None

    return ask


@dataclass(frozen=True, slots=True)
class _Batch:
    """Notes that follow each other in a deck, what was made of them before by their keys, and what helpers were asked
    for; without `keys` that is all of them.
    """

    notes: Sequence[Note]
    keys: Sequence[bytes] | None
    known: Mapping[bytes, Sequence[Made]]
    answer: Answer | None


def _asked(deck: Deck, number: int, start: int, before: MadeBefore, helpers: Helpers) -> _Batch:
    notes = deck.notes[start : start + BATCH]
    if before.is_new and (answer := helpers.make(number, start, None, len(notes))) is not None:
        return _Batch(notes, None, {}, answer)
    keys = before.keys(deck, notes)
    known = before.find(keys)
    places = [at for at, key in enumerate(keys) if key not in known]
    # Those of a new file were asked for already, and in vain.
    ask = places and not before.is_new
    return _Batch(notes, keys, known, helpers.make(number, start, places, len(places)) if ask else None)


def _finished(
    deck: Deck, batch: _Batch, fields: Fields, media: Media, before: MadeBefore
) -> list[tuple[Note, Sequence[Made]]]:
    came = batch.answer.take() if batch.answer is not None else None
    helped = came.notes() if came is not None else []
    coming = iter(helped)
    done: list[tuple[Note, Sequence[Made]]] = []
    here: list[tuple[bytes, list[Made]]] = []
    keys = batch.keys
    for at, note in enumerate(batch.notes):
        found = batch.known.get(keys[at]) if keys is not None else None
        if found is None and (found := next(coming, None)) is None:
            asked = media.asked
            found = _made(deck, note, fields)
            if media.asked == asked:  # what a picture is called follows from its file
                keys = keys if keys is not None else before.keys(deck, batch.notes)
                here.append((keys[at], found))
        done.append((note, found))
    if came is not None and any(helped):
        before.keep(came)
    if here:
        before.keep(Together.of(*zip(*here, strict=True)))
    return done


def _made(deck: Deck, note: Note, fields: Fields) -> list[Made]:
    topic = note.topic or deck.topic
    named = _tags(note.tags, topic)
    why = fields.html(note, note.why) if note.why else ""
    source, label = fields.source(note), fields.label(deck.title, topic if topic != deck.topic else "")
    text = encode(note)
    parts, rows = [*_counted(named)], []
    for id, note_type, own, ords, keys in anki_notes(note, fields):
        every = (*own, why, source, label, text_field(id), text)
        parts += (*_begun(note_type.id, ords), *every)
        rows.append((id, note_type, ords, keys, every))
    # All that Anki takes from the rows is hashed: what Anki would show, find or give back, and nothing else. It is made
    # of the finished fields, so that whatever comes to be shown in one changes it too; a picture counts by the name in
    # the field, which follows from its bytes.
    content = digest(*parts)
    in_table = f" {' '.join(named)} " if named else ""
    return [
        Made(id, kind.id, ords, keys, in_table, "\x1f".join(every), plain(every[0]), guid(kind, id), content)
        for id, kind, ords, keys, every in rows
    ]


@lru_cache(maxsize=256)  # many notes of a deck have the same
def _tags(own: tuple[str, ...], topic: str) -> tuple[str, ...]:
    return tags(own, topic)


@lru_cache(maxsize=256)
def _counted(named: tuple[str, ...]) -> tuple[str, ...]:
    return str(len(named)), *named


@lru_cache(maxsize=1024)
def _begun(note_type: int, ords: tuple[int, ...]) -> tuple[str, str]:
    return str(note_type), str(ords)
