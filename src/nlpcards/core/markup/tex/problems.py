r"""What is wrong with a formula.

Commands that nobody knows, and braces, `\left` … `\right` and environments that do not balance.

What passes here is drawn in the terminal and understood by Anki's MathJax; what does not would be shown as its source.
"""

from dataclasses import dataclass
from enum import Enum, auto

from nlpcards.core.markup.tex.parser import ENVIRONMENTS, Unreadable, is_known, parse, tokens
from nlpcards.core.markup.tex.symbols import HOUSE_WORDS


class TexProblemKind(Enum):
    """What sort of mistake a formula holds."""

    UNKNOWN_COMMAND = auto()
    UNKNOWN_ENVIRONMENT = auto()
    NOT_LATEX = auto()
    r"""A name that is read here, but that LaTeX does not have: `\argmax` is `\operatorname*{arg\,max}`."""
    UNBALANCED = auto()
    """Something is opened and never closed, or closed and never opened."""
    COMMENT = auto()
    """A percent sign, which hides the rest of its line."""
    UNREADABLE = auto()
    """An argument is missing, a place has two scripts, or the formula nests absurdly deep."""


@dataclass(frozen=True, slots=True)
class TexProblem:
    """A mistake in a formula: where (an offset in the formula's source), on what, and a sentence without its stop."""

    offset: int
    text: str
    kind: TexProblemKind
    message: str


_MOST = 20
"""No more problems than this are listed of one formula."""


def tex_problems(tex: str) -> tuple[TexProblem, ...]:
    """What is wrong with a formula, in the order of its source; empty if it can be shown in every face."""
    found: list[TexProblem] = []
    stack: list[tuple[str, int]] = []
    listed = tokens(tex)
    for index, (offset, token) in enumerate(listed):
        name = _argument(listed, index + 1) if token in (r"\begin", r"\end") else ""
        problem = _command(offset, token, name) or _balance(stack, offset, token, name)
        if problem is not None:
            found.append(problem)
        if len(found) == _MOST:
            return tuple(found)
    found += [
        TexProblem(offset, opener, TexProblemKind.UNBALANCED, f"{opener} is never closed") for opener, offset in stack
    ]
    if not found:
        try:
            parse(tex)
        except (Unreadable, RecursionError) as error:
            offset = error.offset if isinstance(error, Unreadable) else 0
            found.append(TexProblem(offset, tex[offset : offset + 1], TexProblemKind.UNREADABLE, str(error)))
    return tuple(sorted(found, key=lambda problem: problem.offset)[:_MOST])


def _argument(listed: list[tuple[int, str]], index: int) -> str:
    r"""The name in braces that follows `\begin` or `\end`."""
    if index >= len(listed) or listed[index][1] != "{":
        return ""
    name = ""
    for _, token in listed[index + 1 :]:
        if token == "}":
            return name
        name += token
    return ""


def _command(offset: int, token: str, environment: str) -> TexProblem | None:
    if token.startswith("%"):
        return TexProblem(offset, "%", TexProblemKind.COMMENT, r"% hides the rest of its line: write \%")
    if token[0] != "\\":
        return None
    if token == r"\begin" and environment not in ENVIRONMENTS:
        what = f"the environment {environment}" if environment else r"an environment without a name"
        return TexProblem(offset, environment, TexProblemKind.UNKNOWN_ENVIRONMENT, f"{what} is unknown")
    if token[1:] in HOUSE_WORDS:
        written = rf"\operatorname{{{token[1:]}}}"
        return TexProblem(offset, token, TexProblemKind.NOT_LATEX, f"LaTeX has no {token}: write {written}")
    if not is_known(token[1:]):
        return TexProblem(offset, token, TexProblemKind.UNKNOWN_COMMAND, f"{token} is unknown")
    return None


_OPENERS = {"}": "{", r"\right": r"\left"}


def _balance(stack: list[tuple[str, int]], offset: int, token: str, environment: str) -> TexProblem | None:
    if token in ("{", r"\left"):
        stack.append((token, offset))
    elif token == r"\begin":
        stack.append((rf"\begin{{{environment}}}", offset))
    elif token in _OPENERS or token == r"\end":
        opener = _OPENERS.get(token, rf"\begin{{{environment}}}")
        if stack and stack[-1][0] == opener:
            stack.pop()
            return None
        shown = token if token != r"\end" else rf"\end{{{environment}}}"
        message = f"{shown} closes nothing"
        if stack:
            message = f"{shown} comes before {stack[-1][0]} is closed"
        if any(opener == each for each, _ in stack):
            while stack.pop()[0] != opener:
                pass  # What was left open inside is told of once.
        elif stack:
            stack.pop()
        return TexProblem(offset, shown, TexProblemKind.UNBALANCED, message)
    return None
