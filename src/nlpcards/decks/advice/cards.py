"""The cards that advice is given on, and their words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlpcards.core.cards import Deck, Note
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.core.kinds.drill import Drill
from nlpcards.core.kinds.explain import Explain
from nlpcards.core.kinds.term import Term
from nlpcards.core.kinds.typed import Typed
from nlpcards.core.markup.cloze import scan
from nlpcards.core.markup.source import Kind, regions
from nlpcards.decks.layout import WrittenNote

LEAF = "¤"
"""What stands in prose for a formula or a piece of code."""

_IMAGE = re.compile(r"!\[[^\]]{0,500}\]\([^)]{0,500}\)")
_TABLE_LINE = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")

STOP_WORDS = frozenset(
    """a an the of in on at to for from by with as into over and or but is are was were be been being do does did has
    have had it its they them their this that these those than then so which what there here such also just only one
    can could will would may might must should shall exactly about very some any each""".split()
)
"""Words that say little of what a text is about."""


@dataclass(frozen=True, slots=True)
class Cards:
    """Notes in the order of the decks and of their files, with the decks they are of, and which of these have errors.

    `unsure` are the folders of decks that could not be read whole, or of which other files replace notes: what broken
    notes use is not known, and what replaced ones use is not there for nothing.
    """

    notes: Sequence[WrittenNote]
    decks: Sequence[Deck]
    unsure: frozenset[str] = frozenset()


def prose(text: str) -> str:
    """The running words of a Markdown text, without code blocks, tables, pictures; other code and maths as `LEAF`."""
    return _parted(text)[0]


def leaves(text: str) -> tuple[str, ...]:
    """The formulas and the code of a Markdown text, without white space."""
    return _parted(text)[1]


@lru_cache(maxsize=16_384)
def _parted(text: str) -> tuple[str, tuple[str, ...]]:
    left: list[str] = []
    if "`" in text or "$" in text or "~~~" in text:
        parts, at = [], 0
        for region in regions(text).found:
            parts += [text[at : region.start], "\n" if region.kind is Kind.FENCE else LEAF]
            left.append("".join(text[region.start : region.end].split()))
            at = region.end
        text = "".join([*parts, text[at:]])
    if "![" in text:
        text = _IMAGE.sub(" ", text)
    return _TABLE_LINE.sub("", text) if "|" in text else text, tuple(left)


@lru_cache(maxsize=8192)
def without_clozes(text: str) -> str:
    """A cloze text with each cloze filled in."""
    parts, at = [], 0
    for span in scan(text).spans:
        parts += [text[at : span.start], span.text]
        at = span.end
    return "".join([*parts, text[at:]])


def tokens(text: str) -> list[str]:
    """The words and numbers of a text, in lower case."""
    return _WORD.findall(text.casefold())


def content_words(text: str) -> list[str]:
    """The words of a text that say what it is about, in order and without their endings."""
    return [stem(word) for word in tokens(text) if word not in STOP_WORDS]


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """An English word without the commonest endings."""
    for ending in ("'s", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def question(note: Note) -> tuple[str, str]:
    """The key of a note's question, and its text with clozes filled in; two empty texts for a table or a procedure."""
    match note.body:
        case Basic(question=text) | Typed(question=text):
            return "q", text
        case Term(term=text):
            return "term", text
        case ClozeText(text=text):
            return "cloze", without_clozes(text)
        case Drill(ask=text):
            return "drill", text
        case Explain(task=text):
            return "explain", text
        case _:
            return "", ""


def ending(text: str) -> str:
    """The last sentence of a question, which is mostly the one that asks."""
    return re.split(r"(?<=[.!?:])\s+(?=\S)", prose(text).strip())[-1]
