"""The map of prerequisites in text: a topic in the middle, what it needs on the left, what needs it on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from nlpcards.tui.words import clipped

NEEDS, MIDDLE, LEADS = -1, 0, 1
"""The three columns, from left to right."""

_JOINT = {
    # up, down, left, right
    (False, False, True, True): "─",
    (True, True, False, False): "│",
    (False, True, True, False): "┐",
    (True, False, True, False): "┘",
    (False, True, False, True): "┌",
    (True, False, False, True): "└",
    (True, True, True, False): "┤",
    (True, True, False, True): "├",
    (False, True, True, True): "┬",
    (True, False, True, True): "┴",
    (True, True, True, True): "┼",
}
_WIRE = 5
"""Cells between two columns, for the lines."""

_LEAST = 5
"""Lines of a map at least: the box in the middle has four."""


@dataclass(frozen=True, slots=True)
class Node:
    """A topic on the map: its id, its sign, its title, and in the middle a line about it."""

    id: str
    sign: str
    title: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a topic is drawn: on line `y`, from cell `x` on, `width` cells wide; `at` is its place in its column."""

    column: int
    at: int
    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The lines of a map, and where its topics are on them."""

    lines: tuple[str, ...]
    spots: tuple[Spot, ...]


def drawn(
    needs: Sequence[Node],
    middle: Node,
    leads: Sequence[Node],
    chosen: tuple[int, int],
    width: int,
    height: int,
) -> Drawing:
    """Draw a map in `width` times `height` cells (60 by 5 at least); an arrow stands before the topic that is `chosen`,
    by its column and its place in it. Of a column that is too long the part around the chosen topic is drawn.
    """
    box = max(20, min(36, width // 3))
    side = (width - box - 2 * _WIRE) // 2
    box = width - 2 * side - 2 * _WIRE
    column, place = chosen
    left, left_from = _window(needs, place if column == NEEDS else 0, height)
    right, right_from = _window(leads, place if column == LEADS else 0, height)
    lines = min(height, max(_LEAST, len(left), len(right)))
    centre = (lines - 1) // 2
    spots: list[Spot] = []
    left_at = {(lines - len(left)) // 2 + at: each for at, each in enumerate(left)}
    right_at = {(lines - len(right)) // 2 + at: each for at, each in enumerate(right)}
    framed = _box(middle, box, is_chosen=column == MIDDLE)
    drawing = []
    for y in range(lines):
        line = ""
        need = left_at.get(y)
        if need is not None:
            at = left_from + list(left_at).index(y)
            name = _entry(need, is_chosen=chosen == (NEEDS, at), room=side)
            spots.append(Spot(NEEDS, at, 0, y, side))
            line = name + " " + "─" * (side - cell_len(name) - 1) if cell_len(name) < side else name
        line += " " * (side - cell_len(line))
        line += _wire(y, left_at, centre, to_right=True) if left else " " * _WIRE
        # The box has a line above and two below the one that the wires meet.
        line += framed[y - centre + 1] if 0 <= y - centre + 1 < len(framed) else " " * box
        line += _wire(y, right_at, centre, to_right=False) if right else " " * _WIRE
        other = right_at.get(y)
        if other is not None:
            at = right_from + list(right_at).index(y)
            spots.append(Spot(LEADS, at, cell_len(line), y, side))
            line += _entry(other, is_chosen=chosen == (LEADS, at), room=side)
        drawing.append(line.rstrip())
    spots.append(Spot(MIDDLE, 0, side + _WIRE, centre, box))
    return Drawing(tuple(drawing), tuple(spots))


def _window(nodes: Sequence[Node], place: int, height: int) -> tuple[Sequence[Node], int]:
    """As many topics as there is room for, those at the ends as a count of more; and the place of the first."""
    if len(nodes) <= height:
        return nodes, 0
    first = max(0, min(place - height // 2, len(nodes) - height))
    shown = list(nodes[first : first + height])
    if first:
        shown[0] = Node("", "", f"↑ {first + 1} more")
    last = len(nodes) - first - height
    if last:
        shown[-1] = Node("", "", f"↓ {last + 1} more")
    return shown, first


def _entry(node: Node, *, is_chosen: bool, room: int) -> str:
    sign = f"{node.sign} " if node.sign else ""
    return clipped(("▸ " if is_chosen else "  ") + sign + node.title, room)


def _wire(y: int, entries: dict[int, Node], centre: int, *, to_right: bool) -> str:
    """The line of a wire between a column and the middle: a trunk that all entries and the box meet."""
    rows = [*entries, centre]
    up, down = min(rows) < y <= max(rows), min(rows) <= y < max(rows)
    entry, box = y in entries, y == centre
    left, right = (entry, box) if to_right else (box, entry)
    joint = _JOINT.get((up, down, left, right), " ")
    before = "──" if left else "  "
    after = ("─▸" if to_right else "──") if right else "  "
    # A cell between a line and the title that it leads to.
    return f"{before}{joint}{after}" if to_right else f"{before}{joint}{'─ ' if right else '  '}"


def _box(node: Node, width: int, *, is_chosen: bool) -> tuple[str, ...]:
    inner = width - 4

    def row(text: str) -> str:
        said = clipped(text, inner)
        return f"│ {said}{' ' * (inner - cell_len(said))} │"

    title = ("▸ " if is_chosen else "") + (f"{node.sign} " if node.sign else "") + node.title
    return f"┌{'─' * (width - 2)}┐", row(title), row(node.words), f"└{'─' * (width - 2)}┘"
