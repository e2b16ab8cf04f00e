"""A rename changes ids, `was` and what refers to them, and not one byte else."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.errors import DeckErrors, NlpcardsError, UsageError
from nlpcards.decks.bundled import bundled_folder
from nlpcards.decks.deck_text import DeckText, Edit
from nlpcards.decks.library import load
from nlpcards.decks.renaming import rename
from nlpcards.decks.saving import Change, save

DECK = """\
# A deck.
deck: d   # its id
title:    T
sources: {s: {title: One source}}

notes:

  # On one.
  - id: "one"   # why not
    q: |-
      What is one?

      And so on.
    a: This.

# --- a section ---

  - id: two
    needs: [ one, e/three ]
    confusable:
      - d/one   # it is
    q:   What is two?
    a: >-
      That
      is it.
    was:   # long ago
      # very long
      - zwei
  - {id: three, q: What is three?, a: Three., needs: one}
topic: lstm
"""
OTHER = "deck: e\ntitle: E\nnotes:\n- id: three\n  q: What?\n  a: That.\n  needs: [d/one]\n  confusable: [d/two]\n"


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_bytes(text.encode())
    return folder


def lines_changed(change: Change) -> list[str]:
    """The lines that go (`-`) and come (`+`)."""
    assert change.before is not None
    before, after = (data.decode().splitlines(keepends=True) for data in (change.before, change.after))
    found = difflib.unified_diff(before, after, n=0)
    return [line for line in found if line[0] in "+-" and not line.startswith(("---", "+++"))]


def changed(folder: Path, old: str, new: str) -> dict[str, list[str]]:
    changes = rename(load([folder]), old, new)
    save(changes)
    assert [problem for problem in load([folder]).problems if problem.is_error] == []
    return {change.path.stem: lines_changed(change) for change in changes}


def test_a_note_gets_another_id_and_all_that_names_it_follows(tmp_path: Path) -> None:
    assert changed(written(tmp_path, d=DECK, e=OTHER), "d/one", "d/uno") == {
        "d": [
            '-  - id: "one"   # why not\n',
            "+  - id: uno   # why not\n",
            "+    was: [one]\n",
            "-    needs: [ one, e/three ]\n",
            "+    needs: [ uno, e/three ]\n",
            "-      - d/one   # it is\n",
            "+      - uno   # it is\n",
            "-  - {id: three, q: What is three?, a: Three., needs: one}\n",
            "+  - {id: three, q: What is three?, a: Three., needs: uno}\n",
        ],
        "e": ["-  needs: [d/one]\n", "+  needs: [d/uno]\n"],
    }


def test_a_note_that_had_other_ids_before_keeps_them_and_the_comments_among_them(tmp_path: Path) -> None:
    changed(written(tmp_path, d=DECK, e=OTHER), "d/two", "deux")
    text = (tmp_path / "d.yaml").read_text("utf-8")
    assert "    # long ago\n    # very long\n    was:\n      - zwei\n      - two\n" in text


def test_a_note_in_braces_is_renamed_too(tmp_path: Path) -> None:
    assert changed(written(tmp_path, d=DECK, e=OTHER), "d/three", "d/drei")["d"] == [
        "-  - {id: three, q: What is three?, a: Three., needs: one}\n",
        "+  - {id: drei, q: What is three?, a: Three., needs: one, was: [three]}\n",
    ]


def test_a_deck_gets_another_id_and_says_what_it_was(tmp_path: Path) -> None:
    extension = "extends: d\ndrop: [three]\n"
    assert changed(written(tmp_path, d=DECK, e=OTHER, x=extension), "d", "d2") == {
        "d": [
            "-deck: d   # its id\n",
            "+deck: d2   # its id\n",
            "-      - d/one   # it is\n",
            "+      - one   # it is\n",
            "+was: [d]\n",
        ],
        "x": ["-extends: d\n", "+extends: d2\n"],
        "e": [
            "-  needs: [d/one]\n",
            "-  confusable: [d/two]\n",
            "+  needs: [d2/one]\n",
            "+  confusable: [d2/two]\n",
        ],
    }


def test_a_note_is_moved_with_its_comments_and_its_source(tmp_path: Path) -> None:
    folder = written(tmp_path, d=DECK.replace("a: This.", "a: This.\n    cite: s §1"), e=OTHER)
    found = changed(folder, "d/one", "e/uno")
    assert (tmp_path / "e.yaml").read_text("utf-8") == (
        "deck: e\ntitle: E\nsources:\n  s: {title: One source}\nnotes:\n- id: three\n  q: What?\n  a: That.\n"
        "  needs: [uno]\n  confusable: [d/two]\n\n# On one.\n- id: uno   # why not\n"
        "  q: |-\n    What is one?\n\n    And so on.\n"
        "  a: This.\n  cite: s §1\n  was: [d/one]\n  topic: lstm\n"
    )
    assert [line for line in found["d"] if line.startswith("+")] == [
        "+    needs: [ e/uno, e/three ]\n",
        "+      - e/uno   # it is\n",
        "+  - {id: three, q: What is three?, a: Three., needs: e/uno}\n",
    ]
    assert "# --- a section ---" in (tmp_path / "d.yaml").read_text("utf-8")


def test_another_source_under_the_same_key_stops_a_move(tmp_path: Path) -> None:
    deck, other = DECK.replace("a: This.", "a: This.\n    cite: s §1"), OTHER.replace("notes:", "sources: {}\nnotes:")
    same = other.replace("{}", "{s: {title: One source, year: 1997}}")
    assert changed(written(tmp_path, d=deck, e=same), "d/one", "e/one")
    with pytest.raises(NlpcardsError, match="the deck e has another source under the key s"):
        rename(load([written(tmp_path, d=deck, e=other.replace("{}", "{s: {title: Other}}"))]), "d/one", "e/one")


@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_stay(tmp_path: Path, bom: str) -> None:
    text = bom + DECK.replace("\n", "\r\n")
    assert changed(written(tmp_path, d=text, e=OTHER), "d/one", "d/uno")["d"][1:3] == [
        "+  - id: uno   # why not\r\n",
        "+    was: [one]\r\n",
    ]
    assert (tmp_path / "d.yaml").read_bytes().startswith(bom.encode() + b"# A deck.\r\n")


@given(st.lists(st.sampled_from(["a", "é", "\n", "\r\n", " "]), max_size=20), st.data())
def test_an_edit_leaves_every_other_byte(words: list[str], data: st.DataObject) -> None:
    raw = "deck: d\r\nnotes: # " + "x".join(words).replace("\r\n", "\r\n# ").replace("\n", "\n# ")
    raw = raw.replace("\r\n# ", "\r\n#").replace("\n# ", "\n#")
    text = DeckText(raw.encode(), "d.yaml")
    assert text.edited([]) == raw.encode()
    at = data.draw(st.integers(0, len(text.text)))
    with_mark = text.edited([Edit(at, at, "@")]).decode()
    assert with_mark.replace("@", "") == raw
    assert with_mark.replace("\r\n", "\n") == f"{text.text[:at]}@{text.text[at:]}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("d/one", "d/two", "there is a note d/two already"),
        ("d/one", "e/three", "there is a note e/three already"),
        ("d/one", "d/Two!", "Two! is not an id for a note.*as in two"),
        ("d/on", "d/x", "there is no note d/on. Did you mean d/one"),
        ("d/one", "f/x", "there is no deck f"),
        ("d", "e", "there is a deck e already"),
        ("dd", "x", "there is no deck dd"),
        ("d/one#qa", "d/one#aq", "the key qa is given by the note's kind, basic"),
        ("d/one#c1", "d/one#c2", "the note d/one has no card c1. It has qa"),
        ("d/one#qa", "d/two#qa", "is a card of another note"),
    ],
)
def test_what_cannot_be_is_a_sentence(tmp_path: Path, old: str, new: str, said: str) -> None:
    library = load([written(tmp_path, d=DECK, e=OTHER)])
    with pytest.raises(UsageError, match=said) as caught:
        rename(library, old, new)
    assert caught.value.remedy


def test_bundled_decks_keep_their_ids() -> None:
    folder = bundled_folder()
    assert folder is not None
    for old, new in (("lstm", "x"), ("lstm/cell-diagram", "lstm/x"), ("lstm/cell-diagram#c1", "c9")):
        with pytest.raises(NlpcardsError, match=r"came with the program.*nlpcards edit"):
            rename(load([folder]), old, new)


def test_a_note_that_corrects_another_keeps_its_id(tmp_path: Path) -> None:
    extension = "extends: d\nnotes:\n  - id: one\n    q: Mine?\n    a: Yes.\n"
    with pytest.raises(NlpcardsError, match="corrects the one of the deck"):
        rename(load([written(tmp_path, d=DECK, x=extension, e=OTHER)]), "d/one", "d/uno")


def test_a_file_with_a_mistake_is_left_alone(tmp_path: Path) -> None:
    for text in (OTHER.replace("a: That.", "becuase: x"), OTHER.replace("a: That.", "a: [")):
        folder = written(tmp_path, d=DECK, e=text)
        with pytest.raises(DeckErrors, match=r"e\.yaml:\d+:\d+: .*The file is as it was"):
            rename(load([folder]), "d/one", "d/uno")


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (
            "c1",
            "c3",
            ["-    cloze: a {{c1::b}} c {{c2::d}} {{c1::e}}", "+    cloze: a {{c3::b}} c {{c2::d}} {{c3::e}}"],
        ),
        (
            "c2",
            "c10",
            ["-    cloze: a {{c1::b}} c {{c2::d}} {{c1::e}}", "+    cloze: a {{c1::b}} c {{c10::d}} {{c1::e}}"],
        ),
    ],
)
def test_a_cloze_gets_another_number(tmp_path: Path, old: str, new: str, lines: list[str]) -> None:
    deck = "deck: d\ntitle: T\nnotes:\n  - id: one\n    cloze: a {{c1::b}} c {{c2::d}} {{c1::e}}\n"
    found = changed(written(tmp_path, d=deck), f"d/one#{old}", f"d/one#{new}")
    assert [line.rstrip("\n") for line in found["d"]] == [*lines, f"+    was: {{{new}: {old}}}"]


def test_a_row_and_a_column_of_a_contrast_get_other_slugs(tmp_path: Path) -> None:
    deck = (
        "deck: d\ntitle: T\nnotes:\n  - id: t\n    was: [old]\n    contrast:\n      of: {x: X, y: Y}\n      by:\n"
        "        row: {ask: R, x: one, y: two}\n"
    )
    folder = written(tmp_path, d=deck)
    with pytest.raises(UsageError, match="differ in row and column"):
        rename(load([folder]), "d/t#cell.row.x", "cell.line.a")
    changed(folder, "d/t#cell.row.x", "cell.line.x")
    changed(folder, "d/t#cell.line.x", "cell.line.a")
    text = (tmp_path / "d.yaml").read_text("utf-8")
    assert "of: {a: X, y: Y}" in text
    assert "line: {ask: R, a: one, y: two}" in text
    assert "was: {t: old, cell.line.y: cell.row.y, cell.line.a: [cell.row.x, cell.line.x]}" in text


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    folder = written(tmp_path, d=DECK, e=OTHER)
    changes = rename(load([folder]), "d/one", "d/uno")
    assert len(changes) == 2
    (tmp_path / "e.yaml").write_text(OTHER + "# theirs\n", "utf-8")
    with pytest.raises(NlpcardsError, match="changed while"):
        save(changes)
    assert (tmp_path / "d.yaml").read_text("utf-8") == DECK
    (tmp_path / "e.yaml").unlink()
    (tmp_path / "e.yaml").mkdir()
    with pytest.raises(NlpcardsError, match=r"cannot be written.*nothing was changed"):
        save([changes[0], Change(tmp_path / "gone" / "e.yaml", None, b"x")])
    assert (tmp_path / "d.yaml").read_text("utf-8") == DECK
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.yaml", "e.yaml"]
