"""`today`: what the Today screen shows, in sentences and as data."""

from __future__ import annotations

from tests.support.program import Program, deck_of


def test_today_is_told_in_sentences(program: Program) -> None:
    (program.decks / "made.yaml").write_text(deck_of(20).replace("title:", "topic: gates\ntitle:"), "utf-8")
    program.run("review", "--plain", typed="\n4\n\n3\nq\n")
    told = program.run("today")
    assert told.returncode == 0
    for words in (
        "19 cards today: 1 learning, 18 new; about ",
        "at a usual pace.",
        "Deck Made made: 18 new, 1 learning, 0 review.",
        "Topic gates: 18 new, 1 learning, 0 review.",
        "So far: 2 answers today",
        "1 day in a row; 2 of 20 cards introduced.",
        "Reviews in the next 14 days: ",
    ):
        assert words in told.stdout
    assert "\x1b" not in told.stdout


def test_today_as_data_agrees_with_what_is_due(program: Program) -> None:
    data, due = program.json("today"), program.json("due")
    assert {name: data[name] for name in ("new", "learning", "review", "total")} == {
        name: due[name] for name in ("new", "learning", "review", "total")
    }
    assert data["streak"] == {"days": 0, "off": 0}
    assert data["estimate"]["answers"] == 0
    assert len(data["ahead"]) == 14
    assert data["changes"] is None


def test_without_decks_today_says_where_they_belong(program: Program) -> None:
    for path in program.decks.iterdir():
        path.unlink()
    told = program.run("today").stdout
    assert "There is no deck yet." in told
    assert "`nlpcards decks`" in told


def test_broken_decks_are_said(program: Program) -> None:
    (program.decks / "made.yaml").write_text(deck_of(3).replace("    a: Answer 1.\n", ""), "utf-8")
    told = program.run("today")
    assert told.returncode == 0
    assert "The decks have 1 error" in told.stderr
    assert program.json("today")["errors"] == 1
