"""What the learner prefers, from `config.toml`. Nothing here shapes memory: that is in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from nlpcards.core.balance import NO_EASY_DAYS, EasyDays
from nlpcards.core.dataclass import dataclass
from nlpcards.core.days import day_of
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.queue import DeckLimits, Limits, Order, Rules
from nlpcards.core.roadmap.holidays import NO_HOLIDAYS, Holidays, holidays

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The keys under `[easy_days]`."""

NO_PRACTICE_DAY = "none"
"""What `roadmap.practice_day` is where a learner wants no weekly practice."""


class Symbols(Enum):
    """What the screen may draw with; the values are as one writes them."""

    AUTO = "auto"
    """What the terminal says it can show."""
    UNICODE = "unicode"
    ASCII = "ascii"


@dataclass(frozen=True, slots=True)
class Taste:
    """What the learner prefers.

    `rules` are those of the day's queue. With `balance` a card's next day is chosen by what else is due then;
    `easy_days` are the weights of the weekdays in that. `theme` is a Textual theme's name, empty for the default.
    `editor` is a command line, empty for `$VISUAL` or `$EDITOR`. `symbols` says what the screen may draw with. `keys`
    are other keys for what a key does: the name of that, such as `review.undo`, and the keys as they were written;
    whether both exist is for the interface to say. `holidays` are study days without new cards, where a calendar or a
    day to meet paces these; `practice_day` is the weekday of the weekly practice, 0 for Monday, None for none.
    """

    rules: Rules = field(default_factory=Rules)
    balance: bool = True
    easy_days: EasyDays = NO_EASY_DAYS
    theme: str = ""
    editor: str = ""
    symbols: Symbols = Symbols.AUTO
    keys: Mapping[str, str] = field(default_factory=dict)
    holidays: Holidays = NO_HOLIDAYS
    practice_day: int | None = None

    anki_key: str = ""
    """The API key of Anki's add-on AnkiConnect, empty where it asks for none."""

    @property
    def limits(self) -> Limits:
        """The daily limits over all decks."""
        return self.rules.limits


def read_taste(path: Path) -> Taste:
    """The taste in a TOML file; the defaults where it is missing, or where a key is (see `docs/configuration.md`).

    Raises:
        NlpcardsError: the file is not TOML, or has a key or value that means nothing.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Taste()
    except (OSError, ValueError) as error:
        raise _unreadable(error, str(path)) from None
    return taste_of(text, str(path))


def taste_of(text: str, place: str) -> Taste:
    """The taste in the text of a TOML file; `place` names the file.

    Raises:
        NlpcardsError: it is not TOML, or has a key or value that means nothing.
    """
    import tomllib

    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(error, place) from None
    top = _Table(table, place)
    top.knows("limits", "review", "easy_days", "theme", "editor", "symbols", "roadmap", "keys", "anki")
    review = top.table("review")
    review.knows("order", "bury_siblings", "balance", "caught_up_by")
    easy = top.table("easy_days")
    easy.knows(*WEEKDAYS)
    weights = [easy.share(name) for name in WEEKDAYS]
    roadmap = top.table("roadmap")
    roadmap.knows("holidays", "practice_day")
    practice_day = roadmap.one_of("practice_day", [NO_PRACTICE_DAY, *WEEKDAYS])
    return Taste(
        _rules(top.table("limits"), review),
        review.flag("balance", True),
        (weights[0], weights[1], weights[2], weights[3], weights[4], weights[5], weights[6]),
        top.text("theme", "the name of a theme in quotes"),
        top.text("editor", "a command line in quotes"),
        Symbols(top.one_of("symbols", [each.value for each in Symbols])),
        _keys(top.table("keys")),
        roadmap.holidays("holidays"),
        None if practice_day == NO_PRACTICE_DAY else WEEKDAYS.index(practice_day),
        _anki_key(top.table("anki")),
    )


def _unreadable(error: Exception, place: str) -> NlpcardsError:
    remedy = "Mend it with `nlpcards config edit`, or move the file away to start from the defaults."
    return NlpcardsError(f"the configuration cannot be read: {error}", place=place, remedy=remedy)


def _anki_key(anki: _Table) -> str:
    anki.knows("key")
    return anki.text("key", "the API key of AnkiConnect in quotes")


def _keys(keys: _Table) -> dict[str, str]:
    what = 'the keys in quotes, divided by spaces, such as "z ctrl+z"'
    found: dict[str, str] = {}
    for screen in keys.keys():
        own = keys.table(screen)
        found |= {f"{screen}.{name}": " ".join(own.text(name, what, filled=True).split()) for name in own.keys()}
    return found


def _rules(limits: _Table, review: _Table) -> Rules:
    limits.knows("new", "reviews", "decks")
    usual = Limits()
    decks = limits.table("decks")
    by_deck = {}
    for deck in decks.keys():
        own = decks.table(deck)
        own.knows("new", "reviews")
        by_deck[deck] = DeckLimits(own.cards("new"), own.cards("reviews"))
    new, reviews = limits.cards("new"), limits.cards("reviews")
    caught_up_by = review.date("caught_up_by")
    return Rules(
        Limits(usual.new if new is None else new, usual.reviews if reviews is None else reviews),
        by_deck,
        Order(review.one_of("order", [order.value for order in Order])),
        review.flag("bury_siblings", True),
        None if caught_up_by is None else day_of(caught_up_by),
    )


class _Table:
    """A TOML table at a path of keys, which reads values and refuses those that mean nothing."""

    def __init__(self, values: Mapping[str, Any], file: str, at: str = "") -> None:
        self._values, self._file, self._at = values, file, at

    def keys(self) -> Iterable[str]:
        return self._values.keys()

    def knows(self, *known: str) -> None:
        for key in self._values:
            if key not in known:
                names = ", ".join(self._at + each for each in known)
                raise NlpcardsError(f"there is no key {self._at}{key}", place=self._file, remedy=f"Known: {names}.")

    def table(self, key: str) -> _Table:
        found = self._values.get(key, {})
        if not isinstance(found, dict):
            raise self._wrong(key, f"a table: [{self._at}{key}]")
        return _Table(found, self._file, f"{self._at}{key}.")

    def text(self, key: str, what: str, *, filled: bool = False) -> str:
        found = self._values.get(key, "")
        if not isinstance(found, str) or (filled and not found.strip()):
            raise self._wrong(key, what)
        return found

    def cards(self, key: str) -> int | None:
        found = self._values.get(key)
        if found is not None and (type(found) is not int or found < 0):
            raise self._wrong(key, "a whole number of cards, 0 or more")
        return found

    def flag(self, key: str, otherwise: bool) -> bool:
        found = self._values.get(key, otherwise)
        if not isinstance(found, bool):
            raise self._wrong(key, "true or false")
        return found

    def share(self, key: str) -> float:
        found = self._values.get(key, 1.0)
        if type(found) not in (int, float) or not 0 <= found <= 1:
            raise self._wrong(key, "a share from 0 (nothing, where it can be helped) to 1 (as on other days)")
        return float(found)

    def one_of(self, key: str, names: list[str]) -> str:
        """One of some names, the first where the key is missing."""
        found = self._values.get(key, names[0])
        if found not in names:
            raise self._wrong(key, f"one of {', '.join(names)}, in quotes")
        return str(found)

    def date(self, key: str) -> date | None:
        found = self._values.get(key)
        if found is not None and (not isinstance(found, date) or isinstance(found, datetime)):
            raise self._wrong(key, "a date without quotes, such as 2026-12-01")
        return found

    def holidays(self, key: str) -> Holidays:
        what = 'dates and spans of dates in quotes, divided by spaces, such as "2026-12-24 2026-12-27..2027-01-03"'
        try:
            return holidays(self.text(key, what))
        except ValueError as error:
            raise NlpcardsError(
                f"{self._at}{key} is {self._values[key]!r}, and {error}", place=self._file, remedy=f"Write {what}."
            ) from None

    def _wrong(self, key: str, what: str) -> NlpcardsError:
        return NlpcardsError(f"{self._at}{key} is {self._values[key]!r}", place=self._file, remedy=f"Write {what}.")
