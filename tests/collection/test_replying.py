"""Replies in a session: what is asked stays the same while it is asked, and what was replied is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlpcards.collection.information import information
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.journal import Review
from tests.support.learner import Learner

DECK = """deck: made
title: Made
notes:
  - id: product
    drill:
      ask: "{{a}} times {{b}}?"
      given:
        a: [2, 3, 5, 7, 11, 13]
        b: [17, 19, 23, 29, 31]
      answer: a * b
  - id: name
    q: Which function?
    typed: softmax
  - id: why
    explain: Why?
    points: [one, two, three]
  - id: plain
    q: What?
    a: That.
"""


@pytest.fixture
def reviewing(tmp_path: Path) -> Reviewing:
    learner = Learner(tmp_path)
    learner.write("made", DECK)
    return Reviewing.start(learner.open())


def skipped_to(reviewing: Reviewing, note: str) -> None:
    while reviewing.asked is not None and reviewing.asked.card.note.id != note:
        reviewing.skip()


def test_a_drill_keeps_its_numbers_through_flags_reloads_and_undo(reviewing: Reviewing) -> None:
    skipped_to(reviewing, "product")
    assert reviewing.asked is not None
    first = reviewing.asked.face
    reviewing.flag(1)
    reviewing.refresh()
    assert reviewing.asked.face == first
    reviewing.rate(3, 1000, "34")
    reviewing.undo()
    skipped_to(reviewing, "product")
    assert reviewing.asked is not None
    assert reviewing.asked.face == first


def test_another_machine_with_the_same_journal_asks_the_same_numbers(tmp_path: Path) -> None:
    faces = []
    for machine in ("one", "other"):
        learner = Learner(tmp_path / machine)
        learner.write("made", DECK)
        reviewing = Reviewing.start(learner.open())
        for _ in range(2):
            skipped_to(reviewing, "product")
            assert reviewing.asked is not None
            faces.append(reviewing.asked.face)
            reviewing.rate(1, 1000, "1")
            learner.waits(minutes=2)
    assert faces[:2] == faces[2:]
    assert faces[0] != faces[1]


def test_each_answer_stores_what_its_kind_asked_for_and_nothing_else(reviewing: Reviewing) -> None:
    replies: dict[str, object] = {}
    given: dict[str, str] = {}
    while reviewing.asked is not None and len(replies) < 4:
        asked = reviewing.asked
        given = dict(asked.face.given) or given
        reviewing.rate(4, 1000, "text", ("two",))
        (event,) = reviewing.collection.journal.events_of(asked.card.id)
        assert isinstance(event.body, Review)
        replies[asked.card.note.id] = json.loads(event.body.reply) if event.body.reply else None
    assert replies == {
        "product": {"given": given, "typed": "text"},
        "name": {"typed": "text"},
        "why": {"points": ["two"], "typed": "text"},
        "plain": None,
    }


def test_a_reply_suggests_a_rating_where_the_program_can_judge(reviewing: Reviewing) -> None:
    suggested: dict[str, list[int | None]] = {}
    while reviewing.asked is not None and len(suggested) < 4:
        asked = reviewing.asked
        suggested[asked.card.note.id] = [
            asked.suggested(),
            asked.suggested("softmax", ("one", "two")),
            asked.suggested(" ", ("one", "two", "three")),
        ]
        reviewing.rate(4, 1000)
    assert suggested == {"product": [1, 1, 1], "name": [1, 3, 1], "why": [1, 2, 3], "plain": [None, None, None]}


def test_the_history_says_what_was_asked_typed_and_made(reviewing: Reviewing) -> None:
    told: dict[str, str] = {}
    while reviewing.asked is not None and len(told) < 4:
        asked = reviewing.asked
        reviewing.rate(4, 1000, "some\ntext" if asked.card.note.id != "name" else "", ("two",))
        (happened,) = information(reviewing.collection, asked.card.id).history
        told[asked.card.note.id] = happened.what.partition("answered in 1 s")[2]
    assert told["product"].startswith("; asked with a = ")
    assert told["product"].endswith("; typed some text")
    assert told["name"] == "; typed nothing"
    assert told["why"] == "; typed some text; made 1 point"
    assert told["plain"] == ""
