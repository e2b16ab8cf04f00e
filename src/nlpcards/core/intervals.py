"""Between which numbers an expression of a drill stays, from the ranges of its numbers alone.

Where that can be told, the expression is sound and has a value for every draw: a glance at it then does in the place of
working it out, which takes ten times as long and can only be done for some draws when a deck is read.
"""

from __future__ import annotations

import ast
import math
from typing import TypeAlias

from nlpcards.core.arithmetic import CONSTANTS, LARGEST, LONGEST, tree

Interval: TypeAlias = "tuple[float, float]"
"""The least and the greatest number that something can be; each is finite."""

_CONSTANTS: dict[str, Interval] = {name: (number, number) for name, number in CONSTANTS.items()}

DEEPEST = 40
"""Expressions nested deeper are not followed: working them out may fail for that alone."""

_ROUNDING = 1e-9
"""By this share of its numbers a difference is widened on both sides: far more than rounding can take or give, so that
what seems to stay above zero does."""

_LARGEST_POWER = 300.0


class _Unsure(Exception):
    """Nothing can be told of an expression."""


def bounds(expression: str, ranges: dict[str, Interval]) -> Interval | None:
    """The interval that an expression stays in when its numbers stay in theirs; None where that is not sure.

    Where it is given, `arithmetic.mistake` finds nothing in the expression and `arithmetic.number` raises for no
    numbers in the ranges.
    """
    if len(expression) > LONGEST:
        return None
    try:
        return _interval(tree(expression).body, _CONSTANTS | ranges)
    except (_Unsure, SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        return None


def is_total_condition(condition: str, ranges: dict[str, Interval]) -> bool:
    """Whether a condition is sure to be met or not, and never to have no value."""
    if len(condition) > LONGEST:
        return False
    try:
        _condition(tree(condition).body, _CONSTANTS | ranges, 0)
    except (_Unsure, SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        return False
    return True


def _interval(node: ast.expr, ranges: dict[str, Interval], depth: int = 0) -> Interval:
    if isinstance(node, ast.Name):
        found = ranges.get(node.id)
        if found is None:
            raise _Unsure
        return found
    if depth == DEEPEST:
        raise _Unsure
    if isinstance(node, ast.Constant):
        value = node.value
        if type(value) is not int and type(value) is not float:
            raise _Unsure
        return _within(value, value)
    if isinstance(node, ast.BinOp):
        left, right = _interval(node.left, ranges, depth + 1), _interval(node.right, ranges, depth + 1)
        return _operation(node.op, left, right)
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise _Unsure
        return _call(node.func.id, [_interval(each, ranges, depth + 1) for each in node.args])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        low, high = _interval(node.operand, ranges, depth + 1)
        return -high, -low
    if isinstance(node, ast.IfExp):
        _condition(node.test, ranges, depth + 1)
        one, other = _interval(node.body, ranges, depth + 1), _interval(node.orelse, ranges, depth + 1)
        return min(one[0], other[0]), max(one[1], other[1])
    raise _Unsure


def _condition(node: ast.expr, ranges: dict[str, Interval], depth: int) -> None:
    if depth == DEEPEST:
        raise _Unsure
    if isinstance(node, ast.Compare):
        if not all(isinstance(each, _COMPARED) for each in node.ops):
            raise _Unsure
        for each in (node.left, *node.comparators):
            _interval(each, ranges, depth + 1)
    elif isinstance(node, ast.BoolOp):
        for each in node.values:
            _condition(each, ranges, depth + 1)
    else:
        raise _Unsure


_COMPARED = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)


_MOST = LARGEST / 10
"""Nearer to what `arithmetic` takes nothing is sure."""


def _within(low: float, high: float) -> Interval:
    if -_MOST < low <= high < _MOST:
        return low, high
    raise _Unsure


def _operation(sign: ast.operator, left: Interval, right: Interval) -> Interval:
    (a, b), (c, d) = left, right
    if isinstance(sign, ast.Sub):
        sign, c, d = ast.Add(), -d, -c
    if isinstance(sign, ast.Add):
        if (a < 0 or c < 0) and (b > 0 or d > 0):
            slack = _ROUNDING * max(-a, b, -c, d)
            return _within(a + c - slack, b + d + slack)
        return _within(a + c, b + d)
    if isinstance(sign, ast.Mult):
        corners = a * c, a * d, b * c, b * d
        return _within(min(corners), max(corners))
    if isinstance(sign, ast.Pow):
        return _power(left, right)
    if c <= 0:
        raise _Unsure
    if isinstance(sign, ast.Mod):
        return 0, d
    corners = a / c, a / d, b / c, b / d
    low, high = _within(min(corners), max(corners))
    if isinstance(sign, ast.Div):
        return low, high
    if isinstance(sign, ast.FloorDiv):
        return _within(math.floor(low) - 1, math.floor(high) + 1)
    raise _Unsure


def _power(base: Interval, exponent: Interval) -> Interval:
    (a, b), (c, d) = base, exponent
    greatest = max(abs(a), abs(b), 1)
    if max(abs(c), abs(d)) * max(math.log10(greatest), -math.log10(a) if 0 < a < 1 else 0) > _LARGEST_POWER - 1:
        raise _Unsure
    if a > 0:
        corners = a**c, a**d, b**c, b**d
        return _within(min(corners), max(corners))
    if c == d and c >= 0 and c == int(c):
        return _within(0 if c % 2 == 0 else -(greatest**c), greatest**c)
    raise _Unsure


def _call(name: str, arguments: list[Interval]) -> Interval:
    if name in ("min", "max", "sum"):
        if name == "sum" and arguments:
            total = arguments[0]
            for each in arguments[1:]:
                total = _operation(ast.Add(), total, each)
            return total
        if len(arguments) < 2:
            raise _Unsure
        choose = min if name == "min" else max
        return choose(low for low, _ in arguments), choose(high for _, high in arguments)
    if len(arguments) != 1:
        raise _Unsure
    low, high = arguments[0]
    match name:
        case "sqrt" if low >= 0:
            return math.sqrt(low), math.sqrt(high)
        case "log" | "log2" | "log10" if low > 0:
            log = {"log": math.log, "log2": math.log2, "log10": math.log10}[name]
            return log(low), log(high)
        case "exp":
            return _within(math.exp(low), math.exp(high))
        case "abs":
            return 0 if low < 0 < high else min(abs(low), abs(high)), max(abs(low), abs(high))
        case "round" | "floor" | "ceil":
            return _within(math.floor(low) - 1, math.ceil(high) + 1)
        case "sin" | "cos" if -1e6 < low and high < 1e6:
            return -1, 1
        case _:
            raise _Unsure
