"""Other keys for what keys do: every binding has a name, and the configuration may give it keys of the learner's own.

A name is a screen and what the key does there, such as `review.undo`. It comes from the binding itself, so that a
screen's new key can be rebound without being listed anywhere. Textual's keymap then does the work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any

from textual.binding import Binding, BindingType
from textual.keys import Keys, format_key, key_to_character

from nlpcards.core.dataclass import dataclass
from nlpcards.core.errors import UsageError

EVERYWHERE = "everywhere"
"""The screen in the names of keys that every screen has."""

WRITING = "writing"
"""The screen in the names of keys that hold while letters are text."""

_SCREENS: Mapping[str, tuple[str, str]] = {
    EVERYWHERE: ("page", "Page"),
    "today": ("today", "TodayScreen"),
    "review": ("review", "ReviewScreen"),
    WRITING: ("answering_area", "AnswerArea"),
    "points": ("answering_points", "PointList"),
    "summary": ("summary", "SummaryScreen"),
    "browse": ("browse", "BrowseScreen"),
    "roadmap": ("roadmap", "RoadmapScreen"),
    "topicmap": ("topic_map", "TopicMapScreen"),
    "plan": ("plan", "PlanScreen"),
    "practice": ("practice", "PracticeScreen"),
    "placement": ("placement", "PlacementScreen"),
    "statistics": ("statistics", "StatisticsScreen"),
    "settings": ("settings", "SettingsScreen"),
    "information": ("information", "InformationScreen"),
    "problems": ("problems", "ProblemsScreen"),
    "help": ("help", "HelpScreen"),
    "preview": ("preview", "PreviewScreen"),
}
"""The module and the class of each screen, or part of one, whose keys can be changed."""

_WRITTEN = {"enter": "enter", "exclamation_mark": "!", "question_mark": "?", "comma": ",", "backspace": "backspace"}
_NAMED = {"esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "del": "delete", "↑": "up", "↓": "down"}
_NAMED |= {"←": "left", "→": "right"}
_MODIFIERS = re.compile(r"(?:(?:ctrl|shift|alt|super|meta|hyper)\+)*")


@dataclass(frozen=True, slots=True)
class Rebindable:
    """What some keys of a screen do: the bindings that lead there, and the keys (as Textual names them) by default."""

    name: str
    does: str
    keys: tuple[str, ...]

    @property
    def screen(self) -> str:
        """The screen in the name."""
        return self.name.partition(".")[0]


def rows(declared: Iterable[BindingType]) -> dict[str, list[Binding]]:
    """Bindings, one key each, by what they do in the words of the help, in the order in which they were declared."""
    found: dict[str, list[Binding]] = {}
    for each in declared:
        for binding in Binding.make_bindings([each]):
            found.setdefault(binding.tooltip or binding.description.lower(), []).append(binding)
    return found


def named(screen: str, declared: Iterable[BindingType]) -> list[BindingType]:
    """The same bindings with a name each, by which they can be given other keys. What several keys do in as many ways
    (to choose one of eight things) has none.
    """
    found: list[BindingType] = []
    taken: set[str] = set()
    names: dict[str, str] = {}
    for does, bindings in rows(declared).items():
        actions: dict[str, set[str]] = {}
        for binding in bindings:
            actions.setdefault(binding.key, set()).add(binding.action)
        if len({frozenset(those) for those in actions.values()}) > 1:
            continue
        name = _slug(bindings[0].description)
        name = _slug(does) if name in taken else name
        taken.add(name)
        names[does] = f"{screen}.{name}"
    for each in declared:
        binding = each if isinstance(each, Binding) else Binding(*each)
        name = names.get(binding.tooltip or binding.description.lower(), "")
        found.append(replace(binding, id=name) if name and binding.id is None else binding)
    return found


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


@cache
def rebindable() -> Mapping[str, Rebindable]:
    """All that keys do and that other keys can be given to, by its name. Imports every screen."""
    found = {}
    for screen, (module, owner) in _SCREENS.items():
        declaring = getattr(import_module(f"nlpcards.tui.{module}"), owner)
        for does, bindings in rows(declaring.__dict__["BINDINGS"]).items():
            name = bindings[0].id
            if name is not None and name.startswith(f"{screen}."):
                found[name] = Rebindable(name, does, tuple(dict.fromkeys(binding.key for binding in bindings)))
    return found


@cache
def defaults() -> Mapping[str, tuple[str, str]]:
    """What each rebindable name does, and its keys by default as they are written in the configuration."""
    return {name: (each.does, " ".join(map(written, each.keys))) for name, each in rebindable().items()}


def keymap(chosen: Mapping[str, str], place: str = "") -> dict[str, str]:
    """Textual's keymap for the keys that the configuration names (see `Taste.keys`); `place` is where it does.

    Raises:
        UsageError: there is nothing of a name, no key that is written so, or a key already does something else there.
    """
    if not chosen:
        return {}
    known = rebindable()
    rebound: dict[str, tuple[str, ...]] = {}
    for name, keys in chosen.items():
        if name not in known:
            raise UsageError(f"there is no key keys.{name}", place=place, remedy=_nearest(name, known))
        rebound[name] = tuple(dict.fromkeys(_key(word, name, place) for word in keys.split()))
    for name, own in rebound.items():
        for other in _beside(known[name], known):
            both = set(own) & set(rebound.get(other.name, other.keys))
            if both:
                taken = f"{written(min(both))} is for “{other.does}” there"
                raise UsageError(
                    f"the setting keys.{name} cannot be {chosen[name]}: {taken}",
                    place=place,
                    remedy=f"Give {other.name} another key first, or this one.",
                )
    return {name: ",".join(own) for name, own in rebound.items()}


def _nearest(name: str, known: Mapping[str, Rebindable]) -> str:
    near = get_close_matches(name, known, 1)
    if near:
        return f"Did you mean keys.{near[0]}?"
    last = name.rpartition(".")[2]
    same = [each for each in known if each.endswith(f".{last}")]
    return f"Did you mean keys.{same[0]}?" if same else "docs/configuration.md lists all of them."


def _beside(own: Rebindable, known: Mapping[str, Rebindable]) -> Iterator[Rebindable]:
    """What else keys do where this one does something."""
    for other in known.values():
        if other.does != own.does and (
            other.screen in (own.screen, EVERYWHERE) or (own.screen == EVERYWHERE and other.screen != "help")
        ):
            yield other


def _key(word: str, name: str, place: str) -> str:
    """Textual's name of a key as one writes it.

    Raises:
        UsageError: there is no such key, or it is a letter where letters are text.
    """
    found = _NAMED.get(word, word)
    held = _MODIFIERS.match(found)
    prefix = held[0] if held else ""
    last = found[len(prefix) :]
    if len(last) == 1:
        (binding,) = Binding.make_bindings([Binding("comma" if last == "," else last, "")])
        found = prefix + binding.key
    elif last not in _base_names() and not (key_to_character(last) or "é").isascii():
        raise UsageError(
            f"the setting keys.{name} cannot be {word}: there is no such key",
            place=place,
            remedy="Write keys such as z, ?, f5, ctrl+z, space, enter, esc, tab, up or pgdn.",
        )
    if name.startswith(f"{WRITING}.") and not prefix.removeprefix("shift+") and key_to_character(found) is not None:
        raise UsageError(
            f"the setting keys.{name} cannot be {word}: while an answer is written, it is text",
            place=place,
            remedy=f"Give it a key such as ctrl+{last if len(last) == 1 and last.isalpha() else 'g'} or f5.",
        )
    return found


@cache
def _base_names() -> frozenset[str]:
    words = {str(key.value).rpartition("+")[2] for key in Keys}
    return frozenset(word for word in words if word and not word.startswith("<")) - {"ignore"}


def written(key: str) -> str:
    """A key as it is written on the screen and in the configuration."""
    prefix, plus, last = key.rpartition("+")
    return prefix + plus + (_WRITTEN.get(last) or format_key(last))


def pressed_now(owners: Iterable[type[Any]], key: str, rebound: Mapping[str, str]) -> str | None:
    """The key to press for what `key` does by default: on the first of some classes of widgets that binds it. None
    where it is not rebound.
    """
    for owner in owners:
        for base in owner.__mro__:
            for binding in Binding.make_bindings(base.__dict__.get("BINDINGS", ())):
                if binding.key == key:
                    chosen = rebound.get(binding.id or "")
                    return chosen.split(",")[0] if chosen is not None else None
    return None
