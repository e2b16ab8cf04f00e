"""One entry under `notes:` to a `Note`, or to the errors that stop it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, assert_never

from nlpcards.core.cards import Note, Place, digest
from nlpcards.core.kinds import KINDS, Body, Flag, Kind, Mistake, Text, Value
from nlpcards.core.kinds.shape import Shape
from nlpcards.decks.keys import COMMON_KEYS, KIND_KEYS, LATER_NOTE_KEYS, NOTE_KEYS, nearest, quoted_list
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, Unusable
from nlpcards.decks.scalars import index_of
from nlpcards.decks.source import SourceText, shortened
from nlpcards.decks.values import COMMON, Reference, Values
from nlpcards.decks.words import check_words, sentence

MOST_MISTAKES = 10
"""How many mistakes of one text are reported; each costs a reading of the text to find its place."""


class Fault(NamedTuple):
    """Something wrong with the keys of a note; `key` names the one it is about and is empty for the note.

    Where the hint is empty, it is what to write instead of an unknown key.
    """

    key: str
    code: str
    message: str
    hint: str


class Plan(NamedTuple):
    """What the keys of a note make of it."""

    kind: Kind | None
    faults: tuple[Fault, ...]


class ReadNote(NamedTuple):
    """A note as read: None where it is broken, with the id it would have had (empty where none could be read)."""

    note: Note | None
    id: str
    at: int
    id_at: int
    references: tuple[Reference, ...]


@lru_cache(maxsize=1024)
def plan_of(names: tuple[str, ...]) -> Plan:
    """The kind that a note with these keys is of, and what is wrong with them."""
    present = frozenset(names)
    faults = []
    # Beside a `q`, `answer` is what users of other programs write for `a`, and no drill's.
    reserved = LATER_NOTE_KEYS - {"answer"} if "q" in present else LATER_NOTE_KEYS
    later = [name for name in dict.fromkeys(names) if name in reserved]
    if later:
        make = "makes" if len(later) == 1 else "make"
        message = f"{quoted_list(later)} {make} a kind of note that this version of nlpcards cannot read yet"
        hint = "Write the note with `q` and `a` or with `cloze`, or take it out until a version that can."
        faults.append(Fault(later[0], "D402", message, hint))
    for name in dict.fromkeys(names):
        if name not in COMMON_KEYS and name not in KIND_KEYS and name not in reserved and name != "<<":
            faults.append(Fault(name, "D401", f"notes have no key `{shortened(name)}`", ""))
    whole = [kind for kind in KINDS.values() if kind.marks <= present]
    if len(whole) > 1:
        every = " and ".join(_marks(kind) for kind in whole)
        message = f"the note is of {len(whole)} kinds at once: {every}"
        hint = "Make it two notes, each with its own `- `, or remove the keys of one kind."
        return Plan(None, (*faults, Fault("", "D405", message, hint)))
    if whole:
        kind = whole[0]
        foreign = [name for name in names if name in KIND_KEYS and name not in kind.keys]
        if foreign:
            message = f"a note with {_marks(kind)} has no {quoted_list(foreign)}"
            hint = f"Remove {quoted_list(foreign)}, or make it a note of its own with its own `- `."
            faults.append(Fault(foreign[0], "D405", message, hint))
        return Plan(kind, tuple(faults))
    if later:
        return Plan(None, tuple(faults))
    half = [kind for kind in KINDS.values() if kind.marks & present]
    if half:
        meant = [nearest(fault.key, NOTE_KEYS) for fault in faults[:5]]
        missing = [mark for mark in half[0].keys if mark in half[0].marks and mark not in present]
        if not any(mark in meant for mark in missing):
            have = quoted_list(mark for mark in half[0].keys if mark in present)
            message = f"the note has {have} but no {quoted_list(missing)}"
            faults.append(Fault("", "D404", message, f"Add `{missing[0]}: ` in the same column."))
    elif not any(nearest(fault.key, NOTE_KEYS) in KIND_KEYS for fault in faults[:5]):
        every = " or ".join(_marks(kind) for kind in KINDS.values())
        faults.append(Fault("", "D403", "the note asks nothing", f"Give it {every}."))
    return Plan(None, tuple(faults))


def _marks(kind: Kind) -> str:
    return quoted_list(key for key in kind.keys if key in kind.marks)


@dataclass(frozen=True, slots=True)
class NoteReader:
    """Reads the notes of one deck; `values` reads what stands under their keys, `topic` is the deck's own."""

    values: Values
    topic: str

    @property
    def source(self) -> SourceText:
        """The text they are read from."""
        return self.values.source

    def read(self, node: Node) -> ReadNote:
        """The note of an entry; it is broken where any error lies in it."""
        values = self.values
        source = values.source
        if type(node) is not MapNode:
            self._not_a_note(node)
            return ReadNote(None, "", node.start, node.start, ())
        entries = node.entries
        plan = plan_of(tuple([key.value for key, _ in entries]))
        if plan.faults:
            self._report(plan.faults, node)
        values.references = references = list[Reference]()
        nodes: dict[str, Node] = {}
        for key, value in entries:
            nodes.setdefault(key.value, value)
        own: dict[str, Value] = {}
        common: dict[str, Any] = {}
        shapes = plan.kind.keys if plan.kind else _ANY_KIND
        for name, value in nodes.items():
            shape = shapes.get(name)
            if shape is not None:
                content = _shaped(values, shape, name, value)
                if content is not None:
                    own[name] = content
                    if type(value) is Scalar and type(shape) is Text:
                        check_words(source, value, cloze=name == "cloze")
            elif name in COMMON:
                common[name] = COMMON[name](values, name, value)
                if name == "why" and type(value) is Scalar:
                    check_words(source, value, cloze=False)
        note_id: str = common.get("id") or ""
        id_node = nodes.get("id")
        id_index = id_node.start if id_node else node.start
        if "expires" in common and "as_of" in common:
            self._check_dates(common, nodes)
        body = None
        sound = plan.kind is not None and plan.kind.marks <= own.keys() and not self._is_damaged(node)
        if plan.kind is not None and sound:
            body = self._body(plan.kind, own, nodes)
        if body is None or not values.deck:
            return ReadNote(None, note_id, node.start, id_index, tuple(references))
        given = "id" in nodes
        if not given:
            assert plan.kind is not None
            note_id = f"h-{digest(plan.kind.name, body.identity)}"
        line, column = source.position(node.start)
        note = Note(
            values.deck,
            note_id,
            body,
            Place(source.path, line, column),
            common.get("topic", self.topic),
            common.get("why", ""),
            common.get("cite", ()),
            common.get("tags", ()),
            common.get("concepts", ()),
            common.get("needs", ()),
            common.get("confusable", ()),
            common.get("was", ()),
            common.get("as_of"),
            common.get("expires"),
            not given,
            common.get("media", ()),
        )
        return ReadNote(note, note_id, node.start, id_index, tuple(references))

    def _is_damaged(self, node: MapNode) -> bool:
        """Whether an error lies in a note, or a part of it could not be read and was reported elsewhere."""
        if not self.source.error_places:
            return False
        return self.source.has_error(node.start, node.end) or any(type(value) is Unusable for _, value in node.entries)

    def _not_a_note(self, node: Node) -> None:
        if isinstance(node, Unusable):
            return
        what = "a list" if isinstance(node, ListNode) else "a text"
        if isinstance(node, Scalar) and not node.value:
            what = "nothing"
        self.source.error(
            node.start,
            "D408",
            f"a note is expected here, but this is {what}",
            "Write its keys after the dash: `- q: ` and its text and, below the `q`, `a: ` and its text.",
        )

    def _report(self, faults: tuple[Fault, ...], node: MapNode) -> None:
        places = {key.value: key.start for key, _ in reversed(node.entries)}
        damaged = self._is_damaged(node)
        for fault in faults:
            if damaged and fault.code in ("D403", "D404"):
                # What is missing may be what could not be read.
                continue
            hint = fault.hint or self.source.unknown_key(fault.key, NOTE_KEYS)
            self.source.error(places.get(fault.key, node.start), fault.code, fault.message, hint)

    def _check_dates(self, common: Mapping[str, Any], nodes: Mapping[str, Node]) -> None:
        as_of, expires = common["as_of"], common["expires"]
        if as_of and expires and expires < as_of:
            self.source.error(
                nodes["expires"].start,
                "D427",
                f"the note expires on {expires}, before {as_of}, of which it is said to be true",
                "Write a later date, or remove `expires`.",
            )

    def _body(self, kind: Kind, own: Mapping[str, Value], nodes: Mapping[str, Node]) -> Body | None:
        built: Body | tuple[Mistake, ...] = kind.build(own)
        if not isinstance(built, tuple):
            return built
        for mistake in built[:MOST_MISTAKES]:
            node = nodes[mistake.key]
            index = index_of(self.source, node, mistake.offset) if isinstance(node, Scalar) else node.start
            self.source.error(index, mistake.code, mistake.message.rstrip("."), sentence(mistake.remedy))
        return None


_ANY_KIND: Mapping[str, Shape] = {key: shape for kind in KINDS.values() for key, shape in kind.keys.items()}


def _shaped(values: Values, shape: Shape, key: str, node: Node) -> Value | None:
    """The value that a kind's key holds, None where an error was noted."""
    match shape:
        case Text():
            return values.text(key, node)
        case Flag():
            return values.flag(key, node)
        case _:
            assert_never(shape)
