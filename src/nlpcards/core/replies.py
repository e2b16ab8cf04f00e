"""What a learner does before the answer is shown, and what it was worth.

Most cards ask for recall alone. A typed answer is compared with the right one, points made are ticked; both suggest a
rating, and the learner decides.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeAlias

from nlpcards.core.dataclass import dataclass
from nlpcards.core.numbers import Tolerance, number_in, singular

_TYPOGRAPHY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"})


@dataclass(frozen=True, slots=True)
class Recall:
    """Think of the answer, then look."""


RECALL = Recall()
"""What most cards ask for."""


@dataclass(frozen=True, slots=True)
class WriteText:
    """Type a text; `right` is the answer shown, `accept` are others that count as right, all as `is_marked` says."""

    right: str
    accept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteNumber:
    """Type a number. `right` is the answer and `shown` how it is written, `others` are right too; `unit` may follow.

    `accept` are right answers that are no numbers, such as `two`.
    """

    right: float
    tolerance: Tolerance
    shown: str
    others: tuple[float, ...] = ()
    unit: str = ""
    accept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TickPoints:
    """Explain, then tick which of the points were made."""

    points: tuple[str, ...]


Reply: TypeAlias = Recall | WriteText | WriteNumber | TickPoints
"""What a learner does before the answer is shown."""


class Mark(StrEnum):
    """What a stretch of a typed answer is against the right one."""

    SAME = "same"
    EXTRA = "extra"
    """Typed, and not in the answer."""
    MISSING = "missing"
    """In the answer, and not typed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a typed answer is worth.

    `right` is the right answer that it was compared with: where it is wrong, the nearest. `diff` runs from the
    beginning of both to their end; it is empty where the answer is right, and where the two have too little in common.
    """

    correct: bool
    typed: str
    right: str
    diff: tuple[tuple[Mark, str], ...] = ()


def fold(text: str) -> str:
    """A text as it is compared: case, compatibility forms, kinds of quotes and dashes, and spaces do not count."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHY)).casefold().split())


ALIKE = 0.5
"""From this likeness on (twice the characters in common, as a share of all) a difference is worth reading."""

LONGEST_COMPARED = 500
"""Texts with more characters than this are not compared character by character, which takes their product in time."""


def judge(reply: WriteText | WriteNumber, typed: str) -> Verdict:
    """Compare a typed answer with the right ones."""
    if isinstance(reply, WriteNumber):
        correct = _is_number(reply, typed) or fold(typed) in {fold(form) for form in _all_forms(reply.accept)}
        return Verdict(correct, typed, reply.shown)
    from difflib import SequenceMatcher

    rights = _all_forms((reply.right, *reply.accept))
    given = fold(typed)
    for right in rights:
        if given == fold(right):
            return Verdict(True, typed, right)
    if len(given) > LONGEST_COMPARED:
        return Verdict(False, typed, rights[0])
    compared = [right for right in rights if len(right) <= LONGEST_COMPARED] or [rights[0][:LONGEST_COMPARED]]
    likeness = {right: SequenceMatcher(None, given, fold(right), autojunk=False).ratio() for right in compared}
    nearest = max(compared, key=lambda right: likeness[right])
    if likeness[nearest] < ALIKE:
        return Verdict(False, typed, rights[0])
    return Verdict(False, typed, nearest, difference(typed.strip(), nearest))


def _all_forms(answers: tuple[str, ...]) -> list[str]:
    return [form for answer in answers for form in _forms(answer)]


def is_marked(answer: str) -> bool:
    """Whether an answer to type has code or maths in it; any other is taken to the letter, its stars and lines too."""
    return "`" in answer or "$" in answer


def _forms(answer: str) -> tuple[str, ...]:
    """An answer as written, and its words without the marks of code and maths."""
    if not is_marked(answer):
        return (answer,)
    from nlpcards.core.markup.parser import parse
    from nlpcards.core.markup.tree import words

    bare = words(parse(answer))
    return (bare, answer) if fold(bare) != fold(answer) else (bare,)


def _is_number(reply: WriteNumber, typed: str) -> bool:
    given = number_in(without_unit(typed, reply.unit))
    return given is not None and any(reply.tolerance.allows(right, given) for right in (reply.right, *reply.others))


def without_unit(typed: str, unit: str) -> str:
    """What was typed, without the unit that may follow a number, be it as written or of one."""
    typed = typed.strip()
    for form in (unit, singular(unit)):
        if form and fold(typed).endswith(fold(form)) and len(typed) > len(form):
            return typed[: -len(form)]
    return typed


def difference(typed: str, right: str) -> tuple[tuple[Mark, str], ...]:
    """What was typed against what was meant, by characters; letters that differ in case alone are the same."""
    from difflib import SequenceMatcher

    found: list[tuple[Mark, str]] = []
    matcher = SequenceMatcher(None, typed.casefold(), right.casefold(), autojunk=False)
    if len(typed.casefold()) != len(typed) or len(right.casefold()) != len(right):
        # Folding may lengthen a text (ß), and then its indexes are not those of what was typed.
        matcher = SequenceMatcher(None, typed, right, autojunk=False)
    for what, start, end, right_start, right_end in matcher.get_opcodes():
        if what == "equal":
            found.append((Mark.SAME, right[right_start:right_end]))
            continue
        if start < end:
            found.append((Mark.EXTRA, typed[start:end]))
        if right_start < right_end:
            found.append((Mark.MISSING, right[right_start:right_end]))
    return tuple(found)


def suggested(verdict: Verdict | None) -> int:
    """The rating that a typed answer suggests: good where it is right, again where it is wrong or was not given."""
    return 3 if verdict is not None and verdict.correct else 1


def suggested_for_points(made: int, points: int) -> int:
    """The rating that the points made suggest: good for all, hard for more than half, else again."""
    if made >= points:
        return 3
    return 2 if 2 * made > points else 1


@dataclass(frozen=True, slots=True)
class Kept:
    """What an event keeps of what was asked and replied; see `encode_reply` for its parts."""

    given: tuple[tuple[str, str], ...] = ()
    typed: str | None = None
    points: tuple[str, ...] | None = None


LONGEST_KEPT = 4000
"""Of a longer text that was typed, so many characters are kept."""


def encode_reply(*, given: Mapping[str, str], typed: str | None = None, points: Collection[str] | None = None) -> str:
    """What was asked and replied, as an event keeps it: canonical JSON, empty where there is nothing to keep.

    `given` are the numbers a drill drew, `typed` is what was typed (None where nothing was asked for), `points` the
    points ticked.
    """
    import json

    kept: dict[str, object] = {}
    if given:
        kept["given"] = dict(given)
    if typed is not None:
        # A terminal in another encoding sends lone surrogates, which no store of UTF-8 takes.
        kept["typed"] = typed[:LONGEST_KEPT].encode("utf-8", "replace").decode("utf-8")
    if points is not None:
        kept["points"] = list(points)
    return json.dumps(kept, sort_keys=True, separators=(",", ":")) if kept else ""


def decode_reply(reply: str) -> Kept:
    """What an event keeps of a reply. What this version does not know is left out, since a newer one may write more."""
    import json

    try:
        kept = json.loads(reply) if reply else None
    except (ValueError, RecursionError):
        return Kept()
    if not isinstance(kept, dict):
        return Kept()
    given, typed, points = kept.get("given"), kept.get("typed"), kept.get("points")
    return Kept(
        tuple((name, str(value)) for name, value in given.items()) if isinstance(given, dict) else (),
        typed if isinstance(typed, str) else None,
        tuple(map(str, points)) if isinstance(points, list) else None,
    )
