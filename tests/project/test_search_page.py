"""The page on searching says what the language has: every term, and no query that is none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nlpcards.core.kinds import KINDS
from nlpcards.core.search.language import parse
from nlpcards.core.search.terms import KEYS
from nlpcards.core.search.tree import Everything, Property, Standing

PAGE = (Path(__file__).parents[2] / "docs" / "search.md").read_text("utf-8")
ROWS = [row.split(" | ")[0] for row in re.findall(r"^\| (`.*)$", PAGE, re.MULTILINE)]
QUERIES = [query.replace("\\|", "|") for row in ROWS for query in re.findall("`([^`]+)`", row)]


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_on_the_page_means_something(query: str) -> None:
    assert parse(query) != Everything()


def test_the_page_names_every_term() -> None:
    names = [f"{key}:" for key in KEYS]
    names += [f"is:{standing}" for standing in Standing]
    names += [f"prop:{each}" for each in Property]
    assert [name for name in names if f"`{name}" not in PAGE] == []
    assert [kind for kind in KINDS if f"`{kind}`" not in PAGE] == []
