"""The same history gives the same figures here and in Anki's own statistics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.collection.statistics import statistics
from nlpcards.core.days import study_day
from nlpcards.core.stats.answers import Was
from nlpcards.core.stats.distribution import distribution
from nlpcards.core.stats.overview import Statistics
from nlpcards.core.stats.periods import Period
from tests.support import histories
from tests.support.histories import Answer
from tests.support.recorded import Recorded, in_anki, moved, recorded, studied

PERCENT = tuple(float(edge) for edge in range(100))


@dataclass(frozen=True)
class Both:
    """One history: ours, and what Anki's backend gives for its graphs."""

    history: Recorded
    ours: Statistics
    anki: Any


def made_up(today: int) -> list[Answer]:
    return studied(today)


def real(today: int) -> list[Answer]:
    if not histories.REAL.exists():
        pytest.skip("the real history is not here")
    # It was read at UTC-05:00; wall clocks stay what they were.
    return moved(
        [(card, rating, at - 18_000_000, day, took) for card, rating, at, day, took in histories.real()], today
    )


@pytest.fixture(scope="module", params=[made_up, real], ids=["made up", "real"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("both")
    # Anki reads the past at the present offset from UTC, so this learner lives at it the year round.
    offset = datetime.now().astimezone().utcoffset()
    assert offset is not None
    zone = timezone(offset)
    now = datetime.now(UTC).astimezone(zone)
    today = study_day(now)
    shift = round(offset.total_seconds() * 1000)
    history = recorded([(card, rating, at - shift, day, took) for card, rating, at, day, took in request.param(today)])
    decks = folder / "decks"
    decks.mkdir()
    _write_decks(decks, history)
    home = Home(folder, folder, folder / "cache")
    with Collection.open(home, (decks,), Clock(lambda: now.astimezone(UTC), zone)) as collection:
        collection.journal.insert(history.events)
        ours = statistics(collection, days=36_500)
    col = in_anki(history, folder, today)
    yield Both(history, ours, col._backend.graphs(search="", days=0))
    col.close()


def _write_decks(folder: Path, history: Recorded) -> None:
    decks: dict[str, list[str]] = {}
    for card in history.states:
        deck, _, note = card.partition("#")[0].partition("/")
        decks.setdefault(deck, []).append(note)
    for deck, notes in decks.items():
        lines = [f"deck: {deck}", f"title: {deck}", "notes:"]
        for note in notes:
            lines += [f'  - id: "{note}"', f"    q: What is {note}?", f"    a: It is {note}."]
        (folder / f"{deck}.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def test_true_retention_is_the_same_in_every_span_and_at_every_maturity(both: Both) -> None:
    theirs = both.anki.true_retention
    spans = (theirs.today, theirs.yesterday, theirs.week, theirs.month, theirs.year, theirs.all_time)
    assert theirs.all_time.young_passed > 100
    assert theirs.all_time.mature_passed > 10
    for (name, ours), span in zip(both.ours.windows, spans, strict=True):
        assert (ours.young_passed, ours.young_failed, ours.mature_passed, ours.mature_failed) == (
            span.young_passed,
            span.young_failed,
            span.mature_passed,
            span.mature_failed,
        ), name


def test_answers_and_time_of_each_day_are_the_same_by_what_the_cards_were(both: Both) -> None:
    days = {each.start - both.ours.day: each for each in both.ours.by[Period.DAY] if each.answers}
    theirs = both.anki.reviews
    assert set(days) == set(theirs.count)
    for ago, ours in days.items():
        counts, times = theirs.count[ago], theirs.time[ago]
        assert ours.counts[Was.NEW] + ours.counts[Was.LEARNING] == counts.learn
        assert ours.counts[Was.RELEARNING] == counts.relearn
        assert (ours.counts[Was.YOUNG], ours.counts[Was.MATURE]) == (counts.young, counts.mature)
        assert ours.ms == times.learn + times.relearn + times.young + times.mature


def test_hours_of_the_day_are_the_same(both: Both) -> None:
    assert [(hour.answers, hour.passed) for hour in both.ours.hours] == [
        (hour.total, hour.correct) for hour in both.anki.hours.all_time
    ]


def test_the_forecast_is_the_same(both: Both) -> None:
    theirs = dict(both.anki.future_due.future_due)
    ours = both.ours.forecast
    assert ours.backlog == sum(number for day, number in theirs.items() if day < 0)
    assert ours.days == tuple(theirs.get(day, 0) for day in range(len(ours.days)))
    assert ours.later == sum(number for day, number in theirs.items() if day >= len(ours.days))


def test_cards_of_each_sort_are_as_many(both: Both) -> None:
    ours, theirs = both.ours.cards, both.anki.card_counts.excluding_inactive
    assert (ours.new, ours.learning, ours.relearning, ours.young, ours.mature, ours.suspended) == (
        theirs.newCards,
        theirs.learn,
        theirs.relearn,
        theirs.young,
        theirs.mature,
        theirs.suspended,
    )


def test_difficulty_is_spread_the_same(both: Both) -> None:
    # Anki shows difficulty in per cent of the way from 1 to 10.
    values = [state.memory.difficulty for state in both.history.states.values() if state.memory is not None]
    spread = distribution([(value - 1) / 9 * 100 for value in values], PERCENT, 100.0)
    assert spread.counts == tuple(both.anki.difficulty.eases.get(edge, 0) for edge in range(100))
    median = both.ours.memories.difficulty.median
    assert median is not None
    assert (median - 1) / 9 * 100 == pytest.approx(both.anki.difficulty.average, abs=0.01)


def test_retrievability_is_spread_the_same(both: Both) -> None:
    theirs = both.anki.retrievability
    ours = both.ours.memories
    assert ours.retrievability.mean is not None
    assert ours.retrievability.mean * 100 == pytest.approx(theirs.average, abs=0.01)
    assert ours.remembered == pytest.approx(theirs.sum_by_card, rel=1e-4)
    fives = [0] * 20
    for percent, number in theirs.retrievability.items():
        fives[min(percent, 99) // 5] += number
    assert list(ours.retrievability.counts) == fives


def test_stability_has_the_same_cards_in_each_bin(both: Both) -> None:
    values = [state.memory.stability for state in both.history.states.values() if state.memory is not None]
    rounded: dict[int, int] = {}
    for value in values:
        rounded[int(value + 0.5)] = rounded.get(int(value + 0.5), 0) + 1
    assert rounded == dict(both.anki.stability.intervals)
    assert both.ours.memories.stability.total == len(values)
    assert both.ours.memories.stability.median == pytest.approx(sorted(values)[len(values) // 2], rel=0.05)
