"""Ids for what has none: notes, and the listed steps of a procedure; what was learned under their hashes stays."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from nlpcards.core.cards import Deck, Note, digest
from nlpcards.core.kinds import KINDS, Entries, Fields, Shape
from nlpcards.core.markup.cloze import filled_in
from nlpcards.decks.formatting_layout import Entry, Group, Text
from nlpcards.decks.keys import numbered

LONGEST_NAME = 40
"""How many characters an id written here has at most."""

_COMMAND = re.compile(r"\\[A-Za-z]+")
_SAY_NOTHING = frozenset("a an the and or but of in on at to for from by with as into is are it its that this".split())
"""Words after which a name would seem cut off."""

_WORD = re.compile(r"[a-z0-9]+")


def name_notes(notes: Group, deck: Deck) -> None:
    """Give an id to each note without one, and put the hash that it had under its `was`.

    The hash is always put there, since the file does not know of any history. A note stays without an id where its
    `was` names single cards, which can then have no other former id; so does one whose hash another note claims.
    """
    taken = {note.id for note in deck.notes}
    taken |= {former.removeprefix(f"{deck.id}/") for note in deck.notes for former in note.was}
    claimed = {former for note in deck.notes for former in note.was}
    renamed: dict[str, str] = {}
    for entry, note in zip(notes.entries, deck.notes, strict=True):
        group = entry.value
        assert isinstance(group, Group), "a note without errors is a mapping"
        former = _name_lists(group, note)
        if note.id_is_hash and note.full_id not in claimed and not note.was_cards:
            name = slug_from(_asked(note), taken)
            taken.add(name)
            group.entries.insert(0, Entry("id", Text(name)))
            renamed[note.id] = name
            if former:
                former = {name: note.id, **{new: f"{note.id}#{old}" for new, old in former.items()}}
            else:
                _add_former(group, note.id)
        if former:
            group.entries.append(Entry("was", Group([Entry(new, Text(old)) for new, old in former.items()], False)))
    if renamed:
        for entry in notes.entries:
            _follow(entry, deck.id, renamed)


def slug_from(text: str, taken: Container[str], most: int | None = None) -> str:
    """A slug of a text's first words, of `most` of them at most, that is not `taken`; `note`, with a number, where it
    has no Latin letter.

    Where it is not all of the text it ends with a word that says something.
    """
    words = _words(text) or ["note"]
    if most is not None:
        # Counted as they stand in the text, where `$O(n^2)$` is one.
        chosen = _words(" ".join(text.split()[:most])) or ["note"]
    else:
        chosen = words
    length = 0
    for number, word in enumerate(chosen):
        length += len(word) + bool(number)
        if number and length > LONGEST_NAME - 5:
            chosen = chosen[:number]
            break
    while len(words) > len(chosen) > 1 and chosen[-1] in _SAY_NOTHING:
        chosen = chosen[:-1]
    name = "-".join([chosen[0][: LONGEST_NAME - 5], *chosen[1:]])
    return numbered(name, taken.__contains__)


def _words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _WORD.findall(_COMMAND.sub(" ", letters).replace("'", ""))


def _asked(note: Note) -> str:
    """What a note asks, with its clozes filled in."""
    text = note.body.identity
    return filled_in(text) if note.body.kind == "cloze" else text


def _add_former(group: Group, former: str) -> None:
    """Put a former id under `was`, beside those that are there."""
    was = group.get("was")
    if was is None:
        group.entries.append(Entry("was", Group([Entry("", Text(former))], True)))
        return
    if isinstance(was.value, Text):
        was.value = Group([Entry("", was.value)], True)
    was.value.entries.append(Entry("", Text(former)))


def _follow(note: Entry, deck: str, renamed: dict[str, str]) -> None:
    """Let what a note says of others name them by the ids that they have now."""
    for key in note.entries:
        if key.key not in ("needs", "confusable"):
            continue
        for item in key.entries or (key,):
            if isinstance(item.value, Text) and (name := renamed.get(item.value.value.removeprefix(f"{deck}/"))):
                item.value = Text(name)


def _name_lists(group: Group, note: Note) -> dict[str, str]:
    """Make mappings of the plain lists whose items want ids; gives the former key of each card by its key now."""
    if group.get("was") is not None:
        # A list of former ids has no room for the cards' former keys.
        return {}
    renamed: dict[str, str] = {}
    for key, shape in KINDS[note.body.kind].keys.items():
        entry = group.get(key)
        if entry is not None:
            renamed |= _name_list(entry, shape)
    former = {}
    for key in note.body.card_keys():
        parts = key.split(".")
        now = ".".join(renamed.get(part, part) for part in parts)
        if now != key:
            former[now] = key
    return former


def _name_list(entry: Entry, shape: Shape) -> dict[str, str]:
    """Give slugs to the items of the lists under a key; gives the slug by the hash that stood for it."""
    group = entry.value
    if not isinstance(group, Group):
        return {}
    renamed: dict[str, str] = {}
    if isinstance(shape, Fields):
        for inner in group.entries:
            within = shape.keys.get(inner.key, shape.others)
            if within is not None:
                renamed |= _name_list(inner, within)
    elif isinstance(shape, Entries) and shape.listed and group.is_list:
        for item in group.entries:
            assert isinstance(item.value, Text)
            text = item.value.value.rstrip()
            item.key = slug_from(text, set(renamed.values()), most=3)
            renamed[f"h-{digest(text)}"] = item.key
        group.is_list = group.flow = False
    return renamed
