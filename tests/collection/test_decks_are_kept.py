"""What was read of the decks is kept when a collection is closed, and not before; the next one reads no file again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nlpcards.collection.collection import Collection
from nlpcards.collection.health import doctor
from nlpcards.collection.home import Home
from nlpcards.collection.reviewing import Reviewing
from nlpcards.decks.library import Library
from nlpcards.decks.stored import StoredNotes


def made(library: Library) -> list[int]:
    """How many notes of each deck were made, of those that came from the cache."""
    return [deck.notes.made for deck in library.decks.values() if isinstance(deck.notes, StoredNotes)]


def test_the_bundled_decks_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    home = Home(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    with Collection.open(home) as collection:
        cards = [card.id for card in collection.library.cards()]
        asked = Reviewing.start(collection).asked
        assert asked is not None
        assert not home.deck_cache.exists()
        assert made(collection.library) == []
    with Collection.open(home) as collection:
        again = Reviewing.start(collection).asked
        assert again is not None
        assert again.card == asked.card
        assert len(made(collection.library)) == len(collection.library.decks)
        # Only those that are shown, and those that say what they were called before.
        assert sum(made(collection.library)) <= 1 + len(collection.library.renamed())
        assert [card for deck in collection.library.decks for card in collection.library.card_ids(deck)] == cards
        assert doctor(collection).deck_cache > 0
        # Deleting it is always safe, while the program runs too.
        shutil.rmtree(home.deck_cache)
        assert [card.id for card in collection.library.cards()] == cards
        assert doctor(collection).deck_cache == 0
