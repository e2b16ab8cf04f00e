"""Formulas as plain trees, written out as TeX, with what each means when brackets that only group are taken away.

A formula is a tuple of items; an item is its name and the formulas in its places (None where a place is empty). Trees
are read by nothing of the program: what they mean is decided here, from what mathematicians hold to be the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import TypeAlias

Item: TypeAlias = "tuple[str, tuple[Formula | None, ...]]"
Formula: TypeAlias = "tuple[Item, ...]"
Meaning: TypeAlias = "tuple[object, ...]"

PLACES = {
    "frac": r"\frac{%s}{%s}",
    "sqrt": r"\sqrt{%s}",
    "cuberoot": r"\sqrt[3]{%s}",
    "root": r"\sqrt[%s]{%s}",
    "index": r"{%s}_{%s}",
    "power": r"{%s}^{%s}",
    "both": r"{%s}_{%s}^{%s}",
    "hat": r"\hat{%s}",
    "vec": r"\vec{%s}",
    "overline": r"\overline{%s}",
    "round": r"\left(%s\right)",
    "binom": r"\binom{%s}{%s}",
    "sum": r"\sum_{%s}",
    "sumto": r"\sum_{%s}^{%s}",
    "brace": r"\underbrace{%s}_{%s}",
    "overset": r"\overset{%s}{%s}",
    "column": r"\begin{pmatrix} %s \\ %s \end{pmatrix}",
    "row": r"\begin{pmatrix} %s & %s \end{pmatrix}",
    "lines": r"\begin{aligned} %s \\ %s \end{aligned}",
    "primed": r"{%s}'",
}
"""How each item with places is written."""

OPERATIONS = ("+", "-", "=", r"\cdot", "/", ",", r"\odot")


def symbol(text: str) -> Item:
    return text, ()


def tex(formula: Formula) -> str:
    """The TeX of a formula."""
    return " ".join(
        PLACES[name] % tuple(tex(place) if place is not None else "" for place in places) if places else name
        for name, places in formula
    )


@cache
def meaning(formula: Formula) -> Meaning:
    """What a formula means: equal for two that may read alike, different for two that may not."""
    return _quotients(tuple(part for item in formula for part in _item(item)))


def _bare(found: Meaning) -> Meaning:
    """Without one pair of brackets round the whole."""
    while len(found) == 1 and isinstance(found[0], tuple) and found[0][0] == "round":
        found = found[0][1]
    return found


def _item(item: Item) -> Meaning:
    name, places = item
    if not places:
        return (name,)
    parts = tuple(meaning(place) for place in places if place is not None)
    match name:
        case "round":
            (inside,) = parts
            fraction = len(inside) == 1 and isinstance(inside[0], tuple) and inside[0][0] == "frac"
            return inside if fraction else (("round", inside),)
        case "frac":
            return (("frac", _bare(parts[0]), _bare(parts[1])),)
        case "sqrt" | "cuberoot":
            return ((name, _bare(parts[0])),)
        case "index" | "power" | "both" | "primed":
            base = _bare(parts[0])
            below = parts[1] if name in ("index", "both") else None
            above = ("′",) if name == "primed" else parts[-1] if name != "index" else None
            if base and all(part == r"\max" for part in base):
                return (*base[:-1], ("script", base[-1:], below, above))  # a name of several words
            return (("script", base, below, above),)
        case "sum" | "sumto":
            return (("script", (r"\sum",), parts[0], parts[1] if name == "sumto" else None),)
        case "row":
            return (("round", (*_cell(parts[0]), ",", *_cell(parts[1]))),)
        case "column":
            return (("round", (*_cell(parts[0]), ";", *_cell(parts[1]))),)
        case "binom" | "root":
            return ((name, _cell(parts[0]), _cell(parts[1])),)
        case "overset":
            if parts[1] and all(part in ("=", r"\max") for part in parts[1]):
                return (*parts[1][:-1], ("script", parts[1][-1:], None, parts[0]))  # neither has powers
            return ((name, _cell(parts[0]), _cell(parts[1])),)
        case "hat" | "vec" | "overline" | "brace":
            return ((name, *(_cell(part) for part in parts)),)
        case "lines":
            return (("round", (*parts[0], ";", *parts[1])),)
        case _:
            raise ValueError(name)


def _cell(found: Meaning) -> Meaning:
    """One of several, which brackets keep together where it holds commas itself."""
    return (("round", found),) if any(part in (",", ";") for part in found) else found


def _quotients(parts: Meaning) -> Meaning:
    """A slash with one thing after it is a fraction of what stands before it, as far as the operation before."""
    runs: list[list[object]] = [[]]
    for part in parts:
        if part in OPERATIONS and part != "/":
            runs += [[part], []]
        else:
            runs[-1].append(part)
    settled: list[object] = []
    for run in runs:
        if run.count("/") == 1 and run.index("/") == len(run) - 2 and len(run) > 2:
            settled.append(("frac", _bare(tuple(run[:-2])), _bare((run[-1],))))
        else:
            settled += run
    return tuple(settled)


def formulas(size: int, symbols: tuple[str, ...], names: tuple[str, ...]) -> Iterator[Formula]:
    """Every formula of so many symbols and items that uses these symbols and these items with places."""
    if not size:
        return
    for first in range(1, size + 1):
        rests = [()] if first == size else list(_all(size - first, symbols, names))
        for item in _items(first, symbols, names):
            for rest in rests:
                yield (item, *rest)


@cache
def _all(size: int, symbols: tuple[str, ...], names: tuple[str, ...]) -> tuple[Formula, ...]:
    return tuple(formulas(size, symbols, names))


@cache
def _items(size: int, symbols: tuple[str, ...], names: tuple[str, ...]) -> tuple[Item, ...]:
    if size == 1:
        return tuple(symbol(text) for text in symbols)
    found: list[Item] = []
    for name in names:
        count = PLACES[name].count("%s")
        for sizes in product(range(1, size), repeat=count):
            if sum(sizes) == size - 1:
                found += [(name, places) for places in product(*(_all(each, symbols, names) for each in sizes))]
    return tuple(found)


def restructured(formula: Formula) -> Iterator[Formula]:
    """The formulas that come of moving one item over one brace: into its neighbour's place, or out of one."""
    for index, (name, places) in enumerate(formula):
        before, after = formula[:index], formula[index + 1 :]
        for slot, place in enumerate(places):
            assert place is not None

            def put(
                changed: Formula, slot: int = slot, name: str = name, places: tuple[Formula | None, ...] = places
            ) -> Item:
                return name, (*places[:slot], changed, *places[slot + 1 :])

            if after:
                yield (*before, put((*place, after[0])), *after[1:])
            if before:
                yield (*before[:-1], put((before[-1], *place)), *after)
            if len(place) > 1:
                yield (*before, put(place[:-1]), place[-1], *after)
                yield (*before, place[0], put(place[1:]), *after)
            yield from ((*before, put(changed), *after) for changed in restructured(place))
        for one, other in zip(range(len(places)), range(1, len(places)), strict=False):
            first, second = places[one], places[other]
            if first and second:
                joined = (*places[:one], (*first, second[0]), second[1:] or None, *places[other + 1 :])
                if joined[other]:
                    yield (*before, (name, joined), *after)
