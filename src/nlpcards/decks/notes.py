"""One entry under `notes:` to a `Note`, or to the errors that stop it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from nlpcards.core.cards import Note, Place, digest
from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds import KINDS, Body, Fields, Kind, Mistake, Value
from nlpcards.decks.keys import KIND_KEYS, NOTE_KEYS, nearest, quoted_list
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, Unusable
from nlpcards.decks.scalars import index_of
from nlpcards.decks.shapes import node_at, read_cloze, read_text, reader_of
from nlpcards.decks.source import SourceText, shortened
from nlpcards.decks.values import COMMON, Former, Reference, Values
from nlpcards.decks.words import sentence

AnyReader: TypeAlias = Callable[[Values, str, Node], object]
"""Gives what is meant under a key, None where it noted an error."""

MOST_MISTAKES = 10
"""How many mistakes of one text are reported; each costs a reading of the text to find its place."""


MOST_UNKNOWN = 20
"""How many unknown keys of one note are named."""


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
    readers: tuple[AnyReader | None, ...] = ()
    """What reads the value of each key, None for one that is unknown or stands there already."""


class ReadNote(NamedTuple):
    """A note as read: None where it is broken, with the id it would have had (empty where none could be read)."""

    note: Note | None
    id: str
    at: int
    id_at: int
    references: tuple[Reference, ...]


def plan_of(names: tuple[str, ...]) -> Plan:
    """The kind that a note with these keys is of, and what is wrong with them."""
    plan = _PLANS.get(names)
    if plan is not None:
        return plan
    kind, faults = _kind_of(names)
    readers = _READERS if kind is None else {**_COMMON, **_own_readers(kind)}
    first = dict(zip(reversed(names), range(len(names) - 1, -1, -1), strict=True))
    plan = Plan(
        kind, tuple(faults), tuple([readers.get(name) if first[name] == at else None for at, name in enumerate(names)])
    )
    # What a hostile file has in the place of keys is not worth keeping.
    if not faults and len(_PLANS) < _MOST_PLANS:
        _PLANS[names] = plan
    return plan


_PLANS: dict[tuple[str, ...], Plan] = {}
_MOST_PLANS = 1024
"""So many sets of keys are remembered, in each of their orders; a deck has a few dozen."""


def _kind_of(names: tuple[str, ...]) -> tuple[Kind | None, list[Fault]]:
    present = frozenset(names)
    unknown = [name for name in dict.fromkeys(names) if name not in _READERS and name != "<<"]
    faults = [Fault(name, "D401", f"notes have no key `{shortened(name)}`", "") for name in unknown[:MOST_UNKNOWN]]
    if len(unknown) > MOST_UNKNOWN:
        message = f"the note has {len(unknown) - MOST_UNKNOWN:,} more keys that notes do not have"
        faults.append(Fault(unknown[MOST_UNKNOWN], "D401", message, "Mend those above first."))
    whole = [kind for kind in KINDS.values() if kind.marks <= present]
    if len(whole) > 1:
        every = "; ".join(_marks(kind) for kind in whole)
        message = f"the note is of {len(whole)} kinds at once: {every}"
        shared = frozenset.intersection(*(kind.marks for kind in whole))
        own = [quoted_list(key for key in kind.keys if key in kind.marks - shared) for kind in whole]
        hint = f"Make it two notes, each with its own `- `, or remove the keys of one kind: {' or '.join(own)}."
        return None, [*faults, Fault("", "D405", message, hint)]
    if whole:
        kind = whole[0]
        foreign = [name for name in names if name in KIND_KEYS and name not in kind.keys]
        if foreign:
            message = f"a note with {_marks(kind)} has no {quoted_list(foreign)}"
            hint = f"Remove {quoted_list(foreign)}, or make it a note of its own with its own `- `."
            faults.append(Fault(foreign[0], "D405", message, hint))
        return kind, faults
    # The first key that only some kind has tells best which one was begun.
    half = [kind for name in names for kind in KINDS.values() if name in kind.marks]
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
    return None, faults


def _marks(kind: Kind) -> str:
    return quoted_list(key for key in kind.keys if key in kind.marks)


def note_from(
    deck: str,
    note_id: str,
    body: Body,
    place: Place,
    topic: str,
    read: Mapping[str, Any],
    was: tuple[str, ...] = (),
    was_cards: tuple[tuple[str, str], ...] = (),
) -> Note:
    """The note of what was `read` under its keys; `topic` is its deck's, for a note that names none."""
    get = read.get
    # By position: half the time that it takes by name, ten thousand times a library.
    return Note(
        deck,
        note_id,
        body,
        place,
        get("topic", topic),
        get("why", ""),
        get("cite", ()),
        get("tags", ()),
        get("concepts", ()),
        get("needs", ()),
        get("confusable", ()),
        was,
        was_cards,
        get("as_of"),
        get("expires"),
        "id" not in read,
        get("media", ()),
    )


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
        read: dict[str, Any] = {}
        id_index = -1
        for (key, value), reader in zip(entries, plan.readers, strict=True):
            if reader is not None:
                name = key.value
                content = reader(values, name, value)
                if content is not None:
                    read[name] = content
                if name == "id":
                    id_index = value.start
        given = id_index >= 0
        if not given:
            id_index = node.start
        note_id: str = read.get("id", "")
        if "expires" in read:
            self._check_dates(read, entries)
        body = None
        kind = plan.kind
        if kind is not None and kind.marks <= read.keys() and not self._is_damaged(node):
            body = self._body(kind, read, node)
        if kind is None or body is None or not values.deck:
            return ReadNote(None, note_id, node.start, id_index, tuple(references))
        if not given:
            note_id = f"h-{digest(kind.name, body.identity)}"
        was, was_cards = self._renames(read["was"], note_id, body) if "was" in read else ((), ())
        place = Place(source.path, *source.position(node.start))
        note = note_from(values.deck, note_id, body, place, self.topic, read, was, was_cards)
        return ReadNote(note, note_id, node.start, id_index, tuple(references))

    def _renames(self, former: Former, note_id: str, body: Body) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """The former ids of a note, and those of single cards by their key."""
        deck, keys = self.values.deck, body.card_keys()
        notes, cards = list(former.notes), []
        for new, old in former.pairs:
            name, has_key, key = old.value.rpartition("#")
            if not has_key and new.value == note_id:
                full = old.value if "/" in old.value else f"{deck}/{old.value}"
                notes.append(full)
                self.values.references.append(Reference("was", full, old.start))
                continue
            if new.value not in keys:
                message = f"the note has no card `{shortened(new.value)}`, so nothing was called otherwise before"
                hint = f"Its cards are {quoted_list(keys[:8])}; `{note_id}` stands for the note itself."
                self.source.error(new.start, "D446", message, hint)
                continue
            note = name if "/" in name else f"{deck}/{name or note_id}"
            card = f"{note}#{key}"
            if note == f"{deck}/{note_id}" and key in keys:
                message = f"`{shortened(key)}` is the key of a card that the note has now, so it cannot be a former one"
                self.source.error(
                    old.start, "D505", message, "Remove it from `was`, or give one of the two another key."
                )
                continue
            cards.append((new.value, card))
            self.values.references.append(Reference("was", card, old.start))
        return tuple(notes), tuple(cards)

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
        hanging = _below_empty_blocks(node)
        for fault in faults:
            if fault.key in hanging:
                continue
            if damaged and fault.code in ("D403", "D404"):
                # What is missing may be what could not be read.
                continue
            hint = (
                fault.hint
                or _says_the_kind(fault.key, node)
                or _belongs_below(fault.key, places)
                or self.source.unknown_key(fault.key, NOTE_KEYS)
            )
            self.source.error(places.get(fault.key, node.start), fault.code, fault.message, hint)

    def _check_dates(self, read: Mapping[str, Any], entries: list[tuple[Scalar, Node]]) -> None:
        as_of, expires = read.get("as_of"), read["expires"]
        if as_of and expires < as_of:
            self.source.error(
                next(value.start for key, value in entries if key.value == "expires"),
                "D427",
                f"the note expires on {expires}, before {as_of}, of which it is said to be true",
                "Write a later date, or remove `expires`.",
            )

    def _body(self, kind: Kind, own: Mapping[str, Value], note: MapNode) -> Body | None:
        built: Body | tuple[Mistake, ...] = kind.build(own)
        if not isinstance(built, tuple):
            return built
        for mistake in built[:MOST_MISTAKES]:
            node = node_at(note, mistake.path)
            index = index_of(self.source, node, mistake.offset) if isinstance(node, Scalar) else node.start
            self.source.error(index, mistake.code, mistake.message.rstrip("."), sentence(mistake.remedy))
        return None


def _below_empty_blocks(node: MapNode) -> frozenset[str]:
    """The unknown keys that are the text of a block, not indented: that the block is empty says all of it."""
    found, hangs = set(), False
    for key, value in node.entries:
        if key.value in NOTE_KEYS:
            hangs = isinstance(value, Scalar) and value.style in ("|", ">") and not value.value.strip()
        elif hangs:
            found.add(key.value)
    return frozenset(found)


def _says_the_kind(key: str, node: MapNode) -> str:
    """What to say of a key by which other programs' notes say what kind they are."""
    if key.lower() not in ("kind", "type"):
        return ""
    said = next((value.value for name, value in node.entries if name.value == key and isinstance(value, Scalar)), "")
    kind = KINDS.get(said.strip().lower())
    if kind is None and key.lower() == "type":
        return ""  # `typed` was meant, with an answer below it
    named = " and ".join(f"`{mark}: …`" for mark in kind.keys if mark in kind.marks) if kind else "`q: …` and `a: …`"
    return f"Remove it. The kind is said by the keys: write {named}."


def _belongs_below(key: str, present: Mapping[str, int]) -> str:
    """What to say of a key of `drill`, `steps` or `contrast` that stands beside it and not below it."""
    for kind in KINDS.values():
        for outer, shape in kind.keys.items():
            if outer in present and isinstance(shape, Fields) and key in shape.keys:
                return f"It belongs below `{outer}:`, indented by two more spaces."
    return ""


def _own_readers(kind: Kind) -> dict[str, AnyReader]:
    return {key: read_cloze if key == "cloze" else reader_of(shape) for key, shape in kind.keys.items()}


_COMMON: Mapping[str, AnyReader] = {**COMMON, "why": read_text}
_READERS: Mapping[str, AnyReader] = {
    **_COMMON,
    **{key: reader for kind in KINDS.values() for key, reader in _own_readers(kind).items()},
}
"""What reads the value of each key that a note may carry."""
