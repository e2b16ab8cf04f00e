"""`track`: which track one follows, and which topics are open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put, say
from nlpcards.cli.plan import track_plan
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.collection.roadmap.changing import Door
    from nlpcards.collection.roadmap.standing import TrackStanding


@click.group()
def track() -> None:
    """Follow a track of the roadmap: new cards come in its order, reviews as ever. Changing tracks loses nothing."""


track.add_command(track_plan)


@track.command(name="list")
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def list_(invocation: Invocation, as_json: bool, decks: tuple[Path, ...]) -> None:
    """List the tracks there are, and how far you have come on each."""
    from nlpcards.collection.roadmap.standing import standing

    with invocation.open(decks, read_only=True) as collection:
        found = standing(collection)
    if as_json:
        print_json([_as_data(each) for each in found.tracks])
        return
    if found.lost:
        say(f"You follow the track {found.lost}, which no roadmap has any more; decks are free meanwhile.")
    if not found.tracks:
        say("There is no track. A roadmap.yaml beside the decks names them.")
        return
    from nlpcards.cli.table import print_table
    from nlpcards.collection.roadmap.printing import share

    table: list[tuple[str, ...]] = [("", "track", "title", "stages", "topics", "cards", "introduced", "recall")]
    table += [
        (
            "*" if each.followed else "",
            each.track.id,
            each.track.title,
            *map(str, (len(each.stages), len(each.track.topics), each.progress.cards)),
            share(each.progress.introduced),
            share(each.progress.recall),
        )
        for each in found.tracks
    ]
    print_table(table, left=3)
    if found.followed is None:
        say("You follow none. Follow one with `nlpcards track use TRACK`; see it before with `nlpcards roadmap TRACK`.")


@track.command()
@click.argument("name", metavar="TRACK")
@click.option(
    "--since", metavar="DATE", help="The day on which it began or begins, such as 2026-12-24; today if left out."
)
@DECKS_OPTION
@click.pass_obj
def use(invocation: Invocation, name: str, since: str | None, decks: tuple[Path, ...]) -> None:
    """Follow a track from now on; what you learned on another stays."""
    from nlpcards.collection.roadmap.changing import use_track
    from nlpcards.core.due_dates import any_day

    with invocation.open(decks) as collection:
        day = None if since is None else any_day(since)
        found = use_track(collection, name, day)
        new = len(collection.plan(collection.chosen(())).new)
    say(f"You follow {found.title} now: {count(len(found.stages), 'stage')}. Today it brings {count(new, 'new card')}.")


@track.command()
@DECKS_OPTION
@click.pass_obj
def leave(invocation: Invocation, decks: tuple[Path, ...]) -> None:
    """Follow no track any more: new cards come from all decks in turn."""
    from nlpcards.collection.roadmap.changing import leave_track

    with invocation.open(decks) as collection:
        left = leave_track(collection)
    say(f"You follow {left} no more. What you learned stays, and every deck is free.")


@track.command(name="open")
@click.argument("topic")
@DECKS_OPTION
@click.pass_obj
def open_(invocation: Invocation, topic: str, decks: tuple[Path, ...]) -> None:
    """Open a topic, whatever it needs."""
    from nlpcards.collection.roadmap.changing import open_topic

    with invocation.open(decks) as collection:
        _say(open_topic(collection, topic))


@track.command()
@click.argument("topic")
@click.option("--by-rules", is_flag=True, help="Take back what you opened or closed: what it needs decides again.")
@DECKS_OPTION
@click.pass_obj
def close(invocation: Invocation, topic: str, by_rules: bool, decks: tuple[Path, ...]) -> None:
    """Close a topic: none of its new cards come until you open it. Its reviews go on."""
    from nlpcards.collection.roadmap.changing import leave_topic, shut_topic

    with invocation.open(decks) as collection:
        _say((leave_topic if by_rules else shut_topic)(collection, topic))


@track.command()
@click.option("--introduced", type=click.IntRange(0, 100), metavar="PERCENT", help="The share of its cards introduced.")
@click.option("--recall", type=click.IntRange(0, 100), metavar="PERCENT", help="The mean recall of these.")
@DECKS_OPTION
@click.pass_obj
def known(invocation: Invocation, introduced: int | None, recall: int | None, decks: tuple[Path, ...]) -> None:
    """Say from when on a topic counts as known, so that what needs it opens; without options, how it is now."""
    from nlpcards.collection.roadmap.changing import adjust

    changes = introduced is not None or recall is not None
    with invocation.open(decks, read_only=not changes) as collection:
        if changes:
            found = adjust(
                collection,
                introduced=None if introduced is None else introduced / 100,
                recall=None if recall is None else recall / 100,
            )
        else:
            found = collection.knowing.following.thresholds
    put(
        f"A topic is known once {found.introduced:.0%} of its cards were introduced, with a mean recall of "
        f"{found.recall:.0%} or more."
    )


def _say(door: Door) -> None:
    say(f"{door.title} is {'open' if door.opening.open else 'closed'}: {door.why}.")


def _as_data(found: TrackStanding) -> dict[str, object]:
    from nlpcards.core.roadmap.as_data import progress_as_data

    return {
        "id": found.track.id,
        "title": found.track.title,
        "pacing": found.track.pacing.value,
        "followed": found.followed,
        "stage": found.stage.stage.id if found.stage else None,
        "stages": [each.stage.id for each in found.stages],
        **progress_as_data(found.progress),
    }
