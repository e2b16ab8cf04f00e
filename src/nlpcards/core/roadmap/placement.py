"""Placement: which topics one knows already, found by a few questions, each asked where the answer tells most.

What is not known yet is held as probabilities. A topic is likely known only where all that it needs is (a noisy AND),
and how likely then depends on how much is built on it, so that on a chain of topics every length of what one knows is
as likely as any other. An answer is noisy: one may have forgotten a card of a topic one knows, or know one by chance.
The probabilities after some answers are found by belief propagation (Pearl 1988); that is exact where topics form a
tree. A question's answer depends on its own topic alone, so what it tells of the whole is what it tells of that topic.

Nothing is kept besides the answers: the same answers give the same next question, today and on another day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2

from nlpcards.core.fuzz import drawn

MOST_QUESTIONS = 30
"""No placement asks more."""

KNEW_IF_KNOWN, KNEW_IF_UNKNOWN = 0.88, 0.10
"""How often a card is known, of a topic that one knows and of one that one does not."""

KNOWN_REGARDLESS = 0.02
"""How likely a topic is known though something that it needs is not."""

LEAST_GAIN = 0.12
"""A question that tells less than so many bits is not worth asking: its topic is sure to about one in twenty."""

SURE = 0.6
"""From this probability on a topic counts as known, if all that it needs does; a topic of which nothing speaks is
below it.
"""

_ROUNDS, _SETTLED, _UNDAMPED, _DAMPING = 40, 1e-6, 10, 0.5

Needs = Mapping[str, tuple[str, ...]]
"""The topics that each topic needs, those that are no key left out of account; without cycles."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of a topic, and whether the learner knew the answer."""

    topic: str
    knew: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """What the answers come to.

    `known` are the topics found known; with a topic all that it needs is among them. `next` are those that come next:
    not known, but all that they need. `belief` is the probability that each topic is known.
    """

    known: tuple[str, ...]
    next: tuple[str, ...]
    belief: Mapping[str, float]
    questions: int


def gain(probability: float) -> float:
    """The bits that a question tells of a topic known with a probability: the entropy of the answer less that which
    noise alone gives it.
    """
    knew = probability * KNEW_IF_KNOWN + (1 - probability) * KNEW_IF_UNKNOWN
    noise = probability * _entropy(KNEW_IF_KNOWN) + (1 - probability) * _entropy(KNEW_IF_UNKNOWN)
    return max(0.0, _entropy(knew) - noise)


def _entropy(probability: float) -> float:
    if not 0 < probability < 1:
        return 0.0
    return -probability * log2(probability) - (1 - probability) * log2(1 - probability)


def next_topic(
    needs: Needs,
    answers: Iterable[Answered],
    left: Mapping[str, int],
    seed: str,
    *,
    before: Iterable[Answered] = (),
) -> str | None:
    """The topic to ask about now, None where the placement is over.

    `left` are the questions that each topic has left; `before` is what speaks for and against topics besides the
    answers, and is no question. Of topics that tell alike, which comes first follows from the seed.
    """
    given = list(answers)
    if len(given) >= MOST_QUESTIONS:
        return None
    believed = belief(needs, [*before, *given])
    best = max(
        (topic for topic in needs if left.get(topic, 0) > 0),
        key=lambda topic: (round(gain(believed[topic]), 6), drawn(f"{seed}/{topic}", len(given))),
        default=None,
    )
    return None if best is None or gain(believed[best]) < LEAST_GAIN else best


def placed(needs: Needs, answers: Iterable[Answered], *, before: Iterable[Answered] = ()) -> Placed:
    """What the answers so far come to; `before` as in `next_topic`."""
    given = list(answers)
    believed = belief(needs, [*before, *given])
    known: dict[str, None] = {}
    for topic in _in_order(needs):
        if believed[topic] >= SURE and all(need in known for need in needs[topic] if need in needs):
            known[topic] = None
    following = (
        topic for topic in needs if topic not in known and all(need in known for need in needs[topic] if need in needs)
    )
    return Placed(tuple(topic for topic in needs if topic in known), tuple(following), believed, len(given))


def belief(needs: Needs, answers: Iterable[Answered]) -> dict[str, float]:
    """The probability that each topic is known, after some answers; those about topics that are no key say nothing."""
    graph = {topic: tuple(dict.fromkeys(need for need in of if need in needs)) for topic, of in needs.items()}
    order = _in_order(needs)
    likely = dict.fromkeys(graph, 1.0)  # of the answers, in proportion: if known to if not
    for answer in answers:
        if answer.topic in likely:
            yes, no = KNEW_IF_KNOWN / KNEW_IF_UNKNOWN, (1 - KNEW_IF_KNOWN) / (1 - KNEW_IF_UNKNOWN)
            likely[answer.topic] *= yes if answer.knew else no
    height = dict.fromkeys(graph, 1)
    for topic in reversed(order):
        for need in graph[topic]:
            height[need] = max(height[need], height[topic] + 1)
    prior = {topic: height[topic] / (height[topic] + 1) for topic in graph}
    return _propagated(graph, order, prior, likely)


def _propagated(
    graph: Mapping[str, tuple[str, ...]],
    order: list[str],
    prior: Mapping[str, float],
    likely: Mapping[str, float],
) -> dict[str, float]:
    """Belief propagation. Messages are odds of known to not known, both ways along each need."""
    down: dict[tuple[str, str], float] = {}  # what a need says to the topic built on it: its probability
    up: dict[tuple[str, str], float] = {(need, topic): 1.0 for topic, of in graph.items() for need in of}
    built_on: dict[str, list[str]] = {topic: [] for topic in graph}
    for topic, of in graph.items():
        for need in of:
            built_on[need].append(topic)
    found: dict[str, float] = {}
    for done in range(_ROUNDS):
        damping = 0.0 if done < _UNDAMPED else _DAMPING
        before, found = found, {}
        for topic in order:
            met = 1.0
            for need in graph[topic]:
                met *= down[need, topic]
            own = KNOWN_REGARDLESS + (prior[topic] - KNOWN_REGARDLESS) * met
            odds = own / (1 - own) * likely[topic]
            for other in built_on[topic]:
                odds *= up[topic, other]
            found[topic] = odds / (1 + odds)
            for other in built_on[topic]:
                without = odds / up[topic, other]
                down[topic, other] = without / (1 + without)
        for topic in reversed(order):
            if not graph[topic]:
                continue
            odds = likely[topic]
            for other in built_on[topic]:
                odds *= up[topic, other]
            share = odds / (1 + odds)  # how well what comes from below speaks for known, as a probability
            without_needs = share * KNOWN_REGARDLESS + (1 - share) * (1 - KNOWN_REGARDLESS)
            for need in graph[topic]:
                met = 1.0
                for other in graph[topic]:
                    if other != need:
                        met *= down[other, topic]
                own = KNOWN_REGARDLESS + (prior[topic] - KNOWN_REGARDLESS) * met
                said = (share * own + (1 - share) * (1 - own)) / without_needs
                # Damped where that takes long, so that topics with many ways between them settle.
                up[need, topic] = up[need, topic] ** damping * said ** (1 - damping) if damping else said
        if before and max((abs(found[topic] - before[topic]) for topic in found), default=0.0) < _SETTLED:
            break
    return found


def _in_order(needs: Needs) -> list[str]:
    """The topics, each after what it needs; what is on a cycle, which no roadmap has, comes as it is met."""
    found: dict[str, None] = {}
    for topic in needs:
        waiting = [(topic, False)]
        entered: set[str] = set()
        while waiting:
            each, is_ready = waiting.pop()
            if each in found:
                continue
            if is_ready or each in entered:
                found[each] = None
                continue
            entered.add(each)
            waiting.append((each, True))
            waiting += [(need, False) for need in reversed(needs[each]) if need in needs and need not in found]
    return list(found)
