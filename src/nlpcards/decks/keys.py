"""The keys of a deck file, what may stand under them, and what to say about those that do not exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import lru_cache

from nlpcards.core.kinds import KINDS

DECK_KEYS = ("deck", "extends", "title", "topic", "was", "drop", "sources", "notes")
"""What may stand at the top of a deck file."""

SOURCE_KEYS = ("title", "authors", "year", "url")
"""What may be said of a source."""

COMMON_KEYS = (
    "id",
    "why",
    "cite",
    "tags",
    "topic",
    "concepts",
    "needs",
    "confusable",
    "as_of",
    "expires",
    "was",
    "media",
)
"""What every note may carry, whatever its kind."""

KIND_KEYS = frozenset(key for kind in KINDS.values() for key in kind.keys)
"""The own keys of all kinds."""

NOTE_KEYS = (*COMMON_KEYS, *sorted(KIND_KEYS))
"""Every key that a note may carry."""

_OTHER_WORDS = {
    "question": "q",
    "front": "q",
    "answer": "a",
    "back": "a",
    "def": "definition",
    "meaning": "definition",
    "word": "term",
    "text": "cloze",
    "source": "cite",
    "citation": "cite",
    "explanation": "why",
    "reason": "why",
    "cards": "notes",
    "name": "title",
    "author": "authors",
    "link": "url",
}
"""What people write who know other programs' decks."""

LONGEST_SLUG = 80
"""How many characters an id may have."""

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
"""An id: lower-case letters, digits and hyphens, at most 80 in all, a hyphen neither first nor last."""

CARD_KEY = r"[a-z0-9][a-z0-9.-]{0,200}"
"""What the key of a card looks like, such as `qa`, `c1` or `cell.objective.bert`."""

FORMER = re.compile(rf"(?:(?:{SLUG.pattern}/)?{SLUG.pattern})?(?:#?{CARD_KEY})?")
"""What a note or a card was called: `note`, `deck/note`, `key`, `note#key`, `deck/note#key`."""

TAG = re.compile(r"[^\s,\[\]{}\"'#]+")
"""A tag: one word."""


def quoted_list(names: Iterable[str]) -> str:
    """Names for a message: `a`, `b` and `c`."""
    marked = [f"`{name}`" for name in names]
    return marked[0] if len(marked) == 1 else f"{', '.join(marked[:-1])} and {marked[-1]}"


def nearest(name: str, known: tuple[str, ...]) -> str:
    """The known name that was probably meant, or an empty text."""
    # Only what is asked often is kept: the program's own keys, not a hostile file's names.
    return (_nearest_kept if len(known) <= _MOST_KEPT and len(name) <= LONGEST_SLUG else _nearest)(name, known)


_MOST_KEPT = 64


def _nearest(name: str, known: tuple[str, ...]) -> str:
    bare = name.strip("“”‘’„«»\"' \xa0").lower()
    if bare in known:
        return bare
    others = {other: name for other, name in _OTHER_WORDS.items() if name in known}
    close = get_close_matches(bare[:LONGEST_SLUG], (*known, *others), n=1, cutoff=0.6)
    return others.get(close[0], close[0]) if close else ""


_nearest_kept = lru_cache(maxsize=512)(_nearest)


def numbered(name: str, is_taken: Callable[[str], object]) -> str:
    """A name that is not taken: itself, or with the first number from 2 on that makes it one."""
    number, found = 1, name
    while is_taken(found):
        number += 1
        found = f"{name}-{number}"
    return found


def slug_of(text: str) -> str:
    """A text made into a slug, as a suggestion; empty where nothing of it can stay."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST_SLUG].strip("-")
