"""What reading a deck file gives, as bytes and back: without running anything, and each note only when it is asked for.

The bytes are those of `marshal`, made of texts, numbers and lists of them alone. They mean something to the very
program that wrote them, on the same Python; `cache` sees to that.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from importlib import import_module
from itertools import accumulate
from typing import Any, overload

from nlpcards.core.cards import Citation, Deck, Note, Outlined, Place, Source
from nlpcards.core.outline import Outline
from nlpcards.decks.deck_file import DeckFile, PlacedReference, Stamp
from nlpcards.decks.problems import Problem, Severity

BODIES: Mapping[str, str] = {
    "Basic": "basic",
    "ClozeText": "cloze",
    "Contrast": "contrast",
    "Drill": "drill",
    "Explain": "explain",
    "Row": "contrast",
    "Steps": "steps",
    "Term": "term",
    "Typed": "typed",
}
"""The classes that bodies of notes are made of, with the modules in `core.kinds` that have them."""


def packed(file: DeckFile) -> bytes:
    """A file as bytes, its stamp left out.

    Raises:
        ValueError: something in it is of a kind that is not stored.
    """
    notes = [marshal.dumps(_note(note, file.deck.sources)) for note in file.deck.notes] if file.deck else []
    head: tuple[Any, ...] = (
        _deck(file.deck) if file.deck else None,
        [(p.line, p.column, p.severity.value, p.code, p.message, p.hint) for p in file.problems],
        (file.deck_place.line, file.deck_place.column),
        [(r.note, r.key, r.target, r.place.line, r.place.column) for r in file.references],
        file.extends,
        {name: (place.line, place.column) for name, place in file.broken.items()},
        file.is_given_up,
        file.broken_count,
        dict(file.media),
        list(accumulate(map(len, notes), initial=0)),
    )
    first = marshal.dumps(head)
    return b"".join((len(first).to_bytes(8, "little"), first, *notes))


def unpacked(data: bytes, path: str, stamp: Stamp) -> DeckFile:
    """The file that was packed, as of a path and a stamp.

    Raises:
        ValueError, TypeError, EOFError: these are no bytes that `packed` gave.
    """
    end = 8 + int.from_bytes(data[:8], "little")
    (deck, problems, place, references, extends, broken, given_up, broken_count, media, starts) = marshal.loads(
        data[8:end]
    )
    return DeckFile(
        path,
        None if deck is None else _deck_again(deck, path, data, [end + start for start in starts]),
        tuple([Problem(path, line, column, Severity(how), *rest) for line, column, how, *rest in problems]),
        Place(path, *place),
        tuple([PlacedReference(by, key, to, Place(path, *where)) for by, key, to, *where in references]),
        stamp,
        extends,
        {name: Place(path, *where) for name, where in broken.items()},
        given_up,
        broken_count,
        media,
    )


class StoredNotes(Sequence[Note], Outlined):
    """The notes of a stored deck, each made when it is first asked for, and kept from then on."""

    __slots__ = ("_data", "_deck", "_kept", "_outline", "_path", "_sources", "_starts", "_was")

    def __init__(
        self,
        deck: str,
        path: str,
        was: tuple[str, ...],
        sources: Mapping[str, Source],
        outline: Outline,
        data: bytes,
        starts: list[int],
    ) -> None:
        self._deck, self._path, self._was, self._sources = deck, path, was, sources
        self._outline = outline
        self._data, self._starts = data, starts
        self._kept: dict[int, Note] = {}

    @property
    def outline(self) -> Outline:
        """What the notes are called and how they hang together."""
        return self._outline

    @property
    def made(self) -> int:
        """How many of them were asked for so far."""
        return len(self._kept)

    def __len__(self) -> int:
        return len(self._outline.names)

    @overload
    def __getitem__(self, at: int) -> Note: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Note, ...]: ...

    def __getitem__(self, at: int | slice) -> Note | tuple[Note, ...]:
        if isinstance(at, slice):
            return tuple([self[each] for each in range(*at.indices(len(self)))])
        place = at + len(self) if at < 0 else at
        note = self._kept.get(place)
        if note is None:
            if not 0 <= place < len(self):
                raise IndexError(at)
            note = self._kept.setdefault(place, self._made(place))
        return note

    def __iter__(self) -> Iterator[Note]:
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, tuple | StoredNotes) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as of a tuple of notes, whose bodies may hold mappings

    def __repr__(self) -> str:
        return f"StoredNotes({len(self)} of {self._deck})"

    def _made(self, at: int) -> Note:
        stored = marshal.loads(self._data[self._starts[at] : self._starts[at + 1]])
        name, body, line, column, topic, why, cite = stored[:7]
        tags, concepts, needs, confusable, was, was_cards, as_of, expires, id_is_hash, media = stored[7:]
        return Note(
            self._deck,
            name,
            _value_again(body),
            Place(self._path, line, column),
            topic,
            why,
            tuple([Citation(Source(*of) if type(of) is tuple else self._sources[of], where) for of, where in cite]),
            tags,
            concepts,
            needs,
            confusable,
            was,
            was_cards,
            None if as_of is None else date.fromordinal(as_of),
            None if expires is None else date.fromordinal(expires),
            id_is_hash,
            media,
            self._was,
        )


def _deck(deck: Deck) -> tuple[Any, ...]:
    outline, same = deck.outline, dict[tuple[str, ...], tuple[str, ...]]()
    return (
        deck.id,
        deck.title,
        deck.topic,
        [_source(source) for source in deck.sources.values()],
        deck.was,
        (
            outline.names,
            # Equal keys are written, read and kept once: marshal tells by identity.
            tuple([same.setdefault(keys, keys) for keys in outline.keys]),
            dict(outline.topics),
            dict(outline.needs),
            dict(outline.confusable),
            outline.renamed,
            outline.has_media,
        ),
    )


def _deck_again(stored: tuple[Any, ...], path: str, data: bytes, starts: list[int]) -> Deck:
    deck, title, topic, sources, was, outline = stored
    known = {each[0]: Source(*each) for each in sources}
    notes = StoredNotes(deck, path, was, known, Outline(*outline), data, starts)
    if len(starts) != len(notes) + 1 or starts[-1] != len(data):
        raise ValueError("the notes are not those that were stored")
    return Deck(deck, title, path, notes, topic, known, was)


def _note(note: Note, sources: Mapping[str, Source]) -> tuple[Any, ...]:
    return (
        note.id,
        _value(note.body),
        note.place.line,
        note.place.column,
        note.topic,
        note.why,
        [
            (each.source.key if sources.get(each.source.key) == each.source else _source(each.source), each.where)
            for each in note.cite
        ],
        note.tags,
        note.concepts,
        note.needs,
        note.confusable,
        note.was,
        note.was_cards,
        note.as_of and note.as_of.toordinal(),
        note.expires and note.expires.toordinal(),
        note.id_is_hash,
        note.media,
    )


def _source(source: Source) -> tuple[str, ...]:
    return (source.key, source.title, source.authors, source.year, source.url)


def _value(value: object) -> Any:
    """A value of a body in what marshal knows; a dataclass is a list that begins with its name, as no other is."""
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, tuple):
        return _values(value)
    if isinstance(value, Mapping):
        return {key: _value(each) for key, each in value.items()}
    name = type(value).__name__
    if not is_dataclass(value) or name not in BODIES:
        raise ValueError(f"a {name} is not stored")
    return [name, *_values(getattr(value, field.name) for field in fields(value))]


def _values(values: Iterable[object]) -> tuple[Any, ...]:
    return tuple([_value(each) for each in values])


@cache
def _class(name: str) -> Any:
    return getattr(import_module(f"nlpcards.core.kinds.{BODIES[name]}"), name)


def _value_again(stored: Any) -> Any:
    if type(stored) is list:
        name, *values = stored
        return _class(name)(*[each if type(each) is str else _value_again(each) for each in values])
    if type(stored) is tuple:
        return tuple([each if type(each) is str else _value_again(each) for each in stored])
    if type(stored) is dict:
        return {key: _value_again(each) for key, each in stored.items()}
    return stored
