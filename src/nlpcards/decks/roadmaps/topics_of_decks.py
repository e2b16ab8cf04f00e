"""Whether what decks say of the roadmap is in it: the topic that each names, and the concepts of its notes.

Decks may have topics of their own, of which nothing is said unless the name looks like one of the roadmap's, or a
roadmap of their own lies with them and ought to have it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from nlpcards.core.roadmap.values import Roadmap
from nlpcards.decks.bundled import bundled_folder
from nlpcards.decks.layout import Layout, WrittenNote
from nlpcards.decks.library import Library
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.roadmaps.finding import find_roadmap

_ALMOST = 0.85
"""How alike two names are (by `difflib`'s ratio) of which one is probably a slip for the other: `lstms` for `lstm`."""

_TOPIC = re.compile(r"^topic[ \t]*:[ \t]*(?=\S)", re.MULTILINE)


def check_topics(library: Library, notes: Sequence[WrittenNote], layouts: Mapping[str, Layout]) -> Iterator[Problem]:
    """R030 for topics and R031 for concepts that the roadmap does not have, the bundled one under the library's own."""
    if not any(deck.topic for deck in library.decks.values()) and not any(each.note.concepts for each in notes):
        return
    shipped = bundled_folder()
    found = find_roadmap([*([shipped] if shipped else []), *library.places])
    folders = tuple(_folder(file.path) for file in found.files if file.own.get("topics"))
    roadmap = found.roadmap
    topic_of: dict[str, str] = {}
    for deck in library.decks.values():
        if not deck.topic:
            continue
        told = _unknown_topic(roadmap, deck.topic, _folder(deck.path).startswith(folders))
        topic_of[deck.id] = deck.topic
        layout = layouts.get(deck.path)
        if told and layout is not None and (at := _TOPIC.search(layout.source.text)):
            line, column = layout.source.position(at.end())
            yield Problem(deck.path, line, column, Severity.ADVICE, "R030", *told)
    for each in notes:
        note = each.note
        deck_topic = topic_of.get(note.deck, "")
        topic = note.topic or deck_topic
        if topic != deck_topic:
            told = _unknown_topic(roadmap, topic, _folder(note.place.path).startswith(folders))
            if told:
                yield each.problem("R030", ("topic",), *told)
        yield from _unknown_concepts(roadmap, topic, each)


def _folder(path: str) -> str:
    return os.path.realpath(Path(path).parent) + os.sep


def _unknown_topic(roadmap: Roadmap, topic: str, is_beside_a_roadmap: bool) -> tuple[str, str] | None:
    """What to say of a topic; None where it is known or one of the author's own."""
    if topic in roadmap.topics:
        return None
    meant = get_close_matches(topic, roadmap.topics, 1, _ALMOST)
    if meant:
        return f"the roadmap has no topic `{topic}`", f"Did you mean `{meant[0]}`?"
    if is_beside_a_roadmap:
        hint = "Mend the name, or add the topic to the roadmap."
        return f"the roadmap has no topic `{topic}`, so no track leads to these cards", hint
    return None


def _unknown_concepts(roadmap: Roadmap, topic: str, written: WrittenNote) -> Iterator[Problem]:
    known = roadmap.topics.get(topic)
    if known is None or not known.concepts:
        return
    for at, concept in enumerate(written.note.concepts):
        if concept not in known.concepts:
            meant = get_close_matches(concept, known.concepts, 1)
            hint = f"Did you mean `{meant[0]}`?" if meant else f"It has: {', '.join(list(known.concepts)[:8])}."
            yield written.problem("R031", ("concepts", at), f"the topic `{topic}` has no concept `{concept}`", hint)
