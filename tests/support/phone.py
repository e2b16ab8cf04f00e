"""A real Anki beside the learner: takes packages, lets days pass, reviews through its own scheduler."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from anki.collection import Collection as AnkiFile
from anki.collection import ExportAnkiPackageOptions, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.decks import UpdateDeckConfigs
from anki.scheduler.v3 import CardAnswer

DAY_MS = 86_400_000
BUTTONS = ("AGAIN", "HARD", "GOOD", "EASY")


class Phone:
    """An Anki collection in a folder, in which days can pass."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.path = folder / "collection.anki2"
        self.col: Any = AnkiFile(str(self.path))

    def take(self, package: Path, *, presets: bool = False) -> Any:
        """Import a package with its schedule; the log says which notes are new."""
        options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=presets)
        request = ImportAnkiPackageRequest(package_path=str(package), options=options)
        return self.col.import_anki_package(request).log

    def without_limits(self) -> None:
        """Ask as many cards a day as there are."""
        for options in self.col.decks.all_config():
            options["new"]["perDay"] = options["rev"]["perDay"] = 9_999
            self.col.decks.update_config(options)

    def use_fsrs(self, parameters: Iterable[float] | None = None) -> None:
        """Turn FSRS on in every preset, which computes all memory states anew; with other parameters where given."""
        for deck in self.col.decks.all_names_and_ids():
            update = self.col._backend.get_deck_configs_for_update(deck.id)
            chosen = next(each.config for each in update.all_config if each.config.id == update.current_deck.config_id)
            if parameters is not None:
                chosen.config.fsrs_params_6[:] = list(parameters)
            self.col.decks.update_deck_configs(
                UpdateDeckConfigs(
                    target_deck_id=deck.id, configs=[chosen], limits=update.current_deck.limits, fsrs=True
                )
            )

    def forget_memory(self) -> None:
        """Take all memory states from the cards, so that what stands there later was computed from the review log."""
        self.col.db.execute("update cards set data = ''")

    def answer(self, number: int, rating: str = "GOOD") -> int:
        """Answer cards through Anki's own scheduler; gives how many there were."""
        return answer_queued(self.col, "nlpcards", number, [rating])

    def days_pass(self, days: int) -> None:
        """Move all that happened so many days into the past."""
        self.col.db.execute("update revlog set id = id - ? where id > 0", days * DAY_MS)
        self.col.db.execute("update col set crt = crt - ?", days * 86_400)
        self.reopen()

    def reopen(self) -> None:
        """Close the collection and open it again."""
        self.col.close()
        self.col = AnkiFile(str(self.path))

    def closed(self) -> Path:
        """A copy of the collection's file, as Anki leaves it when it closes."""
        copy = self.folder / f"copy-{len(list(self.folder.iterdir()))}.anki2"
        self.col.db.execute("vacuum into ?", str(copy))
        return copy

    def package(self, *, legacy: bool = False) -> Path:
        path = self.folder / f"out-{legacy}.apkg"
        options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy)
        self.col.export_anki_package(out_path=str(path), options=options, limit=None)
        return path


def answer_queued(col: Any, deck: str, number: int, buttons: Sequence[str] = BUTTONS) -> int:
    """Answer what Anki's own scheduler asks next of a deck, with the buttons in turn; gives how many it asked."""
    col.decks.select(col.decks.id(deck))
    for at in range(number):
        queued = col.sched.get_queued_cards()
        if not queued.cards:
            return at
        card = col.get_card(queued.cards[0].card.id)
        card.start_timer()
        button = CardAnswer.Rating.Value(buttons[at % len(buttons)])
        col.sched.answer_card(col.sched.build_answer(card=card, states=queued.cards[0].states, rating=button))
    return number
