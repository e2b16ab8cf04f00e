"""Commands with words in a review line by line, and the list of reports."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.cli.plain_commands import HELP, KEYS, LETTERS, NAMES, Command, command_of
from nlpcards.cli.prose import wrapped
from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.queue import Cram
from nlpcards.render.cells import cell_width
from tests.support.learner import Learner
from tests.support.program import Program, deck_of


@pytest.fixture
def program(tmp_path: Path) -> Program:
    home, decks = tmp_path / "home", tmp_path / "decks"
    home.mkdir()
    decks.mkdir()
    (decks / "made.yaml").write_text(deck_of(5), "utf-8")
    return Program(home, decks)


def review(program: Program, typed: str) -> str:
    done = program.run("review", "--plain", typed=typed)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("line", "text", "command"),
    [
        ("u", False, Command("undo")),
        (":u", True, Command("undo")),
        ("u", True, None),
        (":undo", True, Command("undo")),
        ("undo", False, None),
        (":note a b", True, Command("note", "a b")),
        (":n  a b ", False, Command("note", "a b")),
        (":note", False, Command("note")),
        (":undo it", False, None),
        ("note a", False, None),
        (":nothing", False, None),
        (":", False, None),
        ("", False, None),
        ("r", False, None),
        ("R", False, Command("reset")),
    ],
)
def test_a_command_is_a_letter_or_a_word_after_a_colon(line: str, text: bool, command: Command | None) -> None:
    assert command_of(line, text=text) == command


def test_the_help_names_every_command() -> None:
    assert [letter for letter in LETTERS if not re.search(rf" {re.escape(letter)}[ ,]", HELP)] == []
    assert NAMES - set(LETTERS.values()) == {"resolved"}


def test_a_session_opens_with_one_short_line_and_says_all_keys_when_asked_wrapped_at_words(program: Program) -> None:
    told = review(program, "nonsense\n?\nq\n").splitlines()
    assert told[0] == KEYS
    assert len(KEYS) < 80
    assert told.count(KEYS) == 2
    first = told.index(KEYS, 1) + 1
    printed = told[first : first + len(wrapped(HELP, 80).splitlines())]
    assert " ".join(printed) == HELP
    assert max(map(len, printed)) <= 80


@given(st.text("ab -語", max_size=60), st.integers(1, 30))
def test_wrapping_breaks_at_spaces_alone_and_loses_nothing(text: str, width: int) -> None:
    lines = wrapped(text, width).split("\n")
    assert " ".join(lines) == text
    assert all(cell_width(line) <= width or " " not in line.strip(" ") for line in lines)


def test_a_note_of_ones_own_is_kept_and_stands_under_the_answer(program: Program) -> None:
    told = review(program, ":note think of $x^2$\nn\n\nq\n")
    assert "Your note is kept." in told
    assert "Your note: think of x²" in told.split("Answer: ")[0]
    assert "Your note: think of x²" in told.split("Answer: ")[1]
    assert told.count("Question: ") == 1
    again = review(program, ":note -\n\nq\n")
    assert "Your note is gone." in again
    assert "Your note:" not in again


def test_a_card_is_reported_with_its_reason_and_settled(program: Program) -> None:
    told = review(program, "w\n:wrong The answer is old.\nw\nq\n")
    assert "Type :wrong and what is wrong with this card." in told
    assert "Reported" in told
    assert "You reported: The answer is old. Type :resolved where that is settled." in told
    assert "You reported this card." in review(program, "q\n")
    assert "The report is settled." in review(program, ":resolved\nq\n")
    assert "No card is reported." in program.run("reports").stderr


def test_flags_tags_and_due_dates_take_words(program: Program) -> None:
    told = review(program, ":flag turquoise\n:flag 6\n:flag mauve\n:tags exam hard\n:tags -\nd\n:due 3\n:due x\nq\n")
    for words in (
        "Flagged turquoise.",
        "The flag is off.",
        "Your tags: exam hard.",
        "Your tags: none.",
        "Type :due and days from today",
        "Due on ",
    ):
        assert words in told
    done = program.run("review", "--plain", typed=":flag mauve\n:due x\nq\n")
    assert done.stderr.splitlines() == [
        "there is no flag mauve. "
        "Flags are 1 red, 2 orange, 3 green, 4 blue, 5 pink, 6 turquoise, 7 purple, and 0 or none.",
        "x is no day. Write days from today, such as 0 or 7, or a date, such as 2026-12-24.",
    ]


def test_a_pause_waits_for_a_line_and_leaves_the_card(program: Program) -> None:
    told = review(program, "p\n\n\n3\nq\n")
    assert "Paused. An empty line goes on." in told
    assert "Stored: good" in told


def test_a_reset_and_an_undo_are_told(program: Program) -> None:
    told = review(program, "R\nu\nq\n")
    assert "New again, to come with the new cards." in told
    assert "Undone: the reset." in told


def test_a_meaning_that_has_not_changed_is_one_sentence(program: Program) -> None:
    done = program.run("review", "--plain", typed="m\n\n3\nq\n")
    assert done.stderr.count("\n") == 1
    assert "this card's text is what you saw last" in done.stderr
    assert "Stored: good" in done.stdout


def test_a_changed_meaning_lowers_stability_and_asks_for_the_rating_anew(program: Program) -> None:
    review(program, "\n4\nq\n")
    (program.decks / "made.yaml").write_text(deck_of(1).replace("Answer 0.", "New answer."), "utf-8")
    with Collection.open(Home(program.home, program.home, program.home / "cache"), (program.decks,), Clock()) as mine:
        session = Reviewing.start(mine, purpose=Cram(counts=True))
        assert session.asked is not None
        assert session.asked.changed
    told = program.run("review", "--plain", "--cram", typed="\nm\nq\n").stdout
    assert "Type m if it now means something else." in told
    assert "Its stability was lowered from 8.3 to 2.1 days." in told
    assert "m if it now" not in program.run("review", "--plain", "--cram", typed="q\n").stdout


def test_a_leech_is_named_once_with_what_to_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    learner = Learner(tmp_path)
    learner.write("made", deck_of(1))
    with learner.open() as collection:
        for lapse in range(8):
            Reviewing.start(collection).rate(4, 1_000)
            learner.waits(days=3_000)
            if lapse < 7:
                Reviewing.start(collection).rate(1, 1_000)
                learner.waits(minutes=15)
        import io
        import sys

        from nlpcards.cli.plain import review_plainly

        before, sys.stdin = sys.stdin, io.StringIO("y\n\n1\n")
        try:
            review_plainly(collection, ())
        finally:
            sys.stdin = before
    told = capsys.readouterr().out
    assert "made/n0#qa was forgotten 8 times" in told
    assert "Type :edit made/n0#qa to rewrite or split it, or :suspend made/n0#qa to put it away." in told
    assert "Hardest, 1: What is question 0? To edit it: nlpcards edit 'made/n0#qa'" in told


def test_reports_are_listed_with_question_place_and_reason(program: Program) -> None:
    review(program, ":wrong It is `old`, see ``x``.\ns\n:wrong # no heading\nq\n")
    listed = program.run("reports")
    assert f"made/n0#qa   {program.decks / 'made.yaml'}:4" in listed.stdout
    assert "What is question 0?" in listed.stdout
    assert ": It is `old`, see ``x``." in listed.stdout
    assert "2 cards." in listed.stderr
    assert [each["card"] for each in program.json("browse", "is:reported")] == ["made/n0#qa", "made/n1#qa"]
    as_data = program.json("reports")
    assert [each["card"] for each in as_data] == ["made/n0#qa", "made/n1#qa"]
    assert as_data[1]["reports"][0]["reason"] == "# no heading"
    assert (as_data[0]["line"], as_data[0]["edited_since"]) == (4, False)


def test_the_issue_text_quotes_what_it_names_and_tells_no_path_of_the_learners(program: Program) -> None:
    review(program, ":wrong It is `old`, see ``x``.\ns\n:wrong # no @heading\nq\n")
    (program.decks / "made.yaml").write_text(deck_of(5).replace("Answer 0.", "Mended."), "utf-8")
    issue = program.run("reports", "--markdown").stdout
    assert issue.startswith("## Cards of `made` that may be wrong\n\n### `made/n0#qa`\n\n- Where: `made.yaml:4`\n")
    assert "- Question: `What is question 0?`\n" in issue
    assert "```It is `old`, see ``x``.```" in issue
    assert "`# no @heading`" in issue
    assert "- The card was edited since.\n" in issue
    assert str(program.decks) not in issue


def test_a_report_is_settled_from_the_command_line_though_its_note_be_gone(program: Program) -> None:
    review(program, ":wrong old\nq\n")
    (program.decks / "made.yaml").write_text(deck_of(5).replace("id: n0", "id: other"), "utf-8")
    assert "its note is gone" in program.run("reports").stdout
    wrong = program.run("reports", "--settle", "made/n9#qa")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert "Settled: made/n0#qa." in program.run("reports", "--settle", "made/n0#qa").stderr
    assert json.loads(program.run("reports", "--json").stdout) == []
