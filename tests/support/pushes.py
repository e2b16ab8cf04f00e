"""A learner beside a running Anki: what goes there and what comes, as a test asks for it."""

from __future__ import annotations

from typing import Any

from nlpcards.anki.connect.client import AnkiConnect
from nlpcards.collection.bringing_back import Brought
from nlpcards.collection.pushing import Pushed
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.running_anki import Synced, pull, push, sync
from nlpcards.collection.searching import select
from tests.support.anki_connect import Served
from tests.support.learner import Learner

NOTHING_NEW = (0, 0, 0, 0, 0, 0)
"""`new` of a push that found nothing to do."""


def quiet(what: str, done: int, total: int) -> None:
    assert 0 < done <= total


def pushed(desk: Learner, anki: Served, *query: str, write: bool = True) -> Pushed:
    with desk.open() as collection:
        return push(collection, AnkiConnect(anki.url), select(collection, query), quiet, write=write)


def pulled(desk: Learner, anki: Served, *, write: bool = True) -> Brought:
    with desk.open() as collection:
        return pull(collection, AnkiConnect(anki.url), quiet, write=write)


def synced(desk: Learner, anki: Served) -> Synced:
    with desk.open() as collection:
        return sync(collection, AnkiConnect(anki.url), select(collection, ()), quiet)


def new(found: Pushed) -> tuple[int, ...]:
    return (found.added, found.updated, found.note_types, found.media, found.reviews, found.schedules)


def answer(desk: Learner, number: int, rating: int = 3) -> list[str]:
    names = []
    with desk.open() as collection:
        session = Reviewing.start(collection)
        for _ in range(number):
            assert session.asked is not None
            names.append(session.asked.card.id)
            session.rate(rating, 2_000)
            desk.waits(seconds=3)
    return names


def note(anki: Served, name: str) -> Any:
    found = [anki.col.get_note(each) for each in anki.col.find_notes(f'"NoteId:{name}"')]
    assert len(found) == 1
    return found[0]


def dump(anki: Served) -> list[Any]:
    """All that a push may change, but for when it did."""
    col = anki.col
    return [
        col.db.all("select guid, mid, tags, flds from notes order by guid"),
        col.db.all("select id, type, queue, due, ivl, reps, lapses, flags, data from cards order by id"),
        col.db.all("select * from revlog order by id"),
        sorted(anki.do_getMediaFilesNames()),
    ]
