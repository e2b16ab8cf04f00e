"""Holidays and the day of practice in `config.toml`: read, refused with the word that is wrong, and set by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nlpcards.collection.settings import Configuration
from nlpcards.collection.taste import Taste, taste_of
from nlpcards.core.days import day_of
from nlpcards.core.errors import NlpcardsError, UsageError
from nlpcards.tui import rebinding
from tests.support.learner import Learner


def test_both_are_read_and_missing_ones_are_none() -> None:
    taste = taste_of('[roadmap]\nholidays = "2026-12-24 2026-12-27..2026-12-29"\npractice_day = "sunday"\n', "c.toml")
    assert taste.practice_day == 6
    assert [day_of(date(2026, 12, day)) in taste.holidays for day in (23, 24, 25, 27, 28, 29, 30)] == [
        *(False, True, False),
        *(True, True, True, False),
    ]
    assert taste_of('[roadmap]\nholidays = ""\npractice_day = "none"\n', "c.toml") == Taste()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('holidays = "soon"', "roadmap.holidays is 'soon', and soon is no date"),
        ('holidays = "2026-12-29..2026-12-27"', "and 2026-12-29..2026-12-27 ends before it begins"),
        ("holidays = 2026-12-24", "roadmap.holidays is datetime.date"),
        ('practice_day = "friday night"', "roadmap.practice_day is 'friday night'"),
        ("practise = 3", "there is no key roadmap.practise"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_to_write(text: str, what: str) -> None:
    with pytest.raises(NlpcardsError, match=what) as error:
        taste_of(f"[roadmap]\n{text}\n", "config.toml")
    assert error.value.place == "config.toml"
    assert error.value.remedy


def test_both_are_set_and_unset_by_name(tmp_path: Path) -> None:
    learner = Learner(tmp_path)
    with learner.open():
        pass
    with Configuration(learner.home, themes=lambda: (), decks=lambda: (), bindings=lambda: rebinding) as configuration:
        configuration.set("roadmap.holidays", "2026-12-24")
        configuration.set("roadmap.practice_day", "friday")
        assert configuration.get("roadmap.holidays").value == "2026-12-24"
        with pytest.raises(UsageError, match=r"the setting roadmap\.practice_day cannot be someday"):
            configuration.set("roadmap.practice_day", "someday")
        with pytest.raises(UsageError, match=r"the setting roadmap\.holidays cannot be 2026-13-01"):
            configuration.set("roadmap.holidays", "2026-13-01")
        configuration.unset("roadmap.practice_day")
    with learner.open() as collection:
        assert day_of(date(2026, 12, 24)) in collection.taste.holidays
        assert collection.taste.practice_day is None
