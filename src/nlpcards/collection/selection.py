"""What a learner chose, in the fewest words: it is what most commands begin with, and loads nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlpcards.core.dataclass import dataclass
from nlpcards.core.search.everything import EVERYTHING

if TYPE_CHECKING:
    from nlpcards.core.search.tree import Query


@dataclass(frozen=True, slots=True)
class Selection:
    """What a learner chose with some words: cards of `decks` that meet `query`.

    `notices` are sentences about what the query cannot know.
    """

    decks: frozenset[str]
    query: Query = EVERYTHING
    notices: tuple[str, ...] = ()
