"""Which editor is opened, how, and on which file."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.editing import edit, place_of
from nlpcards.collection.editor import editor_command, editor_of
from nlpcards.collection.home import Home
from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.bundled import bundled_folder
from nlpcards.decks.deck_text import DeckText
from tests.support.program import give_bundled_decks

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
    give_bundled_decks(home)
    return Collection.open(Home(home, home, home / "cache"), (), Clock())


def script(tmp_path: Path, *lines: str) -> dict[str, str]:
    """An environment whose editor runs these lines of a shell; `$1` is the file."""
    path = tmp_path / "editor"
    path.write_text("\n".join(("#!/bin/sh", *lines)) + "\n")
    path.chmod(0o755)
    return {"EDITOR": str(path)}


ADDS = 'echo "# mine" >> "$1"'


def left_in(collection: Collection) -> list[str]:
    """What an edit left in the learner's folders, beside the journal and what is known of the bundled decks."""
    kept = collection.home.cache
    found = [path for path in collection.home.data.rglob("*") if path.is_file() and kept not in path.parents]
    return sorted(str(path.relative_to(collection.home.data)) for path in found if "journal" not in path.name)


def test_a_note_of_a_bundled_deck_is_copied_into_a_file_that_extends_the_deck(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        card = collection.card("lstm/cell-diagram")
        bundled = Path(card.note.place.path)
        before = bundled.read_bytes()
        edited = edit(collection, card, script(tmp_path, "sed -i 's/Follow the top line/Mine/' \"$1\"", ADDS))
        assert edited.copied
        assert edited.path == collection.home.decks / "lstm.yaml"
        assert bundled.read_bytes() == before
        text = edited.path.read_text("utf-8")
        assert text.splitlines()[2:5] == ["extends: lstm", "notes:", "  - id: cell-diagram"]
        assert text.count("- id:") == 1
        number = len(collection.library.decks["lstm"].notes)
        collection.reload()
        again = collection.card(card.id)
        assert again.note.place.path == str(edited.path)
        assert again.note.why.startswith("Mine: ")
        assert again.note.cite == card.note.cite
        deck = collection.library.decks["lstm"]
        assert (deck.path, len(deck.notes)) == (str(bundled), number)
        assert not edit(collection, again, script(tmp_path, ADDS)).copied
        assert left_in(collection) == ["decks/lstm.yaml"]


def test_a_note_is_copied_as_it_is_written_with_its_comments(tmp_path: Path) -> None:
    source = "  # Asked often.\n  - id: one\n    q: >-\n      What is\n      it?\n    a: 'This.'\n    # why not?\n"
    deck = tmp_path / "d.yaml"
    deck.write_text(f"deck: d\ntitle: T\nnotes:\n{source}\n  - id: two\n    q: And?\n    a: So.\n", "utf-8")
    text = DeckText(deck.read_bytes(), str(deck))
    first, _ = text.notes
    assert text.text[first.start : first.end] == source


def test_a_second_note_goes_into_the_same_file_and_the_first_stays(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        for name in ("lstm/cell-diagram", "lstm/hidden-bounded"):
            edit(collection, collection.card(name), script(tmp_path, ADDS))
            collection.reload()
        text = (collection.home.decks / "lstm.yaml").read_text("utf-8")
        assert [line.strip() for line in text.splitlines() if "- id:" in line] == [
            "- id: cell-diagram",
            "- id: hidden-bounded",
        ]
        assert text.count("# mine") == 2
        assert left_in(collection) == ["decks/lstm.yaml"]
        assert not [problem for problem in collection.library.problems if problem.is_error]


def test_the_editor_is_opened_at_the_note(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        place = place_of(collection, "lstm/cell-diagram#c1")
        assert place.draft is not None
        assert place.draft.decode().splitlines()[place.line - 1] == "  - id: cell-diagram"


@pytest.mark.parametrize("there", [False, True])
def test_a_bundled_note_left_as_it_is_leaves_nothing(tmp_path: Path, there: bool) -> None:
    with opened(tmp_path) as collection:
        own = collection.home.decks / "lstm.yaml"
        before = "extends: lstm\ndrop: [hidden-bounded]\n"
        if there:
            own.write_text(before, "utf-8")
            collection.reload()
        edited = edit(collection, collection.card("lstm/cell-diagram"), {"EDITOR": "true"})
        assert not edited.copied
        assert left_in(collection) == (["decks/lstm.yaml"] if there else [])
        assert not there or own.read_text("utf-8") == before


def test_an_editor_that_fails_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
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
        again = collection.card(card.id)
        assert collection.library.ships(again.note.place.path)


def test_a_bundled_deck_that_was_named_is_not_edited(tmp_path: Path) -> None:
    folder = bundled_folder()
    assert folder is not None
    home = tmp_path / "home"
    home.mkdir()
    with Collection.open(Home(home, home, home / "cache"), (folder,), Clock()) as collection:
        card = next(collection.library.cards())
        with pytest.raises(NlpcardsError, match=r"came with the program.*a folder of your own.*--decks"):
            edit(collection, card, script(tmp_path, ADDS))
        assert left_in(collection) == []


@pytest.mark.parametrize("text", ["whole", "extends: lstm\nnotes:\n  - id: cell-diagram\n    q: [\n", "nothing\n"])
def test_an_own_file_that_came_or_broke_since_is_opened_and_none_put_beside_it(tmp_path: Path, text: str) -> None:
    with opened(tmp_path) as collection:
        card = collection.card("lstm/cell-diagram")
        own = collection.home.decks / "lstm.yaml"
        own.parent.mkdir(exist_ok=True)
        own.write_text(Path(card.note.place.path).read_text("utf-8") if text == "whole" else text, "utf-8")
        edited = edit(collection, card, script(tmp_path, ADDS))
        assert (edited.path, edited.copied) == (own, False)
        assert own.read_text("utf-8").endswith("# mine\n")
        assert left_in(collection) == ["decks/lstm.yaml"]


def test_another_deck_of_that_file_name_is_never_overwritten(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        other = collection.home.decks / "lstm.yaml"
        other.parent.mkdir(exist_ok=True)
        other.write_text("deck: other\ntitle: Other\nnotes:\n  - q: What?\n    a: This.\n")
        before = other.read_bytes()
        edited = edit(collection, collection.card("lstm/cell-diagram"), script(tmp_path, ADDS))
        assert (edited.path.name, edited.copied) == ("lstm-2.yaml", True)
        assert other.read_bytes() == before
        collection.reload()
        assert not [problem for problem in collection.library.problems if problem.is_error]


def test_a_file_that_changed_while_it_was_edited_is_not_overwritten(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        own = collection.home.decks / "lstm.yaml"
        own.write_text("extends: lstm\ndrop: [hidden-bounded]\n", "utf-8")
        collection.reload()
        theirs = f"echo '# theirs' >> '{own}'"
        with pytest.raises(NlpcardsError, match=r"changed while.* What you wrote is in ") as caught:
            edit(collection, collection.card("lstm/cell-diagram"), script(tmp_path, ADDS, theirs))
        assert own.read_text("utf-8").endswith("# theirs\n")
        kept = Path(caught.value.remedy.rpartition("What you wrote is in ")[2].removesuffix("."))
        assert kept.read_text("utf-8").endswith("# mine\n")


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        if collection.home.decks.exists():
            collection.home.decks.rmdir()
        collection.home.decks.write_text("")
        with pytest.raises(NlpcardsError, match="cannot be written"):
            edit(collection, next(collection.library.cards()), script(tmp_path, ADDS))
        assert left_in(collection) == ["decks"]


def test_what_was_written_is_kept_where_it_cannot_be_put_in_place(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        decks = collection.home.decks
        with pytest.raises(NlpcardsError, match=r"cannot be written.* What you wrote is in ") as caught:
            edit(collection, next(collection.library.cards()), script(tmp_path, ADDS, f"rmdir '{decks}'"))
        kept = Path(caught.value.remedy.rpartition("What you wrote is in ")[2].removesuffix("."))
        assert kept.read_text("utf-8").endswith("# mine\n")


def test_a_note_with_an_error_is_opened_where_it_stands(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        own = collection.home.decks / "mine.yaml"
        own.write_text("deck: mine\ntitle: T\nnotes:\n  - id: one\n    q: x\n    becuase: y\n", "utf-8")
        collection.reload()
        assert (place_of(collection, "mine/one").path, place_of(collection, "mine/one").line) == (own, 4)
        assert place_of(collection, "mine").line == 1
        with pytest.raises(NlpcardsError, match=r"there is no deck, note or card lstm/cel-diagram\. Did you mean"):
            place_of(collection, "lstm/cel-diagram")
