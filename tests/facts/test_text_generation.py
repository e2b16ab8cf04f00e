"""Facts of the text-generation deck: sampling rules, temperature and the code on the cards, all run."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = npt.NDArray[np.float64]

QUOTED: dict[str, str] = {
    "pass-at-k-temperature": "chen2021: pass@1 and pass@100, the ends of the figure on sampling temperature",
}


def softmax(z: Array) -> Array:
    e: Array = np.exp(z - z.max())
    e /= e.sum()
    return e


def nucleus(p: Array, top: float) -> int:
    """How many tokens the smallest set of most probable ones holds whose sum reaches `top`."""
    return next(n for n in range(1, len(p) + 1) if np.sort(p)[::-1][:n].sum() >= top - 1e-9)


@pytest.mark.proves("beam-rows")
def test_every_hypothesis_of_every_prompt_is_a_row(drill: Drill) -> None:
    for b, k in itertools.product((2, 4, 8, 16), (3, 4, 5)):
        cache = np.repeat(np.zeros((int(b), 7)), int(k), axis=0)
        assert drill("text-generation/beam-rows", b=b, k=k) == len(cache)


@pytest.mark.proves("temperature-odds", "temperature-before-top-p", "temperature-zero")
def test_temperature(text: Text, drill: Drill) -> None:
    for r, t in itertools.product((4, 9, 16, 25), (0.5, 2)):
        p = softmax(np.log(np.array([r, 1.0])) / t)
        assert drill("text-generation/temperature-odds", r=r, t=t) == pytest.approx(p[0] / p[1])
        assert (p[1] < 1 / (r + 1)) == (t < 1)
    z = np.random.default_rng(1).normal(size=50) * 2
    sizes = [nucleus(softmax(z / t), 0.9) for t in (0.5, 1, 2)]
    assert sizes == sorted(set(sizes))
    heads = [np.sort(softmax(z / t))[::-1].cumsum() for t in (0.5, 1, 2)]
    assert all((flat <= peaked + 1e-12).all() for peaked, flat in itertools.pairwise(heads))
    assert "more of them are needed to reach" in prose(text("text-generation/temperature-before-top-p", "a"))
    assert softmax(z / 1e-3).max() > 1 - 1e-6
    assert len({int(softmax(z / t).argmax()) for t in (1e-3, 1, 5)}) == 1


@pytest.mark.proves("tail-drill", "renormalised")
def test_tail_and_renormalising(drill: Drill) -> None:
    clean = 1.0
    for _ in range(50):
        clean *= 0.98
    assert drill("text-generation/tail-drill", m=2, n=50) == pytest.approx(100 * (1 - clean))
    p = np.array([0.6, 0.2, 0.1, 0.1])
    kept = np.where(p >= np.sort(p)[-2], p, 0)
    assert drill("text-generation/renormalised", a=0.6, b=0.2) == pytest.approx((kept / kept.sum())[0])


@pytest.mark.proves("nucleus-size", "top-p-code")
def test_the_nucleus(text: Text, drill: Drill) -> None:
    p = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
    assert "0.4, 0.3, 0.15, 0.1 and 0.05" in prose(text("text-generation/nucleus-size", "drill.ask"))
    for top in (0.3, 0.5, 0.6, 0.75, 0.8, 0.9, 0.99):
        assert drill("text-generation/nucleus-size", p=top) == nucleus(p, top)
        mixed = p[[3, 0, 4, 1, 2]].copy()
        exec(program(text("text-generation/top-p-code", "cloze")), {"np": np, "p": mixed, "top_p": top})
        assert (mixed > 0).sum() == nucleus(p, top)
        assert mixed.sum() == pytest.approx(1)


@pytest.mark.proves("top-k-code")
def test_the_code_draws_from_the_k_best(text: Text) -> None:
    names: dict[str, Any] = {"np": np, "logits": np.array([1.0, 5.0, 3.0, 2.0]), "T": 2.0, "k": 2}
    names["rng"] = np.random.default_rng(1)
    code = program(text("text-generation/top-k-code", "cloze"))
    drawn = []
    for _ in range(2000):
        exec(code, names)
        drawn.append(int(names["token"]))
    assert set(drawn) == {1, 2}
    assert drawn.count(1) / 2000 == pytest.approx(softmax(np.array([5.0, 3.0]) / 2)[0], abs=0.03)


@pytest.mark.proves("penalty-formula", "penalty-number")
def test_the_penalty_lowers_every_logit(text: Text) -> None:
    def penalised(z: float, theta: float) -> float:
        return z / theta if z > 0 else z * theta

    assert all(penalised(z, 1.5) < z for z in (-3.0, -0.1, 0.1, 4.0))
    said = prose(filled(text("text-generation/penalty-formula", "cloze")))
    assert r"if $z > 0$: $z / \theta$" in said
    assert r"if $z < 0$: $z \cdot \theta$" in said
    q = prose(text("text-generation/penalty-number", "q"))
    assert "the logit $-2$" in q
    assert "penalty of 1.5" in q
    assert float(text("text-generation/penalty-number", "typed")) == penalised(-2, 1.5)


@pytest.mark.proves("generation-loop")
def test_the_loop_stops_at_the_end_token_or_at_the_limit(text: Text) -> None:
    code = program(text("text-generation/generation-loop", "cloze"))

    def model(ids: list[int]) -> Array:
        return np.array([np.eye(9)[min(i + 1, 8)] for i in ids])

    for limit, expected in ((3, [1, 2, 3, 4]), (50, [1, 2, 3, 4, 5, 6])):
        names: dict[str, Any] = {"model": model, "ids": [1], "eos": 7, "max_new_tokens": limit}
        exec(code, names)
        assert names["ids"] == expected
