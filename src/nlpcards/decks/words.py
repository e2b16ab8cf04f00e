"""What an author should look at again in a text that YAML left alone: lone dollars, torn clozes."""

from __future__ import annotations

import re

from nlpcards.core.markup import ProblemKind, parse, problems
from nlpcards.decks.nodes import Scalar
from nlpcards.decks.scalars import index_of
from nlpcards.decks.source import SourceText

_NO_LONE_DOLLAR = re.compile(
    r"(?>[^$`\\\n]++|\\[^$]|\n(?![ \t]*\n)|\$(?=[^\s$])(?>[^$`\\\n]++|\\[^$`]|\n(?![ \t]*\n))++(?<!\s)\$(?![\d$]))*+"
)
"""A text whose dollars all surely pair up; most do, and need no closer reading."""

LONGEST_CHECKED = 20_000
"""How many characters a text may have to be looked at: Markdown's parser takes ever longer for hostile ones."""

_MAY_TEAR = re.compile(r"\n\s*(?:\n|[-*+>#=`~]|\d+[.)])|\]\(|[<|]|```|~~~")


def check_words(source: SourceText, scalar: Scalar, *, cloze: bool) -> None:
    """Note what is doubtful in a text as Markdown; `cloze` says that its `{{c1::…}}` are clozes."""
    text = scalar.value
    doubtful = ("$" in text and not _NO_LONE_DOLLAR.fullmatch(text)) or (cloze and _MAY_TEAR.search(text))
    if not doubtful or len(text) > LONGEST_CHECKED:
        return
    for problem in problems(parse(text, cloze=cloze))[:10]:
        index = index_of(source, scalar, problem.offset)
        if problem.kind is ProblemKind.LONE_DOLLAR:
            source.advise(index, "D412", problem.message, sentence(problem.remedy))
        else:
            source.error(index, "D413", problem.message, sentence(problem.remedy))


def sentence(text: str) -> str:
    """A remedy as a whole sentence, for those that come as a clause."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
