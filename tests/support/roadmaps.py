"""Small decks over a roadmap, and roadmaps made of values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nlpcards.core.roadmap.values import Area, Roadmap, Stage, Topic, Track
from tests.support.learner import Learner


def roadmap_of(needs: Mapping[str, Sequence[str]], *stages: Sequence[str]) -> Roadmap:
    """A roadmap with one area, topics by what they need, and one track `way` with stages `s1`, `s2` … of topics."""
    topics = {topic: Topic(topic, topic.upper(), "all", tuple(wanted)) for topic, wanted in needs.items()}
    own = tuple(Stage(f"s{at}", f"Stage {at}", tuple(topics)) for at, topics in enumerate(stages, 1))
    track = Track("way", "The way", "A way through", own)
    return Roadmap("Made", {"all": Area("all", "All")}, topics, {"way": track})


def roadmap_file(needs: Mapping[str, Sequence[str]], *stages: Sequence[str]) -> str:
    """The same roadmap as a file, with a resource `book` and a milestone `project` in its first stage."""
    lines = ["title: Made", "areas:", "  - {id: all, title: All}", "topics:"]
    for topic, wanted in needs.items():
        lines += [f"  - id: {topic}", f"    title: {topic.upper()}", "    area: all"]
        lines += [f"    needs: [{', '.join(wanted)}]"] if wanted else []
    lines += ["resources:", "  - {id: book, title: The book, kind: book}"]
    lines += ["milestones:", "  - {id: project, title: The project, kind: project}"]
    lines += ["tracks:", "  - id: way", "    title: The way", "    about: A way through.", "    stages:"]
    for at, topics in enumerate(stages, 1):
        lines += [f"      - id: s{at}", f"        title: Stage {at}", f"        topics: [{', '.join(topics)}]"]
        lines += ["        resources: [book]", "        milestones: [project]"] if at == 1 else []
    return "\n".join(lines) + "\n"


def deck_on(topic: str, notes: int, name: str = "") -> str:
    """A deck with notes `n0`, `n1` … of one card each, about a topic."""
    lines = [f"deck: {name or topic}", f"title: Made {name or topic}", f"topic: {topic}", "notes:"]
    for number in range(notes):
        lines += [f"  - id: n{number}", f"    q: What is {name or topic} {number}?", f"    a: It is {number}."]
    return "\n".join(lines) + "\n"


def on_a_way(folder: Path, needs: Mapping[str, Sequence[str]], *stages: Sequence[str], notes: int = 2) -> Learner:
    """A learner with that roadmap and a deck of so many notes on each of its topics."""
    (folder / "decks").mkdir(parents=True)
    for topic in needs:
        (folder / "decks" / f"{topic}.yaml").write_text(deck_on(topic, notes), "utf-8")
    (folder / "decks" / "roadmap.yaml").write_text(roadmap_file(needs, *stages), "utf-8")
    return Learner(folder)
