"""What the readers of other formats give, and what an import reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    body: Mapping[str, object]
    why: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    topic: str = ""
    id: str = ""
    deck: str = ""
    identity: str = ""
    """By what the program that it comes from knows it; two that differ in it are two notes, whatever they ask."""
    whole: Mapping[str, object] | None = None
    """All keys of a note that was ours before, in the order of a deck file; the others above only describe it then."""
    origin: Origin | None = None

    def texts(self) -> list[str]:
        """Its texts: Markdown and, in a note that was ours, whatever else is written under its keys."""
        found: list[str] = []
        waiting: list[object] = [self.why, self.body] if self.whole is None else [self.whole]
        while waiting:
            each = waiting.pop()
            if isinstance(each, str):
                found.append(each)
            elif isinstance(each, Mapping):
                waiting += each.values()
            elif isinstance(each, Sequence):
                waiting += each
        return found


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a note that was ours before belongs: its deck by id, and what that deck says of itself.

    `sources` are those that the note cites, by their keys; `files` gives for each path that its texts name what the
    file is called where it comes from.
    """

    deck: str
    topic: str = ""
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: its notes in order, what was left out, and sentences about the file as a whole.

    `title` is what the file calls its deck, empty where it does not say.
    """

    drafts: tuple[Draft, ...]
    skipped: tuple[Skipped, ...] = ()
    remarks: tuple[str, ...] = ()
    title: str = ""
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """Files of a note that is none of ours, to be kept beside the deck with a title all the same."""

    line: int
    deck: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """What a draft became: the note `id` (`deck/note`) with these keys of its cards; `is_new` says whether it was not
    there before.
    """

    id: str
    keys: tuple[str, ...]
    is_new: bool


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
    placed: Mapping[int, Placed] = field(default_factory=dict)
    """What became of each draft, by its line; those that were left out are in `skipped`."""
    kept: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Where the files of a `Kept` went, by its line: paths below the folder."""
    """How many new notes each deck got, by its id."""
