"""What is known of one card: where it stands, what FSRS makes of it, and everything that happened to it."""

from __future__ import annotations

from dataclasses import dataclass

from nlpcards.collection.collection import Collection
from nlpcards.core.days import date_of
from nlpcards.core.journal import Body, Bury, Flag, Reset, Review, SetDue, Suspend, Unsuspend
from nlpcards.core.state import CardState
from nlpcards.core.words import RATING_NAMES, comes_back, duration, interval


@dataclass(frozen=True, slots=True)
class Happened:
    """One surviving event of a card in words, on a date (`2026-11-21`)."""

    on: str
    what: str


@dataclass(frozen=True, slots=True)
class Information:
    """A card's facts as pairs of a name and its value, and its history, newest first."""

    card: str
    facts: tuple[tuple[str, str], ...]
    history: tuple[Happened, ...]


def information(collection: Collection, card: str) -> Information:
    """What is known of a card now."""
    state = collection.state(card)
    events = collection.journal.events_of(card, surviving=True)
    history = tuple(Happened(str(date_of(event.day)), _what(event.body, event.day)) for event in reversed(events))
    return Information(card, tuple(_facts(collection, card, state)), history)


def _facts(collection: Collection, name: str, state: CardState) -> list[tuple[str, str]]:
    card = collection.library.card(name)
    facts = [("Card", name)]
    if card is not None:
        facts.append(("Written in", f"{card.note.place.path}:{card.note.place.line}"))
    memory = state.memory
    if memory is None:
        facts.append(("Standing", "new"))
    else:
        now = collection.now()
        elapsed = now.day - (now.day if state.last_day is None else state.last_day)
        recall = collection.journal.timeline.model.retrievability(memory, elapsed)
        facts += [
            ("Comes back in", comes_back(state, now)),
            ("Recall now", f"{recall:.0%}"),
            ("Stability", f"{memory.stability:.1f} days"),
            ("Difficulty", f"{memory.difficulty:.1f} of 10"),
            ("Reviews", str(state.reps)),
            ("Lapses", str(state.lapses)),
        ]
        if state.first_day is not None:
            facts.append(("Introduced", str(date_of(state.first_day))))
    if state.suspended:
        facts.append(("Suspended", "yes"))
    if state.flag:
        facts.append(("Flag", str(state.flag)))
    return facts


def _what(body: Body, day: int) -> str:
    match body:
        case Review():
            then = "a learning step" if body.due is None else interval(max(0, body.due - day))
            return f"{RATING_NAMES[body.rating]}, then {then}; answered in {duration(body.duration_ms)}"
        case Suspend():
            return "suspended"
        case Unsuspend():
            return "unsuspended"
        case Bury():
            return f"buried until {date_of(body.until)}"
        case Flag():
            return f"flagged {body.flag}" if body.flag else "flag taken off"
        case Reset():
            return "reset to new"
        case SetDue():
            return f"due date set to {date_of(body.due)}"
        case _:
            return "changed"
