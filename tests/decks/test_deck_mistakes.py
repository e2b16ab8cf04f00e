"""Every mistake is reported where it is, says what to do, and costs nothing but its own note."""

from __future__ import annotations

import pytest

from nlpcards.decks.problems import Severity
from nlpcards.decks.reader import DeckFile, read_text

_BEFORE = "deck: d\ntitle: T\nsources:\n  s2000:\n    title: S\nnotes:\n  - id: good-one\n    q: x\n    a: y\n"
_AFTER = "  - id: good-two\n    q: x2\n    a: y\n"
_FIRST_LINE = _BEFORE.count("\n") + 1


def between(*lines: str) -> DeckFile:
    """A deck whose second note is in these lines, between two good ones."""
    return read_text(_BEFORE + "".join(f"  {line}\n" for line in lines) + _AFTER, "f.yaml")


def ids(read: DeckFile) -> list[str]:
    return [note.id for note in read.deck.notes] if read.deck else []


Found = list[tuple[int, int, str]]
"""Lines counted from the note's own, columns from the file's first, codes."""


def found(read: DeckFile) -> Found:
    return [(problem.line - _FIRST_LINE + 1, problem.column, problem.code) for problem in read.problems]


BROKEN: list[tuple[str, tuple[str, ...], Found, str]] = [
    ("an unquoted colon", ("- id: b", "  q: Why: because", "  a: x"), [(2, 11, "D101")], "`q: |-`"),
    ("a colon in typographic quotes", ("- id: b", "  q: “Why: b”", "  a: x"), [(2, 8, "D101")], "straight quotes"),
    ("a key in typographic quotes", ("- id: b", "  “q”: Why", "  a: x"), [(2, 5, "D401")], "`q`"),
    ("an id in typographic quotes", ("- id: “b”", "  q: Why", "  a: x"), [(1, 9, "D304")], "`b`"),
    ("a cloze and text after it", ("- id: b", "  cloze: {{c1::x}} foo"), [(2, 12, "D102")], "single quotes"),
    ("a cloze alone", ("- id: b", "  cloze: {{c1::x}}"), [(2, 12, "D208")], "`cloze: '{{c1::x}}'`"),
    ("a cloze as an answer", ("- id: b", "  q: x", "  a: {{c1::x}}"), [(3, 8, "D208")], "for a cloze write"),
    ("a list for a text", ("- id: b", "  q: y", "  a: [CLS]"), [(3, 8, "D208")], "`a: '[CLS]'`"),
    ("a list and text after it", ("- id: b", "  q: y", "  a: [CLS] token"), [(3, 8, "D102")], "single quotes"),
    ("a mapping for a text", ("- id: b", "  q: y", "  a: {x: y}"), [(3, 8, "D208")], "`a: '{x: y}'`"),
    ("a block mapping for a text", ("- id: b", "  q: y", "  a:", "    x: y"), [(4, 7, "D208")], "`a: |-`"),
    ("an at sign", ("- id: b", "  q: @x", "  a: y"), [(2, 8, "D102")], "single quotes"),
    ("a backtick", ("- id: b", "  q: `x` is", "  a: y"), [(2, 8, "D102")], "single quotes"),
    ("a percent sign", ("- id: b", "  q: %x", "  a: y"), [(2, 8, "D102")], "single quotes"),
    ("emphasis", ("- id: b", "  q: *x* is", "  a: y"), [(2, 8, "D102")], "single quotes"),
    ("strong", ("- id: b", "  q: **x** is", "  a: y"), [(2, 8, "D102")], "single quotes"),
    ("a star", ("- id: b", "  q: *x", "  a: y"), [(2, 8, "D202")], "in quotes"),
    ("an ampersand", ("- id: b", "  q: &x y", "  a: y"), [(2, 8, "D203")], "in quotes"),
    ("an ampersand alone", ("- id: b", "  q: & y", "  a: y"), [(2, 8, "D102")], "single quotes"),
    ("an exclamation mark", ("- id: b", "  q: !x y", "  a: y"), [(2, 8, "D204")], "in quotes"),
    ("an exclamation mark alone", ("- id: b", "  q: ! y", "  a: y"), [(2, 8, "D204")], "in quotes"),
    ("a bar and text after it", ("- id: b", "  q: | x", "  a: y"), [(2, 8, "D102")], "`q: |-`"),
    ("a quotation sign", ("- id: b", "  q: > x", "  a: y"), [(2, 8, "D102")], "`q: |-`"),
    ("a dash", ("- id: b", "  q: - x", "  a: y"), [(2, 8, "D105")], "in quotes"),
    ("a comment for a text", ("- id: b", "  q: #x", "  a: y"), [(2, 8, "D206")], "single quotes"),
    ("a tab before a key", ("- id: b", "\tq: x", "  a: y"), [(2, 3, "D103")], "spaces"),
    ("a tab before the dash", ("\t- id: b", "  q: x", "  a: y"), [(1, 3, "D103")], "spaces"),
    ("a tab in a block", ("- id: b", "  q: |-", "\tx", "  a: y"), [(3, 3, "D103")], "spaces"),
    ("an unknown escape", ("- id: b", '  q: "$\\sigma$"', "  a: y"), [(2, 10, "D104")], "backslash"),
    ("an escape that wants a number", ("- id: b", '  q: "$\\xi$"', "  a: y"), [(2, 10, "D104")], "backslash"),
    ("a tab made of TeX", ("- id: b", '  q: "$\\theta$"', "  a: y"), [(2, 10, "D207")], "backslash"),
    ("a line end made of TeX", ("- id: b", '  q: "see \\nu"', "  a: y"), [(2, 13, "D207")], "backslash"),
    ("a line end in maths", ("- id: b", '  q: "$a\\nb$"', "  a: y"), [(2, 11, "D207")], "backslash"),
    ("an escape far in a text", ("- id: b", '  q: "one', '    $\\beta$"', "  a: y"), [(3, 8, "D207")], "backslash"),
    ("an unclosed quote", ("- id: b", '  q: "foo', "  a: y"), [(2, 8, "D107")], 'closing "'),
    ("an unclosed single quote", ("- id: b", "  q: 'foo", "  a: y"), [(2, 8, "D107")], "closing '"),
    ("text after a quote", ("- id: b", '  q: "foo" bar', "  a: y"), [(2, 14, "D108")], "`q: |-`"),
    ("an apostrophe in single quotes", ("- id: b", "  q: 'it's'", "  a: y"), [(2, 12, "D108")], "`q: |-`"),
    ("a key indented too far", ("- id: b", "  q: foo", "    a: y"), [(3, 7, "D105")], "same column"),
    ("a key indented too little", ("- id: b", "  q: foo", " a: y"), [(3, 4, "D105")], "same column"),
    ("no space after a colon", ("- id: b", "  q:foo", "  a: y"), [(2, 6, "D109")], "`q: `"),
    ("no colon", ("- id: b", "  q foo", "  a: y"), [(2, 6, "D109")], "`q: `"),
    ("a no-break space after a colon", ("- id: b", "  q:\xa0foo", "  a: y"), [(2, 7, "D109")], "again"),
    ("text at the margin", ("- id: b", "  q: foo", "bar baz", "  a: y"), [(3, 3, "D105")], "Indent it"),
    ("a text cut short", ("- id: b", "  q: C # and", "  a: y"), [(2, 10, "D206")], "single quotes"),
    ("a long text cut short", ("- id: b", "  q: C # and", "    more", "  a: y"), [(2, 10, "D206")], "block"),
    ("a reason cut short", ("- id: b", "  q: x", "  a: y", "  why: a # b"), [(4, 12, "D206")], "single quotes"),
    ("a key twice", ("- id: b", "  q: x", "  q: z", "  a: y"), [(3, 5, "D201")], "Remove"),
    ("a merge key", ("- id: b", "  <<: {a: b}", "  q: z", "  a: y"), [(2, 5, "D205")], "Write the keys"),
    ("an unclosed list", ("- id: b", "  q: x", "  a: y", "  tags: [a, b"), [(4, 11, "D110")], "closing `]`"),
    ("commas in numbers", ("- id: b", "  q: x", "  a: y", "  tags: [1,000, 2]"), [(4, 12, "D210")], "`1000`"),
    ("decimal commas", ("- id: b", "  q: x", "  a: y", "  tags: [0,5, 0,9]"), [(4, 12, "D210"), (4, 17, "D210")], "05"),
    ("a folded list", ("- id: b", "  q: >", "    - x", "    - y", "  a: y"), [(2, 8, "D211")], "`|-`"),
    ("folded code", ("- id: b", "  q: >", "    ```", "    y", "    ```", "  a: y"), [(2, 8, "D211")], "`|-`"),
    ("an indented line in a fold", ("- id: b", "  q: >", "    x", "      y", "  a: y"), [(2, 8, "D211")], "`|-`"),
    ("a folded table", ("- id: b", "  q: 'a", "    | b |", "    | c |'", "  a: y"), [(2, 8, "D211")], "`|-`"),
    ("paragraphs without a block", ("- id: b", "  q: foo", "", "    bar", "  a: y"), [(2, 8, "D211")], "`|-`"),
    ("two kinds", ("- id: b", "  q: x", "  a: y", "  cloze: '{{c1::x}}'"), [(1, 5, "D405")], "two notes"),
    ("a key of another kind", ("- id: b", "  q: x", "  cloze: '{{c1::x}}'"), [(2, 5, "D405")], "Remove `q`"),
    ("no kind", ("- id: b", "  why: foo"), [(1, 5, "D403")], "`q` and `a` or `term`"),
    ("no answer", ("- id: b", "  q: foo"), [(1, 5, "D404")], "`a: `"),
    ("a misspelt key", ("- id: b", "  q: foo", "  anwser: x"), [(3, 5, "D401")], "`a`"),
    ("capitals", ("- id: b", "  Q: foo", "  A: x"), [(2, 5, "D401"), (3, 5, "D401")], "`q`"),
    ("an empty text", ("- id: b", "  q:", "  a: x"), [(2, 7, "D406")], "`q: `"),
    ("an empty quoted text", ("- id: b", "  q: ''", "  a: x"), [(2, 8, "D406")], "`q: `"),
    ("a flag that is none", ("- id: b", "  q: x", "  a: y", "  both: yes"), [(4, 11, "D407")], "`both: true`"),
    (
        "unknown sources",
        ("- id: b", "  q: x", "  a: y", "  cite: s200 §3; zz"),
        [(4, 11, "D424"), (4, 20, "D424")],
        "s2000",
    ),
    ("no cloze", ("- id: b", "  cloze: foo"), [(2, 12, "D411")], "{{c1::text}}"),
    ("a text for a note", ("- hello",), [(1, 5, "D408")], "`- q: "),
    ("an empty note", ("-",), [(1, 4, "D408")], "`- q: "),
    ("a NUL", ("- id: b", "  q: a\0b", "  a: y"), [(2, 9, "D006")], "Remove"),
    ("a bell", ("- id: b", "  q: a\x07b", "  a: y"), [(2, 9, "D006")], "Remove"),
    ("an invisible line end", ("- id: b", "  q: a\x85b", "  a: y"), [(2, 9, "D006")], "Replace"),
    ("a byte of Latin-1", ("- id: b", "  q: caf\udce9", "  a: y"), [(2, 11, "D005")], "UTF-8"),
    (
        "a date in another order",
        ("- id: b", "  q: x", "  a: y", "  as_of: 21.11.2026"),
        [(4, 12, "D426")],
        "2026-11-21",
    ),
    ("a date that is none", ("- id: b", "  q: x", "  a: y", "  as_of: 2026-02-30"), [(4, 12, "D426")], "2026-11-21"),
    ("words for a tag", ("- id: b", "  q: x", "  a: y", "  tags: foo bar"), [(4, 11, "D430")], "[foo, bar]"),
    ("a mapping for a list", ("- id: b", "  q: x", "  a: y", "  tags: {a: b}"), [(4, 11, "D409")], "[one, other]"),
    ("deep nesting", ("- id: b", "  q: x", "  a: " + "[" * 50), [(3, 17, "D112")], "block"),
    ("a lone dollar", ("- id: b", "  q: It is $x and", "  a: x"), [(2, 14, "D412")], "`$x$`"),
    ("a price", ("- id: b", "  q: It is $5", "  a: x"), [(2, 14, "D412")], "`\\$5`"),
    ("an absolute path", ("- id: b", "  q: x", "  a: y", "  media: [/etc/passwd]"), [(4, 13, "D428")], "beside"),
    ("a path upwards", ("- id: b", "  q: x", "  a: '![y](../y.png)'"), [(3, 14, "D428")], "beside"),
]


@pytest.mark.parametrize(
    ("lines", "expected", "remedy"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_mistake_is_found_in_its_place_and_its_neighbours_stay(
    lines: tuple[str, ...], expected: Found, remedy: str
) -> None:
    read = between(*lines)
    assert found(read) == expected
    assert ids(read) == ["good-one", "good-two"]
    assert remedy in read.problems[0].hint
    assert all(problem.severity is Severity.ERROR for problem in read.problems)


@pytest.mark.parametrize(
    ("style", "line", "column"),
    [
        ("cloze: one $x$ {{c0::bad}} two", 2, 20),
        ("cloze: 'it''s {{c0::bad}} two'", 2, 19),
        ('cloze: "a \\"b\\" {{c0::bad}} two"', 2, 21),
        ("cloze: one\n      two {{c0::bad}}", 3, 11),
        ("cloze: 'one\n      two {{c0::bad}}'", 3, 11),
        ("cloze: |-\n      one\n\n        two {{c0::bad}}", 5, 13),
        ("cloze: |2-\n        one {{c0::bad}}", 3, 13),
        ("cloze: >-\n      one\n      two {{c0::bad}}", 4, 11),
        ("cloze: |- # why\n      {{c0::bad}}", 3, 7),
    ],
)
def test_a_mistake_inside_a_text_has_its_own_line_and_column(style: str, line: int, column: int) -> None:
    text = _BEFORE + f"  - id: b\n    {style}\n" + _AFTER
    problems = [problem for problem in read_text(text).problems if problem.code == "D410"]
    assert [(problem.line - _FIRST_LINE + 1, problem.column) for problem in problems] == [(line, column)]


ADVISED: list[tuple[str, tuple[str, ...], Found]] = [
    ("typographic quotes", ("- id: b", "  q: “Why”", "  a: x"), [(2, 8, "D213")]),
    ("no id", ("- q: Why?", "  a: x"), [(1, 5, "D421")]),
]


@pytest.mark.parametrize(("lines", "expected"), [case[1:] for case in ADVISED], ids=[case[0] for case in ADVISED])
def test_advice_leaves_the_note_in_the_deck(lines: tuple[str, ...], expected: Found) -> None:
    read = between(*lines)
    assert found(read) == expected
    assert len(ids(read)) == 3
    assert [problem.severity for problem in read.problems] == [Severity.ADVICE]
    assert not read.has_errors


def test_all_mistakes_of_a_file_are_reported_at_once() -> None:
    read = read_text(
        "deck: d\ntitle: a: b\nsources:\n  a1:\n    title: LSTM: A Search Space\n  b2:\n    title: 'x\n"
        "notes:\n  - id: one\n    q: a: b\n    a: @x\n    wyh: z\n    cite: a1; c3\n"
        "  - id: two\n    q: x\n    a: y\n    needs: [one, thre]\n    cite: b2 §3\n"
        "  -\n    id: three\n    q: [x\n    a: {{c1::x}}\n"
    )
    assert [(problem.line, problem.code) for problem in read.problems] == [
        (2, "D101"),
        (5, "D101"),
        (7, "D107"),
        (10, "D101"),
        (11, "D102"),
        (12, "D401"),
        (13, "D424"),
        (17, "D501"),
        (21, "D110"),
        (22, "D208"),
    ]
    assert ids(read) == ["two"]


def test_a_note_without_a_dash_costs_only_itself() -> None:
    read = between("- id: b", "  q: foo", "  a: y", "id: c", "q: u", "a: v")
    assert ids(read) == ["good-one", "b", "good-two"]
    assert found(read)[0] == (4, 3, "D106")
    read = between("- id: b", "  q: foo", "  a: y", "", "  id: c", "  q: u", "  a: v")
    assert ids(read) == ["good-one", "b", "good-two"]
    assert found(read) == [(5, 5, "D106")]


def test_a_dash_in_another_column_costs_no_note() -> None:
    read = between("- id: b", "  q: foo", "  a: y", " - id: c", "   q: u", "   a: v")
    assert ids(read) == ["good-one", "b", "c", "good-two"]
    assert found(read) == [(4, 4, "D105")]


@pytest.mark.parametrize("indent", ["", "  ", "    "])
def test_the_reader_starts_again_at_the_next_note_of_any_indentation(indent: str) -> None:
    notes = (
        "- id: one\n  q: x\n  a: y\n",
        "- id: bad\n  q: a: b\n  a: y\n",
        "- id: two\n  q: z\n  a: y\n  tags:\n  - x\n  - y\n",
    )
    text = "deck: d\ntitle: T\nnotes:\n" + "".join(f"{indent}{line}\n" for note in notes for line in note.splitlines())
    read = read_text(text)
    assert ids(read) == ["one", "two"]
    assert [(problem.line, problem.column, problem.code) for problem in read.problems] == [(8, 7 + len(indent), "D101")]
    assert read.deck is not None
    assert read.deck.notes[1].tags == ("x", "y")


def test_a_mistake_in_the_head_leaves_the_notes() -> None:
    read = read_text("deck: d\ntitle: a: b\ntopic: [x\nnotes:\n  - id: one\n    q: x\n    a: y\n")
    assert ids(read) == ["one"]
    assert [(problem.line, problem.column, problem.code) for problem in read.problems] == [
        (2, 9, "D101"),
        (3, 8, "D110"),
    ]


def test_sources_that_cannot_be_read_are_no_mistake_of_the_notes() -> None:
    read = read_text("deck: d\ntitle: T\nsources: [x\nnotes:\n  - id: one\n    q: x\n    a: y\n    cite: x2000 §1\n")
    assert ids(read) == ["one"]
    assert [problem.code for problem in read.problems] == ["D110"]


def test_a_second_document_is_read_on_after_its_error() -> None:
    read = read_text(
        "deck: d\ntitle: T\nnotes:\n  - id: one\n    q: x\n    a: y\n---\n  - id: two\n    q: z\n    a: y\n"
    )
    assert ids(read) == ["one", "two"]
    assert [(problem.line, problem.column, problem.code) for problem in read.problems] == [(7, 1, "D113")]


def test_an_alias_bomb_is_refused_without_being_followed() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    read = read_text("\n".join(lines))
    assert read.deck is None
    assert {"D202", "D203"} <= {problem.code for problem in read.problems}


def test_notes_below_another_word_than_notes_are_read() -> None:
    read = read_text(
        "deck: d\ntitle: T\nnote:\n  - id: one\n    q: x\n    a: y\nnotes:\n  - id: two\n    q: z\n    a: y\n"
    )
    assert ids(read) == ["one", "two"]
    assert [(problem.line, problem.code) for problem in read.problems] == [(3, "D301")]
    assert "`notes`" in read.problems[0].hint


def test_a_line_at_the_margin_of_a_text_hides_no_note() -> None:
    read = read_text(
        "deck: d\ntitle: T\nnotes:\n  - id: one\n    q: x\n    a: y\nso: on\nand so:\n  - id: two\n    q: x\n    a: y\n"
    )
    assert ids(read) == ["one", "two"]
    assert [(problem.line, problem.code) for problem in read.problems] == [(7, "D301"), (8, "D301")]


def test_what_stands_before_the_first_note_hides_none() -> None:
    read = read_text("deck: d\ntitle: T\nnotes:\n      ```\n      x\n  - id: one\n    q: x\n    a: y\n")
    assert ids(read) == ["one"]
    assert [(problem.line, problem.column, problem.code) for problem in read.problems] == [(4, 7, "D102")]
    read = read_text("deck: d\ntitle: T\nnotes:\n  q: z\n  - id: one\n    q: x\n    a: y\n")
    assert ids(read) == ["one"]
    assert [(problem.line, problem.column, problem.code) for problem in read.problems] == [(4, 3, "D106")]


def test_a_file_in_which_all_is_wrong_is_given_up() -> None:
    read = read_text("deck: d\ntitle: T\nnotes:\n" + "- q: a: b\n" * 12_000 + "- x: y\n" * 12_000)
    assert len(read.problems) == 1_001
    assert "D008" in [problem.code for problem in read.problems[-2:]]


def test_the_first_of_two_notes_of_one_id_stays() -> None:
    read = between("- id: good-one", "  q: other", "  a: x")
    assert ids(read) == ["good-one", "good-two"]
    assert found(read) == [(1, 9, "D422")]
    assert "line 7" in read.problems[0].message


def test_an_id_of_a_broken_note_is_taken_and_may_be_needed() -> None:
    read = between("- id: b", "  q: a: b", "  a: x", "- id: c", "  q: x3", "  a: x", "  needs: [b]")
    assert ids(read) == ["good-one", "c", "good-two"]
    assert [code for _, _, code in found(read)] == ["D101"]


def test_notes_that_need_each_other_in_a_circle_are_named() -> None:
    read = between(
        *("- id: b", "  q: b", "  a: x", "  needs: [c]"),
        *("- id: c", "  q: c", "  a: x", "  needs: [e]"),
        *("- id: e", "  q: e", "  a: x", "  needs: [good-one, b]"),
    )
    assert found(read) == [(4, 13, "D502")]
    assert "`d/b` needs `d/c` needs `d/e` needs `d/b`" in read.problems[0].message
    assert ids(read) == ["good-one", "b", "c", "e", "good-two"]


def test_an_unknown_note_is_an_error_that_leaves_the_note() -> None:
    read = between("- id: b", "  q: b", "  a: x", "  needs: [good-on, other/x]", "  confusable: [nothing-like-it]")
    assert found(read) == [(4, 13, "D501"), (5, 18, "D501")]
    assert "`good-one`" in read.problems[0].hint
    assert "b" in ids(read)


@pytest.mark.parametrize(
    "broken",
    [
        ("- id: Other_Note", "  q: o", "  a: x"),
        ("- id: other note", "  q: o", "  a: x"),
        ("– id: other-note", "  q: o", "  a: x"),
        ("- id: other-note", "  q: [o", "  a: x"),
    ],
)
def test_naming_a_note_whose_id_cannot_be_read_is_no_second_mistake(broken: tuple[str, ...]) -> None:
    read = between(*broken, "- id: b", "  q: b", "  a: x", "  needs: [other-note]", "  confusable: [nothing-like-it]")
    told = [problem.message for problem in read.problems if problem.code == "D501"]
    assert told == ["there is no note `nothing-like-it` in this deck"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, 1, "D007")]),
        ("# nothing\n", [(1, 1, "D007")]),
        ("hello\n", [(1, 1, "D007")]),
        ("- q: x\n  a: y\n", [(1, 1, "D007")]),
        ("\udcff\udcfed\0e\0", [(1, 1, "D005")]),
        ("title: T\nnotes:\n  - {id: one, q: x, a: y}\n", [(1, 1, "D303")]),
        ("deck: A B\ntitle: T\nnotes:\n  - {id: one, q: x, a: y}\n", [(1, 7, "D304")]),
    ],
)
def test_a_file_that_is_no_deck_gives_none(text: str, expected: Found) -> None:
    read = read_text(text)
    assert read.deck is None
    assert [(problem.line, problem.column, problem.code) for problem in read.problems] == expected


def test_a_problem_says_where_it_is_in_json_and_in_words() -> None:
    (problem,) = between("- id: b", "  q: x", "  a: [CLS]").problems
    assert problem.to_json() == {
        "path": "f.yaml",
        "line": 12,
        "column": 8,
        "severity": "error",
        "code": "D208",
        "message": "`a` is a text, but `[CLS]` is read as a list",
        "hint": "Quote it: `a: '[CLS]'`.",
    }
    assert str(problem).startswith("f.yaml:12:8: error D208: `a` is a text")
