"""What a fuzzer of packages, or whoever read the reader for its sake, found: each is mended, and stays so."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.anki.importing import gathering, own_notes
from nlpcards.anki.importing.clozes import cloze_notes
from nlpcards.anki.importing.own_notes import Stored, keys_of
from nlpcards.anki.importing.templates import TooLong, back, front
from nlpcards.anki.importing.text import CannotCarry, Converter
from nlpcards.anki.reading import archive, database, json_text, limits, schema11, wire
from nlpcards.anki.reading.collection import opened
from nlpcards.anki.reading.limits import LARGEST_IMPORT
from nlpcards.anki.reading.schema_size import check_schema_size
from nlpcards.anki.reading.values import NoteType, StoredNote
from nlpcards.collection.collection import Collection
from nlpcards.collection.importing_packages import Imported, import_package
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.journal import Review
from nlpcards.decks.importing.anki_html import from_html
from nlpcards.decks.importing.deck_files import Wanted
from tests.fuzz import texts
from tests.support.learner import Learner

CORPUS = Path(__file__).parent / "fuzz_corpus"

REFUSED = {
    "card-with-20001-reviews.apkg": "20,000 reviews of one card",
    "collection-changed-beyond-all-calendars.apkg": "at no time",
    "error-that-quotes-megabytes.apkg": "cannot be read",
    "list-of-media-that-grows-24-times.apkg": "its list of media cannot be read",
    "message-of-eight-million-fields.apkg": "more than 10,000 fields",
    "note-with-seven-million-tags.apkg": "tags of more than 65,536 characters",
    "settings-that-grow-24-times.apkg": "more than 1,000,000 values",
    "steps-without-end-legacy.apkg": "a list of 400,000 numbers",
    "steps-without-end-modern.apkg": "a list has 4,000,000 numbers",
    "views-of-which-the-schema-takes-gigabytes.apkg": "its schema is larger than any of Anki's",
}


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    made = Learner(tmp_path, datetime(2026, 11, 22, 9, 0, tzinfo=UTC), UTC)
    for path in made.decks.iterdir():
        path.unlink()
    return made


def taken(collection: Collection, learner: Learner, name: str) -> Imported:
    return import_package(collection, CORPUS / f"found-{name}", Wanted(learner.decks))


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_collection_of_ankis_holds_is_refused_in_a_short_sentence(learner: Learner, name: str) -> None:
    with learner.open() as collection, pytest.raises(NlpcardsError) as caught:
        taken(collection, learner, name)
    assert REFUSED[name] in caught.value.message
    assert len(caught.value.message) < 400
    assert "\n" not in str(caught.value)
    assert list(learner.decks.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["review-beyond-all-calendars.apkg", "review-that-leaves-the-journal-no-later-time.apkg"]
)
def test_a_review_at_no_time_is_passed_over_and_one_can_still_answer(learner: Learner, name: str) -> None:
    with learner.open() as collection:
        report = taken(collection, learner, name)
        assert (report.notes, report.reviews) == (1, 0)
        card = next(iter(collection.journal.present_names().values()))
        collection.journal.append([Review(card, 3, 1_000, None, 0, after=0)], collection.now())
        assert collection.state(card).reps == 1


def test_of_notes_with_one_guid_the_first_is_taken_and_nothing_comes_twice(learner: Learner) -> None:
    name = "notes-with-one-guid-of-which-one-is-reviewed.colpkg"
    with learner.open() as collection:
        first = taken(collection, learner, name)
        assert "another note of the file has its GUID" in {each.reason for each in first.skipped}
    with learner.open() as collection:
        again = taken(collection, learner, name)
    assert first.notes == again.known
    assert (again.notes, again.reviews) == (0, 0)


def test_a_card_that_is_there_twice_counts_once(learner: Learner) -> None:
    name = "note-with-one-card-twice-and-reviews-of-both.apkg"
    with opened(CORPUS / f"found-{name}") as found:
        numbers = [(card.note, card.ord) for card in found.cards()]
    assert len(numbers) == len(set(numbers))
    with learner.open() as collection:
        first = taken(collection, learner, name)
    with learner.open() as collection:
        again = taken(collection, learner, name)
    assert (first.reviews, again.reviews) == (1, 0)


def test_a_note_with_more_cards_than_ankis_have_is_named(learner: Learner) -> None:
    with learner.open() as collection:
        report = taken(collection, learner, "note-with-1100-cards.apkg")
    assert any("more than any note of Anki's" in each.reason for each in report.skipped)


def test_a_note_that_carries_more_text_than_any_deck_is_read_as_one_of_ankis(learner: Learner) -> None:
    kind = NoteType(1, "Ours", ("SourceText", "NoteId"), ())
    for length, is_ours in ((100, True), (1 << 18, False)):
        text = json.dumps({"deck": "made", "id": "n", "q": "x" * length, "a": "y"})
        carried = keys_of(Stored(StoredNote(2, "guid", 1, (), (text, "made/n")), kind, ()))
        assert (carried is not None) == is_ours
    with learner.open() as collection:
        assert taken(collection, learner, "own-note-of-a-table-of-90000-cells.apkg").notes > 0


def test_a_note_whose_cards_are_too_long_together_is_named(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_notes, "_MOST_WRITTEN", 500)
    with learner.open() as collection:
        report = taken(collection, learner, "own-note-of-six-megabytes.apkg")
    assert any("cards that are too long together" in each.reason for each in report.skipped)


def test_a_schema_is_measured_before_sqlite_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma page_size = 512")
        for number in range(40):
            connection.execute(f"create table t{number} (a, b /* {'long ' * 40} */)")
        declared = sum(len(sql) for (sql,) in connection.execute("select sql from sqlite_master"))
        connection.commit()
    with path.open("rb") as file:
        check_schema_size(file, 3 * declared)
        with pytest.raises(ValueError, match="larger"):
            check_schema_size(file, declared)
    whole = path.read_bytes()
    for broken in (whole[:400], whole[:16] + b"\x03\x03" + whole[18:], whole[:100] + b"\x02" + whole[101:]):
        with pytest.raises(ValueError, match=r"none|possible"):
            check_schema_size(BytesIO(broken), 1 << 20)
    # The page that the last pointer of the first leads to leads back to it.
    circle = bytearray(whole)
    assert circle[100] == 5
    circle[108:112] = (1).to_bytes(4, "big")
    with pytest.raises(ValueError, match="twice"):
        check_schema_size(BytesIO(bytes(circle)), 1 << 20)


def test_a_directory_larger_than_any_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.apkg"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(100):
            package.writestr(str(number), b"")
    monkeypatch.setattr(archive, "LARGEST_DIRECTORY", 1_000)
    with pytest.raises(NlpcardsError, match="its directory has more than"), opened(path):
        pass


@pytest.mark.parametrize("what", ["CARD_COST", "NOTE_COST", "TEXT_COST"])
def test_more_than_is_held_at_once_is_refused_with_a_way_out(
    learner: Learner, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for cost in ("CARD_COST", "NOTE_COST", "TEXT_COST"):
        monkeypatch.setattr(gathering, cost, LARGEST_IMPORT + 1 if cost == what else 0)
    with learner.open() as collection, pytest.raises(NlpcardsError, match="one deck at a time"):
        taken(collection, learner, "note-with-1100-cards.apkg")
    assert list(learner.decks.iterdir()) == []


@pytest.mark.parametrize(
    ("module", "what", "name", "words"),
    [
        (database, "MOST_SETTINGS", "note-with-1100-cards.apkg", "more than 0 rows"),
        (database, "LARGEST_SETTINGS", "note-with-1100-cards.apkg", "or 0 MB"),
        (schema11, "MOST_SETTINGS", "collection-changed-beyond-all-calendars.apkg", "more than 0 decks"),
    ],
)
def test_a_collection_that_describes_more_than_any_is_refused(
    module: ModuleType, what: str, name: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, what, 0)
    with pytest.raises(NlpcardsError, match=words), opened(CORPUS / f"found-{name}"):
        pass


def test_json_with_more_values_than_any_collection_is_not_read() -> None:
    assert json_text.loaded('{"a": [1, {}]}') == {"a": [1, {}]}
    assert json_text.loaded(b"[1]") == [1]
    for text in ("[" + "{}," * limits.MOST_VALUES + "{}]", b"[" + b"0," * limits.MOST_VALUES + b"0]"):
        with pytest.raises(ValueError, match="1,000,000 values"):
            json_text.loaded(text)


def test_a_message_has_no_more_fields_than_any_of_ankis() -> None:
    fields = b"\x08\x01" * limits.MOST_PARTS
    assert len(list(wire.fields(fields))) == limits.MOST_PARTS
    with pytest.raises(wire.BadMessage, match="fields"):
        list(wire.fields(fields + b"\x08\x01"))
    with pytest.raises(wire.BadMessage, match="numbers"):
        wire.singles(b"\x0d\0\0\0\0" * (limits.MOST_NUMBERS + 1), 1)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('a<img alt="b" src="data:image/png;base64,aGk=" width=3>', "a![b](picture-NAME.png)"),
        ("<IMG width=3 SRC=data:image/jpeg;base64,aGk= alt=c>", "![c](picture-NAME.jpg)"),
        ("<img alt=src=x src='data:image/gif;base64,a G\nk=' >", "![src=x](picture-NAME.gif)"),
        ('<img src="p.png"><img src="data:image/png;base64,*">', "![](p.png)![](data:image/png;base64,*)"),
        ('<audio controls src="a.mp3" loop></audio>', "![a.mp3](a.mp3)"),
        ("<video><source type=x src='b.mp4'></video>", "![b.mp4](b.mp4)"),
        ("<embed src=c.mp3>", "![c.mp3](c.mp3)"),
    ],
)
def test_what_plays_or_stands_within_a_text_is_found_by_its_tag(html: str, markdown: str) -> None:
    converter = Converter()
    said = converter.markdown(html)
    for name in converter.pictures:
        said = said.replace(name.partition("-")[2].partition(".")[0], "NAME")
    assert said == markdown


def test_lists_and_quotes_stand_in_each_other_only_so_deep_and_lose_no_word() -> None:
    for start, end in (("<ul><li>", "</ul>"), ("<blockquote>", "</blockquote>")):
        deep = from_html("".join(f"{start}w{level}" for level in range(60)) + end * 60 + "<p>after</p>")
        assert [word for word in deep.split() if word.startswith("w")] == [f"w{level}" for level in range(60)]
        assert max(len(line) - len(line.lstrip("- >")) for line in deep.split("\n")) <= 40
        assert deep.endswith("\n\nafter")


def test_a_mark_stays_open_over_any_number_of_lines_and_is_written_once_in_each() -> None:
    lines = from_html("x<b>" + "<b>y<br>" * 50 + "</b>z").split("\n")
    assert lines[1:-1] == ["**y**\\"] * 49
    assert lines[-1] == "z"


def test_the_rows_of_a_large_uneven_table_are_not_filled_up() -> None:
    rows = 200
    uneven = f"<table>{'<tr><td>a</td></tr>' * rows}<tr>{'<td>b</td>' * 100}</tr></table>"
    lines = from_html(uneven).split("\n")
    assert lines[0].count("|") == lines[1].count("|") == lines[-1].count("|") == 101
    assert lines[2] == "| a |"
    assert from_html("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>").endswith("| c |  |")


def test_what_tables_within_tables_say_is_escaped_once() -> None:
    written = from_html("<table><tr><td>*b*" * 30 + "</td></tr></table>" * 30)
    assert written.splitlines()[0] == f"| {' '.join([chr(92) + '*b' + chr(92) + '*'] * 30)} |"


def test_clozes_that_would_make_hundreds_of_long_notes_are_not_parted() -> None:
    nested = "".join(f"{{{{c{number}::x" for number in range(1, 10)) + "y" * 60_000 + "}}" * 9
    with pytest.raises(CannotCarry, match="9 notes with all its text"):
        cloze_notes(nested, Converter())
    assert len(cloze_notes(nested.replace("y", ""), Converter())) == 9


def test_a_field_too_long_for_a_card_is_not_blank() -> None:
    blank = " " * 300_000
    template = "{{#Front}}x{{/Front}}{{^Front}}y{{/Front}}"
    assert front(template * 1_000, {"Front": blank}).html == "x" * 1_000
    assert front(template, {"Front": blank[:100]}).html == "y"


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_whatever_a_field_and_a_template_say_they_become_markdown_or_a_reason(chance: Random) -> None:
    fields = {"Front": texts.field(chance)[:20_000], "Text": texts.field(chance)[:2_000]}
    converter = Converter()
    try:
        for side in (front, back):
            html = side(texts.template(chance), fields).html
            converter.markdown(html)
        for note in cloze_notes(fields["Text"], converter):
            assert note.numbers
    except (CannotCarry, TooLong):
        pass
