"""What is written as a deck is read as the same deck."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nlpcards.core.cards import Citation, Deck, Note, Place, Source
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.steps import Steps
from nlpcards.core.kinds.term import Term
from nlpcards.decks.reader import read_deck, read_text
from nlpcards.decks.writing import (
    IN_HEAD,
    WITHIN,
    write_deck,
    write_entry,
    write_note,
    write_scalar,
)
from tests.support.bundled import DECK_FILES
from tests.support.tracing import untraced
from tests.support.written import deck_keys, note_keys, written

HERE = Place("deck.yaml", 1, 1)

AWKWARD = (
    *(": ", ":", " #", "#", "- ", "-", "---", "...", "? ", "|", ">", "|-", "'", '"', "%", "@", "`", "!", "&", "*"),
    *("{", "}", "[", "]", ",", "\\", "\\theta", "\\n", "$x$", "\n", "\n\n", "\n  ", "\t", "  ", " ", "```", "~~~"),
    *("| a | b |", "1. ", "> ", "~", "no", "1:30", "0x10", "2026-11-21", "<<", "=", "“", "\xa0", "\u3000", "\u200b"),
    *("é", "語", "😀", "word", "sentence of some words ", "a" * 120, "\x00", "\x1b", "\x85", "\u2028", "\ufeff", "\r"),
)
TEXT = (
    (st.lists(st.sampled_from(AWKWARD) | st.text(max_size=12), max_size=15).map("".join) | st.text())
    # A lone dollar and a path that leads nowhere are mistakes of a text, however it is written.
    .map(lambda text: text.replace("$", "€").replace("![", "[").rstrip())
    .filter(bool)
)
SLUG = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,12}[a-z0-9])?", fullmatch=True)
TAG = st.from_regex(r"[^\s,\[\]{}\"'#\x00-\x1f\x7f-\x9f\ufeff\ufdd0-\uffff\ud800-\udfff]{1,9}", fullmatch=True)
DATES = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
SOURCE = st.builds(
    Source, SLUG, TEXT, TEXT | st.just(""), st.just("2017") | st.just(""), st.just("https://arxiv.org/x#y")
)
BODY = (
    st.builds(Basic, TEXT, TEXT, st.booleans())
    | st.builds(Term, TEXT, TEXT)
    | st.builds(Steps, TEXT, st.dictionaries(SLUG, TEXT, min_size=2, max_size=4).map(lambda of: tuple(of.items())))
)


@st.composite
def decks(draw: st.DrawFn) -> Deck:
    """Decks with every key that a note may carry."""
    name = draw(SLUG)
    sources = {source.key: source for source in draw(st.lists(SOURCE, max_size=3))}
    ids = draw(st.lists(SLUG, min_size=1, max_size=3, unique=True))
    topic = draw(SLUG | st.just(""))
    notes = []
    for number, note_id in enumerate(ids):
        before = tuple(f"{name}/{other}" for other in ids[:number])
        places = st.sampled_from(["", "§3.2", "Table 2: rows", "p. 4, #2"])
        cite = st.builds(Citation, st.sampled_from(sorted(sources.values(), key=str)), places)
        notes.append(
            Note(
                name,
                note_id,
                draw(BODY),
                HERE,
                topic=topic or draw(SLUG | st.just("")),
                why=draw(TEXT | st.just("")),
                cite=tuple(draw(st.lists(cite, max_size=2))) if sources else (),
                tags=tuple(draw(st.lists(TAG, max_size=14))),
                concepts=tuple(draw(st.lists(SLUG, max_size=14))),
                needs=before,
                confusable=(*before, "other-deck/x"),
                was=tuple(f"{former}/formerly-{note_id}" for former in draw(st.sets(st.sampled_from([name, "gone"])))),
                as_of=draw(DATES),
                media=draw(st.sampled_from([(), ("img/a b.png",), ("a.png", "b.png")])),
            )
        )
    was = draw(st.sampled_from([(), (f"{name}-before",)]))
    notes = [replace(note, deck_was=was) for note in notes]
    return Deck(name, draw(TEXT), "deck.yaml", tuple(notes), topic, sources, was)


def without_places(deck: Deck | None) -> Deck:
    assert deck is not None
    return replace(deck, path="", notes=tuple(replace(note, place=HERE) for note in deck.notes))


@untraced
@settings(max_examples=60)
@given(decks())
def test_a_deck_that_is_written_is_read_as_the_same(deck: Deck) -> None:
    text = written(deck)
    read = read_text(text)
    assert [problem for problem in read.problems if problem.is_error] == []
    assert without_places(read.deck) == without_places(deck)


@pytest.mark.parametrize("path", DECK_FILES, ids=lambda path: path.stem)
def test_the_decks_that_come_with_the_program_survive_writing(path: Path) -> None:
    deck = read_deck(path).deck
    assert deck is not None
    assert without_places(read_text(written(deck)).deck) == without_places(deck)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TEXT, st.integers(0, 60), st.sampled_from(["", IN_HEAD, WITHIN]))
@example("one - two " * 20 + "three", 0, "")
@example("| " + "one " * 40 + "two", 7, "")
def test_a_text_is_the_same_to_any_reader_of_yaml(text: str, used: int, quotes: str) -> None:
    scalar = write_scalar(text, 0, used, quotes=quotes)
    assert yaml.load(f"key: {scalar}\n", yaml.BaseLoader) == {"key": text}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A plain text.", ["  q: A plain text."]),
        ("no", ["  q: no"]),
        ("-1", ["  q: -1"]),
        ("So: this", ["  q: |-", "    So: this"]),
        ("Why:", ["  q: |-", "    Why:"]),
        ("a:b", ["  q: a:b"]),
        ("C #", ["  q: 'C #'"]),
        ("[CLS]", ["  q: '[CLS]'"]),
        ("'quoted'", ["  q: |-", "    'quoted'"]),
        (r"$\sigma$", ["  q: |-", r"    $\sigma$"]),
        ("one\n\n  two ", ["  q: |-", "    one", "", "      two"]),
        ("  one\ntwo", ["  q: |2-", "      one", "    two"]),
        ("\x1b[0m", [r'  q: "\x1b[0m"']),
    ],
)
def test_what_yaml_would_change_gets_quotes_or_a_block_and_all_else_is_plain(text: str, lines: list[str]) -> None:
    assert write_entry("q", text, 2) == lines


def test_long_lines_are_folded_and_long_words_are_not() -> None:
    lines = write_entry("why", "some words " * 30, 4)
    assert lines[0] == "    why: >-"
    assert len(lines) > 3
    assert max(map(len, lines)) <= 100
    assert write_entry("url", "https://example.org/" + "x" * 200, 4) == [f"    url: https://example.org/{'x' * 200}"]


def test_a_note_is_written_in_the_order_of_its_keys() -> None:
    keys = {"id": "one", "concepts": ["a", "b"], "q": "What?", "both": True, "as_of": date(2026, 11, 21)}
    nested = {"of": {"x": "X"}, "points": ["First point.", "Second"], "none": {}}
    assert write_note(keys | {"more": nested}) == (
        "  - id: one\n    concepts: [a, b]\n    q: What?\n    both: true\n    as_of: 2026-11-21\n    more:\n"
        "      of:\n        x: X\n      points:\n        - First point.\n        - Second\n      none: {}\n"
    )


def test_former_ids_of_cards_are_written_as_they_are_read() -> None:
    note = Note("d", "new", Basic("q", "a"), HERE, was=("d/old",), was_cards=(("qa", "d/older#c1"), ("qa", "e/x#c2")))
    deck = Deck("d", "D", "deck.yaml", (replace(note, was_cards=note.was_cards[:1]),))
    assert without_places(read_text(written(deck)).deck) == without_places(deck)
    many = replace(note, was=("d/old", "d/older"))
    assert note_keys(many)["was"] == {"new": ("old", "older"), "qa": ("older#c1", "e/x#c2")}
    deck = replace(deck, notes=(many,))
    assert without_places(read_text(written(deck)).deck) == without_places(deck)


def test_a_deck_that_extends_another_is_written_as_one() -> None:
    note = Note("d", "one", Basic("q", "a"), HERE)
    text = write_deck(deck_keys(Deck("d", "", "deck.yaml", (note,)), extends=True, drop=["x"]), [note_keys(note)])
    assert text == "extends: d\ndrop: [x]\nnotes:\n  - id: one\n    q: q\n    a: a\n"
    read = read_text(text)
    assert (read.extends, read.dropped, read.has_errors) == (True, ("d/x",), False)


def test_half_a_character_is_one_clear_error() -> None:
    with pytest.raises(NlpcardsError, match="half a character"):
        write_scalar("\ud800", 0)


def test_what_no_deck_holds_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        write_entry("q", 1.5, 0)
