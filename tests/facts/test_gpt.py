"""The facts of the deck on GPT: its loop and masks run, its counts taken from shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = NDArray[np.float64]

QUOTED: dict[str, str] = {
    "autoregressive-term": "an n-gram model's few words",
    "pretraining-ablation": "radford2018 §5, Table 5: averages of the full model, without pre-training, with an LSTM",
    "task-inputs": "the answers of an example, numbered",
    "layers-transferred": "radford2018 §5, on Figure 2 (left)",
    "reddit-filter": "radford2019 §2.1",
    "french-leak": "radford2019 §3.7",
    "still-underfits": "radford2019 §2.1 and §4",
    "hope-in-size": "brown2020 §1: 4% on Natural Questions",
    "gap-grows": "brown2020 Figure 1.3: 42 accuracy-denominated benchmarks",
    "mix-not-by-size": "brown2020 Table 2.2, epochs and weights",
    "no-labels-explained": "the names GPT-1, GPT-2 and GPT-3",
    "blocks-compared": "radford2019 Table 2, the layers of the largest model",
}

GPT1, GPT2_SMALL, GPT2_XL, GPT3 = (12, 768), (12, 768), (48, 1600), (96, 12288)


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"gpt/{note}", key))


def matrices(layers: int, width: int) -> int:
    """Weights of four projections and a feed-forward net four times as wide, in each block."""
    return layers * (4 * width * width + 2 * width * 4 * width)


def biases_and_norms(layers: int, width: int) -> int:
    return layers * (4 * width + 4 * width + width + 4 * width)


def total(layers: int, width: int, vocabulary: int, context: int) -> int:
    """A model with tied embeddings, learned positions and, uncounted where it is missing, a small last norm."""
    return (vocabulary + context) * width + matrices(layers, width) + biases_and_norms(layers, width)


def softmax(x: Array) -> Array:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


@pytest.mark.proves("chain-rule")
def test_conditional_probabilities_multiply_to_the_joint_one(text: Text) -> None:
    joint = np.random.default_rng(0).dirichlet(np.ones(27)).reshape(3, 3, 3)
    first = joint.sum(axis=(1, 2))
    second = joint.sum(axis=2) / first[:, None]
    third = joint / joint.sum(axis=2, keepdims=True)
    assert first[:, None, None] * second[:, :, None] * third == pytest.approx(joint)
    assert r"\prod_{t=1}^{n} P(x_t \mid x_1, \ldots, x_{t-1})$" in prose(filled(text("gpt/chain-rule", "cloze")))


@pytest.mark.proves("first-loss")
def test_a_uniform_guess_costs_the_logarithm_of_the_vocabulary(text: Text) -> None:
    uniform = np.full(50257, 1 / 50257)
    assert -math.log(uniform[123]) == pytest.approx(float(text("gpt/first-loss", "typed")), rel=0.005)
    assert r"$\ln 50257$" in said(text, "first-loss", "why")


@pytest.mark.proves("windows-code")
def test_a_window_and_its_targets_are_shifted_by_one(text: Text) -> None:
    data = np.arange(1000)
    for seed in range(20):
        names: dict[str, Any] = {"data": data, "n": 16, "rng": np.random.default_rng(seed)}
        exec(program(text("gpt/windows-code", "cloze")), names)
        assert len(names["x"]) == len(names["y"]) == 16
        assert (names["y"] == names["x"] + 1).all()


@pytest.mark.proves("generations", "xl-blocks", "embedding-share-vanishes", "context-in-table")
def test_sizes_follow_from_layers_width_and_vocabulary(text: Text) -> None:
    one, two, three = total(*GPT1, 40478, 512), total(*GPT2_XL, 50257, 1024), total(*GPT3, 50257, 2048)
    assert text("gpt/generations", "contrast.by.size.one") == f"{round(one / 1e6)} million"
    assert two / 1e9 == pytest.approx(1.5, rel=0.05)
    assert text("gpt/generations", "contrast.by.size.two") == "1.5 billion"
    assert text("gpt/generations", "contrast.by.size.three") == f"{round(three / 1e9)} billion"
    contexts = [text("gpt/generations", f"contrast.by.context.{name}") for name in ("one", "two", "three")]
    assert contexts == ["512", "1,024", "2,048"]
    assert float(text("gpt/xl-blocks", "typed")) == pytest.approx(matrices(*GPT2_XL) / 1e9, rel=0.005)
    assert f"add {50257 * 1600 / 1e9:.2f} billion" in said(text, "xl-blocks", "why")
    small = total(*GPT2_SMALL, 50257, 1024)
    assert 1 - matrices(*GPT2_SMALL) / small == pytest.approx(1 / 3, abs=0.02)
    assert (three - matrices(*GPT3)) / three < 0.01
    assert f"come to {matrices(*GPT3) / 1e9:.0f} of {three / 1e9:.0f} billion" in said(
        text, "embedding-share-vanishes", "a"
    )
    table = 1024 * 768
    assert f"only {table / 1e6:.1f} million of {small / 1e6:.0f} million" in said(text, "context-in-table", "why")


@pytest.mark.proves("tokens-by-chinchilla")
def test_twenty_tokens_per_parameter_are_twelve_times_what_gpt3_read(text: Text) -> None:
    wanted, read = 20 * 175, 300
    assert float(text("gpt/tokens-by-chinchilla", "typed")) == pytest.approx(wanted / read, rel=0.005)
    assert f"{wanted:,} billion" in said(text, "tokens-by-chinchilla", "why")
    assert "175 billion parameters and read 300 billion tokens" in said(text, "tokens-by-chinchilla", "q")


@pytest.mark.proves("lambada-nats")
def test_the_loss_falls_by_the_logarithm_of_the_quotient_of_perplexities(text: Text) -> None:
    before, after = 99.8, 8.6
    nats = math.log(before) - math.log(after)
    assert float(text("gpt/lambada-nats", "typed")) == pytest.approx(nats, rel=0.005)
    assert f"from the best so far, {before}, down to {after}" in said(text, "lambada-nats", "q")
    assert rf"$\ln({before} / {after})$" in said(text, "lambada-nats", "why")


@pytest.mark.proves("examples-that-fit")
def test_examples_that_fit_are_counted_by_filling_the_context(text: Text, drill: Drill) -> None:
    for n, rest, one in ((1024, 100, 20), (2048, 150, 80), (4096, 200, 50)):
        used, examples = rest, 0
        while used + one <= n:
            used, examples = used + one, examples + 1
        assert drill("gpt/examples-that-fit", n=n, rest=rest, one=one) == examples
    assert 10 <= (2048 - 100) // 180
    assert "2,048 tokens took 10 to 100 examples" in said(text, "examples-that-fit", "why")


@pytest.mark.proves("alternating-attention")
def test_the_two_drawn_masks_are_causal_and_banded(text: Text) -> None:
    rows = [
        line.split()
        for line in filled(text("gpt/alternating-attention", "cloze")).splitlines()
        if set(line.split()) <= {"1", "."} and line.strip()
    ]
    drawn = np.array([[cell == "1" for cell in row] for row in rows])
    i, j = np.arange(6)[:, None], np.arange(6)
    assert (drawn[:, :6] == (j <= i)).all()
    assert (drawn[:, 6:] == ((j <= i) & (i - j < 3))).all()
    assert "3 wide" in said(text, "alternating-attention", "cloze")


@pytest.mark.proves("residual-init")
def test_scaled_residual_outputs_keep_their_variance(text: Text) -> None:
    rng = np.random.default_rng(1)
    for n in (12, 96):
        terms = rng.normal(size=(n, 20_000))
        assert terms.sum(axis=0).var() == pytest.approx(n, rel=0.05)
        assert (terms / math.sqrt(n)).sum(axis=0).var() == pytest.approx(1, rel=0.05)
    assert r"$1 / \sqrt{N}$" in filled(text("gpt/residual-init", "cloze"))


@pytest.mark.proves("loop-code", "last-logits-only")
def test_the_loop_reads_the_end_of_the_text_and_stops(text: Text) -> None:
    read: list[list[int]] = []

    def model(ids: list[int]) -> Array:
        read.append(list(ids))
        logits = np.full((len(ids), 10), -1e9)
        logits[np.arange(len(ids)), (np.array(ids) + 1) % 10] = 0.0
        return logits

    def run(limit: int) -> list[int]:
        names: dict[str, Any] = {"model": model, "softmax": softmax, "rng": np.random.default_rng(0)}
        names |= {"ids": [3, 4], "limit": limit, "n_ctx": 3, "temperature": 1.0, "END": 9}
        exec(program(text("gpt/loop-code", "cloze")), names)
        return list(names["ids"])

    assert run(100) == [3, 4, 5, 6, 7, 8]
    assert max(len(ids) for ids in read) == 3
    assert read[-1] == [6, 7, 8]
    assert run(5) == [3, 4, 5, 6, 7]
    assert said(text, "last-logits-only", "a") == "They predict tokens 2 to 50, which are already there."
    assert "each of the 50 positions" in said(text, "last-logits-only", "q")
    assert "first 49" in said(text, "last-logits-only", "q")


@pytest.mark.proves("mask-with-past", "cached-step", "forgotten-offset")
def test_attention_with_a_cache_gives_the_last_rows_of_attention_without(text: Text) -> None:
    q, k, v = np.random.default_rng(2).normal(size=(3, 7, 4))

    def attend(queries: Array, mask: Any) -> Array:
        return np.asarray(softmax(np.where(mask, queries @ k.T, -np.inf)) @ v)

    full = attend(q, np.arange(7)[:, None] >= np.arange(7))
    for nd in (1, 3, 7):
        names: dict[str, Any] = {"np": np, "nd": nd, "ns": 7}
        exec(program(text("gpt/mask-with-past", "cloze")), names)
        assert attend(q[-nd:], names["mask"]) == pytest.approx(full[-nd:])
        assert names["mask"][0].sum() == 7 - nd + 1
    assert "not that of place 0" in said(text, "forgotten-offset", "a")


@pytest.mark.proves("perplexity-by-windows")
def test_a_stride_gives_every_token_but_the_first_a_long_past(text: Text) -> None:
    length, window, stride = 4096, 1024, 256
    disjoint = [place % window for place in range(length)]
    sliding = [place if place < window else window - stride + (place - window) % stride for place in range(length)]
    assert min(disjoint[window:]) == 0
    assert min(sliding[window:]) == window - stride
    assert "windows of 1,024 tokens" in said(text, "perplexity-by-windows", "q")
