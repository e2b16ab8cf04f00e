"""Stability and difficulty agree with two independent implementations: the Rust FSRS, and Anki's own scheduler."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from nlpcards.core.days import MS_PER_DAY
from nlpcards.core.fold import fold
from nlpcards.core.memory import Settings
from nlpcards.core.state import Memory
from tests.support.histories import REAL, Answer, as_events, generated, real
from tests.support.tracing import untraced


def tolerated(ours: Memory, stability: float, difficulty: float) -> bool:
    return abs(ours.stability - stability) <= 6e-5 + 2e-6 * stability and abs(ours.difficulty - difficulty) <= 6e-4


def by_card(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    cards: dict[str, list[Answer]] = defaultdict(list)
    for answer in sorted(answers, key=lambda each: each[2]):
        cards[answer[0]].append(answer)
    return cards


def folded(answers: list[Answer]) -> dict[str, Memory]:
    states = fold(as_events(answers))
    return {card: state.memory for card, state in states.items() if state.memory is not None}


def test_generated_histories_agree_with_the_rust_fsrs() -> None:
    import fsrs_rs_python as rust

    answers = generated(cards=600, reviews=4_000, seed=1)
    ours = folded(answers)
    oracle = rust.FSRS(list(Settings().parameters))
    assert len(ours) == 600
    for card, own in by_card(answers).items():
        days = [answer[3] for answer in own]
        gaps = [0, *(later - earlier for earlier, later in pairwise(days))]
        item = rust.FSRSItem([rust.FSRSReview(answer[1], gap) for answer, gap in zip(own, gaps, strict=True)])
        theirs = oracle.memory_state(item)
        assert abs(ours[card].stability - theirs.stability) <= 2e-4 * theirs.stability
        assert abs(ours[card].difficulty - theirs.difficulty) <= 6e-4


def anki_memory(answers: list[Answer], folder: Path) -> dict[str, tuple[float, float]]:
    """Anki's own memory state of each card, computed by it from the same reviews in a collection at UTC."""
    from anki.collection import Collection
    from anki.decks import UpdateDeckConfigs

    collection = Collection(str(folder / "collection.anki2"))
    try:
        database = collection.db
        assert database is not None
        collection.set_config("creationOffset", 0)
        collection.set_config("localOffset", 0)
        kind = collection.models.by_name("Basic")
        assert kind is not None
        ids: dict[str, int] = {}
        used: set[int] = set()
        for card, own in by_card(answers).items():
            note = collection.new_note(kind)
            note["Front"] = card
            collection.add_note(note, collection.decks.id("Default"))
            ids[card] = note.card_ids()[0]
            for index, (_, rating, at_ms, _, duration) in enumerate(own):
                while at_ms in used:
                    at_ms += 1
                used.add(at_ms)
                database.execute(
                    "insert into revlog values (?,?,-1,?,?,?,?,?,?)",
                    *(at_ms, ids[card], rating, 1, 0, 2500, duration, 0 if index == 0 else 1),
                )
            last = own[-1]
            database.execute(
                "update cards set type=2, queue=2, ivl=1, due=?, reps=? where id=?",
                *(last[3], len(own), ids[card]),
            )
        update = collection._backend.get_deck_configs_for_update(1)
        config = update.all_config[0].config
        config.config.fsrs_params_6[:] = list(Settings().parameters)
        request = UpdateDeckConfigs(target_deck_id=1, configs=[config], limits=update.current_deck.limits, fsrs=True)
        collection.decks.update_deck_configs(request)
        found: dict[str, tuple[float, float]] = {}
        for card, number in ids.items():
            state = collection.compute_memory_state(number)
            assert state.stability is not None
            assert state.difficulty is not None
            found[card] = (state.stability, state.difficulty)
        return found
    finally:
        collection.close()


def test_generated_histories_agree_with_anki_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    today = time.time_ns() // 1_000_000 // MS_PER_DAY
    answers = [each for each in generated(500, 3_000, seed=2, first_day=today - 2_500) if each[3] < today - 1]
    ours = folded(answers)
    theirs = anki_memory(answers, tmp_path)
    worst = [card for card, own in ours.items() if not tolerated(own, *theirs[card])]
    assert len(ours) == 500
    assert not worst


@pytest.mark.skipif(not REAL.exists(), reason="the real history is not at hand")
def test_a_real_history_agrees_with_the_rust_fsrs() -> None:
    import fsrs_rs_python as rust

    answers = real()
    ours = folded(answers)
    oracle = rust.FSRS(list(Settings().parameters))
    for card, own in by_card(answers).items():
        days = [answer[3] for answer in own]
        gaps = [0, *(max(0, later - earlier) for earlier, later in pairwise(days))]
        theirs = oracle.memory_state(
            rust.FSRSItem([rust.FSRSReview(answer[1], gap) for answer, gap in zip(own, gaps, strict=True)])
        )
        assert abs(ours[card].stability - theirs.stability) <= 2e-4 * theirs.stability
        assert abs(ours[card].difficulty - theirs.difficulty) <= 6e-4


@untraced
@pytest.mark.skipif(not REAL.exists(), reason="the real history is not at hand")
def test_a_real_history_folds_to_the_same_state_in_any_order_of_arrival() -> None:
    from random import Random

    events = as_events(real())
    expected = fold(events)
    for seed in range(3):
        shuffled = events[:]
        Random(seed).shuffle(shuffled)
        assert fold(shuffled) == expected
