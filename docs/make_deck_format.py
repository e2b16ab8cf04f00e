"""Write into docs/deck-format.md, below each example, the cards that it makes: `python docs/make_deck_format.py`."""

from __future__ import annotations

import re
from pathlib import Path

from nlpcards.core.cards import Card
from nlpcards.decks.reader import read_text
from nlpcards.render.layout import layout

PAGE = Path(__file__).parent / "deck-format.md"
WIDTH = 76


def page(text: str) -> str:
    """The page with the cards of each example that is followed by a `text` block as they are shown now."""
    return re.sub(
        r"```yaml\n((?:(?!```\n).*\n)*)```\n\n```text\n(?:(?!```\n).*\n)*```\n",
        lambda found: f"```yaml\n{found[1]}```\n\n```text\n{cards(found[1])}\n```\n",
        text,
    )


def cards(deck: str) -> str:
    """The cards of a deck's text, question and answer, as a terminal shows them."""
    file = read_text(deck)
    assert file.deck is not None, "every example is a whole deck"
    return "\n\n".join(shown(card) for card in file.deck.cards())


def shown(card: Card) -> str:
    """One card: its id, what to do, the question, and the answer or the question with its cloze filled in."""
    face = card.face()
    question = layout(face.question_tree(), WIDTH, ask=face.ask, reveal=False)
    answer = face.answer_tree()
    below = layout(answer if answer is not None else face.question_tree(), WIDTH, ask=face.ask, reveal=True)
    task = [f"  ({face.task})"] if face.task else []
    lines = [[("  " + "".join(span.text for span in line)).rstrip() for line in part] for part in (question, below)]
    return "\n".join([card.id, *task, *lines[0], "  ╌╌╌", *lines[1]])


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
