"""What a note says under `was`, to be added to as it is renamed, and written down again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nlpcards.decks.deck_text import DeckText, Edit, NoteText
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar

_FLOW_WIDTH = 90


@dataclass(frozen=True, slots=True)
class Was:
    """What stands under `was`, as written: former ids of the note, and for keys of its cards what these were called."""

    notes: tuple[str, ...] = ()
    cards: Mapping[str, tuple[str, ...]] | None = None

    @property
    def by_card(self) -> Mapping[str, tuple[str, ...]]:
        """What the cards were called, by their keys."""
        return self.cards or {}

    def moved(self, deck: str, note: str, *, to: str, deck_was: Sequence[str] = ()) -> Was:
        """What to write once `deck/note` is `to`, another id of a note.

        `deck_was` are the former ids of a deck that it leaves, under each of which it may have had each of its ids:
        in another deck nothing else tells of them.
        """
        new_deck, new = to.split("/")
        decks = (*deck_was, deck) if deck != new_deck else (deck,)
        notes = _everywhere((*self.notes, note), decks, new_deck)
        cards = {}
        for key, formers in self.by_card.items():
            # A key alone is one of the note's own, under the id that it had then.
            full = [former if "#" in former else f"{note}#{former}" for former in formers]
            cards[key] = tuple(_everywhere(full, decks, new_deck))
        return Was(tuple(former for former in notes if former not in (new, to)), cards)

    def without(self, note: str, keys: Sequence[str]) -> Was:
        """What to write once `note` (`deck/note`) is the note's present id, and these are the keys of its cards."""
        present = frozenset((note, *(f"{note}#{key}" for key in keys)))
        cards = {
            key: left
            for key, formers in self.by_card.items()
            if (left := tuple(former for former in formers if former not in present))
        }
        return Was(tuple(former for former in self.notes if former != note), cards if self.cards is not None else None)

    def with_cards(self, renamed: Mapping[str, str], present: frozenset[str]) -> Was:
        """What to write once cards have other keys: their former key by the new one; `present` are the keys it has."""
        before, cards = self.by_card, dict(self.by_card)
        for new, old in renamed.items():
            cards.pop(old, None)
            cards[new] = (*before.get(old, ()), old)
        kept = {
            key: tuple(dict.fromkeys(former for former in formers if former not in present))
            for key, formers in cards.items()
        }
        return replace(self, cards={key: formers for key, formers in kept.items() if formers})


def was_of(note: NoteText) -> Was:
    """What a note says under `was`."""
    node = note.get("was")
    if not isinstance(node, MapNode):
        return Was(tuple(_texts(node)))
    notes: list[str] = []
    cards: dict[str, tuple[str, ...]] = {}
    for key, value in node.entries:
        if key.value == note.id:
            notes += _texts(value)
        else:
            cards[key.value] = tuple(_texts(value))
    return Was(tuple(notes), cards)


def edits_for(text: DeckText, note: NoteText, was: Was, name: str) -> list[Edit]:
    """The edits by which a note, called `name` from now on, says `was`; comments inside of it go above it."""
    entry = next(((key, value) for key, value in note.node.entries if key.value == "was"), None)
    value = _written(was, name)
    if entry is None:
        long = len(value) > _FLOW_WIDTH and not note.node.flow
        return [text.with_key(note, "was", _in_lines(was, name, note) if long else value)] if value else []
    key, node = entry
    end = text.content_end(node)
    if not value:
        if note.node.flow or note.node.entries[0][0] is key:
            return [Edit(node.start, end, "[]")]
        return [Edit(text.line_start(key.start), text.line_end(end) + 1, "")]
    in_lines = isinstance(node, ListNode | MapNode) and not node.flow
    if not note.node.flow and (len(value) > _FLOW_WIDTH or in_lines):
        value = _in_lines(was, name, note)
    edit = Edit(key.end, end, f":{value}" if value.startswith("\n") else f": {value}")
    # Ids have no `#` after a space.
    comments = re.findall(r"(?<=\s)#[^\n]*", text.text[key.end : end])
    lifted = "".join(f"{comment}\n{'':{note.column}}" for comment in comments)
    return [Edit(key.start, key.start, lifted), edit] if lifted else [edit]


def _everywhere(formers: Sequence[str], decks: Sequence[str], now: str) -> dict[str, None]:
    """Former ids that stood in a file of the last of `decks`, in each of these, as written in a file of `now`."""
    found: dict[str, None] = {}
    for former in formers:
        deck, slash, name = former.rpartition("/")
        for each in decks if not slash or deck == decks[-1] else (deck,):
            found[f"{each}/{name}".removeprefix(f"{now}/")] = None
    return found


def _texts(node: Node | None) -> list[str]:
    match node:
        case Scalar(value=value) if value:
            return [value]
        case ListNode(items=items):
            return [item.value for item in items if isinstance(item, Scalar)]
        case _:
            return []


def _written(was: Was, name: str) -> str:
    """In brackets, empty where nothing is to be said."""
    if not was.by_card:
        return f"[{', '.join(was.notes)}]" if was.notes else ""
    pairs = ({name: was.notes} if was.notes else {}) | dict(was.by_card)
    return f"{{{', '.join(f'{key}: {_one(formers)}' for key, formers in pairs.items())}}}"


def _one(formers: tuple[str, ...]) -> str:
    return formers[0] if len(formers) == 1 else f"[{', '.join(formers)}]"


def _in_lines(was: Was, name: str, note: NoteText) -> str:
    indent = " " * (note.column + 2)
    if not was.by_card:
        return "".join(f"\n{indent}- {former}" for former in was.notes)
    pairs = ({name: was.notes} if was.notes else {}) | dict(was.by_card)
    return "".join(f"\n{indent}{key}: {_one(formers)}" for key, formers in pairs.items())
