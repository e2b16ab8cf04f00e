from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from nlpcards.core.days import MS_PER_DAY, Moment, day_of
from nlpcards.core.errors import JournalConflict, StoreError
from nlpcards.core.journal import Event, EventId, Suspend, Undo
from nlpcards.store import Journal, fingerprint

OpenJournal = Callable[..., Journal]
DAY = day_of(date(2026, 11, 1))


def at(day: int) -> Moment:
    return Moment((DAY + day) * MS_PER_DAY, DAY + day)


def write(journal: Journal, day: int = 0, card: str = "a/b#qa") -> Event:
    (event,) = journal.append([Suspend(card)], at(day))
    return event


def copies(path: Path) -> list[str]:
    return sorted(each.name for each in (path.parent / "backups").glob("*"))


def test_a_copy_holds_everything_and_opens_by_itself(opened: OpenJournal, path: Path, tmp_path: Path) -> None:
    journal = opened()
    event = write(journal)
    journal.backup(tmp_path / "elsewhere" / "copy.db")
    assert os.listdir(tmp_path / "elsewhere") == ["copy.db"]
    copy = opened(tmp_path / "elsewhere" / "copy.db", readonly=True)
    assert list(copy.events()) == [event]
    assert copy.all_states() == journal.all_states()
    assert copy.integrity() == ()


def test_a_copy_that_cannot_be_made_leaves_the_older_one(opened: OpenJournal, tmp_path: Path) -> None:
    journal = opened()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError) as caught:
        journal.backup(tmp_path / "file" / "copy.db")
    assert str(tmp_path / "file") in str(caught.value)
    assert (tmp_path / "file").read_text() == "in the way"


def test_each_study_day_has_one_copy_from_before_its_first_event(opened: OpenJournal, path: Path) -> None:
    journal = opened()
    first = write(journal, 0)
    assert copies(path) == []  # there was nothing to copy yet
    second = write(journal, 1)
    write(journal, 1)
    assert copies(path) == ["journal-2026-11-02.db"]
    assert list(opened(path.parent / "backups" / "journal-2026-11-02.db", readonly=True).events()) == [first]
    again = opened()
    write(again, 1)
    write(again, 2)
    assert copies(path) == ["journal-2026-11-02.db", "journal-2026-11-03.db"]
    assert second in opened(path.parent / "backups" / "journal-2026-11-03.db", readonly=True).events()


def test_the_last_fourteen_days_are_kept_and_other_files_left_alone(opened: OpenJournal, path: Path) -> None:
    journal = opened()
    for day in range(0, 40, 2):
        write(journal, day)
        if day == 2:
            (path.parent / "backups" / "journal-of-mine.db").write_text("mine")
    dated = [name for name in copies(path) if name != "journal-of-mine.db"]
    assert "journal-of-mine.db" in copies(path)
    assert len(dated) == 14
    assert dated[-1] == "journal-2026-12-09.db"
    assert dated[0] == "journal-2026-11-13.db"


def test_an_answer_is_taken_although_the_days_copy_cannot_be_made(opened: OpenJournal, path: Path) -> None:
    journal = opened()
    (path.parent / "backups").write_text("in the way")
    write(journal, 0)
    write(journal, 1)
    assert len(list(journal.events())) == 2
    assert journal.backup_failure is not None
    assert "backups" in str(journal.backup_failure)


def test_restoring_unites_and_never_uses_a_number_again(opened: OpenJournal, path: Path, tmp_path: Path) -> None:
    journal = opened()
    kept = [write(journal, 0), write(journal, 0, "a/c#qa")]
    journal.backup(tmp_path / "copy.db")
    lost = write(journal, 1)
    journal.close()
    for name in os.listdir(path.parent):
        if name.startswith("journal.db"):
            (path.parent / name).unlink()
    fresh = opened()
    meanwhile = write(fresh, 2, "a/d#qa")
    device = fresh.device
    assert fresh.restore(tmp_path / "copy.db", 5) == 2
    assert list(fresh.events()) == [*kept, meanwhile]
    assert fresh.device not in {device, lost.id.device}
    after = write(fresh, 3)
    assert fresh.insert([lost]) == 1  # another machine still knew it, and nothing took its number
    assert after.order > meanwhile.order
    assert fresh.rebuild() == []
    assert fresh.restore(tmp_path / "copy.db", 6) == 0


def test_restoring_what_contradicts_the_journal_changes_nothing(opened: OpenJournal, tmp_path: Path) -> None:
    journal = opened()
    event = write(journal)
    other = opened(tmp_path / "other.db")
    other.insert([Event(event.id, event.hlc, event.at_ms, event.day, Suspend("a/other#qa"))])
    other.insert([Event(EventId("else", 1), 1, 1, DAY, Suspend("a/other#qa"))])
    device = journal.device
    with pytest.raises(JournalConflict):
        journal.restore(tmp_path / "other.db", 5)
    assert list(journal.events()) == [event]
    assert journal.device == device


@pytest.mark.parametrize("content", [None, b"", b"not a database at all, but long enough to be looked at" * 40])
def test_restoring_from_what_is_no_copy_is_one_sentence(
    opened: OpenJournal, tmp_path: Path, content: bytes | None
) -> None:
    journal = opened()
    if content is not None:
        (tmp_path / "copy.db").write_bytes(content)
    with pytest.raises(StoreError) as caught:
        journal.restore(tmp_path / "copy.db", 5)
    assert caught.value.place == str(tmp_path / "copy.db")
    assert caught.value.remedy
    assert content is None or (tmp_path / "copy.db").read_bytes() == content


def test_a_copied_data_folder_is_another_device(opened: OpenJournal, path: Path, tmp_path: Path) -> None:
    journal = opened(fingerprint=fingerprint(path))
    first = write(journal)
    journal.close()
    assert opened(fingerprint=fingerprint(path)).device == first.id.device
    shutil.copytree(path.parent, tmp_path / "copied")
    there = tmp_path / "copied" / "journal.db"
    copied = opened(there, fingerprint=fingerprint(there))
    assert copied.device != first.id.device
    theirs = write(copied, 1)
    mine = write(opened(fingerprint=fingerprint(path)), 1)
    assert copied.insert([first, mine]) == 1
    assert next(iter(copied.events())) == first
    assert {theirs, mine} < set(copied.events())


def test_an_older_file_put_back_in_its_place_is_another_device(opened: OpenJournal, path: Path, tmp_path: Path) -> None:
    journal = opened()
    write(journal)
    journal.close()
    shutil.copy(path, tmp_path / "aside.db")
    journal = opened()
    lost = write(journal, 1)
    journal.close()
    os.replace(tmp_path / "aside.db", path)
    journal = opened()
    again = write(journal, 1)
    assert again.id != lost.id
    assert journal.insert([lost]) == 1


def test_only_the_own_devices_actions_are_offered_for_undo(opened: OpenJournal) -> None:
    journal = opened()
    mine = write(journal)
    journal.insert([Event(EventId("else", 1), 2**60, 1, DAY, Suspend("a/other#qa"))])
    assert journal.last_undoable() == (mine,)
    journal.append([Undo(mine.id)], at(0))
    assert journal.last_undoable() == ()


def test_an_emptied_file_beside_copies_is_not_begun_anew(opened: OpenJournal, path: Path) -> None:
    journal = opened()
    write(journal, 0)
    write(journal, 1)
    journal.close()
    path.write_bytes(b"")
    with pytest.raises(StoreError, match=r"empty.*copies"):
        opened()
    path.unlink()
    fresh = opened()
    assert fresh.restore(path.parent / "backups" / "journal-2026-11-02.db", 5) == 1
