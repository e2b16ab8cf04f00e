"""What goes into a package's review log is known again, whatever its rows had to give way to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import count, groupby

import genanki
from hypothesis import given, settings
from hypothesis import strategies as some

from nlpcards.anki.history.log_rows import LATER_MS, MANUAL_LATER_MS
from nlpcards.anki.history.review_log import Translated, translated
from nlpcards.anki.history.writing import History, Written, write_history
from nlpcards.anki.reading.values import StoredReview
from nlpcards.core.days import MS_PER_DAY
from nlpcards.core.fold import Timeline
from nlpcards.core.journal import Body, ChangedMeaning, Event, EventId, Reset, Review, SetDue, next_hlc

DAY = 20_000
START = DAY * MS_PER_DAY + 12 * 3_600_000
CARDS = ("made/a#qa", "made/b#qa", "made/c#qa")


def day_of(ms: int) -> int:
    return (ms - 4 * 3_600_000) // MS_PER_DAY


def events_of(happened: Iterable[tuple[int, str, Body]]) -> list[Event]:
    """The events of things that happened so many ms after the start, on the devices named, in the journal's order."""
    events = [
        Event(EventId(device, number), next_hlc(0, START + ms) + number, START + ms, day_of(START + ms), body)
        for number, (ms, device, body) in enumerate(happened, 1)
    ]
    return sorted(events, key=lambda event: event.order)


def out_and_back(events: Sequence[Event], device: str = "anki:9") -> tuple[Written, list[StoredReview], Translated]:
    """Events written to a log, its rows, and what another collection's reader makes of them."""
    own: dict[str, list[Event]] = {}
    for event in events:
        own.setdefault(event.card or "", []).append(event)
    numbers = {name: number for number, name in enumerate(sorted(own), 1)}
    history = History(
        lambda names: [(name, own[name]) for name in sorted(names)], Timeline(), DAY, day_of, START + MS_PER_DAY
    )
    with closing(sqlite3.connect(":memory:")) as db:
        cursor = db.cursor()
        genanki.Package([]).write_to_db(cursor, 0, count())
        written = write_history(cursor, history, numbers, {})
        columns = "id, cid, ease, ivl, lastIvl, factor, time, type"
        rows = [StoredReview(*row) for row in cursor.execute(f"SELECT {columns} FROM revlog ORDER BY id")]
    names = {number: name for name, number in numbers.items()}
    back = translated(rows, names.get, device=device, day_of=day_of, exported=lambda name: own[name])
    return written, rows, back


def bodies() -> some.SearchStrategy[Body]:
    card = some.sampled_from(CARDS)
    return some.one_of(
        some.builds(
            Review,
            card,
            some.sampled_from((1, 3, 3, 4)),
            some.integers(0, 9_000),
            some.none() | some.integers(DAY + 1, DAY + 40),
            some.integers(0, 3),
        ),
        some.builds(SetDue, card, some.integers(DAY - 2, DAY + 40)),
        some.builds(Reset, card),
        some.builds(ChangedMeaning, card),
    )


@settings(max_examples=400, deadline=None)
@given(
    some.lists(some.tuples(some.integers(0, 90), some.sampled_from(("desk", "phone", "anki:7")), bodies()), max_size=50)
)
def test_what_is_exported_is_recognised_on_the_way_back(happened: list[tuple[int, str, Body]]) -> None:
    written, rows, back = out_and_back(events_of(happened))
    assert (written.rows, written.crowded_out) == (len(rows), 0)
    assert (back.ours, [*back.events], back.passed_over, back.rescheduled) == (len(rows), [], 0, frozenset())


@given(some.lists(some.tuples(some.integers(0, 90), some.just("desk"), bodies()), max_size=30))
def test_every_answer_reset_and_due_day_has_a_row(
    happened: list[tuple[int, str, Body]],
) -> None:
    events = events_of(happened)
    _, rows, _ = out_and_back(events)
    assert sum(row.button > 0 for row in rows) == sum(isinstance(event.body, Review) for event in events)
    resets = [row for row in rows if row.button == 0 and row.factor == 0]
    assert len(resets) == sum(isinstance(event.body, Reset) for event in events)
    manual = [row for row in rows if row.button == 0]
    assert len(manual) >= sum(isinstance(event.body, Reset | SetDue) for event in events)


def test_one_action_on_a_thousand_cards_moves_no_answer_and_is_recognised() -> None:
    answers = [(number * 3, "desk", Review(f"made/r{number}#qa", 3, 900, None, 0)) for number in range(200)]
    moved = [(300, "desk", SetDue(f"made/r{number}#qa", DAY + 5)) for number in range(100)]
    other = [(300, "desk", SetDue(f"made/s{number:04}#qa", DAY + 5)) for number in range(1_000)]
    events = events_of([*answers, *moved, *other])
    written, rows, back = out_and_back(events)
    assert (written.crowded_out, len(rows), back.ours, [*back.events]) == (0, 1_300, 1_300, [])
    assert [row.id for row in rows if row.button] == [START + number * 3 for number in range(200)]
    assert max(row.id for row in rows) - START < 300 + MANUAL_LATER_MS


def test_more_answers_of_one_instant_than_there_is_room_for_are_counted() -> None:
    events = events_of([(0, "desk", Review(f"made/r{number:03}#qa", 3, 900, None, 0)) for number in range(100)])
    written, rows, back = out_and_back(events)
    assert (written.rows, written.crowded_out) == (LATER_MS + 1, 100 - LATER_MS - 1)
    assert (back.ours, [*back.events]) == (len(rows), [])


def test_what_happens_later_than_now_is_held_back_and_counted() -> None:
    late = MS_PER_DAY + 1
    happened = [(0, "desk", Review(CARDS[0], 3, 900, None, 0)), (late, "desk", Review(CARDS[0], 3, 900, None, 1))]
    written, rows, _ = out_and_back(events_of([*happened, (late, "desk", SetDue(CARDS[1], DAY + 5))]))
    assert (written.rows, written.held_back) == (1, 2)
    assert [row.id for row in rows] == [START]


def test_an_answer_given_in_anki_itself_is_not_taken_for_ours() -> None:
    own = events_of([(0, "desk", Review("made/a#qa", 3, 900, None, 0))])
    row = StoredReview(START + LATER_MS + 1, 1, 3, -600, 0, 500, 900, 0)
    back = translated([row], {1: "made/a#qa"}.get, device="anki:9", day_of=day_of, exported=lambda _: own)
    assert (back.ours, len(back.events)) == (0, 1)


def test_what_came_from_one_anki_and_went_to_another_is_not_counted_twice() -> None:
    first = events_of([(0, "anki:7", Review("made/a#qa", 3, 900, None, 0))])
    assert out_and_back(first, device="anki:9")[2].ours == 1
    known = [Event(EventId("anki:9", START), next_hlc(0, START), START, DAY, first[0].body)]
    again = out_and_back(known, device="anki:9")[2]
    assert again.ours == 0
    assert [event.id for event in again.events] == [known[0].id]


def test_a_change_of_meaning_on_the_learning_steps_leaves_the_steps_together() -> None:
    learning = Review("made/a#qa", 3, 900, None, 0)
    events = events_of(
        [(0, "desk", learning), (60_000, "desk", ChangedMeaning("made/a#qa")), (120_000, "desk", learning)]
    )
    _, rows, back = out_and_back(events)
    assert [(row.kind, row.button) for row in rows] == [(0, 3), (0, 3)]
    assert back.ours == 2
    assert [kind for kind, _ in groupby(row.kind for row in rows)] == [0]
