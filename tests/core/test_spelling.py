"""Characters in words, where a terminal cannot carry them."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.spelling import spelled


def encodes(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x ≥ β²", "x >= beta^2"),
        ("fₜ ⊙ cₜ₋₁", "f_t (.) c_t_-_1"),
        ("αβ2x", "alpha beta 2x"),
        ("naïve café", "naive cafe"),
        ("“quoted” – so…", '"quoted" - so...'),
        ("∑ᵢ xᵢ → ∞", "sum_i x_i -> infinity"),
        ("Γ(n)", "Gamma(n)"),
        ("𝐱", "x"),
        ("c̃", "c tilde"),
        ("☺", "[white smiling face]"),
        ("\ue000", "\\ue000"),
    ],
)
def test_signs_and_letters_are_said_in_ascii(text: str, said: str) -> None:
    assert spelled(text, str.isascii) == said


@given(st.text(), st.sampled_from(["ascii", "latin-1", "cp437", "cp1252", "koi8-r"]))
def test_what_is_spelled_can_be_encoded_and_what_could_be_stays(text: str, encoding: str) -> None:
    said = spelled(text, partial(encodes, encoding))
    said.encode(encoding)
    if encodes(encoding, text):
        assert said == text
