"""Searching a learner's collection: what the journal knows, what words of a command choose, what a session asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from nlpcards.collection.card_words import CardWords, said
from nlpcards.collection.collection import Collection
from nlpcards.collection.exporting import export
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.searching import EVERYTHING, Searching, select
from nlpcards.core.cards import Card
from nlpcards.core.errors import NothingToDo, UsageError
from nlpcards.core.journal import Alias, Review, Undo
from nlpcards.core.search.language import parse
from nlpcards.core.search.tree import written
from tests.support.learner import Learner

GATES = """deck: lstm
title: Gates
topic: rnn
notes:
  - id: role
    q: What does the forget gate $f_t$ decide?
    a: How much of $c_{t-1}$ is **kept**.
    tags: [gates]
  - id: update
    cloze: The new state is {{c1::the old one}} times {{c2::the gate}}.
    why: A café.
  - id: typed
    q: How many gates has an LSTM?
    typed: three
"""

OTHER = """deck: attention
title: Attention
notes:
  - id: scale
    q: Why is it scaled?
    a: The lstm needs no scale.
    topic: transformer
"""


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    learner = Learner(tmp_path)
    for path in learner.decks.glob("*.yaml"):
        path.unlink()
    learner.write("lstm", GATES)
    learner.write("attention", OTHER)
    return learner


def found(collection: Collection, query: str) -> list[str]:
    with Searching(collection) as searching:
        return [card.id for card in searching.cards(parse(query))]


def answer(collection: Collection, card: str, rating: int) -> Review:
    state = collection.state(card)
    review = Review(card, rating, 1_000, None, state.reps, "", state.chain)
    collection.journal.append([review], collection.now())
    return review


@pytest.mark.parametrize(
    ("query", "cards"),
    [
        ("forget", ["lstm/role#qa"]),
        ("kept", ["lstm/role#qa"]),
        (r"f\_t", ["lstm/role#qa"]),
        ("ft", ["lstm/role#qa"]),
        ('"state is the old one times"', ["lstm/update#c1", "lstm/update#c2"]),
        ("cafe", ["lstm/update#c1", "lstm/update#c2"]),
        ("three", ["lstm/typed#typed"]),
        ("topic:rnn forget", ["lstm/role#qa"]),
        ("topic:transformer", ["attention/scale#qa"]),
        ("lstm", ["attention/scale#qa", "lstm/typed#typed"]),
        ("c1", []),
    ],
)
def test_a_card_is_found_by_all_that_it_shows(learner: Learner, query: str, cards: list[str]) -> None:
    with learner.open() as collection:
        assert found(collection, query) == cards


def test_answers_are_found_by_day_and_rating_under_the_present_id_and_not_once_undone(learner: Learner) -> None:
    with learner.open() as collection:
        answer(collection, "lstm/former#qa", 1)
        collection.journal.append([Alias("lstm/role#qa", "lstm/former#qa")], collection.now())
        learner.waits(days=2)
        answer(collection, "lstm/update#c1", 3)
        assert found(collection, "rated:1") == ["lstm/update#c1"]
        assert found(collection, "rated:3") == ["lstm/role#qa", "lstm/update#c1"]
        assert found(collection, "rated:3:1") == ["lstm/role#qa"]
        assert found(collection, "introduced:3 -introduced:2") == ["lstm/role#qa"]
        event = collection.journal.last_event()
        assert event is not None
        collection.journal.append([Undo(event.id)], collection.now())
        assert found(collection, "rated:3") == ["lstm/role#qa"]


def test_added_counts_from_the_first_export_and_says_what_was_never_exported(learner: Learner, tmp_path: Path) -> None:
    with learner.open() as collection:
        export(collection, tmp_path / "one.apkg", ["attention"])
        learner.waits(days=3)
        export(collection, tmp_path / "two.apkg", [], query=parse("note:role"))
        assert found(collection, "added:3") == ["lstm/role#qa"]
        assert found(collection, "added:4") == ["attention/scale#qa", "lstm/role#qa"]
        (notice,) = select(collection, ["added:4"]).notices
        assert "2 notes were added is not known" in notice
        assert select(collection, ["is:due"]).notices == ()


def test_found_cards_carry_what_follows_from_their_state(learner: Learner) -> None:
    with learner.open() as collection:
        reviewing = Reviewing.start(collection, ["lstm"])
        assert reviewing.asked is not None
        reviewing.rate(4, 1_000)
        with Searching(collection) as searching:
            (easy,) = searching.found(select(collection, ["is:review"]))
            fresh = searching.found(select(collection, ["is:new"]))
        assert easy.card.id == "lstm/role#qa"
        assert easy.retrievability == 1.0
        assert easy.due is not None
        assert easy.due > learner.at.date()
        assert easy.topic == "rnn"
        assert easy.question == "What does the forget gate fₜ decide?"
        assert {each.due for each in fresh} == {each.retrievability for each in fresh} == {None}
        cloze = next(each for each in fresh if each.card.id == "lstm/update#c2")
        assert cloze.question == "The new state is the old one times […]."


@pytest.mark.parametrize(
    ("words", "decks", "query"),
    [
        ([], {"lstm", "attention"}, ""),
        (["lstm"], {"lstm"}, ""),
        (["ls"], {"lstm"}, ""),
        (["lstm", "attention"], {"lstm", "attention"}, ""),
        (["lstm is:new"], {"lstm"}, "is:new"),
        (["lstm", "is:new", "gate"], {"lstm"}, "is:new gate"),
        (['"lstm"'], {"lstm", "attention"}, '"lstm"'),
        (["-lstm"], {"lstm", "attention"}, "-deck:lstm"),
        (["lstm", "or", "is:new"], {"lstm", "attention"}, "deck:lstm or is:new"),
        (["deck:lstm"], {"lstm", "attention"}, "deck:lstm"),
        (["-tag:unheard-of"], {"lstm", "attention"}, "-tag:unheard-of"),
        (["tag:unheard-of", "or", "gate"], {"lstm", "attention"}, "tag:unheard-of or gate"),
    ],
)
def test_bare_words_that_are_deck_ids_mean_decks(
    learner: Learner, words: Sequence[str], decks: set[str], query: str
) -> None:
    with learner.open() as collection:
        selection = select(collection, words)
        assert selection.decks == decks
        assert selection.query == parse(query)


def test_where_decks_are_not_named_a_bare_word_stays_a_word(learner: Learner) -> None:
    with learner.open() as collection:
        assert select(collection, ["lstm"], naming_decks=False).query == parse("lstm")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lstn"], "there is no deck lstn. Did you mean lstm?"),
        (["deck:lstn"], "there is no deck lstn. Did you mean lstm?"),
        (["zzz", "is:new", "tag:gate"], "there is no tag gate. Did you mean gates?"),
        (["topic:rnnn"], "there is no topic rnnn. Did you mean rnn?"),
        (["note:rol"], "there is no note rol. Did you mean role?"),
        (["xyzzy"], "there is no deck xyzzy. Decks: attention, lstm."),
    ],
)
def test_a_name_that_nothing_has_is_an_error_where_nothing_is_found(
    learner: Learner, words: Sequence[str], said: str
) -> None:
    with learner.open() as collection, pytest.raises(UsageError) as raised:
        select(collection, words)
    assert str(raised.value) == said


def test_a_word_that_several_decks_begin_with_is_asked_about(learner: Learner) -> None:
    learner.write("lstm-two", OTHER.replace("attention", "lstm-two"))
    with learner.open() as collection:
        assert select(collection, ["lstm"]).decks == {"lstm"}
        with pytest.raises(UsageError, match="several decks begin with ls") as raised:
            select(collection, ["ls"])
        assert "lstm, lstm-two" in raised.value.remedy


def test_a_session_over_a_query_asks_its_cards_and_no_others(learner: Learner) -> None:
    with learner.open() as collection:
        selection = select(collection, ["lstm", "-kind:cloze"])
        reviewing = Reviewing.start(collection, selection.decks, selection.query)
        asked = []
        while reviewing.asked is not None:
            asked.append(reviewing.asked.card.id)
            reviewing.rate(4, 1_000)
        assert asked == ["lstm/role#qa", "lstm/typed#typed"]


def test_a_query_for_a_deck_plans_what_naming_the_deck_plans(learner: Learner) -> None:
    with learner.open() as collection:
        by_name = Reviewing.start(collection, ["lstm"])
        by_query = Reviewing.start(collection, (), parse("deck:lstm"))
        assert by_query.counts == by_name.counts
        assert by_query.counts.new == 4


def test_an_export_of_a_query_has_the_notes_of_its_cards(learner: Learner, tmp_path: Path) -> None:
    with learner.open() as collection:
        report = export(collection, tmp_path / "some.apkg", (), query=parse("card:c2 or attention"))
        assert (report.notes, report.cards, report.decks) == (1, 2, 1)
        with pytest.raises(NothingToDo, match="is:leech"):
            export(collection, tmp_path / "none.apkg", (), query=parse("is:leech"))
        assert not (tmp_path / "none.apkg").exists()


def cards_of(collection: Collection) -> dict[str, Card]:
    return {card.id: card for card in collection.library.cards()}


def test_words_are_kept_in_the_cache_and_follow_the_text(learner: Learner, tmp_path: Path) -> None:
    file = tmp_path / "words.sqlite"
    with learner.open() as collection:
        role = cards_of(collection)["lstm/role#qa"]
        first = CardWords(file)
        assert "kept" in first.folded(role)
        first.close()
        with sqlite3.connect(file) as kept:
            assert kept.execute("SELECT count(*) FROM words").fetchone() == (1,)
            kept.execute("UPDATE words SET folded = 'from the file', words = 'From the file'")
        kept.close()
        again = CardWords(file)
        assert (again.folded(role), again.words(role)) == ("from the file", "From the file")
        again.close()
        learner.write("lstm", GATES.replace("**kept**", "*left*"))
        collection.reload()
        changed = CardWords(file)
        assert changed.folded(role) == "from the file"
        assert "left" in changed.folded(cards_of(collection)["lstm/role#qa"])
        changed.close()


@pytest.mark.parametrize("content", [b"no database at all " * 100, b""])
def test_a_cache_that_is_damaged_changes_nothing(learner: Learner, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "words.sqlite"
    file.write_bytes(content)
    with learner.open() as collection:
        role = cards_of(collection)["lstm/role#qa"]
        words = CardWords(file)
        assert words.words(role) == "\n".join(said(role))
        assert "kept" in words.folded(role)
        words.close()


def test_a_cache_in_a_place_that_cannot_be_written_changes_nothing(learner: Learner) -> None:
    with learner.open() as collection:
        words = CardWords(Path("/proc/nope/words.sqlite"))
        assert "kept" in words.folded(cards_of(collection)["lstm/role#qa"])
        words.close()


def test_what_is_said_is_not_stale_tomorrow(learner: Learner) -> None:
    with learner.open() as collection:
        reviewing = Reviewing.start(collection, (), parse("note:role"))
        assert reviewing.asked is not None
        reviewing.rate(4, 1_000)
        assert found(collection, "is:due") == []
        learner.at += timedelta(days=60)
        assert found(collection, "is:due") == ["lstm/role#qa"]
        assert found(collection, "prop:due<0 prop:r<0.9") == ["lstm/role#qa"]


def test_the_query_of_everything_is_the_empty_one() -> None:
    assert parse("") == EVERYTHING
    assert written(EVERYTHING) == ""
