"""What may stand in a roadmap file: its sections, the keys of their entries, and what each means.

The reader and the JSON Schema are both made from this table, so they cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nlpcards.core.roadmap.values import MILESTONE_KINDS, RESOURCE_KINDS, Pacing


class Shape(StrEnum):
    """How the value of a key is written."""

    SLUG = "slug"
    SLUGS = "slugs"
    TEXT = "text"
    URL = "url"
    FLAG = "flag"
    CHOICE = "choice"
    CONCEPTS = "concepts"
    WEEKS = "weeks"
    STAGES = "stages"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an entry: how its value is written, and what it means.

    `choices` are the words that a `CHOICE` takes. `of` is the section of the ids that a slug or slugs name; where it is
    empty they name nothing. `needed` keys must be there.
    """

    shape: Shape
    meaning: str
    needed: bool = False
    choices: tuple[str, ...] = ()
    of: str = ""


_URL = Key(Shape.URL, "Where it is: a whole web address.")

SECTIONS: Mapping[str, Mapping[str, Key]] = {
    "areas": {
        "id": Key(Shape.SLUG, "The area's id.", needed=True),
        "title": Key(Shape.TEXT, "What a learner sees.", needed=True),
    },
    "topics": {
        "id": Key(Shape.SLUG, "The topic's id, which decks name under `topic`.", needed=True),
        "title": Key(Shape.TEXT, "What a learner sees.", needed=True),
        "area": Key(Shape.SLUG, "The area that it belongs to.", needed=True, of="areas"),
        "needs": Key(Shape.SLUGS, "The topics that come first.", of="topics"),
        "concepts": Key(Shape.CONCEPTS, "What its cards let one recall: titles below slugs, which notes name."),
        "planned": Key(Shape.FLAG, "`true` while its cards are still being written."),
    },
    "resources": {
        "id": Key(Shape.SLUG, "The resource's id.", needed=True),
        "title": Key(Shape.TEXT, "Its name.", needed=True),
        "kind": Key(Shape.CHOICE, "What it is.", needed=True, choices=RESOURCE_KINDS),
        "platform": Key(Shape.TEXT, "Where it is given, or by whom."),
        "duration": Key(Shape.TEXT, "How long it takes, in words."),
        "url": _URL,
    },
    "milestones": {
        "id": Key(Shape.SLUG, "The milestone's id.", needed=True),
        "title": Key(Shape.TEXT, "What to have done.", needed=True),
        "kind": Key(Shape.CHOICE, "What it is.", needed=True, choices=MILESTONE_KINDS),
        "url": _URL,
    },
    "tracks": {
        "id": Key(Shape.SLUG, "The track's id.", needed=True),
        "title": Key(Shape.TEXT, "What a learner sees.", needed=True),
        "about": Key(Shape.TEXT, "For whom it is and where it leads, in a sentence or two.", needed=True),
        "origin": Key(Shape.TEXT, "Where it comes from."),
        "pacing": Key(
            Shape.CHOICE,
            "What moves one on: what one knows, the calendar, or the courses' own durations.",
            choices=tuple(Pacing),
        ),
        "stages": Key(Shape.STAGES, "Its stages, from the first to the last.", needed=True),
    },
    "stages": {
        "id": Key(Shape.SLUG, "The stage's id, its own within the track.", needed=True),
        "title": Key(Shape.TEXT, "What a learner sees.", needed=True),
        "weeks": Key(Shape.WEEKS, "The week or the weeks of a calendar, counted from 1: `5` or `17-20`."),
        "topics": Key(Shape.SLUGS, "Its topics, in the order in which they are learned.", of="topics"),
        "resources": Key(Shape.SLUGS, "What to learn from.", of="resources"),
        "milestones": Key(Shape.SLUGS, "What to have done.", of="milestones"),
        "note": Key(Shape.TEXT, "What else to know of it."),
    },
}
"""The keys of the entries of each list; those of `stages` stand within a track."""

NOUNS: Mapping[str, str] = {
    "areas": "area",
    "topics": "topic",
    "resources": "resource",
    "milestones": "milestone",
    "tracks": "track",
    "stages": "stage",
}
"""What one entry of each list is called."""

LISTS = ("areas", "topics", "resources", "milestones", "tracks")
"""The lists at the top of a roadmap file, in the order in which they are best read."""

OTHER_WORDS: Mapping[str, str] = {
    "name": "title",
    "type": "kind",
    "link": "url",
    "description": "about",
    "requires": "needs",
    "prerequisites": "needs",
    "provider": "platform",
    "notes": "note",
    "source": "origin",
}
"""What people write who know other words for a key."""

ROADMAP_KEYS = ("title", *LISTS)
"""What may stand at the top of a roadmap file."""

ROADMAP_MEANINGS: Mapping[str, str] = {
    "title": "What the roadmap is of.",
    "areas": "The fields of the subject.",
    "topics": "What there is to learn, and what comes before what.",
    "resources": "What to learn from: courses, books, papers, sites.",
    "milestones": "What to have done: projects, competitions, contributions.",
    "tracks": "Ways through the topics.",
}
"""What each key at the top means."""
