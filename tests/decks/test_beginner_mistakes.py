"""Mistakes of people who write YAML for the first time: each is told with what to type, and typing that mends it.

The table holds the mistake, its code, words of the hint, and the text after doing what the hint says.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from nlpcards.core.kinds import Body
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.core.kinds.drill import Drill
from nlpcards.core.kinds.explain import Explain
from nlpcards.core.kinds.steps import Steps
from nlpcards.core.kinds.typed import Typed
from nlpcards.decks.codes import CODES
from nlpcards.decks.problems import Problem
from nlpcards.decks.reader import DeckFile, read_deck, read_text

HEAD = "deck: d\ntitle: T\nsources:\n  s: {title: S}\nnotes:\n"
SOUND = "  - id: sound\n    q: Which?\n    a: This one.\n"


class Mistake(NamedTuple):
    """A mistake in a note, the code and words of the hint it must be told with, and the note mended by the hint."""

    name: str
    wrong: str
    code: str
    hint: str
    mended: str
    means: Body | None = None


def a(text: str) -> str:
    """A note with an answer as written."""
    return f"- id: one\n  q: What?\n  a: {text}"


def says(text: str) -> Basic:
    return Basic("What?", text)


def also(line: str) -> str:
    """A note with one line more."""
    return f"- id: one\n  q: What?\n  a: This.\n  {line}"


def own(*lines: str) -> str:
    return "\n".join(("- id: one", *(f"  {line}" for line in lines)))


def block(text: str) -> str:
    return a("|-\n    " + text.replace("\n", "\n    "))


STEPS = "steps:\n    title: T\n    of:"
ROWS = "contrast:\n    of: {bert: BERT, gpt: GPT}\n    by:"
ROW = f"{ROWS}\n      goal:\n        ask: Goal\n        bert: masked\n        gpt: next"
DRILL = "drill:\n    ask: Twice {{n}}?\n    given: {n: [1, 2]}\n    answer: "
TWICE = Drill("Twice {{n}}?", (("n", ("1", "2")),), "n * 2")

MISTAKES = [
    # What a text may not begin with or hold.
    Mistake("a colon", a("Because: it is."), "D101", "`a: |-`", block("Because: it is."), says("Because: it is.")),
    Mistake("a cloze alone", own("cloze: {{c1::x}}"), "D208", "`cloze: '{{c1::x}}'`", own("cloze: '{{c1::x}}'")),
    Mistake(
        "a cloze first",
        own("cloze: {{c1::It}} is."),
        "D102",
        "`cloze: '{{c1::It}} is.'`",
        own("cloze: '{{c1::It}} is.'"),
        ClozeText("{{c1::It}} is.", (1,)),
    ),
    Mistake("an at sign", a("@user"), "D102", "`a: '@user'`", a("'@user'"), says("@user")),
    Mistake("a backtick", a("`x` is"), "D102", "`a: '`x` is'`", a("'`x` is'"), says("`x` is")),
    Mistake("a backtick and an apostrophe", a("`x`'s"), "D102", "`a: '`x`''s'`", a("'`x`''s'"), says("`x`'s")),
    Mistake("a percent sign", a("%d"), "D102", "`a: '%d'`", a("'%d'"), says("%d")),
    Mistake("emphasis", a("*so* it is"), "D102", "`a: '*so* it is'`", a("'*so* it is'"), says("*so* it is")),
    Mistake("strong", a("**so**"), "D102", "`a: '**so**'`", a("'**so**'"), says("**so**")),
    Mistake("a star", a("*so"), "D202", "put it in quotes", a("'*so'"), says("*so")),
    Mistake("a bar", a("|x| is a norm"), "D102", "`a: |-`", block("|x| is a norm"), says("|x| is a norm")),
    Mistake("a bar and words", a("| x"), "D102", "`a: |-`", block("| x"), says("| x")),
    Mistake("words after a block's mark", a("|- foo"), "D102", "`a: |-`", block("foo"), says("foo")),
    Mistake("a sign of greater", a("> 3"), "D102", "`a: |-`", block("> 3"), says("> 3")),
    Mistake("a dash", a("- x"), "D105", "`a: '- x'`", a("'- x'"), says("- x")),
    Mistake("a question mark", a("? x"), "D102", "`a: '? x'`", a("'? x'"), says("? x")),
    Mistake("an exclamation mark", a("!x y"), "D204", "put it in quotes", a("'!x y'"), says("!x y")),
    Mistake("an ampersand", a("&x y"), "D203", "put it in quotes", a("'&x y'"), says("&x y")),
    Mistake("an ampersand alone", a("& y"), "D102", "`a: '& y'`", a("'& y'"), says("& y")),
    Mistake("a bracket", a("[CLS]"), "D208", "`a: '[CLS]'`", a("'[CLS]'"), says("[CLS]")),
    Mistake("a bracket and words", a("[CLS] is"), "D102", "`a: '[CLS] is'`", a("'[CLS] is'"), says("[CLS] is")),
    Mistake("half an interval", a("[0, 1) is"), "D110", "single quotes", a("'[0, 1) is'"), says("[0, 1) is")),
    Mistake("a brace", a("{x}"), "D208", "`a: '{x}'`", a("'{x}'"), says("{x}")),
    Mistake("a comma first", a(", x"), "D102", "`a: ', x'`", a("', x'"), says(", x")),
    Mistake("a hash", a("C # is"), "D206", "single quotes", a("'C # is'"), says("C # is")),
    Mistake("a hash first", a("# is"), "D206", "single quotes", a("'# is'"), says("# is")),
    Mistake("a tag with a hash", also("tags: #gates"), "D206", "single quotes", also("tags: gates")),
    Mistake("an apostrophe in quotes", a("'it's'"), "D108", "`a: |-`", block("it's"), says("it's")),
    Mistake("words after quotes", a('"a" and b'), "D108", "`a: |-`", block('"a" and b'), says('"a" and b')),
    Mistake("an open quote", a('"This.'), "D107", 'closing "', a('"This."'), says("This.")),
    Mistake("typographic quotes", a("“This.”"), "D213", "Remove them", a("This."), says("This.")),
    Mistake("a colon in typographic quotes", a("“x: y”"), "D101", "straight quotes", a('"x: y"'), says("x: y")),
    # Backslashes.
    Mistake("sigma", a('"$\\sigma$"'), "D104", "single quotes", a("'$\\sigma$'"), says("$\\sigma$")),
    Mistake("theta", a('"$\\theta$"'), "D207", "single quotes", a("'$\\theta$'"), says("$\\theta$")),
    Mistake("nabla", a('"$\\nabla$"'), "D207", "`|-` block", block("$\\nabla$"), says("$\\nabla$")),
    Mistake("frac", a('"$\\frac12$"'), "D207", "`|-` block", block("$\\frac12$"), says("$\\frac12$")),
    Mistake("beta", a('"$\\beta$"'), "D207", "single quotes", a("'$\\beta$'"), says("$\\beta$")),
    Mistake("rho", a('"$\\rho$"'), "D207", "single quotes", a("'$\\rho$'"), says("$\\rho$")),
    # Dollars.
    Mistake("a dollar", a("It is $x here."), "D412", "`$x$`", a("It is $x$ here."), says("It is $x$ here.")),
    Mistake("a price", a("It is $5."), "D412", "`\\$5`", a("It is \\$5."), says("It is \\$5.")),
    Mistake(
        "a first dollar forgotten", a("f_t$ decides."), "D412", "before", a("$f_t$ decides."), says("$f_t$ decides.")
    ),
    Mistake("a double dollar", a("$$ x = 1"), "D412", "`$$`", a("$$ x = 1 $$"), says("$$ x = 1 $$")),
    # Space.
    Mistake("a tab before a key", "- id: one\n  q: What?\n\ta: This.", "D103", "spaces", a("This."), says("This.")),
    Mistake("a tab before a dash", "\t- id: one\n  q: What?\n  a: This.", "D103", "spaces", a("This."), says("This.")),
    Mistake("a tab in a block", a("|-\n\tThis."), "D103", "spaces", block("This."), says("This.")),
    Mistake(
        "a key too far in", "- id: one\n  q: What?\n    a: This.", "D105", "same column", a("This."), says("This.")
    ),
    Mistake("a key too far out", "- id: one\n  q: What?\n a: This.", "D105", "same column", a("This."), says("This.")),
    Mistake("a block not indented", a("|-\n  This."), "D406", "two more spaces", block("This."), says("This.")),
    Mistake("a no-break space", own("q:\xa0What?", "a: This."), "D109", "again", a("This."), says("This.")),
    Mistake("no space", own("q:What?", "a: This."), "D109", "`q: `", a("This."), says("This.")),
    Mistake("no colon", own("q What?", "a: This."), "D109", "`q: `", a("This."), says("This.")),
    Mistake("an equals sign", own("q = What?", "a: This."), "D109", "`q: `", a("This."), says("This.")),
    Mistake("a folded list", a(">\n    - one\n    - two"), "D211", "`|-`", block("- one\n- two"), says("- one\n- two")),
    Mistake("a list joined", a("two:\n    - one"), "D101", "`a: |-`", block("two:\n- one"), says("two:\n- one")),
    Mistake("a blank line", a("one\n\n    two"), "D211", "`|-`", block("one\n\ntwo"), says("one\n\ntwo")),
    # Keys.
    Mistake("a key twice", also("a: That."), "D201", "Remove one", a("This.")),
    Mistake("capitals", own("Q: What?", "a: This."), "D401", "`q`", a("This."), says("This.")),
    Mistake("another program's word", own("front: What?", "a: This."), "D401", "`q`", a("This."), says("This.")),
    Mistake("a key in quotes", own("“q”: What?", "a: This."), "D401", "`q`", a("This."), says("This.")),
    Mistake("yes", also("both: yes"), "D407", "`both: true`", also("both: true"), Basic("What?", "This.", True)),
    Mistake("words for a tag", also("tags: one, two"), "D430", "`tags: [one, two]`", also("tags: [one, two]")),
    Mistake("a number with a comma", also("tags: [1,000, 2]"), "D210", "`1000`", also("tags: [1000, 2]")),
    Mistake("another date", also("as_of: 21/11/2026"), "D426", "`2026-11-21`", also("as_of: 2026-11-21")),
    Mistake("an unknown source", also("cite: s2"), "D424", "`s`", also("cite: s")),
    Mistake("two kinds", also("cloze: '{{c1::x}}'"), "D405", "`cloze`", a("This."), says("This.")),
    Mistake("typed and told", also("typed: This."), "D405", "`a` or `typed`", a("This."), says("This.")),
    Mistake("no answer", own("q: What?"), "D404", "`a: `", a("This."), says("This.")),
    Mistake(
        "a definition's short name", own("term: x", "def: y"), "D401", "`definition`", own("term: x", "definition: y")
    ),
    # Clozes.
    Mistake("a cloze without a number", own("cloze: A {{c::x}}."), "D411", "`{{c1::", own("cloze: A {{c1::x}}.")),
    Mistake("a cloze with one colon", own("cloze: A {{c1:x}}."), "D410", "{{c1::", own("cloze: A {{c1::x}}.")),
    Mistake("a cloze left open", own("cloze: A {{c1::x}."), "D410", "}}", own("cloze: A {{c1::x}}.")),
    Mistake("a cloze in single braces", own("cloze: A {c1::x}."), "D411", "`{{c1::x}}`", own("cloze: A {{c1::x}}.")),
    Mistake(
        "a formula that ends after its cloze",
        own(r"cloze: 'In {{c1::$O(n \log n)}} steps, $n$ large.'"),
        "D412",
        r"`{{c1::$O(n \log n)$}}`",
        own(r"cloze: 'In {{c1::$O(n \log n)$}} steps, $n$ large.'"),
    ),
    Mistake(
        "a formula that ends after its hint",
        own(r"cloze: 'In {{c1::$\frac{n}{2}::how many}} steps.'"),
        "D412",
        r"`{{c1::$\frac{n}{2}$}}`",
        own(r"cloze: 'In {{c1::$\frac{n}{2}$}} steps.'"),
    ),
    Mistake(
        "a key for the kind",
        own("kind: cloze", "cloze: A {{c1::x}}."),
        "D401",
        "write `cloze: …`",
        own("cloze: A {{c1::x}}."),
    ),
    Mistake(
        "another program's kind", also("type: Basic"), "D401", "write `q: …` and `a: …`", a("This."), says("This.")
    ),
    # The kinds of several keys.
    Mistake(
        "steps in a list of keys",
        own(f"{STEPS}\n      - one: First.\n      - two: Then."),
        "D445",
        "Leave the dashes out",
        own(f"{STEPS}\n      one: First.\n      two: Then."),
        Steps("T", (("one", "First."), ("two", "Then."))),
    ),
    Mistake(
        "steps at once",
        own("steps:\n    one: First.\n    two: Then."),
        "D404",
        "below `of:`",
        own(f"{STEPS}\n      one: First.\n      two: Then."),
    ),
    Mistake(
        "steps in a text",
        own("steps: First, then second."),
        "D445",
        "`title:` and `of:`",
        own(f"{STEPS}\n      one: First.\n      two: Then."),
    ),
    Mistake(
        "one step", own(f"{STEPS}\n      one: First."), "D441", "Add", own(f"{STEPS}\n      one: First.\n      two: B.")
    ),
    Mistake("a row in a list", own(f"{ROWS}\n      goal: [Goal, masked, next]"), "D445", "`ask:`", own(ROW)),
    Mistake(
        "rows in a list",
        own(f"{ROWS}\n      - ask: Goal\n        bert: masked\n        gpt: next"),
        "D445",
        "in the place of its dash",
        own(ROW),
    ),
    Mistake(
        "columns in a list",
        own(ROW.replace("{bert: BERT, gpt: GPT}", "[BERT, GPT]")),
        "D445",
        "`of: {bert: BERT, gpt: GPT}`",
        own(ROW),
    ),
    Mistake("a cell of no column", own(ROW.replace("  bert:", "  brt:")), "D442", "`bert`", own(ROW)),
    Mistake("a row without a label", own(ROW.replace("        ask: Goal\n", "")), "D404", "`ask: `", own(ROW)),
    Mistake(
        "no numbers",
        own("drill:\n    ask: Twice {{n}}?\n    answer: n * 2"),
        "D404",
        "`given: `",
        own(f"{DRILL}n * 2"),
        TWICE,
    ),
    Mistake(
        "numbers without a name",
        own(DRILL.replace("{n: [1, 2]}", "[1, 2]") + "n * 2"),
        "D445",
        "`given: {n: [1, 2]}`",
        own(f"{DRILL}n * 2"),
        TWICE,
    ),
    Mistake(
        "numbers with units",
        own(DRILL.replace("[1, 2]", "[1 MB, 2 MB]") + "n * 2"),
        "D444",
        "no units",
        own(f"{DRILL}n * 2"),
        TWICE,
    ),
    Mistake(
        "numbers without brackets",
        own(DRILL.replace("{n: [1, 2]}", "\n      n: 1, 2") + "n * 2"),
        "D444",
        "`n: [1, 2]`",
        own(f"{DRILL}n * 2"),
        TWICE,
    ),
    Mistake(
        "numbers in single braces",
        own(DRILL.replace("{{n}}", "{n}") + "n * 2"),
        "D444",
        "`{{n}}`",
        own(f"{DRILL}n * 2"),
        TWICE,
    ),
    Mistake(
        "a drill beside its keys",
        own("drill: Twice {{n}}?", "given: {n: [1, 2]}", "answer: n * 2"),
        "D401",
        "below `drill:`",
        own(f"{DRILL}n * 2"),
        TWICE,
    ),
    Mistake("a power", own(f"{DRILL}n ^ 2"), "D443", "`n ** 2`", own(f"{DRILL}n ** 2")),
    Mistake("a product as on paper", own(f"{DRILL}n x 2"), "D443", "`n * 2`", own(f"{DRILL}n * 2"), TWICE),
    Mistake("a times sign", own(f"{DRILL}2×n"), "D443", "`2 * n`", own(f"{DRILL}2 * n")),
    Mistake("an equation", own(f"{DRILL}x = n * 2"), "D443", "`n * 2`", own(f"{DRILL}n * 2"), TWICE),
    Mistake("a function of Python", own(f"{DRILL}n.real"), "D443", "arithmetic only", own(f"{DRILL}n * 2"), TWICE),
    Mistake(
        "points with names",
        own("explain: Why?", "points:\n    one: So.\n    two: And so."),
        "D409",
        "after a dash",
        own("explain: Why?", "points:\n    - So.\n    - And so."),
        Explain("Why?", ("So.", "And so.")),
    ),
    Mistake(
        "a colon in a point",
        own("explain: Why?", "points:\n    - Because: so.\n    - And so."),
        "D101",
        "`- 'Because: so.'`",
        own("explain: Why?", "points:\n    - 'Because: so.'\n    - And so."),
        Explain("Why?", ("Because: so.", "And so.")),
    ),
    Mistake(
        "points after stars",
        own("explain: Why?", "points:\n    * So.\n    * And so."),
        "D102",
        "`- `",
        own("explain: Why?", "points:\n    - So.\n    - And so."),
    ),
    Mistake("no points", own("explain: Why?"), "D404", "`points: `", own("explain: Why?", "points: [So., And so.]")),
    Mistake(
        "several right answers",
        own("q: What?", "typed: [soft, hard]"),
        "D208",
        "`accept: [hard]`",
        own("q: What?", "typed: soft", "accept: [hard]"),
        Typed("What?", "soft", ("hard",)),
    ),
    Mistake(
        "a tolerance in words",
        own("q: What?", "typed: 3", "tolerance: about 1"),
        "D440",
        "`tolerance: 1%`",
        own("q: What?", "typed: 3", "tolerance: 1%"),
        Typed("What?", "3", (), "1%"),
    ),
]
assert len({case.name for case in MISTAKES}) == len(MISTAKES)


def deck(note: str) -> str:
    return HEAD + "".join(f"  {line}\n" if line.strip() else "\n" for line in note.split("\n")) + SOUND


def read(note: str) -> DeckFile:
    return read_text(deck(note), "f.yaml")


@pytest.mark.parametrize("case", MISTAKES, ids=[case.name for case in MISTAKES])
def test_a_mistake_is_told_with_what_to_type_and_typing_it_mends_it(case: Mistake) -> None:
    wrong = read(case.wrong)
    told = {problem.code: problem for problem in wrong.problems}
    assert case.code in told, [str(problem) for problem in wrong.problems]
    assert case.hint in told[case.code].hint
    assert wrong.deck is not None
    assert "sound" in {note.id for note in wrong.deck.notes}
    assert ("one" in {note.id for note in wrong.deck.notes}) == CODES[case.code].is_advice

    mended = read(case.mended)
    assert [str(problem) for problem in mended.problems] == []
    assert mended.deck is not None
    note, sound = mended.deck.notes
    assert (note.id, sound.id) == ("one", "sound")
    if case.means is not None:
        assert note.body == case.means


@pytest.mark.parametrize("case", MISTAKES, ids=[case.name for case in MISTAKES])
def test_what_stands_in_backticks_as_a_whole_line_is_in_the_mended_text(case: Mistake) -> None:
    """A hint that shows a line shows the very line that mends the note."""
    quoted = case.hint.strip("`")
    if case.hint.startswith("`") and ": " in quoted and not quoted.endswith(": "):
        assert quoted in case.mended


def one_note(text: str) -> Body:
    file = read_text(HEAD + text, "f.yaml")
    assert [str(problem) for problem in file.problems] == []
    assert file.deck is not None
    return file.deck.notes[0].body


def test_a_missing_dash_is_told_before_the_key_that_needs_it() -> None:
    wrong = HEAD + "  - id: one\n    q: What?\n    a: This.\n\n    id: two\n    q: And?\n    a: That.\n"
    (problem,) = read_text(wrong).problems
    assert (problem.code, problem.line) == ("D106", 10)
    assert "Write `- ` before `id:`" in problem.hint
    mended = read_text(wrong.replace("    id: two", "  - id: two"))
    assert not mended.problems
    assert mended.deck is not None
    assert [note.id for note in mended.deck.notes] == ["one", "two"]


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_of_other_systems_are_no_mistake(ends: str, mark: bytes, tmp_path: Path) -> None:
    path = tmp_path / "deck.yaml"
    path.write_bytes(mark + deck(block("one\ntwo")).replace("\n", ends).encode())
    file = read_deck(path)
    assert not file.problems
    assert file.deck is not None
    assert file.deck.notes[0].body == says("one\ntwo")


def problems_of(path: Path, data: bytes) -> list[Problem]:
    path.write_bytes(data)
    return list(read_deck(path).problems)


def test_bytes_that_are_not_utf_8_are_told_with_the_encoding_they_probably_are_in(tmp_path: Path) -> None:
    path = tmp_path / "deck.yaml"
    text = deck(a("café"))
    (problem,) = problems_of(path, text.encode("latin-1"))
    assert (problem.code, problem.line, problem.column) == ("D005", 8, 11)
    assert "Latin-1" in problem.message
    assert "Save it as UTF-8" in problem.hint
    assert problems_of(path, text.encode("utf-8")) == []
    (problem,) = problems_of(path, text.encode("utf-16"))
    assert "UTF-16" in problem.message
    (problem,) = problems_of(path, text.replace("é", "\0").encode())
    assert (problem.code, problem.hint[:10]) == ("D006", "Remove it;")


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "null", "~", "1:30", "0x10", "1e3", "012", "2026-11-21", "1_000", ".5"]
)
def test_words_that_other_readers_of_yaml_would_change_stay_what_was_typed(word: str) -> None:
    assert one_note(f"  - id: one\n    q: What?\n    a: {word}\n") == says(word)
