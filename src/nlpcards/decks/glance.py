"""Plainly written notes to `Note`s, where a glance shows that nothing can be wrong with them.

Most notes of most decks are such. Whatever is in any doubt is left to `NoteReader`, which knows the place of everything
and says what is wrong; what is read here is read there in the same way, which a test holds the two to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias, assert_never

from nlpcards.core.cards import Citation, Place, digest
from nlpcards.core.kinds import KINDS, Entries, Fields, Flag, Kind, Shape, Text, Texts, Value, Word, Words
from nlpcards.decks.keys import SLUG, TAG
from nlpcards.decks.notes import ReadNote, note_from, plan_of
from nlpcards.decks.plainly import Plain, Stretch
from nlpcards.decks.shapes import VARIABLE
from nlpcards.decks.values import ISO_DATE, Reference, Values
from nlpcards.decks.words import is_plain_text, may_tear

Glance: TypeAlias = "Callable[[Any], Value | None]"
"""Gives what is meant by a value as typed, None where that or its soundness is in doubt."""


def _of_shape(shape: Shape) -> Glance:
    """What glances at the values of a shape."""
    match shape:
        case Text():
            return _text
        case Word():
            return _word
        case Flag():
            return {"true": True, "false": False}.get
        case Texts():
            return _texts
        case Words():
            return _words
        case Fields():
            return _fields(shape)
        case Entries(of=of, variables=variables):
            return _entries(_of_shape(of), variables)
        case _:
            assert_never(shape)


def _text(typed: Plain) -> str | None:
    return typed if type(typed) is str and is_plain_text(typed) else None


def _cloze(typed: Plain) -> str | None:
    return typed if type(typed) is str and is_plain_text(typed) and not may_tear(typed) else None


def _word(typed: Plain) -> str | None:
    return typed.strip() or None if type(typed) is str else None


def _words(typed: Plain) -> tuple[str, ...] | None:
    if type(typed) is tuple:
        return tuple([word.strip() for word in typed])
    return (typed.strip(),) if type(typed) is str and typed else None


def _texts(typed: Plain) -> tuple[str, ...] | None:
    texts = typed if type(typed) is tuple else (typed,)
    return texts if all(type(text) is str and is_plain_text(text) for text in texts) else None  # type: ignore[return-value]


def _fields(shape: Fields) -> Glance:
    glances = {key: _of_shape(within) for key, within in shape.keys.items()}
    others = None if shape.others is None else _of_shape(shape.others)
    required = frozenset(key for key, within in shape.keys.items() if within.required)

    def glance(typed: Plain) -> Mapping[str, Value] | None:
        if type(typed) is not dict or not required <= typed.keys():
            return None
        read: dict[str, Value] = {}
        for key, each in typed.items():
            within = glances.get(key)
            if within is None:
                if others is None or not SLUG.fullmatch(key):
                    return None
                within = others
            value = within(each)
            if value is None:
                return None
            read[key] = value
        return read

    return glance


def _entries(within: Glance, variables: bool) -> Glance:
    name = VARIABLE if variables else SLUG

    def glance(typed: Plain) -> Mapping[str, Value] | None:
        if type(typed) is not dict:
            return None
        read: dict[str, Value] = {}
        for key, each in typed.items():
            value = within(each)
            if value is None or not name.fullmatch(key):
                return None
            read[key] = value
        return read

    return glance


def _slug(typed: Plain) -> str | None:
    return typed if type(typed) is str and SLUG.fullmatch(typed) else None


def _all_of(is_one: Callable[[str], object]) -> Callable[[Any], tuple[str, ...] | None]:
    def glance(typed: Plain) -> tuple[str, ...] | None:
        words = typed if type(typed) is tuple else (typed,) if type(typed) is str else ()
        for word in words:
            if not is_one(word):
                return None
        return words or None

    return glance


def _date(typed: Plain) -> date | None:
    if type(typed) is not str or not ISO_DATE.fullmatch(typed):
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


_GLANCES: Mapping[str, Callable[[Any], object]] = {
    **{
        key: _cloze if key == "cloze" else _of_shape(shape)
        for kind in KINDS.values()
        for key, shape in kind.keys.items()
    },
    "id": _slug,
    "why": _text,
    "tags": _all_of(TAG.fullmatch),
    "topic": _slug,
    "concepts": _all_of(SLUG.fullmatch),
    "as_of": _date,
}
"""What glances at the value of each key. `cite`, `needs` and `confusable` are looked up; a note with `expires`, `was`
or `media` is left to the reader, since few have them.
"""


class Glancer:
    """Reads the plainly written notes of one deck; `values` and `topic` are as in `NoteReader`."""

    def __init__(self, values: Values, topic: str, column: int) -> None:
        self._values = values
        self._topic = topic
        self._column = column
        self._cited: dict[Plain, tuple[Citation, ...] | None] = {}
        self._known: dict[tuple[str, ...], Kind | None] = {}

    def read(self, stretch: Stretch) -> ReadNote | None:
        """The note of some lines; None where anything in it is in doubt."""
        content = stretch.content
        values = self._values
        if content is None or not values.deck or values.source.has_error(stretch.start, stretch.end):
            return None
        plan = plan_of(tuple(content))
        kind = plan.kind
        if kind is None or plan.faults:
            return None
        read: dict[str, Any] = {}
        references: list[Reference] | tuple[()] = ()
        for key, typed in content.items():
            glance = _GLANCES.get(key)
            if glance is not None:
                value = glance(typed)
            elif key == "cite":
                value = self._citations(typed)
            elif key in ("needs", "confusable"):
                references = references or []
                value = self._ids(key, typed, stretch, references)
            else:
                return None
            if value is None:
                return None
            read[key] = value
        body: Any = kind.build(read)
        if type(body) is tuple:
            return None
        start = stretch.start + self._column + 2
        note_id = read.get("id")
        at = start
        if note_id is None:
            note_id = f"h-{digest(kind.name, body.identity)}"
        else:
            at = self._value_at("id", stretch)
        place = Place(values.source.path, stretch.line, self._column + 3)
        note = note_from(values.deck, note_id, body, place, self._topic, read)
        return ReadNote(note, note_id, start, at, tuple(references))

    def _value_at(self, key: str, stretch: Stretch) -> int:
        """The index of the value of a key of the note, which has it once: all that others say stands further in."""
        before = f"\n{'':{self._column + 2}}{key}: "
        first = f"{'':{self._column}}- {key}: "
        if stretch.text.startswith(first):
            return stretch.start + len(first)
        return stretch.start + stretch.text.index(before) + len(before)

    def _citations(self, typed: Plain) -> tuple[Citation, ...] | None:
        """What is cited: nearly always one known source, or some, and a place in each."""
        if type(typed) is not str:
            return None
        found = self._cited.get(typed)
        if found is None and typed not in self._cited:
            self._cited[typed] = found = self._read_citations(typed)
        return found

    def _read_citations(self, typed: str) -> tuple[Citation, ...] | None:
        sources = self._values.sources
        if not sources:
            return None
        found = []
        for part in typed.split(";"):
            name, _, where = part.strip().partition(" ")
            source = sources.get(name.rstrip(",:"))
            if source is None or self._values.second_source(part):
                return None
            found.append(Citation(source, " ".join(where.split())))
        return tuple(found)

    def _ids(self, key: str, typed: Plain, stretch: Stretch, references: list[Reference]) -> tuple[str, ...] | None:
        """Ids of notes in the brackets of a list, each of which is noted with its place; a bare one is of this deck."""
        at = self._value_at(key, stretch)
        if type(typed) is tuple and stretch.text.startswith("[", at - stretch.start):
            ids, at = typed, at + 1
        elif type(typed) is str and stretch.text.startswith(typed, at - stretch.start):
            ids = (typed,)
        else:
            return None
        full = []
        for each in ids:
            deck, slash, name = each.rpartition("/")
            if not SLUG.fullmatch(name) or (slash and not SLUG.fullmatch(deck)):
                return None
            full.append(f"{deck or self._values.deck}/{name}")
            references.append(Reference(key, full[-1], at))
            at += len(each) + 2
        return tuple(full)
