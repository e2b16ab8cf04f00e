"""The designed note types: what may never change, and what every card needs."""

from __future__ import annotations

import re
from hashlib import blake2b

from nlpcards.anki.note_types import BASIC, BOTH_WAYS, CLOZE, DESIGN_TIME, NOTE_TYPES, css, own_css


def test_ids_and_field_lists_are_what_they_were_when_first_imported() -> None:
    assert [(each.key, each.id) for each in NOTE_TYPES] == [
        ("basic", 1_642_871_301),
        ("basic-both", 1_642_871_302),
        ("cloze", 1_642_871_303),
    ]
    common = ["Why", "Source", "Topic", "NoteId", "SourceText"]
    assert [field.name for field in BASIC.fields] == ["Question", "Answer", *common]
    assert [field.name for field in BOTH_WAYS.fields] == ["Question", "Answer", *common]
    assert [field.name for field in CLOZE.fields] == ["Text", *common]
    assert [field.id for field in BASIC.fields] == [7_301_442_000 + each for each in (1, 2, 10, 11, 12, 13, 14)]
    assert [field.id for field in BOTH_WAYS.fields] == [7_301_443_000 + each for each in (1, 2, 10, 11, 12, 13, 14)]
    assert [field.id for field in CLOZE.fields] == [7_301_444_000 + each for each in (1, 10, 11, 12, 13, 14)]
    assert [template.id for each in NOTE_TYPES for template in each.templates] == [
        7_301_442_101,
        7_301_443_101,
        7_301_443_102,
        7_301_444_101,
    ]


def test_no_id_is_used_twice() -> None:
    ids = [kind.id for kind in NOTE_TYPES]
    for kind in NOTE_TYPES:
        ids += [field.id for field in kind.fields] + [template.id for template in kind.templates]
    assert len(ids) == len(set(ids))


def test_whoever_changes_the_design_moves_its_time() -> None:
    parts = [own_css(), *(text for kind in NOTE_TYPES for each in kind.templates for text in (each.front, each.back))]
    design = blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()
    assert (DESIGN_TIME, design) == (1_795_000_000, "0ada94273b84"), (
        "templates or CSS changed: raise DESIGN_TIME, else Anki keeps the old look, then write the new pair here"
    )


def test_templates_name_only_fields_that_exist() -> None:
    for kind in NOTE_TYPES:
        names = {field.name for field in kind.fields}
        for template in kind.templates:
            used = set(re.findall(r"\{\{(?:[#/]|cloze:)?(\w+)\}\}", template.front + template.back))
            assert used <= names
            assert used >= names - {"NoteId", "SourceText"}


def test_cards_have_no_script_and_fetch_nothing() -> None:
    every = css() + "".join(each.front + each.back for kind in NOTE_TYPES for each in kind.templates)
    assert not re.search(r"<script|https?:|url\(|@import|@font-face|javascript|\bon\w+=", every, re.IGNORECASE)


def test_code_has_colours_by_day_and_by_night() -> None:
    assert re.search(r"^\.hl \.k\b", css(), re.MULTILINE)
    assert ".nightMode .hl .k" in css()
    assert ".night_mode .hl .k" in css()
