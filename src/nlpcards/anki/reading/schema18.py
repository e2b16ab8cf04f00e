"""Settings of a modern collection: note types, decks and presets in tables, each with a protocol-buffer message."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from nlpcards.anki.reading import wire
from nlpcards.anki.reading.database import Database
from nlpcards.anki.reading.json_text import loaded
from nlpcards.anki.reading.values import AnkiDeck, NoteType, Preset, Stock, Template

_USED = frozenset({"creationOffset", "fsrs", "rollover"})
"""The settings that mean something here; a collection may have any number, and of any size."""


def note_types(database: Database) -> dict[int, NoteType]:
    """The note types by id; rows of fields and templates that belong to none are passed over.

    Raises:
        BadMessage, ValueError, TypeError: a message is not what Anki writes.
    """
    fields: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for owner, name, config in database.described("fields", "ntid, name, config", "ntid, ord"):
        fields[_number(owner)].append((str(name), wire.whole(_message(config), 9) or 0))
    templates: dict[int, list[Template]] = defaultdict(list)
    for owner, name, config in database.described("templates", "ntid, name, config", "ntid, ord"):
        message = _message(config)
        sides = wire.text(message, 1), wire.text(message, 2)
        templates[_number(owner)].append(Template(str(name), *sides, wire.whole(message, 8) or 0))
    found = {}
    for key, name, config, changed in database.described("notetypes", "id, name, config, mtime_secs"):
        message, number = _message(config), _number(key)
        is_occlusion = wire.whole(message, 9) == Stock.IMAGE_OCCLUSION.value
        found[number] = NoteType(
            number,
            str(name),
            tuple(name for name, _ in fields[number]),
            tuple(templates[number]),
            wire.text(message, 3),
            is_cloze=wire.whole(message, 1) == 1,
            stock=Stock.IMAGE_OCCLUSION if is_occlusion else Stock.OTHER,
            changed_s=_number(changed),
            field_ids=tuple(each for _, each in fields[number]),
        )
    return found


def decks(database: Database) -> dict[int, AnkiDeck]:
    """The decks by id.

    Raises:
        BadMessage, ValueError, TypeError: a message is not what Anki writes.
    """
    presets = {
        _number(key): _preset(_message(config)) for key, config in database.described("deck_config", "id, config")
    }
    found = {}
    for key, name, kind in database.described("decks", "id, name, kind"):
        message = _message(kind)
        normal = wire.inner(message, 1)
        own = None if normal is None else wire.single(normal, 10)
        found[_number(key)] = AnkiDeck(
            _number(key),
            str(name).replace("\x1f", "::"),
            None if normal is None else presets.get(wire.whole(normal, 1) or 0),
            own,
        )
    return found


def _preset(message: bytes) -> Preset:
    parameters = next((found for number in (6, 5, 3) if (found := wire.singles(message, number))), ())
    return Preset(
        tuple(round(60 * minutes) for minutes in wire.singles(message, 1)),
        tuple(round(60 * minutes) for minutes in wire.singles(message, 2)),
        parameters,
        wire.single(message, 37),
    )


def settings(database: Database) -> dict[str, Any]:
    """The collection's own settings that mean something here; one that is no JSON is passed over, as Anki does."""
    found: dict[str, Any] = {}
    for key, value in database.described("config", "KEY, val"):
        if str(key) not in _USED:
            continue
        try:
            found[str(key)] = loaded(value if isinstance(value, bytes | str) else b"")
        except (ValueError, RecursionError):
            continue
    return found


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no number")
    return value


def _message(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("a message is no bytes")
    return value
