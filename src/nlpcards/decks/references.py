"""What notes say of each other: prerequisites that exist and form no circle, former ids that are one note's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nlpcards.core.cards import deck_of
from nlpcards.decks.notes import ReadNote
from nlpcards.decks.source import SourceText
from nlpcards.decks.values import Reference


def check_references(
    source: SourceText, deck: str, notes: Iterable[ReadNote], known: Mapping[str, int], *, extends: bool = False
) -> tuple[tuple[str, Reference], ...]:
    """Note what is wrong within one deck; gives what only the whole library can tell, with the full id of its note.

    `known` is every full id of the deck with its place, broken notes' included: naming one of those is no mistake.
    Where the file `extends` the deck, only the library knows the deck's other notes.
    """
    outside: list[tuple[str, Reference]] = []
    needs: dict[str, list[str]] = {}
    places: dict[tuple[str, str], int] = {}
    names: tuple[str, ...] | None = None
    former: dict[str, int] = {}
    for note in notes:
        full = f"{deck}/{note.id}"
        for key, target, index in note.references:
            if key == "was":
                _check_former(source, target, index, known, former)
                outside.append((full, Reference(key, target, index)))
                continue
            if key == "cite" or deck_of(target) != deck or (extends and target not in known):
                outside.append((full, Reference(key, target, index)))
            elif target == full:
                source.error(index, "D502", f"the note names itself under `{key}`", "Remove its own id.")
            elif target not in known:
                names = names or tuple(name.split("/", 1)[1] for name in known)
                name = target.split("/", 1)[1]
                meant = source.nearest(name, names)
                hint = (
                    f"Did you mean `{meant}`?" if meant else "Mend the id; one of another deck is written `deck/note`."
                )
                source.error(index, "D501", f"there is no note `{name}` in this deck", hint)
            if key == "needs":
                places[full, target] = index
                needs.setdefault(full, []).append(target)
    for cycle in cycles(needs):
        if len(cycle) > 1:
            source.error(
                places[cycle[0], cycle[1]], "D502", describe_cycle(cycle), "Remove one of these from a note's `needs`."
            )
    return tuple(outside)


def _check_former(
    source: SourceText, target: str, index: int, known: Mapping[str, int], former: dict[str, int]
) -> None:
    if target in known:
        line, _ = source.position(known[target])
        source.error(
            index,
            "D505",
            f"`{target}` is the present id of the note on line {line}, so it cannot be a former one",
            "Remove it from `was`, or rename the other note.",
        )
    elif target in former:
        line, _ = source.position(former[target])
        source.error(
            index,
            "D505",
            f"`{target}` is claimed as a former id on line {line} already",
            "Keep it under `was` of one note: a history can go to one only.",
        )
    former.setdefault(target, index)


def describe_cycle(cycle: Sequence[str]) -> str:
    """A circle of prerequisites in words."""
    names = [f"`{name}`" for name in (*cycle, cycle[0])]
    shown = names if len(names) <= 6 else [*names[:4], "…", names[-1]]
    return f"these notes need each other in a circle: {' needs '.join(shown)}"


MOST_CYCLES = 20
"""How many circles are looked for: one file can hold millions of them, and mending one mends many."""


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
