"""Errors that only a closer look finds, which would be felt at every start: formulas, and all numbers of a drill.

A note with one of these can be used all the same; `check` is where they are looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

from nlpcards.core.kinds.drill import Drill
from nlpcards.core.markup.cloze import scan_within
from nlpcards.core.markup.source import Kind, regions
from nlpcards.core.markup.tex.parser import ENVIRONMENTS, is_known
from nlpcards.core.markup.tex.problems import TexProblem, TexProblemKind, tex_problems
from nlpcards.core.markup.tex.symbols import ACCENTS, FONTS, SYMBOLS, TEXT_COMMANDS, WORD_COMMANDS
from nlpcards.decks.layout import WrittenNote, WrittenText
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.source import shortened

MOST_OF_ONE_TEXT = 10
"""How many mistakes in the formulas of one text are listed."""


def look_closer(written: WrittenNote) -> Iterator[Problem]:
    """D413 for clozes that reach out of code or maths, D414 and D415 for formulas, D443 for unanswerable numbers."""
    for text in written.texts():
        if text.cloze and ("$" in text.text or "`" in text.text):
            yield from _across(written, text)
        if "$" in text.text:
            yield from _formulas(written, text)
    body = written.note.body
    if isinstance(body, Drill) and (flaw := body.flaw()) is not None:
        yield written.problem(
            flaw.code, flaw.path, flaw.message, flaw.remedy, offset=flaw.offset, severity=Severity.ERROR
        )


def _across(written: WrittenNote, text: WrittenText) -> Iterator[Problem]:
    """Clozes that begin inside code or maths and end outside, or the other way round."""
    found = regions(text.text)
    for span in scan_within(text.text, found).spans:
        first, last = found.at(span.start), found.at(span.end - 1)
        if first != last:
            torn = first or last
            what = "maths" if torn is not None and torn.kind is Kind.MATHS else "code"
            yield written.problem(
                "D413",
                text.path,
                f"the cloze c{span.number} crosses the {'end' if first else 'beginning'} of {what}",
                f"Let it hide a part of the {what}, or all of it with its "
                f"{'dollars' if what == 'maths' else 'backticks'}.",
                offset=span.start,
                severity=Severity.ERROR,
            )


def _formulas(written: WrittenNote, text: WrittenText) -> Iterator[Problem]:
    listed = 0
    for offset, formula in formulas(text.text, cloze=text.cloze):
        for problem in _problems(formula):
            code = "D414" if problem.kind in _UNKNOWN else "D415"
            message = f"in `{shortened(formula.strip())}`, {problem.message}"
            hint = _hint(problem)
            at = offset + problem.offset
            yield written.problem(code, text.path, message, hint, offset=at, severity=Severity.ERROR)
            listed += 1
            if listed == MOST_OF_ONE_TEXT:
                return


def formulas(text: str, *, cloze: bool) -> Iterator[tuple[int, str]]:
    """The formulas of a Markdown text with their offsets, without dollars, the marks of clozes blanked."""
    found = regions(text)
    bare = text
    if cloze:
        for span in scan_within(text, found).spans:
            for start, end in ((span.start, span.text_start), (span.text_end, span.end)):
                bare = bare[:start] + " " * (end - start) + bare[end:]
    for region in found.found:
        if region.kind is Kind.MATHS:
            width = 2 if text.startswith("$$", region.start) else 1
            yield region.start + width, bare[region.start + width : region.end - width]


_UNKNOWN = frozenset(
    {
        TexProblemKind.UNKNOWN_COMMAND,
        TexProblemKind.UNKNOWN_ENVIRONMENT,
        TexProblemKind.NOT_LATEX,
        TexProblemKind.COMMENT,
    }
)


@lru_cache(maxsize=4096)
def _problems(formula: str) -> tuple[TexProblem, ...]:
    found = tex_problems(formula)
    # The end of an environment that is unknown closes nothing that is known, which goes without saying.
    unknown = {f"\\end{{{each.text}}}" for each in found if each.kind is TexProblemKind.UNKNOWN_ENVIRONMENT}
    return tuple(each for each in found if each.text not in unknown)


@lru_cache(maxsize=1)
def _commands() -> tuple[str, ...]:
    structures = "frac dfrac tfrac sqrt binom overset underset underbrace overbrace boxed begin end left right".split()
    return tuple(sorted({*SYMBOLS, *ACCENTS, *FONTS, *TEXT_COMMANDS, *WORD_COMMANDS, *filter(is_known, structures)}))


_COMMON = frozenset(
    """alpha beta gamma delta epsilon eta theta kappa lambda mu nu pi rho sigma tau phi psi omega Delta Sigma Omega
    nabla partial sum prod int log ln exp max min arg lim frac sqrt cdot times odot oplus otimes in notin subset leq geq
    neq approx sim propto to infty forall exists hat tilde bar vec mathrm mathbf mathbb mathcal text operatorname left
    right top cdots ldots tanh Pr""".split()
)
"""Commands that formulas about language models are full of."""


def _unlikely(typed: str, name: str) -> tuple[bool, bool, float]:
    """How unlikely it is that a command was meant, to compare: letters that changed places come before others, and a
    common command before a rare one.
    """
    return sorted(typed) != sorted(name), name not in _COMMON, -SequenceMatcher(None, typed, name).ratio()


def _hint(problem: TexProblem) -> str:
    match problem.kind:
        case TexProblemKind.UNKNOWN_COMMAND:
            name = problem.text.lstrip("\\")
            close = get_close_matches(name[:40], _commands(), n=8, cutoff=0.6)
            if close:
                return f"Did you mean `\\{min(close, key=lambda each: _unlikely(name, each))}`?"
            return f"Write a name as `\\operatorname{{{name}}}`, words as `\\text{{{name}}}`, else another command."
        case TexProblemKind.UNKNOWN_ENVIRONMENT:
            close = get_close_matches(problem.text[:40], sorted(ENVIRONMENTS), n=1, cutoff=0.6)
            if close:
                return f"Did you mean `{close[0]}`?"
            return "Known are `aligned`, `cases`, `matrix`, `pmatrix`, `bmatrix`, `vmatrix` and `array`."
        case TexProblemKind.NOT_LATEX:
            return f"Write `\\operatorname{{{problem.text[1:]}}}`."
        case TexProblemKind.COMMENT:
            return r"Write `\%`."
        case TexProblemKind.UNBALANCED:
            return (
                r"Each `{` needs a `}`, each `\left` a `\right`, each `\begin{…}` an `\end{…}`; a brace to see is `\{`."
            )
        case TexProblemKind.UNREADABLE:
            return "Put braces around what belongs together, as in `x_{t-1}^2` and `\\frac{1}{n}`."
