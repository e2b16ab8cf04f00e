"""A learner with a home folder, decks and a clock that a test sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.support.in_folder import InFolder
from tests.support.program import deck_of


@dataclass
class Learner(InFolder):
    """`home` and `decks` are folders; `at` is the instant that the clock shows, in the zone `zone`."""

    folder: Path
    at: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Europe/Berlin"))

    def __post_init__(self) -> None:
        self.decks.mkdir(parents=True, exist_ok=True)
        if not list(self.decks.glob("*.yaml")):
            self.write("made", deck_of(40))

    def write(self, name: str, text: str) -> Path:
        path = self.decks / f"{name}.yaml"
        path.write_text(text, "utf-8")
        return path

    def goes_to(self, wall: datetime) -> None:
        """Set the clock to a wall time in the learner's zone."""
        self.at = wall.replace(tzinfo=self.zone).astimezone(UTC)

    def waits(self, **span: float) -> None:
        self.at += timedelta(**span)
