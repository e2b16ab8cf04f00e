"""What a scalar's way of writing would silently change in a text, and where its characters stand in the file."""

from __future__ import annotations

import re
from array import array

from nlpcards.decks.nodes import Scalar
from nlpcards.decks.quoting import late_header_words
from nlpcards.decks.source import SourceText, shortened

BLOCK = "Write the text below its key in a `|-` block, where nothing is changed."

_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_HARMLESS_ESCAPES = frozenset('\\"/\n')
_TEX_IN_N = frozenset(
    "e eq u abla ot otin i eg exists warrow earrow less geq leq mid parallel prec sim ewline ewcommand onumber "
    "olimits subset subseteq vdash cong leftarrow rightarrow Rightarrow atural".split()
)
_WORD = re.compile(r"[A-Za-z]*")
_WHAT_ESCAPES_MEAN = {
    "0": "a null character",
    "a": "a bell character",
    "b": "a backspace",
    "t": "a tab",
    "v": "a vertical tab",
    "f": "a form feed",
    "r": "a carriage return",
    "e": "an escape character",
    " ": "a space",
    "N": "a line break",
    "_": "a no-break space",
    "L": "a line separator",
    "P": "a paragraph separator",
    "n": "a line break",
}
_STARTS_A_BLOCK = re.compile(r"[-*+] |\d+[.)] |>")
_WHOLE_LINE_MATTERS = re.compile(r"```|~~~|\||#{1,6} ")
QUOTES = {"“": "”", "„": "“”", "‘": "’", "«": "»", "»": "«"}
"""Typographic quotes, and what may close a text that begins with one."""


def check_text(source: SourceText, scalar: Scalar, key: str) -> None:
    """Note what YAML changed between the text typed under a key and the text read."""
    value, start, end, style = scalar
    text = source.text
    if not style:
        if text[end : end + 1] not in ("\n", ""):
            _check_comment(source, scalar, key)
        if end - start != len(value):
            lines = text[start:end].split("\n")
            late = _BLOCK_TOO_LATE.search(lines[0]) if "|" not in lines[0][:-2] else None
            if late:
                source.error(start + late.start(1), "D214", *late_header_words(key, late[1]))
            else:
                _check_folding(source, scalar, key, lines)
    elif style == "|":
        return
    elif style == ">":
        _check_folding(source, scalar, key, text[start:end].rstrip().split("\n")[1:])
    else:
        written = text[start:end]
        if style == '"' and "\\" in written:
            _check_escapes(source, scalar, written)
        if "\n" in written:
            _check_folding(source, scalar, key, written[1:-1].split("\n"))
    if value[:1] in QUOTES and value[-1] in QUOTES[value[0]]:
        source.advise(
            start,
            "D213",
            f"the typographic quotes {value[0]}{value[-1]} around `{key}` are part of its text",
            "Remove them, or use straight quotes if they were meant for YAML.",
        )


_BLOCK_TOO_LATE = re.compile(r"\s([|>]-?)\s*$")
_COMMENT = re.compile(r"[ \t]*+(?=#)")


def _check_comment(source: SourceText, scalar: Scalar, key: str) -> None:
    cut = _COMMENT.match(source.text, scalar.end)
    if cut:
        source.error(
            cut.end(),
            "D206",
            f"YAML drops `{shortened(source.quoted(cut.end()))}` from `{key}` as a comment",
            f"If it is text, put all of it in single quotes or in a `|-` block under `{key}`; if it is a comment, "
            "give it a line of its own.",
        )


def _check_escapes(source: SourceText, scalar: Scalar, written: str) -> None:
    dollars = counted_to = 0
    for found in _ESCAPE.finditer(written):
        escape = found.group(1)
        if escape in _HARMLESS_ESCAPES:
            continue
        word = _WORD.match(written, found.end())
        following = word.group() if word else ""
        if escape == "n":
            dollars += written.count("$", counted_to, found.start())
            counted_to = found.start()
            if dollars % 2 == 0 and following not in _TEX_IN_N:
                continue
        elif len(escape) > 1 and _is_character(int(escape[1:], 16)):
            # Named by its number it is meant, and no TeX; where it would act on a terminal it is shown as a sign.
            continue
        elif escape == "e" and not following:
            continue
        meaning = _WHAT_ESCAPES_MEAN.get(escape, "a control character")
        rest = f" and `{shortened(following)}`" if following and len(escape) == 1 else ""
        source.error(
            scalar.start + found.start(),
            "D207",
            f"`{shortened(found.group() + following)}` in double quotes is read as {meaning}{rest}",
            "Use single quotes or a `|-` block, where a backslash is a backslash.",
        )


def _is_character(point: int) -> bool:
    """Whether a number names a character: halves of surrogate pairs do not."""
    return point < 0xD800 or 0xE000 <= point


def _check_folding(source: SourceText, scalar: Scalar, key: str, lines: list[str]) -> None:
    """Lines that YAML joins by spaces, where Markdown gives line ends a meaning."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2:
        return
    indent = len(filled[0]) - len(filled[0].lstrip(" "))
    what = ""
    for number, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            what = what or ("a blank line" if 0 < number < len(lines) - 1 else "")
        elif _WHOLE_LINE_MATTERS.match(bare) or (number and _STARTS_A_BLOCK.match(bare)):
            what = f"`{shortened(bare, 24)}`"
        elif scalar.style == ">" and number and len(line) - len(line.lstrip(" ")) > indent:
            what = "an indented line"
        else:
            continue
        if what:
            break
    if what:
        source.error(
            scalar.start,
            "D211",
            f"YAML joins the lines of `{key}`, which {what} in it needs apart",
            BLOCK,
        )


_TOKENS = {
    "'": re.compile(r"''|.", re.DOTALL),
    '"': re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|.", re.DOTALL),
}
_CHARACTER = re.compile(r"\S")
_BLANK_ESCAPES = frozenset(f"\\{char}" for char in "\n\t tnrfvN_LP")


def index_of(source: SourceText, scalar: Scalar, offset: int) -> int:
    """The index in the source of a character of a scalar's value.

    Folding changes only white space, so the visible characters are counted and found again in the source.
    """
    start, end, style = scalar.start, scalar.end, scalar.style
    if not style and len(scalar.value) == end - start:
        return min(start + offset, end)
    if source.visible is None or source.visible[:2] != (start, end):
        source.search(start, end)
        # Kept for the next call, which is mostly about another mistake in the same text.
        source.visible = start, end, _visible(source.text, scalar)
    places = source.visible[2]
    wanted = len("".join(scalar.value[:offset].split()))
    return places[min(wanted, len(places) - 1)] if places else start


def _visible(text: str, scalar: Scalar) -> array[int]:
    """The places in the source of the characters of a scalar that are not white space."""
    start, end, style = scalar.start, scalar.end, scalar.style
    if style in ("|", ">"):
        start = text.find("\n", start, end) + 1 or end
    elif style:
        start, end = start + 1, end - 1
    tokens = _TOKENS.get(style, _CHARACTER).finditer(text, start, end)
    return array("L", [each.start() for each in tokens if not _is_blank(each.group())])


def _is_blank(token: str) -> bool:
    return token.isspace() or token in _BLANK_ESCAPES
