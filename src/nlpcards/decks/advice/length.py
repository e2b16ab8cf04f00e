"""Questions and answers that are too long to be asked ten times over years."""

from __future__ import annotations

from collections.abc import Iterator

from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.core.kinds.contrast import Contrast
from nlpcards.core.kinds.explain import Explain
from nlpcards.core.kinds.steps import Steps
from nlpcards.core.kinds.term import Term
from nlpcards.core.markup.cloze import scan
from nlpcards.core.words import count
from nlpcards.decks.advice.cards import Cards, prose, question
from nlpcards.decks.layout import KeyPath, WrittenNote
from nlpcards.decks.problems import Problem

LONGEST_QUESTION = 60
"""Words in a question: a quarter of a minute at 240 words a minute, and twice as many as in most questions."""

LONGEST_ANSWER = 40
"""Words in an answer: what can be said in a breath or two, at 150 words a minute."""


def advise(cards: Cards) -> Iterator[Problem]:
    """Q001 and Q012. A formula or a piece of code counts as a word; code blocks and tables are looked at, not read."""
    for written in cards.notes:
        key, asked = question(written.note)
        words = _words(asked)
        if words > LONGEST_QUESTION:
            path: KeyPath = ("drill", "ask") if key == "drill" else (key,)
            yield written.problem(
                "Q001",
                path,
                f"the question has {count(words, 'word')}, more than {LONGEST_QUESTION}, and is read at each review",
                "Ask it in one or two sentences; what explains belongs under `why`, another fact in another note.",
            )
        for path, text in _answers(written):
            words = _words(text)
            if words > LONGEST_ANSWER:
                yield written.problem(
                    "Q012",
                    path,
                    f"the answer has {count(words, 'word')}, more than the {LONGEST_ANSWER} that fit a breath",
                    "Keep what the question asks for; move reasons to `why` and further facts to notes of their own.",
                )


def _words(text: str) -> int:
    # Most texts are so short that their words need no counting.
    return len(prose(text).split()) if len(text) > 2 * LONGEST_ANSWER else 0


def _answers(written: WrittenNote) -> Iterator[tuple[KeyPath, str]]:
    body = written.note.body
    match body:
        case Basic():
            yield ("a",), body.answer
        case Term():
            yield ("definition",), body.definition
        case ClozeText():
            for span in scan(body.text).spans if len(body.text) > LONGEST_ANSWER else ():
                yield ("cloze",), span.text
        case Contrast():
            for row in body.by:
                for name, text in row.cells.items():
                    yield ("contrast", "by", row.slug, name), text
        case Steps():
            for slug, text in body.steps:
                yield ("steps", "of", slug), text
        case Explain():
            for at, text in enumerate(body.points):
                yield ("points", at), text
        case _:
            return
