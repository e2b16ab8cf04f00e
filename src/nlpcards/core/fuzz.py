"""Fuzz: cards introduced together would come back together for ever, so their intervals are spread a little.

It is drawn from a hash of card id and repetition and not from a random state, so that the interval on the button is the
interval stored, on every machine and in every later fold.
"""

from __future__ import annotations

from nlpcards.core.hashing import blake2b

_FUZZ = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))
"""Ranges of days and the share of each that fuzz may add or take, as in Anki's and FSRS's schedulers."""


def fuzz_range(days: int, maximum: int) -> tuple[int, int]:
    """The shortest and longest interval that fuzz may make of `days`; below 2.5 days it makes none."""
    if days < 2.5:
        return days, days
    delta = 1.0 + sum(share * max(min(days, end) - start, 0.0) for start, end, share in _FUZZ)
    shortest = max(2, round(days - delta))
    longest = min(round(days + delta), maximum)
    return min(shortest, longest), longest


def drawn(card: str, repetition: int) -> float:
    """A number from 0 to below 1, by a hash of card id and repetition: it chooses a day of the range.

    One draw serves all four ratings, so a longer interval never becomes shorter than a lesser one.
    """
    seed = blake2b(f"{card}\n{repetition}".encode(), digest_size=8).digest()
    return (int.from_bytes(seed, "big") >> 11) / 2**53


def evenly(shortest: int, longest: int, draw: float) -> int:
    """The interval that a draw chooses where all from `shortest` to `longest` are alike."""
    return shortest + int(draw * (longest - shortest + 1))


def fuzzed(days: int, card: str, repetition: int, maximum: int) -> int:
    """An interval with deterministic fuzz, drawn evenly from its range by a hash of card id and repetition."""
    shortest, longest = fuzz_range(days, maximum)
    return shortest if shortest == longest else evenly(shortest, longest, drawn(card, repetition))
