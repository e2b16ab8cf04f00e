"""Another key for a card: where the slugs and numbers stand of which the keys of a note's cards are made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlpcards.core.cards import Note
from nlpcards.core.errors import UsageError
from nlpcards.decks.deck_text import DeckText, Edit, NoteText
from nlpcards.decks.keys import SLUG
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar


def key_edits(text: DeckText, found: NoteText, note: Note, old: str, new: str) -> tuple[list[Edit], dict[str, str]]:
    """The edits that give a card another key, and the former key of each card by its new one: the slug of a row or a
    column of a contrast is in the keys of several.

    Raises:
        UsageError: the key of such a card is given by its kind, or the new one is none for it or is taken.
    """
    keys = note.body.card_keys()
    if new in keys:
        raise UsageError(f"the note {note.full_id} has a card {new} already", remedy="Choose another key.")
    match note.body.kind:
        case "cloze":
            return _cloze(text, found, old, new)
        case "steps":
            part, now = old.removeprefix("step."), new.removeprefix("step.")
            _check(new, now, f"step.{now}")
            mapping = _value(found, "steps", "of")
            if isinstance(mapping, ListNode):
                raise UsageError(
                    f"the steps of {note.full_id} have no ids yet",
                    place=str(note.place),
                    remedy="`nlpcards fmt` writes them, and keeps the history; then rename them.",
                )
            return _key_of(mapping, part, now), {new: old}
        case "contrast":
            return _contrast(found, note, old, new)
        case kind:
            raise UsageError(
                f"the key {old} is given by the note's kind, {kind}",
                place=str(note.place),
                remedy="Cards of clozes, steps and contrasts can be renamed; for this one rename the note.",
            )


def _cloze(text: DeckText, found: NoteText, old: str, new: str) -> tuple[list[Edit], dict[str, str]]:
    number = new.removeprefix("c")
    if not re.fullmatch(r"[1-9]\d{0,2}", number) or int(number) > 500 or new != f"c{number}":
        raise UsageError(f"{new} is not the key of a cloze", remedy="Write `c` and a number from 1 to 500, as in `c3`.")
    node = found.get("cloze")
    assert isinstance(node, Scalar)
    places = re.finditer(rf"(?<=\{{\{{){old}(?=::)", text.text[node.start : node.end])
    return [Edit(node.start + each.start(), node.start + each.end(), new) for each in places], {new: old}


def _contrast(found: NoteText, note: Note, old: str, new: str) -> tuple[list[Edit], dict[str, str]]:
    _, row, column = old.split(".")
    parts = new.split(".")
    if len(parts) != 3 or parts[0] != "cell":
        raise UsageError(f"{new} is not the key of a cell", remedy=f"It is written cell.row.column, as in {old}.")
    _, new_row, new_column = parts
    _check(new, new_row, new)
    _check(new, new_column, new)
    if (new_row != row) == (new_column != column):
        raise UsageError(
            f"{old} and {new} differ in row and column", remedy="Rename the row first, and then the column."
        )
    of, by = _value(found, "contrast", "of"), _value(found, "contrast", "by")
    rows = [each for _, each in by.entries] if isinstance(by, MapNode) else []
    taken = (
        {key.value for key, _ in (by if new_row != row else of).entries}
        if isinstance(by, MapNode) and isinstance(of, MapNode)
        else set()
    )
    if (new_row if new_row != row else new_column) in taken or new_column == "ask":
        raise UsageError(f"{new} names a row or a column that the contrast has already", remedy="Choose another key.")
    renamed: dict[str, str] = {}
    for key in note.body.card_keys():
        _, its_row, its_column = key.split(".")
        now = f"cell.{new_row if its_row == row else its_row}.{new_column if its_column == column else its_column}"
        if now != key:
            renamed[now] = key
    if new_row != row:
        return _key_of(by, row, new_row), renamed
    return [edit for node in (of, *rows) for edit in _key_of(node, column, new_column)], renamed


def _check(key: str, slug: str, written: str) -> None:
    if key != written or not SLUG.fullmatch(slug):
        raise UsageError(
            f"{key} is not the key of such a card",
            remedy="Keep what stands before the dot; what follows is lower-case letters, digits and hyphens.",
        )


def _value(found: NoteText, *path: str) -> Node | None:
    node: Node | None = found.node
    for step in path:
        entries = node.entries if isinstance(node, MapNode) else []
        node = next((value for key, value in entries if key.value == step), None)
    return node


def _key_of(node: Node | None, old: str, new: str) -> list[Edit]:
    """The edit of a key of a mapping."""
    return [Edit(key.start, key.end, new) for key in _keys(node) if key.value == old]


def _keys(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, MapNode):
        yield from (key for key, _ in node.entries)
