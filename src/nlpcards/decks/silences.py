"""Comments by which a deck's author silences advice: `# nlpcards: ignore Q003`.

One before `notes:` speaks for the file; one on the lines before a note or inside it speaks for that note. Only advice
can be silenced: where there is an error, something is left out or read otherwise than it was written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from nlpcards.decks.codes import CODES
from nlpcards.decks.layout import Layout
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.source import SourceText, shortened

MOST_COMMENTS = 1_000
"""So many comments of one file are looked at."""

_COMMENT = re.compile(r"^[ \t]*(#)[ \t]*nlpcards[ \t]*:[ \t]*(.*)$", re.MULTILINE | re.IGNORECASE)
_WORD = re.compile(r"[^\s,;]+")
_HINT = "Write `# nlpcards: ignore` and the codes of advice, as in `# nlpcards: ignore Q003 Q008`."

NOT_OF_ONE_FILE = frozenset({"Q006", "Q010", "D503", "D506", "D507", "R030", "R031"})
"""Advice that depends on other files or on the day: a comment for it may well silence nothing now."""


@dataclass(slots=True)
class Silence:
    """A code silenced in a stretch of lines (from `first` to before `end`); `used` where it silenced something."""

    code: str
    at: int
    first: int
    end: int
    used: bool = field(default=False)


def silenced(layout: Layout, problems: Sequence[Problem]) -> list[Problem]:
    """The problems of a file without those that its comments silence, and with advice on these comments."""
    source = layout.source
    if not _COMMENT.search(source.text):
        return list(problems)
    silences: list[Silence] = []
    left: list[Problem] = []
    for first, end, comment in _comments(layout):
        for at, word in _codes(comment):
            wrong = _wrong(word)
            if wrong:
                left.append(_advice(source, at, "Q090", *wrong))
            else:
                silences.append(Silence(word.upper(), at, first, end))
        if not comment[2].lower().startswith("ignore") or not list(_codes(comment)):
            message = "this comment is meant for nlpcards and says nothing that it knows"
            left.append(_advice(source, comment.start(1), "Q090", message, _HINT))
    for problem in problems:
        covering = [each for each in silences if each.code == problem.code and each.first <= problem.line < each.end]
        for each in covering:
            each.used = True
        if problem.is_error or not covering:
            left.append(problem)
    errors = [problem.line for problem in problems if problem.is_error]
    for each in silences:
        # No advice is given on a note with an error, so what would be silenced there shows only once it is mended.
        unknown = each.code in NOT_OF_ONE_FILE or any(each.first <= line < each.end for line in errors)
        if not each.used and not unknown:
            message = f"nothing here earns {each.code}, so the comment silences nothing"
            left.append(_advice(source, each.at, "Q091", message, "Remove the code from the comment."))
    return sorted(left)


def _comments(layout: Layout) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Each comment for us, with the lines that it speaks for."""
    source = layout.source
    text = source.text
    places = {line: (line, column) for line, column in layout.notes}
    starts = sorted(places)
    notes = re.search(rf"^(?:{'|'.join(layout.lists)})[ \t]*:", text, re.MULTILINE)
    end_of_file = text.count("\n") + 2
    for comment in islice(_COMMENT.finditer(text), MOST_COMMENTS):
        line, column = source.position(comment.start(1))
        after = bisect_right(starts, line)
        if not starts or notes is None or comment.start() < notes.start():
            yield 1, end_of_file, comment
            continue
        if after and _in_a_text(layout.notes[places[starts[after - 1]]], comment.start(1)):
            continue
        ends = [*starts, end_of_file]
        if after < len(starts) and (
            after == 0 or _belongs_below(source, comment, column, layout.notes[places[starts[after]]])
        ):
            yield starts[after], ends[after + 1], comment
        else:
            yield starts[after - 1], ends[after], comment


def _belongs_below(source: SourceText, comment: re.Match[str], column: int, node: MapNode) -> bool:
    """Whether only comments and blank lines part a comment from the note below, and it is indented like its dash."""
    line_start = source.text.rfind("\n", 0, node.start) + 1
    between = source.text[comment.end() : line_start]
    if any(line.strip() and line.lstrip()[0] != "#" for line in between.split("\n")):
        return False
    return column - 1 <= len(source.line_of(node.start)) - len(source.line_of(node.start).lstrip())


def _in_a_text(node: Node, at: int) -> bool:
    match node:
        case Scalar():
            return node.start <= at < node.end
        case ListNode():
            return any(_in_a_text(item, at) for item in node.items)
        case MapNode():
            return any(_in_a_text(value, at) for _, value in node.entries)
        case _:
            return False


def _codes(comment: re.Match[str]) -> Iterator[tuple[int, str]]:
    """The words after `ignore`, with their places."""
    words = list(_WORD.finditer(comment[2]))
    if words and words[0][0].lower() == "ignore":
        for word in words[1:]:
            yield comment.start(2) + word.start(), word[0]


def _wrong(word: str) -> tuple[str, str] | None:
    code = CODES.get(word.upper())
    if code is None:
        return f"there is no advice `{shortened(word)}`", "`nlpcards check --explain` lists all codes."
    if not code.is_advice:
        return f"{code.code} is an error, and only advice can be silenced", f"Mend it: it is {code.title}."
    return None


def _advice(source: SourceText, at: int, code: str, message: str, hint: str) -> Problem:
    return Problem(source.path, *source.position(at), Severity.ADVICE, code, message, hint)
