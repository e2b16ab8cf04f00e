"""What real Anki makes of each kind of note: its cards, their fronts and backs, and what an edit does to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from nlpcards.core.kinds import KINDS, Value

if TYPE_CHECKING:
    from tests.anki.conftest import Anki

THEN = 1_790_000_000

CONTRAST: Mapping[str, Value] = {
    "of": {"bert": "BERT", "gpt": "GPT"},
    "by": {
        "objective": {"ask": "Pre-training objective", "bert": "predict **masked** tokens", "gpt": "the next, $x_t$"},
        "mask": {"ask": "Attention mask", "gpt": "`causal`"},
    },
}
STEPS: Mapping[str, Value] = {
    "title": "Training BPE",
    "of": {"start": "Split every word.", "count": "Count the pairs.", "merge": "Merge the most frequent."},
}
DRILL: Mapping[str, Value] = {
    "ask": "Layers of sizes {{d}} and {{h}}: how many weights?",
    "given": {"d": ("64", "128", "300"), "h": ("128", "256", "512")},
    "answer": "d * h",
    "unit": "weights",
    "tolerance": "1%",
}
VALUES: Mapping[str, Mapping[str, Value]] = {
    "basic": {"q": "What is it?", "a": "A gate.", "both": True},
    "term": {"term": "lemma", "definition": "The form of a word in a dictionary."},
    "cloze": {"cloze": "The {{c1::forget}} gate and the {{c3::input}} gate"},
    "typed": {"q": "Which function?", "typed": "softmax", "accept": ("the softmax", "`torch.softmax`")},
    "contrast": {"contrast": CONTRAST},
    "steps": {"steps": STEPS},
    "drill": {"drill": DRILL},
    "explain": {"explain": "Why does it forget less?", "points": ("It *adds*.", "The gate is near 1.")},
}
EDITS: Mapping[str, tuple[str, str]] = {
    "basic": ("A gate.", "A sigmoid gate."),
    "term": ("in a dictionary", "in any dictionary"),
    "cloze": ("The {{c1", "Its {{c1"),
    "typed": ("Which function?", "Which function is it?"),
    "contrast": ("Attention mask", "Mask of attention"),
    "steps": ("Split every word.", "Split all words."),
    "drill": ("how many weights", "how many weights in all"),
    "explain": ("The gate is near 1.", "The gate is near one."),
}
"""What is replaced in a text of each kind, and by what."""


def edited(value: Any, old: str, new: str) -> Any:
    match value:
        case str():
            return value.replace(old, new)
        case tuple():
            return tuple(edited(each, old, new) for each in value)
        case dict():
            return {key: edited(each, old, new) for key, each in value.items()}
    return value


def words(page: str) -> str:
    """What a page says when all of it is unfolded."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def by_position(anki: Anki) -> list[Any]:
    return sorted(anki.every_card(), key=lambda card: (card.due, card.ord))


def named(anki: Anki) -> dict[str, Any]:
    """The card of each Anki note of a note that makes several, by its key."""
    return {card.note()["NoteId"].partition("#")[2]: card for card in by_position(anki)}


def test_every_kind_is_tried_here() -> None:
    assert VALUES.keys() == EDITS.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_cards_and_none_shows_its_answer_or_any_source(anki: Anki, kind: str) -> None:
    note = anki.kind("n", kind, VALUES[kind], why="Because $x$.")
    report = anki.export(note)
    log = anki.take()
    assert len(log.new) == report.notes
    cards = by_position(anki)
    assert len(cards) == report.cards == len(note.cards())
    assert not anki.col.get_empty_cards().notes
    for card, own in zip(cards, note.cards(), strict=True):
        question, answer = anki.question(card), anki.answer(card)
        assert question != answer
        assert words(question)
        for page in (question, answer):
            assert "{{" not in page
            assert "$" not in page
            assert "**" not in page
            assert "no-more-cards" not in page
        assert "Because" not in question
        assert r"<summary>Why</summary><div><p>Because \(x\).</p></div></details>" in answer
        if task := own.face().task:
            assert f'<div class="task">{task}</div>' in question


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_of_any_kind_updates_its_notes_in_place_and_keeps_the_schedule(anki: Anki, kind: str) -> None:
    note = anki.kind("n", kind, VALUES[kind])
    anki.bring(note)
    for card in anki.every_card():
        card.type, card.queue, card.ivl, card.due, card.reps = 2, 2, 30, 400 + card.ord, 7
        anki.col.update_card(card)

    def kept() -> list[tuple[int, ...]]:
        return [(c.id, c.nid, c.ord, c.type, c.queue, c.ivl, c.due, c.reps) for c in by_position(anki)]

    before = kept()
    changed = anki.kind("n", kind, {key: edited(each, *EDITS[kind]) for key, each in VALUES[kind].items()})
    assert changed != note
    log = anki.bring(changed, mod=THEN + 1)
    assert (len(log.new), len(log.conflicting), len(log.duplicate)) == (0, 0, 0)
    assert len(log.updated) == anki.col.note_count()
    assert kept() == before
    assert any(words(EDITS[kind][1].replace("{{c1", "")) in words(anki.answer(card)) for card in anki.every_card())
    assert len(anki.bring(changed, mod=THEN + 1).duplicate) == anki.col.note_count()


def test_a_term_is_defined_and_named(anki: Anki) -> None:
    anki.bring(anki.kind("n", "term", VALUES["term"]))
    define, name = anki.cards("n")
    assert 'class="task">Define the term<' in anki.question(define)
    assert "dictionary" not in anki.question(define)
    assert "dictionary" in anki.answer(define)
    assert 'class="task">Name the term<' in anki.question(name)
    assert "lemma" not in anki.question(name)
    assert "lemma" in anki.answer(name)


@pytest.mark.parametrize(
    ("right", "typed"),
    [
        ("softmax", "softmax"),
        ("a < b && c > 'd' \"e\"", "a < b && c > 'd' \"e\""),
        ("**bold** and `code`", "bold and code"),
        (r"$\pi$", r"\pi"),
        ("two\nlines", "two lines"),
        ("[sound:x.mp3] {{Typed}}", "[sound:x.mp3] {{Typed}}"),
        ("---", "---"),
        (r"\(x\)", r"\(x\)"),
        ("__label__", "__label__"),
    ],
)
def test_anki_finds_no_difference_when_the_right_answer_is_typed(anki: Anki, right: str, typed: str) -> None:
    anki.bring(anki.kind("n", "typed", {"q": "Which?", "typed": right}))
    card = anki.cards("n")[0]
    assert "[[type:Typed]]" in anki.question(card)
    assert "[[type:Typed]]" in anki.answer(card)
    expected = card.note()["Typed"]
    assert "typeBad" not in anki.col.compare_answer(expected, typed)
    assert "typeMissed" not in anki.col.compare_answer(expected, typed)
    assert "typeBad" in anki.col.compare_answer(expected, "qqq" + typed)


def test_other_right_answers_and_a_tolerance_are_said_on_the_back(anki: Anki) -> None:
    anki.bring(
        anki.kind("text", "typed", VALUES["typed"]),
        anki.kind("number", "typed", {"q": "Pi?", "typed": "3.14", "tolerance": "0.005"}),
    )
    text, number = anki.cards("text")[0], anki.cards("number")[0]
    assert "Also right: the softmax · <code>torch.softmax</code>" in anki.answer(text)
    assert "Right within" not in anki.answer(text)
    assert "Right within ± 0.005" in anki.answer(number)
    assert "Also right" not in anki.answer(number)
    assert "softmax" not in anki.question(text)


def test_a_contrast_hides_one_cell_in_its_table_and_fills_it_in(anki: Anki) -> None:
    anki.bring(anki.kind("n", "contrast", VALUES["contrast"]))
    cards = named(anki)
    assert list(cards) == ["cell.objective.bert", "cell.objective.gpt", "cell.mask.gpt"]
    for card in cards.values():
        question, answer = anki.question(card), anki.answer(card)
        assert question.count("<td") == answer.count("<td") == 6
        assert question.count("[...]") == 1
        assert answer.count('class="cloze"') == 1
    front = anki.question(cards["cell.objective.bert"])
    assert '<div class="cell">Pre-training objective · BERT</div>' in front
    assert "masked" not in re.sub(r'data-cloze="[^"]*"', "", front)
    assert r"the next, \(x_t\)" in front
    assert "predict <strong>masked</strong> tokens</span></td>" in anki.answer(cards["cell.objective.bert"])
    assert "<code>causal</code></span></td>" in anki.answer(cards["cell.mask.gpt"])


def test_a_cell_or_a_step_of_which_markdown_shows_nothing_is_shown_as_written(anki: Anki) -> None:
    nothing = "[x]: http://x.org"
    table: Mapping[str, Value] = {
        "of": {"a": "A", "b": "B"},
        "by": {"r": {"ask": "R", "a": nothing, "b": "![](none.png)"}},
    }
    anki.bring(
        anki.kind("c", "contrast", {"contrast": table}),
        anki.kind("s", "steps", {"steps": {"title": nothing, "of": {"one": nothing, "two": "![](none.png)"}}}),
        anki.kind("e", "explain", {"explain": nothing, "points": (nothing,)}),
    )
    assert not anki.col.get_empty_cards().notes
    cards = named(anki)
    for key, words_shown in (("cell.r.a", nothing), ("step.one", nothing), ("cell.r.b", "none.png")):
        assert words_shown in words(anki.answer(cards[key]))
    assert words(anki.answer(cards["step.two"])).count("none.png") == 1
    assert words(anki.answer(cards[""])).count(nothing) == 2


def test_a_step_comes_after_those_before_it_and_shows_no_later_one(anki: Anki) -> None:
    anki.bring(anki.kind("n", "steps", VALUES["steps"]))
    cards = named(anki)
    assert list(cards) == ["step.start", "step.count", "step.merge"]
    first, last = anki.question(cards["step.start"]), anki.question(cards["step.merge"])
    assert "Which step comes first?" in first
    assert "Split" not in first
    assert "Which step comes next, as number 3?" in last
    assert words(last).endswith("Training BPE Split every word. Count the pairs.")
    assert '<ol start="3"><li>Merge the most frequent.</li></ol>' in anki.answer(cards["step.merge"])
    assert "Merge" not in anki.answer(cards["step.count"])


@pytest.mark.parametrize("at", [0, 1, 3], ids=["first", "in the middle", "last"])
def test_a_step_added_anywhere_is_one_more_card_and_moves_no_other(anki: Anki, at: int) -> None:
    anki.bring(anki.kind("n", "steps", VALUES["steps"]))
    before = {key: (card.id, card.ord, card.note().guid) for key, card in named(anki).items()}
    of = STEPS["of"]
    assert isinstance(of, dict)
    steps = list(of.items())
    steps.insert(at, ("new", "A new step."))
    log = anki.bring(anki.kind("n", "steps", {"steps": {**STEPS, "of": dict(steps)}}), mod=THEN + 1)
    assert (len(log.new), len(log.updated)) == (1, 3)
    after = {key: (card.id, card.ord, card.note().guid) for key, card in named(anki).items()}
    assert after.keys() - before.keys() == {"step.new"}
    assert {key: after[key] for key in before} == before


def test_a_row_added_first_is_its_cells_more_and_moves_no_other(anki: Anki) -> None:
    anki.bring(anki.kind("n", "contrast", VALUES["contrast"]))
    before = {key: (card.id, card.ord, card.note().guid) for key, card in named(anki).items()}
    by = CONTRAST["by"]
    assert isinstance(by, dict)
    grown = {**CONTRAST, "by": {"size": {"ask": "Size", "bert": "340M", "gpt": "117M"}, **by}}
    log = anki.bring(anki.kind("n", "contrast", {"contrast": grown}), mod=THEN + 1)
    assert (len(log.new), len(log.updated)) == (2, 3)
    after = {key: (card.id, card.ord, card.note().guid) for key, card in named(anki).items()}
    assert after.keys() - before.keys() == {"cell.size.bert", "cell.size.gpt"}
    assert {key: after[key] for key in before} == before


def test_a_step_goes_by_the_first_id_of_its_card(anki: Anki) -> None:
    anki.bring(anki.kind("n", "steps", VALUES["steps"]))
    of = STEPS["of"]
    assert isinstance(of, dict)
    renamed = {("unite" if slug == "merge" else slug): text for slug, text in of.items()}
    root = {"demo/n#step.unite": "demo/n#step.merge"}
    log = anki.bring(
        anki.kind("n", "steps", {"steps": {**STEPS, "of": renamed}}),
        mod=THEN + 1,
        root_of=lambda id: root.get(id, id),
    )
    assert (len(log.new), len(log.updated)) == (0, 3)
    assert list(named(anki)) == ["step.start", "step.count", "step.unite"]


def test_a_drill_is_worked_out_once_with_further_examples_folded_below(anki: Anki) -> None:
    anki.bring(anki.kind("n", "drill", VALUES["drill"]))
    card = anki.cards("n")[0]
    asked = [(int(d), int(h)) for d, h in re.findall(r"sizes (\d+) and (\d+)", anki.answer(card))]
    assert len(asked) == len(set(asked)) == 6
    assert [f"sizes {d} and {h}" in anki.question(card) for d, h in asked] == [True] + [False] * 5
    answer, _, further = anki.answer(card).partition("<details")
    assert f"<strong>{asked[0][0] * asked[0][1]:,} weights</strong>" in answer
    assert "<code>d * h</code>" in answer
    assert f"<code>{asked[0][0]} * {asked[0][1]} = {asked[0][0] * asked[0][1]:,}</code>" in answer
    assert "Right within ± 1%" in answer
    for d, h in asked[1:]:
        assert f"<strong>{d * h:,} weights</strong>" in further
    assert further.count("<summary>Answer</summary>") == 5


def test_a_drill_without_a_choice_of_numbers_has_no_further_examples(anki: Anki) -> None:
    only: Mapping[str, Value] = {"ask": "{{n}}²?", "given": {"n": ("12",)}, "answer": "n ** 2"}
    anki.bring(anki.kind("n", "drill", {"drill": only}))
    card = anki.cards("n")[0]
    assert "12²?" in anki.question(card)
    assert "144" in anki.answer(card)
    assert "<details" not in anki.answer(card)


def test_an_explanation_lists_its_points_on_the_back_only(anki: Anki) -> None:
    anki.bring(anki.kind("n", "explain", VALUES["explain"]))
    card = anki.cards("n")[0]
    assert 'class="task">Explain<' in anki.question(card)
    assert "near 1" not in anki.question(card)
    assert "<ul><li>It <em>adds</em>.</li><li>The gate is near 1.</li></ul>" in anki.answer(card)


def test_new_cards_come_in_the_order_of_the_deck_and_those_of_a_note_together(anki: Anki) -> None:
    notes = [anki.kind(f"n-{kind}", kind, values) for kind, values in VALUES.items()]
    anki.bring(*notes)
    order = [card.note()["NoteId"] for card in by_position(anki)]
    wanted = [
        card.id if note.body.kind in ("contrast", "steps") else note.full_id for note in notes for card in note.cards()
    ]
    assert order == wanted


def test_all_kinds_give_the_same_bytes_again(anki: Anki) -> None:
    notes = [anki.kind(f"n-{kind}", kind, values) for kind, values in VALUES.items()]
    anki.export(*notes)
    first = anki.package.read_bytes()
    anki.export(*notes)
    assert anki.package.read_bytes() == first
