"""The learner's settings as one: read, set and unset by name, whether `config.toml` or the journal keeps them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from nlpcards.collection.clock import Clock
from nlpcards.collection.default_file import default_file
from nlpcards.collection.home import Home
from nlpcards.collection.setting_file import Plain, parsed, with_value, without
from nlpcards.collection.setting_keys import (
    KEYS,
    Keeper,
    Key,
    Named,
    Value,
    as_data,
    did_you_mean,
    named,
    written,
)
from nlpcards.collection.taste import taste_of
from nlpcards.core.closing import Closing
from nlpcards.core.days import date_of
from nlpcards.core.errors import NlpcardsError, UsageError, reason_of
from nlpcards.core.journal import Setting
from nlpcards.core.memory import Settings, with_setting
from nlpcards.decks.saving import Change, save
from nlpcards.store.identity import fingerprint
from nlpcards.store.journal_file import Journal

Known = Callable[[], Collection[str]]
"""Gives the names there are, of decks or themes; asked for only where one is to be checked, since that takes time."""


class Bindings(Protocol):
    """What keys do on the screens: the interface knows, the settings only ask."""

    def defaults(self) -> Mapping[str, tuple[str, str]]:
        """For the name of everything that a key does, such as `review.undo`, words for it and its keys by default."""

    def keymap(self, chosen: Mapping[str, str], place: str = "") -> object:
        """Check keys that were chosen for some names.

        Raises:
            UsageError: there is no such name or key, or a key does something else there; `place` is where it is said.
        """


@dataclass(frozen=True, slots=True)
class Held:
    """A setting with the value that holds now. `is_set` says that it was set, be it to its default; `changed` is the
    study day's date on which the journal last saw it set, None for one in `config.toml` or never set. `about` says in
    words what it is for.
    """

    named: Named
    value: Value
    default: Value
    about: str
    is_set: bool
    changed: date | None = None

    @property
    def name(self) -> str:
        """Its name as it is typed."""
        return self.named.name

    @property
    def key(self) -> Key:
        """What it is and may be."""
        return self.named.key


class Configuration(Closing):
    """One learner's settings. Close it, or use it in a `with`: it opens the journal where it needs it, unless it is
    given one that is open for writing, which it leaves open.

    `themes` and `decks` give the names that may be set; the file may name others, of decks that are away for now.
    `bindings` knows what keys do.
    """

    def __init__(
        self,
        home: Home,
        clock: Clock | None = None,
        *,
        themes: Known,
        decks: Known,
        bindings: Callable[[], Bindings],
        journal: Journal | None = None,
    ) -> None:
        self.file = home.settings
        self._home = home
        self._clock = clock or Clock()
        self._themes, self._decks, self._bindings = themes, decks, bindings
        self._given = journal
        self._journal: Journal | None = None

    def close(self) -> None:
        """Close the journal where it was opened."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    # ---- what holds

    def all(self, *, keys: bool = False) -> tuple[Held, ...]:
        """Every setting in the order of `KEYS`, those of decks and of keys only where they are set; with `keys` all of
        these.

        Raises:
            NlpcardsError: the file has a mistake, or the journal cannot be read.
        """
        values = self._values()
        changed = self._changed()
        found: list[Held] = []
        for key in KEYS:
            found += (self._held(each, values, changed) for each in self._names(key, values, keys=keys))
        return tuple(found)

    def get(self, name: str) -> Held:
        """The setting of a name.

        Raises:
            UsageError: there is none of this name.
            NlpcardsError: as `all`.
        """
        return self._held(named(name), self._values(), self._changed())

    def check(self) -> None:
        """See whether the file can be used.

        Raises:
            NlpcardsError: it has a mistake, or names a theme or a key that does not exist.
        """
        taste = taste_of(self._text() or "", str(self.file))
        if taste.theme:
            self._check_theme(taste.theme, str(self.file))
        if taste.keys:
            self._bindings().keymap(taste.keys, str(self.file))

    def _names(self, key: Key, values: Mapping[str, Any], *, keys: bool) -> Iterable[Named]:
        if key.of_key:
            own = [f"{screen}.{name}" for screen, those in values.get("keys", {}).items() for name in those]
            every = self._bindings().defaults() if keys else ()
            return (Named(key, of) for of in (*every, *(of for of in own if of not in every)))
        if not key.of_deck:
            return (Named(key),)
        if key.keeper is Keeper.JOURNAL:
            return tuple(Named(key, deck) for deck, _ in self._shaping().deck_retention)
        last = key.name.rsplit(".", 1)[-1]
        decks = values.get("limits", {}).get("decks", {})
        return tuple(Named(key, deck) for deck, own in decks.items() if last in own)

    def _held(self, of: Named, values: Mapping[str, Any], changed: Mapping[str, date]) -> Held:
        key = of.key
        about, default = self._described(of)
        if key.keeper is Keeper.JOURNAL:
            settings = self._shaping()
            value: Value = (
                dict(settings.deck_retention).get(of.of) if of.of else getattr(settings, key.name, key.default)
            )
            is_set = value != key.default or of.name in changed
            return Held(of, value, default, about, is_set, changed.get(of.name))
        found: Any = values
        for part in of.path:
            found = found.get(part) if isinstance(found, Mapping) else None
        if found is None:
            return Held(of, default, default, about, False)
        return Held(of, float(found) if isinstance(key.default, float) else found, default, about, True)

    def _described(self, of: Named) -> tuple[str, Value]:
        """What a setting is for, and its default."""
        if of.key.of_key:
            return self._bindings().defaults().get(of.of, (of.key.about, of.key.default))
        return of.key.about, of.key.default

    def _text(self) -> str | None:
        try:
            return self.file.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            remedy = "See whether it may be read and is UTF-8, or move it away to start from the defaults."
            raise NlpcardsError(
                f"the configuration cannot be read: {error}", place=str(self.file), remedy=remedy
            ) from None

    def _values(self) -> Mapping[str, Any]:
        text = self._text() or ""
        taste_of(text, str(self.file))
        return parsed(text, str(self.file))

    def _reading(self) -> Journal | None:
        """The journal, None where nothing was ever written to one."""
        if self._given is not None:
            return self._given
        if self._journal is None and self._home.journal.exists():
            self._journal = self._open(readonly=True)
        return self._journal

    def _open(self, *, readonly: bool) -> Journal:
        path = self._home.journal
        return Journal.open(path, self._clock.now(0).ms, fingerprint(path), readonly=readonly)

    def _shaping(self) -> Settings:
        journal = self._reading()
        return Settings() if journal is None else journal.timeline.now

    def _changed(self) -> dict[str, date]:
        """When each setting of the journal was last set."""
        journal = self._reading()
        events = () if journal is None else journal.settings_set()
        return {event.body.subject: date_of(event.day) for event in events if isinstance(event.body, Setting)}

    # ---- changing it

    def set(self, name: str, typed: str) -> tuple[Held, Held]:
        """Set a setting to what was typed; gives it as it was and as it is.

        Raises:
            UsageError: there is no such setting, deck or theme, or the value is none it can have.
            NlpcardsError: the file or the journal cannot be read or written; nothing was changed.
        """
        of = named(name)
        value = self._value(of, typed)
        before = self._before(of)
        if of.key.keeper is Keeper.FILE:
            assert isinstance(value, (str, int, float, bool, date))
            self._write(of, value)
        elif value != before.value:
            self._append(of, value)
        return before, self.get(name)

    def unset(self, name: str) -> tuple[Held, Held]:
        """Give a setting its default again; gives it as it was and as it is.

        Raises:
            UsageError, NlpcardsError: as `set`.
        """
        of = named(name)
        before = self._before(of)
        if of.key.keeper is Keeper.FILE:
            text = self._text()
            if text is not None:
                self._save(text, without(text, of.path, str(self.file)))
        elif before.value != of.key.default:
            self._append(of, of.key.default)
        return before, self.get(name)

    def begin_file(self) -> bool:
        """Write a file of comments that show every default, where there is none; gives whether it did.

        Raises:
            NlpcardsError: it cannot be written.
        """
        if self.file.exists():
            return False
        self._save(None, default_file())
        return True

    def _before(self, of: Named) -> Held:
        try:
            return self.get(of.name)
        except NlpcardsError:
            # What is wrong in the file may be this very value.
            if of.key.keeper is Keeper.JOURNAL:
                raise
            about, default = self._described(of)
            return Held(of, default, default, about, False)

    def _value(self, of: Named, typed: str) -> Value:
        key = of.key
        wrong = UsageError(
            f"the setting {of.name} cannot be {typed.strip() or 'empty'}", remedy=f"Give it {key.takes}."
        )
        try:
            value = key.read(typed)
        except ValueError:
            raise wrong from None
        try:
            if key.keeper is Keeper.JOURNAL:
                with_setting(Settings(), of.name, json.dumps(as_data(value)))
            else:
                assert isinstance(value, (str, int, float, bool, date))
                taste_of(with_value("", of.path, value, ""), "")
        except NlpcardsError:
            raise wrong from None
        if key.name == "theme" and isinstance(value, str) and value:
            self._check_theme(value, "")
        if key.name == "editor":
            with suppress(ValueError):
                shlex.split(str(value))
                return value
            raise UsageError(f"the setting editor cannot be {typed.strip()}", remedy="Close the quote.")
        if key.of_deck:
            decks = self._decks()
            if of.of not in decks:
                raise UsageError(f"there is no deck {of.of}", remedy=did_you_mean(of.of, decks))
        if key.of_key:
            self._bindings().keymap({**self._keys(), of.of: str(value)})
        return value

    def _keys(self) -> Mapping[str, str]:
        """The keys that the file names, none where it cannot be read now."""
        try:
            return taste_of(self._text() or "", "").keys
        except NlpcardsError:
            return {}

    def _check_theme(self, theme: str, place: str) -> None:
        themes = self._themes()
        if theme not in themes:
            raise UsageError(f"there is no theme {theme}", place=place, remedy=did_you_mean(theme, themes))

    def _append(self, of: Named, value: Value) -> None:
        body = Setting(of.name, json.dumps(as_data(value)))
        if self._given is not None:
            self._given.append([body], self._clock.now(self._given.timeline.now.rollover))
            return
        self.close()
        with self._open(readonly=False) as journal:
            journal.append([body], self._clock.now(journal.timeline.now.rollover))

    def _write(self, of: Named, value: Plain) -> None:
        text = self._text()
        place = str(self.file)
        after = with_value(default_file() if text is None else text, of.path, value, place)
        taste_of(after, place)
        self._save(text, after)

    def _save(self, before: str | None, after: str) -> None:
        if before == after:
            return
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise NlpcardsError(
                f"the folder of the configuration cannot be made: {reason_of(error)}",
                place=str(self.file.parent),
                remedy="See whether the folder above it may be written to.",
            ) from None
        content = None if before is None else before.encode()
        save([Change(self.file, content, after.encode())], "the configuration")


def described(held: Held) -> dict[str, Any]:
    """A setting as data for a script."""
    return {
        "key": held.name,
        "value": as_data(held.value),
        "default": as_data(held.default),
        "set": held.is_set,
        "kept_in": held.key.keeper.value,
        "changed": None if held.changed is None else held.changed.isoformat(),
        "about": held.about,
        "takes": held.key.takes,
    }


def shown(value: Value) -> str:
    """A value as a list shows it, a dash for an empty text."""
    text = written(value)
    return (text if len(text) <= 40 else f"{text[:39]}…") or "-"
