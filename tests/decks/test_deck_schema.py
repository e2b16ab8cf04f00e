"""The JSON Schema says what the reader says: the same keys, the same kinds, the same shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from nlpcards.core.kinds import KINDS, Entries, Fields, Shape
from nlpcards.decks import schema as tables
from nlpcards.decks.codes import CODES
from nlpcards.decks.keys import COMMON_KEYS, DECK_KEYS, SOURCE_KEYS
from tests.support.bundled import DECK_FILES
from tests.support.core_yaml import yaml_load

ROOT = Path(__file__).parents[2]
WHOLE = tables.schema()
VALIDATOR = Draft7Validator(WHOLE)
EXAMPLES = re.findall(r"```yaml\n(.*?)\n```\n(?!\s)", (ROOT / "docs" / "deck-format.md").read_text("utf-8"), re.DOTALL)
STRUCTURAL = ["D301", "D303", "D304", "D306", "D401", "D403", "D404", "D405", "D407", "D408", "D409", "D445"]


def errors(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(yaml_load(text))]


def test_the_schema_is_a_schema() -> None:
    Draft7Validator.check_schema(WHOLE)


def test_the_published_schema_is_what_the_program_prints() -> None:
    published = (ROOT / "docs" / "deck.schema.json").read_text("utf-8")
    assert json.loads(published) == WHOLE, "run `nlpcards schema > docs/deck.schema.json`"


@pytest.mark.parametrize("path", DECK_FILES, ids=lambda path: path.stem)
def test_every_bundled_deck_is_valid(path: Path) -> None:
    assert errors(path.read_text("utf-8")) == []


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_of_the_reference_is_valid(number: int) -> None:
    assert errors(EXAMPLES[number]) == []


@pytest.mark.parametrize(
    "code", [code for code in CODES.values() if code.code in STRUCTURAL], ids=lambda code: code.code
)
def test_a_mistake_in_the_structure_is_found_by_the_schema_and_its_mending_is_valid(code: Any) -> None:
    assert errors(code.file(code.good)) == []
    assert errors(code.file(code.bad))


def test_the_schema_explains_every_key() -> None:
    assert tables.DECK_MEANINGS.keys() >= set(DECK_KEYS)
    assert tables.SOURCE_MEANINGS.keys() == set(SOURCE_KEYS)
    assert tables.COMMON_MEANINGS.keys() == set(COMMON_KEYS)
    own = {path for kind in KINDS.values() for key, shape in kind.keys.items() for path in paths(key, shape)}
    assert tables.KIND_MEANINGS.keys() == own


def paths(path: str, shape: Shape) -> Iterator[str]:
    match shape:
        case Fields(keys=keys, others=others):
            if not path.endswith("*"):
                yield path
            for key, each in keys.items():
                yield from paths(f"{path}.{key}", each)
            if others is not None:
                yield f"{path}.*"
        case Entries(of=of):
            yield path
            if isinstance(of, Fields):
                yield from paths(f"{path}.*", of)
        case _:
            yield path


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_in_the_schema_with_all_its_keys_and_no_others(kind: str) -> None:
    properties = WHOLE["definitions"][f"note.{kind}"]["properties"]
    assert set(properties) == {*COMMON_KEYS, *KINDS[kind].keys}


def test_every_key_of_the_schema_is_in_the_reference() -> None:
    text = (ROOT / "docs" / "deck-format.md").read_text("utf-8")
    words = {*DECK_KEYS, *SOURCE_KEYS, *COMMON_KEYS}
    words |= {part for path in tables.KIND_MEANINGS for part in path.split(".") if part != "*"}
    assert sorted(word for word in words if not re.search(rf"\b{word}\b", text)) == []
