"""docs/decks.md says what the bundled decks hold, and that each was read by somebody who had not written it."""

from __future__ import annotations

from tests.facts.report import HEAD, PAGE, readings, rows, table
from tests.support.bundled import DECK_FILES


def test_the_page_on_the_decks_is_what_the_report_prints() -> None:
    assert PAGE.read_text("utf-8") == HEAD + table(list(rows())), "run `python -m tests.facts.report --write`"


def test_every_bundled_deck_had_a_second_reader() -> None:
    done = readings()
    assert set(done) == {path.stem for path in DECK_FILES}
    assert all(reading.read > 0 for reading in done.values())
