"""What one does on the Roadmap: open and shut topics, follow a track, say what was read and done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from nlpcards.collection.collection import Collection
from nlpcards.collection.roadmap.changing import leave_topic, leave_track, mark, open_topic, shut_topic, use_track
from nlpcards.collection.roadmap.printing import share
from nlpcards.collection.roadmap.standing import Standing, TopicStanding, TrackStanding
from nlpcards.core.roadmap.following import Status
from nlpcards.core.roadmap.opening import Reason
from nlpcards.core.roadmap.values import Pacing
from nlpcards.core.words import count
from nlpcards.tui.choosing import Choosing, Offer
from nlpcards.tui.road_rows import BOXES, Thing
from nlpcards.tui.words import safe

if TYPE_CHECKING:
    from textual.app import App

    from nlpcards.tui.page import Page

Doing = Callable[[Callable[[], str]], None]
"""Does something that is written and gives a sentence about it, and shows that."""


def turn(collection: Collection, topic: TopicStanding) -> str:
    """Open a topic that is closed, close one that is open; gives what that means in a sentence.

    What a hand did is taken back first: only where the rules would leave it as it is, they are overruled.

    Raises:
        UsageError: there is no such topic any more.
        StoreError: it could not be written.
    """
    name = topic.topic.id
    if topic.opening.reason is Reason.FREE and name not in collection.knowing.following.opened:
        return "Every deck is free now, so there is nothing to open or to close; u follows a track."
    wanted = not topic.open
    by_hand = topic.opening.reason in (Reason.BY_HAND, Reason.SHUT)
    door = leave_topic(collection, name) if by_hand else None
    if door is None or door.opening.open is not wanted:
        door = (open_topic if wanted else shut_topic)(collection, name)
    if door.opening.open:
        return f"{door.title} is open, since {door.why}: its new cards come in turn. o closes it again."
    return f"{door.title} is closed, since {door.why}: no new card of it comes, reviews go on. o opens it again."


def follow_or_leave(collection: Collection, track: TrackStanding) -> str:
    """Follow a track from today on, or no longer; gives what that means in a sentence.

    Raises:
        UsageError: there is no such track any more.
        StoreError: it could not be written.
    """
    if track.followed:
        leave_track(collection)
        return f"You follow {track.track.title} no more: every deck is free. Nothing that you learned is lost."
    use_track(collection, track.track.id)
    when = ", and its first week begins today" if track.track.pacing is Pacing.CALENDAR else ""
    return f"You follow {track.track.title} now: new cards come in its order{when}. p shows the plan."


def offers_of_tracks(found: Standing, *, counting: bool = False) -> list[Offer]:
    """The tracks to choose from, and all topics by area (an empty name)."""
    wide = max((len(each.track.title) for each in found.tracks), default=0)
    offers = []
    for each in found.tracks:
        met = "" if counting else f"{share(each.progress.introduced):>5}"
        yours = "  yours" if each.followed else ""
        text = f"{safe(each.track.title):{wide}} {met:5}  {count(len(each.stages), 'stage')}{yours}"
        offers.append(Offer(each.track.id, Content(text)))
    return [*offers, Offer("", Content("All topics by area"))]


def ask_status(screen: Page[None], thing: Thing, do: Doing) -> None:
    """Ask how far one is with a resource or a milestone, and write it down."""
    collection = screen.nlpcards.collection
    marked = thing.marked

    def set_to(status: Status, note: str | None = None) -> str:
        mark(collection, thing.name, status, note=note)
        return f"{thing.what.title}: {_WORDS[status]}, as of today."

    def chosen(name: str | None) -> None:
        if name == "note":
            screen.nlpcards.with_trusted_clock(lambda: screen.call_later(write))
        elif name is not None:
            do(lambda: set_to(Status(name)))

    def write() -> None:
        from nlpcards.tui.entry import Entry

        # Written in the dialog, so that a note that is too long stays there to be shortened.
        entry = Entry(
            f"A note on {safe(thing.what.title)}",
            "Enter keeps it, ctrl+j begins a line, esc gives it up.",
            lambda text: set_to(thing.status, text.strip()),
            text=marked.note if marked is not None else "",
            lines=True,
        )
        screen.app.push_screen(entry, lambda kept: do(lambda: "The note is kept.") if kept else None)

    offers = [
        Offer(Status.TODO.value, Content(f"{BOXES[Status.TODO]} to do"), "t"),
        Offer(Status.DOING.value, Content(f"{BOXES[Status.DOING]} doing"), "g"),
        Offer(Status.DONE.value, Content(f"{BOXES[Status.DONE]} done"), "d"),
        Offer("note", Content("    write a note"), "n"),
    ]
    at = list(Status).index(thing.status)
    hint = f"A note: {marked.note}" if marked is not None and marked.note else "The day is today's."
    screen.app.push_screen(Choosing(safe(thing.what.title), offers, hint=safe(hint), at=at), chosen)


_WORDS = {Status.TODO: "to do", Status.DOING: "doing", Status.DONE: "done"}


def open_link(app: App[None], url: str) -> str:
    """Open an address of the web; gives what happened in a sentence."""
    # A roadmap may come from a stranger: nothing but the web is opened.
    if not url.lower().startswith(("https://", "http://")):
        return f"✗ {safe(url)} is no address of the web, so it is not opened."
    app.open_url(url)
    return f"Opened {safe(url)}"


def set_practice_day(collection: Collection, name: str) -> None:
    """Set the weekday of the weekly practice (`none` for no day), and use it at once.

    Raises:
        NlpcardsError: the configuration cannot be written.
    """
    from nlpcards.collection.first_run import configured

    configured(collection, {"roadmap.practice_day": name})
