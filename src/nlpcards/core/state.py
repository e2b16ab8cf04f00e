"""Where a card stands: what a fold over its events gives. Values only: who looks at them need not load FSRS."""

from __future__ import annotations

from typing import assert_never

from nlpcards.core.dataclass import dataclass

RATINGS = (1, 2, 3, 4)
"""Again, hard, good, easy."""

LEECH_LAPSES = 8
"""Lapses from which a card counts as a leech."""

LEECH_AGAIN = 4
"""After so many further lapses a leech is pointed out again, as in Anki."""


@dataclass(frozen=True, slots=True)
class Memory:
    """FSRS's memory state: `stability` in days (the interval at which recall falls to 90 %), `difficulty` 1-10."""

    stability: float
    difficulty: float


@dataclass(frozen=True, slots=True)
class New:
    """Never answered, or reset."""


@dataclass(frozen=True, slots=True)
class Steps:
    """On the learning steps, or the relearning steps after a lapse.

    `step` is the index into the steps, `due_ms` the instant at which the card comes back, `last_day` the study day of
    the last review.
    """

    memory: Memory
    step: int
    due_ms: int
    last_day: int
    relearning: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """Out of the steps: due on the study day `due`, last reviewed on `last_day`."""

    memory: Memory
    due: int
    last_day: int


Schedule = New | Steps | Interval
"""Where a card stands."""


@dataclass(frozen=True, slots=True)
class CardState:
    """What a fold over a card's events gives.

    `reps` counts reviews, `lapses` those that failed a card out of the steps. `buried_until` is the study day from
    which a buried card is asked again (0: not buried). `flag` is 0-7. `first_day` and `last_day` are the study days
    of the first and last review, None before one. `content` is the hash of the card as it was last shown. `chain`
    stands for the reviews and changes of meaning since the last reset (see `journal.chained`), 0 for none.
    """

    schedule: Schedule = New()
    reps: int = 0
    lapses: int = 0
    suspended: bool = False
    buried_until: int = 0
    flag: int = 0
    first_day: int | None = None
    last_day: int | None = None
    content: str = ""
    chain: int = 0

    @property
    def memory(self) -> Memory | None:
        """The memory state, None for a new card."""
        match self.schedule:
            case New():
                return None
            case Steps() | Interval():
                return self.schedule.memory
            case _:
                assert_never(self.schedule)

    @property
    def in_review(self) -> bool:
        """Whether the card has left the learning steps once; a lapse does not unlearn it, so a card that is relearned
        is in review still.
        """
        match self.schedule:
            case New():
                return False
            case Steps(relearning=relearning):
                return relearning
            case Interval():
                return True
            case _:
                assert_never(self.schedule)

    def asked_on(self, day: int) -> bool:
        """Whether the card may be asked on a study day: neither suspended nor buried then."""
        return not self.suspended and self.buried_until <= day

    @property
    def leech(self) -> bool:
        """Whether the card was forgotten so often that its words, not the learner, need mending."""
        return self.lapses >= LEECH_LAPSES

    def became_leech(self, before: CardState) -> bool:
        """Whether the answer that led here from `before` is one at which a leech is pointed out: the 8th lapse, the
        12th, the 16th and so on.
        """
        return self.lapses > before.lapses and self.leech and (self.lapses - LEECH_LAPSES) % LEECH_AGAIN == 0
