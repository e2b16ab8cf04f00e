"""What an export makes in a short way, since it makes so much, is what the long way makes."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.anki.fields import Fields, plain
from nlpcards.anki.media import Media
from nlpcards.anki.rewrite import rewrite
from nlpcards.anki.source_text import encode
from nlpcards.core.cards import Deck, Note
from nlpcards.core.kinds.contrast import Contrast
from nlpcards.core.markup.parser import parse
from nlpcards.core.markup.tree import Document, Image, Math, MathBlock, walk
from nlpcards.render.html import _Writer, to_html
from tests.support.any_notes import CONTRAST, HERE, TEXT, decks

MARKED = st.lists(
    st.sampled_from(
        "{{c1:: | {{c2:: |}} |}|{|::|:|$|$x$|$$|`|\n```python\n|\n```\n|\n\n|- |> |\n|--|--|\n|| |*|![p](q.png)|word"
        "|&|<b>|\\(|\\\\(|\\def|[sound:x]|[$]|[[type:Front]]|{{Front}}|\"|'|{a}|{{{{|}}}|:::".split("|")
    ),
    max_size=12,
).map("".join)


class _Slowly(_Writer):
    """Writes text letter by letter."""

    def _text(self, text: str) -> None:
        for char in text:
            if char == self._last and (char in "{}" or (char == ":" and self._in_cloze)):
                self._html.append(f"&#{ord(char)};")
                self._last = ";"
            else:
                self._html.append({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}.get(char, char))
                self._last = char


def slowly(document: Document) -> str:
    writer = _Slowly()
    for block in document.blocks:
        writer.block(block)
    return writer.html()


@settings(max_examples=400)
@given(st.one_of(MARKED, TEXT), st.booleans())
def test_text_is_written_as_letter_by_letter(text: str, cloze: bool) -> None:
    document = parse(text, cloze=cloze)
    assert to_html(document) == slowly(document)


@settings(max_examples=150)
@given(st.one_of(MARKED, TEXT))
def test_what_has_neither_pictures_nor_acting_formulas_is_not_made_again(text: str) -> None:
    document = parse(text, cloze=True)
    assert rewrite(document, image=lambda image: image, tex=str) is document
    drawn = Image("drawn.png", ("drawn",))
    changed = rewrite(document, image=lambda image: drawn, tex=lambda tex: f"({tex})")
    for before, after in zip(walk(document), walk(changed), strict=True):
        match before:
            case Image():
                assert after is drawn
            case Math() | MathBlock():
                assert isinstance(after, type(before))
                for old, new in zip(before.pieces, after.pieces, strict=True):
                    own = [old] if isinstance(old, str) else old.children
                    assert ([new] if isinstance(new, str) else list(new.children)) == [f"({each})" for each in own]
            case _:
                assert type(after) is type(before)


@settings(max_examples=60)
@given(CONTRAST)
def test_a_table_is_written_for_each_cell_as_a_table_of_its_own(body: Contrast) -> None:
    note, fields = Note("d", "n", body, HERE), Fields(Media())
    keys, columns = body.card_keys(), [slug for slug, _ in body.of]
    rows = [row.slug for row in body.by]
    places = [(rows.index(row), 1 + columns.index(column)) for _, row, column in (key.split(".") for key in keys)]
    hidden = fields.hiding(note, body.table(), 1, places)
    assert hidden == [fields.tree(note, body.face(key, "").question_tree()) for key in keys]


@settings(max_examples=40)
@given(decks())
def test_a_notes_text_is_the_json_that_python_writes(deck: Deck) -> None:
    for note in deck.notes:
        field = encode(note)
        text = json.dumps(json.loads(field))
        for touchy, escape in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e"), ("\x7f", "\\u007f")):
            text = text.replace(touchy, escape)
        text = text.replace("{{", "{\\u007b")
        assert field == re.sub(r'\[(?!["\]])', r"\\u005b", text)


@settings(max_examples=200)
@given(st.one_of(MARKED, TEXT))
def test_the_words_of_a_field_are_those_without_its_tags(text: str) -> None:
    for field in (Fields(Media()).html(Note("d", "n", Contrast((), ()), HERE), text), text, f"<p>{text}</p>"):
        assert plain(field) == " ".join(unescape(re.sub("<[^>]*>", " ", field)).split())


@pytest.mark.parametrize(
    "field", ["", "<p></p>", "<p>", "</p>", "<p>a</p></p>", "<p>a > b</p>", "<p>a</p>b</p>", "<p/p>"]
)
def test_the_words_of_odd_fields_are_found_too(field: str) -> None:
    assert plain(field) == " ".join(unescape(re.sub("<[^>]*>", " ", field)).split())
