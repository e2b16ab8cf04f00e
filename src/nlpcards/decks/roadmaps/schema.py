"""The JSON Schema of a roadmap file, made from the table that the reader reads by.

What it cannot say (that ids are unique, that what is named exists, that needs form no circle) `nlpcards check` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from nlpcards.decks.keys import SLUG
from nlpcards.decks.roadmaps.keys import LISTS, ROADMAP_KEYS, ROADMAP_MEANINGS, SECTIONS, Key, Shape
from nlpcards.decks.schema import SCHEMA_URL

Json = dict[str, Any]

ROADMAP_SCHEMA_URL = SCHEMA_URL.replace("deck.schema.json", "roadmap.schema.json")
"""Where the schema is published."""

_WEEKS = r"^\s*0*[1-9]\d{0,2}(?:\s*[-–]\s*0*[1-9]\d{0,2})?\s*$"


def roadmap_schema() -> Json:
    """The whole schema (JSON Schema draft 7, as for decks)."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ROADMAP_SCHEMA_URL,
        "title": "nlpcards roadmap",
        "description": "Topics, and tracks through them, for nlpcards.",
        "type": "object",
        "properties": {key: _top(key) for key in ROADMAP_KEYS},
        "additionalProperties": False,
        "definitions": {
            "slug": {"type": ["string", "number"], "pattern": f"^(?:{SLUG.pattern})$"},
            "text": {"type": ["string", "number", "boolean"]},
            **{section: _entry(keys) for section, keys in SECTIONS.items()},
        },
    }


def _top(key: str) -> Json:
    meaning = {"description": ROADMAP_MEANINGS[key]}
    if key not in LISTS:
        return {**meaning, "allOf": [_ref("text")]}
    return {**meaning, "type": ["array", "null"], "items": _ref(key)}


def _ref(name: str) -> Json:
    return {"$ref": f"#/definitions/{name}"}


def _entry(keys: Mapping[str, Key]) -> Json:
    return {
        "type": "object",
        "properties": {name: {"description": key.meaning, **_value(key)} for name, key in keys.items()},
        "required": [name for name, key in keys.items() if key.needed],
        "additionalProperties": False,
    }


def _value(key: Key) -> Json:
    match key.shape:
        case Shape.SLUG:
            # Beside a `$ref` draft 7 reads nothing else.
            return {"allOf": [_ref("slug")]}
        case Shape.SLUGS:
            return {"anyOf": [_ref("slug"), {"type": "array", "items": _ref("slug")}]}
        case Shape.TEXT:
            return {"allOf": [_ref("text")]}
        case Shape.URL:
            return {"type": "string", "pattern": r"^https?://\S+$"}
        case Shape.FLAG:
            return {"type": "boolean"}
        case Shape.CHOICE:
            return {"enum": list(key.choices)}
        case Shape.CONCEPTS:
            names = {"propertyNames": {"pattern": f"^(?:{SLUG.pattern})$"}}
            return {"type": ["object", "null"], **names, "additionalProperties": _ref("text")}
        case Shape.WEEKS:
            return {"type": ["integer", "string"], "minimum": 1, "maximum": 999, "pattern": _WEEKS}
        case Shape.STAGES:
            return {"type": "array", "minItems": 1, "items": _ref("stages")}
        case _:
            assert_never(key.shape)
