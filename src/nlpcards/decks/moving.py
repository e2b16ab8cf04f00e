"""A note taken to another deck: its text with ids that still mean the same there, and the sources that it cites."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence

from nlpcards.core.cards import Note
from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.deck_text import DeckText, Edit, NoteText
from nlpcards.decks.former import edits_for, was_of
from nlpcards.decks.library import Library
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar
from nlpcards.decks.reader import DeckFile

_IMAGE = re.compile(r"!\[[^\]]*\]\(\s*<?(?![a-z]+://)[^)\s>]")


def moved_note(text: DeckText, found: NoteText, note: Note, new: str, *, topic: str, decks: Sequence[str]) -> str:
    """The lines of a note as they stand in the file of another deck, where its id is `new` (`deck/note`).

    `topic` is to be written where it is not empty; `decks` are all ids of its deck, the present one first.
    """
    new_deck, _, name = new.partition("/")
    was = was_of(found).moved(note.deck, note.id, to=new, deck_was=decks[1:])
    edits = edits_for(text, found, was, name)
    node = found.get("id")
    if isinstance(node, Scalar):
        edits.append(Edit(node.start, node.end, name))
    else:
        first = found.node.entries[0][0].start
        edits.append(Edit(first, first, f"id: {name}, " if found.node.flow else f"id: {name}\n{'':{found.column}}"))
    for key in ("needs", "confusable"):
        edits += [
            Edit(each.start, each.end, _elsewhere(each.value, note.deck, new_deck))
            for each in _scalars(found.get(key))
            if each.value and _elsewhere(each.value, note.deck, new_deck) != each.value
        ]
    if topic:
        edits.append(text.with_key(found, "topic", topic))
    # The whole text with the edits, and the note's lines cut out of it: all edits lie within them.
    raw = DeckText(text.text.encode("utf-8", "surrogateescape"), text.path)
    edited = raw.edited(edits).decode("utf-8", "surrogateescape")
    return edited[found.start : len(edited) - (len(text.text) - found.end)]


def needed_sources(library: Library, text_of: Callable[[str], DeckText], note: Note, target: DeckFile) -> list[Edit]:
    """The edits that add to a deck's file the sources that a note cites and the deck does not have.

    Raises:
        NlpcardsError: the deck has another source under the same key; or the note shows a file of its own folder.
    """
    assert target.deck is not None
    _refuse_media(text_of(note.place.path), note, target)
    known = library.decks[target.deck.id].sources
    missing = []
    for citation in note.cite:
        there = known.get(citation.source.key)
        if there is None:
            missing.append(citation.source.key)
        elif there.title.casefold() != citation.source.title.casefold():
            raise NlpcardsError(
                f"the deck {target.deck.id} has another source under the key {there.key}",
                place=target.path,
                remedy="Give one of the two sources another key, in its deck and where it is cited.",
            )
    lines = [_source_lines(library, text_of, note.deck, key) for key in dict.fromkeys(missing)]
    return _added_sources(text_of(target.path), lines) if lines else []


def _refuse_media(text: DeckText, note: Note, target: DeckFile) -> None:
    here, there = (os.path.dirname(os.path.realpath(path)) for path in (note.place.path, target.path))
    found = next((each for each in text.notes if each.id == note.id), None)
    shows = found is not None and _IMAGE.search(text.text[found.start : found.end])
    if here != there and (note.media or shows):
        raise NlpcardsError(
            f"the note {note.full_id} shows files that are in its deck's folder",
            place=str(note.place),
            remedy="Move it in your editor, with its files; write its former id under `was`.",
        )


def _source_lines(library: Library, text_of: Callable[[str], DeckText], deck: str, key: str) -> str:
    """A source as written in one of a deck's files, from its key to its last line, its key in column 2."""
    for file in reversed(library.files_of(deck)):
        text = text_of(file.path)
        sources = text.get("sources")
        for name, node in sources.entries if isinstance(sources, MapNode) else ():
            if name.value != key:
                continue
            end = text.content_end(node)
            written = text.text[name.start : text.line_end(end) if not _is_flow(sources) else end]
            by = 2 - (name.start - text.line_start(name.start)) if not _is_flow(sources) else 0
            first, *others = written.split("\n")
            moved = [f"{'':{max(0, len(line) - len(line.lstrip()) + by)}}{line.lstrip()}" for line in others]
            return "\n".join((f"  {first}", *moved))
    raise AssertionError(f"{key} is a source of the deck {deck}")


def _is_flow(node: Node | None) -> bool:
    return isinstance(node, MapNode) and node.flow


def _added_sources(text: DeckText, lines: Sequence[str]) -> list[Edit]:
    written = "".join(f"\n{each}" for each in lines)
    node = text.get("sources")
    if isinstance(node, MapNode) and node.entries and not node.flow:
        column = node.start - text.line_start(node.start)
        if column != 2:
            written = "".join(
                f"\n{'':{column - 2}}{line}" if column > 2 else f"\n{line[2 - column :]}"
                for line in written.split("\n")[1:]
            )
        at = text.line_end(text.content_end(node))
        return [Edit(at, at, written)]
    if isinstance(node, MapNode) and node.entries:
        raise NlpcardsError(
            "the deck's sources stand in braces, where none can be added line by line",
            place=text.path,
            remedy="Run `nlpcards fmt` on it first; nothing was changed.",
        )
    if node is not None:
        start = text.key_start("sources")
        return [Edit(start, text.line_end(start), f"sources:{written}")]
    first = text.key_start("notes") if text.get("notes") is not None else len(text.text)
    return [Edit(first, first, f"sources:{written}\n")]


def _scalars(node: Node | None) -> list[Scalar]:
    items = [node] if isinstance(node, Scalar) else node.items if isinstance(node, ListNode) else []
    return [item for item in items if isinstance(item, Scalar)]


def _elsewhere(written: str, deck: str, now: str) -> str:
    """The id of a note as it is written in a file of the deck `now`, where it stood in one of `deck`."""
    full = written if "/" in written else f"{deck}/{written}"
    return full.removeprefix(f"{now}/")
