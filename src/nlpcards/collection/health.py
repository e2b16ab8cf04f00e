"""Looking after the journal: copies, bringing them back, and a doctor's visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nlpcards.collection.collection import Collection
from nlpcards.core.errors import NlpcardsError


@dataclass(frozen=True, slots=True)
class Health:
    """What a visit found.

    `damage` are sentences about the file itself. `different` are the cached states that were not what the events say,
    each as a sentence; they are right again. `without_note` are cards with a history whose note is in no deck.
    """

    events: int
    cards: int
    damage: tuple[str, ...]
    different: tuple[str, ...]
    without_note: tuple[str, ...]


def doctor(collection: Collection) -> Health:
    """Check the file, fold every card's state anew, compare and write it."""
    journal = collection.journal
    damage = journal.integrity()
    different = tuple(str(difference) for difference in journal.rebuild())
    answered = journal.answered_cards()
    orphans = tuple(sorted(card for card in answered if collection.library.card(card) is None))
    events = sum(1 for _ in journal.events())
    return Health(events, len(answered), damage, different, orphans)


def back_up(collection: Collection, out: Path | None = None) -> Path:
    """Copy the journal to `out`, or to a file named by the time beside the automatic copies; gives its path.

    Raises:
        NlpcardsError: the copy cannot be written, or `out` exists already.
    """
    if out is None:
        stamp = collection.clock.local().astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")
        out = collection.home.data / "backups" / f"journal-{stamp}.sqlite"
    if out.exists():
        raise NlpcardsError("the file exists already", place=str(out), remedy="Name another one.")
    out.parent.mkdir(parents=True, exist_ok=True)
    collection.journal.backup(out)
    return out


def restore(collection: Collection, copy: Path) -> int:
    """Unite the journal with a copy of it; gives how many events came back. Nothing given since is lost."""
    if not copy.is_file():
        raise NlpcardsError("there is no such file", place=str(copy), remedy="Name a copy that `backup` made.")
    return collection.journal.restore(copy, int(datetime.now(UTC).timestamp() * 1000))
