"""Text for the screen: what decks say made safe, errors as one sentence, times and shares in words."""

from __future__ import annotations

from textual.content import Content

from nlpcards.core.errors import NlpcardsError
from nlpcards.core.markup.safe import visible


def safe(text: str) -> str:
    """Text from a deck or a file on one line: nothing in it can act on the terminal or the reader's eyes."""
    return visible(" ".join(text.split()))


def sentence(error: NlpcardsError) -> str:
    """An error as the learner reads it: what happened, where, what to do."""
    where = f" ({error.place})" if error.place else ""
    text = safe(f"{error.message}{where}. {error.remedy}")
    return text[:1].upper() + text[1:]


def share(part: int, whole: int) -> str:
    """A share in per cent, `-` of nothing."""
    return f"{part / whole:.0%}" if whole else "-"


def countdown(ms: int) -> str:
    """A wait to the second, such as `4:07` or `1:02:33`."""
    seconds = max(0, -(-ms // 1000))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def clipped(text: str, cells: int) -> str:
    """One line cut to a width in terminal cells, with an ellipsis where something is missing."""
    return Content(text).truncate(max(0, cells), ellipsis=True).plain
