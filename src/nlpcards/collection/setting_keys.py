"""Every setting by its name: what it is, what it may be, where it is kept, and how its value is written.

One list for what lives in two places, taste in `config.toml` and what shapes memory in the journal, so that a learner
need not know which is which.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import Enum
from typing import Any

from nlpcards.collection.taste import NO_PRACTICE_DAY, WEEKDAYS, Symbols, Taste
from nlpcards.core.errors import UsageError
from nlpcards.core.memory import DECK_RETENTION, Settings
from nlpcards.core.queue import Order

Value = str | int | float | bool | date | tuple[int, ...] | tuple[float, ...] | None
"""What a setting can be; None where a deck has none of its own, or no day is named."""

DECK = "DECK"
"""Stands in a setting's name for the id of any deck."""

KEY = "SCREEN.ACTION"
"""Stands in a setting's name for what a key does on a screen, such as `review.undo`."""


class Keeper(Enum):
    """Where a setting is kept; the values are what a learner is shown."""

    FILE = "config.toml"
    """Taste: it changes what is asked, never what a journal says."""
    JOURNAL = "journal"
    """It shapes memory, so it is an event, and holds from then on."""


@dataclass(frozen=True, slots=True)
class Key:
    """One setting, or one for each deck or key where its name has `DECK` or `KEY` in it.

    `about` says what it is for and `takes` what it may be, as clauses that begin small. `read` makes a value of what
    was typed and raises ValueError where it is of another shape; ranges are checked by who reads the value in the end.
    `choices` are all values there are, as they are typed, where those are few.
    """

    name: str
    keeper: Keeper
    about: str
    takes: str
    default: Value
    read: Callable[[str], Value]
    choices: tuple[str, ...] = ()

    @property
    def of_deck(self) -> bool:
        """Whether each deck has one of its own."""
        return DECK in self.name

    @property
    def of_key(self) -> bool:
        """Whether each key of each screen has one of its own."""
        return KEY in self.name


@dataclass(frozen=True, slots=True)
class Named:
    """A setting of a certain name: its key, and what stands in place of `DECK` or `KEY` (empty where neither does)."""

    key: Key
    of: str = ""

    @property
    def name(self) -> str:
        """The name as it is typed, such as `limits.decks.lstm.new`."""
        return self.key.name.replace(DECK, self.of).replace(KEY, self.of) if self.of else self.key.name

    @property
    def path(self) -> tuple[str, ...]:
        """The keys that lead to it in `config.toml`."""
        if self.key.of_key:
            return tuple(self.name.split("."))
        return tuple(self.of if part == DECK else part for part in self.key.name.split("."))


def _text(typed: str) -> str:
    return typed.strip()


def _whole(typed: str) -> int:
    # `int` would take `1_000` and the digits of every script.
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", typed.strip()):
        raise ValueError(typed)
    return int(typed)


def _share(typed: str) -> float:
    number = typed.strip()
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,12})?%?|\.[0-9]{1,12}", number):
        raise ValueError(typed)
    # Rounded, so that 70% is 0.7 to the last bit.
    return float(number) if not number.endswith("%") else round(float(number[:-1]) / 100, 12)


_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _flag(typed: str) -> bool:
    found = _FLAGS.get(typed.strip().lower())
    if found is None:
        raise ValueError(typed)
    return found


def _date(typed: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed.strip()):
        raise ValueError(typed)
    return date.fromisoformat(typed.strip())


_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def _steps(typed: str) -> tuple[int, ...]:
    words = typed.replace(",", " ").split()
    if words == ["none"]:
        return ()
    found = [re.fullmatch(r"([0-9]{1,6})([smhd])", word) for word in words]
    if not found or None in found:
        raise ValueError(typed)
    return tuple(int(each[1]) * _SECONDS[each[2]] for each in found if each)


def _numbers(typed: str) -> tuple[float, ...]:
    return tuple(float(word) for word in typed.strip("[] \n").replace(",", " ").split())


def written(value: Value) -> str:
    """A value as it is typed; `none` for None and for no steps, empty for an empty text."""
    match value:
        case None | ():
            return "none"
        case bool():
            return "true" if value else "false"
        case tuple():
            return " ".join(_step(each) if isinstance(each, int) else repr(each) for each in value)
        case date():
            return value.isoformat()
        case float():
            return f"{value:.12f}".rstrip("0").rstrip(".")
        case _:
            return str(value)


def _step(seconds: int) -> str:
    unit = next(unit for unit in ("d", "h", "m", "s") if seconds % _SECONDS[unit] == 0)
    return f"{seconds // _SECONDS[unit]}{unit}"


def as_data(value: Value) -> Any:
    """A value as JSON can say it: a date as text, steps as seconds, None as null."""
    match value:
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value


def _keys() -> Iterable[Key]:
    taste, memory = Taste(), Settings()
    flag = ("true", "false")
    orders = [order.value for order in Order]
    drawn = [each.value for each in Symbols]
    cards = "a whole number of cards, 0 or more"
    steps = "spans such as `1m 10m`, each from `1s` to less than `7d`, or `none`"

    def preferred(
        name: str, about: str, takes: str, default: Value, read: Callable[[str], Value], choices: Iterable[str] = ()
    ) -> Key:
        return Key(name, Keeper.FILE, about, takes, default, read, tuple(choices))

    def shaping(name: str, about: str, takes: str, default: Value, read: Callable[[str], Value]) -> Key:
        return Key(name, Keeper.JOURNAL, about, takes, default, read)

    yield preferred("theme", "the colours", "the name of a Textual theme; empty for the default", taste.theme, _text)
    editor = "a command line, such as `code --wait`; empty for $VISUAL or $EDITOR"
    yield preferred("editor", "what opens decks and this file", editor, taste.editor, _text)
    symbols = "what the screen draws with"
    takes = f"one of {', '.join(drawn)}; auto is what the terminal says it can show"
    yield preferred("symbols", symbols, takes, taste.symbols.value, _text, drawn)
    yield preferred("limits.new", "new cards a day over all decks", cards, taste.limits.new, _whole)
    yield preferred("limits.reviews", "reviews a day over all decks", cards, taste.limits.reviews, _whole)
    within = "of one deck, within the limit over all"
    yield preferred(f"limits.decks.{DECK}.new", f"new cards a day {within}", cards, None, _whole)
    yield preferred(f"limits.decks.{DECK}.reviews", f"reviews a day {within}", cards, None, _whole)
    takes = f"one of {', '.join(orders)}"
    yield preferred("review.order", "the order in which reviews come", takes, taste.rules.order.value, _text, orders)
    bury = "whether a note is reviewed through only one of its cards a day"
    yield preferred("review.bury_siblings", bury, "true or false", taste.rules.bury_siblings, _flag, flag)
    balance = "whether a card's next day depends on what else is due then"
    yield preferred("review.balance", balance, "true or false", taste.balance, _flag, flag)
    caught_up = "the day by which a backlog is to be gone"
    yield preferred("review.caught_up_by", caught_up, "a date such as `2026-12-01`", None, _date)
    for day, weight in zip(WEEKDAYS, taste.easy_days, strict=True):
        much = "a share from 0 (nothing, where it can be helped) to 1 (as on other days)"
        yield preferred(f"easy_days.{day}", f"how much may fall due on a {day.title()}", much, weight, _share)

    days_off = "days without new cards where a calendar or a day to meet paces these; reviews go on"
    takes = "dates and spans of dates, such as `2026-12-24 2026-12-27..2027-01-03`; empty for none"
    yield preferred("roadmap.holidays", days_off, takes, "", _text)
    practice = "the day of the weekly practice"
    named_days = (NO_PRACTICE_DAY, *WEEKDAYS)
    yield preferred(
        "roadmap.practice_day", practice, f"one of {', '.join(named_days)}", NO_PRACTICE_DAY, _text, named_days
    )

    key = "the apiKey in the add-on's configuration, empty where it has none"
    yield preferred("anki.key", "what AnkiConnect asks for before it does anything", key, taste.anki_key, _text)

    takes = "keys divided by spaces, such as `z ctrl+z`, `?` or `f5`"
    yield preferred(f"keys.{KEY}", "other keys for what a key does", takes, None, _text)

    share = "a share from 0.7 to 0.99"
    yield shaping(
        "desired_retention", "the recall at which a card is due again", share, memory.desired_retention, _share
    )
    yield shaping(f"{DECK_RETENTION}{DECK}", "the same for one deck", share, None, _share)
    yield shaping("learning_steps", "when a new card comes back on its first day", steps, memory.learning_steps, _steps)
    relearning = "when a card that was forgotten comes back"
    yield shaping("relearning_steps", relearning, steps, memory.relearning_steps, _steps)
    longest = "the longest interval in days"
    yield shaping("maximum_interval", longest, "a whole number from 1 to 36500", memory.maximum_interval, _whole)
    hour = "the local hour at which a study day begins"
    yield shaping("rollover", hour, "a whole number from 0 to 23", memory.rollover, _whole)
    yield shaping("parameters", "FSRS-6's own", "21 numbers, each within its bounds", memory.parameters, _numbers)


KEYS: tuple[Key, ...] = tuple(_keys())
"""Every setting: taste first, then what shapes memory."""


def named(name: str) -> Named:
    """The setting of a name as it is typed.

    Raises:
        UsageError: there is none; it says which was probably meant.
    """
    for key in KEYS:
        if key.of_key:
            before = key.name.partition(KEY)[0]
            if name.startswith(before) and re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", name[len(before) :]):
                return Named(key, name[len(before) :])
        elif key.of_deck:
            before, after = key.name.split(DECK)
            deck = name[len(before) : len(name) - len(after)]
            if name == before + deck + after and deck and "." not in deck and "/" not in deck:
                return Named(key, deck)
        elif key.name == name:
            return Named(key)
    likely = _likely(name)
    remedy = f"Did you mean {likely}?" if likely else "`nlpcards config list` shows all of them."
    raise UsageError(f"there is no setting {name}", remedy=remedy)


def _likely(name: str) -> str:
    """The name that was probably meant, empty where none comes near."""
    plain = [key.name for key in KEYS if not key.of_deck and not key.of_key]
    ends = {each.rsplit(".", 1)[-1]: each for each in plain}
    low = name.lower().replace("-", "_")
    of_decks = [key.name for key in KEYS if key.of_deck]
    before = next((each for each in (key.partition(DECK)[0] for key in of_decks) if low.startswith(each)), "")
    if before:
        low = f"{before}{DECK}.{low.rsplit('.', 1)[-1]}"
    near = get_close_matches(low, [*plain, *of_decks], 1, 0.75)
    if near:
        return near[0]
    near = get_close_matches(low.rsplit(".", 1)[-1], ends, 1, 0.75)
    return ends[near[0]] if near else next((each for each in plain if low in each), "")


def did_you_mean(name: str, known: Collection[str]) -> str:
    """A remedy that names the nearest of some names, or all of them where none is near; empty where there is none."""
    near = get_close_matches(name, known, 1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known: {', '.join(sorted(known))}." if known else ""
