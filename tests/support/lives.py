"""Learners with a past: decks of all kinds of notes whose cards stand in every state a card can be in."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timezone
from pathlib import Path
from typing import Any

from nlpcards.anki.history.identities import NOWHERE, AnkiCard, identities
from nlpcards.collection.exporting import root_of
from nlpcards.core.days import MS_PER_DAY
from nlpcards.core.journal import (
    Body,
    Bury,
    Event,
    EventId,
    Flag,
    Reset,
    SetDue,
    Setting,
    Suspend,
    Undo,
    next_hlc,
)
from nlpcards.core.state import CardState, Interval, Memory, New, Steps
from tests.support.histories import generated
from tests.support.learner import Learner
from tests.support.recorded import recorded

FITTED = (
    "[0.1701, 0.8026, 2.3592, 5.9111, 6.5642, 0.5945, 3.2443, 0.0237, 1.7342, 0.2771, 0.6854, 1.5877, 0.0092, 0.3976, "
    "1.7973, 0.6012, 1.8729, 0.8018, 0.0724, 0.1342, 0.2593]"
)
"""FSRS parameters that are not the default, as the JSON of a setting."""


def all_kinds(name: str, sets: int) -> str:
    """A deck with every kind of note, `sets` times."""
    notes = []
    for number in range(sets):
        n = f"{name}-{number}"
        notes.append(
            f"""\
  - id: qa{number}
    q: What is {n}?
    a: It is *{n}*, or $x_{{{number}}}$.
  - id: both{number}
    q: word {n}
    a: meaning {n}
    both: true
  - id: term{number}
    term: term {n}
    definition: What {n} is called.
  - id: cloze{number}
    cloze: Of {n} there are {{{{c1::one}}}} and {{{{c3::three}}}}.
  - id: typed{number}
    q: Write {n}.
    typed: {n}
  - id: contrast{number}
    contrast:
      of: {{left: Left {n}, right: Right {n}}}
      by:
        first: {{ask: The first, left: one, right: two}}
  - id: steps{number}
    steps:
      title: Doing {n}
      of:
        begin: Begin.
        end: End.
  - id: drill{number}
    drill:
      ask: What is {{{{a}}}} and {number}?
      given:
        a: [1, 2, 3]
      answer: a + {number}
  - id: explain{number}
    explain: Why is {n}?
    points:
      - It was.
      - It will be.
"""
        )
    return f"deck: {name}\ntitle: All of {name}\nnotes:\n{''.join(notes)}"


def simple(cards: Iterable[str]) -> dict[str, str]:
    """Decks with one note for each of some cards `deck/note#qa`, by their ids."""
    decks: dict[str, list[str]] = {}
    for card in cards:
        deck, _, note = card.partition("#")[0].partition("/")
        decks.setdefault(deck, [f"deck: {deck}", f"title: Made {deck}", "notes:"]).extend(
            (f'  - id: "{note}"', f"    q: What is {note}?", f"    a: It is {note}.")
        )
    return {deck: "\n".join(lines) + "\n" for deck, lines in decks.items()}


def learner(folder: Path, decks: dict[str, str], zone: timezone) -> Learner:
    """A learner with decks, whose clock shows the real time, as Anki's does."""
    (folder / "decks").mkdir(parents=True)
    for name, text in decks.items():
        (folder / "decks" / f"{name}.yaml").write_text(text, "utf-8")
    made = Learner(folder)
    made.zone, made.at = zone, datetime.now(UTC)
    return made


def lived(folder: Path, *, sets: int, reviews: int, seed: int) -> Learner:
    """A learner at UTC with two decks of all kinds and a history in which everything happened that can, on two devices;
    one deck has a desired retention of its own, and a step outlasts a day.
    """
    made = learner(folder, {name: all_kinds(name, sets) for name in ("one", "two")}, UTC)
    with made.open() as collection:
        now = collection.now()
        cards = [card.id for deck in collection.library.decks.values() for card in deck.cards()]
        settings = [
            Setting("parameters", FITTED),
            Setting("desired_retention", "0.87"),
            Setting("desired_retention/two", "0.93"),
            Setting("learning_steps", "[60, 600, 172800]"),
        ]
        first = (now.day - 2_000) * MS_PER_DAY
        events = [
            Event(EventId("desk", number), next_hlc(0, first) + number, first, now.day - 2_000, body)
            for number, body in enumerate(settings, 1)
        ]
        # One card in eight is new; the newest answers are minutes old, so that there are cards on every step.
        old = [name for number, name in enumerate(cards) if number % 8]
        answers = [
            (old[int(name.partition("#")[0].removeprefix("made/note"))], rating, at, day, took)
            for name, rating, at, day, took in generated(len(old), reviews, seed, now.day - 700)
            if day < now.day - 1
        ]
        for number, card in enumerate(old):
            if number % 9 == 0:
                rating = 1 + number // 9 % 3
                answers.append((card, rating, now.ms - 90_000 + number * 7, now.day, 2_000 + number))
        events += _renumbered(recorded(answers).events, len(events))
        collection.journal.insert(events)
        collection.journal.insert(_happenings(events, cards, now.ms, now.day))
    return made


def _renumbered(events: list[Event], by: int) -> list[Event]:
    return [
        Event(EventId(event.id.device, event.id.seq + by), event.hlc, event.at_ms, event.day, event.body)
        for event in events
    ]


def _happenings(events: list[Event], cards: list[str], now_ms: int, today: int) -> list[Event]:
    """What another device did to some of the cards besides answering them."""
    made: list[Event] = []
    last: dict[str, list[Event]] = {}
    for event in events:
        if event.card is not None:
            last.setdefault(event.card, []).append(event)

    def add(body: Body, at: int, day: int) -> None:
        # What happens at one instant is one action.
        batch = 1 if at == now_ms - 60_000 else 0
        made.append(Event(EventId("phone", len(made) + 1), next_hlc(0, at) + 1 + len(made), at, day, body, batch))

    for number, card in enumerate(cards):
        own = last.get(card, [])
        middle = own[len(own) // 2] if own else None
        at, day = now_ms - 60_000, today
        match number % 11:
            case 0:
                add(Suspend(card), at, day)
            case 1:
                add(Bury(card, today + 1), at, day)
            case 2:
                add(Flag(card, 1 + number % 7), at, day)
            case 3:
                # Many cards at one instant, as one action on a selection does.
                add(SetDue(card, today + number % 5), at, day)
            case 4:
                add(Reset(card), at, day)
            case 5 if middle is not None:
                add(SetDue(card, middle.day + 3), middle.at_ms + 1_000, middle.day)
            case 6 if middle is not None:
                add(Reset(card), middle.at_ms + 1_000, middle.day)
            case 7 if middle is not None:
                add(Undo(own[-1].id), at, day)
            case _:
                pass
    return made


@dataclass(frozen=True)
class Both:
    """The same cards here and in Anki: `states` and `cards` by our ids; `today` is our study day."""

    states: dict[str, CardState]
    cards: dict[str, Any]
    today: int
    col: Any

    @classmethod
    def of(cls, learner: Learner, col: Any) -> Both:
        with learner.open() as collection:
            known = identities(collection.library.notes.values(), root_of(collection), NOWHERE)
            states, today = collection.journal.all_states(), collection.now().day
        cards = {known[AnkiCard(card.note().guid, card.ord)]: card for card in map(col.get_card, col.find_cards(""))}
        return cls({name: states.get(name, CardState()) for name in cards}, cards, today, col)

    def differently_scheduled(self, *, to_the_second: bool = True) -> list[str]:
        """The cards that stand elsewhere in Anki, as sentences; the second at which a step ends may be left out, as
        Anki spreads those of its own answers.
        """
        found = []
        for name, state in self.states.items():
            card = self.cards[name]
            theirs: tuple[int, ...] = (card.type, card.queue, card.due)
            theirs += (card.ivl, card.reps, card.lapses, card.flags & 7)
            mine = self._expected(state, card)
            if card.queue == 1 and not to_the_second:
                theirs, mine = (*theirs[:2], *theirs[3:]), (*mine[:2], *mine[3:])
            if mine != theirs:
                found.append(f"{name}: {mine} here, {theirs} in Anki")
        return found

    def _expected(self, state: CardState, card: Any) -> tuple[int, ...]:
        schedule, day_zero = state.schedule, self.col.sched.today - self.today
        match schedule:
            case New():
                kind, queue, due, interval = 0, 0, card.due, 0
            case Interval():
                kind, queue, due = 2, 2, schedule.due + day_zero
                interval = max(1, schedule.due - schedule.last_day)
            case Steps():
                kind = 3 if schedule.relearning else 1
                interval = max(1, card.ivl) if schedule.relearning else 0
                day = (schedule.due_ms // 1000 - self.col.sched.day_cutoff) // 86_400 + 1 + self.col.sched.today
                on_day = day > schedule.last_day + day_zero and state.asked_on(self.today)
                queue, due = (3, day) if on_day else (1, schedule.due_ms // 1000)
        if state.suspended:
            queue = -1
        elif state.buried_until > self.today:
            queue = -3
        return kind, queue, due, interval, state.reps, state.lapses, state.flag

    def sorts(self) -> set[tuple[int, int]]:
        """The types and queues of cards that there are in Anki."""
        return {(card.type, card.queue) for card in self.cards.values()}

    def memories(self) -> Iterator[tuple[str, Memory, float, float]]:
        """Each card that has a memory here, with Anki's stability and difficulty; 0 where it has none."""
        for name, state in self.states.items():
            if state.memory is not None:
                theirs = self.cards[name].memory_state
                yield name, state.memory, theirs.stability if theirs else 0.0, theirs.difficulty if theirs else 0.0

    def worst(self, leaving_out: Container[str] = ()) -> tuple[float, float]:
        """The largest shares of the tolerance that stabilities and difficulties take: |Δs| of 6e-5 + 2e-6·s, |Δd| of
        6e-4. At most 1 is within.
        """
        stability = difficulty = 0.0
        for name, mine, s, d in self.memories():
            if name not in leaving_out:
                stability = max(stability, abs(mine.stability - s) / (6e-5 + 2e-6 * mine.stability))
                difficulty = max(difficulty, abs(mine.difficulty - d) / 6e-4)
        return stability, difficulty
