"""A note's own text in its hidden field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.anki.source_text import decode, encode
from nlpcards.core.cards import Citation, Note, Place, Source
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.kinds.basic import Basic

HERE = Place("demo.yaml", 1, 1)


@given(st.text(), st.text(), st.text(min_size=1))
def test_any_text_comes_back_and_nothing_in_between_can_touch_it(question: str, answer: str, why: str) -> None:
    note = Note("demo", "n", Basic(question, answer), HERE, why=why)
    field = encode(note, {"q": question, "a": answer})
    assert field.isascii()
    assert field.isprintable()
    assert not any(touchy in field for touchy in ("&", "<", ">", "{{", "[sound", "[latex]", "[$]"))
    assert decode(field) == {"deck": "demo", "id": "n", "q": question, "a": answer, "why": why}


def test_every_key_of_a_note_is_there_as_its_author_wrote_it() -> None:
    gers = Source("gers2000", "Learning to Forget", "Gers", "2000", "https://doi.org/1")
    note = Note(
        "demo",
        "n",
        Basic("q", "a", both=True),
        HERE,
        topic="lstm",
        cite=(Citation(gers, "§3"), Citation(gers, "")),
        tags=("t",),
        concepts=("gate",),
        needs=("demo/m",),
        confusable=("other/x",),
        was=("old",),
    )
    assert decode(encode(note, {"q": "q", "a": "a", "both": True})) == {
        "deck": "demo",
        "id": "n",
        "q": "q",
        "a": "a",
        "both": True,
        "cite": ["gers2000 §3", "gers2000"],
        "sources": {
            "gers2000": {
                "title": "Learning to Forget",
                "authors": "Gers",
                "year": "2000",
                "url": "https://doi.org/1",
            }
        },
        "topic": "lstm",
        "tags": ["t"],
        "concepts": ["gate"],
        "needs": ["demo/m"],
        "confusable": ["other/x"],
        "was": ["old"],
    }


def test_an_id_that_is_a_hash_is_not_written_as_if_an_author_had_given_it() -> None:
    note = Note("demo", "h-1234", Basic("q", "a"), HERE, id_is_hash=True)
    assert "id" not in decode(encode(note, {"q": "q", "a": "a"}))


@pytest.mark.parametrize("field", ["", "words", "[]", "{"])
def test_a_field_that_was_edited_in_anki_is_one_clear_error(field: str) -> None:
    with pytest.raises(NlpcardsError, match="not what nlpcards wrote"):
        decode(field)
