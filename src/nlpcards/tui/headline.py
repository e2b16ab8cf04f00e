"""What stands around a card: where it is from, how far one has come, what is special about it, what it cites."""

from __future__ import annotations

from datetime import date

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from nlpcards.collection.asked import Asked
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.cards import Deck, Note
from nlpcards.core.days import date_of
from nlpcards.core.queue import Counts
from nlpcards.core.state import CardState, Interval, New
from nlpcards.core.words import FLAG_NAMES
from nlpcards.tui.chart import progress
from nlpcards.tui.words import clipped, safe


def sort_of(state: CardState) -> str:
    """What the card counts as: `new`, `learning` or `review`."""
    match state.schedule:
        case New():
            return "new"
        case Interval():
            return "review"
        case _:
            return "learning"


class Headline(Widget):
    """Deck and topic left; answers given and cards still to be asked right, the present card's sort underlined."""

    _deck = ""
    _answered = 0
    _counts = Counts()
    _now = ""

    def show(self, deck: Deck | None, note: Note, reviewing: Reviewing, state: CardState) -> None:
        """Show where a card of `note` stands in the session."""
        title = safe(deck.title or deck.id) if deck else note.deck
        topic = safe(note.topic or (deck.topic if deck else ""))
        self._deck = f"{title} · {topic}" if topic and topic.casefold() != title.casefold() else title
        self._answered, self._counts, self._now = reviewing.answered, reviewing.counts, sort_of(state)
        self.refresh()

    def render(self) -> Content:
        """The line."""
        parts: list[str | tuple[str, str]] = [f"{self._answered} answered"]
        for name, number in (
            ("new", self._counts.new),
            ("learning", self._counts.learning),
            ("review", self._counts.review),
        ):
            words = f"{number} {name}"
            parts += [" · ", (words, "bold underline $foreground") if name == self._now else words]
        right = Content.assemble(*parts)
        left = clipped(self._deck, self.size.width - right.cell_length - 2)
        return Content(left + " " * max(2, self.size.width - cell_len(left) - right.cell_length)) + right


class ProgressLine(Widget):
    """A thin line under the headline: the part of it that is thick was answered."""

    _done = 0
    _left = 0

    def show(self, done: int, left: int) -> None:
        """Show `done` answers against `left` cards."""
        self._done, self._left = done, left
        self.refresh()

    def render(self) -> Content:
        """The line."""
        done, left = progress(self._done, self._left, self.size.width)
        return Content.assemble((done, "$ink-success"), left)


def badges(asked: Asked, today: int) -> list[str]:
    """What is special about a card, each in a few words with a sign."""
    state, note = asked.before, asked.card.note
    found = []
    if state.flag:
        found.append(f"⚑ {FLAG_NAMES[state.flag]} flag")
    if asked.changed:
        found.append("✎ changed since you last saw it; m if it now means something else")
    if asked.remarks.reports:
        found.append("✗ you reported it")
    if state.leech:
        found.append(f"◆ leech: forgotten {state.lapses} times, its words may need mending")
    if note.expires is not None and date_of(today) >= note.expires:
        found.append(f"⧗ may be out of date since {_day(note.expires)}")
    return found


def _day(on: date) -> str:
    return on.isoformat()


def citations(note: Note) -> tuple[str, str]:
    """A word for a note's sources with the key that opens them; the sources, a line each: who, when, what, where."""
    lines = []
    for citation in note.cite:
        source = citation.source
        parts = [safe(part) for part in (source.authors, source.title) if part]
        if source.year:
            parts[0] += f" ({safe(source.year)})"
        if citation.where:
            parts.append(safe(citation.where))
        lines.append(". ".join(parts))
    word = "Source" if len(lines) == 1 else "Sources"
    return f"{word} (o)" if links(note) else word, "\n".join(lines)


def links(note: Note) -> tuple[str, ...]:
    """The addresses of a note's sources, each once; only those of the web, since a deck may come from a stranger."""
    urls = (citation.source.url for citation in note.cite)
    return tuple(dict.fromkeys(url for url in urls if url.lower().startswith(("https://", "http://"))))
