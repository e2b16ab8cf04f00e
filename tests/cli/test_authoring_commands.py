"""`new`, `edit` and `rename` as their user calls them, with and without a terminal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from nlpcards.decks.examples import EXAMPLES
from nlpcards.decks.library import load
from nlpcards.decks.schema import EDITOR_LINE
from tests.support.program import Program, give_bundled_decks
from tests.support.terminal import terminal


@dataclass(frozen=True)
class Author(Program):
    """A program with the decks that it has by itself, and an editor that a test writes."""

    editor: str = "true"

    @property
    def words(self) -> list[str]:
        return []

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "EDITOR": self.editor, "VISUAL": ""}

    def text(self, name: str) -> str:
        return (self.home / "decks" / f"{name}.yaml").read_text("utf-8")


def editing(folder: Path, *lines: str) -> Author:
    """An author whose editor runs these lines of a shell; `$1` is the file."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    give_bundled_decks(home)
    path = folder / "an-editor"
    path.write_text("\n".join(("#!/bin/sh", f'echo "$@" >> {folder}/opened', *lines)) + "\n")
    path.chmod(0o755)
    return Author(home, folder, str(path))


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return editing(tmp_path)


def sound(author: Author) -> None:
    checked = author.run("check", str(author.home / "decks"))
    assert checked.returncode == 0, checked.stdout


def test_a_deck_is_begun_from_options_without_a_question(author: Author) -> None:
    done = author.run("new", "deck", "mine", "--title", "My deck: one", "--topic", "lstm")
    assert (done.returncode, done.stderr) == (0, "")
    path = author.home / "decks" / "mine.yaml"
    assert done.stdout == f"{path}:7\n"
    lines = author.text("mine").splitlines()
    assert lines[:5] == [EDITOR_LINE, "deck: mine", 'title: "My deck: one"', "topic: lstm", "notes:"]
    assert lines[6] == "  # - id: forget-gate-role"
    sound(author)


@pytest.mark.parametrize("kind", list(EXAMPLES))
def test_each_example_is_a_note_once_its_marks_are_taken_away(author: Author, kind: str) -> None:
    assert author.run("new", "deck", "mine", "--title", "T", "--kind", kind).returncode == 0
    text = author.text("mine")
    path = author.decks / "bare.yaml"
    path.write_text(text.replace("  # Take", "  #! Take").replace("  # ", "  "), "utf-8")
    library = load([path])
    assert [str(problem) for problem in library.problems] == []
    assert [note.body.kind for note in library.notes.values()] == [kind]


def test_a_deck_is_begun_with_its_first_note(author: Author) -> None:
    note = ("--q", r"What is $\theta$: a", "--a", "- an angle # or so", "--why", "x", "--tag", "t1", "--tag", "t2")
    assert author.run("new", "deck", "--title", "Ångström & Co", *note).returncode == 0
    (name,) = (path.stem for path in (author.home / "decks").iterdir())
    deck = load([author.home / "decks"]).decks[name]
    (first,) = deck.notes
    assert dict(first.body.written()) == {"q": r"What is $\theta$: a", "a": "- an angle # or so"}
    assert (first.tags, first.why, deck.title) == (("t1", "t2"), "x", "Ångström & Co")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["deck", "mine"], 'a deck has a title. Give it with --title "…".'),
        (["deck", "My Deck", "--title", "T"], "My Deck is not an id for a deck. Ids are lower-case"),
        (["deck", "lstm", "--title", "T"], "there is a deck lstm already. Choose another id"),
        (["deck", "mine", "--title", "T", "--q", "x"], 'a note of the kind basic needs --a. Give it with --a "…".'),
        (["note", "lstm"], 'a note asks something. Give it --q "…" --a "…"'),
        (["note", "lstm", "--kind", "term"], 'a note of the kind term asks something. Give it --term "…" --definition'),
        (["note", "lstm", "--kind", "term", "--q", "x"], "a note of the kind term has no --q. It has term, definition"),
        (["note", "lstm", "--kind", "drill"], "a note of the kind drill is written in the editor"),
        (["note", "lstn", "--q", "x", "--a", "y"], "there is no deck lstn. Begin it with `nlpcards new deck lstn`"),
        (["note", "lstm", "--id", "cell-diagram", "--q", "x", "--a", "y"], "there is a note cell-diagram already"),
    ],
)
def test_what_is_missing_is_one_sentence_and_nothing_is_written(author: Author, words: list[str], said: str) -> None:
    done = author.run("new", *words)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert list((author.home / "decks").iterdir()) == []


def test_a_note_is_added_and_all_else_in_the_file_stays(author: Author) -> None:
    path = author.home / "decks" / "mine.yaml"
    path.parent.mkdir()
    before = b"deck:  mine # odd\r\ntitle: T\r\nnotes:\r\n- q: 'A?'\r\n  a:   B\r\n# the end"
    path.write_bytes(before)
    done = author.run("new", "note", "mine", "--cloze", "An {{c1::LSTM}} has {{c2::gates}}")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{path}:7\n"
    added = b"\r\n- id: an-lstm-has-gates\r\n  cloze: An {{c1::LSTM}} has {{c2::gates}}\r\n"
    start, end = before[: -len(b"# the end")], b"# the end"
    assert path.read_bytes() == start + added + end
    assert author.run("new", "note", "mine", "--cloze", "An {{c1::LSTM}} has gates").returncode == 0
    assert b"- id: an-lstm-has-gates-2\r\n" in path.read_bytes()


def test_a_note_for_a_bundled_deck_goes_into_ones_own_file(author: Author) -> None:
    for number in (1, 2):
        done = author.run("new", "note", "lstm", "--q", f"What is {number}?", "--a", "x", "--cite", "gers2000 §3")
        assert done.returncode == 0, done.stderr
    assert author.text("lstm").count("extends: lstm") == 1
    assert author.text("lstm").count("- id: what-is-") == 2
    sound(author)
    shown = json.loads(author.run("show", "lstm/what-is-2", "--json").stdout)
    assert shown[0]["cite"] == ["Gers, Schmidhuber and Cummins (2000), §3"]


def test_a_note_that_would_be_an_error_is_not_written(author: Author) -> None:
    done = author.run("new", "note", "lstm", "--q", "x", "--a", "y", "--cite", "gers200")
    assert done.returncode == 4
    assert "there is no source `gers200`. Did you mean `gers200" in done.stderr
    assert done.stderr.endswith("Nothing was written.\n")
    assert list((author.home / "decks").iterdir()) == []


def test_a_deck_goes_where_it_is_said_and_never_into_a_folder_that_happens_to_be_there(author: Author) -> None:
    (author.home / "elsewhere").mkdir()
    done = author.run("new", "deck", "mine", "--title", "T", "--in", "elsewhere")
    assert (author.home / "elsewhere" / "mine.yaml").is_file()
    assert "name it with --decks elsewhere" in done.stderr
    done = author.run("--decks", "elsewhere", "new", "deck", "more", "--title", "T")
    assert (author.home / "elsewhere" / "more.yaml").is_file()
    again = author.run("--decks", "elsewhere", "new", "deck", "more", "--title", "T")
    assert again.returncode == 2


def test_edit_opens_the_note_and_says_what_is_wrong(tmp_path: Path) -> None:
    author = editing(tmp_path, "sed -i 's/a: x/becuase: x/' \"$1\"")
    author.run("new", "deck", "mine", "--title", "T", "--q", "What?", "--a", "x")
    done = author.run("edit", "mine/what")
    path = author.home / "decks" / "mine.yaml"
    assert done.returncode == 4
    assert f"{path}:7:5: error D401: notes have no key `becuase`" in done.stdout
    assert "the notes concerned are left out until it is mended" in done.stderr
    editing(tmp_path, "sed -i 's/becuase: x/a: x/' \"$1\"")
    done = author.run("edit", "mine/what")
    assert done.returncode == 0, done.stderr
    assert [Path(line).name for line in (tmp_path / "opened").read_text().splitlines()] == ["mine.yaml"] * 2
    assert author.run("edit", "nothing/here").returncode == 2


def test_edit_of_a_bundled_note_left_alone_leaves_nothing(author: Author) -> None:
    done = author.run("edit", "lstm/cell-diagram")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "You changed nothing, so nothing was written.\n"
    assert author.run("edit", "lstm").returncode == 0
    assert list((author.home / "decks").iterdir()) == []


def test_rename_shows_what_it_would_do_and_does_it(author: Author) -> None:
    author.run("new", "deck", "mine", "--title", "T", "--q", "What?", "--a", "x")
    path = author.home / "decks" / "mine.yaml"
    before = path.read_bytes()
    dry = author.run("rename", "mine/what", "mine/why", "--dry-run")
    assert "-  - id: what\n+  - id: why\n" in dry.stdout
    assert path.read_bytes() == before
    done = author.run("rename", "mine/what", "mine/why", "--json")
    assert json.loads(done.stdout) == {"old": "mine/what", "new": "mine/why", "files": [str(path)], "dry_run": False}
    assert author.text("mine").endswith("    a: x\n    was: [what]\n")
    refused = author.run("rename", "lstm", "mine-too")
    assert refused.returncode == 1
    assert "came with the program" in refused.stderr


def test_in_a_terminal_what_is_missing_is_asked_for(author: Author) -> None:
    with terminal(author, "new", "deck") as screen:
        for question, answer in (("Title", "My deck"), ("Id", ""), ("Topic", ""), ("Kind of note", "term")):
            screen.shows(f"{question}")
            screen.shows(": ")
            screen.types(f"{answer}\r")
        assert screen.ends() == 0
    assert "Topic (lower-case letters, digits, hyphens; may be empty)" in screen.sent
    assert max(map(len, screen.sent.splitlines())) <= 80
    assert "deck: my-deck\ntitle: My deck\nnotes:\n" in author.text("my-deck")
    assert "  #   term: byte-pair encoding\n" in author.text("my-deck")
    with terminal(author, "new", "note", "my-deck", "--kind", "explain") as screen:
        for question, answer in (("explain", "Why?"), ("point", "One"), ("empty to end", "Two"), ("empty to end", "")):
            screen.shows(question)
            screen.shows(": ")
            screen.types(f"{answer}\r")
        assert screen.ends() == 0
    assert "  - id: why\n    explain: Why?\n    points: [One, Two]\n" in author.text("my-deck")
    assert len((author.decks / "opened").read_text().splitlines()) == 2


def test_in_a_terminal_one_may_go_back_in_to_mend_an_error(tmp_path: Path) -> None:
    author = editing(
        tmp_path,
        'if grep -q becuase "$1"; then sed -i "s/becuase/a/" "$1"; else sed -i "s/a: x/becuase: x/" "$1"; fi',
    )
    author.run("new", "deck", "mine", "--title", "T", "--q", "What?", "--a", "x")
    with terminal(author, "edit", "mine/what") as screen:
        screen.shows("Edit it again? [Y/n]: ")
        screen.types("y\r")
        assert screen.ends() == 0
    sound(author)
    with terminal(author, "edit", "mine/what") as screen:
        screen.shows("Edit it again? [Y/n]: ")
        screen.types("n\r")
        assert screen.ends() == 4


def test_an_example_left_as_it_is_is_no_note(author: Author) -> None:
    author.run("new", "deck", "mine", "--title", "T")
    before = author.text("mine")
    with terminal(author, "new", "note", "mine", "--kind", "steps") as screen:
        screen.shows("You changed nothing")
        assert screen.ends() == 0
    assert author.text("mine") == before
