"""Circles of prerequisites: notes or topics that need each other, directly or through others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

MOST_CIRCLES = 20
"""So many circles are told of: one file can hold millions of them, and mending one mends many."""


def describe_circle(nouns: str, circle: Sequence[str]) -> str:
    """A circle of prerequisites in words; `nouns` says what needs each other in it."""
    names = [f"`{name}`" for name in (*circle, circle[0])]
    shown = names if len(names) <= 6 else [*names[:4], "…", names[-1]]
    return f"these {nouns} need each other in a circle: {' needs '.join(shown)}"


def circles(needs: Mapping[str, Sequence[str]]) -> Iterator[Sequence[str]]:
    """Circles in a graph of prerequisites, each closed by its last one's need of the first: without these needs there
    is no circle. After the first `MOST_CIRCLES`, of each only its first and its last.

    Depth first, with a stack of its own: a chain of prerequisites may be longer than Python's.
    """
    done: set[str] = set()
    found = 0
    for start in needs:
        if start in done:
            continue
        path = [start]
        on_path = {start: 0}
        waiting = [iter(needs[start])]
        while waiting:
            following = next(waiting[-1], None)
            if following is None:
                waiting.pop()
                name = path.pop()
                del on_path[name]
                done.add(name)
            elif following in on_path:
                # A slice of the path for each of very many circles would take the square of their number.
                found += 1
                yield path[on_path[following] :] if found <= MOST_CIRCLES else (following, path[-1])
            elif following not in done and following in needs:
                on_path[following] = len(path)
                path.append(following)
                waiting.append(iter(needs[following]))
