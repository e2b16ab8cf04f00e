"""Reviewing line by line: what is read is stored, and what is shown is plain."""

from __future__ import annotations

import sqlite3

import pytest

from tests.support.program import Program, deck_of


def test_a_newcomer_rates_a_card_and_finds_the_schedule_kept(program: Program) -> None:
    first = program.run("review", "--plain", typed="\n3\n\n4\nq\n")
    assert first.returncode == 0
    assert "Question: What is question 0?" in first.stdout
    assert "Answer: Answer 0." in first.stdout
    assert "Stored: good; comes back in 10m." in first.stdout
    assert "1 again (1m), 2 hard (5m), 3 good (10m), 4 easy (" in first.stdout
    due = program.json("due")
    assert (due["new"], due["learning"], due["review"], due["total"]) == (18, 1, 0, 19)
    assert due["decks"] == [{"deck": "made", "new": 18, "learning": 1, "review": 0}]
    again = program.run("review", "--plain", typed="")
    assert "What is question 2?" in again.stdout


def test_the_end_of_the_input_quits_and_says_what_was_done(program: Program) -> None:
    done = program.run("review", "--plain", "made", typed="\n1\n\n3")
    assert done.returncode == 0
    assert done.stdout.count("Stored:") == 2
    assert "2 answers" in done.stdout
    assert "50 % recalled" in done.stdout


def test_an_undo_brings_the_card_back_and_stays_in_the_journal(program: Program) -> None:
    done = program.run("review", "--plain", typed="\n1\nu\n\n4\nq\n")
    assert done.stdout.count("Question: What is question 0?") == 2
    assert "Undone: the last answer." in done.stdout
    state = program.json("show", "made/n0#qa")[0]
    assert (state["reps"], state["lapses"]) == (1, 0)
    with sqlite3.connect(program.home / "journal.sqlite") as journal:
        assert journal.execute("select count(*) from event").fetchone() == (3,)
    journal.close()


def test_an_undo_reaches_back_beyond_the_session(program: Program) -> None:
    program.run("review", "--plain", typed="\n4\n\n4\nq\n")
    done = program.run("review", "--plain", typed="u\nu\nu\nq\n")
    assert "Undone: the last answer (made/n1#qa, before this session)." in done.stdout
    assert "Undone: the last answer (made/n0#qa, before this session)." in done.stdout
    assert "There is nothing to undo." in done.stdout
    assert program.json("due")["new"] == 20


def test_a_rating_before_the_answer_is_shown_is_not_stored(program: Program) -> None:
    done = program.run("review", "--plain", typed="3\nq\n")
    assert "an empty line reveals it" in done.stdout
    assert program.json("due")["new"] == 20


def test_burying_suspending_and_skipping_put_cards_away(program: Program) -> None:
    done = program.run("review", "--plain", typed="b\n!\ns\nq\n")
    assert "Buried until tomorrow." in done.stdout
    assert "Suspended." in done.stdout
    assert program.json("show", "made/n1")[0]["suspended"]
    assert "What is question 3?" in done.stdout
    assert "What is question 0?" not in program.run("review", "--plain", typed="").stdout


def test_nothing_to_review_is_said_with_its_own_exit_code(program: Program) -> None:
    program.configure(new=0)
    done = program.run("review", "--plain")
    assert done.returncode == 3
    assert "nothing is to be asked today" in done.stderr


def test_without_a_terminal_the_interface_refuses_and_names_plain(program: Program) -> None:
    for arguments in ((), ("review",), ("review", "made")):
        done = program.run(*arguments)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "--plain" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("rewiev",), 2, "Did you mean review?"),
        (("review", "--plain", "nosuch"), 2, "there is no deck nosuch"),
        (("show", "made/nosuch"), 2, "there is no card or note made/nosuch"),
        (("due", "--nosuch"), 2, "See `nlpcards due --help`"),
        (("export", "deck.zip"), 2, "deck.apkg"),
        (("restore", "nosuch.sqlite"), 1, "there is no such file"),
    ],
)
def test_wrong_words_get_one_sentence_with_a_remedy(
    program: Program, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = program.run(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_hostile_deck_text_is_shown_as_harmless_text(program: Program) -> None:
    hostile = "red \\e[31m [bold]x[/bold] \\u202Egnp.exe <script>alert(1)</script>"
    (program.decks / "hostile.yaml").write_text(
        f'deck: hostile\ntitle: Hostile\nnotes:\n  - id: one\n    q: "{hostile}"\n    a: "{hostile}"\n', "utf-8"
    )
    shown = program.run("review", "--plain", "hostile", typed="\n\n")
    for text in (shown.stdout, program.run("show", "hostile").stdout):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "[bold]x[/bold]" in text
        assert "<script>alert(1)</script>" in text


def test_a_broken_note_is_said_and_its_neighbours_are_asked(program: Program) -> None:
    text = deck_of(3).replace("    a: Answer 1.\n", "")
    (program.decks / "made.yaml").write_text(text, "utf-8")
    done = program.run("review", "--plain", typed="")
    assert "1 error" in done.stderr
    assert "made.yaml:" in done.stderr
    assert program.json("due")["new"] == 2
    checked = program.run("check", str(program.decks), "--json")
    assert checked.returncode == 4


def test_a_configuration_that_means_nothing_is_refused_with_its_place(program: Program) -> None:
    (program.home / "config.toml").write_text("[limits]\nnew = -1\n", "utf-8")
    done = program.run("due")
    assert done.returncode == 1
    assert "config.toml: limits.new is -1" in done.stderr


def test_what_is_known_of_a_card_is_told_with_its_history(program: Program) -> None:
    program.run("review", "--plain", typed="\n4\nq\n")
    program.configure(new=30)
    shown = program.run("show", "made/n0").stdout
    assert "Stability: 8.3 days" in shown
    assert "Reviews: 1" in shown
    told = program.run("review", "--plain", typed="f\ni\nq\n").stdout
    assert "Standing: new" in told
    assert "flagged red." in told


def test_a_flag_is_set_and_taken_off_without_asking_the_card_anew(program: Program) -> None:
    done = program.run("review", "--plain", typed="f\nf\n\n3\nq\n")
    assert "Flagged red." in done.stdout
    assert "The flag is off." in done.stdout
    assert done.stdout.count("Question: What is question 0?") == 1
    assert "Stored: good" in done.stdout


def test_an_editor_that_cannot_start_is_one_sentence_and_the_card_stays(program: Program) -> None:
    (program.home / "config.toml").write_text('editor = "/nonexistent/editor"\n', "utf-8")
    done = program.run("review", "--plain", typed="e\n\n3\nq\n")
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert "the editor /nonexistent/editor cannot be started" in done.stderr
    assert done.stdout.count("Question: What is question 0?") == 1
    assert "Stored: good" in done.stdout


def test_what_cannot_be_stored_is_one_sentence_each_and_the_card_stays(program: Program) -> None:
    program.run("review", "--plain", typed="\n4\nq\n")
    with sqlite3.connect(program.home / "journal.sqlite") as journal:
        journal.execute("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no more'); END")
    journal.close()
    done = program.run("review", "--plain", typed="f\nu\nb\n!\n\n3\no\nq\n")
    assert done.returncode == 0
    assert done.stderr.count("no more") == done.stderr.count("\n") == 5
    assert done.stdout.count("Question:") == 1
    assert "This note names no source." in done.stdout
