"""Anki's cloze texts as ours: clozes that stand within each other or share a span are parted into notes of their own.

A cloze of ours holds no other, and has one number. Where Anki's do otherwise, each card still hides what it hid: the
numbers that get in each other's way go to different notes with the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nlpcards.anki.importing.templates import bare
from nlpcards.anki.importing.text import CannotCarry, Converter
from nlpcards.core.markup.cloze import HIGHEST_NUMBER, scan_within
from nlpcards.core.markup.source import regions
from nlpcards.decks.importing.plain import from_plain

_TOKEN = re.compile(r"\{\{c(?P<numbers>[0-9]{1,6}(?:,[0-9]{1,6}){0,50})::|(?P<close>\}\})")
_OPEN_BRACE, _CLOSE_BRACE = "\ufdd1", "\ufdd2"
"""Noncharacters, never text: they stand for braces within a cloze that must not end it."""

_DEEPEST = 10
"""How deep clozes stand within each other at most; Anki too reads no deeper."""

_MOST = 2_000
"""How many clozes one text may have."""

_MOST_WRITTEN = 500_000
"""Characters of all the notes that one text makes: each has all of it, and there may be one for each number."""


@dataclass(slots=True)
class Cloze:
    """A cloze with its numbers, what it hides (text and further clozes), and its hint as HTML."""

    numbers: tuple[int, ...]
    parts: list[str | Cloze] = field(default_factory=list)
    hint: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ClozeNote:
    """A text of ours, and the numbers of its clozes in order."""

    markdown: str
    numbers: tuple[int, ...]


def cloze_notes(html: str, converter: Converter) -> list[ClozeNote]:
    """The notes that a cloze text makes; mostly one.

    Raises:
        CannotCarry: it has no cloze, or such as cannot be told.
    """
    parts = _read(html)
    usable = [number for number in _numbers(parts) if 1 <= number <= HIGHEST_NUMBER]
    if not usable:
        raise CannotCarry("its text has no cloze")
    groups = _groups(parts, usable)
    if len(groups) > 1 and len(groups) * len(html) > _MOST_WRITTEN:
        raise CannotCarry(
            f"its clozes stand within each other so that {len(groups)} notes with all its text would be made"
        )
    return [ClozeNote(_markdown(parts, group, converter), tuple(sorted(group))) for group in groups]


def _read(html: str) -> list[str | Cloze]:
    """A text as Anki reads it: a cloze ends at the first `}}` after those within it, and one without any is text."""
    root: list[str | Cloze] = []
    stack: list[Cloze] = []
    position = count = 0

    def put(text: str) -> None:
        if text:
            (stack[-1].parts if stack else root).append(text)

    for token in _TOKEN.finditer(html):
        put(html[position : token.start()])
        position = token.end()
        if token["close"] is None:
            count += 1
            if len(stack) >= _DEEPEST or count > _MOST:
                raise CannotCarry("its clozes stand too deep within each other, or are too many")
            stack.append(Cloze(tuple(dict.fromkeys(map(int, token["numbers"].split(",")))), source=token.group()))
        elif stack:
            done = stack.pop()
            _take_hint(done)
            (stack[-1].parts if stack else root).append(done)
        else:
            put("}}")
    put(html[position:])
    while stack:
        # Never closed: what began it is text.
        left = stack.pop()
        (stack[-1].parts if stack else root).extend([_guarded(left.source), *left.parts])
    return root


def _take_hint(cloze: Cloze) -> None:
    """Part the hint from what is hidden."""
    last = cloze.parts[-1] if cloze.parts else ""
    if isinstance(last, str) and "::" in last:
        text, _, hint = last.partition("::")
        cloze.parts[-1], cloze.hint = text, hint


def _walk(parts: Iterable[str | Cloze]) -> Iterator[tuple[Cloze, tuple[Cloze, ...]]]:
    """Each cloze, with those that it stands in."""
    waiting: list[tuple[str | Cloze, tuple[Cloze, ...]]] = [(part, ()) for part in parts]
    while waiting:
        part, above = waiting.pop(0)
        if isinstance(part, Cloze):
            yield part, above
            waiting = [*((each, (*above, part)) for each in part.parts), *waiting]


def _numbers(parts: Iterable[str | Cloze]) -> list[int]:
    return sorted({number for cloze, _ in _walk(parts) for number in cloze.numbers})


def _groups(parts: list[str | Cloze], numbers: list[int]) -> list[set[int]]:
    """The numbers in as few groups as comes of taking them in order, so that no two of a group meet in the text."""
    meets: dict[int, set[int]] = {number: set() for number in numbers}
    for cloze, above in _walk(parts):
        near = {*cloze.numbers, *(number for each in above for number in each.numbers)}
        if len(near) > 1:
            for number in near & meets.keys():
                meets[number] |= near - {number}
    groups: list[set[int]] = []
    for number in numbers:
        group = next((each for each in groups if not each & meets[number]), None)
        if group is None:
            groups.append({number})
        else:
            group.add(number)
    return groups


def _markdown(parts: list[str | Cloze], group: set[int], converter: Converter) -> str:
    """A text with the clozes of some numbers.

    Braces are left as they are first, since maths is full of balanced ones; where that gives other clozes, those in
    clozes are escaped; and where marks cross each other, only the words are taken.

    Raises:
        CannotCarry: none of these gives the clozes that Anki has.
    """
    before = list(converter.lost)
    for number in range(3):
        converter.lost[:] = before
        if number == 2:
            markdown = _unguarded(_plain(parts, group))
        else:
            markdown = _unguarded(converter.markdown(_written(parts, group, guard=number == 1), cloze=True))
        if _is_sound(markdown, group):
            return markdown
    raise CannotCarry("its clozes cross the borders of formulas or code")


def _written(parts: Iterable[str | Cloze], group: set[int], *, guard: bool) -> str:
    """The HTML with the clozes of some numbers, all others being text that is shown."""
    return "".join(_flat(parts, group, guard=guard, within=False, plain=False))


def _plain(parts: Iterable[str | Cloze], group: set[int]) -> str:
    return "".join(_flat(parts, group, guard=True, within=False, plain=True)).strip()


def _flat(parts: Iterable[str | Cloze], group: set[int], *, guard: bool, within: bool, plain: bool) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            text = _guarded(part) if guard and within else part
            yield _words(text) if plain else text
            continue
        number = next((each for each in part.numbers if each in group), None)
        if number is None or within:
            yield from _flat(part.parts, group, guard=guard, within=within, plain=plain)
            continue
        hint = _guarded(part.hint) if guard else part.hint
        inner = "".join(_flat(part.parts, group, guard=guard, within=True, plain=plain))
        hint = bare(hint) if plain else hint
        yield f"{{{{c{number}::{inner}{f'::{hint}' if hint.strip() else ''}}}}}"


def _words(html: str) -> str:
    """The words of a piece of HTML in Markdown, with the space that parts it from its neighbours."""
    words = from_plain(bare(html))
    return f"{' ' if html[:1].isspace() else ''}{words}{' ' if html[-1:].isspace() else ''}"


def _guarded(text: str) -> str:
    return text.replace("{", _OPEN_BRACE).replace("}", _CLOSE_BRACE)


def _unguarded(markdown: str) -> str:
    return markdown.replace(_OPEN_BRACE, "\\{").replace(_CLOSE_BRACE, "\\}")


def _is_sound(markdown: str, group: set[int]) -> bool:
    """Whether a text has clozes of these numbers and no others, each within or around formulas and code as a whole."""
    found = regions(markdown)
    read = scan_within(markdown, found)
    return (
        not read.errors
        and {span.number for span in read.spans} == group
        and all(found.at(span.start) == found.at(span.end - 1) for span in read.spans)
    )
