"""A deck file to a `Deck` and everything that is wrong in it.

Nothing here raises for what a file holds: each mistake is a `Problem` with its place, a note with a mistake is left
out, and all others are there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import TypeGuard, TypeVar

from nlpcards.core.cards import Deck, Note, Place
from nlpcards.decks.bounds import MOST_ENTRIES, check_lines, too_many_entries
from nlpcards.decks.collector import without_collector
from nlpcards.decks.deck_file import DeckFile as DeckFile
from nlpcards.decks.deck_file import PlacedReference as PlacedReference
from nlpcards.decks.deck_file import Stamp
from nlpcards.decks.files import Content, clean_text, decode, read_content
from nlpcards.decks.glance import Glancer
from nlpcards.decks.head import Head, read_head
from nlpcards.decks.keys import DECK_KEYS
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, Unusable
from nlpcards.decks.notes import NoteReader, ReadNote
from nlpcards.decks.plainly import Stretch
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.recovery import read_yaml
from nlpcards.decks.references import check_references
from nlpcards.decks.source import GivenUp, SourceText, shortened
from nlpcards.decks.syntax import stuck_dash
from nlpcards.decks.values import Values

T = TypeVar("T")


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
    lost = len(reading.notes) - (len(deck.notes) if deck else 0)
    given_up, media = source.is_given_up, reading.media
    return DeckFile(
        source.path, deck, problems, place, tuple(references), stamp, head.extends, broken, given_up, lost, media
    )


def _to_the_end(check: Callable[[], T]) -> T:
    """What a check gives, be it the one that gives the file up: a second time it notes and raises nothing."""
    try:
        return check()
    except GivenUp:
        return check()


_MORE_AFTER_NOTES = re.compile(r"\n[^\s#-]")
_IN_BRACKETS = re.compile(r"notes[ \t]*:\s*\[")
_BETWEEN_NOTES = re.compile(r"\}\s*,\s*\{")
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
        self.values: Values | None = None
        self.notes: list[ReadNote] = []
        self.media: dict[str, tuple[bool, bool]] = {}

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
        reader = self._reader_for(head)
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
        if _IN_BRACKETS.match(text, root.end) and len(_BETWEEN_NOTES.findall(text, root.end)) > MOST_ENTRIES:
            too_many_entries(self.source, root.end, "notes")
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in root.entries:
            entries.setdefault(key.value, (key, value))
        self.head = head = read_head(self.source, entries, self.folder)
        reader = self._reader_for(head)
        read, notes, append = reader.read, self.notes, self.notes.append
        kept = self.taken if self.keep else None

        def take(node: Node) -> None:
            if len(notes) == MOST_ENTRIES:
                too_many_entries(self.source, node.start, "notes")
            append(read(node))
            if kept is not None:
                kept.append(node)

        return take

    def glance(self, column: int) -> Callable[[Stretch], bool] | None:
        """Read what can be read at a glance, unless the nodes of the notes are wanted."""
        head, values, notes = self.head, self.values, self.notes
        if self.keep or head is None or values is None:
            return None
        read, append = Glancer(values, head.topic, column).read, notes.append

        def take(stretch: Stretch) -> bool:
            note = read(stretch)
            if note is None:
                return False
            if len(notes) == MOST_ENTRIES:
                too_many_entries(self.source, note.at, "notes")
            append(note)
            return True

        return take

    def _reader_for(self, head: Head) -> NoteReader:
        self.values = values = Values(
            self.source, head.id, head.sources, self.folder, head.extends, media_seen=self.media
        )
        return NoteReader(values, head.topic)

    def restart(self) -> None:
        """Forget everything: the file is read again in pieces."""
        self.head = self.values = None
        self.notes.clear()
        self.taken.clear()
        self.media.clear()

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
