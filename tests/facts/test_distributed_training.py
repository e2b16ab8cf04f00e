"""Facts of the distributed-training deck: splits are run with NumPy, bytes and FLOPs are counted."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from tests.support.facts import filled, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = npt.NDArray[np.float64]

QUOTED: dict[str, str] = {
    "tensor-in-node": "narayanan2021 §3.2, Takeaway 1: servers of 8 GPUs",
    "isoflop-parabola": "hoffmann2022 §3.2: nine training budgets",
    "six-nd-leaves-out": "kaplan2020 §2.1: context term negligible while d_model is large against n_ctx / 12",
}

BYTES = {"weights": 2, "gradients": 2, "master": 4, "moments": 4 + 4}


def gelu(x: Array) -> Array:
    out: Array = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    return out


@pytest.mark.proves("global-batch")
def test_the_global_batch(drill: Drill) -> None:
    replicas = len({gpu // 4 for gpu in range(32)})
    assert drill("distributed-training/global-batch", g=32, t=4, b=2, a=8) == replicas * 2 * 8


@pytest.mark.proves("unequal-tokens")
def test_averaging_averages_overweights_the_shorter(text: Text) -> None:
    q = prose(text("distributed-training/unequal-tokens", "q"))
    assert "over 100 tokens, the other over 300" in q
    first, second = 1 / 100 / 2, 1 / 300 / 2
    assert round(first / second) == int(text("distributed-training/unequal-tokens", "typed"))
    assert f"1/{1 / first:.0f} against 1/{1 / second:.0f}" in prose(text("distributed-training/unequal-tokens", "why"))


@pytest.mark.proves("mlp-split", "columns-first")
def test_columns_then_rows_need_one_all_reduce(text: Text) -> None:
    rng = np.random.default_rng(1)
    X, A, B = rng.normal(size=(5, 4)), rng.normal(size=(4, 8)), rng.normal(size=(8, 4))
    whole = gelu(X @ A) @ B
    parts = [gelu(X @ a) @ b for a, b in zip(np.hsplit(A, 2), np.vsplit(B, 2), strict=True)]
    assert sum(parts) == pytest.approx(whole)
    rows = sum(gelu(x @ a) for x, a in zip(np.hsplit(X, 2), np.vsplit(A, 2), strict=True)) @ B
    assert not np.allclose(rows, whole)
    said = prose(filled(text("distributed-training/mlp-split", "cloze")))
    assert "A is split by columns" in said
    assert "B is split by rows" in said


def schedule(p: int, m: int) -> list[str]:
    """One line for each stage: a micro-batch's number or a dot for each slot of the forward pass."""
    slots = range(m + p - 1)
    return ["  ".join(str(t - s + 1) if 0 <= t - s < m else "." for t in slots) for s in range(p)]


@pytest.mark.proves("bubble-picture", "bubble-drill")
def test_the_bubble_is_counted_in_the_schedule(text: Text, drill: Drill) -> None:
    said = filled(text("distributed-training/bubble-picture", "cloze"))
    assert re.findall(r"stage \d:  (.*)", said) == schedule(3, 3)
    assert r"$\frac{p - 1}{m + p - 1}$" in said
    for p, m in ((2, 7), (4, 17), (8, 32)):
        rows = " ".join(schedule(p, m)).split()
        expected = 100 * rows.count(".") / len(rows)
        assert drill("distributed-training/bubble-drill", p=p, m=m) == pytest.approx(expected)


@pytest.mark.proves("sixteen-bytes", "state-memory", "zero-one-memory", "zero-three-memory")
def test_bytes_per_parameter(text: Text, drill: Drill) -> None:
    said = filled(text("distributed-training/sixteen-bytes", "cloze"))
    numbers = [int(each) for each in re.findall(r" (\d+)$", said, re.MULTILINE)]
    total = sum(BYTES.values())
    assert numbers == [*BYTES.values()]
    optimizer = BYTES["master"] + BYTES["moments"]
    assert optimizer == 12
    assert f"{total} in all, of which {optimizer}" in text("distributed-training/sixteen-bytes", "why")
    assert drill("distributed-training/state-memory", n=7) == 7 * total
    assert f"{total} bytes per parameter, so 7 billion exceed a card of 80 GB" in prose(
        text("distributed-training/state-memory", "why")
    )
    assert 7 * total > 80
    kept = BYTES["weights"] + BYTES["gradients"]
    assert drill("distributed-training/zero-one-memory", n=4, g=8) == kept * 4 + optimizer * 4 / 8
    assert f"The {optimizer} bytes" in text("distributed-training/zero-one-memory", "why")
    q, why = (prose(text("distributed-training/zero-three-memory", key)) for key in ("q", "why"))
    assert "7.5 billion parameters" in q
    assert "64 GPUs" in q
    assert text("distributed-training/zero-three-memory", "typed") == f"{7.5 * total / 64:.1f}"
    assert f"All {total} bytes" in why
    assert f"the {7.5 * total:.0f} GB of plain data parallelism are divided by 64" in why


@pytest.mark.proves("zero-stages")
def test_zero_splits_the_largest_first(text: Text) -> None:
    said = filled(text("distributed-training/zero-stages", "cloze"))
    assert re.findall(r"\| (\d) \| ([a-z ]+) \|", said) == [
        ("1", "optimizer states"),
        ("2", "gradients"),
        ("3", "parameters"),
    ]
    assert BYTES["master"] + BYTES["moments"] > BYTES["gradients"]


@pytest.mark.proves("zero-three-traffic", "zero-two-traffic", "zero-three-or-tensor")
def test_the_traffic_of_zero_in_units_of_the_model_size(text: Text) -> None:
    reduce_scatter = all_gather = 1
    plain = reduce_scatter + all_gather
    third = all_gather + all_gather + reduce_scatter
    assert float(text("distributed-training/zero-three-traffic", "typed")) == third / plain
    assert f"{third} units instead of {plain}" in prose(text("distributed-training/zero-three-traffic", "why"))
    assert "stage 2 reduce-scatters gradients" in prose(text("distributed-training/zero-two-traffic", "a"))
    assert text("distributed-training/zero-three-or-tensor", "a").startswith("With whole layers")


@pytest.mark.proves("checkpoint-cost", "forward-backward-flops", "six-nd", "training-days")
def test_flops_of_a_linear_layer_and_of_a_run(text: Text, drill: Drill) -> None:
    tokens, d, n = 7, 5, 3
    product = 2 * tokens * d * n
    forward, backward = product, 2 * product
    unit = tokens * d * n
    said = prose(filled(text("distributed-training/forward-backward-flops", "cloze")))
    assert f"{forward // unit} in the forward pass, {backward // unit} in the backward pass" in said
    more = (2 * forward + backward) / (forward + backward) - 1
    assert int(text("distributed-training/checkpoint-cost", "typed")) == round(100 * more)
    assert "$2 + 2 + 4 = 8$ instead of $6$" in text("distributed-training/checkpoint-cost", "why")
    flops = (forward + backward) // unit * 7e9 * 300e9
    assert drill("distributed-training/six-nd", n=7, d=300) == pytest.approx(flops / 1e21)
    seconds = 12e21 / (64 * 400e12)
    assert drill("distributed-training/training-days", c=12, g=64) == pytest.approx(seconds / 24 / 3600)
    assert "400 is 40% of a peak of 1,000" in prose(text("distributed-training/training-days", "why"))
    assert 400 / 1000 == 0.4


@pytest.mark.proves("checkpoint-square-root")
def test_the_best_spacing_of_checkpoints_is_the_square_root(drill: Drill) -> None:
    for n in (16, 25, 36, 49, 64, 81, 100):
        best = min(n / k + k for k in range(1, n + 1))
        assert drill("distributed-training/checkpoint-square-root", n=n) == best


@pytest.mark.proves("fair-opponent")
def test_chinchilla_and_gopher_cost_about_the_same(text: Text) -> None:
    why = prose(text("distributed-training/fair-opponent", "why"))
    assert "70 billion parameters and 1.4 trillion tokens" in why
    assert "280 billion and 300 billion" in why
    assert abs(6 * 70e9 * 1.4e12 / (6 * 280e9 * 300e9) - 1) < 0.2
    # hoffmann2022 Table 6, five-shot accuracy on MMLU.
    assert "67.6% to 60.0%" in why


@pytest.mark.proves("refitted-formula")
def test_the_refitted_formula_asks_for_about_twenty_tokens_a_parameter(text: Text) -> None:
    # The constants A, alpha, B and beta of besiroglu2024, at Gopher's compute (hoffmann2022 Table 3).
    a, alpha, b, beta = 482.01, 0.3478, 2085.43, 0.3658
    compute = 5.76e23
    sizes = np.geomspace(1e9, 1e12, 300_001)
    tokens = compute / (6 * sizes)
    best = int(np.argmin(a / sizes**alpha + b / tokens**beta))
    assert 17 < tokens[best] / sizes[best] < 23
    assert sizes[best] > 1.5 * 40e9, "the published fit wanted 40 billion parameters (hoffmann2022 Figure 4)"
    assert "only 40 billion parameters" in prose(text("distributed-training/refitted-formula", "q"))
    assert "about 20 tokens per parameter" in prose(text("distributed-training/refitted-formula", "why"))
