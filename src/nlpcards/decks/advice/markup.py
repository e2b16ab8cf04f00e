"""Marks of other programs, which are shown as they stand: HTML, other ways to write maths, clozes out of place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.core.kinds.typed import Typed
from nlpcards.core.markup.cloze import ClozeSpan, scan_within
from nlpcards.core.markup.source import Regions, escaped, regions
from nlpcards.core.numbers import number_in
from nlpcards.core.words import count
from nlpcards.decks.advice.cards import Cards
from nlpcards.decks.layout import WrittenNote, WrittenText
from nlpcards.decks.problems import Problem
from nlpcards.decks.source import shortened

MOST_TYPED = 6
"""Words: nobody types more of them without another word or comma than the author's."""

_TAGS = "br|hr|b|strong|i|em|u|sub|sup|img|div|span|font|code|pre|ul|ol|li"
_FOREIGN = re.compile(
    r"(?P<cloze>\{\{c\d+::)"
    r"|(?P<tex>\\\((?P<inline>[^\n]{1,200}?)\\\)|\\\[(?P<display>[^\n]{1,200}?)\\\]|\[(?:latex|\$\$?)\])"
    rf"|(?P<html></?(?P<tag>{_TAGS})(?:\s[^<>\n]*)?/?>)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]{2,}(?:[ ,-]+[^\W\d_]{2,})*")
"""What stands between escaped brackets and is surely no formula."""

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_WITHOUT_NUMBER = re.compile(r"\{\{(?!c\d)([^{}:\n]{1,60})\}\}")
_COLONS = re.compile(r"(?<!\\)::")

_HINT_IN_CODE = re.compile(r"[^\s:]::((?=[^?]*[ ?])[A-Za-z][A-Za-z' -]*\??)`?$")
"""Words of prose after two colons that end a text of code: no language writes words side by side there."""

_INSTEAD = {
    "br": "End the paragraph with a blank line, in a `|-` block.",
    "hr": "Write a line `---` in a `|-` block.",
    "b": "Write `**important**`.",
    "i": "Write `*important*`.",
    "sub": "Write it as maths: `$x_1$`.",
    "sup": "Write it as maths: `$x^2$`.",
    "img": "Write `![what it shows](file.png)`.",
    "code": "Write it in backticks.",
    "pre": "Write it below a line of three backticks, in a `|-` block.",
    "li": "Begin each item with `- `, in a `|-` block.",
}
_LIKE = {"strong": "b", "em": "i", "ul": "li", "ol": "li"}
_AS_TEXT = " To show it as it is, put it in backticks."


def advise(cards: Cards) -> Iterator[Problem]:
    """Q014 to Q018."""
    for written in cards.notes:
        for text in written.texts():
            yield from _foreign(written, text)
            if found := _TURNING.search(text.text):
                yield written.problem(
                    "Q018",
                    text.path,
                    f"an invisible character (U+{ord(found[0]):04X}) that turns the direction of writing stands here",
                    "Remove it; on the card it is shown by its number.",
                    offset=found.start(),
                )
        body = written.note.body
        if isinstance(body, ClozeText):
            yield from _spans(written, body.text)
        elif isinstance(body, Typed) and (words := len(body.answer.split())) > MOST_TYPED:
            if number_in(body.answer) is None:
                yield written.problem(
                    "Q017",
                    ("typed",),
                    f"the answer to type has {count(words, 'word')}, and is right only with all of them",
                    "Ask for a word or two, or make it `q` and `a`.",
                )


def _foreign(written: WrittenNote, text: WrittenText) -> Iterator[Problem]:
    """Q014 and Q015, each once for a text."""
    found: Regions | None = None
    said: set[str] = set()
    for each in _FOREIGN.finditer(text.text):
        family = "cloze" if each["cloze"] else "tex" if each["tex"] else "html"
        inside = each["inline"] or each["display"]
        if family == "html" and text.path[0] in ("typed", "accept"):
            continue  # which is taken to the letter
        if family in said or (family == "cloze" and text.cloze) or (inside and _WORDS.fullmatch(inside.strip())):
            continue
        found = found or regions(text.text)
        if found.at(each.start()) is not None or escaped(text.text, each.start()):
            continue
        said.add(family)
        problem = partial(written.problem, offset=each.start())
        mark = shortened(each[0])
        if family == "cloze":
            message = f"`{mark}` begins a cloze, but `{text.path[0]}` is no cloze text: it is shown as it stands"
            yield problem("Q014", text.path, message, "Write the text under `cloze:`, in a note of its own." + _AS_TEXT)
        elif family == "tex":
            formula = inside.strip() if inside else "x"
            dollars = "$$" if each["display"] else "$"
            message = f"`{mark}` is not how maths is written here, so it is shown as it stands"
            yield problem("Q015", text.path, message, f"Write `{dollars}{formula}{dollars}`.")
        else:
            tag = each["tag"].lower()
            hint = _INSTEAD.get(_LIKE.get(tag, tag), "Write it in Markdown, or leave it out.")
            yield problem("Q015", text.path, f"`{mark}` is HTML, which is shown as it stands", hint + _AS_TEXT)


def _spans(written: WrittenNote, text: str) -> Iterator[Problem]:
    """Q016, on the clozes of a text."""
    found = regions(text)
    problem = partial(written.problem, "Q016", ("cloze",))
    spans = scan_within(text, found).spans
    for span in spans:
        said = _hint(text, span)
        if said is not None:
            yield problem(*said, offset=span.start)
    for each in _WITHOUT_NUMBER.finditer(text):
        inside = any(span.start <= each.start() < span.end for span in spans)
        if inside or found.at(each.start()) is not None or escaped(text, each.start()):
            continue
        free = 1 + max((span.number for span in spans), default=0)
        message = f"`{each[0]}` has no number, so it is no cloze and is shown as it stands"
        yield problem(message, f"Write `{{{{c{free}::{each[1]}}}}}`." + _AS_TEXT, offset=each.start())
        return


def _hint(text: str, span: ClozeSpan) -> tuple[str, str] | None:
    """What to say of a cloze's hint."""
    meant = _HINT_IN_CODE.search(span.text) if not span.hint else None
    if meant is not None and _COLONS.search(text, span.text_start, span.text_end):
        message = f"“{shortened(meant[1])}” looks like a hint, but `::` is text in code, so it is hidden with the rest"
        return message, "Code has no hints: write it in the sentence before, or as a comment of the code."
    after = text[span.text_end : span.end - 2]
    if after and not after[2:].strip():
        hint = f"Write the hint after the two colons, or `{{{{c{span.number}::{shortened(span.text)}}}}}`."
        return f"the hint of c{span.number} is empty", hint
    if _COLONS.search(after, 2):
        message = f"the hint of c{span.number} has two colons in it, which are shown with it"
        return message, r"A cloze has one hint; take the second out, or write `\::` where two colons are text."
    return None
