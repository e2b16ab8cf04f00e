"""A learner for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import _wait

from tests.support.road import give_road, set_out
from tests.support.screens import Learner

# Pilot waits after each key until the processor rests, and looks fifty times a second: a third of the time that the
# screens' tests take. What follows from a key is waited for by `tests.support.screens.settled` as well.
_wait.SLEEP_GRANULARITY = 0.005
_wait.SLEEP_IDLE = _wait.SLEEP_GRANULARITY / 10


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave screens untraced: to trace Textual's every call would double the minutes that all checks take."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.no_cover)


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
