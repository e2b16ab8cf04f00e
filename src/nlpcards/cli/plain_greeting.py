"""What a newcomer is asked line by line, before the first review: which track, and how many minutes a day."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TextIO, TypeVar

from nlpcards.cli.context import say
from nlpcards.cli.prose import put_prose

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.collection.first_run import Outlook
    from nlpcards.core.roadmap.values import Track

_Answer = TypeVar("_Answer")


def greet_plainly(collection: Collection) -> None:
    """Ask the first questions where they were never asked and somebody sits at a terminal, never in a pipe.

    Raises:
        NlpcardsError: an answer could not be written down.
    """
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout)):
        return
    from nlpcards.collection.first_run import greets, skip, start

    if not greets(collection):
        return
    put_prose("Welcome to nlpcards. Two questions before the first card; q skips them, and nothing asks again.")
    chosen = _asked(collection)
    if chosen is None:
        skip(collection)
        put_prose("Skipped. `nlpcards track use` follows a track at any time.")
        return
    start(collection, chosen)
    title = "All decks" if chosen.track is None else chosen.track.title
    put_prose(f"{title}: {chosen.words}. `nlpcards placement` finds out what you know already.")


def _asked(collection: Collection) -> Outlook | None:
    """The two questions; what they come to, None where they were skipped."""
    from nlpcards.collection.first_run import USUAL_MINUTES, cards_of, outlook
    from nlpcards.collection.purposes import minutes_of
    from nlpcards.core.words import count

    tracks: Sequence[Track | None] = (*collection.library.roadmap.tracks.values(), None)
    put_prose("Which way do you want to go?")
    for number, track in enumerate(tracks, 1):
        cards = count(cards_of(collection, track), "card")
        if track is None:
            put_prose(f"{number}: No track, every deck is free; {cards}.")
        else:
            put_prose(f"{number}: {track.title}; {cards}. {track.about}")
    put_prose("Type a number.")
    at = _until(lambda line: _number(line, len(tracks)))
    if at is None:
        return None
    track = tracks[at - 1]
    put_prose(f"How many minutes a day do you have, reviews included? An empty line means {USUAL_MINUTES}.")
    return _until(
        lambda line: outlook(collection, track.id if track else None, minutes_of(line) if line else USUAL_MINUTES)
    )


def _until(understood: Callable[[str], _Answer]) -> _Answer | None:
    """Read lines until one is understood; None where the learner skips, or the input ends."""
    from nlpcards.cli.plain import line_of_input
    from nlpcards.core.errors import NlpcardsError

    while True:
        line = line_of_input()
        if line is None or line in ("q", ":q", ":quit"):
            return None
        try:
            return understood(line)
        except NlpcardsError as error:
            say(str(error))


def _number(line: str, most: int) -> int:
    from nlpcards.core.errors import UsageError

    if line.isascii() and line.isdigit() and 1 <= int(line[:4]) <= most:
        return int(line)
    raise UsageError(f"{line[:40] or 'nothing'} is no number from 1 to {most}", remedy="Type one, or q.")


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()
