"""Each track of the roadmap, followed day by day: only open topics, in order, within the limit, to its last card."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest

from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.core.cards import deck_of, note_of
from nlpcards.core.days import MS_PER_DAY, Moment
from nlpcards.core.memory import Model, Settings
from nlpcards.core.queue import Limits, Rules, plan
from nlpcards.core.roadmap.following import Following, Thresholds, follow
from nlpcards.core.roadmap.met_cards import Met, met_by_topic
from nlpcards.core.roadmap.opening import Reason, in_order, is_over, openings, places_on, present_stage
from nlpcards.core.roadmap.progress import Readiness, shelf_of
from nlpcards.core.roadmap.values import Roadmap
from nlpcards.core.state import CardState, Interval
from nlpcards.decks.roadmaps import find_roadmap
from tests.support.tracing import untraced

pytestmark = untraced

TRACKS = (
    "nlp-step-by-step",
    "llm-foundations",
    "twenty-week-plan",
    "course-plan",
    "pathway-to-gpt",
    "short-and-steep",
    "long-and-slow",
)
FIRST_DAY = 20_000
LIMIT = 6
MODEL = Model(Settings())


@cache
def the_roadmap() -> Roadmap:
    return find_roadmap([Path(__file__).parents[2] / "decks"]).roadmap


def test_these_are_all_the_tracks() -> None:
    assert tuple(the_roadmap().tracks) == TRACKS


def notes(cards: list[str]) -> dict[str, list[str]]:
    """The keys of the cards' notes, by the notes' own ids."""
    return {card.partition("/")[2].partition("#")[0]: ["qa"] for card in cards}


class Follower:
    """A learner who sits down each day, with decks of one to three cards a topic, two decks on every fifth topic."""

    def __init__(self, track: str, seed: int) -> None:
        self.roadmap = the_roadmap()
        self.track = self.roadmap.tracks[track]
        self.random = Random(seed)
        self.following = Following(track, FIRST_DAY)
        self.cards: dict[str, list[str]] = {}
        for at, topic in enumerate((*self.roadmap.topics, "elsewhere")):
            decks = (topic, f"more-{topic}") if at % 5 == 0 else (topic,)
            self.cards[topic] = [f"{deck}/n{n}#qa" for n in range(1 + at % 3) for deck in decks]
        self.topic_of = {card: topic for topic, own in self.cards.items() for card in own}
        self.shelf = shelf_of(
            {deck_of(card): (topic, notes(own), {}) for topic, own in self.cards.items() for card in own}
        )
        self.states: dict[str, CardState] = {}

    def readiness(self, day: int) -> dict[str, Readiness]:
        met: list[Met] = []
        for key, (card, state) in enumerate(self.states.items()):
            due = state.schedule.due if isinstance(state.schedule, Interval) else None
            assert state.memory is not None
            met.append((card, state.memory.stability, due, state.last_day, state.first_day, 0, key))
        found = met_by_topic(self.shelf, met)
        counts = zip(self.shelf.topics, self.shelf.notes, self.shelf.cards, strict=True)
        parameters = MODEL.settings.parameters
        return {topic: found[topic].known(notes, cards, day, parameters).ready for topic, notes, cards in counts}

    def studies(self, day: int) -> list[str]:
        """A day's work; gives the new cards offered, and holds them against the rules."""
        ready = self.readiness(day)
        opened = openings(self.roadmap, self.track, ready, self.following)
        order = [card for topic in in_order(self.track, opened) for card in self.cards[topic]]
        waiting = [card for card in order if card not in self.states]
        found = plan(
            self.states,
            waiting,
            day=day,
            day_ends_ms=(day + 1) * MS_PER_DAY,
            rules=Rules(Limits(LIMIT, 500)),
        )
        assert len(found.new) <= LIMIT
        assert all(opened[self.topic_of[card]].open for card in found.new)
        # What is chosen is the first of what is open; only the order within the session is arranged anew.
        assert set(found.new) == set(waiting[:LIMIT])
        assert found.held_back == 0
        for card in (*found.reviews, *found.new):
            state = self.states.get(card, CardState())
            # Three reviews in twenty fail; new cards are learned in one sitting.
            rating = 4 if state.reps == 0 else self.random.choices((1, 2, 3, 4), (15, 10, 65, 10))[0]
            moment = Moment(day * MS_PER_DAY + 1, day)
            state = MODEL.answered(card, state, rating, moment)
            while not isinstance(state.schedule, Interval):
                state = MODEL.answered(card, state, 3, moment.later(1))
            self.states[card] = state
        return list(found.new)


@pytest.mark.parametrize("name", TRACKS)
def test_a_learner_reaches_the_end_of_the_track_and_is_offered_only_what_is_open_in_its_order(name: str) -> None:
    learner = Follower(name, seed=len(name))
    track, place_of = learner.track, places_on(learner.track)
    own = sum(len(learner.cards[topic]) for topic in track.topics)
    introduced: list[str] = []
    stages: list[int] = []
    day = FIRST_DAY
    while not is_over(track, ready := learner.readiness(day), learner.following):
        assert day < FIRST_DAY + 10 * own, "the track has no end"
        at = present_stage(track, ready, learner.following)
        assert at is not None
        stages.append(at)
        new = [card for card in learner.studies(day) if learner.topic_of[card] in place_of]
        for card in new:
            for need in learner.roadmap.topics[learner.topic_of[card]].needs:
                if place_of.get(need, 99) < place_of[learner.topic_of[card]]:
                    assert learner.readiness(FIRST_DAY)[need].introduced >= Thresholds().introduced
        introduced += new
        day += 1
    assert sorted(introduced) == sorted(card for topic in track.topics for card in learner.cards[topic])
    assert stages == sorted(stages), "one never falls back to an earlier stage"
    over = openings(learner.roadmap, track, learner.readiness(day), learner.following)
    assert all(each.open for each in over.values())
    assert over["elsewhere"].reason is Reason.FREE


def test_a_learner_who_forgets_while_away_finds_the_way_open_again_after_reviewing() -> None:
    learner = Follower("short-and-steep", seed=1)
    day = FIRST_DAY
    for _ in range(6):
        learner.studies(day)
        day += 1
    day += 200
    away = openings(learner.roadmap, learner.track, learner.readiness(day), learner.following)
    assert any(each.reason is Reason.NEEDS and each.missing[0].cards == 0 for each in away.values())
    while not is_over(learner.track, learner.readiness(day), learner.following):
        assert day < FIRST_DAY + 600
        learner.studies(day)
        day += 1


@untraced
@pytest.mark.parametrize("name", TRACKS)
def test_no_card_of_a_bundled_deck_waits_for_ever_for_what_the_track_leaves_out(name: str, tmp_path: Path) -> None:
    with Collection.open(Home(tmp_path, tmp_path, tmp_path), [Path(__file__).parents[2] / "decks"]) as collection:
        collection.journal.append([follow(name, FIRST_DAY)], Moment(FIRST_DAY * MS_PER_DAY, FIRST_DAY))
        knowing, library = collection.knowing, collection.library
        track, cards = library.roadmap.tracks[name], knowing.cards
        met: set[str] = set()

        def learned(note: str) -> bool:
            return met.issuperset(library.cards_of(note))

        def ready(card: str) -> bool:
            note = note_of(card)
            return all(learned(need) for need in library.needs_of(note) if knowing.comes_first(need, note))

        before = -1
        while before < len(met):
            before = len(met)
            known = {topic: len(met.intersection(own)) for topic, own in cards.items()}
            sums = {topic: Readiness(len(own), known[topic], float(known[topic])) for topic, own in cards.items()}
            opened = openings(library.roadmap, track, sums, knowing.following)
            met.update(
                card for topic in track.topics if opened[topic].open for card in cards.get(topic, ()) if ready(card)
            )
        assert not [card for topic in track.topics for card in cards.get(topic, ()) if card not in met]
