"""Notes that nlpcards exported, from the text that they carry: as they were, under their own deck and id."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any, NamedTuple

from nlpcards.anki.fields import Fields
from nlpcards.anki.history.identities import AnkiCard, numbers_of
from nlpcards.anki.importing.templates import bare
from nlpcards.anki.importing.values import Found, LeftOut, TakenCard
from nlpcards.anki.kinds import anki_notes
from nlpcards.anki.media import Media
from nlpcards.anki.names import ROOT, tag
from nlpcards.anki.reading.limits import LARGEST_TEXTS
from nlpcards.anki.reading.values import NoteType, StoredCard, StoredNote
from nlpcards.anki.source_text import decode
from nlpcards.core.cards import Note
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.markup.tree import Image
from nlpcards.decks.importing.result import Draft, Origin
from nlpcards.decks.keys import KIND_KEYS, SLUG
from nlpcards.decks.reader import read_text
from nlpcards.decks.writing import write_deck

_PICTURE = re.compile(r"<img\b[^<>]*?\bsrc=\"([^\"<>]+)\"", re.IGNORECASE)
_IN_TEXT = re.compile(r"!\[(?:[^\[\]\\\n]|\\.|\n(?![ \t]*\n))*\]\(\s*<?([^)\s<>]+)")
_OURS = re.compile(r"nlpcards-(?:(?P<stem>.*)-)?[0-9a-f]{16}\.[a-z]+")
_IMAGE_TAG = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)

_LONGEST = 1 << 18
"""Characters of a note's own text that are read; a whole deck may have 8 MiB."""

_MOST_WRITTEN = 1 << 23
"""Characters of all cards that a note makes, as each of a table's cells has the whole table."""


class Stored(NamedTuple):
    """One Anki note with its type and its cards."""

    note: StoredNote
    kind: NoteType
    cards: tuple[StoredCard, ...]

    def field(self, name: str) -> str:
        """A field by its name, empty where there is none."""
        fields = dict(zip(self.kind.fields, self.note.fields, strict=False))
        return fields.get(name, "")


def keys_of(stored: Stored) -> Mapping[str, Any] | None:
    """The keys of the note of ours that an Anki note carries in `SourceText`, None where it carries none."""
    if "SourceText" not in stored.kind.fields or "NoteId" not in stored.kind.fields:
        return None
    text = stored.field("SourceText")
    if len(text) > _LONGEST:
        return None
    try:
        keys = decode(text)
    except (NlpcardsError, RecursionError):
        return None
    deck, name = keys.get("deck"), keys.get("id", "h")
    sound = isinstance(deck, str) and SLUG.fullmatch(deck) and isinstance(name, str) and SLUG.fullmatch(name)
    return keys if sound and _is_writable(keys) else None


def _is_writable(value: object, depth: int = 0) -> bool:
    """Whether a deck file can hold a value from JSON."""
    match value:
        case bool():
            return True
        case str():
            return not any("\ud800" <= char <= "\udfff" for char in value)
        case dict():
            return depth < 6 and all(_is_writable(key) and _is_writable(each, depth + 1) for key, each in value.items())
        case list():
            return depth < 6 and all(isinstance(each, str) and _is_writable(each) for each in value)
        case _:
            return False


def own_notes(
    every: Iterable[tuple[Stored, Mapping[str, Any]]], titles: Mapping[int, str], first: int
) -> tuple[list[Found], list[LeftOut]]:
    """The notes that some Anki notes carry, each once, in the order of the first of these.

    `titles` gives the title for each Anki deck; `first` is the line of the first draft.
    """
    gathered: dict[tuple[str, str], list[tuple[Stored, Mapping[str, Any]]]] = defaultdict(list)
    for stored, keys in every:
        gathered[keys["deck"], _name(stored, keys)].append((stored, keys))
    present: dict[str, set[str]] = defaultdict(set)
    topics: dict[str, Counter[str]] = defaultdict(Counter)
    for (deck, name), several in gathered.items():
        present[deck].add(name)
        topics[deck][str(several[0][1].get("topic", ""))] += 1
    found: list[Found] = []
    left: list[LeftOut] = []
    room = LARGEST_TEXTS
    for (deck, name), several in gathered.items():
        topic = "" if "" in topics[deck] else topics[deck].most_common(1)[0][0]
        reading = _Reading(deck, name, several, topic, titles, present[deck])
        made = reading.found(first + len(found), min(room, _MOST_WRITTEN))
        room -= reading.written
        if isinstance(made, LeftOut):
            left.append(made)
        else:
            found.append(made)
    return found, left


def _name(stored: Stored, keys: Mapping[str, Any]) -> str:
    """The note's id within its deck; one without is known by its hash, which `NoteId` has."""
    if "id" in keys:
        return str(keys["id"])
    return unescape(stored.field("NoteId")).partition("#")[0].rpartition("/")[2]


class _Reading:
    """One note of ours and the Anki notes that carry it."""

    def __init__(
        self,
        deck: str,
        name: str,
        several: list[tuple[Stored, Mapping[str, Any]]],
        topic: str,
        titles: Mapping[int, str],
        present: set[str],
    ) -> None:
        self._deck, self._name, self._topic = deck, name, topic
        self._several = [stored for stored, _ in several]
        self._title = next((titles.get(card.deck, deck) for stored, _ in several for card in stored.cards), deck)
        self._present = present
        self.written = 0
        """How many characters its cards have at most together, once it was found."""
        self._lost: list[str] = []
        # Of a note that was exported more than once, Anki notes may carry its text of then.
        texts = [repr(keys) for _, keys in several]
        common = Counter(texts).most_common(1)[0][0]
        self._keys = several[texts.index(common)][1]
        if len(set(texts)) > 1:
            self._lost.append("its Anki notes carry different texts of it, of which the one that most have was taken")

    def found(self, line: int, room: int) -> Found | LeftOut:
        """The note, or why it cannot be had; its cards may have `room` characters together."""
        label = f"{self._deck}/{self._name}"
        whole = self._whole()
        note = self._built(whole)
        if isinstance(note, str):
            return LeftOut(label, f"the text that it carries is no note: {note}")
        cards_made = len(note.body.card_keys())
        written = cards_made * max(len(stored.field("SourceText")) for stored in self._several)
        if written > room:
            return LeftOut(label, f"the text that it carries makes {cards_made:,} cards that are too long together")
        self.written = written
        cards = self._cards(note)
        body = {key: whole.get(key, value) for key, value in note.body.written().items()}
        draft = Draft(
            line,
            body,
            id=str(whole.get("id", "")),
            deck=self._title,
            identity=self._several[0].note.guid,
            whole=whole,
            origin=Origin(self._deck, self._topic, self._sources(), self._files(whole)),
        )
        return Found(draft, label, cards, tuple(self._lost), self._own_tags(whole), note.full_id)

    def _whole(self) -> dict[str, object]:
        """All keys in the order of a deck file, with notes of the same deck named without it."""
        keys = self._keys
        whole: dict[str, object] = {}
        if "id" in keys:
            whole["id"] = keys["id"]
        if "concepts" in keys:
            whole["concepts"] = keys["concepts"]
        whole.update({key: value for key, value in keys.items() if key in KIND_KEYS})
        for key in ("why", "cite", "tags", "topic", "needs", "confusable", "as_of", "expires", "was", "media"):
            if key in keys:
                whole[key] = keys[key]
        if isinstance(cite := whole.get("cite"), list):
            whole["cite"] = "; ".join(cite)
        for key in ("needs", "confusable"):
            if isinstance(named := whole.get(key), list):
                bare_ids = [each.removeprefix(f"{self._deck}/") for each in named]
                missing = dict.fromkeys(each for each in bare_ids if "/" not in each and each not in self._present)
                self._lost += [f"`{key}: {each}` was left out, since that note is not in the file" for each in missing]
                whole[key] = [each for each in bare_ids if each not in missing]
                if not whole[key]:
                    del whole[key]
        if isinstance(was := whole.get("was"), list):
            whole["was"] = [each.removeprefix(f"{self._deck}/") for each in was]
        return {key: _as_tuples(value) for key, value in whole.items()}

    def _sources(self) -> dict[str, dict[str, str]]:
        sources = self._keys.get("sources", {})
        if not isinstance(sources, dict):
            return {}
        return {
            key: {name: text for name, text in said.items() if isinstance(text, str)}
            for key, said in sources.items()
            if isinstance(said, dict)
        }

    def _built(self, whole: Mapping[str, object]) -> Note | str:
        """The note as a deck would have it, or what is wrong with it."""
        head: dict[str, object] = {"deck": self._deck, "title": "-"}
        if sources := self._sources():
            head["sources"] = sources
        # What it says of other notes and of files, only its deck can tell.
        alone = {key: value for key, value in whole.items() if key not in ("needs", "confusable", "media", "was")}
        try:
            read = read_text(write_deck(head, [alone]))
        except (NlpcardsError, TypeError) as error:
            return str(error).rstrip(".")
        if read.deck is None or len(read.deck.notes) != 1:
            return next((problem.message for problem in read.problems if problem.is_error), "it says nothing")
        return read.deck.notes[0]

    def _cards(self, note: Note) -> tuple[TakenCard, ...]:
        """The cards that Anki has of the note, and whether anybody wrote other words into its fields there."""
        made = {each.id: each for each in anki_notes(note, _AsStored(Media()))}
        taken: list[TakenCard] = []
        for stored in self._several:
            name = unescape(stored.field("NoteId"))
            # A note whose id changed after it went to Anki is still the same one there.
            same = (one for one in made.values() if one.id.partition("#")[2] == name.partition("#")[2])
            each = made.get(name) or next(same, None)
            if each is None:
                self._lost.append(f"it has no card any more that `{name[:100]}` was")
                continue
            own = stored.note.fields[: len(each.fields)]
            if [_words(field) for field in own] != [_words(field) for field in each.fields]:
                self._lost.append("its fields were edited in Anki, and the text that nlpcards knew was taken")
            numbers = numbers_of(stored.kind)
            for card in stored.cards:
                number = numbers.get(card.ord, card.ord)
                if number in each.ords:
                    key = each.keys[each.ords.index(number)]
                    taken.append(TakenCard(AnkiCard(stored.note.guid, number), card, key))
                else:
                    self._lost.append(f"its card {card.ord + 1} is none that the note has")
        return tuple(taken)

    def _files(self, whole: Mapping[str, object]) -> dict[str, str]:
        """What the pictures that the note names are called in the package."""
        fields = (field for stored in self._several for field in stored.note.fields)
        shown = dict.fromkeys(name for field in fields for name in _PICTURE.findall(field))
        by_stem: dict[str, list[str]] = defaultdict(list)
        for name in map(unescape, shown):
            if ours := _OURS.fullmatch(name):
                by_stem[f"{ours['stem'] or ''}.{name.rpartition('.')[2]}"].append(name)
        named = [each for text in Draft(0, {}, whole=whole).texts() for each in _IN_TEXT.findall(text)]
        media = whole.get("media")
        named += map(str, media if isinstance(media, tuple) else ())
        files: dict[str, str] = {}
        for path in dict.fromkeys(named):
            file, _, ending = path.rpartition("/")[2].rpartition(".")
            stem = re.sub(r"[^a-z0-9]+", "-", file.lower()).strip("-")[:40]
            if candidates := by_stem.get(f"{stem}.{ending.lower()}"):
                files[path] = candidates.pop(0) if len(candidates) > 1 else candidates[0]
        return files

    def _own_tags(self, whole: Mapping[str, object]) -> tuple[str, ...]:
        """The tags that its owner gave it in Anki."""
        ours = whole.get("tags")
        known = {tag(str(each)).casefold() for each in (ours if isinstance(ours, tuple) else ())}
        return tuple(
            dict.fromkeys(
                each
                for stored in self._several
                for each in stored.note.tags
                if each.casefold() not in known and not each.casefold().startswith(f"{ROOT}::")
            )
        )


class _AsStored(Fields):
    """Makes fields with their pictures where they are, without looking for these."""

    def _picture(self, note: Note, image: Image) -> Image:
        return image


def _words(field: str) -> str:
    return bare(_IMAGE_TAG.sub("", field))


def _as_tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(map(_as_tuples, value))
    return {key: _as_tuples(each) for key, each in value.items()} if isinstance(value, dict) else value
