"""Typed answers, drills and points line by line, as a screen reader or a pipe meets them."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest

from nlpcards.cli.plain_answers import points_named
from tests.support.program import Program

TYPED = """    q: Which function turns scores into probabilities?
    typed: softmax
    accept: [the softmax function]
"""

NUMBER = """    q: What is $\\pi$ to two decimals?
    typed: 3.14
    tolerance: 0.005
"""

DRILL = """    drill:
      ask: "{{d}} times {{h}}?"
      given:
        d: [64, 128, 300, 7, 9]
        h: [100, 256, 512, 1000, 3]
      answer: d * h
      unit: weights
"""

EXPLAIN = """    explain: Why does the LSTM forget less?
    points:
      - The cell state is *added* to.
      - The gate is near $1$.
      - Gates are learned.
    why: It is so.
"""

CONTRAST = """    contrast:
      of: {bert: BERT, gpt: GPT}
      by:
        objective: {ask: Objective, bert: masked tokens, gpt: the next token}
"""

STEPS = """    steps:
      title: Training BPE
      of:
        start: Split every word.
        count: Count every pair.
"""

TERM = """    term: BPE
    definition: It merges frequent pairs.
"""


def deck(program: Program, *notes: str) -> None:
    for path in program.decks.iterdir():
        path.unlink()
    head = "deck: kinds\ntitle: Kinds\nnotes:\n"
    text = head + "".join(f"  - id: n{number}\n{note}" for number, note in enumerate(notes))
    (program.decks / "kinds.yaml").write_text(text, "utf-8")


def review(program: Program, typed: str) -> str:
    done = program.run("review", "--plain", typed=typed)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def stored(program: Program) -> list[tuple[int, object]]:
    """The ratings in the journal, each with its reply."""
    with sqlite3.connect(program.home / "journal.sqlite") as journal:
        rows = journal.execute("select rating, payload from event where rating is not null order by seq").fetchall()
    journal.close()
    return [(rating, json.loads(reply) if reply else None) for rating, reply in rows]


def test_the_line_typed_is_the_answer_and_an_empty_line_takes_the_suggestion(program: Program) -> None:
    deck(program, TYPED)
    told = review(program, "The softmax function\n\n:q\n")
    assert "Type the answer; an empty line shows it." in told
    assert "Right. You typed: The softmax function." in told
    assert "Answer: softmax" in told
    assert "Suggested: good; an empty line takes it." in told
    assert "Stored: good" in told
    assert stored(program) == [(3, {"typed": "The softmax function"})]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("sofmax", "Wrong. You typed: sofmax. Right: softmax [missing: t]."),
        ("sofmaxx", "Wrong. You typed: sofmaxx. Right: softmax [missing: t; too much: x]."),
        ("soft max", "Wrong. You typed: soft max. Right: softmax [too much: a space]."),
        ("perplexity", "Wrong. You typed: perplexity. Right: softmax."),
        ("", "No answer was typed."),
    ],
)
def test_a_wrong_answer_is_told_in_words(program: Program, typed: str, said: str) -> None:
    deck(program, TYPED)
    told = review(program, f"{typed}\n\n:q\n")
    assert f"{said}\nAnswer: softmax\n" in told
    assert "Stored: again" in told
    assert stored(program) == [(1, {"typed": typed})]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3,14", "Right. You typed: 3,14."),
        ("3,141", "Wrong. You typed: 3,141. Right: 3.14."),
        ("3.13", "Wrong. You typed: 3.13. Right: 3.14."),
        ("three", "Wrong. You typed: three. That is no number. Right: 3.14."),
    ],
)
def test_a_number_is_judged_within_its_tolerance(program: Program, typed: str, said: str) -> None:
    deck(program, NUMBER)
    assert said in review(program, f"{typed}\n:q\n")


def test_while_an_answer_is_typed_only_a_colon_makes_a_command(program: Program) -> None:
    deck(program, TYPED, NUMBER)
    told = review(program, ":f\n:s\nq\n3\n:u\n:?\nu\n:i\n4\nq\n")
    assert "Flagged red." in told
    assert told.index("What is π") < told.index("You typed: q. That is no number")
    assert "Stored: good" in told
    assert "Undone: the last answer." in told
    assert "Where an answer is typed, commands follow a colon" in " ".join(told.split())
    assert "You typed: u. That is no number" in told
    assert "Written in:" in told
    assert [rating for rating, _ in stored(program)] == [3, 4]


def test_a_drill_asks_again_with_other_numbers_and_after_undo_with_the_same(program: Program) -> None:
    deck(program, DRILL)
    told = review(program, "1\n1\n:u\n2\n1\n3\n")
    questions = re.findall(r"Question: (\d+) times (\d+)\?", told)
    assert questions[0] == questions[2]
    assert questions[1] == questions[3] != questions[0]
    d, h = questions[0]
    product = int(d) * int(h)
    assert f"Answer: {f'{product:,}' if product >= 10_000 else product} weights" in told
    assert "Type a number (weights); an empty line shows the answer." in told
    assert stored(program)[-1] == (1, {"given": {"d": d, "h": h}, "typed": "2"})
    shown = program.json("show", "kinds/n0")[0]
    assert shown["question"] == "{} times {}?".format(*questions[3])


def test_a_unit_may_follow_the_number(program: Program) -> None:
    deck(program, DRILL)
    first = re.search(r"Question: (\d+) times (\d+)\?", review(program, ""))
    assert first
    right = int(first[1]) * int(first[2])
    assert f"Right. You typed: {right} Weights." in review(program, f"{right} Weights\n")


def test_points_are_named_by_their_numbers_and_suggest_the_rating(program: Program) -> None:
    deck(program, EXPLAIN)
    told = review(program, "it adds\nand gates\n\n4\nx\n1, 3\n\n:q\n")
    assert "Task: Explain" in told
    assert "Explain it aloud, or in lines of your own; an empty line shows the points." in told
    assert "1. The cell state is added to.\n2. The gate is near 1.\n3. Gates are learned.\nWhy: It is so.\n" in told
    assert told.count("There are 3 points. Which points did you make?") == 2
    assert "2 of 3 points made." in told
    assert "Stored: hard" in told
    points = ["The cell state is *added* to.", "Gates are learned."]
    assert stored(program) == [(2, {"points": points, "typed": "it adds\nand gates"})]


@pytest.mark.parametrize(("line", "rating", "made"), [("all", 3, 3), ("", 1, 0), ("1", 1, 1), ("3 2 2", 2, 2)])
def test_all_none_and_some_points(program: Program, line: str, rating: int, made: int) -> None:
    deck(program, EXPLAIN)
    told = review(program, f"\n{line}\n\n:q\n")
    assert f"{made} of 3 points made." in told
    assert [each for each, _ in stored(program)] == [rating]


@pytest.mark.parametrize("line", ["4", "0", "1 x", "١", "²", "1-2", "9" * 5000])
def test_what_names_no_point_is_asked_again(line: str) -> None:
    assert points_named(line, ("a", "b", "c")) is None


@pytest.mark.parametrize("typed", ["", "softmax", "softmax\n", ":f\n", "\n"])
def test_the_end_of_the_input_quits_wherever_it_comes(program: Program, typed: str) -> None:
    deck(program, TYPED, EXPLAIN)
    assert "No card was answered." in review(program, typed)


@pytest.mark.parametrize("typed", ["", "words", "words\n\n", "\n1\n", "\nx\n"])
def test_the_end_of_the_input_quits_in_the_middle_of_an_explanation(program: Program, typed: str) -> None:
    deck(program, EXPLAIN)
    assert "No card was answered." in review(program, typed)


@pytest.mark.parametrize(
    ("note", "task", "question", "answer"),
    [
        (TERM, "Define the term", "BPE", "It merges frequent pairs."),
        (CONTRAST, "Fill in the cell", "Objective; BERT: […]; GPT: the next token", "Objective; BERT: [masked tokens]"),
        (STEPS, "Which step comes first?", "Training BPE", "1. Split every word."),
    ],
)
def test_every_kind_says_its_task_its_question_and_its_answer(
    program: Program, note: str, task: str, question: str, answer: str
) -> None:
    deck(program, note)
    told = review(program, "\n3\n")
    assert f"Task: {task}\nQuestion: {question}" in told
    assert f"Answer: {answer}" in told
    shown = program.run("show", "kinds/n0").stdout
    for words in (task, question, answer):
        assert words in shown


@pytest.mark.parametrize(
    ("note", "reply", "task"),
    [
        (TYPED, "text", ""),
        (NUMBER, "number", ""),
        (DRILL, "number", ""),
        (EXPLAIN, "points", "Explain"),
        (CONTRAST, "recall", "Fill in the cell"),
        (STEPS, "recall", "Which step comes first?"),
        (TERM, "recall", "Define the term"),
    ],
)
def test_json_names_task_and_reply_and_gives_every_side_as_text(
    program: Program, note: str, reply: str, task: str
) -> None:
    deck(program, note)
    card = program.json("show", "kinds/n0")[0]
    assert (card["reply"], card["task"]) == (reply, task)
    assert card["question"]
    assert isinstance(card["question"], str)
    assert card["answer"]
    assert isinstance(card["answer"], str)


def test_bytes_that_are_no_text_are_an_answer_too(program: Program) -> None:
    deck(program, TYPED)
    process = program.start("review", "--plain")
    assert process.stdin is not None
    with open(process.stdin.fileno(), "wb", closefd=False) as pipe:
        pipe.write(b"soft\xffmax\x1b[2J\n4\n:q\n")
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert "\x1b" not in out
    assert "Stored: easy" in out
    assert stored(program) == [(4, {"typed": "soft?max\x1b[2J"})]


def test_the_history_tells_what_was_typed_and_no_more_than_can_be_read(program: Program) -> None:
    deck(program, TYPED)
    told = review(program, "x" * 10_000 + "\n1\n:i\n:q\n")
    assert stored(program) == [(1, {"typed": "x" * 4000})]
    assert "; typed " + "x" * 199 + "…." in told
