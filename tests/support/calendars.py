"""A track by the calendar over small decks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.support.learner import Learner
from tests.support.roadmaps import deck_on

TRACK = "by-the-week"


def calendar_file(weeks: Sequence[Sequence[str]]) -> str:
    """A roadmap whose one track has a stage for each week; a topic needs the first topic of the week before. A book
    belongs to each week, and a project to each second.
    """
    lines = ["title: Made", "areas:", "  - {id: all, title: All}", "topics:"]
    for at, topics in enumerate(weeks):
        for topic in topics:
            lines += [f"  - id: {topic}", f"    title: {topic.upper()}", "    area: all"]
            lines += [f"    needs: [{weeks[at - 1][0]}]"] if at else []
    numbers = range(1, len(weeks) + 1)
    lines += ["resources:", *(f"  - {{id: book-{each}, title: Book {each}, kind: book}}" for each in numbers)]
    lines += ["milestones:", *(f"  - {{id: work-{each}, title: Work {each}, kind: project}}" for each in numbers[::2])]
    lines += [
        "tracks:",
        f"  - id: {TRACK}",
        "    title: By the week",
        "    about: A week each.",
        "    pacing: calendar",
    ]
    lines += ["    stages:"]
    for at, topics in zip(numbers, weeks, strict=True):
        lines += [f"      - id: week-{at}", f"        title: Week {at}", f"        weeks: {at}"]
        lines += [f"        topics: [{', '.join(topics)}]", f"        resources: [book-{at}]"]
        lines += [f"        milestones: [work-{at}]"] if at % 2 else []
    return "\n".join(lines) + "\n"


def by_the_week(folder: Path, weeks: Sequence[Sequence[str]], *, notes: int = 7, config: str = "") -> Learner:
    """A learner with that track, not followed yet, and a deck of so many one-card notes on each of its topics."""
    (folder / "decks").mkdir(parents=True)
    for topic in (topic for topics in weeks for topic in topics):
        (folder / "decks" / f"{topic}.yaml").write_text(deck_on(topic, notes), "utf-8")
    (folder / "decks" / "roadmap.yaml").write_text(calendar_file(weeks), "utf-8")
    learner = Learner(folder)
    if config:
        learner.home.settings.parent.mkdir(parents=True, exist_ok=True)
        learner.home.settings.write_text(config, "utf-8")
    return learner
