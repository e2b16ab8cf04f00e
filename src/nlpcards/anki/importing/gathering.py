"""All notes of a file of Anki's, read as notes of ours."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from html import unescape
from sys import getsizeof
from typing import Any

from nlpcards.anki.importing.notes import Draftlike, drafts_of, is_occlusion, label_of
from nlpcards.anki.importing.own_notes import Stored, keys_of, own_notes
from nlpcards.anki.importing.templates import bare
from nlpcards.anki.importing.text import Converter
from nlpcards.anki.importing.values import Found, Gathered, LeftOut
from nlpcards.anki.names import ROOT
from nlpcards.anki.reading.collection import AnkiCollection
from nlpcards.anki.reading.limits import CARD_COST, LARGEST_IMPORT, NOTE_COST, TEXT_COST
from nlpcards.anki.reading.values import StoredCard
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.words import count
from nlpcards.decks.importing.result import Draft, Kept

_PICTURE = re.compile(r"<img\b[^<>]*?\bsrc\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s<>]+))", re.IGNORECASE)


Progress = Callable[[int, int], None]
"""Told how many notes are read, of how many."""


def gathered(found: AnkiCollection, progress: Progress | None = None) -> Gathered:
    """Read all notes of a file.

    Raises:
        NlpcardsError: the file is damaged, or has more notes than are read at once.
    """
    return _Gathering(found).all(progress)


def deck_title(name: str) -> str:
    """The title of a deck of ours by its name in Anki: the decks above it come before it, ours above all left out."""
    levels = [" ".join(level.split()) for level in name.split("::")]
    if len(levels) > 1 and levels[0].casefold() == ROOT:
        levels = levels[1:]
    return " › ".join(level for level in levels if level)[:200] or "Deck"


class _Gathering:
    def __init__(self, found: AnkiCollection) -> None:
        self._found = found
        self._converter = Converter()
        self._titles = {key: deck_title(deck.name) for key, deck in found.decks.items()}
        self._notes: list[Found] = []
        self._left_out: list[LeftOut] = []
        self._kept: list[Kept] = []
        self._labels: dict[int, str] = {}
        self._line = 0

    def all(self, progress: Progress | None) -> Gathered:
        """Everything that is in it."""
        cards: dict[int, list[StoredCard]] = defaultdict(list)
        held = 0.0
        for card in self._found.cards():
            held += CARD_COST
            if held > LARGEST_IMPORT:
                raise self._too_much()
            cards[card.note].append(card)
        own: list[tuple[Stored, Mapping[str, Any]]] = []
        number = 0
        guids: set[str] = set()
        for note in self._found.notes():
            number += 1
            if progress is not None:
                progress(number, max(number, len(cards)))
            held += NOTE_COST + TEXT_COST * sum(map(getsizeof, (note.guid, *note.tags, *note.fields)))
            if held > LARGEST_IMPORT:
                raise self._too_much()
            kind = self._found.note_types.get(note.note_type)
            if kind is None:
                self._left_out.append(LeftOut(f"note {note.id}", "its note type is not in the file"))
                continue
            stored = Stored(note, kind, tuple(cards.get(note.id, ())))
            if note.guid in guids:
                self._left_out.append(LeftOut(label_of(stored), "another note of the file has its GUID"))
                continue
            guids.add(note.guid)
            keys = keys_of(stored)
            if keys is not None and stored.cards:
                own.append((stored, keys))
            else:
                self._read(stored)
        ours, left = own_notes(own, self._titles, self._line + 1)
        for each in ours:
            self._labels[each.draft.line] = each.label
        self._notes += ours
        self._left_out += left
        return Gathered(
            tuple(self._notes), tuple(self._left_out), tuple(self._kept), self._labels, self._converter.pictures
        )

    def _too_much(self) -> NlpcardsError:
        return NlpcardsError(
            "it has more notes, cards and text than can be imported at once, which is some 80,000 cards",
            place=str(self._found.path),
            remedy="In Anki, export one deck at a time, and import each.",
        )

    def _read(self, stored: Stored) -> None:
        label = label_of(stored)
        deck = stored.cards[0].deck if stored.cards else 0
        if is_occlusion(stored):
            self._keep(stored, label, self._titles.get(deck, "Deck"))
            return
        self._converter.lost.clear()
        name = self._found.decks[deck].name if deck in self._found.decks else ""
        made = list(drafts_of(stored, name, self._converter))
        lost = tuple(self._converter.lost)
        for each in made:
            if isinstance(each, Draftlike):
                self._add(each, stored.note.guid, label, lost)
                lost = ()
            else:
                self._left_out.append(LeftOut(label, each))

    def _add(self, each: Draftlike, guid: str, label: str, lost: tuple[str, ...]) -> None:
        line = self._next(label)
        title = self._titles.get(each.deck, "Deck")
        draft = Draft(line, each.body, each.why, each.tags, deck=title, identity=guid)
        self._notes.append(Found(draft, label, each.cards, lost))

    def _keep(self, stored: Stored, label: str, title: str) -> None:
        """Keep the pictures of a note that hides parts of one."""
        pictures = [
            unescape(next(filter(None, groups), ""))
            for field in stored.note.fields
            for groups in _PICTURE.findall(field)
        ]
        words = (text[:80] for field in stored.note.fields if "image-occlusion:" not in (text := bare(field)))
        label = next(filter(None, words), "") or (pictures[0] if pictures else label)
        self._kept.append(Kept(self._next(label), title, tuple(dict.fromkeys(pictures))))
        reviews = sum(card.reps for card in stored.cards)
        reason = "it hides parts of a picture (image occlusion), which no note here can"
        if reviews:
            reason += f"; what was reviewed of it stays in the file ({count(reviews, 'review')})"
        self._left_out.append(LeftOut(label, reason))

    def _next(self, label: str) -> int:
        self._line += 1
        self._labels[self._line] = label
        return self._line
