"""The JSON Schema of a deck file, for editors that complete and check while one types.

It is made from the same tables that the reader reads by, so that the two agree. What it cannot say (that ids are
unique, that sources exist, that TeX is sound) `nlpcards check` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from nlpcards.core.kinds import KINDS, Entries, Fields, Flag, Kind, Shape, Text, Texts, Word, Words
from nlpcards.decks.keys import CARD_KEY, COMMON_KEYS, DECK_KEYS, FORMER, SLUG, SOURCE_KEYS, TAG

SCHEMA_URL = "https://raw.githubusercontent.com/nlpcards/nlpcards/main/docs/deck.schema.json"
"""Where the schema is published."""

EDITOR_LINE = f"# yaml-language-server: $schema={SCHEMA_URL}"
"""The first line of a deck file that tells an editor's YAML language server which schema it follows."""

Json = dict[str, Any]

DECK_MEANINGS: Mapping[str, str] = {
    "deck": "The deck's id, a slug, unique in the library: lower-case letters, digits and hyphens.",
    "extends": "The id of the deck that this file corrects: its notes replace those of the same id and add new ones.",
    "drop": "Ids of notes of the extended deck to leave out.",
    "was": "Former ids of this deck: its notes keep the history they had under them.",
    "title": "What a learner sees in lists.",
    "topic": "The roadmap topic of the deck's notes; a note may name another.",
    "sources": "What the notes cite, by key: papers, books, documentation.",
    "notes": "The notes, in the order in which they are learned.",
}
"""What each key at the top of a deck file means."""

SOURCE_MEANINGS: Mapping[str, str] = {
    "title": "The title of the paper, book or page.",
    "authors": "Who wrote it, as a citation names them.",
    "year": "The year of publication.",
    "url": "Where it can be read: an http or https address, best a DOI.",
}
"""What each key of a source means."""

COMMON_MEANINGS: Mapping[str, str] = {
    "id": "The note's id, a slug unique in its deck. Its history belongs to it.",
    "why": "Shown under the answer: the reason, or the link to what one knows. Markdown.",
    "cite": "A key of `sources` and the place in it, as in `gers2000 §3`; several are parted by `;`.",
    "tags": "Tags: words without spaces.",
    "topic": "The roadmap topic, where it is not the deck's.",
    "concepts": "Which concepts of its topic the note lets one recall.",
    "needs": "Ids of notes to be learned first: `note`, or `deck/note`.",
    "confusable": "Ids of notes that get mixed up with this one: they are kept apart.",
    "as_of": "The date, `2026-11-21`, of which the fact is true.",
    "expires": "The date from which the fact should be looked up again.",
    "was": "Former ids of the note, or a mapping of its cards' keys to what they were called.",
    "media": "Files below the deck's folder that the note uses.",
}
"""What each key means that every note may carry."""

KIND_MEANINGS: Mapping[str, str] = {
    "q": "The question. Markdown with `$…$` maths.",
    "a": "Its answer. Markdown with `$…$` maths.",
    "both": "true: the answer is asked for its question too.",
    "term": "A term to define and to name.",
    "definition": "What the term means.",
    "cloze": "Text with spans to fill in: `{{c1::text::hint}}`, one card for each number.",
    "typed": "The answer that the learner types: a text, or a number.",
    "accept": "Other right answers.",
    "tolerance": "How far off a number may be: `0.01`, or a share, `1%`.",
    "contrast": "Things that people confuse, side by side: one card for each cell of the table.",
    "contrast.of": "The things, one a column: a slug and a label for each.",
    "contrast.by": "The respects in which they differ, one a row: a slug for each, and below it `ask` and the cells.",
    "contrast.by.*.ask": "The label of the row.",
    "contrast.by.*.*": "What is said of one of the things.",
    "steps": "A procedure, asked step by step.",
    "steps.title": "What the procedure does.",
    "steps.of": "The steps in order: a slug and a text for each.",
    "drill": "A question in numbers that are drawn anew at each review.",
    "drill.ask": "The question, with `{{name}}` for each number.",
    "drill.given": "The numbers to draw from, a list for each name.",
    "drill.answer": "The answer as an expression of the names: + - * / // % **, sqrt log exp min max sum round comb …",
    "drill.where": "A condition that the numbers must meet.",
    "drill.tolerance": "How far off an answer may be: `0.01`, or a share, `1%`.",
    "drill.unit": "The unit of the answer.",
    "explain": "Something to explain in one's own words.",
    "points": "The points that a good explanation makes; the learner ticks those made.",
}
"""What each key of a kind means; dots join keys within keys, and `*` stands for names that the author gives."""

_SCALAR = ["string", "number", "boolean"]
"""What an editor may take a plain scalar for; the reader takes each as the text that was typed."""


def schema() -> Json:
    """The whole schema (JSON Schema draft 7, which YAML language servers know best)."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": SCHEMA_URL,
        "title": "nlpcards deck",
        "description": "One deck of notes for nlpcards.",
        "type": "object",
        "properties": {key: _deck_key(key) for key in DECK_KEYS},
        "anyOf": [{"required": ["deck", "notes"]}, {"required": ["extends"]}]
        if "extends" in DECK_KEYS
        else [{"required": ["deck", "notes"]}],
        "additionalProperties": False,
        "definitions": {
            "slug": _matching(SLUG.pattern),
            "text": {"type": _SCALAR},
            "word": {"type": _SCALAR},
            "noteId": _matching(rf"(?:{SLUG.pattern}/)?{SLUG.pattern}"),
            "source": {
                "type": "object",
                "properties": {key: _source_key(key) for key in SOURCE_KEYS},
                "required": ["title"],
                "additionalProperties": False,
            },
            **{f"common.{key}": _common_key(key) for key in COMMON_KEYS},
            **{f"note.{kind.name}": _note(kind) for kind in KINDS.values()},
        },
    }


def _matching(pattern: str) -> Json:
    # A number may be an id too; JSON Schema looks at the pattern of strings only.
    return {"type": ["string", "number"], "pattern": f"^(?:{pattern})$"}


def _ref(name: str, meaning: str = "") -> Json:
    # Beside a `$ref` draft 7 reads nothing else.
    ref = {"$ref": f"#/definitions/{name}"}
    return {"description": meaning, "allOf": [ref]} if meaning else ref


def _one_or_many(item: Json) -> Json:
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _deck_key(key: str) -> Json:
    meaning = DECK_MEANINGS[key]
    match key:
        case "deck" | "topic" | "extends":
            return _ref("slug", meaning)
        case "drop" | "was":
            return {"description": meaning, **_one_or_many(_ref("slug"))}
        case "title":
            return _ref("text", meaning)
        case "sources":
            sources = {"type": ["object", "null"], "additionalProperties": _ref("source")}
            return {"description": meaning, **sources, "propertyNames": {"pattern": f"^(?:{SLUG.pattern})$"}}
        case _:
            kinds = [_ref(f"note.{name}") for name in KINDS]
            return {"description": meaning, "type": ["array", "null"], "items": {"anyOf": kinds}}


def _source_key(key: str) -> Json:
    if key == "url":
        return {"description": SOURCE_MEANINGS[key], "type": "string", "pattern": "^https?://\\S+$"}
    return _ref("text", SOURCE_MEANINGS[key])


def _common_key(key: str) -> Json:
    meaning = COMMON_MEANINGS[key]
    match key:
        case "id" | "topic":
            return _ref("slug", meaning)
        case "why":
            return _ref("text", meaning)
        case "concepts":
            return {"description": meaning, **_one_or_many(_ref("slug"))}
        case "needs" | "confusable":
            return {"description": meaning, **_one_or_many(_ref("noteId"))}
        case "tags":
            return {"description": meaning, **_one_or_many(_matching(TAG.pattern))}
        case "cite" | "media":
            return {"description": meaning, **_one_or_many(_ref("text"))}
        case "as_of" | "expires":
            return {"description": meaning, "type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
        case _:
            pairs = {
                "type": "object",
                "propertyNames": {"pattern": f"^(?:{CARD_KEY})$"},
                "additionalProperties": _one_or_many(_matching(FORMER.pattern)),
            }
            return {"description": meaning, "anyOf": [_one_or_many(_ref("noteId")), pairs]}


def _note(kind: Kind) -> Json:
    own = {key: _shape(shape, key) for key, shape in kind.keys.items()}
    return {
        "type": "object",
        "properties": {"id": _ref("common.id"), **own, **{key: _ref(f"common.{key}") for key in COMMON_KEYS[1:]}},
        "required": [key for key in kind.keys if key in kind.marks],
        "additionalProperties": False,
    }


def _shape(shape: Shape, path: str) -> Json:
    meaning = {"description": KIND_MEANINGS[path]} if path in KIND_MEANINGS else {}
    match shape:
        case Text():
            return {**meaning, "allOf": [_ref("text")]}
        case Word():
            return {**meaning, "allOf": [_ref("word")]}
        case Flag():
            return {**meaning, "type": "boolean"}
        case Texts():
            return {**meaning, **_one_or_many(_ref("text"))}
        case Words():
            return {**meaning, **_one_or_many(_ref("word"))}
        case Fields(keys=keys, others=others):
            return {
                **meaning,
                "type": "object",
                "properties": {key: _shape(each, f"{path}.{key}") for key, each in keys.items()},
                "required": [key for key, each in keys.items() if each.required],
                "additionalProperties": _shape(others, f"{path}.*") if others else False,
            }
        case Entries(of=of, variables=variables, listed=listed):
            name = "[A-Za-z][A-Za-z0-9_]{0,39}" if variables else SLUG.pattern
            entries: Json = {
                "type": "object",
                "propertyNames": {"pattern": f"^(?:{name})$"},
                "additionalProperties": _shape(of, f"{path}.*"),
            }
            many = {"type": "array", "items": _ref("text")}
            return {**meaning, **({"anyOf": [entries, many]} if listed else entries)}
        case _:
            assert_never(shape)
