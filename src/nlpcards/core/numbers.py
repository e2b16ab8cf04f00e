"""Numbers as people type them, how far one may be off, and how one is shown."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from nlpcards.core.dataclass import dataclass

TOLERANCES = "Write how far off an answer may be, as in `tolerance: 0.01`, or a share of it, as in `tolerance: 1%`."
"""What to write as a tolerance."""

# Compiled when they are first asked for: most cards that are shown have no number to compare.
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_GROUPED = r"[+-]?\d{1,3}(?:([,_ ' ])\d{3})(?:\1\d{3})*(?:\.\d+)?"
_SIGNS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'"})


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far from the right number an answer may be: `off`, as a share of that number where `relative`."""

    off: float
    relative: bool = False

    def allows(self, right: float, given: float) -> bool:
        """Whether an answer is near enough; rounding in the last binary digits never counts."""
        slack = abs(self.off * right) if self.relative else self.off
        return abs(given - right) <= slack * (1 + 1e-9) + 1e-9 * abs(right)


# A drill asks for each of its numbers several times while it is read.
@lru_cache(maxsize=4096)
def number_in(text: str) -> float | None:
    """The number that a text is, as people type it: `1,234.5`, `1 234`, `1e-3`, `−2`, `3/4`, `0,5`; None for another.

    A comma before three digits groups thousands, any other is a decimal sign.
    """
    text = text.strip().strip("$").translate(_SIGNS).strip()
    if len(text) > 64:
        return None
    above, slash, below = text.partition("/")
    if slash:
        numerator, denominator = number_in(above), number_in(below)
        return numerator / denominator if numerator is not None and denominator else None
    if grouped := re.fullmatch(_GROUPED, text):
        text = text.replace(grouped[1], "")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not re.fullmatch(_NUMBER, text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def tolerance_in(text: str) -> Tolerance | None:
    """The tolerance that a text is, `0.01` or `1%`; None for another."""
    share = text.rstrip().endswith("%")
    number = number_in(text.rstrip().removesuffix("%"))
    if number is None or number < 0:
        return None
    return Tolerance(number / 100, relative=True) if share else Tolerance(number)


def shown(number: float) -> str:
    """A number as a learner reads it: thousands grouped from 10,000 on, six significant digits where it is no whole
    number.
    """
    if number == int(number) and abs(number) < 1e15:
        return _grouped(str(int(number)))
    text = f"{number:,.6g}" if abs(number) >= 10_000 else f"{number:.6g}"
    return f"{number:.5e}" if "e" in text else text


_ENDS_IN_ES = ("sses", "xes", "ches", "shes")
_NO_PLURALS = ("ss", "us", "is", "series", "species")


def singular(unit: str) -> str:
    """The English unit of one thing, from that of several: `token` from `tokens`; others, such as `ms`, as they are."""
    word = unit.split(" ")[-1]
    if len(word) < 4 or not (word.isalpha() and word.islower()) or word.endswith(_NO_PLURALS):
        return unit
    if word.endswith("ies"):
        return f"{unit[:-3]}y"
    if word.endswith(_ENDS_IN_ES):
        return unit[:-2]
    return unit[:-1] if word.endswith("s") else unit


def as_shown(text: str) -> str:
    """A number as an author wrote it; digits alone are grouped as in `shown`."""
    return _grouped(text) if text.isascii() and text.isdigit() and text[0] != "0" else text


def _grouped(digits: str) -> str:
    return f"{int(digits):,}" if len(digits.lstrip("-")) > 4 else digits
