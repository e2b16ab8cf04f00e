"""What a sound deck file becomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from nlpcards.core.cards import Citation, Note, Source
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.decks.reader import read_deck, read_text
from tests.support.bundled import DECK_FILES

ROOT = Path(__file__).parents[2]

FULL = """\
# A comment before everything.
deck: lstm                      # the id
title: LSTM gates
topic: lstm
sources:
  gers2000:
    title: "Learning to Forget: Continual Prediction with LSTM"
    authors: Gers, Schmidhuber and Cummins
    year: 2000
    url: https://doi.org/10.1162/089976600300015015
  other: {title: Another}
notes:
  # --- gates ---
  - id: forget-gate-role
    concepts: [forget-gate]
    q: What does the forget gate $f_t$ decide?
    a: How much of each component of the old cell state $c_{t-1}$ is kept.
    why: |-
      It multiplies $c_{t-1}$ elementwise,
      so nothing is lost.
    cite: gers2000 §3; other
    tags: [gates]
    as_of: 2026-11-21
    expires: 2027-11-21
    was: [old-id, elsewhere/older]

  - id: cell-update
    topic: cells
    cloze: $c_t = {{c1::f_t}} \\odot c_{t-1} + {{c2::i_t}} \\odot \\tilde{c}_t$
    needs: [forget-gate-role, attention/softmax]
    confusable: forget-gate-role
    cite:
      - gers2000 Table 2
      - other

  - q: Without an id?
    a: "It works."
    both: true
"""


def notes_of(text: str) -> Sequence[Note]:
    read = read_text(text)
    assert read.deck is not None
    assert not [problem for problem in read.problems if problem.is_error]
    return read.deck.notes


def one_note(*lines: str) -> Note:
    (note,) = notes_of("deck: d\ntitle: T\nnotes:\n  - " + "\n    ".join(lines) + "\n")
    return note


def test_the_head_of_a_deck_is_read() -> None:
    deck = read_text(FULL, "some/lstm.yaml").deck
    assert deck is not None
    assert (deck.id, deck.title, deck.topic, deck.path) == ("lstm", "LSTM gates", "lstm", "some/lstm.yaml")
    assert deck.sources["gers2000"] == Source(
        "gers2000",
        "Learning to Forget: Continual Prediction with LSTM",
        "Gers, Schmidhuber and Cummins",
        "2000",
        "https://doi.org/10.1162/089976600300015015",
    )
    assert deck.sources["other"] == Source("other", "Another")


def test_every_key_of_a_note_is_read() -> None:
    first, second, third = notes_of(FULL)
    gers = Source(
        "gers2000",
        "Learning to Forget: Continual Prediction with LSTM",
        "Gers, Schmidhuber and Cummins",
        "2000",
        "https://doi.org/10.1162/089976600300015015",
    )
    assert first.full_id == "lstm/forget-gate-role"
    assert first.body == Basic(
        "What does the forget gate $f_t$ decide?",
        "How much of each component of the old cell state $c_{t-1}$ is kept.",
    )
    assert first.why == "It multiplies $c_{t-1}$ elementwise,\nso nothing is lost."
    assert first.cite == (Citation(gers, "§3"), Citation(Source("other", "Another"), ""))
    assert (first.concepts, first.tags, first.topic) == (("forget-gate",), ("gates",), "lstm")
    assert (first.as_of, first.expires) == (date(2026, 11, 21), date(2027, 11, 21))
    assert first.was == ("lstm/old-id", "elsewhere/older")
    assert second.body == ClozeText("$c_t = {{c1::f_t}} \\odot c_{t-1} + {{c2::i_t}} \\odot \\tilde{c}_t$", (1, 2))
    assert second.topic == "cells"
    assert second.needs == ("lstm/forget-gate-role", "attention/softmax")
    assert second.confusable == ("lstm/forget-gate-role",)
    assert second.cite == (Citation(gers, "Table 2"), Citation(Source("other", "Another"), ""))
    assert third.body == Basic("Without an id?", "It works.", both=True)


def test_a_note_knows_the_place_of_its_first_key() -> None:
    places = [(note.place.line, note.place.column) for note in notes_of(FULL)]
    assert places == [(14, 5), (27, 5), (36, 5)]


def test_a_note_without_an_id_gets_the_hash_of_its_kind_and_question() -> None:
    note = one_note("q: What is it?", "a: This.")
    again = one_note("q: What is it?", "a: Something else.", "why: For another reason.")
    other = one_note("cloze: '{{c1::What}} is it?'")
    assert note.id_is_hash
    assert note.id.startswith("h-")
    assert len(note.id) == 14
    assert note.id == again.id != other.id


def test_notes_may_stand_before_what_they_refer_to() -> None:
    head, notes = FULL.split("notes:\n")
    turned = read_text(f"notes:\n{notes}{head}").deck
    straight = read_text(FULL).deck
    assert turned is not None
    assert straight is not None
    assert [(note.id, note.body, note.cite, note.topic) for note in turned.notes] == [
        (note.id, note.body, note.cite, note.topic) for note in straight.notes
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "no",
        "yes",
        "on",
        "null",
        "~",
        "1:30",
        "0x10",
        "012",
        "1e3",
        "1_000",
        "2026-11-21",
        ".5",
        "true",
        "=",
        "NaN",
        "12:30:45",
    ],
)
def test_a_scalar_stays_what_was_typed(typed: str) -> None:
    body = one_note("q: x", f"a: {typed}").body
    assert isinstance(body, Basic)
    assert body.answer == typed


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("'it''s'", "it's"),
        ('"a \\"quoted\\" \\\\ word"', 'a "quoted" \\ word'),
        ('"one\\ntwo"', "one\ntwo"),
        ('"caf\\u00e9"', "café"),
        ("|-\n      one: two # three\n      - four\n        five", "one: two # three\n- four\n  five"),
        ("|\n      kept\n\n", "kept"),
        (">-\n      one\n      two", "one two"),
        ("one\n      two", "one two"),
        ("'one' # a comment", "one"),
        ("|- # a comment\n      one", "one"),
        ("a#b", "a#b"),
        ("https://a.b/c#d", "https://a.b/c#d"),
        ("x:y", "x:y"),
        ("costs \\$5, or 5$ in A$", "costs \\$5, or 5$ in A$"),
        ("$\\{a\\}$ and `$`", "$\\{a\\}$ and `$`"),
    ],
)
def test_a_text_may_be_written_in_every_way_that_changes_nothing(written: str, meant: str) -> None:
    text = f"deck: d\ntitle: T\nnotes:\n  - id: one\n    q: x\n    a: {written}\n"
    assert read_text(text).problems == ()
    (note,) = notes_of(text)
    assert isinstance(note.body, Basic)
    assert note.body.answer == meant


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_change_nothing(ending: str, mark: str) -> None:
    assert notes_of(mark + FULL.replace("\n", ending)) == notes_of(FULL)


def test_lists_may_have_commas_between_numbers() -> None:
    assert one_note("q: x", "a: y", "tags: [64, 128, 300]").tags == ("64", "128", "300")
    assert one_note("q: x", "a: y", "tags: [1,2,3]").tags == ("1", "2", "3")


def test_a_document_may_begin_and_end_with_its_marks() -> None:
    assert notes_of(f"---\n{FULL}...\n") != ()


@pytest.mark.parametrize("path", DECK_FILES, ids=lambda path: path.name)
def test_the_bundled_decks_have_no_problem(path: Path) -> None:
    read = read_deck(path)
    assert [str(problem) for problem in read.problems] == []
    assert read.deck is not None
    assert read.deck.notes
