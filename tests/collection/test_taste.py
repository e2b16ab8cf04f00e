"""The file of taste: what it may say, and what is refused with its place and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlpcards.collection.taste import Taste, read_taste
from nlpcards.core.days import date_of
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.queue import DeckLimits, Limits, Order

EVERYTHING = """
theme = "nord"
editor = "vim"

[limits]
new = 5
reviews = 50

[limits.decks.lstm]
new = 2

[review]
order = "retrievability-ascending"
bury_siblings = false
balance = false
caught_up_by = 2026-12-01

[easy_days]
saturday = 0.5
sunday = 0
"""


def read(folder: Path, text: str) -> Taste:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return read_taste(path)


def test_every_key_is_read(tmp_path: Path) -> None:
    taste = read(tmp_path, EVERYTHING)
    assert taste.rules.limits == Limits(5, 50)
    assert taste.rules.decks == {"lstm": DeckLimits(2, None)}
    assert taste.rules.order is Order.WEAKEST
    assert not taste.rules.bury_siblings
    assert taste.rules.caught_up_by is not None
    assert date_of(taste.rules.caught_up_by).isoformat() == "2026-12-01"
    assert (taste.balance, taste.easy_days) == (False, (1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.0))
    assert (taste.theme, taste.editor) == ("nord", "vim")


def test_a_missing_file_and_an_empty_one_are_the_defaults(tmp_path: Path) -> None:
    assert read_taste(tmp_path / "none.toml") == read(tmp_path, "") == Taste()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[limits]\nnew = -1", "limits.new is -1"),
        ("[limits]\nnew = true", "limits.new is True"),
        ("[limits]\nnews = 1", "there is no key limits.news"),
        ("[limits.decks]\nlstm = 3", "limits.decks.lstm is 3"),
        ("[limits.decks.lstm]\nnew = 1.5", "limits.decks.lstm.new is 1.5"),
        ("[limits.decks.lstm]\nold = 1", "there is no key limits.decks.lstm.old"),
        ("[review]\norder = 'oldest'", "review.order is 'oldest'"),
        ("[review]\norder = 3", "review.order is 3"),
        ("[review]\nbury_siblings = 1", "review.bury_siblings is 1"),
        ("[review]\ncaught_up_by = '2026-12-01'", "review.caught_up_by is '2026-12-01'"),
        ("[review]\ncaught_up_by = 2026-12-01T08:00:00", "review.caught_up_by is"),
        ("[easy_days]\nsunday = 2", "easy_days.sunday is 2"),
        ("[easy_days]\nsunday = nan", "easy_days.sunday is nan"),
        ("[easy_days]\nsonntag = 1", "there is no key easy_days.sonntag"),
        ("review = 3", "review is 3"),
        ("theme = 3", "theme is 3"),
        ("theme", "cannot be read"),
    ],
)
def test_what_means_nothing_is_refused_with_its_place_and_a_remedy(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(NlpcardsError) as caught:
        read(tmp_path, text)
    assert said in caught.value.message
    assert caught.value.place == str(tmp_path / "config.toml")
    assert caught.value.remedy
