"""Progress figures equal a slow recomputation from the journal's events, which shares no code with the fast one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.collection.collection import Collection
from nlpcards.collection.roadmap.standing import standing
from nlpcards.core.fold import fold
from nlpcards.core.journal import (
    Alias,
    Body,
    Bury,
    ChangedMeaning,
    Event,
    EventId,
    Reset,
    Review,
    SetDue,
    Setting,
    Suspend,
    Undo,
    Unsuspend,
    next_hlc,
)
from nlpcards.core.roadmap.progress import NO_PROGRESS, Progress
from nlpcards.core.state import CardState, Interval, New
from tests.support.learner import Learner
from tests.support.lives import FITTED
from tests.support.roadmaps import deck_on, on_a_way

NEEDS = {"a": [], "b": ["a"], "c": ["b"], "d": []}
FIRST = 20_000

TOPICS = {
    "a": ["a/n0#qa", "a/n1#qa", "more/n0#qa", "more/n1#qa"],
    "b": ["b/n0#qa", "b/n1#qa"],
    "c": ["c/n0#qa", "c/n1#qa"],
    "d": ["d/n0#qa", "d/n1#qa", "more/far#aq", "more/far#qa"],
}
"""The cards of each topic, written down by hand: one deck on another topic, and a note on yet another."""

CARDS = [card for own in TOPICS.values() for card in own]
GONE = ("a/gone#qa", "a/n0#aq", "gone/n0#qa")
"""Cards whose note, key or deck is there no more."""


def made(folder: Path) -> Learner:
    learner = on_a_way(folder, NEEDS, ["a", "b"], ["b", "c"])
    far = '  - {id: far, topic: d, q: What is far?, a: It is., both: "true"}\n'.replace('"', "")
    learner.write("more", deck_on("a", 2, "more") + far)
    return learner


steps = st.lists(
    st.tuples(
        st.sampled_from([*CARDS, *GONE]),
        st.sampled_from(["review"] * 12 + ["suspend", "unsuspend", "reset", "due", "bury", "meaning", "undo", "alias"]),
        st.integers(1, 4),
        st.integers(0, 40),
        st.sampled_from(["desk", "phone"]),
    ),
    max_size=40,
)


def happened(drawn: Iterable[tuple[str, str, int, int, str]]) -> list[Event]:
    """The events of two devices, each of which has its own days."""
    days = {"desk": FIRST, "phone": FIRST + 1}
    events: list[Event] = []
    for card, what, number, gap, device in drawn:
        days[device] += gap
        day = days[device]
        body: Body
        match what:
            case "suspend":
                body = Suspend(card)
            case "unsuspend":
                body = Unsuspend(card)
            case "reset":
                body = Reset(card)
            case "due":
                body = SetDue(card, day + 10 * number)
            case "bury":
                body = Bury(card, day + number)
            case "meaning":
                body = ChangedMeaning(card, "new")
            case "undo" if events:
                body = Undo(events[-number % len(events)].id)
            case "alias":
                body = Alias(CARDS[number], GONE[0])
            case _:
                body = Review(card, number, 1_000, None, 0)
        seq = 1 + sum(event.id.device == device for event in events)
        at_ms = day * 86_400_000 + 43_200_000 + seq
        last = max((event.hlc for event in events if event.id.device == device), default=0)
        events.append(Event(EventId(device, seq), next_hlc(last, at_ms), at_ms, day, body))
    return events


def slowly(states: dict[str, CardState], cards: Iterable[str], day: int, parameters: tuple[float, ...]) -> Progress:
    """The progress in some cards, card by card, by the package's own retrievability."""
    scheduler = fsrs.Scheduler(parameters)
    found = NO_PROGRESS
    each = list(cards)
    for card in each:
        state = states.get(card, CardState())
        if isinstance(state.schedule, New):
            continue
        now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(max(day, state.schedule.last_day))
        last = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(state.schedule.last_day)
        memory = state.schedule.memory
        theirs = fsrs.Card(1, fsrs.State.Review, None, memory.stability, memory.difficulty, now, last)
        recall = scheduler.get_card_retrievability(theirs, now)
        later = scheduler.get_card_retrievability(theirs, now + timedelta(30))
        mature = isinstance(state.schedule, Interval) and state.schedule.due >= state.schedule.last_day + 21
        found += Progress(met=1, mature_cards=int(mature), remembered=recall, forgotten=recall - later)
    notes = len({card.partition("#")[0] for card in each})
    return found + Progress(notes=notes, cards=len(each))


def same(one: Progress, other: Progress) -> bool:
    whole = (one.notes, one.cards, one.met, one.mature_cards) == (
        other.notes,
        other.cards,
        other.met,
        other.mature_cards,
    )
    near = pytest.approx((other.remembered, other.forgotten), rel=1e-9, abs=1e-9)
    return whole and (one.remembered, one.forgotten) == near


def hold_against_the_journal(collection: Collection) -> None:
    found, states = standing(collection), fold(list(collection.journal.events()))
    parameters = collection.settings.parameters

    def true(*topics: str) -> Progress:
        return slowly(states, (card for topic in topics for card in TOPICS[topic]), found.day, parameters)

    for topic in TOPICS:
        assert same(found.topics[topic].progress, true(topic)), topic
    (track,) = found.tracks
    assert same(track.progress, true("a", "b", "c")), "b is in two stages and counts once"
    assert [same(stage.progress, true(*stage.stage.topics)) for stage in track.stages] == [True, True]
    (area,) = found.areas
    assert same(area.progress, true(*TOPICS))
    assert same(found.progress, true(*TOPICS))
    progress = found.progress
    assert 0 <= progress.mature <= progress.introduced <= 1
    assert progress.recall is None or 0 < progress.recall <= 1
    assert 0 <= progress.forgotten <= progress.remembered <= progress.met


@settings(max_examples=25)
@given(steps, st.integers(0, 400), st.booleans())
def test_progress_equals_what_the_journal_s_events_say(
    drawn: list[tuple[str, str, int, int, str]], later: int, fitted: bool
) -> None:
    with TemporaryDirectory() as folder:
        learner = made(Path(folder))
        with learner.open() as collection:
            events = happened(drawn)
            collection.journal.insert(events)
            last = max((event.day for event in events), default=FIRST)
            learner.at = datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(last + later - 20)
            hold_against_the_journal(collection)
            if fitted:
                collection.journal.append([Setting("parameters", FITTED)], collection.now())
                hold_against_the_journal(collection)


@settings(max_examples=15)
@given(st.lists(st.tuples(steps, st.sampled_from([0, 0, 0, 1, 40])), min_size=2, max_size=4), st.booleans())
def test_progress_that_is_kept_follows_all_that_changes(
    portions: list[tuple[list[tuple[str, str, int, int, str]], int]], fitted: bool
) -> None:
    with TemporaryDirectory() as folder:
        learner = made(Path(folder))
        events = happened([step for portion, _ in portions for step in portion])
        learner.at = datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(max((each.day for each in events), default=FIRST))
        with learner.open() as collection:
            at = 0
            for number, (portion, days) in enumerate(portions):
                learner.waits(days=days)
                collection.journal.insert(events[at : at + len(portion)])
                at += len(portion)
                if fitted and number == 1:
                    collection.journal.append([Setting("parameters", FITTED)], collection.now())
                hold_against_the_journal(collection)
                with learner.open() as another:
                    hold_against_the_journal(another)


def test_what_decides_what_is_open_follows_the_day_s_answers(tmp_path: Path) -> None:
    learner = made(tmp_path)
    with learner.open() as collection, learner.open() as other:
        day = collection.now().day

        def agree() -> None:
            whole = {topic: ready for topic, (_, ready) in collection.knowing.progress(day).items()}
            followed = collection.knowing.readiness(day)
            assert {topic: (each.cards, each.met) for topic, each in followed.items()} == {
                topic: (each.cards, each.met) for topic, each in whole.items()
            }
            assert [each.remembered for each in followed.values()] == pytest.approx(
                [each.remembered for each in whole.values()]
            )

        agree()
        (first,) = collection.journal.append([Review("a/n0#qa", 3, 900, None, 0)], collection.now())
        agree()
        collection.journal.append([Suspend("b/n0#qa"), Suspend("a/n0#qa")], collection.now())
        agree()
        collection.journal.append([Review("a/n0#qa", 3, 900, None, 1)], collection.now())
        agree()
        other.journal.append([Review("b/n0#qa", 4, 900, day + 8, 0)], other.now())
        agree()
        collection.journal.append([Undo(first.id)], collection.now())
        agree()
        (learner.decks / "more.yaml").unlink()
        collection.reload()
        agree()
        assert collection.knowing.readiness(day)["a"].cards == 1
        learner.waits(days=3)
        day = collection.now().day
        agree()
        assert collection.knowing.readiness(day)["b"].recall is None, "its only card met is suspended"


@pytest.mark.parametrize(("interval", "mature"), [(20, 0), (21, 1), (22, 1)])
def test_a_card_is_mature_from_an_interval_of_21_days_on(tmp_path: Path, interval: int, mature: int) -> None:
    with made(tmp_path).open() as collection:
        now = collection.now()
        collection.journal.append([Review("a/n0#qa", 4, 900, now.day + interval, 0)], now)
        assert standing(collection).topics["a"].progress.mature_cards == mature


def test_what_was_answered_today_before_anyone_asked_counts(tmp_path: Path) -> None:
    learner = made(tmp_path)
    with learner.open() as collection:
        collection.journal.append([Review("a/n0#qa", 4, 900, collection.now().day + 30, 0)], collection.now())
        learner.waits(days=30)
        now = collection.now()
        collection.journal.append([Review("a/n0#qa", 4, 900, now.day + 60, 1)], now)
        assert collection.knowing.readiness(now.day)["a"].met == 1
        assert collection.knowing.readiness(now.day)["a"].recall == 1.0


def test_a_card_reviewed_again_keeps_its_morning_s_recall_until_the_day_is_over(tmp_path: Path) -> None:
    learner = made(tmp_path)
    with learner.open() as collection:
        collection.journal.append([Review("a/n0#qa", 3, 900, None, 0)], collection.now())
        learner.waits(days=30)
        now = collection.now()
        morning = collection.knowing.readiness(now.day)["a"].remembered
        assert 0 < morning < 1
        collection.journal.append([Review("a/n0#qa", 3, 900, None, 1)], now)
        assert collection.knowing.readiness(now.day)["a"].remembered == morning
        assert collection.knowing.progress(now.day)["a"][1].remembered == 1.0
