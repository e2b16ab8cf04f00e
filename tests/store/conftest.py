"""What the journal's tests share: journals in real files, closed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nlpcards.store import Journal

OpenJournal = Callable[..., Journal]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal of a test lies."""
    return tmp_path / "data" / "journal.db"


@pytest.fixture
def opened(path: Path) -> Iterator[OpenJournal]:
    """`opened()` is the test's journal; `opened(other_path, ...)` another one. All are closed at the end."""
    journals: list[Journal] = []

    def open_journal(at: Path = path, **options: object) -> Journal:
        journals.append(Journal.open(at, 0, **{"fingerprint": "here", **options}))  # type: ignore[arg-type]
        return journals[-1]

    yield open_journal
    for journal in journals:
        journal.close()
