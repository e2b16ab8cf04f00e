"""Statistics as plain data, for JSON: dates as text, shares 0-1, times in ms; keys are the words of the program."""

from __future__ import annotations

from typing import Any

from nlpcards.core.days import date_of
from nlpcards.core.stats.answers import Was
from nlpcards.core.stats.distribution import Distribution
from nlpcards.core.stats.overview import GroupRow, Statistics
from nlpcards.core.stats.periods import Bucket
from nlpcards.core.stats.retention import Retention


def as_data(found: Statistics) -> dict[str, Any]:
    """The statistics as dictionaries, lists, texts and numbers; `docs/statistics.md` says what each is."""
    return {
        "day": str(date_of(found.day)),
        "first_day": str(date_of(found.first)),
        "days": found.days,
        "decks": list(found.decks),
        "days_studied": found.studied,
        "introduced": found.introduced,
        "total": _bucket(found.total),
        "true_retention": {name.lower().replace(" ", "_"): _retention(each) for name, each in found.windows},
        **{f"by_{period.value}": [_bucket(each) for each in own] for period, own in found.by.items()},
        "heat_map": {"start": str(date_of(found.heat.start)), "answers": list(found.heat.counts)},
        "hours": [{"answers": hour.answers, "passed": hour.passed} for hour in found.hours],
        "forecast": {
            "backlog": found.forecast.backlog,
            "days": list(found.forecast.days),
            "later": found.forecast.later,
        },
        "stability": _distribution(found.memories.stability),
        "difficulty": _distribution(found.memories.difficulty),
        "retrievability": _distribution(found.memories.retrievability),
        "remembered": found.memories.remembered,
        "cards": dict(found.cards.named),
        "by_deck": [{"deck": row.name, **_group(row)} for row in found.by_deck],
        "by_topic": [{"topic": row.name, **_group(row)} for row in found.by_topic],
    }


def _bucket(each: Bucket) -> dict[str, Any]:
    return {
        "start": str(date_of(each.start)),
        "answers": each.answers,
        **{was.name.lower(): each.counts[was] for was in Was},
        "ms": each.ms,
        "retention": _retention(each.retention),
    }


def _retention(each: Retention) -> dict[str, Any]:
    return {
        "share": each.share,
        "range": each.range,
        "young": each.young,
        "mature": each.mature,
        "young_passed": each.young_passed,
        "young_failed": each.young_failed,
        "mature_passed": each.mature_passed,
        "mature_failed": each.mature_failed,
    }


def _distribution(each: Distribution) -> dict[str, Any]:
    ends = [*each.edges[1:], each.end]
    return {
        "median": each.median,
        "mean": each.mean,
        "bins": [
            {"from": start, "to": end, "cards": number}
            for start, end, number in zip(each.edges, ends, each.counts, strict=True)
        ],
    }


def _group(row: GroupRow) -> dict[str, Any]:
    return {
        "answers": row.total.answers,
        "ms": row.total.ms,
        "retention": _retention(row.total.retention),
        "cards": row.cards,
        "met": row.met,
        "remembered": row.remembered,
    }
