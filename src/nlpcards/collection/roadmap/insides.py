"""What is inside a topic: its concepts with the cards that carry them, and where each card stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlpcards.core.cards import note_of
from nlpcards.core.days import date_of
from nlpcards.core.state import CardState, Interval, New
from nlpcards.core.words import short_month, weekday

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection


@dataclass(frozen=True, slots=True)
class Concept:
    """What some cards of a topic let one recall: the ids of its `cards`, of which `met` were introduced. The title is
    empty for the cards that name no concept of the topic.
    """

    topic: str
    title: str
    cards: tuple[str, ...]
    met: int


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card of a topic: its id, its question on one line, and where it stands in a word or two."""

    topic: str
    card: str
    question: str
    stands: str


def concepts(collection: Collection, topic: str) -> tuple[Concept, ...]:
    """The concepts of a topic in the roadmap's order, those without a card too, then the cards that name none; a card
    may carry several.

    Raises:
        StoreError: the journal cannot be read.
    """
    library = collection.library
    written = library.roadmap.topics.get(topic)
    titles = written.concepts if written else {}
    cards = collection.knowing.cards.get(topic, ())
    states = collection.journal.states(cards)
    carrying: dict[str, list[str]] = {each: [] for each in titles}
    others: list[str] = []
    for card in cards:
        note = library.note(note_of(card))
        own = [each for each in (note.concepts if note else ()) if each in carrying]
        for each in own:
            carrying[each].append(card)
        if not own:
            others.append(card)

    def of(title: str, those: list[str]) -> Concept:
        met = sum(each in states and not isinstance(states[each].schedule, New) for each in those)
        return Concept(topic, title, tuple(those), met)

    found = [of(titles[each], those) for each, those in carrying.items()]
    return (*found, of("", others)) if others else tuple(found)


def card_lines(collection: Collection, concept: Concept) -> tuple[CardLine, ...]:
    """The cards of a concept, each on one line.

    Raises:
        StoreError: the journal cannot be read.
    """
    from nlpcards.collection.card_words import question_line

    states = collection.journal.states(concept.cards)
    found = []
    for each in concept.cards:
        card = collection.library.card(each)
        if card is not None:
            state = states.get(each, CardState())
            found.append(CardLine(concept.topic, each, question_line(card, state.reps), _stands(state)))
    return tuple(found)


def _stands(state: CardState) -> str:
    if state.suspended:
        return "suspended"
    match state.schedule:
        case New():
            return "new"
        case Interval(due=due):
            on = date_of(due)
            return f"due {weekday(on).partition(' ')[2]} {short_month(on)} {on.year % 100:02}"
        case _:
            return "learning"
