"""Beginning a deck or a note: well-formed text to go on from, in a file where it will be read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nlpcards.collection.collection import Collection
from nlpcards.collection.editing import Opened, own_file, with_note
from nlpcards.core.errors import DeckErrors, NlpcardsError, UsageError
from nlpcards.core.kinds import KINDS, Text, Texts, Word
from nlpcards.decks.deck_text import DeckText
from nlpcards.decks.examples import EXAMPLES
from nlpcards.decks.files import Content, read_content
from nlpcards.decks.formatting_ids import slug_from
from nlpcards.decks.keys import SLUG, numbered, slug_of
from nlpcards.decks.places import deck_file_name
from nlpcards.decks.saving import Change
from nlpcards.decks.schema import EDITOR_LINE
from nlpcards.decks.trial import new_errors
from nlpcards.decks.writing import IN_HEAD, write_entry, write_note

Words = Mapping[str, "str | tuple[str, ...] | bool"]
"""What a learner said of a note, by the keys of a deck file."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A note to be begun: its kind, and what was said of it; where that is nothing, its kind's example is meant."""

    kind: str
    words: Words


def required(kind: str) -> tuple[str, ...]:
    """The keys that a note of a kind must have, where all are short enough to be asked for in a line; else none."""
    keys = {name: shape for name, shape in KINDS[kind].keys.items() if name in KINDS[kind].marks}
    return tuple(keys) if all(isinstance(shape, Text | Word | Texts) for shape in keys.values()) else ()


def kind_of(words: Words) -> str:
    """The kind that the keys said so far belong to; the first of several, empty where none fits."""
    said = [name for name in words if any(name in kind.keys for kind in KINDS.values())]
    fitting = [kind.name for kind in KINDS.values() if said and all(name in kind.keys for name in said)]
    return fitting[0] if fitting else ""


def check_new_deck(collection: Collection, name: str, folder: Path) -> Path:
    """The path of the file that a new deck will have.

    Raises:
        UsageError: the name is no id, or a deck or a file has it.
    """
    if not SLUG.fullmatch(name):
        suggestion = slug_of(name)
        raise UsageError(
            f"{name} is not an id for a deck",
            remedy="Ids are lower-case letters, digits and hyphens" + (f", as in {suggestion}." if suggestion else "."),
        )
    there = collection.library.decks.get(name)
    if there is not None:
        raise UsageError(
            f"there is a deck {name} already",
            place=there.path,
            remedy=f"Choose another id, or add to that one with `nlpcards new note {name}`.",
        )
    path = folder / deck_file_name(name)
    if os.path.lexists(path):
        raise UsageError("there is a file of that name already", place=str(path), remedy="Choose another id.")
    return path


def check_topic(name: str) -> None:
    """Refuse a topic that is none; an empty one is the lack of one.

    Raises:
        UsageError: it is no id.
    """
    if name and not SLUG.fullmatch(name):
        suggestion = slug_of(name)
        raise UsageError(
            f"{name} is not an id for a topic",
            remedy="Ids are lower-case letters, digits and hyphens" + (f", as in {suggestion}." if suggestion else "."),
        )


def folder_for(collection: Collection, named: Path | None) -> Path:
    """Where a new deck goes: the folder named, or the one that `--decks` names, or the learner's own.

    Never `./decks` by itself: the program may be called in any folder, and that one may be another project's.

    Raises:
        UsageError: `--decks` names files or several folders, so that it is not certain where a new one belongs.
    """
    if named is not None:
        return named
    if not collection.places:
        return collection.home.decks
    folders = [place for place in collection.places if place.is_dir()]
    if len(folders) != 1:
        raise UsageError("it is not certain in which folder the deck belongs", remedy="Name one with --in FOLDER.")
    return folders[0]


def new_deck(path: Path, name: str, title: str, topic: str, wanted: Wanted) -> Opened:
    """A new deck as a draft: with its first note, or with its kind's example as a comment where nothing was said of it.

    Raises:
        NlpcardsError: a text in it cannot be written.
    """
    head = {"deck": name, "title": title, **({"topic": topic} if topic else {})}
    lines = [EDITOR_LINE, *(line for key, value in head.items() for line in write_entry(key, value, 0, quotes=IN_HEAD))]
    opened = Opened(path, len(lines) + 2, "".join(f"{line}\n" for line in (*lines, "notes:")).encode())
    if wanted.words:
        return with_note(opened, *_note(wanted, frozenset()))
    said = "  # Take the `# ` away, and write your own.\n"
    example = "".join(f"  # {line[2:]}\n" for line in EXAMPLES[wanted.kind].splitlines())
    assert opened.draft is not None
    return replace(opened, line=opened.line + 1, draft=opened.draft + (said + example).encode())


def new_note(collection: Collection, deck: str, wanted: Wanted) -> Opened:
    """A deck's file as a draft with a new note at its end; a bundled deck's note goes into the learner's own file.

    Raises:
        UsageError: there is no such deck, or it has a note of that id.
        DeckErrors: the file has a mistake because of which nobody can say where its notes end.
        NlpcardsError: the file cannot be read or made.
    """
    library = collection.library
    if deck not in library.decks:
        raise UsageError(
            f"there is no deck {deck}", remedy=f"Begin it with `nlpcards new deck {deck}`, or see `nlpcards decks`."
        )
    taken = frozenset(full.split("/")[1] for file in library.files_of(deck) for full in file.note_ids)
    note, name = _note(wanted, taken)
    path = Path(library.decks[deck].path)
    if library.ships(str(path)):
        own = own_file(collection, deck)
        if own.draft is None:
            raise DeckErrors(
                f"this file stands for the deck {deck}, but was not read as one",
                place=str(own.path),
                remedy="Mend it first (see `nlpcards check`).",
            )
        return with_note(own, note, name)
    content = read_content(path)
    if not isinstance(content, Content):
        raise NlpcardsError(content.message, place=str(path), remedy=content.hint)
    return with_note(Opened(path, 1, content.data, content.data), note, name)


def check_draft(collection: Collection, opened: Opened) -> None:
    """Refuse a draft that would bring an error into the library.

    Raises:
        DeckErrors: the first such error.
    """
    assert opened.draft is not None, "only a draft can be checked before it is written"
    for error in new_errors(collection.library, [Change(opened.path, opened.before, opened.draft)]):
        # What is wrong stands in the draft, whose lines nobody has seen.
        written = Path(error.path) != opened.path
        raise DeckErrors(
            error.message,
            place=f"{error.path}:{error.line}:{error.column}" if written else str(opened.path) if opened.before else "",
            remedy=f"{error.hint} Nothing was written.",
        )


def _note(wanted: Wanted, taken: frozenset[str]) -> tuple[str, str]:
    """The lines of a note, and its id, which is none of those taken."""
    words = dict(wanted.words)
    named = str(words.pop("id", ""))
    if named and named in taken:
        raise UsageError(f"there is a note {named} already", remedy="Choose another id, or edit that note.")
    if not any(key in KINDS[wanted.kind].keys for key in words):
        lines = EXAMPLES[wanted.kind]
        node = DeckText(f"notes:\n{lines}".encode(), "").notes[0]
        name = named or numbered(node.id, taken.__contains__)
        return lines.replace(f"id: {node.id}", f"id: {name}", 1), name
    asked = next(words[key] for key in KINDS[wanted.kind].keys if key in words)
    name = named or slug_from(_first(asked), taken)
    own = {key: words.pop(key) for key in KINDS[wanted.kind].keys if key in words}
    return write_note({"id": name, **own, **words}), name


def _first(value: str | tuple[str, ...] | bool) -> str:
    """The text by which a note is named, with its clozes filled in."""
    text = value if isinstance(value, str) else str(value)
    if "{{c" not in text:
        return text
    from nlpcards.core.markup.cloze import filled_in

    return filled_in(text)
