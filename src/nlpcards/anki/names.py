"""What things are called in Anki: GUIDs, deck names and ids, tags.

Anki gives some characters a meaning in names and shows names unescaped on cards, so what an author wrote is fitted to
its rules here rather than left to be mended silently there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from nlpcards.anki.note_types import NoteType
from nlpcards.core.markup.safe import visible

ROOT = "nlpcards"
"""The deck that all decks go under, and the tag that all tags of ours go under."""

_LONGEST_NAME = 120
_MARKUP = str.maketrans({"<": "‹", ">": "›", '"': "'", "{": "(", "}": ")"})


def guid(note_type: NoteType, root_id: str) -> str:
    """The GUID by which Anki knows a note again: a hash of its note type and the first id it ever had.

    The text of the note has no part in it, so that mending a typo updates the note instead of adding another.
    """
    hashed = _begun(note_type.key).copy()
    hashed.update(root_id.encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()


@lru_cache(maxsize=64)
def _begun(key: str) -> blake2b:
    """What all GUIDs of a note type begin with, hashed: a copy takes two thirds of the time of a new one."""
    return blake2b(f"{len(key)}:{key}".encode(), digest_size=10, person=b"nlpcards")


def component(text: str, fallback: str) -> str:
    """One level of a deck name: a text without what Anki reads as a level's end, as markup or as nothing."""
    shown = unicodedata.normalize("NFC", visible(text)).translate(_MARKUP)
    name = " ".join(re.sub(r":{2,}", ":", shown).strip(" :").split())[:_LONGEST_NAME].strip(" :")
    return name or fallback


def deck_name(title: str, deck_id: str, taken: Iterable[str] = ()) -> str:
    """The deck's full name in Anki, `nlpcards::Title`; the deck's id tells apart two decks of one title.

    Anki matches decks by name and without regard to case; `taken` are the names already given.
    """
    own = component(deck_id, "deck")
    name = f"{ROOT}::{component(title, own)}"
    given = {each.casefold() for each in taken}
    while name.casefold() in given:
        name += f" ({own})"
    return name


def deck_number(name: str) -> int:
    """The deck's id in a package: a hash of its name; 48 bits, since JavaScript reads it, and never Anki's default."""
    return int.from_bytes(blake2b(name.encode(), digest_size=6, person=b"nlpcards").digest(), "big") | 1 << 32


@lru_cache(maxsize=4096)
def tag(text: str) -> str:
    """A tag as Anki takes it: no spaces, no quotes, no empty level; empty where nothing is left."""
    shown = unicodedata.normalize("NFC", visible(text)).translate(_MARKUP).replace("'", "")
    levels = ("_".join(level.split()) for level in shown.split("::"))
    return "::".join(level for level in levels if level)


def tags(own: Iterable[str], topic: str) -> tuple[str, ...]:
    """A note's tags and its topic's, each once."""
    wanted = [*own, f"{ROOT}::topic::{topic}"] if tag(topic) else list(own)
    named = {name.casefold(): name for name in map(tag, wanted) if name}
    return tuple(sorted(named.values()))
