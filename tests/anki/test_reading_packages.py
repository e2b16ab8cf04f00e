"""Packages and collections that real Anki wrote are read as Anki itself knows them, whichever way it kept them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions, ImportAnkiPackageRequest

from nlpcards.anki.reading.collection import opened
from nlpcards.anki.reading.values import Queue, Stock
from nlpcards.core.days import day_of
from nlpcards.core.errors import NlpcardsError
from tests.support.phone import answer_queued

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(64))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A collection with every stock note type, nested decks, a picture, and cards in every state."""
    col = Collection(str(tmp_path_factory.mktemp("anki") / "collection.anki2"))
    col.media.write_data("a picture.png", PICTURE)
    decks = [col.decks.id(name) for name in ("Default", "One", "One::Two", "One::Two::Drei ß")]
    for at, model in enumerate(sorted(col.models.all(), key=lambda each: each["name"])):
        for number in range(3):
            note = col.new_note(model)
            for place, field in enumerate(model["flds"]):
                note[field["name"]] = f"{model['name']} {number} {place} &lt;b&gt; <i>é</i>"
            if model["type"] == 1:
                note.fields[0] = "{{c1::one}} and {{c3::three::hint}}"
                if "Occlusion" in model["name"]:
                    note.fields[0] = "{{c1::image-occlusion:rect:left=.1:top=.1:width=.2:height=.2}}"
                    note.fields[1] = '<img src="a picture.png">'
            note.tags = ["plain", "deep::er", f"n{number}"]
            col.add_note(note, decks[(at + number) % len(decks)])
    cards = sorted(col.find_cards(""))
    answer_queued(col, "Default", 14)
    col.sched.suspend_cards(cards[:2])
    col.sched.bury_cards(cards[2:4])
    col.set_user_flag_for_cards(5, cards[4:7])
    col.sched.set_due_date(cards[8:10], "7")
    yield col
    col.close()


def written(col: Any, folder: Path, how: str) -> Path:
    """A file of the collection, as Anki writes it."""
    if how == "closed":
        path = folder / "copy.anki2"
        col.db.execute("vacuum into ?", str(path))
        return path
    path = folder / f"out.{how.split('-')[0]}"
    legacy = how.endswith("legacy")
    if how.startswith("colpkg"):
        col.export_collection_package(str(path), include_media=True, legacy=legacy)
        col.reopen(after_full_sync=False)
    else:
        options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy)
        col.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


EVERY_WAY = ("apkg-modern", "apkg-legacy", "colpkg-modern", "colpkg-legacy", "closed")


@pytest.mark.parametrize("how", EVERY_WAY)
def test_what_is_read_is_what_anki_holds(source: Any, tmp_path: Path, how: str) -> None:
    path = written(source, tmp_path, how)
    with opened(path) as found:
        notes = {note.guid: note for note in found.notes()}
        theirs = [source.get_note(number) for number in source.find_notes("")]
        assert {note.guid for note in theirs} == set(notes)
        for note in theirs:
            ours = notes[note.guid]
            kind = found.note_types[ours.note_type]
            model = note.note_type()
            assert list(ours.fields) == note.fields
            assert sorted(ours.tags) == sorted(note.tags)
            assert kind.name == model["name"]
            assert kind.is_cloze == (model["type"] == 1)
            assert (kind.stock is Stock.IMAGE_OCCLUSION) == ("Occlusion" in kind.name)
            assert list(kind.fields) == [field["name"] for field in model["flds"]]
            # Anki's own ids may be negative, which a message holds as their complement.
            assert [each % 2**64 for each in kind.field_ids] == [field["id"] % 2**64 for field in model["flds"]]
            assert [(each.question, each.answer) for each in kind.templates] == [
                (each["qfmt"], each["afmt"]) for each in model["tmpls"]
            ]
            assert kind.css == model["css"]
        by_id = {note.id: note for note in notes.values()}
        cards = {(by_id[card.note].guid, card.ord): card for card in found.cards()}
        assert len(cards) == source.card_count()
        day = source.sched.today
        for number in source.find_cards(""):
            card = source.get_card(number)
            ours_card = cards[(card.note().guid, card.ord)]
            assert found.decks[ours_card.deck].name == source.decks.name(card.did)
            assert (ours_card.flag, ours_card.reps, ours_card.lapses) == (card.user_flag(), card.reps, card.lapses)
            assert ours_card.queue is Queue(card.queue)
            if card.type == 2:
                assert ours_card.due_day is not None
                theirs_in_days = card.due - day
                assert found.first_day(0) + ours_card.due_day - theirs_in_days == day_of_collection(source)
        log = source.db.all("select ease, ivl, lastIvl, factor, time, type from revlog order by id")
        mine = [
            [each.button, each.interval, each.last_interval, each.factor, each.took_ms, each.kind]
            for each in found.reviews()
        ]
        assert mine == log
        assert len(log) >= 16
        assert found.is_whole == (not how.startswith("apkg"))
        assert found.rollover == (4 if found.is_whole else None)
        if how != "closed":
            assert b"".join(found.pieces("a picture.png")) == PICTURE


def day_of_collection(col: Any) -> int:
    """The study day now, by Anki's own clock: a day before its next rollover."""
    from datetime import UTC, datetime, timedelta

    west = col.get_config("creationOffset")
    ends = datetime.fromtimestamp(col.sched.day_cutoff, UTC) - timedelta(minutes=west)
    return day_of(ends.date()) - 1


@pytest.mark.parametrize("legacy", [False, True])
def test_presets_bring_steps_parameters_and_the_recall_aimed_for(tmp_path: Path, legacy: bool) -> None:
    col: Any = Collection(str(tmp_path / "collection.anki2"))
    did = col.decks.id("Deep")
    config = col.decks.add_config("Mine")
    config["new"]["delays"], config["lapse"]["delays"] = [2, 15], [20]
    config["fsrsParams6"] = [round(0.1 + at / 10, 2) for at in range(21)]
    config["desiredRetention"] = 0.87
    col.decks.update_config(config)
    deck = col.decks.get(did)
    deck["conf"] = config["id"]
    col.decks.save(deck)
    note = col.new_note(col.models.by_name("Basic"))
    note["Front"], note["Back"] = "q", "a"
    col.add_note(note, did)
    path = written(col, tmp_path, "apkg-legacy" if legacy else "apkg-modern")
    col.close()
    with opened(path) as found:
        (name,) = (deck for deck in found.decks.values() if deck.name == "Deep")
        assert name.preset is not None
        assert name.preset.learning_steps == (120, 900)
        assert name.preset.relearning_steps == (1200,)
        assert name.preset.parameters == pytest.approx(config["fsrsParams6"])
        assert name.preset.retention == pytest.approx(0.87)


def test_a_collection_that_anki_has_open_is_refused(tmp_path: Path) -> None:
    col: Any = Collection(str(tmp_path / "collection.anki2"))
    note = col.new_note(col.models.by_name("Basic"))
    note["Front"] = "q"
    col.add_note(note, 1)
    try:
        with pytest.raises(NlpcardsError, match="open"), opened(tmp_path / "collection.anki2"):
            pass
    finally:
        col.close()
    with opened(tmp_path / "collection.anki2") as found:
        assert len(list(found.notes())) == 1


def test_reading_changes_nothing(source: Any, tmp_path: Path) -> None:
    path = written(source, tmp_path, "closed")
    before = path.read_bytes()
    path.chmod(0o400)
    with opened(path) as found:
        assert list(found.notes())
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["copy.anki2"]


def test_a_package_that_was_read_still_goes_into_anki(source: Any, tmp_path: Path) -> None:
    path = written(source, tmp_path, "apkg-modern")
    with opened(path) as found:
        number = len(list(found.notes()))
    other: Any = Collection(str(tmp_path / "other.anki2"))
    other.import_anki_package(ImportAnkiPackageRequest(package_path=str(path)))
    assert other.note_count() == number
    other.close()
    shutil.rmtree(tmp_path, ignore_errors=True)
