"""A roadmap with two tracks and decks over it, small enough to see through, for the screens."""

from __future__ import annotations

from nlpcards.collection.roadmap.changing import use_track
from tests.support.screens import Learner

ROADMAP = """title: Made
areas:
  - {id: basics, title: Basics}
  - {id: models, title: Models}
topics:
  - id: text
    title: Text
    area: basics
    concepts: {bytes: bytes and letters, lines: lines}
  - {id: words, title: Words, area: basics, needs: [text]}
  - {id: counts, title: Counting words, area: basics, needs: [words]}
  - {id: vectors, title: Vectors, area: models, needs: [counts]}
  - {id: gates, title: Gates, area: models, needs: [counts, vectors]}
  - {id: later, title: Written later, area: models, needs: [gates], planned: true}
resources:
  - {id: book, title: The book of words, kind: book, platform: Press, duration: 3 weeks, url: "https://example.org/book"}
  - {id: odd, title: An odd one, kind: site, url: "https://example.org/odd"}
milestones:
  - {id: project, title: The first project, kind: project}
tracks:
  - id: way
    title: The way
    about: From text to gates, each when the one before is known.
    stages:
      - id: first
        title: Beginnings
        topics: [text, words]
        resources: [book, odd]
        milestones: [project]
        note: Take your time.
      - {id: second, title: Numbers, topics: [counts, vectors]}
      - {id: third, title: Models, topics: [gates, later]}
  - id: weeks
    title: Three weeks
    about: A calendar of three weeks.
    pacing: calendar
    stages:
      - {id: week-1, title: Week of text, weeks: 1, topics: [text, words]}
      - {id: week-2, title: Week of counts, weeks: 2, topics: [counts]}
      - {id: week-3, title: Week of gates, weeks: 3, topics: [vectors, gates]}
"""

TOPICS = {"text": 6, "words": 5, "counts": 4, "vectors": 4, "gates": 4}
"""The cards of each topic."""


def deck_on(topic: str, cards: int) -> str:
    lines = [f"deck: {topic}", f"title: Made {topic}", f"topic: {topic}", "notes:"]
    for number in range(cards):
        lines += [f"  - id: n{number}", f"    q: What is {topic} {number}?", f"    a: It is {number}."]
        lines += ["    concepts: [bytes]"] if topic == "text" and number < 2 else []
    return "\n".join(lines) + "\n"


def give_road(learner: Learner) -> Learner:
    """Give a learner the roadmap and its decks."""
    learner.write(ROADMAP, "roadmap.yaml")
    for topic, cards in TOPICS.items():
        learner.write(deck_on(topic, cards), f"{topic}.yaml")
    return learner


def set_out(learner: Learner, track: str = "way") -> Learner:
    """Follow a track from now on."""
    with learner.open() as collection:
        use_track(collection, track)
    return learner
