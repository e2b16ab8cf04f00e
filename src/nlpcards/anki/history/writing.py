"""History into a package's collection: schedules onto its cards, rows into its review log, a preset for its decks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlpcards.anki.history.log_rows import LogRow
from nlpcards.anki.history.presets import preset, with_preset
from nlpcards.anki.history.schedules import CardRow, carried
from nlpcards.core.fold import Timeline
from nlpcards.core.journal import Event

FIRST_DAY = 18_262
"""The study day from which due days in a package count: 2020-01-01."""

_SCHEDULE = """
    UPDATE cards SET type = ?, queue = ?, due = coalesce(?, due), ivl = ?, factor = ?, reps = ?, lapses = ?, left = ?,
    flags = ?, data = CASE ? WHEN '' THEN '' ELSE json_insert(?, '$.pos', due) END WHERE id = ?
"""
_LOG = "INSERT OR IGNORE INTO revlog VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class History:
    """What a package is told of the past: `of` gives, for some of the cards by their ids, each one's surviving events
    in the journal's order, and passes over those to which nothing happened; `timeline`, `today` and `day_of` are as in
    `schedules.carried`. `now_ms` is the instant of the export in ms since 1970 UTC: what happened later, under a clock
    that was ahead, has no row until its time has come, since Anki moves or refuses rows that it takes to be of the
    future. `settled` are the ids of decks that keep the options that they have in Anki.
    """

    of: Callable[[Iterable[str]], Iterable[tuple[str, Sequence[Event]]]]
    timeline: Timeline
    today: int
    day_of: Callable[[int], int]
    now_ms: int
    settled: Container[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows went into the review log, how many found no free place in it, and how many were held back since
    their time has not come.
    """

    rows: int
    crowded_out: int
    held_back: int


def write_history(
    cursor: sqlite3.Cursor, history: History, cards: Mapping[str, int], decks: Mapping[str, int]
) -> Written:
    """Write the history of some cards, which stand there as new ones; `cards` and `decks` (deck ids of ours) map to
    Anki's ids.

    Answers take their places first, so that what no learner did card by card never moves one.
    """
    _write_preset(cursor, history.timeline, {name: at for name, at in decks.items() if name not in history.settled})
    written = crowded_out = held_back = 0
    rest: list[tuple[int, LogRow]] = []
    for name, events in history.of(cards):
        told = carried(name, events, history.timeline, history.today, history.day_of)
        number = cards[name]
        cursor.execute(_SCHEDULE, _columns(told.card, number))
        for row in told.log:
            if row.at_ms > history.now_ms:
                held_back += 1
            elif not row.button:
                rest.append((number, row))
            elif _placed(cursor, number, row):
                written += 1
            else:
                crowded_out += 1
    for number, row in sorted(rest, key=lambda each: (each[1].at_ms, each[0])):
        if _placed(cursor, number, row):
            written += 1
        else:
            crowded_out += 1
    return Written(written, crowded_out, held_back)


def _columns(card: CardRow, number: int) -> tuple[int | str | None, ...]:
    due = card.due - FIRST_DAY if card.is_day and card.due is not None else card.due
    return (
        card.type,
        card.queue.value,
        due,
        card.interval,
        card.ease,
        card.reps,
        card.lapses,
        card.left,
        card.flag,
        card.data,
        card.data,
        number,
    )


def _placed(cursor: sqlite3.Cursor, card: int, row: LogRow) -> bool:
    """Write a row at the first free place that it may take; False where there is none."""
    what = (card, row.button, row.interval, row.last_interval, row.factor, row.took_ms, row.kind)
    return any(cursor.execute(_LOG, (at, *what)).rowcount for at in _positive(row.places()))


def _positive(places: Iterator[int]) -> Iterator[int]:
    """Those of the places that Anki can read: a log begins in 1970."""
    return (at for at in places if at > 0)


def _write_preset(cursor: sqlite3.Cursor, timeline: Timeline, decks: Mapping[str, int]) -> None:
    settings = timeline.now
    made = preset(settings)
    found, presets = cursor.execute("SELECT decks, dconf FROM col").fetchone()
    retention = {decks[name]: share for name, share in settings.deck_retention if name in decks}
    told = with_preset(json.loads(found), made["id"], frozenset(decks.values()), retention)
    cursor.execute(
        "UPDATE col SET decks = ?, dconf = ?, conf = json_set(conf, '$.rollover', ?)",
        (json.dumps(told), json.dumps({**json.loads(presets), str(made["id"]): made}), settings.rollover),
    )
