"""Markdown, maths and clozes as one tree, from which every face is rendered.

Names are imported when they are first used: counting a note's clozes needs no parser.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlpcards.core.markup.cloze import HIGHEST_NUMBER, ClozeError, ClozeSpan, Scan, scan
    from nlpcards.core.markup.parser import Problem, ProblemKind, parse, problems
    from nlpcards.core.markup.safe import visible
    from nlpcards.core.markup.tree import (
        Alignment,
        Block,
        Break,
        BulletList,
        Cell,
        Cloze,
        Code,
        CodeBlock,
        Document,
        Emphasis,
        Heading,
        Image,
        Inline,
        Link,
        Math,
        MathBlock,
        Node,
        OrderedList,
        Paragraph,
        Piece,
        Quote,
        Rule,
        Strike,
        Strong,
        Table,
        Text,
        clozes,
        full_source,
        walk,
        words,
    )

_HOMES = {
    "cloze": """HIGHEST_NUMBER ClozeError ClozeSpan Scan scan""",
    "parser": """Problem ProblemKind parse problems""",
    "safe": """visible""",
    "tree": """Alignment Block Break BulletList Cell Cloze Code CodeBlock Document Emphasis Heading Image Inline
    Link Math MathBlock Node OrderedList Paragraph Piece Quote Rule Strike Strong Table Text clozes
    full_source walk words""",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "HIGHEST_NUMBER",
    "Alignment",
    "Block",
    "Break",
    "BulletList",
    "Cell",
    "Cloze",
    "ClozeError",
    "ClozeSpan",
    "Code",
    "CodeBlock",
    "Document",
    "Emphasis",
    "Heading",
    "Image",
    "Inline",
    "Link",
    "Math",
    "MathBlock",
    "Node",
    "OrderedList",
    "Paragraph",
    "Piece",
    "Problem",
    "ProblemKind",
    "Quote",
    "Rule",
    "Scan",
    "Strike",
    "Strong",
    "Table",
    "Text",
    "clozes",
    "full_source",
    "parse",
    "problems",
    "scan",
    "visible",
    "walk",
    "words",
]


def __getattr__(name: str) -> object:
    module = _HOME_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value
