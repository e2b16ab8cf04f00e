"""What an author should look at again in a text that YAML left alone: lone dollars, torn clozes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from nlpcards.core.markup import Document, Problem, ProblemKind, parse, problems, scan
from nlpcards.core.markup.cloze import plain_numbers
from nlpcards.core.markup.marks import clean
from nlpcards.core.markup.source import regions
from nlpcards.decks.nodes import Scalar
from nlpcards.decks.scalars import QUOTES, index_of
from nlpcards.decks.source import SourceText

_IN_MATHS = r"(?>[^$`\\\n]++|\\[^$`]|\n(?![ \t>]*\n))++"
_NO_LONE_DOLLAR = re.compile(
    rf"(?>[^$`\\]++|\\[^$]|(?<!`)`(?!`)[^`$\\\n]*+`(?!`)|^```[^`$\n]*+\n[^`$]*+(?<=\n)```$"
    rf"|\$(?=[^\s$]){_IN_MATHS}(?<!\s)\$(?![\d$])|\$\${_IN_MATHS}\$\$)*+",
    re.MULTILINE,
)
"""A text without `~~~` whose dollars all surely pair up, none of them in code; most do, and need no closer reading."""

MOST_PARSED = 100_000
"""How many characters of one file's clozes are parsed as Markdown. Few clozes need it, and it takes long: for each
opening bracket, which may begin a link, the rest of the text is searched."""

_MAY_LOSE = re.compile(r"\][(:\[]|<|(?:```|~~~)[^\n]*\{\{")
_PARAGRAPHS = re.compile(
    r"(?:\x20{0,3}(?:(?:[-*+]|[0-9]{1,9}[.)])\x20)?(?:[A-Za-z(\\]|\$(?!\$)|\{\{c)[^\n|]*+(?:\n|\Z)|\x20*+\n)*+"
)
"""A text of paragraphs and items of lists alone, which hold words and formulas."""

_ENDS_A_PARAGRAPH = re.compile(r"\n(?!\x20{0,3}(?:[A-Za-z(\\]|\$(?!\$)))")
_UNDER_A_HEADER = re.compile(r"^[ \t>]*+[|:-][ \t|:-]*+$", re.MULTILINE)
_DIVIDER = re.compile(r"(?:\|[ \t]*+:?-++:?[ \t]*+)++\|")


def _has_no_lone_dollar(text: str) -> bool:
    return "~~~" not in text and _NO_LONE_DOLLAR.fullmatch(text) is not None


def is_plain_text(text: str) -> bool:
    """Whether a glance shows that nothing is to be said of a text that YAML left alone, its clozes aside; mostly so."""
    return (
        bool(text)
        and ("$" not in text or _has_no_lone_dollar(text))
        and "![" not in text
        and text[0] not in QUOTES
        and not text[-1].isspace()
    )


def is_surely_sound(source: SourceText, scalar: Scalar) -> bool:
    """Whether a glance shows that nothing is to be said of a text, and that YAML left it alone."""
    value, start, end, style = scalar
    places = source.error_places
    # They ascend, so the last alone tells of nearly all texts that nothing is wrong in them.
    if places and places[-1] >= start:
        return False
    if style != "|" and (style or end - start != len(value) or source.text[end : end + 1] not in "\n"):
        return False
    return is_plain_text(value)


def check_words(source: SourceText, scalar: Scalar, *, cloze: bool) -> None:
    """Note what is doubtful in a text as Markdown; `cloze` says that its `{{c1::…}}` are clozes."""
    text = scalar.value
    if source.has_error(scalar.start, scalar.end):
        # What YAML made of it is not what was typed, so there is nothing to say of the words.
        return
    if "$" in text and not _has_no_lone_dollar(text):
        _report(source, scalar, problems(Document((), dollars=regions(clean(text)).lone_dollars)))
    if cloze and may_tear(text) and source.may_parse(len(text) + text.count("[") ** 2 // 40, MOST_PARSED, scalar.start):
        found = problems(parse(text, cloze=True))
        _report(source, scalar, [each for each in found if each.kind is not ProblemKind.LONE_DOLLAR])


def may_tear(text: str) -> bool:
    """Whether a cloze may reach from one block into another, or stand where nothing of it is shown."""
    # Most texts have nothing that these look for, which is seen sooner without them.
    if ("]" in text or "<" in text or "```" in text or "~~~" in text) and _MAY_LOSE.search(text):
        return True
    if "|" in text and _UNDER_A_HEADER.search(text) and not _keeps_all_cells(text):
        return True
    if plain_numbers(text) is not None or ("\n" not in text and "|" not in text):
        return False
    if _PARAGRAPHS.fullmatch(text):
        # Words that go on in the next line are in the paragraph of the line before.
        return any(_ENDS_A_PARAGRAPH.search(each.text) for each in scan(text).spans)
    return any("\n" in each.text or "|" in each.text for each in scan(text).spans)


def _keeps_all_cells(text: str) -> bool:
    """Whether what may be a table is one in which no row has more cells than the header, so that none is dropped."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if not _UNDER_A_HEADER.match(line):
            continue
        header = lines[number - 1] if number else ""
        # A bar after a backslash or in a formula parts no cells, so that it would have to be counted otherwise.
        if not _DIVIDER.fullmatch(line) or set("\\$") & set(header):
            return False
        bars = line.count("|")
        for row in (header or "-", *takewhile(str.strip, lines[number + 1 :])):
            if row.count("|") > bars or row[0] != "|" or row[-1] != "|":
                return False
    return True


def _report(source: SourceText, scalar: Scalar, found: Sequence[Problem]) -> None:
    for problem in found[:10]:
        index = index_of(source, scalar, problem.offset)
        if problem.kind is ProblemKind.LONE_DOLLAR:
            source.error(index, "D412", *_lone_dollar(scalar.value, problem.offset))
        else:
            source.error(index, "D413", problem.message, sentence(problem.remedy))


def _lone_dollar(text: str, offset: int) -> tuple[str, str]:
    """What to say of a dollar that encloses nothing."""
    if amount := _AMOUNT.match(text, offset):
        return f"the dollar of `{amount[0]}` would begin maths", f"Write money with a backslash: `\\{amount[0]}`."
    if text.startswith("$$", offset):
        return "`$$` stands here without another to end the formula", "Write `$$` before it and after it."
    if whole := _formula_left_open(text, offset):
        cloze, formula = whole
        return (
            "the formula that begins in this cloze does not end in it",
            f"Write the second dollar before the braces that end the cloze: `{cloze}${formula}$}}}}`; or `\\$` if it "
            "is a dollar sign.",
        )
    word = _FORMULA.match(text, offset)
    if word:
        return (
            f"the dollar before `{word[1]}` has no partner, so no maths begins",
            f"Write `${word[1]}$` with no space just inside the dollars, or `\\$` if it is a dollar sign.",
        )
    return (
        "this dollar has no partner, so no maths ends here",
        r"Write one before the formula too, with no space just inside the two, or `\$` if it is a dollar sign.",
    )


def _formula_left_open(text: str, offset: int) -> tuple[str, str] | None:
    """The opening of the cloze that a lone dollar begins, and the formula from there to the cloze's end."""
    opening = _OPENING.search(text, max(0, offset - _LONGEST_OPENING), offset)
    rest = _UP_TO_THE_END.match(text, offset + 1)
    return (opening[0], rest[1]) if opening and rest else None


_LONGEST_OPENING = 8
_OPENING = re.compile(r"\{\{c[0-9]{1,3}::$")
_UP_TO_THE_END = re.compile(r"((?![\s}])[^$`\n]{1,80}?(?<!\s))(?:::[^$`{}\n]{0,80})?\}\}(?!\})")
_AMOUNT = re.compile(r"\$[-+]?[0-9]+(?:[.,][0-9]+)*(?:[kKmM]|[bB]n)?(?![\w^_{\\])")
_FORMULA = re.compile(r"\$([^\s$`,;.]+)")


def sentence(text: str) -> str:
    """A remedy as a whole sentence, for those that come as a clause."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
