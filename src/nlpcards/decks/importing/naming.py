"""Ids for decks and notes that had none, or names that no id can be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from nlpcards.core.markup.cloze import filled_in
from nlpcards.decks.formatting_ids import slug_from
from nlpcards.decks.importing.result import Draft
from nlpcards.decks.keys import LONGEST_SLUG, SLUG, numbered, slug_of

_PICTURE = re.compile(r"!\[([^\[\]]*)\]\([^()]*\)")


class Ids:
    """Gives out ids that are not taken; equal beginnings cost no search, though thousands share one."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)
        self._next: dict[str, int] = {}

    def give(self, text: str) -> str:
        """A slug of a text's first words that was not given before."""
        base = slug_from(text, frozenset())
        number = self._next.get(base, 1)
        name = base if number == 1 else f"{base}-{number}"
        while name in self.taken:
            number += 1
            name = f"{base}-{number}"
        self._next[base] = number + 1
        self.taken.add(name)
        return name


def asked(draft: Draft) -> str:
    """What a draft asks, with its clozes filled in and its pictures in words."""
    text = str(draft.body.get("q") or draft.body.get("term") or draft.body.get("cloze", ""))
    return _PICTURE.sub(r"\1", filled_in(text) if "cloze" in draft.body else text)


class DeckIds:
    """The id of each deck by its title; two titles never share one, and none gets an id that is not free."""

    def __init__(self, is_free: Callable[[str], bool] = lambda _: True) -> None:
        self._is_free = is_free
        self._by_title: dict[str, str] = {}
        self._given: set[str] = set()

    def of(self, title: str) -> str:
        """The id of the deck with a title: its letters and digits, numbered where another title has the same."""
        known = self._by_title.get(title)
        if known is not None:
            return known
        base = slug_of(title)[: LONGEST_SLUG - 6].strip("-") or "deck"
        assert SLUG.fullmatch(base), "a slug of letters and digits"
        name = numbered(base, lambda each: each in self._given or not self._is_free(each))
        self._by_title[title] = name
        self._given.add(name)
        return name


def title_of(stem: str) -> str:
    """A deck's title from the name of its file without the ending."""
    words = " ".join(stem.replace("_", " ").replace("-", " ").split())
    return f"{words[:1].upper()}{words[1:]}" or "Deck"
