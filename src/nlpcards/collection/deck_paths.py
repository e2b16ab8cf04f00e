"""A deck file that is named by its path where a deck's id may stand, too."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from nlpcards.collection.collection import load_library
from nlpcards.collection.home import Home
from nlpcards.core.errors import UsageError


def deck_path(name: str) -> Path | None:
    """The deck file that a name is the path of; None where it is the name of a deck, a note or a card.

    A bare word is never a path, so that a file `lstm` beside the learner hides no deck.
    """
    path = Path(name)
    return path if path.suffix in (".yaml", ".yml") and path.is_file() else None


def places_named(names: Sequence[Path], home: Home, decks: Sequence[Path] = ()) -> tuple[Path, ...]:
    """The files and folders that names stand for: a path, or else the id of a deck, with all files
    that change it; `decks` are searched for these in place of the learner's own places and the bundled ones.

    Raises:
        UsageError: there is neither such a place nor such a deck.
    """
    library = None
    places = []
    for name in names:
        if os.path.lexists(name):
            places.append(name)
            continue
        library = library or load_library(home, tuple(decks))
        files = [Path(file.path) for file in library.files if file.deck is not None and file.deck.id == str(name)]
        if not files:
            raise UsageError(
                f"there is no file, no folder and no deck {name}",
                remedy="Name a deck, its file or a folder of decks, as in `nlpcards check decks/lstm.yaml`.",
            )
        places += files
    return tuple(places)
