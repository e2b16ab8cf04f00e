"""`import` of Anki's packages as its user calls it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions

from tests.support.program import Program, alone


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A deck of three notes, one of which cannot be carried, with one review and a preset."""
    col: Any = Collection(str(tmp_path / "collection.anki2"))
    config = col.decks.get_config(1)
    config["new"]["delays"] = [2, 15]
    col.decks.update_config(config)
    col.media.write_data("a.png", b"\x89PNG\r\n\x1a\n")
    for fields in (["First?<img src=a.png>", "1"], ["Second?", "2"], ["No answer", ""]):
        note = col.new_note(col.models.by_name("Basic"))
        note.fields[:2] = fields
        col.add_note(note, col.decks.id("NLP::Deep"))
    col.decks.select(col.decks.id("NLP"))
    card = col.sched.getCard()
    col.sched.answerCard(card, 4)
    path = tmp_path / "nlp.apkg"
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=False)
    col.export_anki_package(out_path=str(path), options=options, limit=None)
    col.close()
    return path


def test_a_package_goes_to_the_learners_decks_and_can_be_reviewed(program: Program, package: Path) -> None:
    home = program.home
    done = alone(home, "import", str(package))
    made = home / "decks" / "nlp-deep.yaml"
    assert (done.returncode, done.stdout) == (0, f"{made}\n")
    assert done.stderr.splitlines()[-4:] == [
        "A package does not say when Anki's days begin; 04:00 was taken, as here.",
        "The file also has learning steps of 2m 15m; `--with-settings` takes that.",
        "No answer: its back is empty.",
        f"{package}: 2 notes with 2 cards added, 1 review taken from Anki, 1 file copied.",
    ]
    assert alone(home, "check", str(made)).returncode == 0
    assert "nlp-deep/first#qa" in alone(home, "show", "nlp-deep").stdout
    before = made.read_bytes()
    again = alone(home, "import", str(package))
    assert (again.returncode, again.stdout) == (3, "")
    assert again.stderr.endswith(f"{package}: 2 notes there already.\n")
    assert made.read_bytes() == before
    assert alone(home, "import", str(package), "--with-settings").returncode == 0
    assert alone(home, "import", str(package), "--with-settings").returncode == 3
    doctor = alone(home, "doctor")
    assert doctor.returncode == 0


def test_a_script_gets_json(program: Program, package: Path) -> None:
    arguments = ("import", str(package), "--into", "apart", "--json")
    tried = alone(program.home, *arguments, "--dry-run")
    assert not (program.home / "apart").exists()
    done = alone(program.home, *arguments)
    assert tried.stdout == done.stdout
    found = json.loads(done.stdout)
    assert found["skipped"] == [{"note": "No answer", "reason": "its back is empty"}]
    assert {name: found[name] for name in ("notes", "cards", "reviews", "media", "known")} == {
        "notes": 2,
        "cards": 2,
        "reviews": 1,
        "media": 1,
        "known": 0,
    }
    assert found["files"] == ["apart/nlp-deep.yaml"]
    assert found["settings"] == {"learning_steps": "[120, 900]"}
    assert json.loads(alone(program.home, *arguments).stdout)["known"] == 2


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (("--columns", "q,a"), 2, "only a table has columns and cells"),
        (("--text", "html"), 2, "only a table has columns and cells"),
        (("--deck", "No Id"), 2, "`No Id` is no id for a deck"),
        (("--history", "--with-settings"), 2, "Leave the other options out"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    program: Program, package: Path, options: tuple[str, ...], code: int, sentence: str
) -> None:
    done = alone(program.home, "import", str(package), *options)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert not list(program.home.rglob("*.yaml"))


def test_settings_come_from_no_table(program: Program) -> None:
    (program.home / "t.csv").write_text("q,a\nx,y\n", "utf-8")
    done = alone(program.home, "import", "t.csv", "--with-settings")
    assert done.returncode == 2
    assert "only Anki's own files bring settings" in done.stderr


def test_what_is_no_package_is_one_sentence(program: Program, tmp_path: Path) -> None:
    (tmp_path / "text.apkg").write_text("no package", "utf-8")
    with zipfile.ZipFile(tmp_path / "empty.apkg", "w"):
        pass
    for name in ("text.apkg", "empty.apkg", "missing.colpkg"):
        done = alone(program.home, "import", str(tmp_path / name))
        assert done.returncode == 1
        assert name in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr
    assert not list(program.home.rglob("*.yaml"))
