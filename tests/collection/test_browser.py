"""The browser: a search that goes on step by step, orders by any column, marks, and states that are never old."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from nlpcards.collection import batch
from nlpcards.collection.browser import Browser
from nlpcards.collection.browsing import Column, cell, ordering
from nlpcards.collection.collection import Collection
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.searching import Searching, Selection
from nlpcards.core.cards import Card
from nlpcards.core.search.failing import SearchError
from nlpcards.core.search.language import parse
from nlpcards.core.search.tree import Everything, These, written
from tests.support.learner import Learner
from tests.support.program import deck_of


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """Forty cards of two decks, some of them answered, one suspended, one flagged."""
    learner = Learner(tmp_path)
    learner.write("made", deck_of(25))
    learner.write("other", deck_of(15, "other"))
    with learner.open() as made:
        reviewing = Reviewing.start(made)
        for number in range(12):
            reviewing.rate(1 + number % 4, 1_000)
    learner.waits(days=2)
    with learner.open() as made:
        batch.suspend(made, ["made/n3#qa"])
        batch.flag(made, ["made/n4#qa"], 7)
        yield made


def searched(browser: Browser, text: str) -> list[Card]:
    found: list[Card] = []
    for _ in browser.search(text, found):
        pass
    browser.show(text, found)
    return found


@pytest.mark.parametrize("text", ["", "is:new", '"question 1" or flag:7', "deck:other prop:reps>0", "-is:suspended"])
def test_a_search_step_by_step_finds_what_one_at_once_does(collection: Collection, text: str) -> None:
    decks = frozenset(collection.library.decks)
    with Searching(collection) as searching:
        at_once = [each.card for each in searching.found(Selection(decks, parse(text)))]
    browser = Browser(collection)
    assert searched(browser, text) == at_once
    assert browser.total == 40
    browser.close()


def ordered(searching: Searching, cards: list[Card], column: Column, *, descending: bool) -> list[Card]:
    found: list[Card] = []
    for _ in ordering(searching, cards, column, found, descending=descending):
        pass
    return found


@pytest.mark.parametrize("column", Column)
def test_every_column_sorts_both_ways_with_what_lacks_a_value_last(collection: Collection, column: Column) -> None:
    with Searching(collection) as searching:
        cards = list(searching.cards(Everything()))
        up = ordered(searching, cards, column, descending=False)
        down = ordered(searching, cards, column, descending=True)
        assert sorted(up, key=cards.index) == cards
        shown = [cell(searching.look(card), column) for card in up]
        lacking = [card for card, text in zip(up, shown, strict=True) if not text]
        assert up[len(up) - len(lacking) :] == lacking
        assert down[len(down) - len(lacking) :] == lacking
        # Equal ones stay as they came either way, so groups of equal cells are in turned order.
        groups = list(dict.fromkeys(text for text in shown if text))
        turned = list(dict.fromkeys(cell(searching.look(card), column) for card in down))
        if column not in (Column.RECALL, Column.STABILITY, Column.DIFFICULTY):  # what is shown of these is rounded
            assert [text for text in turned if text] == groups[::-1]


def test_a_mistake_changes_nothing(collection: Collection) -> None:
    browser = Browser(collection)
    searched(browser, "deck:other")
    with pytest.raises(SearchError):
        searched(browser, "is:duee")
    assert (browser.text, len(browser.cards)) == ("deck:other", 15)


def test_marks_on_cards_that_a_search_does_not_find_are_taken_off(collection: Collection) -> None:
    browser = Browser(collection)
    searched(browser, "")
    browser.marked = {"made/n1#qa", "other/n1#qa"}
    searched(browser, "deck:other")
    assert [card.id for card in browser.chosen()] == ["other/n1#qa"]
    assert browser.query_of_chosen() == These(frozenset({"other/n1#qa"}))
    browser.marked = set()
    browser.at = "other/n2#qa"
    assert [card.id for card in browser.chosen()] == ["other/n2#qa"]
    assert browser.query_of_chosen() == parse("deck:other")


def test_picked_cards_can_be_written_as_a_query_that_finds_them(collection: Collection) -> None:
    these = These(frozenset({"made/n1#qa", "other/n2#qa"}))
    with Searching(collection) as searching:
        picked = list(searching.cards(these))
        assert [card.id for card in picked] == ["made/n1#qa", "other/n2#qa"]
        assert list(searching.cards(parse(written(these)))) == picked


def test_states_are_read_again_where_something_happened_since(collection: Collection) -> None:
    browser = Browser(collection)
    assert browser.wants_states(parse("is:suspended"), None)
    assert not browser.wants_states(parse("deck:made"), Column.DECK)
    assert browser.wants_states(parse("deck:made"), Column.DUE)
    browser.take_states(browser.read_states())
    assert not browser.wants_states(parse("is:suspended"), None)
    batch.suspend(collection, ["made/n9#qa"])
    assert browser.wants_states(parse("is:suspended"), None)
    assert [card.id for card in searched(browser, "is:suspended")] == ["made/n3#qa", "made/n9#qa"]


def test_states_that_grew_old_while_they_were_read_are_read_again(collection: Collection) -> None:
    browser = Browser(collection)
    states = browser.read_states()
    batch.suspend(collection, ["made/n9#qa"])
    browser.take_states(states)
    assert browser.wants_states(parse("is:suspended"), None)


def test_another_thread_reads_states_and_acts(collection: Collection) -> None:
    browser = Browser(collection)
    read: list[object] = []
    searched(browser, "deck:other")
    cards = list(browser.cards)

    def work() -> None:
        read.append(browser.read_states())
        read.append(browser.act(batch.suspend, cards, elsewhere=True))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(read) == 2
    browser.reread(card.id for card in cards)
    assert {browser.cell(card, Column.STATE) for card in cards} == {"suspended"}
    browser.undo(batch.last_done(collection), elsewhere=True)
    browser.reread(card.id for card in cards)
    assert "suspended" not in {browser.cell(card, Column.STATE) for card in cards}


def test_a_name_that_nothing_has_is_told_with_the_one_that_was_meant(collection: Collection) -> None:
    browser = Browser(collection)
    found = searched(browser, "deck:othr")
    assert browser.said_of("deck:othr", found) == "There is no deck othr. Did you mean other?"
    assert browser.said_of("is:leech", searched(browser, "is:leech")) == ""
    assert "not known" in browser.said_of("added:7", searched(browser, "added:7"))


def test_own_tags_are_found_as_a_decks_are(collection: Collection) -> None:
    batch.tag(collection, ["made/n1#qa", "made/n2#qa"], "exam::oral")
    browser = Browser(collection)
    for text in ("tag:exam", "tag:exam::*", "-tag:none", "-(tag:none)"):
        assert [card.id for card in searched(browser, text)] == ["made/n1#qa", "made/n2#qa"]
    assert len(searched(browser, "-tag:exam")) == 38
