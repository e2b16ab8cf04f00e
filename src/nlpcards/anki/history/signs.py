"""What is set on a card without answering it (suspended, a flag), and on which of two sides it was set later.

Anki keeps no time of either: only when a card last changed, which an answer is too, and which a flag is not. So the
journal keeps what a collection was last seen or left with (see `Left`), as marks of the collection's own device: what
differs from that was set there since.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from nlpcards.anki.reading.values import Queue, StoredSchedule
from nlpcards.core.journal import Body, Event, EventId, Mark

MARKS = "card:"
"""How the subjects of all marks begin that keep what some collection was left with."""

_BEYOND = 1 << 62
"""Rows of Anki's log have the milliseconds since 1970 as their ids, which are far below this: of the numbers of a
collection's device, those from here on are free, so many that no two events of a large collection share one.
"""


@dataclass(frozen=True, slots=True)
class Signs:
    """Whether a card is suspended, and its flag (0-7, 0 for none)."""

    suspended: bool = False
    flag: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """What a collection was last seen or left with: a card's signs, at `at_s` seconds since 1970 UTC (0: never)."""

    signs: Signs = Signs()
    at_s: int = 0


def signs_of(stored: StoredSchedule) -> Signs:
    """What a card has in Anki."""
    return Signs(stored.queue == Queue.SUSPENDED.value, stored.flag)


def set_there_at(there: object, left: object, left_s: int, changed_s: int, seen_s: int, said: int) -> int | None:
    """When what Anki has of a card, and which is not what is here, was set there; None where it does not count, since
    what is here was set later. In seconds since 1970 UTC, as all of these: the earliest instant that it can be.

    `there` is what Anki has at `seen_s`, `left` what it was last seen or left with at `left_s`. The card last changed
    there at `changed_s`, but for flags. `said` is the logical clock of the last event here that says anything of it, -1
    where none does.

    What only one side has set since they last agreed counts. Where both have, Anki's counts if the card changed there
    after it was set here.
    """
    if there == left or seen_s + 1 < left_s:
        return None
    if said > order_at(left_s):
        return changed_s if order_at(changed_s) > said else None
    return max(changed_s, left_s + 1)


def order_at(at_s: int) -> int:
    """The logical clock of what happened in Anki at a second since 1970 UTC."""
    return at_s * 1000 << 16


def sign_event(device: str, card: int, at_s: int, body: Body, day_of: Callable[[int], int]) -> Event:
    """The event of something that was set on a card (Anki's id), the same whenever and wherever it is read.

    `day_of` gives the study day of an instant in ms since 1970 UTC.
    """
    day = day_of(at_s * 1000)
    # All that the event says, so that one number never stands for two.
    text = f"{card} {at_s} {day} {body!r}"
    number = int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return Event(EventId(device, _BEYOND | number >> 2), order_at(at_s), at_s * 1000, day, body)


def marks_of(device: str) -> str:
    """How the subjects of the marks begin that keep what a collection was left with."""
    return f"{MARKS}{device}:"


def left_mark(device: str, card: str, left: Left) -> Mark:
    """The mark that keeps what a collection was left with of a card of ours."""
    value = {"at": left.at_s, "flag": left.signs.flag, "suspended": left.signs.suspended}
    return Mark(f"{marks_of(device)}{card}", json.dumps(value, separators=(",", ":")))


def every_left(marks: Mapping[str, Event], device: str, names: Mapping[str, str]) -> dict[str, Left]:
    """What a collection was left with, by our cards; `marks` are the last ones of each subject, `names` gives the
    present id of a card for each former one. A mark that cannot be understood says nothing.
    """
    start, found = marks_of(device), dict[str, Left]()
    for subject, event in marks.items():
        if not subject.startswith(start) or not isinstance(event.body, Mark):
            continue
        try:
            value = json.loads(event.body.value)
            left = Left(Signs(value["suspended"] is True, int(value["flag"])), int(value["at"]))
        except (ValueError, TypeError, KeyError):
            continue
        card = subject.removeprefix(start)
        name = names.get(card, card)
        if name not in found or found[name].at_s < left.at_s:
            found[name] = left
    return found
