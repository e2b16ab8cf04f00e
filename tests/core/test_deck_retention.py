"""A deck's own desired retention: an event that shapes the intervals of its cards and of no others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.core.days import Moment
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.fold import Timeline, fold
from nlpcards.core.journal import Event, EventId, Review, Setting
from nlpcards.core.memory import DECK_RETENTION, Model, Settings, with_setting
from nlpcards.core.state import CardState, Interval

NOW = Moment(20_000 * 86_400_000, 20_000)


def setting(deck: str, value: str) -> Settings:
    return with_setting(Settings(), f"{DECK_RETENTION}{deck}", value)


@settings(deadline=None)
@given(st.floats(0.7, 0.99), st.integers(1, 4))
def test_a_deck_s_retention_is_for_its_cards_what_the_global_one_would_be_and_nothing_for_others(
    retention: float, rating: int
) -> None:
    model = Model(setting("lstm", repr(retention)))
    alone = Model(Settings(desired_retention=retention))
    assert model.preview("lstm/x#qa", CardState(), NOW) == alone.preview("lstm/x#qa", CardState(), NOW)
    other = "lstm-more/x#qa"
    assert model.preview(other, CardState(), NOW) == Model(Settings()).preview(other, CardState(), NOW)


def test_it_is_taken_back_by_null_and_does_not_depend_on_the_order_of_the_decks() -> None:
    one = with_setting(setting("a", "0.8"), f"{DECK_RETENTION}b", "0.95")
    assert one == with_setting(setting("b", "0.95"), f"{DECK_RETENTION}a", "0.8")
    assert with_setting(one, f"{DECK_RETENTION}a", "null") == setting("b", "0.95")
    assert with_setting(Settings(), f"{DECK_RETENTION}a", "null") == Settings()


@pytest.mark.parametrize(
    ("subject", "value"),
    [("desired_retention/", "0.9"), ("desired_retention/lstm", "2"), ("desired_retention/a", "true")],
)
def test_a_retention_outside_its_range_or_of_no_deck_is_refused_with_a_remedy(subject: str, value: str) -> None:
    with pytest.raises(NlpcardsError) as caught:
        with_setting(Settings(), subject, value)
    assert caught.value.remedy


def test_it_holds_from_its_event_on_and_leaves_what_was_scheduled_before_where_it_was() -> None:
    before = Event(EventId("ann", 1), 1 << 16, NOW.ms, NOW.day, Review("lstm/x#qa", 4, 0, None, 0))
    change = Event(EventId("ann", 2), 2 << 16, NOW.ms, NOW.day, Setting("desired_retention/lstm", "0.97"))
    after = Event(EventId("ann", 3), 3 << 16, NOW.ms, NOW.day, Review("lstm/y#qa", 4, 0, None, 0))
    folded = fold([before, change, after])
    assert folded["lstm/x#qa"] == fold([before])["lstm/x#qa"]
    late, early = folded["lstm/x#qa"].schedule, folded["lstm/y#qa"].schedule
    assert isinstance(late, Interval)
    assert isinstance(early, Interval)
    assert early.due < late.due
    assert early.memory == late.memory
    assert Timeline([change]).now.deck_retention == (("lstm", 0.97),)
