"""What a typed answer is worth, on the screen: in words and signs, so that no colour is needed to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from textual.content import Content

from nlpcards.collection.asked import Asked
from nlpcards.core.markup.safe import visible
from nlpcards.core.numbers import number_in
from nlpcards.core.replies import Mark, Verdict, WriteNumber, without_unit
from nlpcards.tui.words import safe


def verdict(asked: Asked, typed: str) -> Content:
    """Right, wrong or not answered; what was typed; where it is nearly right, what is missing and what too much."""
    given = asked.verdict(typed)
    if given is None:
        return Content.styled("– no answer", "$ink-muted")
    if given.correct:
        return Content.assemble(("✓ right", "bold $ink-success"), f"  {safe(typed)}")
    word = "✗ wrong"
    reply = asked.face.reply
    if isinstance(reply, WriteNumber) and number_in(without_unit(typed, reply.unit)) is None:
        word = "✗ not a number"
    rows = [("you typed", Content(safe(typed)))]
    if given.diff:
        rows.append(("corrected", difference(given)))
    lines = [
        Content.assemble(
            (word if not number else " " * len(word), "bold $ink-error"), "  ", (f"{name}  ", "$ink-muted")
        )
        + content
        for number, (name, content) in enumerate(rows)
    ]
    return Content("\n").join(lines)


def difference(given: Verdict) -> Content:
    """An answer with its mistakes: `[-too much]` struck through, `[+missing]` underlined."""
    parts: list[str | tuple[str, str]] = []
    for mark, text in given.diff:
        match mark:
            case Mark.SAME:
                parts.append(_seen(text))
            case Mark.EXTRA:
                parts += [("[-", "$ink-error"), (_seen(text, "␣"), "bold strike $ink-error"), ("]", "$ink-error")]
            case Mark.MISSING:
                parts += [
                    ("[+", "$ink-success"),
                    (_seen(text, "␣"), "bold underline $ink-success"),
                    ("]", "$ink-success"),
                ]
            case _:
                assert_never(mark)
    return Content.assemble(*parts)


def explanation(written: str) -> Content:
    """What the learner wrote, to be held against the points."""
    lines: Sequence[str] = visible(written.expandtabs(4)).strip().split("\n")
    return Content.assemble(("You wrote\n", "bold $ink-muted"), "\n".join(lines))


def _seen(text: str, space: str = " ") -> str:
    """Text on one line, its spaces as a sign that can be seen where they are what is wrong."""
    return visible("".join(space if char.isspace() else char for char in text))
