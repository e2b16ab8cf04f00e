"""The designed note types: what may never change, and what every card needs."""

from __future__ import annotations

import re
from hashlib import blake2b

import pytest

from nlpcards.anki.note_types import DESIGN_TIME, NOTE_TYPES, NoteType, css, own_css

COMMON = ["Why", "Source", "Topic", "NoteId", "SourceText"]
DECIDED: list[tuple[str, int, int, list[str], list[str]]] = [
    ("basic", 1_642_871_301, 7_301_442_000, ["Question", "Answer"], ["Question to answer"]),
    ("basic-both", 1_642_871_302, 7_301_443_000, ["Question", "Answer"], ["Question to answer", "Answer to question"]),
    ("cloze", 1_642_871_303, 7_301_444_000, ["Text"], ["Cloze"]),
    ("term", 1_642_871_304, 7_301_445_000, ["Term", "Definition"], ["Define the term", "Name the term"]),
    (
        "typed",
        1_642_871_305,
        7_301_446_000,
        ["Question", "Answer", "Typed", "Accept", "Tolerance"],
        ["Type the answer"],
    ),
    ("contrast", 1_642_871_306, 7_301_447_000, ["Cell", "Table"], ["Fill in the cell"]),
    ("steps", 1_642_871_307, 7_301_448_000, ["Step", "Title", "Before", "Task"], ["Next step"]),
    ("drill", 1_642_871_308, 7_301_449_000, ["Question", "Answer", "Tolerance", "Examples"], ["Work it out"]),
    ("explain", 1_642_871_309, 7_301_450_000, ["Question", "Points"], ["Explain"]),
]
"""Key, id, base of the ids of its fields and templates, own fields, templates: as first imported, for ever."""


@pytest.mark.parametrize(
    ("kind", "decided"), [*zip(NOTE_TYPES, DECIDED, strict=True)], ids=[decided[0] for decided in DECIDED]
)
def test_ids_and_field_lists_are_what_they_were_when_first_imported(
    kind: NoteType, decided: tuple[str, int, int, list[str], list[str]]
) -> None:
    key, number, base, own, templates = decided
    assert (kind.key, kind.id) == (key, number)
    assert [field.name for field in kind.fields] == own + COMMON
    assert [field.id - base for field in kind.fields] == [*range(1, len(own) + 1), 10, 11, 12, 13, 14]
    assert [(template.id - base, template.name) for template in kind.templates] == list(enumerate(templates, 101))
    assert kind.cloze == (key in ("cloze", "contrast"))


def test_no_id_is_used_twice() -> None:
    ids = [kind.id for kind in NOTE_TYPES]
    for kind in NOTE_TYPES:
        ids += [field.id for field in kind.fields] + [template.id for template in kind.templates]
    assert len(ids) == len(set(ids))


def test_whoever_changes_the_design_moves_its_time() -> None:
    parts = [own_css(), *(text for kind in NOTE_TYPES for each in kind.templates for text in (each.front, each.back))]
    design = blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()
    assert (DESIGN_TIME, design) == (1_795_275_000, "e1007610ac9c"), (
        "templates or CSS changed: raise DESIGN_TIME, else Anki keeps the old look, then write the new pair here"
    )


def test_templates_name_only_fields_that_exist() -> None:
    for kind in NOTE_TYPES:
        names = {field.name for field in kind.fields}
        for template in kind.templates:
            used = set(re.findall(r"\{\{(?:[#/]|cloze:|type:)?(\w+)\}\}", template.front + template.back))
            assert used <= names
            assert used >= names - {"NoteId", "SourceText"}


def test_cards_have_no_script_and_fetch_nothing() -> None:
    every = css() + "".join(each.front + each.back for kind in NOTE_TYPES for each in kind.templates)
    assert not re.search(r"<script|https?:|url\(|@import|@font-face|javascript|\bon\w+=", every, re.IGNORECASE)


def test_code_has_colours_by_day_and_by_night() -> None:
    assert re.search(r"^\.hl \.k\b", css(), re.MULTILINE)
    assert ".nightMode .hl .k" in css()
    assert ".night_mode .hl .k" in css()
