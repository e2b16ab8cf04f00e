"""The facts of the deck on T5: spans corrupted by its code, parameters counted from shapes, and tables quoted."""

from __future__ import annotations

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
    "objective-what-matters": "raffel2020 Tables 6 and 7, the rates and span lengths compared",
    "c4-filter-worth": "raffel2020 Table 8, C4 against C4 unfiltered",
    "in-domain-wins": "raffel2020 Table 8, Wikipedia + TBC",
    "bias-buckets": "raffel2020 §2.1",
    "shared-stacks": "raffel2020 Table 2, denoising rows, GLUE 83.28, 82.81 and 81.82",
    "causal-input-handicap": "raffel2020 Table 2, denoising rows, GLUE 81.82 and 74.70",
    "hard-to-compare": "the year of the works that raffel2020 §1 speaks of",
    "baseline-one-trillion": "raffel2020 §3.7 and Table 15, SuperGLUE of baseline, baseline-1T and T5-Base",
}

LAYERS, WIDTH, FEED_FORWARD, VOCABULARY = 12, 768, 3072, 32_128


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"t5/{note}", key))


def corrupt(text: Text, words: list[str], spans: list[tuple[int, int]]) -> tuple[list[str], list[str]]:
    names: dict[str, Any] = {"words": words, "spans": spans}
    exec(program(text("t5/span-code", "cloze")), names)
    return names["source"], names["target"]


@pytest.mark.proves("span-code", "span-example")
def test_the_code_makes_the_example_of_the_card(text: Text) -> None:
    words = "Thank you for inviting me to your party last week .".split()
    source, target = corrupt(text, words, [(2, 4), (8, 9)])
    shown = {
        line.split()[0]: line.split()[1:] for line in filled(text("t5/span-example", "cloze")).splitlines() if line
    }
    marks = {"<X>": "<extra_id_0>", "<Y>": "<extra_id_1>", "<Z>": "<extra_id_2>"}
    assert source == [marks.get(word, word) for word in shown["input"]]
    assert target == [marks.get(word, word) for word in shown["target"]]


@pytest.mark.proves("span-count", "shortened-lengths")
def test_lengths_after_corruption_are_those_that_the_code_makes(text: Text, drill: Drill) -> None:
    for n in (100, 200, 300, 400, 500):
        spans = [(start, start + 3) for start in range(5, n, 20)]
        assert len(spans) == round(drill("t5/span-count", n=n))
        source, target = corrupt(text, [f"w{place}" for place in range(n)], spans)
        assert len(source) == round(drill("t5/shortened-lengths", n=n)) == 0.9 * n
        assert len(target) - 1 == n / 5
    why = said(text, "shortened-lengths", "why")
    assert "nine tenths are left" in why
    assert "a fifth as long" in why


@pytest.mark.proves("regression-as-classes")
def test_scores_from_1_to_5_in_steps_of_a_fifth(text: Text) -> None:
    labels = {f"{round(score * 5) / 5:.1f}" for score in np.linspace(1, 5, 1001)}
    assert len(labels) == int(text("t5/regression-as-classes", "typed"))
    assert {"1.0", "2.6", "5.0"} <= labels


@pytest.mark.proves("bias-table-size")
def test_the_bias_table_is_tiny(text: Text) -> None:
    assert np.zeros((32, 12)).size == int(text("t5/bias-table-size", "typed"))
    assert f"{np.zeros((512, 768)).size:,}" in said(text, "bias-table-size", "why")


@pytest.mark.proves("bias-code")
def test_the_bias_is_added_to_each_score(text: Text) -> None:
    rng = np.random.default_rng(0)
    q, k, v, bias = rng.normal(size=(5, 4)), rng.normal(size=(5, 4)), rng.normal(size=(5, 4)), rng.normal(size=9)
    bucket = np.arange(5)[None, :] - np.arange(5)[:, None] + 4

    def softmax(x: Array) -> Array:
        e = np.exp(x)
        return np.asarray(e / e.sum(axis=-1, keepdims=True))

    names: dict[str, Any] = {"q": q, "k": k, "v": v, "bias": bias, "bucket": bucket, "softmax": softmax}
    exec(program(text("t5/bias-code", "cloze")), names)
    for i in range(5):
        weights = np.array([np.exp(q[i] @ k[j] + bias[j - i + 4]) for j in range(5)])
        assert names["out"][i] == pytest.approx((weights / weights.sum()) @ v)


def stacks(layers: int, width: int, inner: int, feed_forward: int) -> int:
    """Weights of an encoder and a decoder of as many layers, the decoder with cross-attention."""
    attention, net = 4 * width * inner, 2 * width * feed_forward
    return layers * (attention + net) + layers * (2 * attention + net)


@pytest.mark.proves("twice-bert", "largest-wide-feed-forward")
def test_the_sizes_follow_from_the_shapes(text: Text) -> None:
    base = stacks(LAYERS, WIDTH, WIDTH, FEED_FORWARD) + VOCABULARY * WIDTH
    assert base / 1e6 == pytest.approx(220, rel=0.02)
    assert "220 million parameters instead of 110" in said(text, "twice-bert", "q")
    assert 4 * WIDTH**2 / (4 * WIDTH**2 + 2 * WIDTH * FEED_FORWARD) == pytest.approx(1 / 3)
    largest = stacks(24, 1024, 128 * 128, 65_536) + VOCABULARY * 1024
    assert largest / 1e9 == pytest.approx(11, rel=0.03)
    answer = said(text, "largest-wide-feed-forward", "a")
    assert f"{65_536 // 4_096} times, to 65,536" in answer
    assert "from 16 to 128" in said(text, "largest-wide-feed-forward", "why")


@pytest.mark.proves("repeats")
def test_repetitions_follow_from_the_tokens_kept(text: Text) -> None:
    assert 2**35 // 2**29 == 64
    assert 2**35 // 2**25 == 1024
    assert f"64 repetitions did little harm, 1,024 cost {83.28 - 79.55:.1f} points" in said(text, "repeats", "why")


@pytest.mark.proves("twice-parameters-same-cost")
def test_two_stacks_on_half_the_text_each_cost_as_much_as_one_on_all_of_it(text: Text) -> None:
    source, target, layers, weights = 300, 200, 12, 7.1e6
    both = layers * weights * source + layers * weights * target
    single = layers * weights * (source + target)
    assert both == pytest.approx(single)
    assert "about the same" in said(text, "twice-parameters-same-cost", "q")
