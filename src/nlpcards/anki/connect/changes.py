"""What has to be done in Anki so that it has what is here: the differences of one note, one note type, one card.

Each is found anew from what Anki has, and done twice changes nothing the second time; so a push that was interrupted
goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from nlpcards.anki.connect.client import Action
from nlpcards.anki.history.log_rows import LogRow, is_row
from nlpcards.anki.history.schedules import CardRow
from nlpcards.anki.made_before import Made
from nlpcards.anki.names import ROOT, tags
from nlpcards.anki.note_types import DESIGN_TIME, NOTE_TYPE, css
from nlpcards.anki.reading.values import NoteType, StoredNote, StoredReview, StoredSchedule
from nlpcards.anki.source_text import decode
from nlpcards.core.errors import NlpcardsError

_FIELDS = {number: tuple(each.name for each in kind.fields) for number, kind in NOTE_TYPE.items()}
_TOPIC = f"{ROOT}::topic::".casefold()

_STABILITY_WITHIN, _DIFFICULTY_WITHIN = 2e-4, 2e-3
"""How far apart two memory states are that count as one: Anki keeps stability (days) to four decimal places and
difficulty to three, and computes with single precision.
"""


@dataclass(frozen=True, slots=True)
class NoteChange:
    """What an Anki note (by Anki's id) says otherwise than here: fields by their names there, tags to add; and where
    tags have to be taken off, all `tags` that it then has, else None.
    """

    id: int
    fields: tuple[tuple[str, str], ...]
    add: tuple[str, ...] = ()
    tags: tuple[str, ...] | None = None

    def actions(self) -> Iterator[Action]:
        """How it is done."""
        if self.tags is not None:
            # In one action, since the fields bring along the former tags' names, by which those to take off are known.
            # And with all tags: where one is removed, Anki removes those below it, too.
            yield Action("updateNote", {"note": {"id": self.id, "fields": dict(self.fields), "tags": list(self.tags)}})
            return
        # First, since new tags alone would make the note one that was edited in Anki.
        if self.fields:
            yield Action("updateNoteFields", {"note": {"id": self.id, "fields": dict(self.fields)}})
        if self.add:
            yield Action("addTags", {"notes": [self.id], "tags": " ".join(self.add)})


def note_change(made: Made, stored: StoredNote, kind: NoteType) -> NoteChange | None:
    """How Anki's note differs from what is made of the note now, None where it does not.

    Tags that neither the note has nor had when it last went there are its user's, and stay.
    """
    names = _FIELDS[made.note_type]
    if kind.fields == names and stored.fields == tuple(made.fields.split("\x1f")):
        if set(stored.tags) == set(made.tags.split()):
            return None  # nearly every time
    ours = dict(zip(names, made.fields.split("\x1f"), strict=True))
    names_here = _names_here(kind)
    theirs = dict(zip(names_here, stored.fields, strict=False))
    names_there = dict(zip(names_here, kind.fields, strict=True))
    fields = tuple(
        (names_there[name], text)
        for name, text in ours.items()
        if name in theirs and _same(text) != _same(theirs[name])
    )
    wanted = {_same(each).casefold(): each for each in made.tags.split()}
    there = {_same(each).casefold(): each for each in stored.tags}
    add = tuple(each for key, each in wanted.items() if key not in there)
    former = _former_tags(theirs.get("SourceText", "")) if there.keys() - wanted.keys() else ()
    stay = tuple(each for key, each in there.items() if key in wanted or not (key in former or key.startswith(_TOPIC)))
    if len(stay) < len(there):
        return NoteChange(stored.id, fields, tags=(*stay, *add))
    return NoteChange(stored.id, fields, add) if fields or add else None


def _names_here(kind: NoteType) -> list[str]:
    """What each field of Anki's copy of one of our note types is called here, empty for one that is its user's.

    They are known by their ids, since a user may rename them; by their names where Anki does not say these.
    """
    ours = {each.id: each.name for each in NOTE_TYPE[kind.id].fields}
    known = {ours[number] for number in kind.field_ids if number in ours}
    return [
        ours.get(number, "" if name in known else name)
        for number, name in zip(kind.field_ids, kind.fields, strict=True)
    ]


def _former_tags(source: str) -> Collection[str]:
    try:
        own = decode(source).get("tags", ())
    except NlpcardsError:
        return ()
    return {_same(each).casefold() for each in tags([str(tag) for tag in own], "")} if isinstance(own, list) else ()


def _same(text: str) -> str:
    """A text as Anki keeps it."""
    return normalize("NFC", text)


def note_type_actions(stored: NoteType) -> Iterator[Action]:
    """What makes Anki's copy of one of our note types look as it does here. One that was changed there after the design
    was made is its user's, and so is one where a field was renamed or removed, which our templates name.
    """
    ours = NOTE_TYPE[stored.id]
    if stored.changed_s >= DESIGN_TIME or not set(_FIELDS[stored.id]) <= set(stored.fields):
        return
    there = {each.name: (each.question, each.answer) for each in stored.templates}
    templates = {
        each.name: {"Front": each.front, "Back": each.back}
        for each in ours.templates
        if each.name in there and there[each.name] != (each.front, each.back)
    }
    if templates:
        yield Action("updateModelTemplates", {"model": {"name": stored.name, "templates": templates}})
    if stored.css != css():
        yield Action("updateModelStyling", {"model": {"name": stored.name, "css": css()}})


def is_scheduled_so(wanted: CardRow, stored: StoredSchedule, first_day: int) -> bool:
    """Whether a card stands in Anki as it does here; `first_day` is the study day from which its due days count."""
    here = (wanted.type, wanted.queue.value, _due(wanted, stored, first_day), wanted.interval)
    there = (stored.type, stored.queue, stored.due, stored.interval)
    counts = (wanted.reps, wanted.lapses, wanted.flag) == (stored.reps, stored.lapses, stored.flag)
    if here != there or not counts:
        return False
    # Nearly always Anki has the very text, but for the card's place when it was new, which comes first.
    is_same_text = bool(wanted.data) and stored.data.endswith(wanted.data[1:])
    return is_same_text or _one_memory(_memory(wanted.data), _memory(stored.data))


def schedule_action(card: int, wanted: CardRow, stored: StoredSchedule, first_day: int) -> Action:
    """What makes a card (Anki's id) stand in Anki as it does here, in one step.

    `setDueDate` would add a row to the review log each time, and knows nothing of memory.
    """
    memory = json.loads(wanted.data) if wanted.data else {}
    state = {"stability": memory["s"], "difficulty": memory["d"]} if memory else None
    values: dict[str, Any] = {
        "type": int(wanted.type),
        "queue": wanted.queue.value,
        "due": _due(wanted, stored, first_day),
        "ivl": wanted.interval,
        "factor": wanted.ease,
        "reps": wanted.reps,
        "lapses": wanted.lapses,
        "left": wanted.left,
        "flags": wanted.flag,
        "memory_state": state,
        "last_review_time": memory.get("lrt"),
        "desired_retention": memory.get("dr"),
        "decay": memory.get("decay"),
    }
    if stored.type == 0 and wanted.type != 0:
        values["original_position"] = stored.due  # to which Anki's Forget can take it back
    return values_action(card, values)


def values_action(card: int, values: dict[str, Any]) -> Action:
    """What sets columns of a card in Anki, by Anki's names."""
    return Action(
        "setSpecificValueOfCard",
        {"card": card, "keys": list(values), "newValues": list(values.values()), "warning_check": True},
    )


def missing_rows(log: Iterable[LogRow], there: Iterable[StoredReview], leave_out: Container[int]) -> list[LogRow]:
    """The rows of a card's log that Anki does not have; those that happened at some instants (ms) are left out."""
    rest = sorted(there, key=lambda row: row.id)
    missing = []
    for row in sorted(log, key=lambda row: row.at_ms):
        if row.at_ms in leave_out:
            continue
        found = next((each for each in rest if is_row(row, each)), None)
        if found is None:
            missing.append(row)
        else:
            rest.remove(found)
    return missing


def review_values(card: int, row: LogRow, at: int) -> list[int]:
    """A row as `insertReviews` takes it, with the id `at`."""
    return [at, card, -1, row.button, row.interval, row.last_interval, row.factor, row.took_ms, int(row.kind)]


def _due(wanted: CardRow, stored: StoredSchedule, first_day: int) -> int:
    if wanted.due is None:
        return stored.due if stored.type == 0 else 0  # a new card keeps its place, and one made new goes first
    return wanted.due - first_day if wanted.is_day else wanted.due


def _memory(data: str) -> tuple[float, float] | None:
    try:
        found = json.loads(data) if data else {}
        return (float(found["s"]), float(found["d"]))
    except (ValueError, TypeError, KeyError):
        return None


def _one_memory(one: tuple[float, float] | None, other: tuple[float, float] | None) -> bool:
    if one is None or other is None:
        return one is other
    s, d = abs(one[0] - other[0]), abs(one[1] - other[1])
    return s <= _STABILITY_WITHIN + 1e-6 * one[0] and d <= _DIFFICULTY_WITHIN
