"""A real learner's journal, in a real file, in any order of arrival."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from nlpcards.core.fold import fold
from nlpcards.store import Journal
from tests.support.histories import REAL, as_events, real


@pytest.mark.skipif(not REAL.exists(), reason="the real history is not at hand")
def test_twelve_thousand_real_reviews_give_one_state_in_any_order_of_arrival(tmp_path: Path) -> None:
    events = as_events(real())
    expected = fold(events)
    assert len(events) == 12_580
    for seed in range(2):
        shuffled = events[:]
        Random(seed).shuffle(shuffled)
        with Journal.open(tmp_path / f"{seed}.sqlite", 0, "here") as journal:
            for start in range(0, len(shuffled), 4_000):
                journal.insert(shuffled[start : start + 4_000])
            assert journal.all_states() == expected
            assert not list(journal.rebuild())
            assert journal.all_states() == expected
