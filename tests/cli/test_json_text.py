"""The program's JSON is that of Python's own encoder."""

from __future__ import annotations

import json
from collections import Counter
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.cli.json_text import indented
from nlpcards.core.roadmap.following import Status


class Pair(NamedTuple):
    """Two things."""

    one: int
    other: list[int]


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text(st.characters())
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=9) | st.integers() | st.booleans() | st.none(), inner, max_size=4)
    ),
    max_leaves=30,
)


@given(VALUES, st.booleans())
def test_it_is_what_python_writes(value: object, ascii_only: bool) -> None:
    assert indented(value, ascii_only=ascii_only) == json.dumps(value, indent=2, ensure_ascii=ascii_only)


def test_values_of_other_classes_are_written_as_what_they_are() -> None:
    value = {"counts": Counter("aab"), "pair": Pair(1, [2]), "empty": Counter[str](), "status": Status.DONE}
    assert indented(value) == json.dumps(value, indent=2)


def test_what_json_has_not_is_refused() -> None:
    with pytest.raises(TypeError):
        indented([{"a": {1, 2}}])
