"""`plan` and `track plan`: how many new cards a day finish in time, and what that costs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put

if TYPE_CHECKING:
    from nlpcards.collection.pacing import StudyPlan

_MINUTES_OPTION = click.option("--minutes", type=float, metavar="N", help="So many minutes a day, reviews included.")


@click.command()
@click.argument("name", metavar="[TRACK|TOPIC|DECK]", required=False)
@click.option(
    "--by",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day on which the last new card comes, such as 2027-03-01.",
)
@_MINUTES_OPTION
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def plan(
    invocation: Invocation,
    name: str | None,
    by: datetime | None,
    minutes: float | None,
    as_json: bool,
    decks: tuple[Path, ...],
) -> None:
    """Say how many new cards a day finish a track, a topic or a deck in time, and what that takes in minutes.

    Without a name it is for the track you follow, else for all decks. Where the day and the minutes cannot both hold,
    it says what would help. It is worked out from what is left today, with your own memory and pace.
    """
    from nlpcards.collection.pacing import study_plan

    with invocation.open(decks, read_only=True) as collection:
        found = study_plan(collection, name, by=None if by is None else by.date(), minutes=minutes)
    show(found, as_json)


@click.command(name="plan")
@_MINUTES_OPTION
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def track_plan(invocation: Invocation, minutes: float | None, as_json: bool, decks: tuple[Path, ...]) -> None:
    """Show the plan of the track you follow, week by week: what is left, new cards a day, reviews and minutes."""
    from nlpcards.collection.pacing import study_plan
    from nlpcards.core.errors import NothingToDo

    with invocation.open(decks, read_only=True) as collection:
        if collection.knowing.track is None:
            raise NothingToDo("you follow no track", remedy="Follow one with `nlpcards track use TRACK`.")
        found = study_plan(collection, minutes=minutes)
    show(found, as_json)


def show(found: StudyPlan, as_json: bool) -> None:
    """Print a plan, as JSON or as lines."""
    if as_json:
        print_json(as_data(found))
        return
    from nlpcards.collection.pacing_words import lines

    for line in lines(found):
        put(line)


def as_data(found: StudyPlan) -> dict[str, Any]:
    """A plan as JSON says it; days are dates, minutes and reviews are means a day."""
    from nlpcards.core.days import date_of

    def on(day: int | None) -> str | None:
        return None if day is None else date_of(day).isoformat()

    paced, load, ways = found.afforded.paced, found.afforded.load, found.afforded.ways_out
    return {
        "for": found.target.sort.value,
        "id": found.target.id,
        "title": found.target.title,
        "today": on(found.today),
        "by": on(found.by),
        "minutes": found.minutes,
        "start": on(found.start),
        "cards_left": found.target.cards,
        "new_today": paced.now,
        "new_on_the_fullest_day": paced.fullest,
        "needed_a_day": paced.needed,
        "limit": found.limit,
        "ends": on(paced.ends),
        "days_late": paced.late,
        "minutes_a_day": round(load.minutes_on(0, len(paced.new) - 1), 1),
        "minutes_in_the_busiest_week": round(load.busiest, 1),
        "holds": ways is None and not paced.late,
        "ways_out": None
        if ways is None
        else {
            "days_more": ways.later_days,
            "ends": on(ways.ends),
            "minutes_more": ways.more_minutes,
            "leave_out": None if ways.drop is None else list(ways.drop),
            "cards_left_out": ways.dropped,
        },
        "topics": [
            {
                "id": each.part.id,
                "left": each.part.cards,
                "by": on(each.part.by),
                "first": on(each.first),
                "last": on(each.last),
                "days_late": each.late,
            }
            for each in paced.parts
        ],
        "weeks": [
            {
                "week": row.number or None,
                "first": on(row.first),
                "last": on(row.last),
                "topics": list(row.topics),
                "left": row.left,
                "new": row.new,
                "new_a_day": row.new_a_day,
                "reviews_a_day": None if row.reviews is None else round(row.reviews, 1),
                "minutes_a_day": None if row.minutes is None else round(row.minutes, 1),
                "done": row.done,
                "days_late": row.late,
                "holidays": row.pause,
            }
            for row in found.weeks
        ],
    }
