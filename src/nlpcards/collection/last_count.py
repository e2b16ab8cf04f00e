"""What was to be asked when it was last counted, for as long as nothing has changed that the count follows from.

Scripts ask every minute what is due (a prompt, a status bar), and hardly ever has anything changed since. A count
follows from the study day, the decks, the taste and the journal; all but the day are files and folders, and of each
the stamp is kept. Where every stamp is what it was, the count is what it was, and neither decks nor journal are opened.
This module is all that is loaded then, so it imports next to nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from nlpcards import __version__
from nlpcards.collection.clock import Clock
from nlpcards.collection.home import Home
from nlpcards.decks.stamps import Times, is_settled, times_at

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.core.queue import Plan


@dataclass(frozen=True, slots=True)
class DeckCount:
    """Distinct cards of a deck still to be asked today."""

    deck: str
    new: int
    learning: int
    review: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.new + self.learning + self.review


@dataclass(frozen=True, slots=True)
class Looked:
    """Where something was about to be counted: the names asked for, and the stamps from before."""

    asked: list[str]
    stamps: dict[str, Times | None]


def counts_of(plan: Plan, decks: Iterable[str]) -> tuple[DeckCount, ...]:
    """The counts of a plan by deck, in the order of `decks`, those left out that have nothing to ask."""
    found = plan.by_deck()
    return tuple(DeckCount(deck, c.new, c.learning, c.review) for deck in decks if (c := found.get(deck)) is not None)


def last_count(home: Home, places: Sequence[Path], clock: Clock) -> tuple[DeckCount, ...] | None:
    """What `keep` kept for the same places, where all still is as it was; None where it is not, or nothing was kept."""
    try:
        kept = json.loads(_file(home, places).read_bytes())
        if (
            kept["asked"] == _asked(home, places)
            and _hours(clock, kept["rollover"]) == kept["hours"]
            and all(times_at(path) == (stamp and tuple(stamp)) for path, stamp in kept["stamps"].items())
        ):
            return tuple(DeckCount(*each) for each in kept["counts"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        pass  # nothing was kept, or another version kept it otherwise
    return None


def look(home: Home, places: Sequence[Path]) -> Looked:
    """Look at all files that a count follows from, before they are read for one."""
    from nlpcards.decks.bundled import bundled_folder
    from nlpcards.decks.places import yaml_files

    shipped = bundled_folder()
    # The bundled decks are looked at by decks that build on them, even where they were not named.
    chosen = [*([shipped] if shipped else []), *(places or _own_places(home))]
    paths: list[str | Path] = [home.settings, home.journal, home.journal.with_name(f"{home.journal.name}-wal")]
    for place in chosen:
        # A folder's own stamp tells what comes and goes in it.
        paths += [place, *yaml_files(place, []), *_folders(place)]
    return Looked(_asked(home, places), {path: times_at(path) for path in map(os.path.abspath, paths)})


def keep(collection: Collection, looked: Looked, counts: Iterable[DeckCount], now_ns: int) -> None:
    """Keep a count of all decks, if nothing has changed since `look`, nor just before `now_ns` (nanoseconds since 1970
    UTC), so that any change from now on will show.

    Nothing is kept where a deck has an error, which is to be told each time, or pictures, whose files nobody looked at.
    """
    home, places, library = collection.home, collection.places, collection.library
    if any(problem.is_error for problem in library.problems) or library.has_media:
        return
    if not all(is_settled(stamp, now_ns) for stamp in looked.stamps.values()) or look(home, places) != looked:
        return
    rollover = collection.settings.rollover
    kept = {
        "asked": looked.asked,
        "stamps": looked.stamps,
        "rollover": rollover,
        "hours": _hours(collection.clock, rollover),
        "counts": [[each.deck, each.new, each.learning, each.review] for each in counts],
    }
    path = _file(home, places)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):  # it is only kept to be quicker
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(kept), "utf-8")
        new.replace(path)


def _folders(place: Path) -> list[str]:
    """The folders in a folder and in those, as far as decks are looked for in them."""
    found, seen = [os.fspath(place)], set[tuple[int, int]]()
    for folder in found:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.name[0] != "." and entry.is_dir():
                    status = entry.stat()
                    # A link may lead back to a folder above it.
                    if (status.st_dev, status.st_ino) not in seen:
                        seen.add((status.st_dev, status.st_ino))
                        found.append(entry.path)
    return found


def _own_places(home: Home) -> list[Path]:
    return [home.decks, Path("decks").absolute()]


def _asked(home: Home, places: Sequence[Path]) -> list[str]:
    """Whose count it is: the version, the data, the places in their order; named ones, or where decks may be."""
    own = ["named", *map(os.path.abspath, places)] if places else ["own", *map(str, _own_places(home))]
    return [__version__, str(home.data), str(home.config), *own]


def _hours(clock: Clock, rollover: int) -> list[int]:
    """The present study day, and the instant at which it ends."""
    day = clock.now(rollover).day
    return [day, clock.start_ms(day + 1, rollover)]


def _file(home: Home, places: Sequence[Path]) -> Path:
    name = crc32("\0".join(_asked(home, places)).encode("utf-8", "surrogateescape"))
    return home.cache / f"due-{name:08x}.json"
