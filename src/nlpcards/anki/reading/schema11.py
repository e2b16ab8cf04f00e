"""Settings of a legacy collection: note types, decks and presets as JSON in the one row of `col`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nlpcards.anki.reading.database import Database
from nlpcards.anki.reading.json_text import loaded
from nlpcards.anki.reading.limits import MOST_NUMBERS, MOST_SETTINGS
from nlpcards.anki.reading.values import AnkiDeck, NoteType, Preset, Stock, Template

Json = Mapping[str, Any]


def note_types(models: str) -> dict[int, NoteType]:
    """The note types by id.

    Raises:
        ValueError, TypeError, KeyError, AttributeError, RecursionError: the JSON is not what Anki writes.
    """
    found = {}
    for key, model in loaded(models).items():
        fields = sorted(model["flds"], key=lambda each: int(each.get("ord", 0)))
        templates = sorted(model["tmpls"], key=lambda each: int(each.get("ord", 0)))
        found[int(key)] = NoteType(
            int(key),
            str(model["name"]),
            tuple(str(each["name"]) for each in fields),
            tuple(
                Template(str(each["name"]), str(each["qfmt"]), str(each["afmt"]), int(each.get("id") or 0))
                for each in templates
            ),
            str(model.get("css", "")),
            is_cloze=int(model.get("type", 0)) == 1,
            stock=Stock.IMAGE_OCCLUSION
            if model.get("originalStockKind") == Stock.IMAGE_OCCLUSION.value
            else Stock.OTHER,
            changed_s=int(model.get("mod", 0)),
            field_ids=tuple(int(each.get("id") or 0) for each in fields),
        )
    return found


def decks(listed: str, presets: str) -> dict[int, AnkiDeck]:
    """The decks by id.

    Raises:
        ValueError, TypeError, KeyError, AttributeError, RecursionError: the JSON is not what Anki writes.
    """
    of_id = {int(key): _preset(each) for key, each in loaded(presets or "{}").items()}
    found = {}
    named = loaded(listed)
    if len(named) > MOST_SETTINGS:
        raise ValueError(f"more than {MOST_SETTINGS:,} decks")
    for key, deck in named.items():
        own = deck.get("desiredRetention")
        found[int(key)] = AnkiDeck(
            int(key),
            str(deck["name"]),
            None if deck.get("dyn") else of_id.get(int(deck.get("conf", 1))),
            None if own is None else float(own) / 100,
        )
    return found


def _preset(options: Json) -> Preset:
    parameters: tuple[float, ...] = ()
    for name in ("fsrsParams6", "fsrsParams5", "fsrsWeights"):
        if options.get(name):
            parameters = tuple(float(each) for each in _few(options[name]))
            break
    retention = options.get("desiredRetention")
    return Preset(
        _seconds(options.get("new", {})),
        _seconds(options.get("lapse", {})),
        parameters,
        None if retention is None else float(retention),
    )


def _seconds(options: Json) -> tuple[int, ...]:
    return tuple(round(60 * float(each)) for each in _few(options.get("delays", ())))


def _few(numbers: Sequence[Any]) -> Sequence[Any]:
    if len(numbers) > MOST_NUMBERS:
        raise ValueError(f"a list of {len(numbers):,} numbers")
    return numbers


def settings(configuration: str) -> Json:
    """The collection's own settings.

    Raises:
        ValueError, RecursionError: they are no JSON mapping.
    """
    found = loaded(configuration or "{}")
    if not isinstance(found, dict):
        raise ValueError("the settings are no mapping")
    return found


def column(database: Database, name: str) -> str:
    """One of the JSON texts of `col`."""
    for (value,) in database.rows("col", name):
        return value if isinstance(value, str) else ""
    raise database.damaged("its collection describes nothing")
