"""Facts of the deck on document understanding: its measures by their definitions, its programs run."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import groupby, pairwise
from typing import Any

import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "too-small-too-large": "karpukhin2020, §4.1, and lewis2020, §3: passages of 100 words",
    "donut-resolution": "224 by 224 pixels: the usual input of image classifiers, compared with kim2022, §4",
    "markdown-loses-spans": "years as names of columns, an example",
    "boxes-per-piece": "the transformers documentation, LayoutLM, example: boxes of [CLS] and [SEP]",
    "iou-drill": "everingham2010: a detection counts from an overlap of 0.5; the rest is computed below",
}


def edits(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def collapse(path: str) -> str:
    return "".join(symbol for symbol, _ in groupby(path)).replace("-", "")


@pytest.mark.proves("ctc-collapse", "ctc-blank")
def test_ctc_merges_before_it_drops_blanks(text: Text) -> None:
    q = prose(text("document-understanding/ctc-collapse", "q"))
    path = q.split("emits `")[1].split("`")[0]
    assert collapse(path) == text("document-understanding/ctc-collapse", "typed")
    assert collapse("bbooookk") == "bok"
    assert collapse("baannk") == "bank"


@pytest.mark.proves("character-error-drill")
def test_character_errors_are_edits_over_the_length_of_the_truth(text: Text, drill: Drill) -> None:
    letters = "abcdefghij" * 20
    read = "X" * 4 + letters[4:-1] + "YYY"
    assert edits(letters, read) <= 4 + 1 + 3
    assert drill("document-understanding/character-error-drill", n=200, s=4, d=1, i=3) == pytest.approx(4.0)
    assert edits("ab", "wxyz") / len("ab") > 1
    assert "passes 100%" in prose(text("document-understanding/character-error-drill", "why"))


@pytest.mark.proves("word-from-characters-drill")
def test_a_field_is_right_if_all_its_characters_are(drill: Drill) -> None:
    for p, n in ((0.9, 5), (0.99, 20)):
        assert drill("document-understanding/word-from-characters-drill", p=p, n=n) == pytest.approx(
            math.prod([p] * int(n))
        )


@pytest.mark.proves("box-code")
def test_boxes_are_scaled_to_a_thousand(text: Text) -> None:
    names: dict[str, Any] = {}
    exec(program(text("document-understanding/box-code", "cloze")), names)
    assert names["normalize"]((0, 0, 850, 1100), 850, 1100) == [0, 0, 1000, 1000]
    assert names["normalize"]((85, 550, 170, 825), 850, 1100) == [100, 500, 200, 750]


@pytest.mark.proves("anls-drill", "anls-on-amounts")
def test_anls_forgives_up_to_half(text: Text, drill: Drill) -> None:
    def anls(said: str, gold: str) -> float:
        share = edits(said, gold) / max(len(said), len(gold))
        return 1 - share if share < 0.5 else 0.0

    gold = "abcdefgh"
    for d in (1, 2, 3, 4, 6):
        said = "X" * d + gold[d:]
        assert drill("document-understanding/anls-drill", d=d, n=8) == pytest.approx(anls(said, gold))
    assert "threshold of 0.5" in prose(text("document-understanding/anls-drill", "drill.ask"))
    assert f"still scores {anls('1234567890', '1234567899')}" in prose(
        text("document-understanding/anls-on-amounts", "a")
    )


@pytest.mark.proves("chunk-code", "chunk-count-drill")
def test_chunks_cover_the_text_and_are_as_many_as_the_formula_says(text: Text, drill: Drill) -> None:
    code = program(text("document-understanding/chunk-code", "cloze"))
    for n, s, o in ((1000, 200, 20), (2000, 300, 100), (5000, 500, 50), (1000, 500, 100)):
        names: dict[str, Any] = {"tokens": list(range(n)), "size": s, "overlap": o}
        exec(code, names)
        chunks = names["chunks"]
        assert sorted({token for chunk in chunks for token in chunk}) == names["tokens"]
        assert all(one[-o:] == two[:o] for one, two in pairwise(chunks))
        assert all(len(chunk) > o for chunk in chunks)
        assert drill("document-understanding/chunk-count-drill", n=n, s=s, o=o) == len(chunks)


@pytest.mark.proves("iou-drill")
def test_intersection_over_union_of_a_shifted_box(drill: Drill) -> None:
    for w, d in ((10, 2), (12, 4), (16, 6)):
        one, two = set(range(100 * w)), set(range(100 * d, 100 * (w + d)))
        assert drill("document-understanding/iou-drill", w=w, d=d) == pytest.approx(len(one & two) / len(one | two))


@pytest.mark.proves("teds-formula")
def test_the_formula_fills_in(text: Text) -> None:
    said = prose(filled(text("document-understanding/teds-formula", "cloze")))
    assert r"1 - \frac{\mathrm{EditDist}(T_1, T_2)}{\max(|T_1|, |T_2|)}" in said
