"""A deck as the text of a deck file that says all of it."""

from __future__ import annotations

from collections.abc import Sequence

from nlpcards.core.cards import Deck, Note
from nlpcards.decks.writing import citation_text, source_keys, write_deck


def written(deck: Deck) -> str:
    """The text of a deck file, which is read as the same deck."""
    return write_deck(deck_keys(deck), [note_keys(note, deck.topic) for note in deck.notes])


def deck_keys(deck: Deck, *, extends: bool = False, drop: Sequence[str] = ()) -> dict[str, object]:
    """What a deck says before its notes, in the order of the deck file.

    With `extends` it is a file that corrects the deck of this id; `drop` are the ids of that deck's notes to leave out.
    """
    keys: dict[str, object] = {"extends" if extends else "deck": deck.id}
    if deck.title or not extends:
        keys["title"] = deck.title
    if deck.topic:
        keys["topic"] = deck.topic
    if deck.was:
        keys["was"] = deck.was
    if drop:
        keys["drop"] = tuple(drop)
    if deck.sources:
        keys["sources"] = {key: source_keys(source) for key, source in deck.sources.items()}
    return keys


def note_keys(note: Note, topic: str = "") -> dict[str, object]:
    """All keys of a note with their values, in the order of the deck file; `topic` is the deck's own.

    An id that is a hash is none. Notes of the same deck are named without it.
    """
    keys: dict[str, object] = {} if note.id_is_hash else {"id": note.id}
    if note.concepts:
        keys["concepts"] = note.concepts
    keys.update(note.body.written())
    if note.why:
        keys["why"] = note.why
    if note.cite:
        keys["cite"] = "; ".join(map(citation_text, note.cite))
    if note.tags:
        keys["tags"] = note.tags
    if note.topic != topic:
        keys["topic"] = note.topic
    for name, ids in (("needs", note.needs), ("confusable", note.confusable)):
        if ids:
            keys[name] = tuple(full.removeprefix(f"{note.deck}/") for full in ids)
    for name, on in (("as_of", note.as_of), ("expires", note.expires)):
        if on is not None:
            keys[name] = on
    if note.was or note.was_cards:
        keys["was"] = _former(note)
    if note.media:
        keys["media"] = note.media
    return keys


def _former(note: Note) -> object:
    former = tuple(full.removeprefix(f"{note.deck}/") for full in note.was)
    if not note.was_cards:
        return former
    pairs = {note.id: list(former)} if former else {}
    for key, card in note.was_cards:
        pairs.setdefault(key, []).append(card.removeprefix(f"{note.deck}/"))
    return {key: olds[0] if len(olds) == 1 else tuple(olds) for key, olds in pairs.items()}
