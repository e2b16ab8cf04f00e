"""What folding a journal costs beside the FSRS package alone, in one run.

    python benchmarks/fold.py                      # 100,000 made-up reviews
    python benchmarks/fold.py HISTORY.csv          # columns card_id, review_rating, review_time, review_duration

Both sides replay the same reviews, one after the other, several times; the figure to quote is the median ratio. A
third line rebuilds every card's state from a journal in a file, reading and writing included.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import fsrs

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.timing import seconds
from nlpcards.core.fold import fold
from nlpcards.core.journal import Event
from nlpcards.store.identity import fingerprint
from nlpcards.store.journal_file import Journal
from tests.support import histories

RUNS = 7


def package_alone(events: list[Event]) -> None:
    from datetime import UTC, datetime, timedelta

    from nlpcards.core.journal import Review

    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    zero = datetime(1970, 1, 1, tzinfo=UTC)
    cards: dict[str, fsrs.Card] = {}
    for event in events:
        assert isinstance(event.body, Review)
        card = cards.get(event.body.card) or fsrs.Card(card_id=0)
        at = zero + timedelta(milliseconds=event.at_ms)
        card, _ = scheduler.review_card(card, fsrs.Rating(event.body.rating), at)
        cards[event.body.card] = card


def stored(events: list[Event]) -> list[Event]:
    """The events with the due day that a device stores, as they stand in a real journal."""
    from dataclasses import replace

    from nlpcards.core.journal import Review

    return [
        replace(event, body=replace(event.body, due=event.day + 9)) if isinstance(event.body, Review) else event
        for event in events
    ]


def main() -> None:
    if len(sys.argv) > 1:
        histories.REAL = Path(sys.argv[1])
        answers = histories.real()
    else:
        answers = histories.generated(cards=10_000, reviews=100_000, seed=1)
    events = stored(histories.as_events(answers))
    ours, theirs, rebuilt = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite"
        with Journal.open(path, events[0].at_ms, fingerprint(path)) as journal:
            journal.insert(events)
            for _ in range(RUNS):
                theirs.append(seconds(lambda: package_alone(events), time.perf_counter))
                ours.append(seconds(lambda: fold(events), time.perf_counter))
                rebuilt.append(seconds(journal.rebuild, time.perf_counter))
    each = 1e6 / len(events)
    print(f"{len(events)} reviews of {len({answer[0] for answer in answers})} cards, {RUNS} runs")
    print(f"package alone   {median(theirs) * each:6.1f} µs a review")
    for name, figures in (("fold", ours), ("rebuild in file", rebuilt)):
        ratio = median(own / other for own, other in zip(figures, theirs, strict=True))
        print(f"{name:15} {median(figures) * each:6.1f} µs a review, {ratio:.2f} times the package alone")


if __name__ == "__main__":
    main()
