"""Tables of spreadsheets and of Anki to notes, with what cannot be carried named by its line."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlpcards.core.errors import NlpcardsError, UsageError
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.markup import Break, Paragraph, Text, parse, visible
from nlpcards.decks.importing.columns import named_columns
from nlpcards.decks.importing.deck_files import Wanted, import_reading
from nlpcards.decks.importing.formats import read_file
from nlpcards.decks.importing.plain import from_plain
from nlpcards.decks.importing.result import Draft
from nlpcards.decks.importing.tables import Cells, read_table
from nlpcards.decks.reader import read_deck


def bodies(text: str, **options: object) -> list[dict[str, str | bool]]:
    return [dict(draft.body) for draft in read_table(text, "t.csv", **options).drafts]  # type: ignore[arg-type]


def only(text: str, *, tabs: bool = False) -> Draft:
    (draft,) = read_table(text, "t.csv", tabs=tabs).drafts
    return draft


MARKS = (
    *(
        "*",
        "**",
        "_",
        "__",
        "`",
        "```",
        "~~",
        "~~~",
        "$",
        "$$",
        "$x$",
        "$5",
        "\\",
        "\\(",
        "\\\\",
        "#",
        "## ",
        "- ",
        "-",
    ),
    *(
        "---",
        "===",
        "=",
        "+ ",
        "> ",
        "1. ",
        "2) ",
        "| a | b |",
        "|---|---|",
        "|",
        ":--",
        "[",
        "](",
        "[a](b)",
        "![a](b.png)",
    ),
    *(
        "[a]: b",
        "]:",
        "[^1]",
        "<",
        "<b>",
        "<http://x.y>",
        "<a@b.c>",
        "&amp;",
        "&#65;",
        "&",
        "!",
        "{{c1::x",
        "}}",
        "::",
        "\t",
    ),
    *(
        "\n",
        "\n\n",
        "\r\n",
        "    ",
        " ",
        "a",
        "b c",
        "1",
        "é",
        "語",
        "\xa0",
        "\u200b",
        "\x1b",
        "\ufeff",
        "'",
        '"',
        ",",
        ";",
        ": ",
    ),
)
CELL = (st.lists(st.sampled_from(MARKS) | st.text(max_size=5), max_size=12).map("".join) | st.text(max_size=40)).map(
    lambda text: re.sub("[\0\ud800-\udfff\ufdd0-\ufdef]", "", text).strip()
)
QUESTION = CELL.filter(lambda text: bool(text) and not re.search(r"\{\{c[0-9]+::", text))


def said(markdown: str) -> list[list[str]]:
    """The paragraphs of a tree that has nothing but words and line breaks, each as its lines."""
    paragraphs = []
    for block in parse(markdown).blocks:
        assert isinstance(block, Paragraph), block
        lines = [""]
        for child in block.children:
            if isinstance(child, Break):
                lines.append("")
            else:
                assert isinstance(child, Text), child
                lines[-1] += child.text
        paragraphs.append([squeezed(line) for line in lines])
    return paragraphs


def squeezed(text: str) -> str:
    return " ".join(visible(text).split())


def meant(text: str) -> list[list[str]]:
    # White space at the ends of lines is not shown, nor are the control characters that Python counts as such.
    lines = [squeezed(line.strip()) for line in re.split(r"\r\n|\r|\n", text.strip())]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [paragraph for paragraph in paragraphs if paragraph]


@given(QUESTION)
@example("- a\n---")
@example("a\n===")
@example("a | b\n--- | ---")
@example("![x](y.png)")
@example("x\\")
@example("&lt;")
def test_plain_text_becomes_markdown_that_shows_the_same_text(text: str) -> None:
    assert said(from_plain(text)) == meant(text)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(QUESTION, QUESTION), min_size=1, max_size=4, unique_by=lambda row: from_plain(row[0])))
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_of_any_texts_becomes_a_sound_deck_of_the_same_texts(
    separator: str, rows: list[tuple[str, str]]
) -> None:
    with TemporaryDirectory() as folder:
        check_round_trip(Path(folder), separator, rows)


def check_round_trip(folder: Path, separator: str, rows: list[tuple[str, str]]) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows([("question", "answer"), *rows])
    table = folder / "table.csv"
    table.write_text(written.getvalue(), "utf-8", newline="")
    into = folder / "decks"
    report = import_reading(read_file(table), table, Wanted(into), {})
    assert (report.notes, report.skipped) == (len(rows), ())
    read = read_deck(into / "table.yaml")
    assert not read.has_errors
    assert read.deck is not None
    for note, (question, answer) in zip(read.deck.notes, rows, strict=True):
        assert isinstance(note.body, Basic)
        assert said(note.body.question) == meant(question)
        assert said(note.body.answer) == meant(answer)
    before = (into / "table.yaml").read_bytes()
    again = import_reading(read_file(table), table, Wanted(into), {})
    assert (again.notes, again.known, again.skipped) == (0, len(rows), ())
    assert (into / "table.yaml").read_bytes() == before


@given(st.text(max_size=200) | st.lists(st.sampled_from([*MARKS, "#html:true\n", "q,a\n", '"'])).map("".join))
def test_no_table_makes_the_reader_fail_but_with_a_sentence(text: str) -> None:
    for tabs in (True, False):
        with suppress(NlpcardsError):
            read_table(text, "t.csv", tabs=tabs)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_are_known_by_their_names_in_any_order(separator: str) -> None:
    rows = [
        ("Tags", "Front", "Back", "Notes", "Source", "Topic", "ID"),
        ("x y", "Q?", "A.", "Why.", "A book", "Word Vectors", "my-id"),
    ]
    draft = only("\n".join(separator.join(row) for row in rows))
    assert draft == Draft(2, {"q": "Q?", "a": "A."}, "Why.", ("x", "y"), "A book", "word-vectors", "my-id")


def test_two_columns_without_names_are_question_and_answer() -> None:
    assert bodies("What?;That\nWho?;He, she") == [{"q": "What?", "a": "That"}, {"q": "Who?", "a": "He, she"}]
    assert bodies("a\tb\n", tabs=True) == [{"q": "a", "a": "b"}]


def test_a_term_and_its_definition_make_a_term() -> None:
    assert bodies("Term,Definition\nlemma,a form") == [{"term": "lemma", "definition": "a form"}]
    assert bodies("Term,Back\nlemma,a form") == [{"q": "lemma", "a": "a form"}]


def test_columns_can_be_said_and_left_out_and_a_row_of_names_is_no_note() -> None:
    roles = named_columns("q,-,a, tags")
    assert roles == ("q", "", "a", "tags")
    found = read_table("1,2,3,4,5\n6,7,8,9,0", "t.csv", columns=roles)
    assert [(draft.body["q"], draft.body["a"], draft.tags) for draft in found.drafts] == [
        ("1", "3", ("4",)),
        ("6", "8", ("9",)),
    ]
    assert "Not imported: column 5." in found.remarks[0]
    assert len(read_table("Frage,Question,Answer\nx,y,z", "t.csv", columns=("", "q", "a")).drafts) == 1


@pytest.mark.parametrize(
    ("wanted", "why"), [("q,x", "`x` is no column"), ("q,q,a", "two columns"), ("q,tags", "no note")]
)
def test_columns_that_make_no_note_are_refused(wanted: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        named_columns(wanted)


def test_what_cannot_be_told_is_asked_for() -> None:
    with pytest.raises(NlpcardsError, match="does not say which columns") as caught:
        read_table("a,b,c\nd,e,f", "t.csv")
    assert "--columns q,a,-,tags" in caught.value.remedy
    with pytest.raises(NlpcardsError, match="no row"):
        read_table("\n\n", "t.csv")


def test_a_column_without_a_use_is_named() -> None:
    found = read_table("question,answer,score\nx,y,5", "t.csv")
    assert found.remarks == ("Not imported: score. `--columns` says what a column is.",)


def test_rows_that_cannot_be_carried_are_named_with_their_lines() -> None:
    text = 'q,a\nx,"two\nlines"\nonly,\n,only\na,b,c\nx"y,"a"b\ngood,one\n'
    found = read_table(text, "t.csv")
    assert [draft.line for draft in found.drafts] == [2, 8]
    assert [each.line for each in found.skipped] == [4, 5, 6, 7]
    assert "no answer" in found.skipped[0].reason
    assert "no question" in found.skipped[1].reason
    assert "3 cells" in found.skipped[2].reason
    assert "quote" in found.skipped[3].reason


def test_an_open_quote_takes_one_row_along_and_not_the_rest() -> None:
    found = read_table('q,a\na,"b\nc,d\ne,f\n', "t.csv")
    assert [draft.body["q"] for draft in found.drafts] == ["c", "e"]
    assert [each.line for each in found.skipped] == [2]
    with pytest.raises(NlpcardsError, match="more than 50 rows"):
        read_table("q,a\n" + 'a,"b"c\n' * 60, "t.csv")


def test_quotes_of_a_table_written_without_quoting_are_text() -> None:
    found = read_table('"Attention" is what?\tA paper\nx\ty\n', "t.tsv", tabs=True)
    assert found.drafts[0].body == {"q": '"Attention" is what?', "a": "A paper"}
    assert "read as part of the text" in found.remarks[0]


def test_clozes_of_a_table_become_cloze_notes() -> None:
    text = (
        "q,a,hint\nThe {{c1::forget::which}} gate,extra,\n{{c1::x}} y,,a letter\n{{c1::x}} {{c2::y}},,h\nx,{{c1::y}},\n"
    )
    found = read_table(text, "t.csv").drafts
    assert [(draft.body["cloze"], draft.why) for draft in found] == [
        ("The {{c1::forget::which}} gate", "extra"),
        ("{{c1::x::a letter}} y", ""),
        ("{{c1::x}} {{c2::y}}", "Hint: h"),
        ("x\n\n{{c1::y}}", ""),
    ]
    assert bodies("{{c1::a}} b\n{{c1::c}} d") == [{"cloze": "{{c1::a}} b"}, {"cloze": "{{c1::c}} d"}]


def test_tags_are_words_or_what_commas_part() -> None:
    rows = 'q,a,tags\na,b,x y::z\nc,d,"machine learning; #nlp"\n'
    assert [draft.tags for draft in read_table(rows, "t.csv").drafts] == [("x", "y::z"), ("machine-learning", "nlp")]


def test_texts_that_look_like_markdown_are_text_unless_one_says_otherwise() -> None:
    table = "q,a\nWhat is **x**?,$x^2$\n"
    found = read_table(table, "t.csv")
    assert found.drafts[0].body == {"q": r"What is \*\*x\*\*?", "a": r"\$x^2\$"}
    assert "line 2" in found.remarks[0]
    assert "--text markdown" in found.remarks[0]
    asked = read_table(table, "t.csv", cells=Cells.MARKDOWN)
    assert asked.drafts[0].body == {"q": "What is **x**?", "a": "$x^2$"}
    assert asked.remarks == ()
    assert "--text html" in read_table("q,a\na<br>b,c\n", "t.csv").remarks[0]
    assert bodies("q,a\na<br>b,c\n", cells=Cells.HTML) == [{"q": "a\\\nb", "a": "c"}]


ANKI = "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"


def test_ankis_plain_text_says_what_its_columns_are() -> None:
    rows = [
        "g{1\tBasic\tA::B\tone<br>two\t<b>bold</b> \\(x_1\\)\tt1 t2",
        "g2\tCloze\tC\t{{c1::x}}\tmore\t",
        'g3\tBasic (and reversed card)\tC\t"a ""b"""\tc\t',
        "# a remark",
        'g4\tBasic\tC\t"#hash"\tc\tt',
    ]
    found = read_table(ANKI + "\n".join(rows), "t.txt", tabs=True)
    assert found.drafts == (
        Draft(7, {"q": "one\\\ntwo", "a": "**bold** $x_1$"}, tags=("t1", "t2"), deck="A::B"),
        Draft(8, {"cloze": "{{c1::x}}"}, "more", deck="C"),
        Draft(9, {"q": 'a "b"', "a": "c", "both": True}, deck="C"),
        Draft(11, {"q": "#hash", "a": "c"}, tags=("t",), deck="C"),
    )
    assert found.remarks == ()
    assert found.skipped == ()


def test_ankis_header_gives_a_deck_and_tags_to_all_and_names_what_is_not_carried() -> None:
    text = "#separator:Semicolon\n#deck:Words\n#tags:x y\n#columns:Front;Back;Picture\nf;b;p\n"
    found = read_table(text, "t.txt", tabs=True)
    assert found.drafts == (Draft(5, {"q": "f", "a": "b"}, tags=("x", "y"), deck="Words"),)
    assert "Not imported: Picture." in found.remarks[0]


def test_formulas_are_formulas_in_ankis_text_without_html() -> None:
    assert only("#separator:tab\n#html:false\n\\(a<b\\) *x*\ty\n", tabs=True).body == {"q": r"$a<b$ \*x\*", "a": "y"}


@pytest.mark.parametrize(
    ("data", "remark"),
    [
        ("Frage,Änswer\n".encode("utf-8-sig"), False),
        ("Frage,Änswer\n".encode("utf-16"), False),
        (b"\xfe\xff" + "Frage,Änswer\n".encode("utf-16-be"), False),
        ("Frage,Änswer\n".encode("utf-16-le"), False),
        ("Frage,Änswer\n".encode("cp1252"), True),
        (b"Frage,\xc4nswer\x81\n", True),
    ],
)
def test_files_are_read_in_the_encodings_that_spreadsheets_write(tmp_path: Path, data: bytes, remark: bool) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(data)
    found = read_file(file)
    assert str(found.drafts[0].body["a"]).startswith("Änswer")
    assert bool(found.remarks) == remark
    if remark:
        assert "not UTF-8 (line 1)" in found.remarks[0]


def test_what_is_no_text_and_what_is_too_large_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(b"PK\x03\x04\0\0\1\2\0\0\0x,\xff")
    with pytest.raises(NlpcardsError, match="not text"):
        read_file(file)
    file.write_bytes(b"a,b\n" * 2_200_000)
    with pytest.raises(NlpcardsError, match="more than 8 MiB") as caught:
        read_file(file)
    assert "Split it" in caught.value.remedy


@pytest.mark.parametrize("name", ["x.xlsx", "x.apkg", "x", "x.yaml"])
def test_a_file_of_another_kind_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a,b\n")
    with pytest.raises(UsageError, match="cannot be imported") as caught:
        read_file(tmp_path / name)
    assert caught.value.remedy
