"""A deck file to a `Deck` and everything that is wrong in it.

Nothing here raises for what a file holds: each mistake is a `Problem` with its place, a note with a mistake is left
out, and all others are there.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, TypeGuard

from nlpcards.core.cards import Deck, Note, Place, Source
from nlpcards.decks.files import Content, Stamp, clean_text, decode, read_content
from nlpcards.decks.keys import DECK_KEYS, LATER_DECK_KEYS, SOURCE_KEYS, slug_of
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, Unusable
from nlpcards.decks.notes import NoteReader, ReadNote
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.recovery import read_yaml
from nlpcards.decks.references import check_references
from nlpcards.decks.source import SourceText, shortened
from nlpcards.decks.values import Values


@dataclass(frozen=True, slots=True)
class PlacedReference:
    """A note of this file names one of another deck under `needs` or `confusable`, or a former id under `was`."""

    note: str
    key: str
    target: str
    place: Place


@dataclass(frozen=True, slots=True)
class DeckFile:
    """One deck file as read.

    `deck` holds the good notes; it is None where the file could not be read or names no deck. `deck_place` is where the
    file says its id. `note_ids` are the full ids of all notes, broken ones included. `references` are those that only a
    whole library can check. `stamp` tells whether the file is still the one that was read; it is None for a text.
    """

    path: str
    deck: Deck | None
    problems: tuple[Problem, ...]
    deck_place: Place
    note_ids: frozenset[str] = frozenset()
    references: tuple[PlacedReference, ...] = ()
    stamp: Stamp | None = None

    @property
    def has_errors(self) -> bool:
        """Whether anything in the file is an error."""
        return any(problem.is_error for problem in self.problems)


def read_deck(path: Path) -> DeckFile:
    """Read a deck file. A file that cannot be read has one problem and no deck."""
    name = str(path)
    content = read_content(path)
    if not isinstance(content, Content):
        problem = Problem(name, 1, 1, Severity.ERROR, content.code, content.message, content.hint)
        return DeckFile(name, None, (problem,), Place(name, 1, 1))
    return _read(clean_text(decode(content.data), name), path.parent, content.stamp)


def read_text(text: str, path: str = "deck.yaml") -> DeckFile:
    """Read a deck's text as if it stood in a file; whether its media exist is not looked at."""
    return _read(clean_text(text, path), None, None)


class _Head(NamedTuple):
    """What a deck file says before its notes; `id` is empty where there is none to use.

    `sources` is None where they could not be read: then nothing can be said of what cites them.
    """

    id: str
    title: str
    topic: str
    sources: dict[str, Source] | None
    place: int


def _read(source: SourceText, folder: Path | None, stamp: Stamp | None) -> DeckFile:
    # Reading makes very many objects and no cycles, so the collector would search them in vain: a fifth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _assemble(source, folder, stamp)
    finally:
        if collecting:
            gc.enable()


def _assemble(source: SourceText, folder: Path | None, stamp: Stamp | None) -> DeckFile:
    reading = _Reading(source, folder)
    root = read_yaml(source, reading) if source.text or not source.found else Unusable(0, 0)
    entries = _entries(source, root)
    head = reading.head or _read_head(source, entries, folder)
    nodes = _note_nodes(source, entries, len(reading.notes))
    reader = NoteReader(Values(source, head.id, head.sources, folder), head.topic)
    read = reading.notes + [reader.read(node) for node in nodes if not source.is_hopeless]
    read.sort(key=attrgetter("at"))
    kept, known = _distinct(source, head.id, read)
    outside = check_references(source, head.id, kept, known)
    deck = None
    if head.id:
        notes = tuple([each.note for each in kept if each.note is not None])
        deck = Deck(head.id, head.title or head.id, source.path, notes, head.topic, head.sources or {})
    references = tuple(
        PlacedReference(note, reference.key, reference.target, Place(source.path, *source.position(reference.at)))
        for note, reference in outside
    )
    place = Place(source.path, *source.position(head.place))
    if source.is_hopeless:
        source.give_up()
    return DeckFile(source.path, deck, source.problems(), place, frozenset(known), references, stamp)


_MORE_AFTER_NOTES = re.compile(r"\n[^\s#-]")


class _Reading:
    """Reads notes while the file is parsed, where all that they refer to stands before them."""

    def __init__(self, source: SourceText, folder: Path | None) -> None:
        self.source = source
        self.folder = folder
        self.head: _Head | None = None
        self.notes: list[ReadNote] = []

    def begin(self, root: MapNode) -> Callable[[Node], None] | None:
        """Take the notes if no key of the deck comes after them."""
        if _MORE_AFTER_NOTES.search(self.source.text, root.end) or any(
            _holds_notes(value) for _, value in root.entries
        ):
            return None
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in root.entries:
            entries.setdefault(key.value, (key, value))
        self.head = head = _read_head(self.source, entries, self.folder)
        reader = NoteReader(Values(self.source, head.id, head.sources, self.folder), head.topic)
        read, append = reader.read, self.notes.append

        def take(node: Node) -> None:
            if not self.source.is_hopeless:
                append(read(node))

        return take

    def restart(self) -> None:
        """Forget everything: the file is read again in pieces."""
        self.head = None
        self.notes.clear()


def _entries(source: SourceText, root: Node | None) -> dict[str, tuple[Scalar, Node]]:
    """The keys of the deck with their values; of a repeated key, which is an error already, the first."""
    if isinstance(root, MapNode):
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in root.entries:
            known = key.value in DECK_KEYS
            if key.value in LATER_DECK_KEYS:
                source.error(
                    key.start,
                    "D302",
                    f"this version of nlpcards cannot read `{key.value}` yet",
                    "Take the key out, and give the deck an id of its own, until a version that can.",
                )
            elif not known and key.value != "<<":
                source.error(
                    key.start,
                    "D301",
                    f"a deck has no key `{shortened(key.value)}`",
                    source.unknown_key(key.value, DECK_KEYS),
                )
            if _holds_notes(value) and (key.value == "notes" or not known):
                # Notes below a misspelt or a second `notes` are notes; so are those below text at the margin of a note.
                _, first = entries.setdefault("notes", (key, value))
                if isinstance(first, ListNode) and first is not value:
                    first.items.extend(value.items)
            elif known:
                entries.setdefault(key.value, (key, value))
        return entries
    if root is None or (isinstance(root, Scalar) and not root.value):
        source.error(0, "D007", "the file is empty", "Begin with `deck: ` and an id, then `title: ` and `notes:`.")
    elif not isinstance(root, Unusable):
        what = "a list" if isinstance(root, ListNode) else "a text"
        source.error(
            root.start,
            "D007",
            f"the file is {what} and not a deck",
            "Begin with `deck: ` and an id, then `title: `, then `notes:` with the list of notes below it.",
        )
    return {}


def _holds_notes(node: Node) -> TypeGuard[ListNode]:
    return isinstance(node, ListNode) and any(isinstance(item, MapNode) for item in node.items)


def _read_head(source: SourceText, entries: dict[str, tuple[Scalar, Node]], folder: Path | None) -> _Head:
    values = Values(source, "", {}, folder)
    deck = title = topic = None
    place = 0
    if "deck" in entries:
        place = entries["deck"][1].start
        deck = values.slug("deck", entries["deck"][1])
    elif entries:
        name = slug_of(Path(source.path).stem) or "my-deck"
        source.error(0, "D303", "the file names no deck", f"Write its id in the first line: `deck: {name}`.")
    if "title" in entries:
        title = values.text("title", entries["title"][1])
    elif entries:
        source.advise(0, "D308", "the deck has no title", "Write `title: ` and what a learner should see in lists.")
    if "topic" in entries:
        topic = values.slug("topic", entries["topic"][1])
    sources = _read_sources(source, values, entries["sources"][1]) if "sources" in entries else {}
    return _Head(deck or "", title or "", topic or "", sources, place)


def _read_sources(source: SourceText, values: Values, node: Node) -> dict[str, Source] | None:
    """The sources by key; one with a mistake is there too, so that what cites it is not called wrong for it."""
    if not isinstance(node, MapNode):
        if isinstance(node, Scalar) and not node.value:
            return {}
        if not isinstance(node, Unusable):
            source.error(
                node.start,
                "D305",
                "`sources` is not a mapping of keys to sources",
                "Write each on lines of its own: `  vaswani2017:` and, below it, `    title: Attention`.",
            )
        return None
    sources: dict[str, Source] = {}
    for key, value in node.entries:
        values.slug("sources", key)
        said: dict[str, str] = {}
        if isinstance(value, MapNode):
            for field, content in value.entries:
                if field.value not in SOURCE_KEYS:
                    if field.value != "<<":
                        source.error(
                            field.start,
                            "D301",
                            f"a source has no key `{shortened(field.value)}`",
                            source.unknown_key(field.value, SOURCE_KEYS),
                        )
                    continue
                read = {"url": values.url, "year": values.word}.get(field.value, values.text)
                said.setdefault(field.value, read(field.value, content) or "")
            if "title" not in said:
                source.error(
                    key.start, "D305", f"the source `{key.value}` has no title", "Write `title: ` below its key."
                )
        elif not isinstance(value, Unusable):
            source.error(
                value.start if isinstance(value, ListNode) or value.value else key.start,
                "D305",
                f"the source `{shortened(key.value)}` is not a mapping",
                "Write `title: ` and, where known, `authors: `, `year: ` and `url: ` on the lines below its key.",
            )
        sources.setdefault(key.value, Source(key.value, said.pop("title", "") or key.value, **said))
    return sources


def _note_nodes(source: SourceText, entries: dict[str, tuple[Scalar, Node]], taken: int) -> list[Node]:
    """The notes that are still to be read, after a number of them that were read already."""
    if "notes" not in entries:
        if entries:
            source.error(0, "D306", "the deck has no `notes`", "Write `notes:` and, below it, each note after a `- `.")
        return []
    key, node = entries["notes"]
    if isinstance(node, ListNode):
        if not node.items and not taken:
            source.advise(
                key.start, "D309", "the deck has no notes yet", "Write each note after a `- ` below `notes:`."
            )
        return node.items
    if isinstance(node, Scalar) and not node.value and not node.style:
        source.advise(key.start, "D309", "the deck has no notes yet", "Write each note after a `- ` below `notes:`.")
    elif not isinstance(node, Unusable):
        source.error(
            node.start,
            "D106" if isinstance(node, MapNode) else "D306",
            "`notes` is a mapping and not a list of notes" if isinstance(node, MapNode) else "`notes` is not a list",
            "Begin each note with a dash: `  - q: ` and, below the `q`, `    a: `.",
        )
    return []


def _distinct(source: SourceText, deck: str, read: list[ReadNote]) -> tuple[list[ReadNote], dict[str, int]]:
    """The notes whose ids are their own, and the place of every full id of the file, broken notes' included."""
    known: dict[str, int] = {}
    kept = []
    for each in read:
        if not each.id:
            continue
        full = f"{deck}/{each.id}"
        note: Note | None = each.note
        if full in known:
            line, _ = source.position(known[full])
            if note is not None and note.id_is_hash:
                message = f"the note asks the same as the one on line {line}"
                source.error(each.at, "D423", message, "Remove one of the two, or give each an `id`.")
            else:
                message = f"the id `{each.id}` belongs to the note on line {line} already"
                source.error(each.id_at, "D422", message, "Give this note another `id`; the first one keeps it.")
            continue
        known[full] = each.id_at
        kept.append(each)
        if note is not None and note.id_is_hash:
            source.advise(
                each.at,
                "D421",
                "the note has no id, so its history is lost when its question changes",
                "Give it one: `id: ` and a few words with hyphens.",
            )
    return kept, known
