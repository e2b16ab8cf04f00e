"""What is read of a file at a glance is what the YAML parser reads, and a glance at a text sees no less than a look."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from operator import attrgetter

from hypothesis import example, given, settings
from hypothesis import strategies as st
from yaml.error import MarkedYAMLError

from nlpcards.core.markup import parse, scan
from nlpcards.core.markup.cloze import plain_numbers
from nlpcards.core.markup.source import regions
from nlpcards.decks.by_notes import NotByNotes, read_by_notes
from nlpcards.decks.files import clean_text
from nlpcards.decks.glance import Glancer
from nlpcards.decks.head import read_head
from nlpcards.decks.nodes import MapNode, Node, Scalar, SecondDocument, TooDeep, compose
from nlpcards.decks.notes import NoteReader, ReadNote
from nlpcards.decks.plainly import Stretch, plain_notes
from nlpcards.decks.reader import read_text
from nlpcards.decks.source import Found, SourceText
from nlpcards.decks.values import Values
from nlpcards.decks.words import is_surely_sound, may_tear
from tests.support.bundled import DECK_FILES
from tests.support.hostile import HEAD
from tests.support.tracing import untraced

pytestmark = untraced


class Kept:
    """Keeps all notes as read, those that a glance is enough for read so, or all of them parsed."""

    def __init__(self, source: SourceText, *, glance: bool) -> None:
        self.source = source
        self.is_glancing = glance
        self.notes: list[ReadNote] = []
        self.glanced = 0

    def begin(self, root: MapNode) -> Callable[[Node], None] | None:
        head = read_head(self.source, {key.value: (key, value) for key, value in root.entries}, None)
        self.values, self.topic = Values(self.source, head.id, head.sources, None), head.topic
        read = NoteReader(self.values, head.topic).read
        return lambda node: self.notes.append(read(node))

    def glance(self, column: int) -> Callable[[Stretch], bool] | None:
        read = Glancer(self.values, self.topic, column).read

        def take(stretch: Stretch) -> bool:
            note = read(stretch)
            if note is not None:
                self.notes.append(note)
                self.glanced += 1
            return note is not None

        return take if self.is_glancing else None


def parsed(text: str) -> tuple[list[ReadNote], list[Found]]:
    """The notes of a text by the YAML parser alone, and what was found wrong."""
    source = SourceText(text, "deck.yaml")
    kept = Kept(source, glance=False)
    root = compose(source, sink=kept)
    assert isinstance(root, MapNode)
    return kept.notes, sorted(source.found)


def glanced(text: str) -> tuple[list[ReadNote], list[Found]]:
    """The notes of a text note by note, and what was found wrong."""
    source = SourceText(text, "deck.yaml")
    kept = Kept(source, glance=True)
    read_by_notes(source, sink=kept)
    return in_order(kept.notes), sorted(source.found)


def in_order(notes: list[ReadNote]) -> list[ReadNote]:
    """Notes in the order of the file: those that are parsed together come when the last of them does."""
    return sorted(notes, key=attrgetter("at"))


SIGNS = st.sampled_from([*"-:'\"#[]{},|&*!?%@`\\$~ ", "''", ": ", " #", "- ", ", ", "  ", "\t", "---", "...", "\xa0"])
WORDS = st.sampled_from(
    ["a", "b c", "a1", "é", "{a: b, c: d e}", "[1, 2]", "[a, b-c]", "'it''s'", '"x"', "|-\n", ">-\n"]
)
LINES = st.sampled_from(
    ["", " " * 2, " " * 3, " " * 4, " " * 6, " " * 8, "      - ", "    a: ", "    tags: [a, b]", "      x: "]
)
COMMENTS = st.sampled_from(["\n  # no\n", "\n      # no\n", "\n  - q: ", "\n\n"])
PIECES = st.lists(SIGNS | WORDS | LINES.map("\n{}".format) | COMMENTS, max_size=9).map("".join)


HEAD_WITH_SOURCES = "deck: d\nsources:\n  s2020: {title: S}\n  t: {title: T}\nnotes:\n"
KEYS = st.sampled_from("q a why x-1 points cloze typed id tags cite needs concepts as_of topic".split())
SOME = st.sampled_from(
    ["s2020 §3; t, p. 4", "s2020, t §2", "[one, e/two]", "2020-02-30", "{{c1::x\n      y}}", "$x$ $"]
)


@given(st.dictionaries(KEYS, PIECES | SOME, max_size=4))
@example({"cite": "s2020 §3; t, p. 4", "needs": "[one, e/two]", "as_of": "2020-02-29"})
@example({"why": ">-\n      one line\n      > two"})
@settings(max_examples=600)
def test_notes_read_at_a_glance_are_those_that_the_parser_reads(values: dict[str, str]) -> None:
    notes = "".join(f"    {key}: {value}\n" for key, value in ({"q": "x", "a": "y"} | values).items())
    text = clean_text(f"{HEAD_WITH_SOURCES}  -{notes[3:]}\n  - q: x\n    a: y\n", "deck.yaml").text
    try:
        read = glanced(text)
    except (NotByNotes, MarkedYAMLError, TooDeep, SecondDocument):
        return
    assert read == parsed(text)


SOUND = (
    "  - id: one\n    q: |-\n      first\n\n      - last $x$\n    a: 'it''s'\n    tags: [a, b-c]\n\n"
    "  # between\n  - contrast:\n      of: {a: A one, b: B}\n      by:\n        r:\n          ask: x\n          a: y\n"
    '  - explain: >-\n      one\n      line\n    points:\n      - a\n      - |-\n        b: c\n    why: "x"\n'
    "  - drill:\n      ask: What is {{n}} times 2?\n      given:\n        n: [1, 2]\n      answer: 2 * n\n"
    "    cite: s2020 §3\n    needs: [one]\n  - q: x\n    typed: 3\n    tolerance: 1%\n    accept: [a, b]\n"
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
@example([(SOUND.index("[one]"), 5, "one")])
@settings(max_examples=600)
def test_no_mistake_in_sound_notes_is_missed_at_a_glance(edits: list[tuple[int, int, str]]) -> None:
    notes = SOUND
    for at, gone, put in edits:
        notes = f"{notes[:at]}{put}{notes[at + gone :]}"
    text = clean_text(f"{HEAD_WITH_SOURCES}{notes}", "deck.yaml").text
    try:
        read = glanced(text)
    except (NotByNotes, MarkedYAMLError, TooDeep, SecondDocument):
        return
    assert read == parsed(text)


def test_a_glance_is_enough_for_sound_notes_of_every_kind() -> None:
    source = SourceText(HEAD_WITH_SOURCES + SOUND, "deck.yaml")
    kept = Kept(source, glance=True)
    read_by_notes(source, sink=kept)
    assert kept.glanced == len(kept.notes) == 5
    assert kept.notes == parsed(source.text)[0]


def test_the_notes_of_the_bundled_decks_are_read_at_a_glance_and_no_otherwise() -> None:
    notes = glances = 0
    for path in DECK_FILES:
        text = path.read_text("utf-8")
        source = SourceText(text, "deck.yaml")
        kept = Kept(source, glance=True)
        with suppress(NotByNotes):  # the few files that are no decks of notes
            read_by_notes(source, sink=kept)
            assert (in_order(kept.notes), sorted(source.found)) == parsed(text)
        notes += len(kept.notes)
        glances += kept.glanced
    assert glances > 0.9 * notes > 0


def test_every_way_of_writing_that_a_glance_takes_gives_its_text() -> None:
    text = (
        "deck: d\nnotes:\n"
        "- id: one\n  q: |-\n    first\n      further in\n\n    last\n  a: >-\n    one\n    line\n  why: 'it''s'\n\n"
        "# between\n- id: two\n  explain: \"x\"\n  points:\n    - a\n    - |-\n      b: c\n    - 'd'\n"
        "  tags: [a, b-c]\n- contrast:\n    of: {a: A one, b: B}\n    by:\n      r:\n        ask: x\n        a: y\n"
    )
    assert all(each.content is not None for each in plain_notes(text, text.index("- id"), 0, 3))
    assert glanced(text) == parsed(text)


def test_a_mistake_in_one_of_very_many_notes_costs_that_note_only() -> None:
    tags = ", ".join(f"t{number}" for number in range(10))
    notes = "".join(
        f"  - id: n{number}\n    q: What is {number}?\n    a: A number.\n    tags: [{tags}]\n"
        for number in range(9_000)
    )
    read = read_text(f"deck: d\ntitle: T\nnotes:\n{notes}  - q: 'x\n    a: y\n")
    assert read.deck is not None
    assert len(read.deck.notes) == 9_000
    assert [problem.line for problem in read.problems if problem.is_error] == [36_004]


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


LINE = st.sampled_from(
    ["words", "- item", "1. item", "  more", "   more", "    far", "$x$ y", "(so)", "\\in", "===", "# h", "> q", "", ""]
)
SPREAD = st.lists(
    LINE | st.sampled_from(["{{c1::a", "b}} c", "x {{c2::y", "- {{c1::z", "z}}", "{{c1::a}}"]), max_size=7
)


@given(SPREAD.map("\n".join))
@example("# a {{c1::b\nc}}")
@example("- {{c1::a\n  b}}")
@settings(max_examples=300)
def test_a_cloze_that_goes_on_in_the_next_line_is_never_torn_unseen(text: str) -> None:
    if scan(text).errors == () and not may_tear(text):
        document = parse(text, cloze=True)
        assert (document.torn, document.lost) == ((), ())
