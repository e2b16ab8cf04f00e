"""`fmt` on real files: replaced whole or not at all, with their mode, owner and links."""

from __future__ import annotations

import json
import os
import resource
import tempfile
from pathlib import Path

import pytest

from nlpcards.core.errors import DeckErrors, NlpcardsError
from nlpcards.decks.files import Stamp
from nlpcards.decks.formatting_files import format_file
from tests.support.program import Program, alone, deck_of

UGLY = "title: Mine\ndeck: mine\nnotes:\n- a: 'y'   \n  # why\n  q: x\n  id: n\n"
NEAT = "deck: mine\ntitle: Mine\nnotes:\n  - id: n\n    # why\n    q: x\n    a: y\n"
BROKEN = "deck: broken\ntitle: T\nnotes:\n- q: x\n"


def test_fmt_formats_what_is_named_and_says_what_it_changed(program: Program) -> None:
    file = program.decks / "mine.yaml"
    file.write_text(UGLY, "utf-8")
    done = program.run("fmt")
    assert done.returncode == 0
    assert done.stdout == f"{file}\n"
    assert done.stderr == "2 deck files: 1 formatted anew.\n"
    assert file.read_text("utf-8") == NEAT
    again = program.run("fmt", str(file))
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr == "2 deck files: formatted already.\n"


def test_checking_writes_nothing_and_fails_where_something_is_not_formatted(program: Program) -> None:
    file = program.decks / "mine.yaml"
    file.write_text(UGLY, "utf-8")
    before = os.stat(file)
    done = program.run("fmt", "--check")
    assert done.returncode == 1
    assert done.stdout == f"{file}\n"
    assert "1 not formatted" in done.stderr
    assert Stamp.of(os.stat(file)) == Stamp.of(before)
    file.unlink()
    assert program.run("fmt", "--check").returncode == 0


def test_a_file_with_errors_is_named_and_left_alone_and_the_others_are_formatted(program: Program) -> None:
    broken, file = program.decks / "broken.yaml", program.decks / "mine.yaml"
    broken.write_text(BROKEN, "utf-8")
    file.write_text(UGLY, "utf-8")
    done = program.run("fmt")
    assert done.returncode == 4
    assert f"{broken}:4:3: " in done.stderr
    assert "The file is as it was." in done.stderr
    assert "3 deck files: 1 formatted anew, 1 left as it is.\n" in done.stderr
    assert broken.read_text("utf-8") == BROKEN
    assert file.read_text("utf-8") == NEAT


def test_a_script_gets_json(program: Program) -> None:
    (program.decks / "broken.yaml").write_text(BROKEN, "utf-8")
    (program.decks / "mine.yaml").write_text(UGLY, "utf-8")
    checked = program.run("fmt", "--check", "--json")
    assert checked.returncode == 4
    results = json.loads(checked.stdout)
    assert [(Path(each["path"]).name, each["outcome"]) for each in results] == [
        ("broken.yaml", "failed"),
        ("made.yaml", "unchanged"),
        ("mine.yaml", "unformatted"),
    ]
    assert "the note has `q` but no `a`" in results[0]["problem"]
    assert json.loads(program.run("fmt", "--json").stdout)[2]["outcome"] == "changed"


def test_by_default_only_the_learners_own_decks_are_formatted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "decks").mkdir(parents=True)
    nothing = alone(home, "fmt", inside=tmp_path)
    assert nothing.returncode == 3
    assert "there is no deck file to format" in nothing.stderr
    (home / "decks" / "mine.yaml").write_text(UGLY, "utf-8")
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "made.yaml").write_text(deck_of(2), "utf-8")
    done = alone(home, "fmt", inside=tmp_path)
    assert done.stdout == f"{home / 'decks' / 'mine.yaml'}\n"
    assert done.stderr == "2 deck files: 1 formatted anew.\n"


def test_a_place_that_does_not_exist_is_one_sentence(program: Program) -> None:
    done = program.run("fmt", "nowhere.yaml")
    assert done.returncode == 2
    assert (
        done.stderr == "there is no file, no folder and no deck nowhere.yaml. "
        "Name a deck, its file or a folder of decks, as in `nlpcards check decks/lstm.yaml`.\n"
    )


def test_a_deck_is_formatted_by_its_id_with_all_that_change_it_and_a_bundled_one_never(tmp_path: Path) -> None:
    own, change = tmp_path / "decks" / "mine.yaml", tmp_path / "decks" / "of-mine.yaml"
    own.parent.mkdir()
    own.write_text(UGLY, "utf-8")
    change.write_text("notes:\n- {id: n, q: z, a: y}\nextends: mine\n", "utf-8")
    assert alone(tmp_path, "fmt", "mine").stdout == f"{own}\n{change}\n"
    done = alone(tmp_path, "fmt", "lstm")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no file, no folder and no deck lstm." in done.stderr


def test_mode_owner_and_links_stay(tmp_path: Path) -> None:
    file, link = tmp_path / "mine.yaml", tmp_path / "link.yaml"
    file.write_text(UGLY, "utf-8")
    file.chmod(0o640)
    if os.getuid() == 0:
        os.chown(file, 1234, 4321)
    before = os.stat(file)
    link.symlink_to("mine.yaml")
    assert format_file(link, write=True)
    after = os.stat(file)
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert after.st_mtime_ns >= before.st_mtime_ns
    assert link.is_symlink()
    assert file.read_text("utf-8") == NEAT
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yaml", "mine.yaml"]


def test_a_byte_order_mark_and_foreign_line_ends_go(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + NEAT.replace("\n", "\r\n").encode())
    assert format_file(file, write=True)
    assert file.read_bytes() == NEAT.encode()
    assert not format_file(file, write=True)


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeckErrors, match="there is no such file"):
        format_file(tmp_path / "gone.yaml", write=True)
    (tmp_path / "latin.yaml").write_bytes(b"deck: d\ntitle: caf\xe9\nnotes: []\n")
    with pytest.raises(DeckErrors, match="not UTF-8"):
        format_file(tmp_path / "latin.yaml", write=True)
    assert b"\xe9" in (tmp_path / "latin.yaml").read_bytes()


def test_a_full_disk_leaves_the_file_as_it_was(program: Program) -> None:
    file = program.decks / "mine.yaml"
    file.write_text(UGLY + "".join(f"- id: m{number}\n  q: x {number}\n  a: y\n" for number in range(200)), "utf-8")
    before = file.read_bytes()

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    done = program.run("fmt", before=full)
    assert done.returncode == 1
    assert f"{file}: the formatted deck cannot be written: file too large." in done.stderr
    assert done.stderr.count("\n") == 2
    assert file.read_bytes() == before
    assert sorted(os.listdir(program.decks)) == ["made.yaml", "mine.yaml"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as another user")
def test_a_file_or_a_folder_that_may_not_be_written_is_one_sentence() -> None:
    nobody = 65534
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        file = Path(name) / "mine.yaml"
        file.write_text(UGLY, "utf-8")
        for owner, why in ((0, "it may not be written"), (nobody, "permission denied")):
            os.chown(file, owner, owner)
            os.setresuid(nobody, nobody, 0)
            try:
                with pytest.raises(NlpcardsError, match=f"cannot be written: {why}. Free some space, or change the"):
                    format_file(file, write=True)
            finally:
                os.setresuid(0, 0, 0)
            assert file.read_text("utf-8") == UGLY
            assert os.listdir(name) == ["mine.yaml"]
