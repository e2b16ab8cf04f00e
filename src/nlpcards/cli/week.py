"""`week`: the weekly practice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put

if TYPE_CHECKING:
    from nlpcards.collection.weekly import WeekReview


@click.command()
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def week(invocation: Invocation, as_json: bool, decks: tuple[Path, ...]) -> None:
    """Look back on the last seven days: what you learned, the weakest topics, the next milestone, one thing to read."""
    from nlpcards.collection.weekly import week as week_of

    with invocation.open(decks, read_only=True) as collection:
        found = week_of(collection)
    if as_json:
        print_json(_as_data(found))
        return
    from nlpcards.collection.weekly_words import sentences

    for sentence in sentences(found):
        put(sentence)


def _as_data(found: WeekReview) -> dict[str, Any]:
    from nlpcards.collection.taste import WEEKDAYS
    from nlpcards.core.days import date_of

    def named(each: Any) -> dict[str, str] | None:
        return None if each is None else {"id": each.id, "title": each.title, "kind": each.kind, "url": each.url}

    return {
        "first": date_of(found.first).isoformat(),
        "last": date_of(found.last).isoformat(),
        "practice_day": None if found.practice_day is None else WEEKDAYS[found.practice_day],
        "is_practice_day": found.is_today,
        "introduced": found.introduced,
        "answers": found.answers,
        "recalled": None if found.recalled is None else round(found.recalled, 4),
        "minutes": round(found.spent_ms / 60_000, 1),
        "days_studied": found.studied,
        "weakest": [
            {"id": each.id, "title": each.title, "recall": round(each.recall, 4), "introduced": each.met}
            for each in found.weakest
        ],
        "stage": None if found.stage is None else found.stage.id,
        "milestone": named(found.milestone),
        "resource": named(found.resource),
    }
