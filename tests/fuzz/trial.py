"""One hostile file through all that reads it: what must hold of it, whatever it is."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import Enum
from pathlib import Path
from typing import Any

from nlpcards.anki.importing.notes import Draftlike, drafts_of
from nlpcards.anki.importing.own_notes import Stored
from nlpcards.anki.importing.text import Converter
from nlpcards.anki.reading.values import NoteType, Queue, StoredCard, StoredNote, Template
from nlpcards.collection.bringing_back import bring_back
from nlpcards.collection.importing_packages import import_package
from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.importing.deck_files import Wanted
from tests.support.in_folder import InFolder

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Outcome(Enum):
    """What became of a file."""

    TAKEN = "taken"
    REFUSED = "refused"


class Broken(AssertionError):
    """A promise was not kept, in words."""


@dataclass
class _Learner(InFolder):
    """Somebody with no decks yet."""

    folder: Path
    at: datetime = NOW
    zone: tzinfo = UTC


def tried(path: Path, desk: Path) -> Outcome:
    """Import a file into a collection that is made in the folder `desk`, or read the single note that it is.

    Raises:
        Broken: an error that is no sentence, an import of which something is left though it failed, decks that `check`
            refuses, a journal that does not fold, or a second import that does not know the first again.
        Exception: whatever else the reader raised.
    """
    if path.suffix == ".json":
        return _tried_note(path.read_bytes())
    learner = _Learner(desk)
    shutil.rmtree(desk, ignore_errors=True)
    learner.decks.mkdir(parents=True)
    with learner.open() as collection:
        before = _left(learner)
        try:
            report = import_package(collection, path, Wanted(learner.decks), with_settings=True)
        except NlpcardsError as error:
            _is_sentence(error)
            if _left(learner) != before:
                raise Broken(f"something was left of an import that failed: {error}") from error
            return Outcome.REFUSED
    json.dumps([(each.note, each.reason) for each in report.skipped])
    with learner.open() as collection:
        if differing := collection.journal.rebuild():
            raise Broken(f"the journal folds otherwise than it was kept: {differing[:3]}")
        if problems := [each for each in collection.library.problems if each.is_error]:
            raise Broken(f"`check` refuses a deck that was written: {problems[0]}")
        collection.today()
        again = import_package(collection, path, Wanted(learner.decks), with_settings=True)
        if again.notes or again.reviews:
            raise Broken(f"a second import took {again.notes} notes and {again.reviews} reviews once more")
        try:
            bring_back(collection, path)
        except NlpcardsError as error:
            _is_sentence(error)
    return Outcome.TAKEN


def _left(learner: _Learner) -> tuple[list[str], list[Any]]:
    """The files of the decks, and the events of the journal."""
    connection = sqlite3.connect(f"file:{learner.home.journal}?mode=ro", uri=True)
    try:
        events = connection.execute("SELECT count(*), max(seq) FROM event").fetchall()
    finally:
        connection.close()
    return sorted(str(each) for each in learner.decks.rglob("*")), events


def _is_sentence(error: NlpcardsError) -> None:
    said = str(error)
    error.message.encode()
    if "\n" in said or not error.message or len(error.message) > 600 or error.message.endswith("."):
        raise Broken(f"an error is no one sentence: {said[:800]!r}") from error


def _text(said: object) -> str:
    """A text, or a list of texts and of pairs of a text and its number there: so long ones take little room."""
    if not isinstance(said, list):
        return str(said)
    return "".join(str(part[0]) * min(int(part[1]), 200_000) if isinstance(part, list) else str(part) for part in said)


def _tried_note(content: bytes) -> Outcome:
    """Read a single note; what is no note at all is refused without being read."""
    try:
        said = json.loads(content)
        fields = {str(name): _text(each) for name, each in said["fields"].items()}
        sides = [(_text(front), _text(back)) for front, back in said["templates"]]
        is_cloze = bool(said.get("cloze"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, IndexError):
        return Outcome.REFUSED
    templates = tuple(Template(f"Card {at}", front, back) for at, (front, back) in enumerate(sides[:5]))
    kind = NoteType(1, "Kind", tuple(fields), templates, is_cloze=is_cloze)
    note = StoredNote(2, "guid", 1, ("tag",), tuple(fields.values()))
    cards = [StoredCard(at, 2, at, 1, Queue.NEW, None, 0, 0, 0) for at in range(5 if is_cloze else len(templates))]
    made = list(drafts_of(Stored(note, kind, tuple(cards)), "A::B", Converter()))
    return Outcome.TAKEN if any(isinstance(each, Draftlike) for each in made) else Outcome.REFUSED
