"""A placement over a real journal: its answers are first reviews, it goes on where it was left, and it opens topics."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlpcards.collection.collection import Collection
from nlpcards.collection.placing import MOST, QUESTIONS_A_TOPIC, Found, Placing, is_first_look
from nlpcards.collection.placing_words import WIDTH, lines
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.roadmap.changing import shut_topic, use_track
from nlpcards.core.cards import deck_of
from nlpcards.core.errors import NothingToDo, UsageError
from nlpcards.core.journal import Mark, Review, Undo
from nlpcards.core.roadmap.opening import Reason
from nlpcards.core.roadmap.placement_marks import placements
from nlpcards.core.state import New
from tests.support.learner import Learner
from tests.support.roadmaps import on_a_way

NEEDS = {"a": [], "b": ["a"], "c": ["b"], "d": ["c"], "e": ["d"], "f": ["e"], "other": []}
STAGES = (["a", "b"], ["c", "d"], ["e", "f"])


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return on_a_way(tmp_path, NEEDS, *STAGES, notes=6)


def answer_all(placing: Placing, known: str) -> Found:
    """Answer as one who knows the topics in `known` and no other."""
    while placing.question is not None:
        placing.answer(3 if placing.question.topic in known else 1, 3_000)
    return placing.finish()


def following(collection: Collection) -> Collection:
    use_track(collection, "way")
    return collection


def test_it_finds_the_topics_known_and_opens_them_with_what_comes_next(learner: Learner) -> None:
    with learner.open() as collection:
        found = answer_all(Placing.start(following(collection)), "abc")
        assert (found.known, found.next, found.over) == (("a", "b", "c"), ("d",), True)
        assert set(found.opened) == {"a", "b", "c", "d"}
        opened = collection.knowing.openings(collection.now().day)
        assert {topic for topic, each in opened.items() if each.open} == {"a", "b", "c", "d"}
        assert all(opened[topic].reason is Reason.BY_HAND for topic in "abcd")
        assert found.questions <= MOST


def test_being_asked_alone_begins_no_topic(learner: Learner) -> None:
    with learner.open() as collection:
        placing = Placing.start(following(collection))
        asked = set()
        while placing.question is not None:
            asked.add(placing.question.topic)
            placing.answer(1, 3_000)
        assert asked - {"a"}
        opened = collection.knowing.openings(collection.now().day)
        assert not any(opened[topic].open for topic in asked - {"a"})
        assert placing.finish().known == ()


def test_every_answer_is_a_first_review_of_its_card_and_nothing_else_is_written_of_any(learner: Learner) -> None:
    with learner.open() as collection:
        placing = Placing.start(following(collection))
        given = {}
        while (question := placing.question) is not None:
            rating = 4 if question.topic in "ab" else 1
            given[question.asked.card.id] = rating
            placing.answer(rating, 3_000)
        placing.finish()
        reviews = [event.body for event in collection.journal.events() if isinstance(event.body, Review)]
        assert {body.card: body.rating for body in reviews} == given
        assert all((body.repetition, body.duration_ms) == (0, 3_000) for body in reviews)
        for card, rating in given.items():
            state = collection.state(card)
            assert (state.reps, state.first_day) == (1, collection.now().day)
            expected = collection.journal.timeline.model.answered(card, type(state)(), rating, collection.now())
            assert state.memory == expected.memory
        assert collection.journal.answered_cards() == set(given)
        assert collection.journal.rebuild() == []


def test_the_interval_on_the_button_is_the_one_that_is_stored(learner: Learner) -> None:
    with learner.open() as collection:
        placing = Placing.start(following(collection))
        assert placing.question is not None
        asked = placing.question.asked
        placing.answer(4, 3_000)
        assert collection.state(asked.card.id).schedule == asked.outcomes[4].schedule


def test_one_that_was_left_goes_on_where_it_was(learner: Learner) -> None:
    with learner.open() as collection:
        placing = Placing.start(following(collection))
        for _ in range(2):
            placing.answer(3, 3_000)
        expected = placing.question
    learner.waits(hours=1)
    with learner.open() as collection:
        placing = Placing.start(collection)
        assert expected is not None
        assert placing.question is not None
        assert (placing.question.number, placing.question.topic) == (3, expected.topic)
        assert placing.question.asked.card.id == expected.asked.card.id
        assert [each.knew for each in placing.answers] == [True, True]
        assert not placing.found().over


def test_an_undo_takes_back_the_review_and_what_was_said_also_of_an_earlier_sitting(learner: Learner) -> None:
    with learner.open() as collection:
        placing = Placing.start(following(collection))
        assert not placing.undo()
        first = placing.question
        assert first is not None
        placing.answer(3, 3_000)
        placing.answer(1, 3_000)
    with learner.open() as collection:
        placing = Placing.start(collection)
        assert placing.undo()
        assert len(placing.answers) == 1
        assert placing.undo()
        assert placing.question is not None
        assert placing.question.asked.card.id == first.asked.card.id
        assert not placing.undo()
        assert collection.journal.answered_cards() == set()
        assert sum(isinstance(event.body, Undo) for event in collection.journal.events()) == 4


def test_undoing_in_a_review_takes_both_back_as_well(learner: Learner) -> None:
    with learner.open() as collection:
        placing = Placing.start(following(collection))
        placing.answer(3, 3_000)
        reviewing = Reviewing.start(collection)
        assert reviewing.undo() is not None
        assert Placing.start(collection).answers == ()


def test_after_its_end_another_one_begins_and_asks_other_cards(learner: Learner) -> None:
    with learner.open() as collection:
        answer_all(Placing.start(following(collection)), "ab")
        before = collection.journal.answered_cards()
        placing = Placing.start(collection)
        assert placing.answers == ()
        while (question := placing.question) is not None:
            assert question.asked.card.id not in before
            placing.answer(3, 3_000)
        assert set(placing.finish().known) >= {"a", "b", "c"}


def test_it_can_begin_anew_before_its_end(learner: Learner) -> None:
    with learner.open() as collection:
        placing = Placing.start(following(collection))
        placing.answer(3, 3_000)
        assert Placing.start(collection, anew=True).answers == ()
        assert len(Placing.start(collection).answers) == 1, "until something is answered in it"


def test_no_topic_is_asked_more_often_than_it_may_be_and_no_note_twice(learner: Learner) -> None:
    with learner.open() as collection:
        placing = Placing.start(following(collection))
        at = 0
        while placing.question is not None:
            placing.answer(3 if at % 2 else 1, 3_000)
            at += 1
        topics = [each.topic for each in placing.answers]
        assert max(map(topics.count, topics)) <= QUESTIONS_A_TOPIC


def test_without_a_track_it_is_about_the_whole_roadmap_and_with_a_name_about_that_track(learner: Learner) -> None:
    with learner.open() as collection:
        assert set(Placing.start(collection).found().titles) == set(NEEDS)
        assert set(Placing.start(collection, "way").found().titles) == set("abcdef")
        with pytest.raises(UsageError, match="there is no track elsewhere"):
            Placing.start(collection, "elsewhere")


def test_drills_lists_and_essays_are_not_asked_and_central_notes_come_first(learner: Learner) -> None:
    learner.write(
        "a",
        """\
deck: a
topic: a
notes:
  - id: sum
    drill: {ask: "How much is {{n}} and 1?", given: {n: [1, 2]}, answer: n + 1}
  - id: essay
    explain: Explain it.
    points: [One thing, Another thing]
  - id: plain
    q: What is plain?
    a: This.
  - id: gap
    cloze: It is {{c1::here}} and {{c2::there}}.
  - id: central
    term: Centre
    definition: The middle of it.
  - id: built
    q: What is built on it?
    a: This.
    needs: [central]
""",
    )
    with learner.open() as collection:
        placing = Placing.start(collection, "way")
        asked = []
        while (question := placing.question) is not None:
            if question.topic == "a":
                asked.append(question.asked.card.id)
            placing.answer(1, 3_000)
    assert asked
    assert asked == ["a/central#define", "a/plain#qa", "a/built#qa", "a/gap#c1"][: len(asked)]


def test_a_topic_that_one_has_learned_here_need_not_be_asked(learner: Learner) -> None:
    with learner.open() as collection:
        reviewing = Reviewing.start(following(collection), ["a", "b", "c"])
        while reviewing.asked is not None:
            reviewing.rate(4, 2_000)
        placing = Placing.start(collection)
        assert placing.question is not None
        assert placing.question.topic in "def"
        assert {"a", "b", "c"} <= set(answer_all(placing, "").known)


def test_a_topic_that_was_shut_stays_shut(learner: Learner) -> None:
    with learner.open() as collection:
        shut_topic(following(collection), "b")
        found = answer_all(Placing.start(collection), "abc")
        assert "b" in found.known
        assert not collection.knowing.openings(collection.now().day)["b"].open


def test_the_cards_of_known_topics_stay_new_and_take_turns_with_the_others(learner: Learner) -> None:
    with learner.open() as collection:
        answer_all(Placing.start(following(collection)), "abc")
        learner.waits(days=1)
        new = collection.plan(collection.chosen(())).new
        assert [deck_of(card) in "abc" for card in new[:6]].count(True) == 3
        known = next(card for card in new if deck_of(card) in "abc")
        other = next(card for card in new if deck_of(card) == "d")
        assert isinstance(collection.state(known).schedule, New)
        assert is_first_look(collection, known, collection.state(known))
        assert not is_first_look(collection, other, collection.state(other))


def test_a_rating_that_a_placement_has_not_is_refused_and_the_question_stays(learner: Learner) -> None:
    with learner.open() as collection:
        placing = Placing.start(collection)
        before = placing.question
        with pytest.raises(UsageError, match="no rating 2"):
            placing.answer(2, 1_000)
        assert placing.question is before


def test_a_card_answered_in_another_window_meanwhile_is_not_answered_twice(learner: Learner) -> None:
    with learner.open() as collection, learner.open() as other:
        placing = Placing.start(collection)
        assert placing.question is not None
        card = placing.question.asked.card.id
        Placing.start(other).answer(3, 1_000)
        placing.answer(1, 1_000)
        assert collection.state(card).reps == 1
        assert placing.question is not None
        assert placing.question.asked.card.id != card


def test_where_nothing_can_be_asked_that_is_said(tmp_path: Path) -> None:
    learner = Learner(tmp_path)
    with learner.open() as collection, pytest.raises(NothingToDo, match="no topic has a card to ask"):
        Placing.start(collection)


def test_marks_that_a_newer_program_wrote_say_nothing(learner: Learner) -> None:
    with learner.open() as collection:
        for subject in ("placement", "placement:a/n0#qa"):
            for value in ("[]", "{", '{"run":"x"}', '{"run":0,"topic":1,"knew":2}', '{"run":3}'):
                collection.journal.append([Mark(subject, value)], collection.now())
                found = placements(collection.journal.marks())
                assert (found.run, found.over, found.answers) == (0, False, ())
        assert Placing.start(collection).question is not None


def test_what_it_came_to_fits_eighty_columns(learner: Learner) -> None:
    with learner.open() as collection:
        placing = Placing.start(following(collection))
        assert lines(placing.found())[0] == "No question was answered."
        placing.answer(4, 1_000)
        assert "goes on from here" in " ".join(lines(placing.found()))
        said = lines(answer_all(placing, "ab"))
        assert all(len(line) <= WIDTH for line in said)
        assert "You know" in " ".join(said)
