"""A deck file to a `Deck` and everything that is wrong in it.

Nothing here raises for what a file holds: each mistake is a `Problem` with its place, a note with a mistake is left
out, and all others are there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import TypeGuard, TypeVar

from nlpcards.core.cards import Deck, Note, Place
from nlpcards.decks.bounds import MOST_ENTRIES, check_lines, too_many_entries
from nlpcards.decks.collector import without_collector
from nlpcards.decks.files import Content, Stamp, clean_text, decode, read_content
from nlpcards.decks.head import Head, read_head
from nlpcards.decks.keys import DECK_KEYS
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, Unusable
from nlpcards.decks.notes import NoteReader, ReadNote
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.recovery import read_yaml
from nlpcards.decks.references import check_references
from nlpcards.decks.source import GivenUp, SourceText, shortened
from nlpcards.decks.syntax import stuck_dash
from nlpcards.decks.values import Values

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PlacedReference:
    """Something in this file names what only the whole library knows.

    `key` is `needs` or `confusable` with a note of another deck (or of the deck that the file extends), `was` with a
    former id, `cite` with a source of the deck that the file extends, `drop` with one of its notes, or `extends` with
    the deck itself. `note` is the full id of the note that says so, or the deck's id where the head of the file does.
    """

    note: str
    key: str
    target: str
    place: Place


@dataclass(frozen=True, slots=True)
class DeckFile:
    """One deck file as read.

    `deck` holds the good notes; it is None where the file could not be read or names no deck. Where the file `extends`
    a deck, `deck` has that deck's id and says only what the file adds; its title is empty unless the file gives one.
    `deck_place` is where the file says its id. `note_ids` are the full ids of all notes, broken ones included, which
    have their places in `broken`. `references` are those that only a whole library can check. `stamp` tells whether the
    file is still the one that was read; it is None for a text. `is_given_up` says that not all of it was read.
    """

    path: str
    deck: Deck | None
    problems: tuple[Problem, ...]
    deck_place: Place
    note_ids: frozenset[str] = frozenset()
    references: tuple[PlacedReference, ...] = ()
    stamp: Stamp | None = None
    extends: bool = False
    broken: Mapping[str, Place] = field(default_factory=dict)
    is_given_up: bool = False
    broken_count: int = 0
    """How many notes have an error, those included whose id could not be read or is another's."""

    @property
    def dropped(self) -> tuple[str, ...]:
        """The full ids of the notes of the extended deck that are left out."""
        return tuple([reference.target for reference in self.references if reference.key == "drop"])

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


def read_whole(text: str, path: str = "deck.yaml", folder: Path | None = None) -> tuple[DeckFile, MapNode | None]:
    """As `read_text`, with the node of the whole file, its notes in it; None where it holds a mistake or no mapping.

    `folder` is where its media are looked for, which are not looked at without one.
    """
    source = clean_text(text, path)
    with without_collector():
        reading = _Reading(source, folder, keep=True)
        file = _assemble(reading, None)
    return file, None if file.has_errors else reading.whole()


def _read(source: SourceText, folder: Path | None, stamp: Stamp | None) -> DeckFile:
    with without_collector():
        return _assemble(_Reading(source, folder), stamp)


def _assemble(reading: _Reading, stamp: Stamp | None) -> DeckFile:
    source = reading.source
    with suppress(GivenUp):
        reading.read_all()
    head = reading.head or Head("", "", "", {}, 0)
    reading.notes.sort(key=attrgetter("at"))
    kept, known = _to_the_end(lambda: _distinct(source, head.id, reading.notes))
    outside = _to_the_end(lambda: check_references(source, head.id, kept, known, extends=head.extends))

    def place_of(index: int) -> Place:
        return Place(source.path, *source.position(index))

    deck, place = None, place_of(head.place)
    references = [
        PlacedReference(note, reference.key, reference.target, place_of(reference.at)) for note, reference in outside
    ]
    if head.id:
        was = tuple([old.value for old in head.was])
        notes = [each.note for each in kept if each.note is not None]
        if was:
            notes = [replace(note, deck_was=was) for note in notes]
        title = head.title or ("" if head.extends else head.id)
        deck = Deck(head.id, title, source.path, tuple(notes), head.topic, head.sources or {}, was)
        if head.extends:
            references.append(PlacedReference(head.id, "extends", head.id, place))
        said = (("drop", f"{head.id}/", head.drop), ("was", "", head.was))
        references += [
            PlacedReference(head.id, key, f"{before}{each.value}", place_of(each.start))
            for key, before, ids in said
            for each in ids
        ]
    broken = {f"{head.id}/{each.id}": place_of(each.at) for each in kept if each.note is None}
    problems = source.problems()
    ids, outer = frozenset(known), tuple(references)
    lost = len(reading.notes) - (len(deck.notes) if deck else 0)
    given_up = source.is_given_up
    return DeckFile(source.path, deck, problems, place, ids, outer, stamp, head.extends, broken, given_up, lost)


def _to_the_end(check: Callable[[], T]) -> T:
    """What a check gives, be it the one that gives the file up: a second time it notes and raises nothing."""
    try:
        return check()
    except GivenUp:
        return check()


_MORE_AFTER_NOTES = re.compile(r"\n[^\s#-]")
_FIRST_DASH = re.compile(r"[^\n]*+(?:\n[ \t]*+(?:#[^\n]*+)?(?=\n))*+(?P<dash>\n *-)(?=\s)")


class _Reading:
    """Reads notes while the file is parsed, where all that they refer to stands before them.

    What was read stays here where the file is given up on the way. With `keep`, so do the nodes of the notes.
    """

    def __init__(self, source: SourceText, folder: Path | None, *, keep: bool = False) -> None:
        self.source = source
        self.folder = folder
        self.keep = keep
        self.root: Node | None = None
        self.taken: list[Node] = []
        self.head: Head | None = None
        self.notes: list[ReadNote] = []

    def read_all(self) -> None:
        """Read the head and the notes.

        Raises:
            GivenUp: the file is not worth reading any further.
        """
        source = self.source
        if source.is_given_up:
            return
        check_lines(source)
        root = read_yaml(source, self) if source.text or not source.found else Unusable(0, 0)
        self.root = root
        entries = _entries(source, root)
        self.head = head = self.head or read_head(source, entries, self.folder)
        nodes = _note_nodes(source, entries, len(self.notes))
        reader = NoteReader(Values(source, head.id, head.sources, self.folder, head.extends), head.topic)
        for node in nodes:
            self.notes.append(reader.read(node))

    def begin(self, root: MapNode) -> Callable[[Node], None] | None:
        """Take the notes if no key of the deck comes after them."""
        text = self.source.text
        if _MORE_AFTER_NOTES.search(text, root.end) or any(_holds_notes(value) for _, value in root.entries):
            return None
        first = _FIRST_DASH.match(text, root.end)
        # Every note is read as it comes, so a file with far too many would be known as such only after a long time.
        if first and sum(text.count(first["dash"] + after, first.start("dash")) for after in " \n") > MOST_ENTRIES:
            too_many_entries(self.source, root.end, "notes")
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in root.entries:
            entries.setdefault(key.value, (key, value))
        self.head = head = read_head(self.source, entries, self.folder)
        reader = NoteReader(Values(self.source, head.id, head.sources, self.folder, head.extends), head.topic)
        read, notes, append = reader.read, self.notes, self.notes.append
        kept = self.taken if self.keep else None

        def take(node: Node) -> None:
            if len(notes) == MOST_ENTRIES:
                too_many_entries(self.source, node.start, "notes")
            append(read(node))
            if kept is not None:
                kept.append(node)

        return take

    def restart(self) -> None:
        """Forget everything: the file is read again in pieces."""
        self.head = None
        self.notes.clear()
        self.taken.clear()

    def whole(self) -> MapNode | None:
        """The node of the file with the notes that were kept in it."""
        root = self.root
        if not isinstance(root, MapNode):
            return None
        return root._replace(
            entries=[
                (key, value._replace(items=[*self.taken, *value.items]))
                if key.value == "notes" and isinstance(value, ListNode)
                else (key, value)
                for key, value in root.entries
            ]
        )


def _entries(source: SourceText, root: Node | None) -> dict[str, tuple[Scalar, Node]]:
    """The keys of the deck with their values; of a repeated key, which is an error already, the first."""
    if isinstance(root, MapNode):
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in root.entries:
            known = key.value in DECK_KEYS
            if not known and key.value != "<<":
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


def _note_nodes(source: SourceText, entries: dict[str, tuple[Scalar, Node]], taken: int) -> list[Node]:
    """The notes that are still to be read, after a number of them that were read already."""
    changes = "extends" in entries and any(key in entries for key in ("drop", "title", "topic", "sources"))
    if "notes" not in entries:
        if entries and not changes:
            source.error(0, "D306", "the deck has no `notes`", "Write `notes:` and, below it, each note after a `- `.")
        return []
    key, node = entries["notes"]
    if isinstance(node, ListNode):
        if not node.items and not taken and not changes:
            source.advise(
                key.start, "D309", "the deck has no notes yet", "Write each note after a `- ` below `notes:`."
            )
        return node.items
    if isinstance(node, Scalar) and not node.value and not node.style and changes:
        return []
    if isinstance(node, Scalar) and not node.value and not node.style:
        source.advise(key.start, "D309", "the deck has no notes yet", "Write each note after a `- ` below `notes:`.")
    elif isinstance(node, MapNode) and (stuck := stuck_dash(source.line_of(node.start))):
        source.error(node.start, "D109", "no space follows the dash", stuck)
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
