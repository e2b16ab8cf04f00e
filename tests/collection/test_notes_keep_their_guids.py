"""A note that came from Anki goes back as the note that Anki has, not as a second one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlpcards.anki.connect.client import AnkiConnect
from nlpcards.anki.history.identities import NOWHERE, AnkiCard, Origins
from nlpcards.collection.bringing_back import bring_back
from nlpcards.collection.exporting import export
from nlpcards.collection.importing_packages import import_package
from nlpcards.collection.pushing import Pushed
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.running_anki import sync
from nlpcards.collection.searching import select
from nlpcards.decks.importing.deck_files import Wanted
from tests.support.anki_connect import served
from tests.support.learner import Learner
from tests.support.phone import Phone


@pytest.fixture
def phone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Phone]:
    """An Anki with notes of its stock types."""
    with monkeypatch.context() as here:
        here.setenv("TZ", "UTC")
        time.tzset()
        phone = Phone(tmp_path / "phone")
        for kind, fields in (
            ("Basic", ("What is a logit?", "An unnormalised log-probability.")),
            ("Basic (and reversed card)", ("recall", "TP over TP and FN")),
            ("Cloze", ("{{c1::Adam}} keeps {{c2::two}} moments.", "")),
        ):
            note = phone.col.new_note(phone.col.models.by_name(kind))
            note.fields = list(fields)
            phone.col.add_note(note, 1)
        yield phone
        phone.col.close()
    time.tzset()


@pytest.fixture
def learner(tmp_path: Path, phone: Phone) -> Learner:
    """Somebody who imported them."""
    learner = Learner(tmp_path / "desk", datetime.now(UTC), UTC)
    (learner.decks / "made.yaml").unlink()
    with learner.open() as collection:
        found = import_package(collection, phone.package(), Wanted(learner.decks))
        assert found.notes == 3
    return learner


def exported(learner: Learner) -> Path:
    with learner.open() as collection:
        path = learner.folder / "out.apkg"
        export(collection, path)
    return path


def guids(phone: Phone) -> set[str]:
    return set(phone.col.db.list("select guid from notes"))


def test_an_imported_note_goes_back_to_the_note_that_anki_has(learner: Learner, phone: Phone) -> None:
    before = guids(phone)
    phone.take(exported(learner))
    assert guids(phone) == before


def test_it_has_the_same_guid_in_any_other_anki(learner: Learner, phone: Phone, tmp_path: Path) -> None:
    other = Phone(tmp_path / "other")
    other.take(exported(learner))
    assert guids(other) == guids(phone)
    other.without_limits()
    other.col.decks.select(1)
    with learner.open() as collection:
        assert other.answer(5, "GOOD") == 5
        assert bring_back(collection, other.package()).reviews == 5
    other.col.close()


def synced(learner: Learner, phone: Phone) -> Pushed:
    with served(phone) as running, learner.open() as collection:
        return sync(collection, AnkiConnect(running.url), select(collection, ()), lambda *_: None).pushed


def edited(learner: Learner, old: str, new: str) -> None:
    path = next(learner.decks.glob("*.yaml"))
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    learner.waits(seconds=60)


def texts(phone: Phone) -> list[str]:
    return sorted(phone.col.db.list("select flds from notes"))


def test_an_edit_here_changes_the_note_there_in_its_own_fields(learner: Learner, phone: Phone) -> None:
    before = guids(phone)
    assert synced(learner, phone).changes == 0
    edited(learner, "log-probability", "*log-odds*")
    edited(learner, "TP over TP", "Hits over TP")
    edited(learner, "two}} moments", "two}} running moments")
    assert synced(learner, phone).updated == 3
    assert guids(phone) == before
    assert [text.partition("\x1f")[0] for text in texts(phone)] == [
        "<p>{{c1::Adam}} keeps {{c2::two}} running moments.</p>",
        "What is a logit?",
        "recall",
    ]
    assert texts(phone)[1].endswith("<p>An unnormalised <em>log-odds</em>.</p>")
    assert phone.col.card_count() == 5
    assert synced(learner, phone).changes == 0


def test_an_edit_of_both_sides_leaves_the_note_there_until_it_is_edited_here_again(
    learner: Learner, phone: Phone
) -> None:
    edited(learner, "log-probability", "log-odds")
    phone.col.db.execute("update notes set flds = replace(flds, 'unnormalised', 'raw'), mod = mod + 30")
    for _ in range(2):
        found = synced(learner, phone)
        assert (found.edited, found.updated) == (1, 0)
    edited(learner, "log-odds", "log odds")
    assert synced(learner, phone).updated == 1
    assert "What is a logit?\x1f<p>An unnormalised log odds.</p>" in texts(phone)


def test_a_note_type_with_no_place_for_an_edit_stays_as_it_is(learner: Learner, phone: Phone) -> None:
    model = phone.col.models.by_name("Basic")
    model["tmpls"][0]["qfmt"] = "Say: {{Front}}"
    phone.col.models.update_dict(model)
    edited(learner, "What is a logit", "What are logits")
    found = synced(learner, phone)
    assert (found.foreign, found.updated) == (1, 0)
    assert "What is a logit?\x1fAn unnormalised log-probability." in texts(phone)


def test_a_renamed_note_and_one_with_a_new_cloze_keep_theirs(learner: Learner, phone: Phone) -> None:
    path = next(learner.decks.glob("*.yaml"))
    text = path.read_text("utf-8").replace("moments", "{{c3::moments}}")
    path.write_text(text, "utf-8")
    before = guids(phone)
    phone.take(exported(learner))
    assert guids(phone) == before


def test_what_was_learned_here_goes_to_the_cards_that_anki_has(learner: Learner, phone: Phone) -> None:
    with learner.open() as collection:
        session = Reviewing.start(collection)
        session.rate(4, 1_000)
    learner.waits(seconds=60)
    found = synced(learner, phone)
    assert (found.added, found.updated, found.reviews, found.schedules) == (0, 0, 1, 1)
    assert synced(learner, phone).changes == 0
    assert phone.col.note_count() == 3
    assert phone.col.db.scalar("select count() from cards where type = 2 and reps = 1") == 1


def test_cards_that_anki_numbers_otherwise_keep_no_guid() -> None:
    alias = AnkiCard("a b#/é", 1).former_id
    origins = Origins({alias: "deck/note#aq", "deck/old#qa": "deck/note#qa"})
    assert origins.guid("deck/note", ("qa", "aq"), (0, 1)) == "a b#/é"
    assert origins.guid("deck/note", ("aq",), (0,)) is None
    assert origins.guid("deck/other", ("aq",), (1,)) is None
    assert NOWHERE.guid("deck/note", ("qa", "aq"), (0, 1)) is None


def test_one_note_of_ankis_that_is_two_here_gives_its_guid_to_one() -> None:
    names = {AnkiCard("guid", 0).former_id: "deck/one#c1", AnkiCard("guid", 1).former_id: "deck/two#c2"}
    origins = Origins(names)
    assert origins.guid("deck/one", ("c1",), (0,)) == "guid"
    assert origins.guid("deck/two", ("c2",), (1,)) is None
    assert Origins(dict(reversed(names.items()))).guid("deck/one", ("c1",), (0,)) == "guid"
