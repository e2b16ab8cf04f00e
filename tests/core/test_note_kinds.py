"""Each kind of note: its cards, what they ask, and what of it stays when the note is edited."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.cards import Card, Note, Place
from nlpcards.core.kinds import KINDS, Body, Mistake, Value
from nlpcards.core.kinds.contrast import Contrast
from nlpcards.core.kinds.drill import Drill
from nlpcards.core.kinds.steps import Steps
from nlpcards.core.markup.tree import Cloze, OrderedList, Table, clozes, walk, words
from nlpcards.core.replies import RECALL, TickPoints, WriteNumber, WriteText

VALUES: Mapping[str, Mapping[str, Value]] = {
    "basic": {"q": "What?", "a": "This.", "both": True},
    "term": {"term": "lemma", "definition": "The form of a word that a dictionary lists."},
    "cloze": {"cloze": "{{c1::One}} and {{c3::three}}"},
    "typed": {"q": "Which?", "typed": "softmax", "accept": ("the softmax",)},
    "contrast": {
        "contrast": {
            "of": {"bert": "BERT", "gpt": "GPT"},
            "by": {
                "objective": {"ask": "Objective", "bert": "mask", "gpt": "next token"},
                "mask": {"ask": "Mask", "gpt": "causal"},
            },
        }
    },
    "steps": {"steps": {"title": "BPE", "of": {"count": "Count the pairs.", "merge": "Merge the first."}}},
    "drill": {"drill": {"ask": "{{a}} + {{b}}?", "given": {"a": ("1", "2"), "b": ("3", "0.5")}, "answer": "a + b"}},
    "explain": {"explain": "Why?", "points": ("Because.", "And so.")},
}


def body(kind: str, values: Mapping[str, Value] | None = None) -> Body:
    built: Body | tuple[Mistake, ...] = KINDS[kind].build(values or VALUES[kind])
    assert not isinstance(built, tuple), built
    return built


def cards(of: Body) -> tuple[Card, ...]:
    return Note("deck", "note", of, Place("deck.yaml", 1, 1)).cards()


def mistakes(kind: str, values: Mapping[str, Value]) -> list[tuple[tuple[str | int, ...], str]]:
    built = KINDS[kind].build(values)
    assert isinstance(built, tuple)
    return [(mistake.path, mistake.code) for mistake in built]


def test_every_kind_is_tried_here() -> None:
    assert VALUES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_body_writes_builds_the_same_body(kind: str) -> None:
    made = body(kind)
    assert made.kind == kind
    assert made.written() == VALUES[kind]
    assert body(kind, made.written()) == made


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("basic", ["qa", "aq"]),
        ("term", ["define", "name"]),
        ("cloze", ["c1", "c3"]),
        ("typed", ["typed"]),
        ("contrast", ["cell.objective.bert", "cell.objective.gpt", "cell.mask.gpt"]),
        ("steps", ["step.count", "step.merge"]),
        ("drill", ["drill"]),
        ("explain", ["explain"]),
    ],
)
def test_a_kind_makes_its_cards_in_the_order_in_which_they_are_introduced(kind: str, keys: list[str]) -> None:
    assert [card.key for card in cards(body(kind))] == keys


@pytest.mark.parametrize("kind", KINDS)
def test_cards_of_a_note_ask_different_things(kind: str) -> None:
    every = cards(body(kind))
    assert len({repr(card.face()) for card in every}) == len(every)
    assert len({card.content() for card in every}) == len(every)


def test_a_contrast_shows_its_whole_table_and_hides_one_cell() -> None:
    contrast = body("contrast")
    assert isinstance(contrast, Contrast)
    face = contrast.face("cell.mask.gpt", "")
    (table,) = face.question_tree().blocks
    assert isinstance(table, Table)
    assert [words_of(cell) for cell in table.header] == ["", "BERT", "GPT"]
    assert [[words_of(cell) for cell in row] for row in table.rows] == [
        ["Objective", "mask", "next token"],
        ["Mask", "–", ""],
    ]
    assert isinstance(table.rows[1][2][0], Cloze)
    assert face.ask == 1
    assert [cloze.number for cloze in clozes(face.question_tree())] == [1]


def words_of(cell: tuple[object, ...]) -> str:
    return "".join(getattr(inline, "text", "") for inline in cell)


def test_a_step_shows_the_steps_before_it_and_no_later_one() -> None:
    steps = body("steps", {"steps": {"title": "T", "of": {"a": "First.", "b": "Second.", "c": "Third."}}})
    assert isinstance(steps, Steps)
    face = steps.face("step.b", "")
    assert words(face.question_tree()) == "T First."
    answer = face.answer_tree()
    assert answer is not None
    assert words(answer) == "Second."
    (numbered,) = [node for node in walk(answer) if isinstance(node, OrderedList)]
    assert numbered.start == 2


def test_adding_a_step_at_the_end_leaves_what_the_others_show_as_it_was() -> None:
    of = {"a": "First.", "b": "Second."}
    before = cards(body("steps", {"steps": {"title": "T", "of": of}}))
    after = cards(body("steps", {"steps": {"title": "T", "of": {**of, "c": "Third."}}}))
    assert [card.content() for card in after[:2]] == [card.content() for card in before]


def test_a_drill_asks_the_same_numbers_for_the_same_card_and_repetition() -> None:
    (card,) = cards(body("drill"))
    # These are part of the format: another version or another language draws the same.
    assert [dict(card.face(repetition).given) for repetition in range(4)] == [
        {"a": "2", "b": "0.5"},
        {"a": "1", "b": "3"},
        {"a": "1", "b": "0.5"},
        {"a": "2", "b": "3"},
    ]


def test_a_drill_asks_with_its_numbers_as_the_author_wrote_them_and_knows_their_answer() -> None:
    drill = body("drill", {"drill": {"ask": "{{ n }}²?", "given": {"n": ("1e3",)}, "answer": "n ** 2", "unit": "m"}})
    face = drill.face("drill", "any")
    assert face.question == "1e3²?"
    assert isinstance(face.reply, WriteNumber)
    assert (face.reply.right, face.reply.shown) == (1_000_000, "1,000,000 m")
    assert face.given == (("n", "1e3"),)


def test_a_drill_draws_every_combination_that_meets_its_condition_and_no_other() -> None:
    given = {"a": ("1", "2", "3"), "b": ("1", "2", "3")}
    drill = body("drill", {"drill": {"ask": "{{a}} {{b}}", "given": given, "answer": "a / b", "where": "a > b"}})
    assert isinstance(drill, Drill)
    drawn = {draw.given for seed in range(200) if (draw := drill.draw(str(seed))) is not None}
    assert {tuple(int(text) for _, text in each) for each in drawn} == {(2, 1), (3, 1), (3, 2)}


def test_worked_examples_differ_from_each_other_and_are_always_the_same() -> None:
    numbers = tuple(str(number) for number in range(20))
    drill = body("drill", {"drill": {"ask": "{{n}}", "given": {"n": numbers}, "answer": "n"}})
    assert isinstance(drill, Drill)
    examples = drill.draws("deck/note#drill", 5)
    assert len({draw.given for draw in examples}) == 5
    assert examples == drill.draws("deck/note#drill", 5)


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"answer": "a ^ b"}, ("drill", "answer"), "D443"),
        ({"answer": "c"}, ("drill", "answer"), "D443"),
        ({"answer": "a / (b - b)"}, ("drill", "answer"), "D443"),
        ({"answer": "__import__('os')"}, ("drill", "answer"), "D443"),
        ({"answer": "9 ** 9 ** 9 ** 9"}, ("drill", "answer"), "D443"),
        ({"where": "a > 5"}, ("drill", "where"), "D443"),
        ({"ask": "{{a}} {{b}} {{c}}"}, ("drill", "ask"), "D444"),
        ({"ask": "{{a}}"}, ("drill", "given", "b"), "D444"),
        ({"given": {"a": ("1", "two"), "b": ("1",)}}, ("drill", "given", "a", 1), "D444"),
        ({"tolerance": "some"}, ("drill", "tolerance"), "D440"),
        ({"given": {"a": tuple(map(str, range(200))), "b": tuple(map(str, range(200)))}}, ("drill", "given"), "D444"),
    ],
)
def test_a_drill_that_cannot_be_worked_out_is_refused_where_the_mistake_is(
    changed: dict[str, Value], path: tuple[str | int, ...], code: str
) -> None:
    whole: dict[str, Value] = {"ask": "{{a}} {{b}}", "given": {"a": ("1",), "b": ("2",)}, "answer": "a + b"}
    assert mistakes("drill", {"drill": {**whole, **changed}}) == [(path, code)]


def test_a_flaw_in_one_combination_of_many_is_found_by_trying_all() -> None:
    numbers = tuple(str(number) for number in range(100))
    drill = body("drill", {"drill": {"ask": "{{n}}", "given": {"n": numbers}, "answer": "1 / (n - 37)"}})
    assert isinstance(drill, Drill)
    assert drill.flaw(8) is None
    flaw = drill.flaw()
    assert flaw is not None
    assert "n = 37" in flaw.message
    assert all(draw.given != (("n", "37"),) for seed in range(300) if (draw := drill.draw(str(seed))))


@pytest.mark.parametrize(
    ("kind", "reply"),
    [("basic", RECALL), ("term", RECALL), ("explain", TickPoints(("Because.", "And so.")))],
)
def test_a_kind_says_what_the_learner_does(kind: str, reply: object) -> None:
    assert cards(body(kind))[0].face().reply == reply


def test_a_typed_text_is_compared_as_text_and_a_typed_number_as_a_number() -> None:
    assert cards(body("typed"))[0].face().reply == WriteText("softmax", ("the softmax",))
    number = cards(body("typed", {"q": "Pi?", "typed": "3.14", "tolerance": "1%"}))[0].face().reply
    assert isinstance(number, WriteNumber)
    assert (number.right, number.tolerance.off, number.tolerance.relative) == (3.14, 0.01, True)


@given(st.text(max_size=30), st.integers(0, 5))
def test_no_seed_makes_a_drill_fail(seed: str, repetition: int) -> None:
    drill = body("drill")
    assert drill.face("drill", f"{seed}\n{repetition}").given
