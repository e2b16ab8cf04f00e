"""The page about statistics names every figure and every key of the JSON, and states the numbers that hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from nlpcards.cli.stats import stats
from nlpcards.collection.reviewing import LONGEST_ANSWER_MS
from nlpcards.collection.statistics import DAYS
from nlpcards.core.stats.answers import MATURE_DAYS, Summed, Was
from nlpcards.core.stats.as_data import as_data
from nlpcards.core.stats.overview import Group, Known, overview
from nlpcards.core.stats.periods import HEAT_WEEKS
from nlpcards.core.stats.retention import WINDOWS
from nlpcards.core.stats.standings import FORECAST_DAYS

PAGE = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text("utf-8")


def data() -> dict[str, Any]:
    known = Known(Summed(), (Group("made", ""),), (), {0: 1}, lambda ms: 0, lambda memory, days: 1.0)
    return as_data(overview(known, day=20_400, day_ends_ms=0, days=7))


def keys(value: object) -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                yield key
                yield from keys(inner)
        case list():
            for inner in value:
                yield from keys(inner)


def test_the_page_names_every_key_of_the_json() -> None:
    assert len(set(keys(data()))) > 40
    assert not [key for key in dict.fromkeys(keys(data())) if f"`{key}`" not in PAGE]


def test_the_page_names_no_key_that_the_json_has_not() -> None:
    table = PAGE.partition("## As JSON")[2]
    named = {name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert named == set(data())


def test_the_page_states_every_number_as_it_is() -> None:
    assert LONGEST_ANSWER_MS == 60_000
    for sentence in (
        f"the last {DAYS} study days",
        f"an interval below {MATURE_DAYS} days",
        f"an interval of {MATURE_DAYS} days or more",
        f"{HEAT_WEEKS} weeks",
        f"each of {FORECAST_DAYS} days",
        "at most a minute",
    ):
        assert sentence in PAGE, sentence
    assert not [was for was in Was if f"| `{was.name.lower()}` |" not in PAGE]
    assert not [name for name, _, _ in WINDOWS if f"`{name.lower().replace(' ', '_')}`" not in PAGE]


def test_the_page_names_every_option() -> None:
    options = {name for each in stats.params if isinstance(each, click.Option) for name in each.opts}
    assert not [name for name in options - {"--decks"} if f"`{name}" not in PAGE]
