"""Facts of the deck on projects, computed by counting or by running the card's code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.support.facts import program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED = {
    "partial-input": "Gururangan and others 2018, abstract: about 67% of SNLI from the hypothesis alone",
    "licence-family": "choosealicense.com/licenses (numbers of licence versions)",
}


@pytest.mark.proves("majority-baseline")
def test_the_majority_baseline_is_right_on_the_largest_class(drill: Drill) -> None:
    labels = ["neutral"] * 700 + ["positive"] * 200 + ["negative"] * 100
    share = 100 * sum(label == "neutral" for label in labels) / len(labels)
    assert drill("projects/majority-baseline", a=700, b=200, c=100) == share


@pytest.mark.proves("error-ceiling")
def test_solving_one_cause_removes_its_share_of_the_errors(text: Text, drill: Drill) -> None:
    for a, s in ((80, 5), (90, 50)):
        errors = 10_000 - a * 100
        assert drill("projects/error-ceiling", a=a, s=s) == pytest.approx(100 - (errors - errors * s / 100) / 100)
    assert drill("projects/error-ceiling", a=90, s=5) == 90.5
    assert "a cause of 5%" in prose(text("projects/error-ceiling", "why"))


@pytest.mark.proves("generator-code")
def test_a_generator_of_ones_own_is_not_disturbed(text: Text) -> None:
    code = program(text("projects/generator-code", "cloze"))
    seen = []
    for draws in (0, 7):
        np.random.rand(draws)
        names: dict[str, Any] = {"np": np, "texts": list("abcdefghij"), "seed": 13}
        exec(code, names)
        seen.append(names["order"].tolist())
    assert seen[0] == seen[1]
    assert sorted(seen[0]) == list(range(10))


@pytest.mark.proves("set-order")
def test_the_order_of_a_set_of_words_follows_the_salt(text: Text) -> None:
    assert "`list(set(words))`" in prose(text("projects/set-order", "q"))
    code = "words = 'the cat sat on a mat and slept'.split(); print(list(set(words)), sorted(set(words)))"
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": salt},
        ).stdout
        for salt in ("1", "2", "2")
    ]
    assert said[0] != said[1]
    assert said[1] == said[2]
    assert said[0].split("] [")[1] == said[1].split("] [")[1]


@pytest.mark.proves("runs-needed")
def test_the_mean_of_as_many_runs_scatters_as_little_as_asked(drill: Drill) -> None:
    rng = np.random.default_rng(0)
    for s, t in ((0.6, 0.3), (1.2, 0.3), (1.2, 0.6), (2.4, 0.6), (2.4, 0.3)):
        runs = drill("projects/runs-needed", s=s, t=t)
        assert runs == pytest.approx(round(runs))
        means = rng.normal(0, s, size=(20_000, round(runs))).mean(axis=1)
        assert float(means.std()) == pytest.approx(t, rel=0.03)


@pytest.mark.proves("tuning-budget")
def test_the_best_of_200_trials_is_far_above_one(text: Text) -> None:
    assert "over 200 configurations" in prose(text("projects/tuning-budget", "q"))
    scores = np.random.default_rng(1).normal(size=(2000, 200))
    best = [float(scores[:, :trials].max(axis=1).mean()) for trials in (1, 20, 200)]
    assert best[0] < 0.1 < 1.5 < best[1] < 2.5 < best[2]


@pytest.mark.proves("streamlit-cache", "gradio-interface")
def test_the_code_runs_with_stand_ins_for_the_libraries(text: Text) -> None:
    loads: list[str] = []

    def cache_resource(function: Callable[[], Any]) -> Callable[[], Any]:
        kept: list[Any] = []

        def once() -> Any:
            if not kept:
                kept.append(function())
            return kept[0]

        return once

    names: dict[str, Any] = {"st": SimpleNamespace(cache_resource=cache_resource), "pipeline": loads.append}
    exec(program(text("projects/streamlit-cache", "cloze")), names)
    names["load"]()
    names["load"]()
    assert loads == ["sentiment-analysis"]
    launched: list[Any] = []

    def interface(**given: Any) -> Any:
        return SimpleNamespace(launch=lambda: launched.append(given))

    exec(
        program(text("projects/gradio-interface", "cloze")),
        {"gr": SimpleNamespace(Interface=interface), "summarise": len},
    )
    assert launched == [{"fn": len, "inputs": "text", "outputs": "text"}]
