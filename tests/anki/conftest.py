"""A real Anki to import packages into, and notes to put into them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from nlpcards.anki.export import Report, package
from nlpcards.core.cards import Deck, Note, Place
from nlpcards.core.kinds import KINDS, Body, Mistake, Value
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.core.markup.cloze import scan

THEN = 1_790_000_000
"""When the notes of these tests were first seen, in unix seconds."""


class Anki:
    """A profile of Anki's, empty at first, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.deck_file = folder / "demo.yaml"
        self.package = folder / "demo.apkg"
        self.col: Any = Collection(str(folder / "collection.anki2"))

    def basic(self, id: str, question: str, answer: str, both: bool = False, **more: Any) -> Note:
        return Note("demo", id, Basic(question, answer, both), Place(str(self.deck_file), 1, 1), **more)

    def cloze(self, id: str, text: str, **more: Any) -> Note:
        return Note("demo", id, ClozeText(text, scan(text).numbers), Place(str(self.deck_file), 1, 1), **more)

    def kind(self, id: str, kind: str, values: Mapping[str, Value], **more: Any) -> Note:
        """A note of any kind, of the values that stand under its keys."""
        body: Body | tuple[Mistake, ...] = KINDS[kind].build(values)
        assert not isinstance(body, tuple), body
        return Note("demo", id, body, Place(str(self.deck_file), 1, 1), **more)

    def deck(self, *notes: Note, **more: Any) -> Deck:
        given: dict[str, Any] = {"id": "demo", "title": "Demo", "path": str(self.deck_file), **more}
        return Deck(notes=notes, **given)

    def export(self, *notes: Note, mod: int = THEN, root_of: Callable[[str], str] = str, **more: Any) -> Report:
        return self.export_decks(self.deck(*notes, **more), mod=mod, root_of=root_of)

    def export_decks(self, *decks: Deck, mod: int = THEN, root_of: Callable[[str], str] = str) -> Report:
        return package(decks, self.package, mod=lambda _, __: mod, root_of=root_of)

    def take(self, **more: Any) -> Any:
        """Import the package; the log says which notes are `new`, `updated`, `duplicate` or `conflicting`."""
        options: dict[str, Any] = {
            "merge_notetypes": False,
            "update_notes": 0,
            "update_notetypes": 0,
            "with_scheduling": True,
            "with_deck_configs": False,
            **more,
        }
        request = ImportAnkiPackageRequest(package_path=str(self.package), options=ImportAnkiPackageOptions(**options))
        return self.col.import_anki_package(request).log

    def bring(self, *notes: Note, mod: int = THEN, root_of: Callable[[str], str] = str, **more: Any) -> Any:
        """Export and import."""
        self.export(*notes, mod=mod, root_of=root_of, **more)
        return self.take()

    def note(self, id: str) -> Any:
        """The Anki note of `demo/id`."""
        found = self.notes(id)
        assert len(found) == 1, f"{len(found)} Anki notes are demo/{id}"
        return found[0]

    def notes(self, id: str) -> list[Any]:
        every = (self.col.get_note(number) for number in self.col.find_notes(""))
        return [note for note in every if note["NoteId"] == f"demo/{id}"]

    def cards(self, id: str) -> list[Any]:
        return list(self.note(id).cards())

    def every_card(self) -> list[Any]:
        return [self.col.get_card(number) for number in self.col.find_cards("")]

    def question(self, card: Any) -> str:
        return _body(card.question())

    def answer(self, card: Any) -> str:
        return _body(card.answer())


def _body(page: str) -> str:
    """What Anki shows, without the style sheet before it."""
    return re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    profile = Anki(tmp_path)
    yield profile
    profile.col.close()
