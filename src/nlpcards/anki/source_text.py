"""A note's own text inside its Anki note, so that a package comes back text for text.

It is one line of JSON with the deck file's own keys, in ASCII and without any character that HTML, Anki's templates or
its clean-up of fields could touch: Anki normalises Unicode, reads `{{`, and keeps fields as HTML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii as _quoted
from operator import attrgetter
from typing import Any

from nlpcards.core.cards import Note
from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.writing import citation_text, source_keys

_TOUCHY = (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e"), ("\x7f", "\\u007f"), ("{{", "{\\u007b"))
_LISTS = ("tags", "concepts", "needs", "confusable", "media")
_lists = attrgetter(*_LISTS)
_BRACKET = re.compile(r'\[(?!["\]])')


def encode(note: Note) -> str:
    """The note's text."""
    keys: dict[str, Any] = {"deck": note.deck}
    if not note.id_is_hash:
        keys["id"] = note.id
    keys.update(note.body.written())
    if note.why:
        keys["why"] = note.why
    if note.cite:
        keys["cite"] = [citation_text(each) for each in note.cite]
        keys["sources"] = {each.source.key: source_keys(each.source) for each in note.cite}
    if note.topic:
        keys["topic"] = note.topic
    if any(lists := _lists(note)):
        keys.update((name, list(values)) for name, values in zip(_LISTS, lists, strict=True) if values)
    if note.was or note.was_cards:
        keys["was"] = _former(note)
    if note.as_of is not None:
        keys["as_of"] = note.as_of.isoformat()
    if note.expires is not None:
        keys["expires"] = note.expires.isoformat()
    return _inert(keys)


def decode(field: str) -> Mapping[str, Any]:
    """The keys of a note from its `SourceText` field.

    Raises:
        NlpcardsError: the field holds something else.
    """
    try:
        keys = json.loads(field)
    except ValueError:
        keys = None
    if not isinstance(keys, dict):
        raise NlpcardsError(
            "the SourceText field of an Anki note is not what nlpcards wrote into it",
            remedy="It was edited in Anki; export the deck again and import it there.",
        )
    return keys


def _former(note: Note) -> list[str] | dict[str, Any]:
    """What the note was called: a list or, where single cards were called otherwise, a mapping of present to former.

    The note's own entry there is one id, or a list of them, for which a deck file has no form.
    """
    if not note.was_cards:
        return list(note.was)
    own = {note.id: note.was[0] if len(note.was) == 1 else list(note.was)} if note.was else {}
    return {**own, **dict(note.was_cards)}


def _inert(keys: Mapping[str, Any]) -> str:
    """JSON in which no string holds what Anki acts on, whatever it says.

    Outside strings no bracket is followed by anything but a quote and no brace by another opening one, so that what is
    replaced here always stands inside a string, where an escape says the same.
    """
    text = _written(keys)
    for touchy, escape in _TOUCHY:
        if touchy in text:  # most hold none, and to look takes half the time of replacing nothing
            text = text.replace(touchy, escape)
    return _BRACKET.sub(r"\\u005b", text) if "[" in text else text


def _written(value: Any) -> str:
    """What `json.dumps` writes, which takes twice the time for values as small as these."""
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is dict:
        pairs = [
            f"{_quoted(key)}: {_quoted(each) if type(each) is str else _written(each)}" for key, each in value.items()
        ]
        return f"{{{', '.join(pairs)}}}"
    if kind is list or kind is tuple:
        return f"[{', '.join([_written(each) for each in value])}]"
    return json.dumps(value)
