"""Facts of the deck on interpretability, computed on functions and models small enough to know by heart."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {}


@pytest.mark.proves("attention-rollout")
def test_rollout_sums_over_all_paths(text: Text) -> None:
    rng = np.random.default_rng(0)
    n, layers = 3, 3
    attention = rng.dirichlet(np.ones(n), size=(layers, n))
    names: dict[str, Any] = {"np": np, "n": n, "A": attention}
    exec(program(text("interpretability/attention-rollout", "cloze")), names)
    by_paths = np.zeros((n, n))
    for path in itertools.product(range(n), repeat=layers + 1):
        weight = 1.0
        for layer, (source, target) in enumerate(itertools.pairwise(path)):
            weight *= 0.5 * attention[layer, target, source] + 0.5 * (source == target)
        by_paths[path[-1], path[0]] += weight
    assert names["R"] == pytest.approx(by_paths)


@pytest.mark.proves("selectivity-drill")
def test_selectivity_is_what_the_control_task_leaves(drill: Drill) -> None:
    assert drill("interpretability/selectivity-drill", a=97, c=71) == 26
    assert drill("interpretability/selectivity-drill", a=92, c=91) == 1


@pytest.mark.proves("gradient-saturates", "integrated-gradients-formula", "integrated-gradients-code")
def test_integrated_gradients_credit_a_saturated_input(text: Text) -> None:
    q = prose(text("interpretability/gradient-saturates", "q"))
    assert r"1 - \mathrm{ReLU}(1 - x)" in q

    def f(x: Array) -> Array:
        return 1 - np.maximum(0, 1 - x)

    def grad_f(x: Array) -> Array:
        return np.where(x < 1, 1.0, 0.0)

    start, end = np.array([0.0]), np.array([2.0])
    assert f(start)[0] == 0
    assert f(end)[0] == 1
    assert grad_f(end)[0] == 0
    assert text("interpretability/gradient-saturates", "a").startswith("It is 0,")
    names: dict[str, Any] = {"np": np, "grad_f": grad_f, "x": end, "base": start, "steps": 1000}
    exec(program(text("interpretability/integrated-gradients-code", "cloze")), names)
    assert names["ig"] == pytest.approx(f(end) - f(start))
    formula = prose(filled(text("interpretability/integrated-gradients-formula", "cloze")))
    assert r"(x_i - x'_i) \int_0^1" in formula


@pytest.mark.proves("completeness-drill", "integrated-gradients-code")
def test_a_product_is_shared_equally(text: Text, drill: Drill) -> None:
    for a, b in ((2, 3), (6, 5)):
        names: dict[str, Any] = {"np": np, "steps": 50, "base": np.zeros(2), "x": np.array([a, b], float)}
        names["grad_f"] = lambda point: point[::-1]
        exec(program(text("interpretability/integrated-gradients-code", "cloze")), names)
        assert names["ig"][0] == pytest.approx(drill("interpretability/completeness-drill", a=a, b=b))
        assert names["ig"].sum() == pytest.approx(a * b)
        assert a * names["grad_f"](names["x"])[0] == a * b


@pytest.mark.proves("shapley-two", "shap-additivity")
def test_shapley_values_are_means_over_orders(drill: Drill) -> None:
    for a, b, c in ((4, 2, 12), (10, 8, 20)):
        worth = {frozenset(): 0, frozenset("A"): a, frozenset("B"): b, frozenset("AB"): c}
        shares = {"A": 0.0, "B": 0.0}
        orders = list(itertools.permutations("AB"))
        for order in orders:
            for at, who in enumerate(order):
                before = frozenset(order[:at])
                shares[who] += (worth[before | {who}] - worth[before]) / len(orders)
        assert drill("interpretability/shapley-two", a=a, b=b, c=c) == shares["A"]
        assert sum(shares.values()) == c


@pytest.mark.proves("shapley-cost")
def test_subsets_double_with_each_word(text: Text) -> None:
    assert "have 20 words?" in prose(text("interpretability/shapley-cost", "q"))
    assert int(text("interpretability/shapley-cost", "typed")) == sum(math.comb(20, k) for k in range(21))


@pytest.mark.proves("patching-score")
def test_the_patching_score_is_0_for_no_change_and_100_for_all(drill: Drill, text: Text) -> None:
    assert drill("interpretability/patching-score", c=3, k=-1, p=1) == 50
    assert drill("interpretability/patching-score", c=4, k=0, p=1) == 25
    for clean, corrupted in ((3.0, -1.0), (4.0, 0.0)):
        assert (clean - corrupted) / (clean - corrupted) * 100 == 100
    assert "0 means that the patch changes nothing, 100" in prose(text("interpretability/patching-score", "why"))


@pytest.mark.proves("denoise-noise")
def test_with_two_redundant_parts_denoising_works_and_noising_does_nothing(text: Text) -> None:
    def answer(first: bool, second: bool) -> bool:
        return first or second

    assert not answer(False, False)
    assert answer(True, False)
    assert answer(False, True)
    said = prose(text("interpretability/denoise-noise", "why"))
    assert "(an OR), denoising either restores the answer and noising either changes nothing" in said


@pytest.mark.proves("induction-offset")
def test_the_score_is_1_for_a_perfect_induction_head(text: Text) -> None:
    length = 5
    tokens = [*range(length), *range(length)]
    attention = np.zeros((2 * length, 2 * length))
    for query in range(length, 2 * length):
        earlier = max(at for at in range(query) if tokens[at] == tokens[query])
        attention[query, earlier + 1] = 1
    names: dict[str, Any] = {"np": np, "A": attention, "L": length}
    exec(program(text("interpretability/induction-offset", "cloze")), names)
    assert names["score"] == 1


@pytest.mark.proves("pentagon")
def test_neighbours_in_a_pentagon_overlap(text: Text) -> None:
    angles = 2 * np.pi * np.arange(5) / 5
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    overlap = float(points[0] @ points[1])
    assert float(text("interpretability/pentagon", "typed")) == pytest.approx(overlap, abs=5e-4)
    why = prose(text("interpretability/pentagon", "why"))
    assert f"{360 // 5}^\\circ" in why
    assert f"at {overlap:.2f};" in why


@pytest.mark.proves("sae-loss", "sae-unit-decoder")
def test_a_free_decoder_evades_the_penalty(text: Text) -> None:
    assert r"+ \lambda \lVert f \rVert_1" in prose(filled(text("interpretability/sae-loss", "cloze")))
    rng = np.random.default_rng(1)
    features, decoder = np.abs(rng.normal(size=8)), rng.normal(size=(4, 8))
    small = features / 1000
    assert (1000 * decoder) @ small == pytest.approx(decoder @ features)
    assert np.abs(small).sum() == pytest.approx(np.abs(features).sum() / 1000)
    assert "the penalty goes to 0" in prose(text("interpretability/sae-unit-decoder", "a"))


@pytest.mark.proves("logit-lens", "direct-logit")
def test_the_lens_at_the_last_layer_is_the_model_and_logits_split_by_component(text: Text) -> None:
    rng = np.random.default_rng(2)
    parts, unembed = rng.normal(size=(4, 6)), rng.normal(size=(6, 9))
    resid = np.cumsum(parts, axis=0)

    def final_norm(x: Array) -> Array:
        return x / float(np.sqrt(np.mean(x**2)))

    names: dict[str, Any] = {"final_norm": final_norm, "resid": resid, "W_unembed": unembed, "l": 3}
    exec(program(text("interpretability/logit-lens", "cloze")), names)
    scale = float(np.sqrt(np.mean(resid[-1] ** 2)))
    shares = [part / scale @ unembed for part in parts]
    assert names["early"] == pytest.approx(np.sum(shares, axis=0))
