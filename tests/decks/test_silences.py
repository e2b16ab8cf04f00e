"""A comment silences advice where it stands, and says so where it cannot or need not."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlpcards.decks.check import check

HEAD = "deck: made\ntitle: Made\n{0}sources:\n  s: {{title: S}}\nnotes:\n"
YES = "  - id: {0}\n    q: Is {0} {1}?\n    a: Yes.\n    why: It is so.\n    cite: s\n"


def codes(folder: Path, text: str) -> list[tuple[int, str]]:
    path = folder / "made.yaml"
    path.write_text(text, "utf-8")
    return [(problem.line, problem.code) for problem in check([path])]


def deck(top: str = "", before: str = "", inside: str = "", after: str = "") -> str:
    one, two = YES.format("one", "odd").replace("    why", f"{inside}    why"), YES.format("two", "even")
    return HEAD.format(top) + before + one + after + two


def test_without_a_comment_both_notes_earn_advice(tmp_path: Path) -> None:
    assert codes(tmp_path, deck()) == [(7, "Q003"), (12, "Q003")]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (deck(top="# nlpcards: ignore Q003\n"), []),
        ("# nlpcards: ignore Q003\n" + deck(), []),
        (deck(before="  # nlpcards: ignore Q003\n"), [(13, "Q003")]),
        (deck(before="# nlpcards: ignore Q003\n\n  # It is so.\n"), [(15, "Q003")]),
        (deck(inside="    # nlpcards: ignore Q003\n"), [(13, "Q003")]),
        (deck(after="    # nlpcards: ignore Q003\n"), [(13, "Q003")]),
        (deck(after="  # nlpcards: ignore Q003\n"), [(7, "Q003")]),
        (deck() + "    # nlpcards: ignore Q003\n", [(7, "Q003")]),
        (deck(before="  #nlpcards:ignore q003\n"), [(13, "Q003")]),
    ],
    ids="before-the-deck top before before-and-apart inside end-of-it before-the-second end-of-file tight".split(),
)
def test_a_comment_speaks_for_the_file_or_for_the_note_it_stands_at(
    text: str, left: list[tuple[int, str]], tmp_path: Path
) -> None:
    assert codes(tmp_path, text) == left


@pytest.mark.parametrize("parting", [" ", ",", ", ", " ,  "])
def test_several_codes_stand_in_one_comment(parting: str, tmp_path: Path) -> None:
    text = deck(top=f"# nlpcards: ignore Q003{parting}Q008\n").replace("    why: It is so.\n", "")
    assert codes(tmp_path, text) == []


def test_advice_on_the_deck_as_data_can_be_silenced_too(tmp_path: Path) -> None:
    text = deck(top="# nlpcards: ignore Q003 D421\n").replace("- id: one\n    q:", "- q:")
    assert codes(tmp_path, text) == []


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("ignore Q003 Q004", [(6, "Q091")]),
        ("ignore Q003 Q777", [(6, "Q090")]),
        ("ignore Q003 D101", [(6, "Q090")]),
        ("ignore", [(6, "Q090"), (8, "Q003")]),
        ("silence Q003", [(6, "Q090"), (8, "Q003")]),
    ],
)
def test_a_comment_that_does_not_work_is_told_of(comment: str, said: list[tuple[int, str]], tmp_path: Path) -> None:
    text = deck(before=f"  # nlpcards: {comment}\n").partition("  - id: two")[0]
    assert codes(tmp_path, text) == said


def test_an_error_stays_and_its_comment_is_told_of(tmp_path: Path) -> None:
    text = deck(top="# nlpcards: ignore D208 Q003\n").replace("a: Yes.", "a: [CLS]", 1)
    assert codes(tmp_path, text) == [(3, "Q090"), (9, "D208")]


def test_nothing_is_said_of_what_an_error_may_hide(tmp_path: Path) -> None:
    text = deck(inside="    # nlpcards: ignore Q003\n").replace("a: Yes.", "a: [CLS]", 1)
    assert codes(tmp_path, text) == [(8, "D208"), (13, "Q003")]


def test_a_comment_for_what_other_files_decide_may_silence_nothing_now(tmp_path: Path) -> None:
    assert codes(tmp_path, deck(top="# nlpcards: ignore Q003 Q006 D503\n")) == []


def test_what_looks_like_a_comment_inside_a_text_is_text(tmp_path: Path) -> None:
    text = deck().replace("why: It is so.", "why: |-\n      ```\n      # nlpcards: ignore Q003\n      ```", 1)
    assert codes(tmp_path, text) == [(7, "Q003"), (15, "Q003")]
