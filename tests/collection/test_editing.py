"""Which editor is opened, how, and on which file."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.editing import edit, editor_command, editor_of
from nlpcards.collection.home import Home
from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.bundled import bundled_folder

DECK = Path("/decks/my deck.yaml")


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        ("vim", ("vim", "+7", str(DECK))),
        ("/usr/bin/nvim -u NONE", ("/usr/bin/nvim", "-u", "NONE", "+7", str(DECK))),
        ("nano", ("nano", "+7", str(DECK))),
        ("emacs -nw", ("emacs", "-nw", "+7", str(DECK))),
        ("micro", ("micro", "+7", str(DECK))),
        ("kak", ("kak", "+7", str(DECK))),
        ("hx", ("hx", f"{DECK}:7")),
        ("code", ("code", "--wait", "--goto", f"{DECK}:7")),
        ("code --wait", ("code", "--wait", "--goto", f"{DECK}:7")),
        ("subl", ("subl", "--wait", f"{DECK}:7")),
        ("'/opt/my editor/thing' --x", ("/opt/my editor/thing", "--x", str(DECK))),
    ],
)
def test_an_editor_is_opened_at_the_line(editor: str, command: tuple[str, ...]) -> None:
    assert editor_command(editor_of(editor, {}), DECK, 7) == command


def test_the_configured_editor_comes_before_visual_and_visual_before_editor() -> None:
    both = {"VISUAL": "micro", "EDITOR": "vim"}
    assert editor_of("kak", both) == ("kak",)
    assert editor_of("", both) == ("micro",)
    assert editor_of("", {"VISUAL": " ", "EDITOR": "vim"}) == ("vim",)


def test_without_any_named_nano_or_vi_is_taken_and_without_them_a_sentence_says_so() -> None:
    assert editor_of("", {}, lambda name: "/bin/nano" if name == "nano" else None) == ("nano",)
    assert editor_of("", {}, lambda name: "/bin/vi" if name == "vi" else None) == ("vi",)
    with pytest.raises(NlpcardsError, match=r"no editor was found\. Set \$EDITOR"):
        editor_of("", {}, lambda _: None)


def test_a_quote_that_does_not_end_is_a_sentence() -> None:
    with pytest.raises(NlpcardsError, match=r"\$EDITOR: the editor vim 'x has a quote"):
        editor_of("", {"EDITOR": "vim 'x"})


def opened(tmp_path: Path) -> Collection:
    home = tmp_path / "home"
    home.mkdir()
    return Collection.open(Home(home, home, home / "cache"), (), Clock())


def script(tmp_path: Path, *lines: str) -> dict[str, str]:
    """An environment whose editor runs these lines of a shell; `$1` is the file."""
    path = tmp_path / "editor"
    path.write_text("\n".join(("#!/bin/sh", *lines)) + "\n")
    path.chmod(0o755)
    return {"EDITOR": str(path)}


ADDS = 'echo "# mine" >> "$1"'


def left_in(collection: Collection) -> list[str]:
    """What an edit left in the learner's folders, beside the journal."""
    found = [path for path in collection.home.data.rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(collection.home.data)) for path in found if "journal" not in path.name)


def test_a_bundled_deck_is_copied_and_the_copy_stands_in_for_it(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        card = next(collection.library.cards())
        bundled = Path(card.note.place.path)
        before = bundled.read_bytes()
        edited = edit(collection, card, script(tmp_path, ADDS))
        assert edited.copied
        assert edited.path == collection.home.decks / bundled.name
        assert edited.path.read_bytes() == before + b"# mine\n"
        assert bundled.read_bytes() == before
        collection.reload()
        again = collection.library.card(card.id)
        assert again is not None
        assert again.note.place.path == str(edited.path)
        assert not edit(collection, again, script(tmp_path, ADDS)).copied
        assert left_in(collection) == [f"decks/{bundled.name}"]


def test_a_bundled_deck_left_as_it_is_leaves_no_copy(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        card = next(collection.library.cards())
        edited = edit(collection, card, {"EDITOR": "true"})
        assert (str(edited.path), edited.copied) == (card.note.place.path, False)
        assert left_in(collection) == []
        collection.reload()
        assert card.note.deck in collection.library.bundled


def test_an_editor_that_fails_is_a_sentence_and_leaves_no_copy(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        card = next(collection.library.cards())
        with pytest.raises(NlpcardsError, match="ended with exit code 1"):
            edit(collection, card, {"EDITOR": "false"})
        with pytest.raises(NlpcardsError, match="cannot be started"):
            edit(collection, card, {"EDITOR": "/nonexistent"})
        assert left_in(collection) == []


def test_what_was_written_before_an_editor_failed_is_kept_where_no_deck_is_read(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        card = next(collection.library.cards())
        with pytest.raises(NlpcardsError, match=r"exit code 3\. What you wrote is in ") as caught:
            edit(collection, card, script(tmp_path, ADDS, "exit 3"))
        kept = Path(caught.value.remedy.removeprefix("What you wrote is in ").removesuffix("."))
        assert kept.read_text().endswith("# mine\n")
        collection.reload()
        assert card.note.deck in collection.library.bundled


def test_a_bundled_deck_that_was_named_is_not_edited(tmp_path: Path) -> None:
    folder = bundled_folder()
    assert folder is not None
    home = tmp_path / "home"
    home.mkdir()
    with Collection.open(Home(home, home, home / "cache"), (folder,), Clock()) as collection:
        card = next(collection.library.cards())
        with pytest.raises(NlpcardsError, match=r"came with the program.*Copy it to a folder of your own.*--decks"):
            edit(collection, card, script(tmp_path, ADDS))
        assert left_in(collection) == []


@pytest.mark.parametrize("text", [None, "nothing of a deck\n"])
def test_an_own_deck_that_was_not_read_is_opened_and_not_copied_again(tmp_path: Path, text: str | None) -> None:
    with opened(tmp_path) as collection:
        card = next(collection.library.cards())
        bundled = Path(card.note.place.path)
        own = collection.home.decks / bundled.name
        own.parent.mkdir(exist_ok=True)
        own.write_text(text or bundled.read_text("utf-8"), "utf-8")
        edited = edit(collection, card, script(tmp_path, ADDS))
        assert (edited.path, edited.copied) == (own, False)
        assert own.read_text("utf-8").endswith("# mine\n")
        assert left_in(collection) == [f"decks/{bundled.name}"]


def test_a_copy_never_overwrites_another_deck(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        card = next(collection.library.cards())
        name = Path(card.note.place.path)
        other = collection.home.decks / name.name
        other.parent.mkdir(exist_ok=True)
        other.write_text("deck: other\ntitle: Other\nnotes:\n  - q: What?\n    a: This.\n")
        before = other.read_bytes()
        edited = edit(collection, card, script(tmp_path, ADDS))
        assert (edited.path.name, edited.copied) == (f"{name.stem}-2{name.suffix}", True)
        assert other.read_bytes() == before
        collection.reload()
        assert not [problem for problem in collection.library.problems if problem.is_error]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        if collection.home.decks.exists():
            collection.home.decks.rmdir()
        collection.home.decks.write_text("")
        with pytest.raises(NlpcardsError, match="cannot be copied for editing"):
            edit(collection, next(collection.library.cards()), script(tmp_path, ADDS))
        assert left_in(collection) == ["decks"]


def test_what_was_written_is_kept_where_it_cannot_be_put_in_place(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        decks = collection.home.decks
        with pytest.raises(NlpcardsError, match=r"cannot be copied for editing.* What you wrote is in ") as caught:
            edit(collection, next(collection.library.cards()), script(tmp_path, ADDS, f"rmdir '{decks}'"))
        kept = Path(caught.value.remedy.rpartition("What you wrote is in ")[2].removesuffix("."))
        assert kept.read_text("utf-8").endswith("# mine\n")
