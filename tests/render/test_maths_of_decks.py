"""All maths of the bundled decks is shown as maths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from nlpcards.core.markup import Math, MathBlock, parse, walk
from nlpcards.core.markup.tex.problems import tex_problems
from nlpcards.render.maths import block, inline
from tests.support.bundled import DECK_FILES
from tests.support.tracing import untraced

pytestmark = untraced


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def formulas(deck: Path) -> list[str]:
    found: dict[str, None] = {}
    for text in texts(yaml.load(deck.read_text("utf-8"), yaml.BaseLoader)):
        for cloze in (True, False) if "{{c" not in text else (True,):
            found |= {
                node.source: None for node in walk(parse(text, cloze=cloze)) if isinstance(node, Math | MathBlock)
            }
    return list(found)


def test_there_are_decks_with_maths() -> None:
    assert any(formulas(deck) for deck in DECK_FILES)


@pytest.mark.parametrize("deck", DECK_FILES, ids=lambda deck: str(deck.stem))
def test_all_maths_of_a_bundled_deck_is_drawn_on_one_line_and_in_two_dimensions(deck: Path) -> None:
    for tex in formulas(deck):
        assert tex_problems(tex) == (), tex
        assert "\\" not in inline(tex) or r"\backslash" in tex, tex
        assert block(tex) is not None, tex
