"""What a file of Anki's says of memory: parameters, steps and the recall aimed for, as settings of the journal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from nlpcards.anki.reading.collection import AnkiCollection
from nlpcards.anki.reading.values import Preset
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.journal import Setting
from nlpcards.core.memory import DECK_RETENTION, Settings, with_setting

_PARAMETERS = 21
"""How many parameters FSRS-6 has."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Settings of a file that differ from the learner's: as events, and in words. `left` says what cannot be taken."""

    settings: tuple[Setting, ...] = ()
    words: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def offered(found: AnkiCollection, cards: Mapping[int, int], decks: Mapping[int, str], now: Settings) -> Offer:
    """What the options of a file's decks say that is otherwise here.

    `cards` counts the cards of each Anki deck, `decks` gives the deck of ours that it became. Most settings are for all
    decks here, so those are taken that most cards have.
    """
    presets: Counter[Preset] = Counter()
    for deck, number in cards.items():
        if deck in found.decks and (preset := found.decks[deck].preset) is not None:
            presets[preset] += number
    if not presets:
        return Offer()
    most = presets.most_common(1)[0][0]
    work = _Work(now)
    work.steps("learning_steps", "learning steps", most.learning_steps)
    work.steps("relearning_steps", "relearning steps", most.relearning_steps)
    if not found.is_whole or found.settings.get("fsrs"):
        work.parameters(most.parameters)
        aimed = most.retention if most.retention is not None else now.desired_retention
        if most.retention is not None:
            work.retention("desired_retention", "", aimed)
        own: dict[str, tuple[int, float]] = {}
        for deck, number in cards.items():
            there = found.decks.get(deck)
            wanted = there and (there.retention or (there.preset and there.preset.retention))
            name = decks.get(deck)
            if name and wanted and number > own.get(name, (0, 0.0))[0]:
                own[name] = number, wanted
        for name, (_, wanted) in own.items():
            if round(wanted, 3) != round(dict(now.deck_retention).get(name, aimed), 3):
                work.retention(f"{DECK_RETENTION}{name}", f" of the deck {name}", wanted)
        if any(preset.parameters and preset.parameters != most.parameters for preset in presets):
            work.left.append("other decks of the file have other FSRS parameters, and here all have the same")
    return Offer(tuple(work.settings), tuple(work.words), tuple(work.left))


class _Work:
    def __init__(self, now: Settings) -> None:
        self._now = now
        self.settings: list[Setting] = []
        self.words: list[str] = []
        self.left: list[str] = []

    def steps(self, subject: str, words: str, seconds: tuple[int, ...]) -> None:
        """Steps in seconds."""
        self._offer(subject, list(seconds), f"{words} of {' '.join(map(_span, seconds)) or 'nothing'}", words)

    def parameters(self, parameters: tuple[float, ...]) -> None:
        """FSRS parameters; none are its defaults."""
        if not parameters:
            return
        if len(parameters) != _PARAMETERS:
            self.left.append(f"its FSRS parameters are those of an older version ({len(parameters)} and not 21)")
            return
        # Anki stores them with seven digits.
        self._offer("parameters", [float(f"{each:.7g}") for each in parameters], "FSRS parameters", "FSRS parameters")

    def retention(self, subject: str, whose: str, share: float) -> None:
        """The recall to aim for."""
        share = round(share, 3)
        self._offer(subject, share, f"a desired retention{whose} of {share:.0%}", f"desired retention{whose}")

    def _offer(self, subject: str, value: object, words: str, what: str) -> None:
        written = json.dumps(value)
        try:
            after = with_setting(self._now, subject, written)
        except NlpcardsError as error:
            self.left.append(f"its {what} cannot be taken: {error.message}")
            return
        if after != self._now:
            self.settings.append(Setting(subject, written))
            self.words.append(words)


def _span(seconds: int) -> str:
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
