"""How long the next card takes after an answer, beside Anki's own backend, in one run.

    python benchmarks/next_card.py                  # 100,000 cards and 1,000,000 answers; making them takes minutes
    python benchmarks/next_card.py 100000 300       # so many answers in the journal, so many cards asked

Both sides answer a card and get the next one, in turn, so that the machine's moods meet both: here `Reviewing.rate`
(the answer stored with the state that follows, the next card with its four intervals), there `answer_card` and
`get_queued_cards`. Ours is measured with SQLite's flushes left out and then with them, as it runs: Anki does not flush.
The figures to quote are the 99th percentile and the ratio of the medians; where others use the machine, those of the
processor's time.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.stats import answered
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.days import MS_PER_DAY
from nlpcards.core.journal import Event, Review
from nlpcards.store.identity import fingerprint
from nlpcards.store.journal_file import Journal

ASKED = 1000
DUE = 20_000
"""So many of Anki's cards are due at most."""
PORTION = 20_000
"""Rows written at once."""


def write_decks(folder: Path, events: list[Event]) -> int:
    """Decks with a note for each card that was answered; gives their number."""
    notes: dict[str, list[str]] = {}
    cards = {event.body.card for event in events if isinstance(event.body, Review)}
    for card in sorted(cards):
        notes.setdefault(deck_of(card), []).append(note_of(card).partition("/")[2])
    for deck, names in notes.items():
        lines = [f"deck: {deck}", "notes:"]
        for name in names:
            lines += [
                f"  - id: {name}",
                f"    q: What is *asked* of {name} with $x_i$?",
                f"    a: The answer to {name}.",
            ]
        (folder / f"{deck}.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    return len(cards)


def in_anki(path: Path, events: list[Event], before: list[tuple[int, int]]) -> Any:
    """A collection of Anki's with as many cards and the same answers, some of the cards due; Anki writes it."""
    from anki.collection import AddNoteRequest
    from anki.collection import Collection as AnkiCollection

    col: Any = AnkiCollection(str(path))
    col.set_config("fsrs", True)
    basic = col.models.by_name("Basic")
    names = sorted({event.body.card for event in events if isinstance(event.body, Review)})
    for start in range(0, len(names), PORTION):
        requests = []
        for name in names[start : start + PORTION]:
            note = col.new_note(basic)
            note["Front"], note["Back"] = name, "answer"
            requests.append(AddNoteRequest(note=note, deck_id=1))
        col.add_notes(requests)
    ids = dict(col.db.all("select n.sfld, c.id from cards c join notes n on n.id = c.nid"))
    rows: list[tuple[int, ...]] = []
    used = 0
    for event, (kind, last) in zip(events, before, strict=True):
        assert isinstance(event.body, Review)
        body = event.body
        used = max(used + 1, event.at_ms)  # Anki's ids are instants
        interval = -600 if body.due is None else body.due - event.day
        rows.append((used, ids[body.card], -1, body.rating, interval, last, 500, body.duration_ms, kind))
        if len(rows) == PORTION:
            col.db.executemany("insert into revlog values (?,?,?,?,?,?,?,?,?)", rows)
            rows.clear()
    col.db.executemany("insert into revlog values (?,?,?,?,?,?,?,?,?)", rows)
    random = Random(1)
    today, seen = col.sched.today, int(time.time()) - 9 * 86_400
    data = f'{{"s":20.0,"d":5.5,"dr":0.9,"decay":0.1542,"lrt":{seen}}}'
    due = [
        (today - random.randrange(60) if at < DUE else today + 1 + random.randrange(300), data, each)
        for at, each in enumerate(ids.values())
    ]
    for start in range(0, len(due), PORTION):
        col.db.executemany(
            "update cards set type = 2, queue = 2, ivl = 20, due = ?, data = ? where id = ?",
            due[start : start + PORTION],
        )
    group = col.decks.config_dict_for_deck_id(1)
    group["rev"]["perDay"] = 9999
    col.decks.update_config(group)
    return col


def their_step(col: Any) -> Callable[[], None]:
    from anki.scheduler.v3 import CardAnswer

    queued = col.sched.get_queued_cards()

    def step() -> None:
        nonlocal queued
        first = queued.cards[0]
        card = col.get_card(first.card.id)
        card.start_timer()
        answer = col.sched.build_answer(card=card, states=first.states, rating=CardAnswer.GOOD)
        col.sched.answer_card(answer)
        queued = col.sched.get_queued_cards()

    return step


Taken = tuple[float, float]
"""Milliseconds by the wall clock and of the processor."""


def milliseconds(work: Callable[[], object]) -> Taken:
    wall, processor = time.perf_counter(), time.thread_time()
    work()
    return 1000 * (time.perf_counter() - wall), 1000 * (time.thread_time() - processor)


def told(name: str, times: list[Taken], base: list[Taken]) -> str:
    line = f"{name:22}"
    for at, clock in enumerate(("wall", "processor")):
        ordered = sorted(each[at] for each in times)
        ratio = median(ordered) / median(each[at] for each in base)
        p99 = ordered[int(len(ordered) * 0.99)]
        line += f" | {clock}: median {median(ordered):5.2f}, p99 {p99:6.2f}, most {ordered[-1]:6.2f}; {ratio:4.2f}"
    return line


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    asked = int(sys.argv[2]) if len(sys.argv) > 2 else ASKED
    today = int(time.time() * 1000) // MS_PER_DAY
    events, before = answered(number, today)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        decks, home = folder / "decks", folder / "home"
        decks.mkdir()
        home.mkdir()
        (home / "config.toml").write_text("[limits]\nnew = 0\nreviews = 9999\n")
        cards = write_decks(decks, events)
        here = Home(home, home, home / "cache")
        with Journal.open(here.journal, events[0].at_ms, fingerprint(here.journal)) as journal:
            journal.insert(events)
        col = in_anki(folder / "collection.anki2", events, before)
        count = len(events)
        del events, before
        step = their_step(col)
        with Collection.open(here, (decks,)) as collection:
            reviewing = Reviewing.start(collection)
            assert reviewing.counts.review >= 2 * asked, "too few cards are due"
            reviewing.rate(3, 5000)  # the day's copy of the journal is made before the first answer

            def ours() -> None:
                reviewing.rate(3, 5000)

            connection = collection.journal._connection
            gc.collect()
            theirs, without, flushed = [], [], []
            for _ in range(asked):
                connection.execute("PRAGMA synchronous=OFF")
                without.append(milliseconds(ours))
                theirs.append(milliseconds(step))
                connection.execute("PRAGMA synchronous=FULL")
                flushed.append(milliseconds(ours))
        col.close()
    print(f"{cards:,} cards, {count:,} answers, {asked:,} cards asked, load {os.getloadavg()[0]:.1f}")
    print("milliseconds; the last number is the ratio of the medians to Anki's")
    print(told("ours without flushes", without, theirs))
    print(told("ours, flushed", flushed, theirs))
    print(told("Anki's backend", theirs, theirs))


if __name__ == "__main__":
    main()
