"""What is read of a file at a glance is what the YAML parser reads, and a glance at a text sees no less than a look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yaml.error import MarkedYAMLError

from nlpcards.core.markup import parse, scan
from nlpcards.core.markup.cloze import plain_numbers
from nlpcards.core.markup.source import regions
from nlpcards.decks.by_notes import NotByNotes, read_by_notes
from nlpcards.decks.files import clean_text
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, SecondDocument, TooDeep, compose
from nlpcards.decks.plainly import plain_notes
from nlpcards.decks.reader import read_text
from nlpcards.decks.source import Found, SourceText
from nlpcards.decks.words import is_surely_sound, may_tear
from tests.support.hostile import HEAD

DECKS = Path(__file__).parents[2] / "decks"


class Kept:
    """Keeps all notes."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def begin(self, root: MapNode) -> Callable[[Node], None] | None:
        return self.nodes.append


def without_ends(node: Node) -> Node:
    """A node whose lists in lines, missing values, and what they are last in, end nowhere: what follows decides it."""
    if isinstance(node, ListNode):
        end = node.end if node.flow else node.start
        return ListNode([without_ends(item) for item in node.items], node.start, end, node.flow)
    if isinstance(node, MapNode):
        entries = [(key, without_ends(value)) for key, value in node.entries]
        last = entries[-1][1] if entries else node
        open_end = isinstance(last, ListNode | MapNode) and not last.flow
        if isinstance(last, Scalar) and not last.value and not last.style:
            open_end, entries[-1] = True, (entries[-1][0], Scalar("", node.start, node.start, ""))
        return MapNode(entries, node.start, node.start if open_end else node.end, node.flow)
    return node


def parsed(text: str) -> tuple[list[Node], list[Found]]:
    """The notes of a text by the YAML parser alone, and what was found wrong."""
    source, kept = SourceText(text, "deck.yaml"), Kept()
    root = compose(source, sink=kept)
    assert isinstance(root, MapNode)
    rest = [item for _, value in root.entries if isinstance(value, ListNode) for item in value.items]
    return [without_ends(node) for node in (*kept.nodes, *rest)], source.found


def glanced(text: str) -> tuple[list[Node], list[Found]]:
    """The notes of a text note by note, and what was found wrong."""
    source, kept = SourceText(text, "deck.yaml"), Kept()
    read_by_notes(source, sink=kept)
    return [without_ends(node) for node in kept.nodes], source.found


SIGNS = st.sampled_from([*"-:'\"#[]{},|&*!?%@`\\$~ ", "''", ": ", " #", "- ", ", ", "  ", "\t", "---", "...", "\xa0"])
WORDS = st.sampled_from(
    ["a", "b c", "a1", "é", "{a: b, c: d e}", "[1, 2]", "[a, b-c]", "'it''s'", '"x"', "|-\n", ">-\n"]
)
LINES = st.sampled_from(
    ["", " " * 2, " " * 3, " " * 4, " " * 6, " " * 8, "      - ", "    a: ", "    tags: [a, b]", "      x: "]
)
COMMENTS = st.sampled_from(["\n  # no\n", "\n      # no\n", "\n  - q: ", "\n\n"])
PIECES = st.lists(SIGNS | WORDS | LINES.map("\n{}".format) | COMMENTS, max_size=9).map("".join)


@given(st.lists(st.tuples(st.sampled_from(["q", "a", "why", "x-1", "points"]), PIECES), min_size=1, max_size=4))
@settings(max_examples=600)
def test_notes_read_at_a_glance_are_those_that_the_parser_reads(values: list[tuple[str, str]]) -> None:
    notes = "".join(f"    {key}: {value}\n" for key, value in values)
    text = clean_text(f"deck: d\nnotes:\n  -{notes[3:]}\n  - q: x\n    a: y\n", "deck.yaml").text
    try:
        nodes = glanced(text)
    except (NotByNotes, MarkedYAMLError, TooDeep, SecondDocument):
        return
    assert nodes == parsed(text)


SOUND = (
    "  - id: one\n    q: |-\n      first\n\n      - last $x$\n    a: 'it''s'\n    tags: [a, b-c]\n\n"
    "  # between\n  - contrast:\n      of: {a: A one, b: B}\n      by:\n        r:\n          ask: x\n          a: y\n"
    '  - explain: >-\n      one\n      line\n    points:\n      - a\n      - |-\n        b: c\n    why: "x"\n'
)
BREAKING = (
    st.sampled_from([*"-:'\"#[]{},|&*!?%> \n", ": ", " #", "- ", "\t", "|-\n", ">-\n", "|+", "? ", "<<", "''"])
    | st.sampled_from(["\n\n", "\n ", "\n  ", "\n    ", "\n- ", "\n  - ", " \n-    a: b\n\n", "---\n", "\n  # c\n"])
    | st.sampled_from(["a: b", "-1", "{a: b, a: c}", "{a: b}", "[a,b]", "[a, ]", "[-1, a]"])
)
EDITS = st.lists(st.tuples(st.integers(0, len(SOUND)), st.integers(0, 6), BREAKING), min_size=1, max_size=4)


@given(EDITS)
@example([(SOUND.index("A one") - 4, 13, "{a: b, a: c}")])
@example([(SOUND.index("    points"), 0, " \n-    a: b\n\n")])
@settings(max_examples=600)
def test_no_mistake_in_sound_notes_is_missed_at_a_glance(edits: list[tuple[int, int, str]]) -> None:
    notes = SOUND
    for at, gone, put in edits:
        notes = f"{notes[:at]}{put}{notes[at + gone :]}"
    text = clean_text(f"deck: d\nnotes:\n{notes}", "deck.yaml").text
    try:
        nodes = glanced(text)
    except (NotByNotes, MarkedYAMLError, TooDeep, SecondDocument):
        return
    assert nodes == parsed(text)


@pytest.mark.parametrize("path", sorted(DECKS.glob("*.yaml")), ids=lambda path: str(path.stem))
def test_the_notes_of_the_bundled_decks_are_read_at_a_glance(path: Path) -> None:
    text = path.read_text("utf-8")
    assert glanced(text) == parsed(text)
    column = 2
    start = text.index("\n  - ") + 1
    assert all(each.node is not None for each in plain_notes(text, start, column))


def test_every_way_of_writing_that_a_glance_takes_gives_its_text() -> None:
    text = (
        "deck: d\nnotes:\n"
        "- id: one\n  q: |-\n    first\n      further in\n\n    last\n  a: >-\n    one\n    line\n  why: 'it''s'\n\n"
        "# between\n- id: two\n  explain: \"x\"\n  points:\n    - a\n    - |-\n      b: c\n    - 'd'\n"
        "  tags: [a, b-c]\n- contrast:\n    of: {a: A one, b: B}\n    by:\n      r:\n        ask: x\n        a: y\n"
    )
    assert all(each.node is not None for each in plain_notes(text, text.index("- id"), 0))
    assert glanced(text) == parsed(text)


def test_a_mistake_in_one_of_many_notes_costs_that_note_only() -> None:
    notes = "".join(f"  - id: n{number}\n    q: What is {number}?\n    a: A number.\n" for number in range(5_000))
    read = read_text(f"deck: d\ntitle: T\nnotes:\n{notes}  - q: 'x\n    a: y\n")
    assert read.deck is not None
    assert len(read.deck.notes) == 5_000
    assert [problem.line for problem in read.problems if problem.is_error] == [15_004]


def test_a_note_with_very_many_unknown_keys_names_some_of_them() -> None:
    keys = "".join(f"  k{number}: x\n" for number in range(300))
    found = [problem for problem in read_text(f"{HEAD}- q: x\n  a: y\n{keys}").problems if problem.code == "D401"]
    assert len(found) == 21
    assert "280 more keys" in found[-1].message


MARKS = st.sampled_from([*" $`\\{}|[<#1aé\n", "\n\n", "$$", "``", "```", "::", "](", "- ", "> ", "---", "\\\\", "\\{"])
SPANS = st.sampled_from(["{{c1::", "}}", "{{c1::$x$}}", "{{c3::\\tilde{c}}}", "{{c501::x}}", "{{c1::a::b}}"])
TABLE = "\n| a | b |\n|---|---|\n| {{c1::x}} | y |"
WHOLE = st.sampled_from(["$x$", "\n```\n", "~~~\n", "| {{c1::x}} |", "{{C1::a}}", TABLE])
MARKUP = st.lists(MARKS | SPANS | WHOLE, max_size=14).map("".join)


@given(MARKUP)
@settings(max_examples=600)
def test_the_numbers_seen_at_a_glance_are_those_of_the_clozes(text: str) -> None:
    numbers = plain_numbers(text)
    if numbers is not None:
        assert scan(text).errors == ()
        assert scan(text).numbers == numbers


@given(MARKUP)
@settings(max_examples=600)
def test_a_text_that_seems_sound_has_no_lone_dollar_and_loses_no_cloze(text: str) -> None:
    value = text.rstrip()
    source, scalar = SourceText(value, "deck.yaml"), Scalar(value, 0, len(value), "|")
    if is_surely_sound(source, scalar):
        assert regions(value).lone_dollars == ()
    if scan(value).errors == () and not may_tear(value):
        document = parse(value, cloze=True)
        assert (document.torn, document.lost) == ((), ())
