"""What the readers of other formats give, and what an import reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not carried over: the line of the file that was read (from 1), and why, as a clause."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A note as found in another format, its texts in our Markdown.

    `line` is where it begins in its file, from 1. `body` are the keys of its kind: `q` and `a`, perhaps `both`; `term`
    and `definition`; or `cloze`. `source` is what the note cites, in the words of whoever wrote it; `deck` is the title
    of its deck, empty for the one that the file makes. `id` is a slug, or empty.
    """

    line: int
    body: Mapping[str, str | bool]
    why: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    topic: str = ""
    id: str = ""
    deck: str = ""

    def texts(self) -> dict[str, str]:
        """Its Markdown texts by their keys."""
        own = {key: text for key, text in self.body.items() if isinstance(text, str)}
        return own | {"why": self.why} if self.why else own


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: its notes in order, what was left out, and sentences about the file as a whole.

    `title` is what the file calls its deck, empty where it does not say.
    """

    drafts: tuple[Draft, ...]
    skipped: tuple[Skipped, ...] = ()
    remarks: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or would do: new notes and their cards, notes that were there already, files written.

    `media` counts the files copied beside the decks.
    """

    notes: int
    cards: int
    known: int
    files: tuple[str, ...]
    media: int
    skipped: tuple[Skipped, ...]
    remarks: tuple[str, ...]
    decks: Mapping[str, int] = field(default_factory=dict)
    """How many new notes each deck got, by its id."""
