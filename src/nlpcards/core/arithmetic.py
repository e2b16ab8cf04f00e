"""The expressions of drills: what they may hold, and what they are worth.

An expression is Python's syntax of arithmetic and comparison and nothing else: `mistake` walks its tree and names the
first thing that is not on the list here, and simpleeval, which evaluates it, is given the same list. Every power is
bounded before it is taken.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nlpcards.core.dataclass import dataclass

if TYPE_CHECKING:
    from simpleeval import SimpleEval

LONGEST = 500
"""How many characters an expression may have."""

LARGEST = 10.0**300
"""No value on the way may be larger."""


_LARGEST_POWER = 300
"""The decimal digits of the largest power that is taken."""

_LARGEST_FACTORIAL = 165


class Unsolvable(Exception):
    """An expression has no value for some numbers."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something in an expression, at an offset, that it may not hold."""

    offset: int
    message: str
    remedy: str


def _sum(*numbers: float) -> float:
    return sum(numbers)


def _whole(number: float) -> int:
    if number != int(number):
        raise Unsolvable(f"{number:g} is no whole number")
    return int(number)


def _comb(number: float, chosen: float) -> int:
    """How many choices there are, known to be of a size that can be shown before they are counted."""
    n, k = _whole(number), _whole(chosen)
    if 0 <= k <= n and min(k, n - k) * math.log10(max(n, 1)) > _LARGEST_POWER:
        raise Unsolvable("a number of choices is too large")
    return math.comb(n, k)


def _factorial(number: float) -> int:
    if number > _LARGEST_FACTORIAL:
        raise Unsolvable("a factorial is too large")
    return math.factorial(_whole(number))


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sqrt": math.sqrt,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "exp": math.exp,
    "abs": abs,
    "min": min,
    "max": max,
    "sum": _sum,
    "round": round,
    "ceil": math.ceil,
    "floor": math.floor,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "comb": _comb,
    "factorial": _factorial,
}
"""What an expression may call; `log` is the natural logarithm, `sum` takes its numbers one by one, angles are in
radians, and `comb(n, k)` counts the ways to choose `k` of `n`.
"""

CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e}
"""What an expression may name besides its own numbers."""

NAMES = frozenset(FUNCTIONS) | frozenset(CONSTANTS)
"""Names that a number cannot have."""

_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.USub, ast.UAdd, ast.Not)
_COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.And, ast.Or)
_ALLOWED = "Write arithmetic only: + - * / // % **, comparisons, `and`, `or`, `not`, and " + ", ".join(FUNCTIONS) + "."


_POWER = re.compile(r"\s*\^\s*")
_NAMED = re.compile(r"\s*[A-Za-z_]\w*\s*=\s*([^=]+)")
"""`x = 2 * n`, of which only the right side is an expression."""

_TIMES = re.compile(r"\s*[×·⋅]\s*|(?<=[\w)])\s+x\s+(?=[\w(])")
"""How people write a product on paper."""


def _pow(base: float, exponent: float) -> Any:
    if abs(base) > 1 and abs(exponent) * math.log10(abs(base)) > _LARGEST_POWER:
        raise Unsolvable("a power is too large")
    return base**exponent


def mistake(expression: str, names: frozenset[str]) -> Wrong | None:
    """The first thing in an expression that it may not hold; `names` are those of its numbers."""
    if len(expression) > LONGEST:
        return Wrong(0, f"the expression has more than {LONGEST} characters", "Say it more shortly.")
    try:
        parsed = tree(expression)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        at = (error.offset or 1) - 1 if isinstance(error, SyntaxError) else 0
        message = f"`{expression}` is no expression"
        named = _NAMED.fullmatch(expression)
        remedy = f"Write only what the answer is: `{named[1]}`." if named else _ALLOWED
        if (product := _TIMES.sub(" * ", expression.strip())) != expression.strip() and mistake(product, names) is None:
            remedy = f"Write `{product}`."
        return Wrong(min(max(at, 0), len(expression)), message, remedy)
    if _is_plain(parsed.body, names):
        return None
    for node in ast.walk(parsed):
        if (wrong := _wrong(node, names)) is not None:
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor):
                wrong = wrong[0], f"Write `{_POWER.sub(' ** ', expression.strip())}`."
            offset = len(expression[: _indent(expression)]) + getattr(node, "col_offset", 0)
            return Wrong(min(offset, len(expression)), *wrong)
    return None


def _indent(expression: str) -> int:
    return len(expression) - len(expression.lstrip())


def _is_plain(node: ast.expr, names: frozenset[str]) -> bool:
    """Whether a glance shows that an expression holds nothing but numbers, names, operations and functions.

    Nearly all do; only for the others is the first thing looked for that may not stand there.
    """
    if isinstance(node, ast.Name):
        return node.id in names or node.id in CONSTANTS
    if isinstance(node, ast.Constant):
        value = node.value
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST
    if isinstance(node, ast.BinOp):
        return type(node.op) in _OPERATORS and _is_plain(node.left, names) and _is_plain(node.right, names)
    if isinstance(node, ast.Call):
        function = node.func
        known = isinstance(function, ast.Name) and function.id in FUNCTIONS and not node.keywords and bool(node.args)
        return known and all(_is_plain(each, names) for each in node.args)
    return isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS and _is_plain(node.operand, names)


def _wrong(node: ast.AST, names: frozenset[str]) -> tuple[str, str] | None:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and abs(value) < LARGEST:
            return None
        case ast.Constant(value=value):
            return f"`{value!r}` is no number", _ALLOWED
        case ast.Name(id=name) if name not in names and name not in NAMES:
            known = ", ".join(f"`{each}`" for each in sorted(names)) or "none"
            return f"there is no number `{name}`", f"The numbers under `given` are {known}."
        case ast.Call(func=ast.Name(id=name), keywords=[], args=[_, *_]) if name in FUNCTIONS:
            return None
        case ast.Call():
            return "this calls something that is no function here", _ALLOWED
        case ast.BinOp(op=ast.BitXor()):
            return "`^` is no power here", "A power is written `**`."
        case ast.Name() | ast.Load() | ast.Expression():
            return None
        case ast.BinOp() | ast.UnaryOp() | ast.BoolOp() | ast.Compare() | ast.IfExp():
            return None
        case _ if isinstance(node, (*_OPERATORS, *_COMPARISONS)):
            return None
        case _:
            return "this is more than arithmetic", _ALLOWED


@lru_cache(maxsize=1)
def _evaluator() -> SimpleEval:
    # Imported when the first drill is worked out: it takes longer to import than most decks to read.
    from simpleeval import DEFAULT_OPERATORS, SimpleEval

    kept = {sort: run for sort, run in DEFAULT_OPERATORS.items() if sort in (*_OPERATORS, *_COMPARISONS)}
    evaluator = SimpleEval(operators={**kept, ast.Pow: _pow}, functions=dict(FUNCTIONS))
    return evaluator


@lru_cache(maxsize=4096)
def tree(expression: str) -> ast.Expression:
    """An expression as Python parses it.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: it is none.
    """
    return ast.parse(expression.strip(), mode="eval")


def evaluate(expression: str, values: Mapping[str, float]) -> Any:
    """What an expression without mistakes is worth for some numbers.

    Raises:
        Unsolvable: it has no value, such as a division by zero.
    """
    evaluator = _evaluator()
    evaluator.names = {**CONSTANTS, **values}
    try:
        return evaluator.eval(expression, previously_parsed=tree(expression).body)
    except ZeroDivisionError:
        raise Unsolvable("it divides by zero") from None
    except (ArithmeticError, ValueError, TypeError) as error:
        raise Unsolvable(str(error) or "it is out of range") from None
    except RecursionError:
        raise Unsolvable("it is nested too deeply") from None


def number(expression: str, values: Mapping[str, float]) -> float:
    """What an expression is worth, as a number.

    Raises:
        Unsolvable: it has no value, or one that is no number of a size that can be shown.
    """
    value = evaluate(expression, values)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unsolvable("it is no number")
    if not abs(value) < LARGEST:
        raise Unsolvable("it is too large")
    return value


def substituted(expression: str, given: Mapping[str, str]) -> str:
    """An expression with numbers in the place of their names."""
    return re.sub(r"[A-Za-z_]\w*", lambda name: given.get(name[0], name[0]), expression.strip())
