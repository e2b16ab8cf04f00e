"""`today`: what the Today screen shows, in sentences or as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put

if TYPE_CHECKING:
    from nlpcards.collection.changes import Changes
    from nlpcards.collection.roadmap.standing import Present
    from nlpcards.collection.today import Today
    from nlpcards.core.queue import Counts


@click.command()
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def today(invocation: Invocation, as_json: bool, decks: tuple[Path, ...]) -> None:
    """Say where you stand today: what is due by deck and topic, about how long it takes, the streak, the days to come,
    and what changed in the decks.
    """
    from nlpcards.collection.changes import changes
    from nlpcards.collection.roadmap.standing import present

    with invocation.open(decks, read_only=True) as collection:
        found, changed = collection.today(), changes(collection)
        on_track = present(collection, found.moment.day)
    if as_json:
        print_json(_as_data(found, changed, on_track))
        return
    for sentence in _sentences(found, changed, on_track):
        put(sentence)


def _sentences(found: Today, changed: Changes | None, on_track: Present | None) -> list[str]:
    from nlpcards.collection.changes import in_words
    from nlpcards.collection.today_words import headline, standing, waiting
    from nlpcards.core.days import date_of
    from nlpcards.core.words import long_date, weekday

    said = [f"{long_date(date_of(found.moment.day))}.", headline(found)]
    if not found.rows:
        return [*said, "Put a deck, which is a YAML file, into the folder that `nlpcards decks` names."]
    said.append(waiting(found))
    if on_track is not None:
        said.append(on_track.words)
    of_decks = [(row.deck.title or row.deck.id, row.counts) for row in found.rows]
    of_topics = [(row.topic or "no topic", row.counts) for row in found.topics]
    for sort, rows in (("Deck", of_decks), ("Topic", of_topics)):
        said += [f"{sort} {name}: {_in_words(counts)}." for name, counts in rows if counts.total]
    said.append(f"So far: {'; '.join(standing(found))}.")
    if changed is not None:
        said.append(in_words(changed, found.moment.day))
    days = (f"{weekday(date_of(found.moment.day + at))}: {number:,}" for at, number in enumerate(found.ahead, 1))
    said.append(f"Reviews in the next {len(found.ahead)} days: {', '.join(days)}.")
    return said


def _in_words(counts: Counts) -> str:
    return f"{counts.new:,} new, {counts.learning:,} learning, {counts.review:,} review"


def _as_data(found: Today, changed: Changes | None, on_track: Present | None) -> dict[str, Any]:
    from nlpcards.core.days import date_of

    def counted(counts: Counts) -> dict[str, int]:
        return {"new": counts.new, "learning": counts.learning, "review": counts.review, "total": counts.total}

    return {
        "date": date_of(found.moment.day).isoformat(),
        **counted(found.counts),
        "held_back": found.plan.held_back,
        "estimate": {
            "seconds": round(found.takes.seconds),
            "answers": found.takes.answers,
            "usual_pace_for": [sort.name.lower() for sort in found.takes.usual],
        },
        "decks": [{"deck": row.deck.id, **counted(row.counts)} for row in found.rows],
        "topics": [{"topic": row.topic, **counted(row.counts)} for row in found.topics],
        "answered": found.answered,
        "spent_ms": found.spent_ms,
        "streak": {"days": found.streak.days, "off": found.streak.off},
        "ahead": [
            {"date": date_of(found.moment.day + at).isoformat(), "reviews": number}
            for at, number in enumerate(found.ahead, 1)
        ],
        "changes": None
        if changed is None
        else {
            "since": date_of(changed.since).isoformat(),
            "decks": [
                {
                    "deck": each.deck,
                    "added": each.added,
                    "edited": each.edited,
                    "renamed": each.renamed,
                    "removed": each.removed,
                }
                for each in changed.decks
            ],
        },
        "track": None
        if on_track is None
        else {"id": on_track.track.id, "stage": on_track.stage.id if on_track.stage else None},
        "errors": sum(problem.is_error for problem in found.problems),
    }
