"""Anki's templates, clozes and HTML as notes of ours, as real Anki would show them; and what means harm does none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.anki.importing.clozes import cloze_notes
from nlpcards.anki.importing.gathering import deck_title, gathered
from nlpcards.anki.importing.notes import drafts_of, label_of
from nlpcards.anki.importing.own_notes import Stored
from nlpcards.anki.importing.templates import LONGEST_SIDE, TooLong, back, front
from nlpcards.anki.importing.text import CannotCarry, Converter
from nlpcards.anki.importing.values import Gathered
from nlpcards.anki.reading.collection import opened
from nlpcards.anki.reading.values import NoteType, Queue, StoredCard, StoredNote, Template
from nlpcards.core.markup.cloze import scan
from nlpcards.decks.reader import read_text
from nlpcards.decks.writing import write_deck

FIELDS = {"F": "front", "B": "<b>back</b>", "E": "", "S": " <br> ", "J": "漢字[かんじ]"}


@pytest.mark.parametrize(
    ("template", "question", "answer"),
    [
        ("{{F}}", "front", "front"),
        ("{{FrontSide}}<hr id=answer>{{B}}", "<hr id=answer><b>back</b>", "<hr id=answer><b>back</b>"),
        ("{{#F}}a{{/F}}{{^F}}b{{/F}}{{#E}}c{{/E}}{{^E}}d{{/E}}", "ad", "ad"),
        ("{{#S}}blank{{/S}}{{#Nobody}}x{{/Nobody}}", "", ""),
        ("{{#F}}{{#E}}x{{/E}}y{{^E}}z{{/E}}{{/F}}{{/F}}", "yz", "yz"),
        ("{{text:B}}", "back", "back"),
        ("a{{hint:B}}", "a", "a<b>back</b>"),
        ("a{{type:B}}{{type:nc:B}}", "a", "a"),
        ("{{tts en_US voices=x:F}}{{Unknown}}!", "!", "!"),
        ("{{some-addon:F}} {{ F }}", "front front", "front front"),
        ("{{kanji:J}} {{kana:J}} {{furigana:J}}", "漢字 かんじ 漢字 (かんじ)", "漢字 かんじ 漢字 (かんじ)"),
        ("<!-- {{F}} -->{{F}}<!-- open", "front<!-- open", "front<!-- open"),
    ],
)
def test_templates_show_what_anki_shows(template: str, question: str, answer: str) -> None:
    assert front(template, FIELDS).html == question
    assert back(template, FIELDS).html == answer


def test_a_front_names_what_is_typed_and_what_is_a_hint() -> None:
    side = front("{{F}}{{hint:B}}{{hint:E}}{{type:F}}", FIELDS)
    assert (side.hints, side.typed) == ({"B": "<b>back</b>"}, "F")


@pytest.mark.parametrize("template", ["{{F}}" * 200_000, "{{#F}}" * 30_000 + "x", "<!--" * 40_000, "{{" * 90_000])
def test_templates_that_grow_without_end_are_given_up(template: str) -> None:
    with suppress(TooLong):
        assert len(front(template, {"F": "x" * 1_000}).html) <= LONGEST_SIDE


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a {{c1::b::hint}} c", [("a {{c1::b::hint}} c", (1,))]),
        (r"\( {{c1::\frac{a}{b} }} \) x", [(r"${{c1::\frac{a}{b} }}$ x", (1,))]),
        (r"\({{c1::\frac{a}{b}}}\)", [(r"${{c1::\frac{a}{b}}}$", (1,))]),
        (
            "{{c1::a {{c2::b::h}} c}} {{c3::d}}",
            [("{{c1::a b c}} {{c3::d}}", (1, 3)), ("a {{c2::b::h}} c d", (2,))],
        ),
        (
            "{{c1::x {{c2::y {{c3::z}}}}}}",
            [("{{c1::x y z}}", (1,)), ("x {{c2::y z}}", (2,)), ("x y {{c3::z}}", (3,))],
        ),
        ("{{c1::a {{c1::b}} c}}", [("{{c1::a b c}}", (1,))]),
        ("{{c1,2::x}} y {{c3::z}}", [("{{c1::x}} y {{c3::z}}", (1, 3)), ("{{c2::x}} y z", (2,))]),
        ("{{c1::a { b}} and {{c2::c } d}}", [(r"{{c1::a \{ b}} and {{c2::c \} d}}", (1, 2))]),
        ("{{c1::x}} {{c2::unclosed", [(r"{{c1::x}} \{\{c2::unclosed", (1,))]),
        ("<b>{{c2::<i>x</i>::<u>hint</u>}}</b>", [("{{c2::x::hint}}", (2,))]),
        ("a}} {{c1::b}}", [("a}} {{c1::b}}", (1,))]),
    ],
)
def test_clozes_hide_what_they_hid(html: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    converter = Converter()
    assert [(note.markdown, note.numbers) for note in cloze_notes(html, converter)] == expected
    assert converter.lost == []


@pytest.mark.parametrize("html", ["plain", "{{c0::x}}", "{{c501::x}}", "{{c1::}}", "{{c1::" * 20 + "x" + "}}" * 20])
def test_a_text_without_a_cloze_that_can_be_is_named(html: str) -> None:
    with pytest.raises(CannotCarry):
        cloze_notes(html, Converter())


PIECES = st.sampled_from(
    (
        *("{{c1::", "{{c2::", "{{c3,1::", "}}", "::", "{", "}", "\\(", "\\)", "`", "<b>", "</b>", "<code>", "</code>"),
        *("a", " ", "x_1", "\\frac{a}{b}", "<br>", "$", "[latex]", "[/latex]", "\\[", "\\]", "*", "&lt;", "<pre>"),
    )
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_whatever_clozes_come_of_a_text_a_deck_can_hold_them(html: str) -> None:
    try:
        notes = cloze_notes(html, Converter())
    except CannotCarry:
        return
    numbers = [number for note in notes for number in note.numbers]
    assert len(set(numbers)) == len(numbers)
    for note in notes:
        assert scan(note.markdown).numbers == note.numbers
        read = read_text(write_deck({"deck": "d", "title": "t"}, [{"id": "n", "cloze": note.markdown}]))
        if read.deck is not None and read.deck.notes:
            assert len(read.deck.notes[0].cards()) == len(note.numbers)


@pytest.mark.parametrize(
    ("html", "markdown", "lost"),
    [
        ("a<script>alert(1)</script>b<style>.x{}</style>", "ab", 0),
        ("<SCRIPT src=x>never closed {{c1::", "", 0),
        ("<button onclick=x>Show</button><details><summary>Why</summary>So</details>", "ShowWhySo", 0),
        ('<audio controls src="a.mp3"></audio>', "![a.mp3](a.mp3)", 0),
        ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "漢字 (かんじ)", 0),
        ("see<svg><path d='x'/></svg> this", "see this", 1),
        (r"\(\ce{H2O}\)", r"`\ce{H2O}`", 1),
        (r"\(a^2\) costs $5", r"$a^2$ costs \$5", 0),
        ("<pad> is a token, &lt;s&gt; too", "<pad> is a token, <s> too", 0),
        ('<img src="javascript:alert(1)" onerror=x>', "![](javascript:alert(1))", 0),
    ],
)
def test_odd_html_becomes_text_that_does_nothing(html: str, markdown: str, lost: int) -> None:
    converter = Converter()
    found = converter.markdown(html)
    if "javascript" not in html:
        assert found == markdown
    assert len(converter.lost) == lost
    assert "<script" not in found.lower()


def test_a_picture_within_a_text_becomes_a_file() -> None:
    converter = Converter()
    found = converter.markdown('<img alt="dot" src="data:image/png;base64,iVBORw0KGgo=">')
    ((name, data),) = converter.pictures.items()
    assert (found, data) == (f"![dot]({name})", b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize(
    "html",
    [
        "<audio " * 30_000,
        "<svg" * 40_000,
        "<img src=data:image/png;base64,A" * 5_000,
        "<script" * 30_000,
        "{{c1::" * 1_900,
        "<rt>" * 40_000,
        "\\(" * 20_000,
        "<!" * 60_000,
        "[sound:" * 25_000,
    ],
)
def test_html_that_means_to_take_long_does_not(html: str) -> None:
    with suppress(CannotCarry):
        assert len(Converter().markdown(html)) <= 10 * len(html)
    with suppress(CannotCarry):
        assert cloze_notes(html, Converter())


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("One::Two::Drei ß", "One › Two › Drei ß"),
        ("nlpcards::LSTM gates", "LSTM gates"),
        ("nlpcards", "nlpcards"),
        (" a  b :: ", "a b"),
        ("::", "Deck"),
    ],
)
def test_decks_have_readable_titles(name: str, title: str) -> None:
    assert deck_title(name) == title


# ---- a deck as strangers share them


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Any]:
    col: Any = Collection(str(tmp_path / "collection.anki2"))
    yield col
    col.close()


def packed(col: Any, tmp_path: Path) -> Gathered:
    path = tmp_path / "shared.apkg"
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=True, legacy=True)
    col.export_anki_package(out_path=str(path), options=options, limit=None)
    with opened(path) as found:
        return gathered(found)


def note_type(col: Any, name: str, fields: list[str], *templates: tuple[str, str], cloze: bool = False) -> Any:
    model = col.models.new(name)
    for field in fields:
        col.models.add_field(model, col.models.new_field(field))
    for number, (question, answer) in enumerate(templates):
        template = col.models.new_template(f"Card {number + 1}")
        template["qfmt"], template["afmt"] = question, answer
        col.models.add_template(model, template)
    model["css"] = ".card { font-family: evil } </style><script>alert(1)</script>"
    if cloze:
        model["type"] = 1
    col.models.add(model)
    return col.models.by_name(name)


def add(col: Any, model: Any, *fields: str) -> Any:
    note = col.new_note(model)
    note.fields[: len(fields)] = fields
    col.add_note(note, col.decks.id("Shared::Deck"))
    return note


def test_a_shared_deck_with_odd_templates_is_read_card_by_card(shared: Any, tmp_path: Path) -> None:
    model = note_type(
        shared,
        "Vocabulary <3>",
        ["Word", "Meaning", "Example", "Audio", "Hint"],
        (
            '<div class="w"><span style="color:red">{{Word}}</span></div>{{hint:Hint}}<script>document.x()</script>',
            "{{FrontSide}}\n\n<hr id=answer>\n\n{{Meaning}}{{#Example}}<br><i>{{Example}}</i>{{/Example}}"
            "<div style='display:block'>{{Audio}}</div><style>.x{}</style>",
        ),
        ("{{#Example}}{{text:Example}}{{/Example}}", "{{Word}}<hr id=answer>{{Word}}"),
        ("{{Meaning}}<br>{{type:Word}}", "{{FrontSide}}<hr id=answer>{{type:Word}}<br>{{Example}}"),
    )
    add(shared, model, "gate", "a<br>switch", "The <b>gate</b> is shut", "[sound:gate.mp3]", "rhymes with late")
    add(shared, model, "cell&nbsp;state", "memory", "", "", "")
    found = packed(shared, tmp_path)
    assert found.left_out == ()
    bodies = [dict(each.draft.body) for each in found.notes]
    assert bodies == [
        {"q": "gate", "a": "a\\\nswitch\\\n*The **gate** is shut*\\\n![gate.mp3](gate.mp3)"},
        {"q": "The gate is shut", "a": "gate"},
        {"q": "a\\\nswitch", "typed": "gate"},
        {"q": "cell state", "a": "memory"},
        {"q": "memory", "typed": "cell state"},
    ]
    assert found.notes[0].draft.why == "Hint: rhymes with late"
    assert found.notes[2].draft.why == "The **gate** is shut"
    assert {each.draft.deck for each in found.notes} == {"Shared › Deck"}
    text = "".join(text for each in found.notes for text in each.draft.texts())
    assert not re.search(r"script|style|document", text)


def test_what_cannot_be_a_note_is_named(shared: Any, tmp_path: Path) -> None:
    basic = shared.models.by_name("Basic")
    add(shared, basic, "no answer", "")
    add(shared, basic, "huge", "word " * 20_000)
    cloze = shared.models.by_name("Cloze")
    note = add(shared, cloze, "{{c1::one}} {{c2::two}}")
    note.fields[0] = "{{c1::one}} two"
    shared.update_note(note)
    found = packed(shared, tmp_path)
    assert [(each.note, each.reason) for each in found.left_out] == [
        ("no answer", "its back is empty"),
        ("huge", "a side of its card has more than 50,000 characters"),
        ("{{c1::one}} two", "its card 2 was left out: the text has no cloze c2"),
    ]
    assert [dict(each.draft.body) for each in found.notes] == [{"cloze": "{{c1::one}} two"}]


def test_a_text_of_ours_that_a_stranger_forged_is_no_note(shared: Any, tmp_path: Path) -> None:
    model = note_type(shared, "nlpcards Basic", ["Question", "NoteId", "SourceText"], ("{{Question}}", "{{NoteId}}"))
    forged = [
        '{"deck": "../../x", "id": "n", "q": "q", "a": "a"}',
        '{"deck": "d", "id": "n/../../x", "q": "q", "a": "a"}',
        '{"deck": "d", "id": "n", "q": {"x": 1}, "a": "a"}',
        '{"deck": "d", "id": "n", "q": "\\ud800", "a": "a"}',
        '{"deck": "d", "id": "n1", "q": ["a", "b"], "a": "a"}',
        '{"deck": "d", "id": "n2", "q": "![x](../../etc/passwd.png)", "a": "a", "media": ["/etc/passwd"]}',
        '{"deck": "d", "id": "n3", "steps": {"title": "t", "of": {}}}',
        "[" * 5_000,
    ]
    for number, text in enumerate(forged):
        add(shared, model, f"q{number}", "d/x", text)
    found = packed(shared, tmp_path)
    own = [each for each in found.notes if each.draft.origin]
    assert [each.label for each in own] == []
    assert len(found.notes) + len(found.left_out) == len(forged)


# ---- whatever a stranger writes

WRITTEN = st.lists(
    st.sampled_from(
        (
            *(
                "{{F}}",
                "{{G}}",
                "{{#F}}",
                "{{^G}}",
                "{{/F}}",
                "{{/G}}",
                "{{cloze:F}}",
                "{{type:G}}",
                "{{hint:G}}",
                "{{",
            ),
            *(
                "{{FrontSide}}",
                "<hr id=answer>",
                "{{c1::",
                "{{c2::",
                "::",
                "}}",
                "<script>",
                "</script>",
                "<b>",
                "</b>",
            ),
            *("\\(x^2\\)", "\\(", "[sound:a.mp3]", "<img src=a.png>", "<table><tr><td>", "<li>", "<pre>", "$", "`"),
            *("word", " ", "\n", "<br>", "&nbsp;", "&#0;", "\x00", "\ufdd0", "\ufdd1", "\u202e", "語", "# ", "- ", "|"),
        )
    ),
    max_size=10,
).map("".join)


@settings(deadline=None, max_examples=400)
@given(WRITTEN, WRITTEN, WRITTEN, WRITTEN, st.booleans(), st.lists(st.integers(-2, 4), max_size=4, unique=True))
def test_any_note_becomes_notes_that_a_deck_can_hold_or_says_why_not(
    question: str, answer: str, first: str, second: str, is_cloze: bool, ords: list[int]
) -> None:
    templates = (Template("Card 1", question, answer), Template("Card 2", answer, question))
    kind = NoteType(1, "Any", ("F", "G"), templates, is_cloze=is_cloze)
    cards = tuple(StoredCard(at, 1, at, 1, Queue.NEW, None, 0, 0, 0) for at in ords)
    stored = Stored(StoredNote(1, "guid", 1, ("a::b", "#", "x,y"), (first, second)), kind, cards)
    assert label_of(stored)
    for made in drafts_of(stored, "Deck", Converter()):
        if isinstance(made, str):
            assert made
            continue
        keys: dict[str, object] = {"id": "n", **made.body, "tags": made.tags}
        if made.why:
            keys["why"] = made.why
        read = read_text(write_deck({"deck": "d", "title": "t"}, [{k: v for k, v in keys.items() if v != ()}]))
        if read.deck is not None and read.deck.notes:
            (note,) = read.deck.notes
            assert {taken.key for taken in made.cards} <= set(note.body.card_keys())
        else:
            assert any(problem.is_error for problem in read.problems)
