"""A note's own text in its hidden field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.anki.source_text import decode, encode
from nlpcards.core.cards import Citation, Note, Place, Source
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.kinds import KINDS, Body
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.contrast import Contrast, Row
from nlpcards.core.kinds.drill import Drill
from nlpcards.core.kinds.explain import Explain
from nlpcards.core.kinds.steps import Steps
from nlpcards.core.kinds.term import Term
from nlpcards.core.kinds.typed import Typed

HERE = Place("demo.yaml", 1, 1)


@given(st.text(), st.text(), st.text(min_size=1))
def test_any_text_comes_back_and_nothing_in_between_can_touch_it(question: str, answer: str, why: str) -> None:
    note = Note("demo", "n", Basic(question, answer), HERE, why=why)
    field = encode(note)
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
        media=("gate.svg",),
    )
    assert decode(encode(note)) == {
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
        "media": ["gate.svg"],
    }


HOSTILE = "[sound:a.mp3] {{x}} <i>&amp;</i> \x1f"


@pytest.mark.parametrize(
    "body",
    [
        Term(HOSTILE, "b"),
        Typed(HOSTILE, "1/3", (HOSTILE, "c"), "1%"),
        Contrast((("a", HOSTILE), ("b", "B")), (Row("r", "R", {"b": HOSTILE}),)),
        Steps("T", (("one", HOSTILE), ("two", "2"))),
        Drill(HOSTILE.replace("{{x}}", "{{n}}"), (("n", ("1", "2")),), "n", "n > 0", "0.1", HOSTILE),
        Explain("Why?", (HOSTILE, "b")),
    ],
    ids=lambda body: str(body.kind),
)
def test_what_stands_below_other_keys_comes_back_in_its_order_and_nothing_in_between_can_touch_it(body: Body) -> None:
    field = encode(Note("demo", "n", body, HERE))
    assert field.isascii()
    assert not any(touchy in field for touchy in ("&", "<", ">", "{{", "[sound"))
    keys = decode(field)
    assert list(keys) == ["deck", "id", *body.written()]
    rebuilt = KINDS[body.kind].build({key: listed_as_tuples(keys[key]) for key in body.written()})
    assert rebuilt == body


def listed_as_tuples(value: Any) -> Any:
    """JSON knows lists alone, and a reader of decks hands tuples to a kind."""
    if isinstance(value, list):
        return tuple(value)
    return {key: listed_as_tuples(each) for key, each in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("was", "was_cards", "written"),
    [
        (("demo/old",), (("step.b", "demo/n#step.a"),), {"n": "demo/old", "step.b": "demo/n#step.a"}),
        (("demo/old", "demo/older"), (("step.b", "d/x#qa"),), {"n": ["demo/old", "demo/older"], "step.b": "d/x#qa"}),
        ((), (("step.b", "demo/n#step.a"),), {"step.b": "demo/n#step.a"}),
    ],
)
def test_former_ids_of_single_cards_are_kept_too(
    was: tuple[str, ...], was_cards: tuple[tuple[str, str], ...], written: object
) -> None:
    note = Note("demo", "n", Basic("q", "a"), HERE, was=was, was_cards=was_cards)
    assert decode(encode(note))["was"] == written


def test_an_id_that_is_a_hash_is_not_written_as_if_an_author_had_given_it() -> None:
    note = Note("demo", "h-1234", Basic("q", "a"), HERE, id_is_hash=True)
    assert "id" not in decode(encode(note))


@pytest.mark.parametrize("field", ["", "words", "[]", "{"])
def test_a_field_that_was_edited_in_anki_is_one_clear_error(field: str) -> None:
    with pytest.raises(NlpcardsError, match="not what nlpcards wrote"):
        decode(field)
