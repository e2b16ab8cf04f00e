"""The formatter: one way to write a deck down, with the author's words, comments and blank lines in it.

What a file means is read before and after, and a text that would mean something else is never given out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from operator import attrgetter
from pathlib import Path

from nlpcards.core.cards import Deck, Note
from nlpcards.core.errors import DeckErrors, NlpcardsError
from nlpcards.core.kinds import KINDS, Entries, Fields, Shape
from nlpcards.decks.collector import without_collector
from nlpcards.decks.files import clean_text
from nlpcards.decks.formatting_ids import name_notes
from nlpcards.decks.formatting_layout import Entry, Group, Text, comments_of, lay_out
from nlpcards.decks.formatting_text import text_of
from nlpcards.decks.keys import DECK_KEYS, SOURCE_KEYS
from nlpcards.decks.reader import DeckFile, read_whole

BEFORE_KIND = ("id", "concepts")
"""The keys of every note that come before those of its kind."""

AFTER_KIND = ("why", "cite", "tags", "topic", "needs", "confusable", "as_of", "expires", "was", "media")
"""The keys of every note that come after those of its kind."""


def format_text(text: str, path: str = "deck.yaml", folder: Path | None = None) -> str:
    """The text of a deck file, formatted.

    Notes without an id get one, with the hash that they had under `was`. Keys come in the canonical order, two spaces a
    level; long lines of plain and quoted texts are folded; what needs a `|-` block gets one. Comments stay with the key
    below them or beside them, and one blank line where there were some. Doing it again changes nothing. `folder` is
    where its media are looked for, which are not looked at without one.

    Raises:
        DeckErrors: the file has an error, so it is not certain what it means.
        NlpcardsError: the formatted text would mean something else, which is a mistake of the program.
    """
    with without_collector():
        return _formatted(text, path, folder)


def _formatted(text: str, path: str, folder: Path | None) -> str:
    before, node = read_whole(text, path, folder)
    if node is None or before.deck is None:
        raise _mistake(before)
    source = clean_text(text, path)
    layout = lay_out(source, node)
    notes = layout.root.get("notes")
    if notes is not None and notes.entries:
        assert isinstance(notes.value, Group)
        if layout.root.get("extends") is None:
            # An id made up here might be one of the deck that is extended, whose note it would then replace.
            name_notes(notes.value, before.deck)
        for entry, note in zip(notes.entries, before.deck.notes, strict=True):
            _order_note(entry, note)
    _order_head(layout.root)
    formatted = text_of(layout)
    # A text that stayed as it was means what it meant.
    if formatted != text:
        _check(before, formatted, sorted(comments_of(source, node)), path)
    return formatted


def _mistake(file: DeckFile) -> DeckErrors:
    """The first error of a file, as what keeps it from being formatted."""
    error = next((problem for problem in file.problems if problem.is_error), None)
    if error is None:
        return DeckErrors("the file names no deck", place=file.path, remedy="The file is as it was.")
    place = f"{file.path}:{error.line}:{error.column}"
    return DeckErrors(error.message, place=place, remedy=f"{error.hint} The file is as it was.")


def _check(before: DeckFile, formatted: str, comments: list[str], path: str) -> None:
    """Refuse a text that does not mean what the file means, or has not all its comments."""
    after, node = read_whole(formatted, path)
    assert before.deck is not None
    changes = (before.extends, before.dropped) != (after.extends, after.dropped)
    if after.deck is not None and node is not None and not changes and _same(before.deck, after.deck):
        if sorted(comments_of(clean_text(formatted, path), node)) == comments:
            return
    raise NlpcardsError(
        "the formatted deck would not mean what this one means",
        place=path,
        remedy="The file is as it was; please report this with the file.",
    )


_SAID = attrgetter(*(field.name for field in fields(Note) if field.name != "place"))
"""All that a note says, which is what it is but for its place."""


def _same(before: Deck, after: Deck) -> bool:
    """Whether two readings of a deck say the same, but for ids that were written and for places."""
    if replace(before, notes=()) != replace(after, notes=()) or len(before.notes) != len(after.notes):
        return False
    pairs = list(zip(before.notes, after.notes, strict=True))
    names = {old.full_id: new.full_id for old, new in pairs if old.id != new.id}
    return all(
        _SAID(old if not names and old.body == new.body else _expected(old, new, names)) == _SAID(new)
        for old, new in pairs
    )


def _expected(old: Note, new: Note, names: Mapping[str, str]) -> Note:
    """What a note must read as once it is formatted."""
    old = replace(
        old,
        needs=tuple(names.get(full, full) for full in old.needs),
        confusable=tuple(names.get(full, full) for full in old.confusable),
    )
    was, was_cards, body = old.was, old.was_cards, old.body
    if old.id != new.id and old.id_is_hash:
        was = (*was, old.full_id)
    keys = dict(zip(new.body.card_keys(), old.body.card_keys(), strict=False))
    if any(now != key for now, key in keys.items()):
        # Steps that had no slugs: the same texts under other keys, each with the key it had.
        was_cards = tuple((now, f"{old.full_id}#{key}") for now, key in keys.items() if now != key)
        if all(old.body.content(key) == new.body.content(now) for now, key in keys.items()):
            body = new.body
    return replace(
        old, id=new.id, id_is_hash=old.id_is_hash and old.id == new.id, was=was, was_cards=was_cards, body=body
    )


def _order_head(root: Group) -> None:
    first = root.entries[0]
    blank, first.blank = first.blank, False
    _order(root, DECK_KEYS)
    # The blank line between the comments at the top and the first key stays there, whichever key that is.
    root.entries[0].blank = blank
    sources = root.get("sources")
    for source in sources.entries if sources else ():
        if isinstance(source.value, Group):
            _order(source.value, SOURCE_KEYS)


def _order_note(entry: Entry, note: Note) -> None:
    assert isinstance(entry.value, Group)
    shapes = KINDS[note.body.kind].keys
    _order(entry.value, (*BEFORE_KIND, *shapes, *AFTER_KIND))
    for key in entry.value.entries:
        if key.key in shapes:
            _order_shape(key.value, shapes[key.key])


def _order_shape(value: Text | Group, shape: Shape) -> None:
    """Order the keys that a kind names; those that the author names keep their order."""
    if not isinstance(value, Group) or value.is_list:
        return
    if isinstance(shape, Fields):
        _order(value, tuple(shape.keys))
        for entry in value.entries:
            within = shape.keys.get(entry.key, shape.others)
            if within is not None:
                _order_shape(entry.value, within)
    elif isinstance(shape, Entries):
        for entry in value.entries:
            _order_shape(entry.value, shape.of)


def _order(group: Group, names: tuple[str, ...]) -> None:
    places = {name: place for place, name in enumerate(names)}
    group.entries.sort(key=lambda entry: places.get(entry.key, len(places)))
