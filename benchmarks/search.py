"""What a search costs beside a plain Python loop that looks for the same, in one run.

    python benchmarks/search.py            # 100,000 cards
    python benchmarks/search.py 10000

Both sides go through the same cards and states, one after the other, several times; the figure to quote is the median
ratio. The loop is what one would write by hand for that query alone. A last line is the first search for words, whose
cards are all read, and the one after it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterable, Mapping
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.timing import seconds
from nlpcards.collection.card_words import CardWords
from nlpcards.core.cards import Card, Note, Place
from nlpcards.core.days import MS_PER_DAY
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.search.language import parse
from nlpcards.core.search.matching import matcher
from nlpcards.core.state import CardState, Interval, Memory

RUNS = 7
DAY = 20_000
TOPICS = ("rnn", "attention", "tokens", "training")


class Made:
    """Facts about made cards."""

    day = DAY
    day_ends_ms = (DAY + 1) * MS_PER_DAY

    def __init__(self, states: dict[str, CardState]) -> None:
        self._states = states
        self._words = CardWords(None)

    def state(self, card: str) -> CardState:
        """A made state."""
        return self._states.get(card, NEW)

    def words(self, card: Card) -> str:
        """What the program would find in the card."""
        return self._words.words(card)

    def folded_words(self, card: Card) -> str:
        """The same, folded."""
        return self._words.folded(card)

    def topic(self, note: Note) -> str:
        """The note's own topic."""
        return note.topic

    def recall(self, memory: Memory, elapsed_days: int) -> float:
        """FSRS's curve."""
        return float((1 + 0.23 * elapsed_days / memory.stability) ** -0.15)

    def rated(self, since: int, rating: int | None) -> Container[str]:
        """No answers."""
        return ()

    def added(self, since: int) -> Container[str]:
        """No sights."""
        return ()

    def reported(self) -> Container[str]:
        """No reports."""
        return ()

    def own_tags(self) -> Mapping[str, tuple[str, ...]]:
        """No tags."""
        return {}


NEW = CardState()


def made(count: int) -> tuple[list[Card], dict[str, CardState]]:
    random = Random(1)
    cards: list[Card] = []
    states: dict[str, CardState] = {}
    for number in range(count):
        body = Basic(f"What does unit {number} of the **layer** compute from $x_{{{number}}}$?", "A weighted sum.")
        tags = ("hard",) if number % 7 == 0 else ()
        note = Note(f"deck{number % 20}", f"n{number}", body, Place("", 1, 1), random.choice(TOPICS), tags=tags)
        cards += note.cards()
        if number % 3:
            memory = Memory(random.uniform(1, 100), random.uniform(1, 10))
            last = DAY - random.randrange(1, 90)
            states[cards[-1].id] = CardState(Interval(memory, last + random.randrange(1, 90), last), last_day=last)
    return cards, states


def by_hand(states: dict[str, CardState]) -> dict[str, Callable[[Iterable[Card]], list[Card]]]:
    def due(cards: Iterable[Card]) -> list[Card]:
        found = []
        for card in cards:
            state = states.get(card.id, NEW)
            if not state.suspended and state.buried_until <= DAY:
                if isinstance(state.schedule, Interval) and state.schedule.due <= DAY:
                    found.append(card)
        return found

    def weak(cards: Iterable[Card]) -> list[Card]:
        found = []
        for card in cards:
            if card.note.deck == "deck3" and "hard" in card.note.tags:
                memory = states.get(card.id, NEW).memory
                if memory is not None and memory.stability > 21:
                    found.append(card)
        return found

    return {
        "deck:deck3": lambda cards: [card for card in cards if card.note.deck == "deck3"],
        "tag:hard": lambda cards: [card for card in cards if "hard" in card.note.tags],
        "is:due": due,
        "prop:s>21 tag:hard deck:deck3": weak,
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    cards, states = made(count)
    facts = Made(states)
    print(f"{count:,} cards, {RUNS} runs")
    for query, loop in by_hand(states).items():
        test = matcher(parse(query), facts)
        assert list(filter(test, cards)) == loop(cards)
        ours, theirs = [], []
        for _ in range(RUNS):
            theirs.append(seconds(lambda loop=loop: loop(cards)))  # type: ignore[misc]
            ours.append(seconds(lambda query=query: list(filter(matcher(parse(query), facts), cards))))  # type: ignore[misc]
        ratio = median(own / other for own, other in zip(ours, theirs, strict=True))
        print(
            f"{query:30} {median(ours) * 1000:6.0f} ms, {ratio:.2f} times a plain loop ({median(theirs) * 1000:.0f} ms)"
        )
    few = cards[:5_000]
    find = matcher(parse("weighted unit"), facts)
    first, again = seconds(lambda: list(filter(find, few))), seconds(lambda: list(filter(find, few)))
    each = 1e6 / len(few)
    print(f"words: {first * each:.0f} µs a card the first time, {again * each:.1f} µs after")


if __name__ == "__main__":
    main()
