"""Circles of prerequisites: notes that need each other, directly or through others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MOST_CYCLES = 20
"""How many circles are looked for: one file can hold millions of them, and mending one mends many."""


def describe_cycle(cycle: Sequence[str]) -> str:
    """A circle of prerequisites in words."""
    names = [f"`{name}`" for name in (*cycle, cycle[0])]
    shown = names if len(names) <= 6 else [*names[:4], "…", names[-1]]
    return f"these notes need each other in a circle: {' needs '.join(shown)}"


def cycles(needs: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Circles in a graph of prerequisites, at least one where there is any: each as its notes in order.

    Depth first with a stack of its own, since a chain of prerequisites may be longer than Python's.
    """
    found: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start in needs:
        if start in done:
            continue
        path: list[str] = [start]
        on_path: dict[str, int] = {start: 0}
        waiting = [iter(needs[start])]
        while waiting:
            following = next(waiting[-1], None)
            if following is None:
                waiting.pop()
                name = path.pop()
                del on_path[name]
                done.add(name)
            elif following in on_path:
                found.append(tuple(path[on_path[following] :]))
                if len(found) == MOST_CYCLES:
                    return tuple(found)
            elif following not in done and following in needs:
                on_path[following] = len(path)
                path.append(following)
                waiting.append(iter(needs[following]))
    return tuple(found)
