"""Cards whose visible text holds what they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.core.kinds.contrast import Contrast
from nlpcards.core.kinds.term import Term
from nlpcards.core.kinds.typed import Typed
from nlpcards.core.markup.cloze import ClozeSpan, scan
from nlpcards.core.markup.source import Regions, regions
from nlpcards.decks.advice.cards import STOP_WORDS, Cards, stem, tokens
from nlpcards.decks.layout import WrittenNote
from nlpcards.decks.problems import Problem
from nlpcards.decks.source import shortened

MOST_SPANS = 50
"""So many clozes of one text are looked at; each takes a reading of the whole."""

_LETTERS = re.compile(r"[^\W\d_]{4}")
_ARTICLE = re.compile(r"\b(an?)\s+$", re.IGNORECASE)
_WHOLE_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
"""A word with what hyphens tie to it: "self-attention" does not say "attention" to one who is asked for it."""

_CHOICE = re.compile(r"\s*(?:\bor\b|/|\|)\s*")


def advise(cards: Cards) -> Iterator[Problem]:
    """Q005: of words only. Symbols, numbers and code stand in many places of a card and tell nothing."""
    for written in cards.notes:
        match written.note.body:
            case ClozeText(text=text):
                yield from _in_cloze(written, text)
            case Term(term=term, definition=definition) if _holds(definition, term):
                yield written.problem(
                    "Q005",
                    ("definition",),
                    f"the definition holds the term “{term}”, which one of its cards asks for",
                    "Say it in other words.",
                )
            case Contrast() as contrast:
                yield from _in_labels(written, contrast)
            case Typed(question=question, answer=answer) if _holds(question, answer):
                yield written.problem(
                    "Q005", ("q",), f"the question holds its answer “{answer}”", "Ask without the word."
                )


def _in_labels(written: WrittenNote, contrast: Contrast) -> Iterator[Problem]:
    """Cells that the label of their own column says. What that of a row says is mostly what the things are asked of."""
    labels = dict(contrast.of)
    for row in contrast.by:
        for name, cell in row.cells.items():
            if _holds(labels.get(name, ""), cell):
                message = f"the label “{shortened(labels[name])}” holds the cell “{shortened(cell)}”"
                hint = "Word the label without it, or leave the cell out."
                yield written.problem("Q005", ("contrast", "by", row.slug, name), message, hint)


def _in_cloze(written: WrittenNote, text: str) -> Iterator[Problem]:
    spans = scan(text).spans
    found = regions(text) if "$" in text or "`" in text else Regions((), ())
    said: set[str] = set()
    for span in spans[:MOST_SPANS]:
        hidden = " ".join(span.text.split())
        if found.at(span.start) is not None or hidden in said:
            continue
        if span.hint and _holds(span.hint, hidden):
            message, hint = f"the hint says “{hidden}”, which is what is hidden", "Give another hint, or none."
        elif _holds(_visible(text, spans, span.number), hidden):
            message = f"“{hidden}” is hidden as c{span.number} and stands elsewhere on the same card"
            hint = f"Hide it there too with `{{{{c{span.number}::…}}}}`, or word the rest without it."
        elif _article_tells(text, span):
            message = f"the article before c{span.number} fits only one of the choices in its hint"
            hint = "Hide the article too, or write `a/an`."
        else:
            continue
        said.add(hidden)
        yield written.problem("Q005", ("cloze",), message, hint, offset=span.start)


def _visible(text: str, spans: tuple[ClozeSpan, ...], number: int) -> str:
    """What the card of a number shows while it asks."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], " … " if span.number == number else span.text]
        at = span.end
    return "".join([*parts, text[at:]])


def _holds(text: str, hidden: str) -> bool:
    """Whether all words of what is asked stand in a text one after another, whatever their endings."""
    if not _LETTERS.search(hidden) or "`" in hidden or "$" in hidden:
        return False
    wanted = [stem(word) for word in _WHOLE_WORD.findall(hidden.casefold())]
    if all(word in STOP_WORDS for word in tokens(hidden)):
        return False
    return f" {' '.join(wanted)} " in f" {' '.join(stem(word) for word in _WHOLE_WORD.findall(text.casefold()))} "


def _article_tells(text: str, span: ClozeSpan) -> bool:
    article = _ARTICLE.search(text[max(0, span.start - 8) : span.start])
    if not article or not span.hint:
        return False
    choices = [choice.strip() for choice in _CHOICE.split(span.hint) if choice.strip()]
    fitting = [each for each in choices if (each[0].lower() in "aeio") == (article[1].lower() == "an")]
    # Other first letters than these sound otherwise than they look, as in "an LSTM" and "a unit".
    plain = all(each[0].isalpha() and each[:2].islower() and each[0] not in "uh" for each in choices)
    return len(choices) > 1 and plain and len(fitting) == 1
