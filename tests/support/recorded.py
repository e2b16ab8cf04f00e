"""Answers as a device would have recorded them, with the due day each gave, and the same history as Anki keeps it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlpcards.core.days import Moment
from nlpcards.core.journal import Event, EventId, Review, chained, next_hlc
from nlpcards.core.memory import Model, Settings
from nlpcards.core.state import CardState, Interval, New, Steps
from tests.support.histories import Answer, generated


@dataclass(frozen=True)
class Recorded:
    """`events` of one device, with the state of the card before each of them; `states` are those after all of them."""

    events: list[Event]
    before: list[CardState]
    states: dict[str, CardState]


def recorded(answers: list[Answer], device: str = "desk") -> Recorded:
    """What a device would have written, answer by answer."""
    model = Model(Settings())
    states: dict[str, CardState] = {}
    under: dict[str, tuple[int, int]] = {}
    events: list[Event] = []
    before: list[CardState] = []
    hlc = 0
    for seq, (card, rating, at_ms, day, took) in enumerate(sorted(answers, key=lambda each: each[2]), 1):
        state = states.get(card, CardState())
        before.append(state)
        states[card] = model.answered(card, state, rating, Moment(at_ms, day))
        schedule = states[card].schedule
        due = schedule.due if isinstance(schedule, Interval) else None
        hlc = next_hlc(hlc, at_ms)
        repetition, after = under.get(card, (0, 0))
        events.append(
            Event(EventId(device, seq), hlc, at_ms, day, Review(card, rating, took, due, repetition, after=after))
        )
        under[card] = repetition + 1, chained(after, device, seq)
    return Recorded(events, before, states)


def studied(last_day: int, *, batches: int = 8, cards: int = 20, apart: int = 40, seed: int = 7) -> list[Answer]:
    """Answers at UTC up to a study day: some new cards every `apart` days, each then answered when it was due."""
    answers: list[Answer] = []
    for batch in range(batches):
        first = last_day - apart * (batches - batch)
        for card, rating, at, day, took in generated(cards, cards * 12, seed + batch, first):
            if day <= last_day:
                answers.append((card.replace("note", f"b{batch}n"), rating, at, day, took))
    return answers


def moved(answers: list[Answer], last_day: int) -> list[Answer]:
    """The same answers whole days earlier or later, so that the last of them fall on a study day."""
    days = last_day - max(day for _, _, _, day, _ in answers)
    return [(card, rating, at + days * 86_400_000, day + days, took) for card, rating, at, day, took in answers]


def in_anki(history: Recorded, folder: Path, today: int) -> Any:
    """A collection of Anki's with the same cards and the same answers; the study day `today` is Anki's today.

    Where a card stood at an answer comes from its folded state, not from what statistics make of the journal.
    """
    from anki.collection import AddNoteRequest, Collection

    col: Any = Collection(str(folder / "collection.anki2"))
    col.set_config("fsrs", True)
    cards = sorted(history.states)
    basic = col.models.by_name("Basic")
    requests = []
    for card in cards:
        note = col.new_note(basic)
        note["Front"], note["Back"] = card, "answer"
        requests.append(AddNoteRequest(note=note, deck_id=1))
    col.add_notes(requests)
    ids = dict(col.db.all("select n.sfld, c.id from cards c join notes n on n.id = c.nid"))
    elapsed = col.sched.today
    used: set[int] = set()
    rows = []
    for event, before in zip(history.events, history.before, strict=True):
        assert isinstance(event.body, Review)
        number = event.at_ms
        while number in used:
            number += 1
        used.add(number)
        kind, last = _standing(before)
        interval = -600 if event.body.due is None else event.body.due - event.day
        rows.append(
            (number, ids[event.body.card], -1, event.body.rating, interval, last, 500, event.body.duration_ms, kind)
        )
    col.db.executemany("insert into revlog values (?,?,?,?,?,?,?,?,?)", rows)
    updates = []
    for card in cards:
        state = history.states[card]
        memory, schedule, day = state.memory, state.schedule, state.last_day
        assert memory is not None
        assert day is not None
        # Anki's retrievability goes by seconds since the last answer, ours by study days: whole days here for both.
        seen = int(time.time()) - (today - day) * 86_400
        data = json.dumps({"s": memory.stability, "d": memory.difficulty, "dr": 0.9, "decay": 0.1542, "lrt": seen})
        match schedule:
            case Interval(due=due, last_day=last_day):
                updates.append((2, 2, elapsed + due - today, due - last_day, data, ids[card]))
            case Steps(due_ms=due_ms, relearning=relearning):
                updates.append((3 if relearning else 1, 1, due_ms // 1000, 1, data, ids[card]))
            case New():
                pass
    col.db.executemany("update cards set type=?, queue=?, due=?, ivl=?, data=? where id=?", updates)
    return col


def _standing(state: CardState) -> tuple[int, int]:
    """Anki's kind of an answer to a card in a state, and the interval it had, as its revlog has them."""
    match state.schedule:
        case New():
            return 0, 0
        case Steps(relearning=relearning):
            return (2 if relearning else 0), -600
        case Interval(due=due, last_day=last):
            return 1, due - last
