"""What every note kind is made of: the keys it takes, the mistakes it finds, the face of a card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """A key whose value is Markdown text, never empty."""

    required: bool = True


@dataclass(frozen=True, slots=True)
class Flag:
    """A key whose value is `true` or `false`; false where it is missing."""

    required: bool = False


Shape = Text | Flag
"""What may stand under a key of a kind."""

Value = str | bool
"""What a reader hands to a kind for a key: text for `Text`, a bool for `Flag`."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a key's value: `offset` counts characters into that value (0 where it is the whole of it)."""

    key: str
    offset: int
    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Face:
    """What one card shows, as Markdown.

    `question` is asked. `ask` is the cloze number hidden in it, or None where nothing is hidden. `answer` comes below
    the question once revealed; None where the answer is the question's own text with its cloze filled in.
    """

    question: str
    answer: str | None
    ask: int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A note kind.

    `keys` are the kind's own keys, in the order in which they are written; `marks` are those whose presence makes a
    note be of this kind. `build` gives the body, or the mistakes that stop it.
    """

    name: str
    keys: Mapping[str, Text | Flag]
    marks: frozenset[str]
    build: Callable[[Mapping[str, Value]], Any | tuple[Mistake, ...]]
