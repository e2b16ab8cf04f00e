"""Cards that the learner reported as wrong, for the deck's author to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath

from nlpcards.collection.card_words import question_line
from nlpcards.collection.collection import Collection
from nlpcards.core.cards import Card, deck_of
from nlpcards.core.days import date_of
from nlpcards.core.errors import UsageError
from nlpcards.core.journal import Resolve
from nlpcards.core.remarks import Reported


@dataclass(frozen=True, slots=True)
class ReportedCard:
    """A card with its reports, oldest first. `card` is None where its note is gone; `changed` says that its text is no
    longer what it was at the last report.
    """

    id: str
    reports: tuple[Reported, ...]
    card: Card | None
    question: str
    changed: bool

    @property
    def place(self) -> str:
        """The file and the line where its note is written, empty where it is gone."""
        return f"{self.card.note.place.path}:{self.card.note.place.line}" if self.card is not None else ""


def reported_cards(collection: Collection) -> tuple[ReportedCard, ...]:
    """All cards that are reported and not settled, by deck, file line and id."""
    found = []
    for name, said in collection.journal.reported().items():
        card = collection.library.card(name)
        question = question_line(card, collection.state(name).reps) if card is not None else ""
        shown = said.reports[-1].content
        changed = card is not None and bool(shown) and shown != card.content()
        found.append(ReportedCard(name, said.reports, card, question, changed))
    return tuple(sorted(found, key=_by_place))


def settle(collection: Collection, name: str) -> str:
    """Take back what was reported of a card, though its note be gone; gives the card's id.

    Raises:
        UsageError: the card is not reported.
        StoreError: it could not be stored.
    """
    card = collection.journal.present_names().get(name, name)
    if card not in collection.journal.reported():
        raise UsageError(f"{name} is not reported", remedy="`nlpcards reports` lists the cards that are.")
    collection.journal.append([Resolve(card)], collection.now())
    return card


def as_issue(reported: Sequence[ReportedCard]) -> str:
    """The reports as Markdown to paste into an issue, a heading for each deck; empty without any.

    What decks and reasons say is in code spans: nothing in it can become a heading, a link or a mention. Of a file only
    the name is given, since the way to it is the learner's own.
    """
    parts = []
    for deck, cards in groupby(reported, key=lambda each: deck_of(each.id)):
        lines = [f"## Cards of `{deck}` that may be wrong", ""]
        for each in cards:
            lines += [
                f"### {_code(each.id)}",
                "",
                f"- Where: {_code(PurePath(each.place).name)}" if each.place else "- Its note is gone",
            ]
            if each.question:
                lines.append(f"- Question: {_code(each.question)}")
            lines += [f"- Reported on {date_of(report.day)}: {_code(report.reason)}" for report in each.reports]
            if each.changed:
                lines.append("- The card was edited since.")
            lines.append("")
        parts.append("\n".join(lines))
    return "\n".join(parts).rstrip()


def _code(text: str) -> str:
    """A text as a code span, whatever backticks it holds."""
    text = " ".join(text.split())
    fence = "`"
    while fence in text:
        fence += "`"
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _by_place(each: ReportedCard) -> tuple[str, int, str]:
    return deck_of(each.id), each.card.note.place.line if each.card is not None else 0, each.id
