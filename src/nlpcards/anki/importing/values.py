"""What the reading of Anki's notes gives: drafts of notes of ours with the cards that they were, and what was left."""

from __future__ import annotations

from dataclasses import dataclass

from nlpcards.anki.history.identities import AnkiCard
from nlpcards.anki.reading.values import StoredCard
from nlpcards.decks.importing.result import Draft, Kept


@dataclass(frozen=True, slots=True)
class TakenCard:
    """A card of Anki's and the key of the card of ours that it becomes."""

    identity: AnkiCard
    card: StoredCard
    key: str


@dataclass(frozen=True, slots=True)
class Found:
    """A note of ours to be, of one note of Anki's or, where it was ours before, of several.

    `label` names it to its owner; `lost` are clauses that say what of it could not be carried. `own_tags` are those
    that its owner gave it in Anki, where it was ours before. `id` is the full id that it had then.
    """

    draft: Draft
    label: str
    cards: tuple[TakenCard, ...]
    lost: tuple[str, ...] = ()
    own_tags: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of a note that was not carried over: what names the note to its owner, and why, as a clause."""

    note: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """All notes of a file in their order, what was left out, and the pictures that stood within texts.

    The line of a draft or of a `Kept` is its number here, from 1; `labels` gives for each the label of its note.
    """

    notes: tuple[Found, ...]
    left_out: tuple[LeftOut, ...]
    kept: tuple[Kept, ...]
    labels: dict[int, str]
    pictures: dict[str, bytes]
