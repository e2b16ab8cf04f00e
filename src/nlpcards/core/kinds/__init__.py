"""The note kinds: what an author may write under `notes:`, one module each.

A kind says which keys it takes (`KEYS`), makes a body of them (`build`), and its body says which cards it has
(`card_keys`), what each asks (`face`), all the text that it shows (`content`), and how it is written in a deck file
(`written`). A new kind is one module here, one line in `every.KINDS` and one in `decks.stored`.

What is asked for is loaded then: a card that is shown needs its own kind alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlpcards.core.kinds.every import KINDS, Body
    from nlpcards.core.kinds.shape import (
        Entries,
        Face,
        Fields,
        Flag,
        Kind,
        Mistake,
        Shape,
        Text,
        Texts,
        Value,
        Word,
        Words,
    )


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{'every' if name in ('KINDS', 'Body') else 'shape'}"), name)
    globals()[name] = found
    return found


__all__ = [
    "KINDS",
    "Body",
    "Entries",
    "Face",
    "Fields",
    "Flag",
    "Kind",
    "Mistake",
    "Shape",
    "Text",
    "Texts",
    "Value",
    "Word",
    "Words",
]
