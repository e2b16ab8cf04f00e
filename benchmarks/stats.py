"""What statistics of a whole history cost beside Anki's graphs of the same history, in one run.

    python benchmarks/stats.py                     # 200,000 made-up answers
    python benchmarks/stats.py 1000000             # a million; making the two collections takes some minutes

Both sides are opened anew for each run, read their file and give all figures for all time, one after the other; the
figure to quote is the median ratio. Ours has the decks' part left out: the journal, the states and what they come to.

Measured with 963,633 answers to 100,000 cards, on two cores that others kept busy (load 5): ours 4.1 s, Anki's 0.9 s,
ratio 4.6. In a profile of such a journal reading and summing it took 2.5 s of processor time, of which fetching the
rows alone took 1.4 s; the cards' standings took 0.4 s, what it all comes to 0.7 s.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.timing import seconds
from nlpcards.core.cards import deck_of
from nlpcards.core.days import MS_PER_DAY
from nlpcards.core.journal import Event, EventId, Review, chained, next_hlc
from nlpcards.core.stats.overview import Group, Known, Statistics, overview
from nlpcards.store.identity import fingerprint
from nlpcards.store.journal_file import Journal

RUNS = 5
YEARS = 4
EACH = 10
"""Answers to a card."""


def answered(answers: int, today: int) -> tuple[list[Event], list[tuple[int, int]]]:
    """Made-up answers as events, and Anki's kind and interval before each of them."""
    random = Random(1)
    rows = []
    for number in range(answers // EACH):
        day = today - random.randrange(30, YEARS * 365)
        before, standing = 0, (0, 0)
        hour = random.randrange(5 * 3_600_000, 20 * 3_600_000)
        for step in range(EACH):
            rating = random.choices((1, 2, 3, 4), (12, 8, 65, 15))[0]
            stays = rating == 1 if standing[0] == 1 else rating < 3
            due = None if stays else day + max(1, round(max(before, 1) * random.uniform(1.2, 2.5)))
            at = day * MS_PER_DAY + hour + step * 600_000
            rows.append((at, f"d{number % 12}/n{number}#qa", rating, day, due, standing))
            if due is None:
                standing = (2 if standing[0] else 0, -600)
            else:
                before = due - day
                standing, day = (1, before), due + random.randrange(2)
            if day > today:
                break
    rows.sort()
    events: list[Event] = []
    hlc = 0
    under: dict[str, tuple[int, int]] = {}
    for seq, (at, card, rating, day, due, _) in enumerate(rows, 1):
        hlc = next_hlc(hlc, at)
        repetition, after = under.get(card, (0, 0))
        took = random.randrange(1_000, 60_000)
        events.append(
            Event(EventId("desk", seq), hlc, at, day, Review(card, rating, took, due, repetition, after=after))
        )
        under[card] = repetition + 1, chained(after, "desk", seq)
    return events, [standing for *_, standing in rows]


def in_anki(path: Path, events: list[Event], before: list[tuple[int, int]]) -> None:
    from anki.collection import AddNoteRequest, Collection

    col: Any = Collection(str(path))
    basic = col.models.by_name("Basic")
    requests = []
    names = sorted({event.body.card for event in events if isinstance(event.body, Review)})
    for card in names:
        note = col.new_note(basic)
        note["Front"], note["Back"] = card, "answer"
        requests.append(AddNoteRequest(note=note, deck_id=1))
    col.add_notes(requests)
    col.set_config("fsrs", True)
    col.close()
    with sqlite3.connect(path) as connection:
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        ids = dict(connection.execute("SELECT n.sfld, c.id FROM cards c JOIN notes n ON n.id = c.nid"))
        rows = []
        for event, (kind, last) in zip(events, before, strict=True):
            assert isinstance(event.body, Review)
            body = event.body
            interval = -600 if body.due is None else body.due - event.day
            rows.append((ids[body.card], body.rating, interval, last, body.duration_ms, kind, event.at_ms))
        # Anki's ids are the instants themselves, so two of one millisecond move apart.
        used = 0
        spread = []
        for card, rating, interval, last, took, kind, at in rows:
            used = max(used + 1, at)
            spread.append((used, card, rating, interval, last, took, kind))
        connection.executemany("INSERT INTO revlog VALUES (?1, ?2, -1, ?3, ?4, ?5, 500, ?6, ?7)", spread)
        data = f'{{"s":20.0,"d":5.5,"dr":0.9,"decay":0.1542,"lrt":{time.time() - 9 * 86_400:.0f}}}'
        connection.execute("UPDATE cards SET type = 2, queue = 2, due = 30, ivl = 20, data = ?", (data,))


def ours(path: Path, today: int) -> Statistics:
    with Journal.open(path, 0, fingerprint(path), readonly=True) as journal:
        groups: dict[Group, int] = {}

        def group_of(card: str) -> int:
            return groups.setdefault(Group(deck_of(card), ""), len(groups))

        summed = journal.summed(group_of, range(today + 1))
        standings = [(group_of(each.card), each) for each in journal.standings()]
        recall = journal.timeline.model.retrievability
        known = Known(summed, tuple(groups), standings, {}, lambda ms: ms // 3_600_000 % 24, recall)
        return overview(known, day=today, day_ends_ms=(today + 1) * MS_PER_DAY, days=36_500)


def theirs(path: Path) -> Any:
    from anki.collection import Collection

    col: Any = Collection(str(path))
    try:
        return col._backend.graphs(search="", days=0)
    finally:
        col.close()


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    today = int(time.time() * 1000) // MS_PER_DAY
    events, before = answered(number, today)
    mine, other = [], []
    with tempfile.TemporaryDirectory() as folder:
        journal, collection = Path(folder) / "journal.sqlite", Path(folder) / "collection.anki2"
        with Journal.open(journal, events[0].at_ms, fingerprint(journal)) as made:
            made.insert(events)
        in_anki(collection, events, before)
        found, graphs = ours(journal, today).total, theirs(collection)
        assert found.answers == len(events) == sum(hour.total for hour in graphs.hours.all_time)
        assert found.retention.mature_passed == graphs.true_retention.all_time.mature_passed
        for _ in range(RUNS):
            mine.append(seconds(lambda: ours(journal, today), time.perf_counter))
            other.append(seconds(lambda: theirs(collection), time.perf_counter))
    print(f"{len(events):,} answers, {RUNS} runs")
    print(f"ours {median(mine):.2f} s, Anki's graphs {median(other):.2f} s")
    print(f"ratio {median(own / their for own, their in zip(mine, other, strict=True)):.2f}")


if __name__ == "__main__":
    main()
