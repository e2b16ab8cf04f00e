"""What a real Anki exports as plain text is imported with its formulas, marks, decks and tags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.decks.importing.deck_files import Wanted, import_reading
from nlpcards.decks.importing.formats import read_file
from nlpcards.decks.library import load

FIELDS = [
    (
        "Basic",
        "NLP::Attention",
        ["What is <b>scaled</b>?<br>#1", 'It is "\\(QK^\\top/\\sqrt{d_k}\\)"\tso'],
        ["t1", "a::b"],
    ),
    ("Basic (and reversed card)", "NLP", ["gate", "<div>one;</div><div>two, three</div>"], []),
    ("Cloze", "NLP", ["The {{c1::forget::which?}} gate \\(\\sigma({{c2::x}})\\) &lt;", "extra"], ["t1"]),
]


@pytest.mark.parametrize("with_html", [True, False])
def test_a_text_file_of_ankis_is_imported(tmp_path: Path, with_html: bool) -> None:
    col: Any = Collection(str(tmp_path / "collection.anki2"))
    for kind, deck, fields, tags in FIELDS:
        note = col.new_note(col.models.by_name(kind))
        note.fields[:2] = fields
        note.tags = tags
        col.add_note(note, col.decks.id(deck))
    file = tmp_path / "notes.txt"
    count = col.export_note_csv(
        out_path=str(file),
        limit=None,
        with_html=with_html,
        with_tags=True,
        with_deck=True,
        with_notetype=True,
        with_guid=True,
    )
    col.close()
    assert count == 3
    reading = read_file(file)
    assert reading.skipped == ()
    report = import_reading(reading, file, Wanted(tmp_path / "decks"), {})
    assert (report.notes, report.cards, report.skipped) == (3, 5, ())
    library = load([tmp_path / "decks"])
    assert not library.broken
    assert sorted(library.decks) == ["nlp", "nlp-attention"]
    (scaled,) = library.decks["nlp-attention"].notes
    assert isinstance(scaled.body, Basic)
    assert scaled.body.answer == 'It is "$QK^\\top/\\sqrt{d_k}$" so' if with_html else scaled.body.answer
    assert "$QK^\\top/\\sqrt{d_k}$" in scaled.body.answer
    assert ("**scaled**" in scaled.body.question) == with_html
    assert scaled.tags == ("a::b", "t1")
    gate, cloze = library.decks["nlp"].notes
    assert isinstance(gate.body, Basic)
    assert gate.body.both
    assert "one;" in gate.body.answer
    assert isinstance(cloze.body, ClozeText)
    assert cloze.body.text == "The {{c1::forget::which?}} gate $\\sigma({{c2::x}})$ <"
    assert cloze.why == "extra"
    again = import_reading(read_file(file), file, Wanted(tmp_path / "decks"), {})
    assert (again.notes, again.known) == (0, 3)
