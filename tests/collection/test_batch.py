"""What is done to many cards at once: one action of the journal, which one undo takes back whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlpcards.collection import batch
from nlpcards.collection.apart import apart
from nlpcards.collection.batch import Acted
from nlpcards.collection.collection import Collection
from nlpcards.collection.information import information
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.errors import UsageError
from nlpcards.core.state import Interval, New
from tests.support.learner import Learner
from tests.support.program import deck_of

CARDS = tuple(f"made/n{number}#qa" for number in range(6))


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """Six cards, of which the first three were answered."""
    learner = Learner(tmp_path)
    learner.write("made", deck_of(6))
    with learner.open() as made:
        reviewing = Reviewing.start(made)
        for _ in range(3):
            reviewing.rate(4, 1_000)
        yield made


ACTIONS: dict[str, tuple[Callable[[Collection, tuple[str, ...]], Acted], str, str]] = {
    "suspend": (batch.suspend, "the suspension", "suspended"),
    "bury": (batch.bury, "the burying", "buried until 2026-03-03"),
    "flag": (lambda own, cards: batch.flag(own, cards, 3), "the green flag", "flagged green"),
    "due": (lambda own, cards: batch.set_due(own, cards, "7"), "the new due date", "due date set to 2026-03-09"),
    "tag": (lambda own, cards: batch.tag(own, cards, "hard exam"), "your tags", "tagged hard"),
}


def known(collection: Collection) -> dict[str, tuple[object, object]]:
    return {card: (collection.state(card), collection.journal.remarks_of(card)) for card in CARDS}


@pytest.mark.parametrize("name", ACTIONS)
def test_each_action_is_in_every_cards_history_and_one_undo_takes_it_from_all_of_them(
    collection: Collection, name: str
) -> None:
    act, what, told = ACTIONS[name]
    before, length = known(collection), len(list(collection.journal.events()))
    acted = act(collection, CARDS)
    assert (acted.cards, acted.what) == (CARDS, what)
    for card in CARDS:
        assert told in [happened.what for happened in information(collection, card).history]
    written = list(collection.journal.events())[length:]
    assert len({event.batch for event in written}) == 1
    assert written[0].batch != 0
    batch.undo(collection, acted)
    assert known(collection) == before
    assert list(collection.journal.rebuild()) == []


def test_cards_that_are_so_already_are_left_alone(collection: Collection) -> None:
    batch.suspend(collection, CARDS[:2])
    assert batch.suspend(collection, CARDS[:4]).cards == CARDS[2:4]
    assert batch.suspend(collection, CARDS[:4]).what == "the unsuspension"
    assert not any(collection.state(card).suspended for card in CARDS)
    batch.bury(collection, CARDS[:1])
    assert batch.bury(collection, CARDS[:2]).cards == CARDS[1:2]
    assert batch.reset(collection, CARDS[3:]) == Acted()
    assert batch.reset(collection, CARDS).cards == CARDS[:3]
    assert all(isinstance(collection.state(card).schedule, New) for card in CARDS)


def test_the_flag_that_all_have_is_taken_off(collection: Collection) -> None:
    batch.flag(collection, CARDS[:1], 2)
    assert batch.flag(collection, CARDS[:2], 2).cards == CARDS[1:2]
    assert batch.flag(collection, CARDS[:2], 2).what == "the taking off of a flag"
    assert {collection.state(card).flag for card in CARDS} == {0}


def test_tags_are_put_on_and_taken_off_in_one_action(collection: Collection) -> None:
    batch.tag(collection, CARDS[:2], "hard")
    acted = batch.tag(collection, CARDS[:3], "exam -hard")
    assert batch.tags_on(collection, CARDS) == {"exam": 3}
    batch.undo(collection, acted)
    assert batch.tags_on(collection, CARDS) == {"hard": 2}
    assert batch.tag(collection, CARDS[:2], "hard") == Acted()


@pytest.mark.parametrize(("text", "said"), [("", "no tag is named"), ("a -a", "put on and taken off"), ("a,b", "tag")])
def test_what_names_no_tags_is_one_sentence_and_changes_nothing(collection: Collection, text: str, said: str) -> None:
    before = len(list(collection.journal.events()))
    with pytest.raises(UsageError, match=said):
        batch.tag(collection, CARDS, text)
    assert len(list(collection.journal.events())) == before


def test_a_wrong_day_changes_nothing(collection: Collection) -> None:
    with pytest.raises(UsageError, match="no day"):
        batch.set_due(collection, CARDS, "soon")
    batch.set_due(collection, CARDS[:1], "2026-12-24")
    schedule = collection.state(CARDS[0]).schedule
    assert isinstance(schedule, Interval)


def test_the_last_action_is_found_again_whoever_did_it(collection: Collection) -> None:
    acted = batch.flag(collection, CARDS, 1)
    assert batch.last_done(collection) == acted
    batch.undo(collection, acted)
    assert batch.last_done(collection).what == "the last answer"


def test_what_another_connection_does_shows_at_once(collection: Collection) -> None:
    with apart(collection) as own:
        acted = batch.suspend(own, CARDS)
    assert all(collection.state(card).suspended for card in CARDS)
    assert batch.last_done(collection) == acted


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTIONS)), st.sets(st.sampled_from(CARDS), min_size=1)), max_size=5))
def test_undoing_all_actions_from_the_last_to_the_first_leaves_what_was_before(
    collection: Collection, actions: list[tuple[str, set[str]]]
) -> None:
    before, done = known(collection), []
    for name, cards in actions:
        acted = ACTIONS[name][0](collection, tuple(sorted(cards)))
        if acted.events:
            done.append(acted)
    for acted in reversed(done):
        assert batch.last_done(collection).events == acted.events
        batch.undo(collection, acted)
    assert known(collection) == before
