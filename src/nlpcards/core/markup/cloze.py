r"""Anki's clozes, `{{c1::text::hint}}`, found in Markdown source before it is parsed.

Two things differ from Anki, because notes are about mathematics and code. A cloze ends at the `}}` that leaves its own
braces balanced, so that `{{c1::\tilde{c}_{t}}}` is one cloze. And a `::` inside code, or inside maths that the cloze
itself holds, is text; so is `\::` anywhere.
"""

import re
from functools import lru_cache

from nlpcards.core.dataclass import dataclass
from nlpcards.core.markup.source import Kind, Region, Regions, escaped, regions

HIGHEST_NUMBER = 500
"""The highest number that Anki makes a card of."""

_OPENING = re.compile(r"\{\{c([0-9]+)::")
_NEARLY = re.compile(r"\{\{\s*[cC]\s*[0-9][0-9,\s]*:{1,2}")
_MARKS = re.compile(r"\\.|[{}]|::|`", re.DOTALL)
_SPAN = r"(?>[^{}\\`\n|]++|\\[A-Za-z,;!])"
_IN_BRACES = rf"\{{(?!\{{c)(?>{_SPAN}|\{{(?!\{{c){_SPAN}*+\}})*+\}}"
_PLAINLY_WRITTEN = re.compile(
    rf"(?>[^{{\\]++|\\[^{{]|\\?\{{(?!\{{)|\{{\{{c[1-9][0-9]{{0,2}}::(?=[^\s:])(?>{_SPAN}|{_IN_BRACES})++\}}\}})*+"
)
"""A text of which each `{{` surely begins a sound cloze that holds neither code nor the end of a line or a cell."""

_MOST_UNCLOSED = 8
"""After so many unclosed clozes a text is no longer searched: each one costs a reading of the rest."""

_MOST_ERRORS = 20
"""After so many mistakes a text is no longer searched: nobody reads on."""


@dataclass(frozen=True, slots=True)
class ClozeError:
    """A cloze that cannot be read as one."""

    offset: int
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ClozeSpan:
    """Where one cloze stands in its source, and what it says."""

    start: int
    end: int
    number: int
    text_start: int
    text_end: int
    text: str
    r"""The hidden source, with each `\::` read as `::`."""
    hint: str | None


@dataclass(frozen=True, slots=True)
class Scan:
    """All clozes of a text in order, none inside another, and all mistakes in them."""

    spans: tuple[ClozeSpan, ...]
    errors: tuple[ClozeError, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers used, ascending: one card each."""
        return tuple(sorted({span.number for span in self.spans}))


@dataclass(frozen=True, slots=True)
class _Body:
    """What was read after an opening: where the text ends, where the cloze ends, and what is wrong inside."""

    separator: int | None
    closing: int
    nested: tuple[int, ...]


@lru_cache(maxsize=8)  # The kind and the checks of a text each ask once, one after the other.
def plain_numbers(text: str) -> tuple[int, ...] | None:
    """The numbers of a text's clozes, ascending, where a glance shows them all to be sound and each to lie within one
    line and one cell; None where only `scan` can tell.
    """
    if _PLAINLY_WRITTEN.fullmatch(text) is None:
        return None
    numbers = sorted({int(number) for number in _OPENING.findall(text)})
    return None if numbers and numbers[-1] > HIGHEST_NUMBER else tuple(numbers)


@lru_cache(maxsize=8)
def scan(text: str) -> Scan:
    """Find every cloze of a Markdown source."""
    if "{{" not in text:
        return Scan((), ())
    return scan_within(text, regions(text))


def filled_in(text: str) -> str:
    """A Markdown source with what its clozes hide in their places."""
    for span in reversed(scan(text).spans):
        text = f"{text[: span.start]}{span.text}{text[span.end :]}"
    return text


def scan_within(text: str, found: Regions) -> Scan:
    """Find every cloze of a source whose code and maths are already known."""
    spans: list[ClozeSpan] = []
    errors: list[ClozeError] = []
    unclosed = position = 0
    last_end = text.rfind("}}")
    while (opening := _OPENING.search(text, position)) and len(errors) < _MOST_ERRORS:
        _near_misses(text, position, opening.start(), found, errors)
        position = opening.end()
        within = found.at(opening.start())
        if not _is_code(within) and escaped(text, opening.start()):
            continue
        body = _read_body(text, position, found, within) if position <= last_end else None
        if body is None:
            errors.append(_unclosed(opening))
            unclosed += 1
            if unclosed == _MOST_UNCLOSED:
                return Scan(tuple(spans), tuple(errors))
            continue
        position = body.closing + 2
        errors.extend(_nested(offset) for offset in body.nested[:_MOST_ERRORS])
        text_end = body.closing if body.separator is None else body.separator
        hidden = text[opening.end() : text_end]
        if not hidden.strip():
            errors.append(_empty(opening))
        elif not _number_is_usable(opening.group(1)):
            errors.append(_out_of_range(opening))
        else:
            hint = (
                None if body.separator is None else _unescape(text[body.separator + 2 : body.closing]).strip() or None
            )
            spans.append(
                ClozeSpan(
                    start=opening.start(),
                    end=position,
                    number=int(opening.group(1)),
                    text_start=opening.end(),
                    text_end=text_end,
                    text=_unescape(hidden),
                    hint=hint,
                )
            )
    _near_misses(text, position, len(text), found, errors)
    return Scan(tuple(spans), tuple(errors))


def _read_body(text: str, start: int, found: Regions, within: Region | None) -> _Body | None:
    """Read from the end of an opening to its `}}`; None if there is none that balances.

    A code span that the cloze holds is passed over whole, so that its braces need not balance. If that leaves the
    cloze open, the code span was not one (its other end lies beyond), and its characters are read like others.
    """
    if _is_code(within):
        return _read(text, start, found, within)
    body = _read(text, start, found, within, skip_code=True)
    return body if body or "`" not in text else _read(text, start, found, within)


def _read(text: str, start: int, found: Regions, within: Region | None, *, skip_code: bool = False) -> _Body | None:
    depth = 0
    separator: int | None = None
    nested: list[int] = []
    in_code = _is_code(within)
    position = start
    while mark := _MARKS.search(text, position):
        token, offset = mark.group(), mark.start()
        position = mark.end()
        if token[0] == "\\":
            if in_code:
                position = offset + 1
            elif text.startswith("::", offset + 1):
                position = offset + 3
        elif token == "`":
            region = found.at(offset)
            if skip_code and region and region.start == offset and region.kind is Kind.CODE:
                position = region.end
        elif token == "{":
            if opening := _OPENING.match(text, offset):
                nested.append(offset)
                depth += 2
                position = opening.end()
            else:
                depth += 1
        elif token == "}":
            if depth:
                depth -= 1
            elif text.startswith("}}", offset):
                return _Body(separator, offset, tuple(nested))
        elif separator is None and depth == 0 and not in_code and found.at(offset) in (None, within):
            separator = offset
    return None


def _is_code(region: Region | None) -> bool:
    return region is not None and region.kind is not Kind.MATHS


def _unescape(text: str) -> str:
    return text.replace("\\::", "::")


def _number_is_usable(digits: str) -> bool:
    return len(digits.lstrip("0")) <= 3 and 1 <= int(digits.lstrip("0") or "0") <= HIGHEST_NUMBER


def _near_misses(text: str, start: int, end: int, found: Regions, errors: list[ClozeError]) -> None:
    """Report what was surely meant as a cloze but is not one, lest it be shown as text without a word."""
    for near in _NEARLY.finditer(text, start, end):
        if len(errors) >= _MOST_ERRORS:
            return
        if _is_code(found.at(near.start())) or escaped(text, near.start()):
            continue
        errors.append(
            ClozeError(
                near.start(),
                f"{near.group()!r} does not begin a cloze",
                "write {{c1::text}}, with one number and two colons; to show it as text, write a backslash before it",
            )
        )


def _unclosed(opening: re.Match[str]) -> ClozeError:
    return ClozeError(
        opening.start(),
        f"the cloze {opening.group()} is not closed",
        "end it with }} and balance the braces inside it, or write a backslash before it to show it as text",
    )


def _nested(offset: int) -> ClozeError:
    return ClozeError(offset, "a cloze stands inside another", "end the outer one first: clozes may not be nested")


def _empty(opening: re.Match[str]) -> ClozeError:
    return ClozeError(
        opening.start(), f"the cloze {opening.group()} hides nothing", "write the text to hide after the two colons"
    )


def _out_of_range(opening: re.Match[str]) -> ClozeError:
    return ClozeError(
        opening.start(),
        f"{opening.group(1)[:12]} is not a cloze number",
        f"use a number from 1 to {HIGHEST_NUMBER}",
    )
