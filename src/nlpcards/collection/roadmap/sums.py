"""What all cards came to by topic when they were last looked at, as long as nothing has changed that it follows from.

To look at every card that was ever answered takes longer than all else that a start does along a track. What comes of
it follows from the study day, the parameters, the decks and the journal. So it is kept in the cache folder (see
`decks.kept`), beside a digest of what the decks hold and the stamps of the journal's files, whose content is not looked
at then: an answer, an undo, a merge or another program's writing, each makes it a matter of looking again.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nlpcards.core.dataclass import dataclass
from nlpcards.core.hashing import blake2b
from nlpcards.core.roadmap.progress import Progress, Readiness
from nlpcards.decks.kept import COARSEST_NS, UNREADABLE, KeptFiles, times

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.decks.library import Library


@dataclass(frozen=True, slots=True)
class Sums:
    """What is known of each topic that has cards, on a study day: `now` with all cards, and as `morning` what decides
    whether it is known without those of the cards `answered` that day.
    """

    now: Mapping[str, tuple[Progress, Readiness]]
    morning: Mapping[str, Readiness]
    answered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Looked:
    """What sums follow from, as it is before they are made. `settled` says that the journal's files have not changed
    for so long that any change from now on will show.
    """

    of: tuple[Any, ...]
    settled: bool


class KeptSums:
    """The sums of a collection's journal in its cache folder; `now_ns` gives the instant in ns since 1970 UTC."""

    def __init__(self, collection: Collection, now_ns: Callable[[], int]) -> None:
        self._collection = collection
        self._files = KeptFiles(collection.home.deck_cache, ".sums", now_ns)

    def look(self, day: int, decks: bytes) -> Looked:
        """Look at what sums of a study day follow from; `decks` is the digest of the decks (see `digest_of`)."""
        path = os.path.abspath(self._collection.journal.path)
        stamps = [_stamp(path), _stamp(f"{path}-wal")]
        changed_ns = max((stamp[at] for stamp in stamps if stamp for at in (2, 3)), default=0)
        of = (day, decks, tuple(self._collection.settings.parameters), *stamps)
        return Looked(of, stamps[0] is not None and changed_ns <= self._files.now_ns() - COARSEST_NS)

    def load(self, looked: Looked) -> Sums | None:
        """What was kept of sums that follow from the same, None where nothing was."""
        try:
            data = self._files.load(self._name(looked), looked.of)
            if data is None:
                return None
            now, morning, answered = marshal.loads(data)
            return Sums(
                {topic: (Progress(*progress), Readiness(*ready)) for topic, progress, ready in now},
                {topic: Readiness(*ready) for topic, *ready in morning},
                frozenset(answered),
            )
        except UNREADABLE:
            return None

    def keep(self, sums: Sums, looked: Looked) -> None:
        """Keep sums that were made since a look, where what they follow from is settled, and still the same now."""
        if not looked.settled or self.look(looked.of[0], looked.of[1]).of != looked.of:
            return
        now = [
            (
                topic,
                (each.notes, each.cards, each.met, each.mature_cards, each.remembered, each.forgotten),
                (ready.cards, ready.met, ready.remembered),
            )
            for topic, (each, ready) in sums.now.items()
        ]
        morning = [(topic, ready.cards, ready.met, ready.remembered) for topic, ready in sums.morning.items()]
        with suppress(OSError, ValueError):  # it is only kept to be quicker
            self._files.store(self._name(looked), looked.of, marshal.dumps((now, morning, list(sums.answered))))

    def _name(self, looked: Looked) -> tuple[str, int]:
        # Today's, and tomorrow's for a glance ahead; those of other days are written over.
        return os.path.abspath(self._collection.journal.path), looked.of[0] % 2


def digest_of(library: Library) -> bytes:
    """A digest of all that decides which cards there are, and on which topics, in which order."""
    digest = blake2b(digest_size=16)
    for name, deck in library.decks.items():
        outline = library.outline(name)
        # Version 2 says the same of the same: later ones write what is one object twice once.
        digest.update(marshal.dumps((name, deck.topic, outline.names, outline.keys, dict(outline.topics)), 2))
    return digest.digest()


def _stamp(path: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    if path.endswith("-wal") and not status.st_size:
        return None  # whoever only reads may make an empty one, or take it away
    return times(status)
