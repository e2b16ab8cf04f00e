"""What notes say of each other: prerequisites that exist and form no circle, former ids that are one note's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from nlpcards.core.cards import deck_of
from nlpcards.decks.circles import MOST_CIRCLES, circles, describe_circle
from nlpcards.decks.keys import slug_of
from nlpcards.decks.notes import ReadNote
from nlpcards.decks.source import SourceText
from nlpcards.decks.values import Reference


def check_references(
    source: SourceText, deck: str, notes: Iterable[ReadNote], known: Mapping[str, int], *, extends: bool = False
) -> tuple[tuple[str, Reference], ...]:
    """Note what is wrong within one deck; gives what only the whole library can tell, with the full id of its note.

    `known` is every full id of the deck with its place, broken notes' included: naming one of those is no mistake, nor
    is naming an id that is itself written wrong, or stands in a note that could not be read.
    Where the file `extends` the deck, only the library knows the deck's other notes.
    """
    outside: list[tuple[str, Reference]] = []
    needs: dict[str, list[str]] = {}
    places: dict[tuple[str, str], int] = {}
    names: tuple[str, ...] | None = None
    former: dict[str, int] = {}
    damaged: frozenset[str] | None = None
    for note in notes:
        full = f"{deck}/{note.id}"
        for key, target, index in note.references:
            if key == "was":
                _check_former(source, target, index, known, former)
                outside.append((full, Reference(key, target, index)))
                continue
            if key != "cite" and target not in known and deck_of(target) == deck and source.error_places:
                damaged = _written_ids(source) if damaged is None else damaged
                if target.split("/", 1)[1] in damaged:
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
    for circle in islice(circles(needs), MOST_CIRCLES):
        if len(circle) > 1:
            message = describe_circle("notes", circle)
            source.error(places[circle[0], circle[1]], "D502", message, "Remove one of these from a note's `needs`.")
    return tuple(outside)


_ID = re.compile(r"\bid[ \t]*:[ \t]*[\"'“”‘’]?([^\s,#}\"'“”‘’][^\n,#}\"'“”‘’]{0,100})")


def _written_ids(source: SourceText) -> frozenset[str]:
    """What is written as an id anywhere in a file with errors, and what it would be as a slug.

    The error is where it stands, and said there; that others name it is no mistake of theirs.
    """
    written = [found[1].strip() for found in _ID.finditer(source.text)]
    return frozenset((*written, *map(slug_of, written)))


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
