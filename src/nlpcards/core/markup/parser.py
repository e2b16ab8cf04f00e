"""From Markdown source to the tree, and what is doubtful in a tree.

Parsing never fails: every text is some document. What a reader should look at again (torn clozes, lone dollars) is
noted in the document, for a checker to report.
"""

from enum import StrEnum

from nlpcards.core.dataclass import dataclass
from nlpcards.core.markup.cloze import scan_within
from nlpcards.core.markup.marks import clean, mark
from nlpcards.core.markup.simple import simple
from nlpcards.core.markup.source import Regions, regions
from nlpcards.core.markup.tree import Document


def parse(text: str, *, cloze: bool = False) -> Document:
    """Read a Markdown text; with `cloze`, its `{{c1::…}}` become clozes, else they are text."""
    return simple(text) or parse_markdown(text, cloze=cloze)


def parse_markdown(text: str, *, cloze: bool = False) -> Document:
    """Read a text with the whole grammar, however plain it is."""
    # These, and markdown-it with them, take longer to import than most texts to read.
    from nlpcards.core.markup.builder import Builder
    from nlpcards.core.markup.grammar import tokens
    from nlpcards.core.markup.raw import marks_in, raw_blocks

    text = clean(text)
    found = regions(text) if "$" in text or "{{" in text else Regions((), ())
    spans = scan_within(text, found).spans if cloze and "{{" in text else ()
    parsed = tokens(mark(text, spans, found).replace("\r\n", "\n").replace("\r", "\n"))
    seen = set(marks_in(parsed))
    builder = Builder(spans, frozenset(index for opens, index in seen if not opens))
    blocks = builder.blocks(raw_blocks(parsed))
    return Document(
        blocks=blocks,
        torn=tuple(spans[index].start for index in sorted(builder.torn)),
        lost=tuple(span.start for index, span in enumerate(spans) if not {(True, index), (False, index)} <= seen),
        dollars=found.lone_dollars,
    )


class ProblemKind(StrEnum):
    """What may be wrong with a text."""

    TORN_CLOZE = "torn cloze"
    LOST_CLOZE = "lost cloze"
    LONE_DOLLAR = "lone dollar"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that an author should look at again; the text can be shown all the same."""

    kind: ProblemKind
    offset: int
    message: str
    remedy: str


def problems(document: Document) -> tuple[Problem, ...]:
    """What is doubtful in a document, in the order of its source."""
    found = [
        *(_problem(ProblemKind.TORN_CLOZE, offset) for offset in document.torn),
        *(_problem(ProblemKind.LOST_CLOZE, offset) for offset in document.lost),
        *(_problem(ProblemKind.LONE_DOLLAR, offset) for offset in document.dollars),
    ]
    return tuple(sorted(found, key=lambda problem: problem.offset))


_WORDS = {
    ProblemKind.TORN_CLOZE: (
        "a cloze begins in one block and ends in another",
        "close it before the paragraph, list item, cell or code block ends, and open another of the same number",
    ),
    ProblemKind.LOST_CLOZE: (
        "a cloze stands in an address, after a code fence or beyond the last cell of a table's head, where nothing can "
        "be hidden",
        r"hide words of the text instead; in a table write `\|` for a bar that is text, in code too",
    ),
    ProblemKind.LONE_DOLLAR: (
        "a dollar looks like the start of maths that never ends",
        "write $…$ with no space just inside; for a dollar sign write \\$",
    ),
}


def _problem(kind: ProblemKind, offset: int) -> Problem:
    message, remedy = _WORDS[kind]
    return Problem(kind, offset, message, remedy)
