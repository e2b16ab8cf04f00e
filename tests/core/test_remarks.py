"""What a learner says of a card, and due days as they are written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.days import day_of
from nlpcards.core.due_dates import due_day
from nlpcards.core.errors import UsageError
from nlpcards.core.journal import Alias, Body, Event, EventId, OwnNote, Report, Resolve, Tag, Undo
from nlpcards.core.remarks import Remarks, Reported, as_note, as_reason, as_tags, remarks, retagged

CARD = "a/x#qa"
TODAY = day_of(date(2026, 11, 21))


def said(*bodies: Body) -> dict[str, Remarks]:
    return remarks([Event(EventId("ann", seq), seq << 16, seq, seq, body) for seq, body in enumerate(bodies, 1)])


def test_the_last_note_counts_and_an_empty_one_takes_it_away() -> None:
    assert said(OwnNote(CARD, "one"), OwnNote(CARD, "two"))[CARD].note == "two"
    assert said(OwnNote(CARD, "one"), OwnNote(CARD, "")) == {}


def test_reports_add_up_until_they_are_settled() -> None:
    both = said(Report(CARD, "wrong", "0a"), Report(CARD, "old"))
    assert both[CARD].reports == (Reported(1, "wrong", "0a"), Reported(2, "old"))
    assert said(Report(CARD, "wrong"), Resolve(CARD)) == {}
    assert said(Report(CARD, "wrong"), Resolve(CARD), Report(CARD, "again"))[CARD].reports == (Reported(3, "again"),)


def test_what_is_undone_was_not_said_and_a_renamed_card_keeps_what_was() -> None:
    assert said(Report(CARD, "wrong"), Undo(EventId("ann", 1))) == {}
    assert said(Report(CARD, "wrong"), Resolve(CARD), Undo(EventId("ann", 2)))[CARD].reports
    assert said(Tag(CARD, "exam"), Alias("a/y#qa", CARD)) == {"a/y#qa": Remarks(tags=("exam",))}


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_tags_become_what_they_are_to_be(before: set[str], after: set[str]) -> None:
    events = [*(Tag(CARD, tag) for tag in before), *retagged(CARD, before, after)]
    assert said(*events).get(CARD, Remarks()).tags == tuple(sorted(after))
    assert len(retagged(CARD, before, after)) == len(before ^ after)


def test_tags_are_written_as_in_a_deck() -> None:
    assert as_tags("  exam  gates exam ") == ("exam", "gates")
    assert as_tags("") == ()
    for text in ("a,b", "[x]", 'say"so"', "#1", "x" * 101, "a\x1bb"):
        with pytest.raises(UsageError, match="tag"):
            as_tags(text)


def test_a_note_and_a_reason_have_their_bounds() -> None:
    assert as_note(" two\nlines ") == "two\nlines"
    assert as_note("x" * 2_000)
    with pytest.raises(UsageError, match="2,001 characters"):
        as_note("x" * 2_001)
    assert as_reason(" two\nlines ") == "two lines"
    with pytest.raises(UsageError, match="501 characters"):
        as_reason("x" * 501)
    with pytest.raises(UsageError, match="needs a reason"):
        as_reason(" \n")


@pytest.mark.parametrize(
    ("text", "days"),
    [("0", 0), ("today", 0), (" Tomorrow ", 1), ("7", 7), ("+7", 7), ("2026-11-21", 0), ("2026-12-24", 33)],
)
def test_a_due_day_is_written_as_days_or_as_a_date(text: str, days: int) -> None:
    assert due_day(text, TODAY) == TODAY + days


@pytest.mark.parametrize("text", ["", "soon", "-1", "1.5", "2026-11-20", "2026-13-01", "99999", "9" * 20, "\u0667"])
def test_what_is_no_day_from_today_on_is_one_sentence_with_what_to_write(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        due_day(text, TODAY)
    assert "2026-12-24" in caught.value.remedy
