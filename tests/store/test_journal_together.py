"""Several writes of one action are one transaction of the journal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nlpcards.core.days import Moment
from nlpcards.core.errors import StoreError
from nlpcards.core.journal import Alias, Event, EventId, Flag, Review, Setting, Suspend
from nlpcards.store import Journal

NOW = Moment(20_000 * 86_400_000 + 43_200_000, 20_000)
CARD = "lstm/gates#qa"
REVIEW = Event(EventId("anki:1", 5), 5 << 16, 5, 19_990, Review(CARD, 4, 1_000, 20_010, 0))


def test_what_was_written_is_seen_within_and_stays(opened: Callable[..., Journal]) -> None:
    journal = opened()
    with journal.together(NOW):
        journal.append([Alias(CARD, "anki:/x#0"), Setting("learning_steps", "[60]")], NOW)
        assert journal.insert([REVIEW]) == 1
        assert journal.state(CARD).reps == 1
        journal.append([Suspend(CARD), Flag(CARD, 2)], NOW)
    assert (journal.state(CARD).reps, journal.state(CARD).suspended, journal.state(CARD).flag) == (1, True, 2)
    assert journal.timeline.now.learning_steps == (60,)
    assert journal.rebuild() == []
    again = opened(fingerprint="here")
    assert len(list(again.events())) == 5


def test_where_anything_fails_nothing_was_written(opened: Callable[..., Journal]) -> None:
    journal = opened()
    journal.append([Flag(CARD, 1)], NOW)
    before = list(journal.events())
    with pytest.raises(StoreError):
        _fail_late(journal)
    assert list(journal.events()) == before
    assert (journal.state(CARD).reps, journal.state(CARD).suspended) == (0, False)
    assert journal.timeline.now.learning_steps == (60, 600)
    journal.append([Suspend(CARD)], NOW)
    assert journal.rebuild() == []


def _fail_late(journal: Journal) -> None:
    with journal.together(NOW):
        journal.insert([REVIEW])
        journal.append([Suspend(CARD), Setting("learning_steps", "[60]")], NOW)
        raise StoreError("the disk went away")
