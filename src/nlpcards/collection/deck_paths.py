"""A deck file that is named by its path where a deck's id may stand, too."""

from __future__ import annotations

from pathlib import Path


def deck_path(name: str) -> Path | None:
    """The deck file that a name is the path of; None where it is the name of a deck, a note or a card.

    A bare word is never a path, so that a file `lstm` beside the learner hides no deck.
    """
    path = Path(name)
    return path if path.suffix in (".yaml", ".yml") and path.is_file() else None
