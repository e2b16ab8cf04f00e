"""Which editor is opened, how, and on which file."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.editing import copy_of, edit, editor_command, editor_of
from nlpcards.collection.home import Home
from nlpcards.core.errors import NlpcardsError

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


def test_a_bundled_deck_is_copied_and_the_copy_stands_in_for_it(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        card = next(collection.library.cards())
        bundled = Path(card.note.place.path)
        before = bundled.read_bytes()
        edited = edit(collection, card, {"EDITOR": "true"})
        assert edited.copied
        assert edited.path.parent == collection.home.decks
        assert edited.path.read_bytes() == before == bundled.read_bytes()
        collection.reload()
        again = collection.library.card(card.id)
        assert again is not None
        assert again.note.place.path == str(edited.path)
        assert not edit(collection, again, {"EDITOR": "true"}).copied


def test_a_copy_never_overwrites_another_deck(tmp_path: Path) -> None:
    source = tmp_path / "lstm.yaml"
    source.write_text("bundled")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "lstm.yaml").write_text("mine")
    assert copy_of(source, folder) == folder / "lstm-2.yaml"
    assert (folder / "lstm.yaml").read_text() == "mine"
    assert sorted(path.name for path in folder.iterdir()) == ["lstm-2.yaml", "lstm.yaml"]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    source = tmp_path / "lstm.yaml"
    source.write_text("bundled")
    (tmp_path / "file").write_text("")
    with pytest.raises(NlpcardsError, match="cannot be copied for editing"):
        copy_of(source, tmp_path / "file" / "decks")


def test_an_editor_that_fails_is_a_sentence(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        card = next(collection.library.cards())
        with pytest.raises(NlpcardsError, match="ended with exit code 1"):
            edit(collection, card, {"EDITOR": "false"})
        with pytest.raises(NlpcardsError, match="cannot be started"):
            edit(collection, card, {"EDITOR": "no-such-editor-here"})
