"""Remarks: what a learner says of a card besides answering it, and what follows from all that was said.

A note of one's own, reports that a card is wrong, tags of one's own: events like all else, which never touch the deck
nor what FSRS knows. They belong to a card, not to its siblings, and follow it when it is renamed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import assert_never

from nlpcards.core.dataclass import dataclass
from nlpcards.core.errors import UsageError
from nlpcards.core.fold import aliases
from nlpcards.core.journal import Event, OwnNote, RemarkBody, Report, Resolve, Tag, Untag, undone

LONGEST_NOTE = 2_000
"""The most characters of one's own note on a card."""

LONGEST_REASON = 500
"""The most characters of the reason why a card is wrong."""

LONGEST_TAG = 100
"""The most characters of one's own tag."""

_NO_TAG = re.compile(r"""[,\[\]{}"'#]""")


@dataclass(frozen=True, slots=True)
class Reported:
    """A card is wrong: on which study day that was said, why, and the hash of the card as it was then."""

    day: int
    reason: str
    content: str = ""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is said of a card now: one's own note (empty for none), what is reported and not settled, oldest first, and
    one's own tags, sorted.
    """

    note: str = ""
    reports: tuple[Reported, ...] = ()
    tags: tuple[str, ...] = ()


def fold_remarks(events: Iterable[Event]) -> Remarks:
    """What follows from a card's surviving events, given in the journal's order; those that are no remarks say nothing.

    A later note takes the place of an earlier one; reports add up until they are settled.
    """
    note = ""
    reports: list[Reported] = []
    tags: set[str] = set()
    for event in events:
        body = event.body
        if not isinstance(body, RemarkBody):
            continue
        match body:
            case OwnNote():
                note = body.text
            case Report():
                reports.append(Reported(event.day, body.reason, body.content))
            case Resolve():
                reports.clear()
            case Tag():
                tags.add(body.tag)
            case Untag():
                tags.discard(body.tag)
            case _:
                assert_never(body)
    return Remarks(note, tuple(reports), tuple(sorted(tags)))


def remarks(events: Collection[Event]) -> dict[str, Remarks]:
    """What is said of every card, under its present id, from a whole journal in any order; cards of which nothing is
    said now are left out.
    """
    gone = undone(events)
    names = aliases(events, gone)
    said: dict[str, list[Event]] = {}
    for event in events:
        if isinstance(event.body, RemarkBody) and event.id not in gone:
            said.setdefault(names.get(event.body.card, event.body.card), []).append(event)
    return remarks_by_card(said.items())


def remarks_by_card(said: Iterable[tuple[str, list[Event]]]) -> dict[str, Remarks]:
    """What is said of each card from its surviving remarks in any order, without cards of which nothing is said."""
    folded = ((card, fold_remarks(sorted(own, key=lambda event: event.order))) for card, own in said)
    return {card: said_of_it for card, said_of_it in folded if said_of_it != Remarks()}


def as_note(text: str) -> str:
    """A text as one's own note, without the space around it.

    Raises:
        UsageError: it is longer than 2,000 characters.
    """
    return _short(text, LONGEST_NOTE, "your note")


def as_reason(text: str) -> str:
    """A text as the reason why a card is wrong, on one line.

    Raises:
        UsageError: it is empty, or longer than 500 characters.
    """
    reason = _short(" ".join(text.split()), LONGEST_REASON, "the reason")
    if not reason:
        raise UsageError("a report needs a reason", remedy="Say in a few words what is wrong with the card.")
    return reason


def as_tags(text: str) -> tuple[str, ...]:
    """The tags that a text names, divided by spaces, sorted, each once; a deck's tags are written alike.

    Raises:
        UsageError: one has a character that no tag can have, or more than 100 characters.
    """
    tags = tuple(sorted(set(text.split())))
    for tag in tags:
        if _NO_TAG.search(tag) or not tag.isprintable():
            raise UsageError(
                f"{tag} cannot be a tag", remedy="A tag has no commas, brackets or quotes; spaces divide several."
            )
        _short(tag, LONGEST_TAG, "a tag")
    return tags


def retagged(card: str, before: Iterable[str], after: Iterable[str]) -> tuple[Tag | Untag, ...]:
    """What has to happen for a card's own tags to be others."""
    old, new = set(before), set(after)
    off = (Untag(card, tag) for tag in sorted(old - new))
    return (*off, *(Tag(card, tag) for tag in sorted(new - old)))


def _short(text: str, longest: int, what: str) -> str:
    text = text.strip()
    if len(text) > longest:
        raise UsageError(
            f"{what} has {len(text):,} characters, and {longest:,} are the most", remedy="Make it shorter."
        )
    return text
