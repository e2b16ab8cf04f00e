"""Whatever a file holds, the reader reports and never raises."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from nlpcards.core.kinds.basic import Basic
from nlpcards.decks.codes import CODES
from nlpcards.decks.files import clean_text, decode
from nlpcards.decks.library import Library
from nlpcards.decks.reader import read_text
from tests.support.bundled import DECK_FILES

FRAGMENTS = [
    *(
        "deck: d",
        "title: T",
        "topic: t",
        "sources:",
        "notes:",
        "  - ",
        "- ",
        "id: a",
        "q: x",
        "a: y",
        "cloze: {{c1::x}}",
    ),
    *(
        "why: ",
        "cite: s",
        "needs: [a]",
        "was: b",
        "tags: ",
        "\n",
        "\n  ",
        "\n    ",
        "\n\t",
        ": ",
        " #",
        "|-",
        ">",
        "'",
        '"',
    ),
    *("\\n", "\\x", "{", "}", "[", "]", ",", "&x", "*x", "!x", "<<: ", "---\n", "...\n", "%YAML 1.1\n", "? ", "\ufeff"),
    *("\0", "\x85", "\u2028", "\udce9", "$", "`", "“", "\xa0", "😀", "@", "1,000"),
]
SOUP = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=40).map("".join)


@given(st.text() | SOUP)
@example("notes:\n- notes:\n- :")
@example("deck: d\nnotes:\n  -\n -\n-\nq:\n")
@example("sources:\n  a: [\nnotes:\n")
@example("{{")
@example("- - - -")
def test_no_text_makes_the_reader_raise(text: str) -> None:
    read = read_text(text)
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    for problem in read.problems:
        assert problem.code in CODES
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.message
        assert "\n" not in problem.message + problem.hint
        assert problem.hint.endswith((".", "?", "!"))
    assert list(read.problems) == sorted(set(read.problems))


@given(st.binary())
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    source = clean_text(decode(data), "f.yaml")
    assert "\0" not in source.text
    read_text(decode(data))


@given(SOUP)
def test_a_broken_note_never_hides_its_neighbours(soup: str) -> None:
    inside = "\n".join(f"      {line}" for line in re.split(r"[\n\r\x85\u2028\u2029]", soup))
    text = (
        "deck: d\ntitle: T\nnotes:\n  - id: good-one\n    q: x\n    a: y\n"
        f"  - id: broken\n    q:\n{inside}\n    a: y\n"
        "  - id: good-two\n    q: z\n    a: y\n"
    )
    read = read_text(text)
    assert read.deck is not None
    ids = [note.id for note in read.deck.notes]
    assert ids[0] == "good-one"
    assert ids[-1] == "good-two"
    assert "broken" in ids or read.has_errors


PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1)


@given(PRINTABLE, st.sampled_from(["plain", "single", "literal"]))
def test_a_text_is_read_as_typed_or_reported(typed: str, style: str) -> None:
    typed = typed.strip() or "x"
    written = {"plain": typed, "single": "'" + typed.replace("'", "''") + "'", "literal": f"|-\n      {typed}"}[style]
    read = read_text(f"deck: d\ntitle: T\nnotes:\n  - id: one\n    q: {written}\n    a: y\n")
    if style != "plain":
        assert {problem.code for problem in read.problems if problem.is_error} <= ({"D412"} if "$" in typed else set())
    if not read.has_errors:
        assert read.deck is not None
        (note,) = read.deck.notes
        assert isinstance(note.body, Basic)
        meant = typed
        if style == "plain" and typed[0] == typed[-1] == "'" and len(typed) > 1:
            meant = typed[1:-1].replace("''", "'")
        elif style == "plain" and typed[0] == typed[-1] == '"' and len(typed) > 1:
            meant = note.body.question
        assert note.body.question == meant.rstrip()


@given(SOUP, st.integers(0, 60))
def test_reading_the_same_text_twice_gives_the_same(soup: str, at: int) -> None:
    text = "deck: d\ntitle: T\nnotes:\n  - id: one\n    q: x\n    a: y\n"
    text = text[:at] + soup + text[at:]
    assert read_text(text) == read_text(text)


REAL = [path.read_bytes() for path in DECK_FILES]
MUTATION = st.tuples(
    st.integers(0, 30_000),
    st.integers(0, 200),
    st.sampled_from([each.encode("utf-8", "surrogateescape") for each in FRAGMENTS]) | st.binary(max_size=6),
)


@given(st.sampled_from(REAL), st.integers(0, 20_000), st.lists(MUTATION, min_size=1, max_size=8))
def test_a_real_deck_that_was_cut_and_pasted_into_is_read_or_reported(
    data: bytes, start: int, mutations: list[tuple[int, int, bytes]]
) -> None:
    # A part is enough, and is read much faster than the whole.
    data = data[:200] + data[start : start + 4_000]
    for at, gone, put in mutations:
        place = at % (len(data) + 1)
        data = data[:place] + put + data[place + gone :]
    text = decode(data)
    read = read_text(text)
    assert read.deck is not None or read.has_errors
    assert {problem.code for problem in read.problems} <= set(CODES)
    assert read_text(text) == read


def test_an_empty_library_has_nothing() -> None:
    library = Library((), ())
    assert library.card("a/b#qa") is None
    assert library.changed("a")
