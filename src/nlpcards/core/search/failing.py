"""What is wrong with a query, and where."""

from __future__ import annotations

from collections.abc import Iterable

from nlpcards.core.errors import UsageError


class SearchError(UsageError):
    """A query that means nothing, or that cannot be answered; `offset` is the character at which that shows, counted
    from 0, None where it shows at none.
    """

    def __init__(self, message: str, offset: int | None, *, remedy: str) -> None:
        place = "search" if offset is None else f"search, character {offset + 1}"
        super().__init__(message, place=place, remedy=remedy)
        self.offset = offset


def meant(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, empty where none is near."""
    from difflib import get_close_matches  # only ever for a mistake

    near = get_close_matches(name[:100].casefold(), list(known), n=1, cutoff=0.6)
    return near[0] if near else ""


def suggested(name: str, known: Iterable[str], prefix: str = "") -> str:
    """A remedy for an unknown name: the near one, or all; each as it is written in a query, after `prefix`."""
    names = list(known)
    near = meant(name, names)
    if near:
        return f"Did you mean `{prefix}{near}`?"
    return f"There are {', '.join(f'`{prefix}{each}`' for each in names)}."
