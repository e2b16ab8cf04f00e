"""A track that is followed leads the day's new cards, and holds back nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.health import doctor
from nlpcards.collection.last_count import counts_of, keep, last_count, look
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.roadmap.changing import (
    adjust,
    leave_topic,
    leave_track,
    mark,
    open_topic,
    shut_topic,
    use_track,
)
from nlpcards.collection.roadmap.standing import present, standing
from nlpcards.collection.searching import select
from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.errors import NothingToDo, UsageError
from nlpcards.core.journal import Reset, Review, Suspend, Undo
from nlpcards.core.queue import Ahead, Cram
from nlpcards.core.roadmap.following import Status
from nlpcards.core.roadmap.opening import Reason
from tests.support.learner import Learner
from tests.support.roadmaps import deck_on, on_a_way, roadmap_file

NEEDS = {"a": [], "b": ["a"], "c": ["b"], "d": []}


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return on_a_way(tmp_path, NEEDS, ["a", "b"], ["c"])


def new(collection: Collection) -> list[str]:
    return [note_of(card) for card in collection.plan(collection.chosen(())).new]


def decks(collection: Collection) -> str:
    return "".join(sorted(set(map(deck_of, new(collection)))))


def answer(collection: Collection, *topics: str, rating: int = 4) -> None:
    """Answer every card of some topics' decks."""
    for topic in topics:
        for card in collection.library.decks[topic].cards():
            before = collection.state(card.id)
            due = collection.now().day + 5
            body = Review(card.id, rating, 1_000, due, before.reps, after=before.chain)
            collection.journal.append([body], collection.now())


def test_new_cards_come_from_open_topics_in_the_track_s_order_and_from_all_decks_again_without_it(
    learner: Learner,
) -> None:
    with learner.open() as collection:
        free = new(collection)
        assert decks(collection) == "abcd"
        use_track(collection, "way")
        assert new(collection) == ["a/n0", "a/n1"]
        answer(collection, "a")
        assert new(collection) == ["b/n0", "b/n1"], "in the same sitting, as soon as it is known"
        leave_track(collection)
        assert [name for name in free if not name.startswith("a/")] == new(collection)
        with pytest.raises(NothingToDo):
            leave_track(collection)


def test_the_decks_of_a_topic_take_turns_each_in_its_own_order_and_a_note_may_have_another_topic(
    learner: Learner,
) -> None:
    learner.write("more", deck_on("a", 3, "more") + "  - {id: far, topic: d, q: What is far?, a: It is.}\n")
    with learner.open() as collection:
        use_track(collection, "way")
        assert list(collection.knowing.cards["a"]) == [
            f"{note}#qa" for note in ("a/n0", "more/n0", "a/n1", "more/n1", "more/n2")
        ]
        assert set(new(collection)) == {"a/n0", "a/n1", "more/n0", "more/n1", "more/n2"}
        assert standing(collection).topics["d"].progress.cards == 3
        assert standing(collection).topics["a"].progress.notes == 5


def test_topics_outside_the_track_come_after_its_last_card(learner: Learner) -> None:
    with learner.open() as collection:
        use_track(collection, "way")
        answer(collection, "a", "b")
        assert decks(collection) == "c"
        answer(collection, "c")
        assert decks(collection) == "d"
        where = present(collection, collection.now().day)
        assert where is not None
        assert where.words == "The way: every card of it was introduced, so new ones come from all decks."


def test_a_deck_or_a_query_that_is_named_is_never_held_back(learner: Learner) -> None:
    with learner.open() as collection:
        use_track(collection, "way")
        assert collection.plan(collection.chosen(["c"])).new
        assert {deck_of(card) for card in collection.plan(collection.chosen(["c", "d"])).new} == {"c", "d"}
        asked = Reviewing.start(collection, ["d"]).asked
        assert asked is not None
        assert asked.card.note.deck == "d"
        query = select(collection, ["topic:c"]).query
        asked = Reviewing.start(collection, (), query).asked
        assert asked is not None
        assert asked.card.note.deck == "c"
        assert {deck_of(card) for card in collection.plan(collection.chosen(()), purpose=Cram()).new} == set("abcd")


def test_reviews_are_never_held_back(learner: Learner) -> None:
    with learner.open() as collection:
        answer(collection, "a", "c", "d")
        use_track(collection, "way")
        shut_topic(collection, "c")
        learner.waits(days=5)
        every = collection.chosen(())
        assert {deck_of(card) for card in collection.plan(every).reviews} == set("acd")
        assert {deck_of(card) for card in collection.plan(every, purpose=Ahead(3)).reviews} == set("acd")


def test_a_hand_opens_a_topic_shuts_it_and_leaves_it_to_the_rules(learner: Learner) -> None:
    with learner.open() as collection:
        use_track(collection, "way")
        door = open_topic(collection, "c")
        assert (door.opening.open, door.why) == (True, "you opened it")
        assert decks(collection) == "ac"
        open_topic(collection, "d")
        assert decks(collection) == "acd", "one outside the track, too"
        shut_topic(collection, "a")
        assert decks(collection) == "cd"
        door = leave_topic(collection, "c")
        assert door.why == "it needs B (2 more cards)"
        assert decks(collection) == "d"
        last = collection.journal.last_undoable()
        collection.journal.append([Undo(event.id) for event in last], collection.now())
        assert decks(collection) == "cd", "an undo takes it back"


def test_a_topic_that_was_begun_stays_open_whatever_is_forgotten(learner: Learner) -> None:
    with learner.open() as collection:
        use_track(collection, "way")
        answer(collection, "a")
        first = next(iter(collection.library.decks["b"].cards()))
        collection.journal.append([Review(first.id, 3, 900, None, 0)], collection.now())
        learner.waits(days=2_000)
        assert decks(collection) == "b"
        assert standing(collection).topics["b"].opening.reason is Reason.BEGUN


def test_what_is_forgotten_closes_what_was_not_begun_until_it_is_reviewed(learner: Learner) -> None:
    with learner.open() as collection:
        use_track(collection, "way")
        answer(collection, "a")
        learner.waits(days=2_000)
        assert new(collection) == []
        where = present(collection, collection.now().day)
        assert where is not None
        assert where.words.startswith("The way, stage 1 of 2: Stage 1. B is closed: it needs A (recall ")
        assert "`nlpcards track open b` opens it anyway" in where.words
        adjust(collection, recall=0.1)
        assert decks(collection) == "b"
        adjust(collection, recall=0.85)
        answer(collection, "a")
        learner.waits(days=1)
        assert decks(collection) == "b"


def test_suspended_cards_keep_nothing_closed_and_open_it_only_with_the_rest(learner: Learner) -> None:
    learner.write("a", deck_on("a", 5))
    with learner.open() as collection:
        use_track(collection, "way")
        first, *rest = [card.id for card in collection.library.decks["a"].cards()]
        collection.journal.append([Suspend(card) for card in rest], collection.now())
        assert decks(collection) == "a"
        collection.journal.append([Review(first, 4, 900, collection.now().day + 9, 0)], collection.now())
        assert decks(collection) == "b"
        assert standing(collection).topics["a"].progress.introduced == 0.2, "progress counts them all the same"
        collection.journal.append([Reset(first)], collection.now())
        assert decks(collection) == "a"


def test_a_note_that_needs_one_which_the_track_leaves_out_does_not_wait_for_it(learner: Learner) -> None:
    text = deck_on("a", 2).replace("    a: It is 0.\n", "    a: It is 0.\n    needs: [d/n0, c/n0]\n")
    learner.write("a", text.replace("    a: It is 1.\n", "    a: It is 1.\n    needs: [n0]\n"))
    with learner.open() as collection:
        assert "a/n0" not in new(collection)
        use_track(collection, "way")
        assert new(collection) == ["a/n0"]


def test_changing_tracks_loses_nothing(learner: Learner) -> None:
    text = roadmap_file(NEEDS, ["a", "b"], ["c"])
    other = "  - {id: other, title: Another, about: Another way., stages: [{id: s, title: S, topics: [d]}]}\n"
    learner.write("roadmap", text + other)
    with learner.open() as collection:
        use_track(collection, "way")
        answer(collection, "a")
        states = collection.journal.all_states()
        use_track(collection, "other")
        assert decks(collection) == "d"
        use_track(collection, "way")
        assert decks(collection) == "b"
        assert collection.journal.all_states() == states


def test_a_track_that_no_roadmap_has_any_more_leaves_every_deck_free_and_is_named(learner: Learner) -> None:
    with learner.open() as collection:
        use_track(collection, "way")
        (learner.decks / "roadmap.yaml").unlink()
    with learner.open() as collection:
        assert decks(collection) == "abcd"
        assert standing(collection).lost == "way"
        assert present(collection, collection.now().day) is None


def test_the_doctor_names_what_was_marked_and_is_on_no_roadmap(learner: Learner) -> None:
    with learner.open() as collection:
        use_track(collection, "way")
        open_topic(collection, "c")
        mark(collection, "book", Status.DONE)
        mark(collection, "project", Status.DOING)
        assert doctor(collection).off_roadmap == ()
    learner.write("roadmap", roadmap_file({"a": []}, ["a"]).replace("book", "paper").replace("id: way", "id: road"))
    (learner.decks / "c.yaml").unlink()
    with learner.open() as collection:
        health = doctor(collection)
        assert health.off_roadmap == ("track way", "topic c", "resource book")
        assert (health.events, health.different) == (4, ())


def test_a_count_that_was_kept_holds_no_longer_when_the_roadmap_or_the_track_changes(learner: Learner) -> None:
    def counted() -> int:
        clock, places = Clock(lambda: learner.at, learner.zone), [learner.decks]
        known = last_count(learner.home, places, clock)
        if known is None:
            looked = look(learner.home, places)
            with Collection.open(learner.home, places, clock, read_only=True) as collection:
                known = counts_of(collection.plan(collection.chosen(())), collection.library.decks)
                keep(collection, looked, known, 2**62)
        return sum(each.new for each in known)

    with learner.open() as collection:
        collection.journal.append([Suspend("a/gone#qa")], collection.now())
    assert (counted(), counted()) == (8, 8)
    with learner.open() as collection:
        use_track(collection, "way")
    assert (counted(), counted()) == (2, 2)
    learner.write("roadmap", roadmap_file(NEEDS, ["d", "a", "b"], ["c"]))
    assert counted() == 4


def test_names_are_met_by_their_beginnings_and_mistakes_by_what_was_likely_meant(learner: Learner) -> None:
    with learner.open() as collection:
        assert use_track(collection, "wa").id == "way"
        with pytest.raises(UsageError, match=r"there is no track wey\. Did you mean way\?"):
            use_track(collection, "wey")
        with pytest.raises(UsageError, match=r"There are: a, b, c, d\."):
            open_topic(collection, "zebra")
        with pytest.raises(UsageError, match="Did you mean book"):
            mark(collection, "bok", Status.DONE)


def test_what_was_read_and_done_is_marked_with_its_day_and_a_note_that_stays(learner: Learner) -> None:
    with learner.open() as collection:
        today = collection.now().day
        mark(collection, "book", Status.DOING, note="chapter 2", day=today - 3)
        mark(collection, "project", Status.DONE)
        learner.at += timedelta(days=1)
        mark(collection, "book", Status.DONE)
        stage = standing(collection).tracks[0].stages[0]
        ((book, read),) = stage.resources
        ((_, built),) = stage.milestones
        assert read is not None
        assert built is not None
        assert (book.id, read.status, read.day, read.note) == ("book", Status.DONE, today + 1, "chapter 2")
        assert (built.status, built.day, built.note) == (Status.DONE, today, "")
        assert collection.journal.rebuild() == []
