"""The plan of a session: the rules of this package, applied in turn. `docs/queue.md` says them in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field
from operator import itemgetter
from typing import assert_never

from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.dataclass import dataclass
from nlpcards.core.queue.arranging import NO_RELATIONS, Relations, arranged
from nlpcards.core.queue.budget import USUAL, Budget, Gain, Pace, new_seconds, review_seconds
from nlpcards.core.queue.catching_up import share
from nlpcards.core.queue.introducing import introduced
from nlpcards.core.queue.limits import Room
from nlpcards.core.queue.order import Key, Order, sort_key
from nlpcards.core.queue.values import DAILY, RULES, Ahead, Cram, Daily, Plan, Purpose, Rules
from nlpcards.core.state import CardState, Interval, New, Steps


def plan(
    states: Mapping[str, CardState],
    new: Iterable[str],
    *,
    day: int,
    day_ends_ms: int,
    rules: Rules = RULES,
    purpose: Purpose = DAILY,
    wanted: Callable[[str], bool] = lambda _: True,
    ready: Callable[[str], bool] = lambda _: True,
    relations: Relations = NO_RELATIONS,
    lately: Collection[str] = (),
    gain: Gain | None = None,
    pace: Pace = USUAL,
    steps: int = 2,
) -> Plan:
    """The plan of a session on a study day.

    `states` are the cards that were answered ever and may be asked: those answered today, those due, for `Ahead` those
    due within its days, for `Cram` all; others do no harm. `new` are cards in the order of introduction; those with a
    state that is not new are passed over. `day_ends_ms` is the instant of the next rollover: steps that end later
    belong to another day. `wanted` says whether a card is among those to ask at all (its deck was chosen, its note
    still exists); others count only for the limits and for their siblings. `ready` says whether a new card's
    prerequisites are met, `lately` which notes had a card introduced in the last `introducing.CONFUSABLE_DAYS` days.
    `gain` is needed where the purpose names minutes, and for `Order.GAIN`, which is `Order.DUE` without it; `pace` and
    the number of learning `steps` estimate the time.
    """
    if isinstance(purpose, Cram):
        return _crammed(states, new, day, purpose, wanted, relations, pace)
    asking = _Asking(day, day_ends_ms, rules, purpose, wanted, relations, pace, gain, steps)
    so_far = _so_far(states, day)
    on_steps, due = asking.waiting(states)
    budget = Budget(None if purpose.minutes is None else 60 * purpose.minutes)
    learning = asking.learning(on_steps, budget)
    taken = so_far.notes | {note_of(card) for _, card in learning}
    reviews, held_back = asking.reviews(due, so_far, taken, budget)
    fresh: list[str] = []
    if isinstance(purpose, Daily):
        blocked = {*map(note_of, reviews), *(taken - so_far.introduced.keys())} if rules.bury_siblings else set()
        fresh = introduced(
            (card for card in new if _is_new(states.get(card), day)),
            room=Room(rules.limits.new, {deck: own.new for deck, own in rules.decks.items()}, so_far.new),
            today=so_far.introduced,
            lately={*lately, *so_far.introduced},
            blocked=blocked,
            ready=ready,
            relations=relations,
            fits=lambda: budget.take(new_seconds(pace, steps)),
        )
    reviews = arranged(reviews, relations)
    fresh = arranged(fresh, relations, note_of(reviews[-1]) if reviews else "")
    return Plan(tuple(learning), tuple(reviews), tuple(fresh), held_back, relations, rules.bury_siblings)


@dataclass(slots=True)
class _SoFar:
    """What the day has had: cards introduced by note and deck, reviews by deck, notes of which a card was asked."""

    introduced: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    reviews: Counter[str] = field(default_factory=Counter)
    notes: set[str] = field(default_factory=set)


def _so_far(states: Mapping[str, CardState], day: int) -> _SoFar:
    so_far = _SoFar()
    for card, state in states.items():
        if state.last_day != day:
            continue
        so_far.notes.add(note_of(card))
        if state.first_day == day:
            so_far.introduced[note_of(card)] += 1
            so_far.new[deck_of(card)] += 1
        elif not isinstance(state.schedule, Steps) or state.schedule.relearning:
            # A learning step left over from an earlier day is no review.
            so_far.reviews[deck_of(card)] += 1
    return so_far


def _is_new(state: CardState | None, day: int) -> bool:
    return state is None or (isinstance(state.schedule, New) and state.asked_on(day))


@dataclass(frozen=True, slots=True)
class _Asking:
    """The arguments of a plan that its parts share."""

    day: int
    day_ends_ms: int
    rules: Rules
    purpose: Daily | Ahead
    wanted: Callable[[str], bool]
    relations: Relations
    pace: Pace
    gain: Gain | None
    steps: int

    def waiting(self, states: Mapping[str, CardState]) -> tuple[list[tuple[int, str, int]], list[tuple[str, Interval]]]:
        """Cards on the steps that come back before the day ends, with the instant and the step; and cards due."""
        day, ends = self.day, self.day_ends_ms
        until = day + self.purpose.days if isinstance(self.purpose, Ahead) else day
        learning: list[tuple[int, str, int]] = []
        due: list[tuple[str, Interval]] = []
        for card, state in states.items():
            schedule = state.schedule
            match schedule:
                case Interval():
                    # What was asked today and is due later has been studied; ahead of its time again gains nothing.
                    if schedule.due <= day or (schedule.due <= until and state.last_day != day):
                        if state.asked_on(day) and self.wanted(card):
                            due.append((card, schedule))
                case Steps():
                    if schedule.due_ms < ends and state.asked_on(day) and self.wanted(card):
                        learning.append((schedule.due_ms, card, schedule.step))
                case New():
                    pass
                case _:
                    assert_never(schedule)
        return learning, due

    def learning(self, waiting: Iterable[tuple[int, str, int]], budget: Budget) -> list[tuple[int, str]]:
        """The cards on the steps that are asked, by the instants at which they come back."""
        found = []
        for due_ms, card, step in sorted(waiting):
            if budget.take(self.pace.steps * max(1, self.steps - step)):
                found.append((due_ms, card))
        return found

    def reviews(
        self, due: list[tuple[str, Interval]], so_far: _SoFar, taken: Collection[str], budget: Budget
    ) -> tuple[list[str], int]:
        """The reviews of today in the order of the rules, and how many were left for later."""
        ordered = self._ordered(due)
        if self.rules.bury_siblings:
            ordered = _one_a_note(ordered, taken)
        match self.purpose:
            case Ahead():
                # Asked for beside the day's work, so the day's limits are not meant for it.
                room = Room(len(ordered), {}, {})
            case Daily():
                own = {deck: limits.reviews for deck, limits in self.rules.decks.items()}
                room = Room(self.rules.limits.reviews, own, so_far.reviews)
                days = self._catch_up_days(self.purpose)
                if days is not None:
                    room.cap(share(len(ordered), so_far.reviews.total(), days))
            case _:
                assert_never(self.purpose)
        return self._chosen(ordered, room, budget)

    def _ordered(self, due: list[tuple[str, Interval]]) -> list[tuple[Key, Interval]]:
        key = sort_key(self.rules.order, self.day, None if self.gain is None else self._worth)
        keyed = [(key(card, schedule), schedule) for card, schedule in due]
        keyed.sort(key=itemgetter(0))
        return keyed

    def _chosen(self, ordered: list[tuple[Key, Interval]], room: Room, budget: Budget) -> tuple[list[str], int]:
        """What of the reviews there are room and time for: where the time is short, those that are worth it most."""
        timed = self.purpose.minutes is not None
        found: list[Key] = []
        for key, seconds in self._by_worth(ordered) if timed else ((key, self.pace.review) for key, _ in ordered):
            if not room.left:
                break
            deck = deck_of(key[-1])
            if room.has(deck) and budget.take(seconds):
                room.take(deck)
                found.append(key)
        if timed:
            found.sort()
        return [card for *_, card in found], len(ordered) - len(found)

    def _by_worth(self, ordered: list[tuple[Key, Interval]]) -> list[tuple[Key, float]]:
        """Reviews with the seconds that they take, those that gain most recall per second first."""
        weighed = []
        for key, schedule in ordered:
            gained, seconds = self._weighed(schedule)
            weighed.append((-gained / seconds, key, seconds))
        return [(key, seconds) for _, key, seconds in sorted(weighed)]

    def _worth(self, schedule: Interval) -> float:
        gained, seconds = self._weighed(schedule)
        return gained / seconds

    def _weighed(self, schedule: Interval) -> tuple[float, float]:
        """The recall that a review gains, and the seconds that it takes."""
        assert self.gain is not None, "nobody asks for the worth of a review without knowing what it gains"
        recall, gained = self.gain(schedule.memory, self.day - schedule.last_day)
        return gained, review_seconds(recall, self.pace)

    def _catch_up_days(self, purpose: Daily) -> int | None:
        """Over how many days, today included, what is due is spread; None for not at all."""
        if purpose.catch_up is not None:
            return purpose.catch_up
        by = self.rules.caught_up_by
        return None if by is None or by < self.day else by - self.day + 1


def _one_a_note(ordered: Iterable[tuple[Key, Interval]], taken: Collection[str]) -> list[tuple[Key, Interval]]:
    """The first card of each note of which none was asked today or is on the steps: its siblings wait for a day."""
    seen = set(taken)
    found = []
    for each in ordered:
        note = note_of(each[0][-1])
        if note not in seen:
            seen.add(note)
            found.append(each)
    return found


def _crammed(
    states: Mapping[str, CardState],
    new: Iterable[str],
    day: int,
    purpose: Cram,
    wanted: Callable[[str], bool],
    relations: Relations,
    pace: Pace,
) -> Plan:
    """Every card that is neither suspended nor buried: those met, the weakest first, then the others in their order."""
    budget = Budget(None if purpose.minutes is None else 60 * purpose.minutes)
    key = sort_key(Order.WEAKEST, day)
    met: list[Key] = []
    for card, state in states.items():
        if not state.asked_on(day) or not wanted(card):
            continue
        match state.schedule:
            case New():
                pass
            case Interval() as schedule:
                met.append(key(card, schedule))
            case Steps(memory=memory, last_day=last):
                met.append(key(card, Interval(memory, day, last)))
    reviews = [card for *_, card in sorted(met) if budget.take(pace.review)]
    fresh = [card for card in new if _is_new(states.get(card), day) and budget.take(pace.new)]
    reviews = arranged(reviews, relations)
    fresh = arranged(fresh, relations, note_of(reviews[-1]) if reviews else "")
    return Plan((), tuple(reviews), tuple(fresh), 0, relations, bury_siblings=False)
