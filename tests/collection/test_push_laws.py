"""A push is done once: whatever a deck says, and whatever it said before, a second one finds nothing to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, assume, given, settings

from nlpcards.core.cards import Deck
from tests.support.anki_connect import served
from tests.support.any_notes import decks
from tests.support.learner import Learner
from tests.support.phone import Phone
from tests.support.pushes import NOTHING_NEW, new, pushed
from tests.support.written import written


@given(first=decks(), second=decks())
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_deck_is_there_after_one_push_whatever_it_said_before(
    tmp_path_factory: pytest.TempPathFactory, first: Deck, second: Deck
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "decks").mkdir()
    desk = Learner(folder, datetime.now(UTC), UTC)
    phone = Phone(folder / "phone")
    try:
        with served(phone) as anki:
            for deck in (first, replace(second, id=first.id)):
                named = replace(deck, notes=tuple(replace(note, deck=first.id) for note in deck.notes))
                (desk.decks / "made.yaml").write_text(written(named), "utf-8")
                desk.waits(seconds=60)
                with desk.open() as collection:
                    assume(collection.library.notes)
                pushed(desk, anki)
                again = pushed(desk, anki)
                assert new(again) == NOTHING_NEW
                assert (again.edited, again.foreign, again.behind) == (0, 0, 0)
    finally:
        phone.col.close()
