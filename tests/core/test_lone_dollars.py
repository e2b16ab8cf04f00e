"""Which dollars enclose maths, which are told of because they enclose nothing, and which are surely text."""

from __future__ import annotations

import pytest

from nlpcards.core.markup.source import regions


@pytest.mark.parametrize(
    ("text", "lone"),
    [
        ("It is $x and no more", [6]),
        ("f_t$ decides, and $c_t$ is kept", [3]),
        ("n^2$ grows", [3]),
        ("a \\mathbf{x}$ here", [12]),
        ("$5 a month", [0]),
        ("$5 or $6", [0, 6]),
        ("US$5", [2]),
        ("$-1", [0]),
        ("$HOME", [0]),
        ("$$ x = 1", [0]),
        ("$x$ and $y", [8]),
    ],
)
def test_a_dollar_that_may_be_half_of_a_formula_is_told_of(text: str, lone: list[int]) -> None:
    assert list(regions(text).lone_dollars) == lone


@pytest.mark.parametrize(
    "text",
    [
        "a $ sign",
        "5$",
        "100$ a day",
        "2.5k$",
        "US$ 5",
        "A$ and C$",
        "($)",
        "'$'",
        "`$x`",
        "```\n$x\n```",
        "\\$5",
        "$x$",
    ],
)
def test_a_dollar_that_is_surely_text_or_has_a_partner_is_not(text: str) -> None:
    assert regions(text).lone_dollars == ()
