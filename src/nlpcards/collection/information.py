"""What is known of one card: where it stands, what FSRS makes of it, and everything that happened to it."""

from __future__ import annotations

from collections.abc import Iterator

from nlpcards.collection.collection import Collection
from nlpcards.core.dataclass import dataclass
from nlpcards.core.days import date_of
from nlpcards.core.journal import (
    Body,
    Bury,
    ChangedMeaning,
    Flag,
    OwnNote,
    Report,
    Reset,
    Resolve,
    Review,
    SetDue,
    Suspend,
    Tag,
    Unsuspend,
    Untag,
)
from nlpcards.core.replies import decode_reply
from nlpcards.core.state import CardState, Interval
from nlpcards.core.words import FLAG_NAMES, RATING_NAMES, comes_back, count, duration, interval

LONGEST_SHOWN = 200
"""Of a longer text that was typed, so many characters are shown in a card's history."""

_SHORTEST_CURVE, _LONGEST_CURVE = 14, 36_500


@dataclass(frozen=True, slots=True)
class Happened:
    """One surviving event of a card in words, on a date (`2026-11-21`)."""

    on: str
    what: str


@dataclass(frozen=True, slots=True)
class Curve:
    """How recall will fall if the card is not reviewed: FSRS's probability now, on each further day, and so on.

    `due_in` is in how many of these days it is due: 0 today or before, None on the steps.
    """

    recall: tuple[float, ...]
    due_in: int | None


@dataclass(frozen=True, slots=True)
class Information:
    """A card's facts as pairs of a name and its value, and its history, newest first; how its recall will fall, None
    for a new card.
    """

    card: str
    facts: tuple[tuple[str, str], ...]
    history: tuple[Happened, ...]
    curve: Curve | None = None


def information(collection: Collection, card: str) -> Information:
    """What is known of a card now."""
    state = collection.state(card)
    events = collection.journal.events_of(card, surviving=True)
    history = tuple(Happened(str(date_of(event.day)), _what(event.body, event.day)) for event in reversed(events))
    return Information(card, tuple(_facts(collection, card, state)), history, curve(collection, state))


def curve(collection: Collection, state: CardState) -> Curve | None:
    """How the recall of a card in a state will fall: over twice the days until it is due, and two weeks at least."""
    memory = state.memory
    if memory is None:
        return None
    day = collection.now().day
    elapsed = day - (day if state.last_day is None else state.last_day)
    schedule = state.schedule
    due_in = max(0, schedule.due - day) if isinstance(schedule, Interval) else None
    days = min(_LONGEST_CURVE, max(_SHORTEST_CURVE, 2 * (due_in or 0)))
    recall = collection.journal.timeline.model.retrievability
    return Curve(tuple(recall(memory, elapsed + later) for later in range(days + 1)), due_in)


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
            *_recall_when_due(collection, state),
            ("Stability", f"{memory.stability:.1f} days"),
            ("Difficulty", f"{memory.difficulty:.1f} of 10"),
            ("Reviews", str(state.reps)),
            ("Lapses", str(state.lapses)),
        ]
        if state.first_day is not None:
            facts.append(("Introduced", str(date_of(state.first_day))))
    if state.suspended:
        facts.append(("Suspended", "yes"))
    if state.buried_until > collection.now().day:
        facts.append(("Rests until", str(date_of(state.buried_until))))
    if state.flag:
        facts.append(("Flag", f"{state.flag} {FLAG_NAMES[state.flag]}"))
    remarks = collection.journal.remarks_of(name)
    if remarks.tags:
        facts.append(("Your tags", " ".join(remarks.tags)))
    if remarks.note:
        facts.append(("Your note", _shortened(remarks.note)))
    facts += [("Reported", _shortened(report.reason)) for report in remarks.reports]
    return facts


def _recall_when_due(collection: Collection, state: CardState) -> Iterator[tuple[str, str]]:
    falls = curve(collection, state)
    if falls is not None and falls.due_in:
        yield "Recall when due", f"{falls.recall[falls.due_in]:.0%}"


def _what(body: Body, day: int) -> str:
    match body:
        case Review():
            then = "a learning step" if body.due is None else interval(max(0, body.due - day))
            answered = f"{RATING_NAMES[body.rating]}, then {then}; answered in {duration(body.duration_ms)}"
            return "; ".join((answered, *_replied(body.reply)))
        case Suspend():
            return "suspended"
        case Unsuspend():
            return "unsuspended"
        case Bury():
            return f"buried until {date_of(body.until)}"
        case Flag():
            return f"flagged {FLAG_NAMES[body.flag]}" if body.flag else "flag taken off"
        case Reset():
            return "reset to new"
        case SetDue():
            return f"due date set to {date_of(body.due)}"
        case ChangedMeaning():
            return "marked as changed in meaning: stability lowered"
        case OwnNote():
            return f"noted: {_shortened(body.text)}" if body.text else "note taken away"
        case Report():
            return f"reported as wrong: {_shortened(body.reason)}"
        case Resolve():
            return "report settled"
        case Tag():
            return f"tagged {_shortened(body.tag)}"
        case Untag():
            return f"tag {_shortened(body.tag)} taken off"
        case _:
            return "changed"


def _replied(reply: str) -> Iterator[str]:
    """What was asked and what was replied, in words."""
    kept = decode_reply(reply)
    if kept.given:
        yield "asked with " + ", ".join(f"{name} = {value}" for name, value in kept.given)
    if kept.typed is not None:
        typed = _shortened(kept.typed)
        yield f"typed {typed}" if typed else "typed nothing"
    if kept.points is not None:
        yield f"made {count(len(kept.points), 'point')}"


def _shortened(text: str) -> str:
    """A text on one line, no longer than can be shown in a history."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
