"""A learner for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.screens import Learner


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    made = Learner.in_folder(tmp_path)
    yield made
    made.close()
