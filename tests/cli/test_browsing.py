"""`browse`, and queries as words of `review`, `due` and `export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import Program

KEYS = [
    "card", "deck", "note", "key", "kind", "question", "state", "due", "stability", "difficulty", "retrievability",
    "reps", "lapses", "flag", "suspended", "tags", "topic",
]  # fmt: skip


def test_browse_lists_all_cards_as_a_table_and_a_count_apart(program: Program) -> None:
    done = program.run("browse")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["card", "state", "due", "recall", "question"]
    assert len(lines) == 31
    assert lines[1].split(maxsplit=2) == ["made/n0#qa", "new", "What is question 0?"]
    assert done.stderr == "30 cards.\n"


def test_browse_gives_a_script_every_field(program: Program) -> None:
    program.run("review", "--plain", typed="\n4\nq\n")
    (row,) = program.json("browse", "rated:1:4")
    assert list(row) == KEYS
    assert row["card"] == "made/n0#qa"
    assert row["question"] == "What is question 0?"
    assert (row["state"], row["reps"], row["retrievability"]) == ("review", 1, 1.0)
    assert len(row["due"]) == len("2026-11-21")
    fresh = program.json("browse", "is:new", '"question 7?"')
    assert [each["card"] for each in fresh] == ["made/n7#qa"]
    assert fresh[0]["due"] is None
    assert program.json("browse", "is:leech") == []


@pytest.mark.parametrize(
    "words", [["-kind:basic"], ["-hidden"], ["--", "-kind:basic"], ["is:new", "-(kind:basic or x)"]]
)
def test_words_with_a_minus_are_no_options(program: Program, words: list[str]) -> None:
    done = program.run("browse", "--json", *words)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found) == (30 if words == ["-hidden"] else 0)


def test_a_fact_that_ages_says_so_where_its_card_is_shown(program: Program) -> None:
    (program.decks / "aging.yaml").write_text(
        "deck: aging\ntitle: Aging\nnotes:\n  - id: one\n    q: What?\n    a: That.\n"
        "    as_of: 2026-01-02\n    expires: 2027-03-04\n",
        "utf-8",
    )
    assert "As of: 2026-01-02\nExpires: 2027-03-04\n" in program.run("show", "aging").stdout
    (card,) = program.json("show", "aging/one")
    assert (card["as_of"], card["expires"]) == ("2026-01-02", "2027-03-04")


def test_help_is_still_help(program: Program) -> None:
    assert "nlpcards export mine.apkg deck:mine" in program.run("export", "--help").stdout
    assert "Usage" in program.run("browse", "-h").stdout
    assert program.run("browse", "--nope").returncode == 2


@pytest.mark.parametrize("command", [["browse"], ["due"], ["review", "--plain"], ["export", "x.apkg"]])
def test_a_mistake_in_a_query_is_one_sentence(program: Program, command: list[str]) -> None:
    done = program.run(*command, "prop:x>1")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("search, character 6: there is no `prop:x`.")
    unknown = program.run(*command, "tag:nope")
    assert unknown.returncode == 2
    assert "there is no tag nope" in unknown.stderr
    assert not (program.home / "x.apkg").exists()


def test_due_counts_the_cards_that_a_query_finds(program: Program) -> None:
    assert program.json("due")["total"] == 20
    assert program.json("due", "made")["total"] == 20
    assert program.json("due", "question 1")["total"] == 12
    assert program.json("due", "deck:made", '-"question 1"')["total"] == 19
    assert program.json("due", "is:leech")["total"] == 0
    assert "there is no deck mad0" in program.run("due", "mad0").stderr


def test_review_asks_the_cards_that_a_query_finds(program: Program) -> None:
    done = program.run("review", "--plain", "note:n7 or note:n3", typed="\n4\n\n4\n")
    assert done.returncode == 0
    assert [line.split(".")[0] for line in done.stdout.splitlines() if "To ask:" in line] == [
        "made/n3#qa",
        "made/n7#qa",
    ]
    nothing = program.run("review", "--plain", "is:due")
    assert nothing.returncode == 3
    assert [row["card"] for row in program.json("browse", "is:review")] == ["made/n3#qa", "made/n7#qa"]


def test_export_writes_the_notes_of_the_cards_that_a_query_finds(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "some.apkg"
    report = program.json("export", str(out), "note:n1*")
    assert (report["notes"], report["cards"]) == (11, 11)
    none = program.run("export", str(tmp_path / "none.apkg"), "is:leech")
    assert none.returncode == 3
    assert "no card to export meets `is:leech`" in none.stderr


def test_what_the_journal_cannot_know_is_said_beside_the_data(program: Program) -> None:
    done = program.run("browse", "added:7", "--json")
    assert json.loads(done.stdout) == []
    assert "30 notes were added is not known" in done.stderr
