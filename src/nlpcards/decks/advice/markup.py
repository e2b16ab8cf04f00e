"""Marks of other programs, which are shown as they stand: HTML, other ways to write maths, clozes out of place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.core.kinds.typed import Typed
from nlpcards.core.markup.cloze import ClozeSpan, scan_within
from nlpcards.core.markup.source import Kind, Regions, escaped, regions
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
_FEW_BRACES = re.compile(r"(?<!\{)\{c(?P<number>\d{1,3})::?(?P<text>(?![\s:}])(?:[^{}\n]|\{[^{}\n]{0,40}\}){1,60})\}")
_COLONS = re.compile(r"(?<!\\)::")

_HINT_IN_CODE = re.compile(r"[^\s:]::((?=[^?]*[ ?])[A-Za-z][A-Za-z' -]*\??)`?$")
"""Words of prose after two colons that end a text of code: no language writes words side by side there."""

_WORD_IN_CODE = re.compile(r"[^\s:]::([A-Za-z][A-Za-z'-]+)$")
"""One word there: that is a name in C++, Rust, Ruby or SQL, but nothing in the languages below."""

_MOST_TOLD = 5
"""So many spans of a text with too few braces are named."""

_WITHOUT_PATHS = frozenset("sh bash zsh shell console awk sed python py text txt".split())
"""Words after a fence for what does not join names by two colons."""

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
        said = _hint(text, span, found)
        if said is not None:
            yield problem(*said, offset=span.start)
    told = 0
    for each in _FEW_BRACES.finditer(text):
        if told == _MOST_TOLD:
            break
        region = found.at(each.start())
        is_code = region is not None and region.kind is not Kind.MATHS
        inside = any(span.start <= each.start() < span.end for span in spans)
        # In code a single colon after a name in braces is a mapping's.
        if inside or (is_code and "::" not in each[0]) or escaped(text, each.start()):
            continue
        if region is not None and region.kind is Kind.CODE:
            # In a line, code is also how a mark is shown as it is, unless it has spans already.
            if not any(region.start <= span.start < region.end for span in spans):
                continue
        told += 1
        message = f"`{shortened(each[0])}` is in single braces, so it is no cloze and is shown as it stands"
        hint = f"Write `{{{{c{each['number']}::{each['text']}}}}}`." + _AS_TEXT
        yield problem(message, hint, offset=each.start())
    for each in _WITHOUT_NUMBER.finditer(text):
        inside = any(span.start <= each.start() < span.end for span in spans)
        if inside or found.at(each.start()) is not None or escaped(text, each.start()):
            continue
        free = 1 + max((span.number for span in spans), default=0)
        message = f"`{each[0]}` has no number, so it is no cloze and is shown as it stands"
        yield problem(message, f"Write `{{{{c{free}::{each[1]}}}}}`." + _AS_TEXT, offset=each.start())
        return


def _meant_as_hint(text: str, span: ClozeSpan, found: Regions) -> str | None:
    """The words of a cloze in code that are surely its author's hint."""
    if span.hint or not _COLONS.search(text, span.text_start, span.text_end):
        return None
    if words := _HINT_IN_CODE.search(span.text):
        return words[1]
    word = _WORD_IN_CODE.search(span.text)
    region = found.at(span.start)
    if word is None or region is None or region.kind is not Kind.FENCE:
        return None
    language = text[region.start : region.end].split("\n", 1)[0].lstrip("`~").split()
    if not language or language[0].lower() not in _WITHOUT_PATHS:
        return None
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    # `x[start::step]` is a slice of Python's.
    return None if before.count("[") > before.count("]") else word[1]


def _hint(text: str, span: ClozeSpan, found: Regions) -> tuple[str, str] | None:
    """What to say of a cloze's hint."""
    meant = _meant_as_hint(text, span, found)
    if meant is not None:
        message = f"“{shortened(meant)}” looks like a hint, but `::` is text in code, so it is hidden with the rest"
        return message, "Code has no hints: write it in the sentence before, or as a comment of the code."
    after = text[span.text_end : span.end - 2]
    if after and not after[2:].strip():
        hint = f"Write the hint after the two colons, or `{{{{c{span.number}::{shortened(span.text)}}}}}`."
        return f"the hint of c{span.number} is empty", hint
    if _COLONS.search(after, 2):
        message = f"the hint of c{span.number} has two colons in it, which are shown with it"
        return message, r"A cloze has one hint; take the second out, or write `\::` where two colons are text."
    return None
