"""Where a learner of a test lives: decks, home and collection in a folder, under a clock that the test sets."""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import Path

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home


class InFolder:
    """Whoever has a `folder`, and is at an instant `at` in a `zone`."""

    folder: Path
    at: datetime
    zone: tzinfo

    @property
    def decks(self) -> Path:
        return self.folder / "decks"

    @property
    def home(self) -> Home:
        return Home(self.folder / "home", self.folder / "home", self.folder / "home" / "cache")

    def open(self) -> Collection:
        return Collection.open(self.home, [self.decks], Clock(lambda: self.at, self.zone))
