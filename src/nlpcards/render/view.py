"""What a question or an answer shows of each cloze."""

from enum import Enum, auto
from typing import Any

from nlpcards.core.markup.tree import Cloze


class View(Enum):
    """How a cloze appears on one side of one card."""

    SHOWN = auto()
    """As plain text: another card asks for it."""
    HIDDEN = auto()
    """As its hint in brackets: it is being asked for."""
    ANSWER = auto()
    """Marked: it was asked for."""


def view(cloze: Cloze[Any], ask: int | None, reveal: bool) -> View:
    """How a cloze appears on the card that asks for `ask`, before or after it is revealed."""
    if ask is None or cloze.number != ask:
        return View.SHOWN
    return View.ANSWER if reveal else View.HIDDEN


def label(cloze: Cloze[Any]) -> str:
    """What stands in place of a hidden cloze."""
    return f"[{cloze.hint or '…'}]"
