"""Histories of reviews for tests: made-up ones, drawn by hypothesis or a seed, and a real one where it is at hand."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

from nlpcards.core.days import MS_PER_DAY, Moment, epoch_ms, study_day
from nlpcards.core.journal import Event, EventId, Review, chained, next_hlc
from nlpcards.core.memory import Model, Settings
from nlpcards.core.state import CardState, Interval

REAL = Path(__file__).parents[3] / "shared" / "data" / "reviews.csv"
"""12,580 reviews of one learner; tests that use it skip themselves where it is absent."""

Answer = tuple[str, int, int, int, int]
"""Card, rating, instant in ms since 1970 UTC, study day, duration in ms."""


def as_events(answers: list[Answer], device: str = "desk") -> list[Event]:
    """The answers as the events that a device would have written, without stored due days."""
    events: list[Event] = []
    hlc = 0
    under: dict[str, tuple[int, int]] = {}
    for seq, (card, rating, at_ms, day, duration) in enumerate(sorted(answers, key=lambda each: each[2]), 1):
        hlc = next_hlc(hlc, at_ms)
        repetition, after = under.get(card, (0, 0))
        review = Review(card, rating, duration, None, repetition, after=after)
        events.append(Event(EventId(device, seq), hlc, at_ms, day, review))
        under[card] = repetition + 1, chained(after, *events[-1].id)
    return events


def generated(cards: int, reviews: int, seed: int, first_day: int = 20_000) -> list[Answer]:
    """Answers of every rating, at UTC, given on the due day, somewhat before it or up to twice as late; steps the
    same day."""
    random = Random(seed)
    model = Model(Settings())
    answers: list[Answer] = []
    for number in range(cards):
        card, state = f"made/note{number}#qa", CardState()
        at = first_day * MS_PER_DAY + random.randrange(5 * 3_600_000, 20 * 3_600_000)
        for _ in range(max(1, round(random.gauss(reviews / cards, 2)))):
            day = (at - 4 * 3_600_000) // MS_PER_DAY
            rating = random.choices((1, 2, 3, 4), (15, 10, 60, 15))[0]
            answers.append((card, rating, at, day, random.randrange(1_000, 60_000)))
            state = model.answered(card, state, rating, Moment(at, day))
            if isinstance(state.schedule, Interval):
                wait = (state.schedule.due - day) * random.uniform(0.8, 2.0)
                at += max(1, round(wait)) * MS_PER_DAY + random.randrange(-3_600_000, 3_600_000)
            else:
                at += random.randrange(60_000, 3_600_000)
    return answers


def real() -> list[Answer]:
    """The real learner's answers, read at UTC-05:00."""
    zone = timezone(timedelta(hours=-5))
    answers: list[Answer] = []
    with REAL.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            at = datetime.fromisoformat(row["review_time"]).astimezone(zone)
            card = f"real/{row['card_id']}#qa"
            answers.append((card, int(row["review_rating"]), epoch_ms(at), study_day(at), int(row["review_duration"])))
    return answers
