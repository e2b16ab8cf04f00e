"""Typed answers and points line by line: what is asked for, what was read, what it is worth, all in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlpcards.collection.asked import Asked
from nlpcards.core.markup import parse
from nlpcards.core.numbers import number_in
from nlpcards.core.replies import Mark, Recall, TickPoints, Verdict, WriteNumber, WriteText, without_unit
from nlpcards.core.words import count
from nlpcards.render.plain import plain


def wanted(asked: Asked) -> str:
    """What the learner is to type before the answer is shown; empty where the card asks for recall alone."""
    match asked.face.reply:
        case Recall():
            return ""
        case WriteText():
            return "Type the answer; an empty line shows it."
        case WriteNumber(unit=unit):
            return f"Type a number{f' ({unit})' if unit else ''}; an empty line shows the answer."
        case TickPoints():
            return "Explain it aloud, or in lines of your own; an empty line shows the points."


def verdict_in_words(asked: Asked, typed: str) -> str:
    """Whether a typed answer is right, what was typed, and what is missing from it or too much in it."""
    verdict = asked.verdict(typed)
    if verdict is None:
        return "No answer was typed."
    if verdict.correct:
        return f"Right. You typed: {typed}."
    reply = asked.face.reply
    if isinstance(reply, WriteNumber) and number_in(without_unit(typed, reply.unit)) is None:
        return f"Wrong. You typed: {typed}. That is no number. Right: {verdict.right}."
    mistakes = _mistakes(verdict)
    return f"Wrong. You typed: {typed}. Right: {verdict.right}{f' [{mistakes}]' if mistakes else ''}."


def _mistakes(verdict: Verdict) -> str:
    named = {Mark.MISSING: "missing", Mark.EXTRA: "too much"}
    found = [
        f"{name}: " + ", ".join(_named(text) for each, text in verdict.diff if each is mark)
        for mark, name in named.items()
        if any(each is mark for each, _ in verdict.diff)
    ]
    return "; ".join(found)


def _named(text: str) -> str:
    """Some characters so that they can be heard: a space by its name."""
    return text if text.strip() else "a space" if len(text) == 1 else count(len(text), "space")


def points_listed(points: Sequence[str]) -> list[str]:
    """Points with their numbers, a line or more each."""
    return [
        f"{number}. " + plain(parse(point), ask=None, reveal=True).replace("\n", "\n   ")
        for number, point in enumerate(points, 1)
    ]


def points_named(line: str, points: Sequence[str]) -> tuple[str, ...] | None:
    """The points that a line names by their numbers (`1 3`, `1,3`), by `all` or by nothing for none; None where it
    says something else.
    """
    if line.casefold() == "all":
        return tuple(points)
    words = re.split(r"[\s,;]+", line.strip()) if line.strip() else []
    if not all(re.fullmatch(r"[0-9]{1,4}", word) and 1 <= int(word) <= len(points) for word in words):
        return None
    numbers = set(map(int, words))
    return tuple(point for number, point in enumerate(points, 1) if number in numbers)
