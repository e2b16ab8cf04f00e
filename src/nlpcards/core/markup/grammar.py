"""The Markdown that decks are written in: CommonMark with tables, strikethrough and dollars for maths.

Raw HTML is text, addresses are never guessed, quotes are never curled: what was typed is what is read. The parser is
markdown-it; the rules here teach it pandoc's dollars and make it see through the marks of clozes.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from nlpcards.core.markup.marks import MARKS, without
from nlpcards.core.markup.source import closing_double, dollars, inline_end

_MARKS_BEFORE = re.compile(f"(?:{MARKS})+$")
_MARKS_AFTER = re.compile(f"(?:{MARKS})+")
_BLOCK_OPENING = re.compile(f"((?:{MARKS})*)\\$\\$")
_BLOCK_CLOSING = re.compile(f"\\s*((?:{MARKS})*)\\s*$")
_DEEPEST = 100
"""Quotes and lists may be nested so deep; a deck that goes beyond means harm."""


_MOST_SEARCHED = 100_000
"""So many characters of one text are searched for what ends a link or an image, since each bracket that may begin one
has the rest searched; after that, brackets are text. Texts that people write are far from it.
"""


class _Parser(MarkdownIt):
    """markdown-it, keeping the marks of clozes out of addresses and accepting every address for us to judge."""

    def normalizeLink(self, url: str) -> str:
        bare = without(url)
        return super().normalizeLink(bare) if bare == url else ""

    def validateLink(self, url: str) -> bool:
        return True


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": False, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.before("fence", "maths", _block_maths, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.inline.ruler.before("escape", "maths", _inline_maths)
    for name, rule in (("link", link), ("image", image)):
        parser.inline.ruler.at(name, _bounded(rule))
    parser.inline.ruler.before("emphasis", "marked_emphasis", _emphasis_beside_a_cloze)
    return parser


def tokens(source: str) -> list[Token]:
    """Parse marked Markdown source."""
    return _parser().parse(source)


def _bounded(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """A rule for links or images that gives up on a text in which too much was searched."""

    def bounded(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] not in "[!":
            return False
        end = state.src.find("]", state.pos)
        left = state.env.get("brackets", _MOST_SEARCHED)
        if end < 0 or left <= 0:
            return False
        if rule(state, silent):
            return True
        # Words in brackets are seen to be no link at their end; what holds brackets itself may take all of the rest.
        nested = state.src.find("[", state.pos + 2, end) >= 0
        state.env["brackets"] = left - (state.posMax - state.pos if nested else end - state.pos)
        return False

    return bounded


def _block_maths(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """`$$` at the start of a line, to the `$$` that ends this or a later line, with no blank line between."""
    if state.is_code_block(start_line):
        return False
    first = state.src[state.bMarks[start_line] + state.tShift[start_line] : state.eMarks[start_line]]
    opening = _BLOCK_OPENING.match(first)
    if not opening:
        return False
    lines: list[str] = []
    line, text = start_line, first[opening.end() :]
    while (end := closing_double(text, 0)) < 0:
        lines.append(text)
        line += 1
        if line >= end_line or state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return False
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    closing = _BLOCK_CLOSING.match(text, end + 2)
    content = "\n".join([*lines, text[:end]]).strip()
    if not closing or not content:
        return False
    if not silent:
        state.line = line + 1
        token = state.push("maths_block", "", 0)
        token.content = opening.group(1) + content + closing.group(1)
        token.map = [start_line, state.line]
    return True


def _inline_maths(state: StateInline, silent: bool) -> bool:
    """`$…$` by pandoc's rules, and `$$…$$` within a line."""
    start = state.pos
    if state.src[start] != "$":
        return False
    if state.src.startswith("$$", start):
        end = _double_closing(state, start + 2)
        width, kind = 2, "maths_display"
    else:
        end = _single_closing(state, start)
        width, kind = 1, "maths_inline"
    if end <= start + width or end + width > state.posMax:
        if not silent:
            state.pending += "$" * width
        state.pos += width
        return True
    if not silent:
        token = state.push(kind, "", 0)
        token.content = state.src[start + width : end]
    state.pos = end + width
    return True


def _double_closing(state: StateInline, start: int) -> int:
    """The closing `$$`, or -1; a search that failed is not made again, or hostile text would cost its square."""
    if (state.src, "double") == state.env.get("no_dollars"):
        return -1
    end = closing_double(state.src, start)
    if end < 0:
        state.env["no_dollars"] = (state.src, "double")
    return end


def _single_closing(state: StateInline, start: int) -> int:
    known = state.env.get("dollars")
    if known is None or known[0] is not state.src:
        known = state.env["dollars"] = (state.src, dollars(state.src))
    return inline_end(state.src, start, known[1])


def _emphasis_beside_a_cloze(state: StateInline, silent: bool) -> bool:
    """Stars and underscores next to a cloze's mark open and close as if the mark were not there."""
    start = state.pos
    marker = state.src[start]
    if silent or marker not in "*_":
        return False
    end = start
    while end < state.posMax and state.src[end] == marker:
        end += 1
    before = _MARKS_BEFORE.search(state.src, max(0, start - 40), start)
    after = _MARKS_AFTER.match(state.src, end)
    if not before and not after:
        return False
    left, right = before.start() if before else start, after.end() if after else end
    probe = StateInline(
        (state.src[left - 1] if left else " ") + marker * (end - start) + (state.src[right : right + 1] or " "),
        state.md,
        state.env,
        [],
    )
    scanned = probe.scanDelims(1, marker == "*")
    for _ in range(scanned.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=scanned.can_open,
                close=scanned.can_close,
            )
        )
    state.pos = end
    return True
