"""A learner for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.road import give_road, set_out
from tests.support.screens import Learner


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    made = Learner.in_folder(tmp_path)
    yield made
    made.close()


@pytest.fixture
def on_way(learner: Learner) -> Learner:
    """A learner with a small roadmap, who follows its first track and studied for three days."""
    give_road(learner)
    learner.configure("[limits]\nnew = 3\n")
    set_out(learner)
    learner.study(3)
    return learner
