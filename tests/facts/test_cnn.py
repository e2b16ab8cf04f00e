"""Facts of the deck on convolutional networks, computed by sliding kernels."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {}


def places(n: int, k: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> list[list[int]]:
    """The input positions that each output of a convolution looks at; negative ones are padding."""
    reach = dilation * (k - 1)
    starts = range(-padding, n + padding - reach, stride)
    return [list(range(start, start + reach + 1, dilation)) for start in starts]


def seen(layers: list[list[list[int]]]) -> set[int]:
    """The inputs that the first output of a stack depends on."""
    wanted = {0}
    for layer in reversed(layers):
        wanted = {place for unit in wanted for place in layer[unit]}
    return wanted


@pytest.mark.proves("by-hand", "not-flipped")
def test_the_second_output(drill: Drill) -> None:
    for a, b in product((0, 2, 3, 5), (-1, 1, 6)):
        out = np.correlate([1, a, b, 4], [2, -1], mode="valid")
        assert drill("cnn/by-hand", a=a, b=b) == out[1]
        flipped = np.convolve([1, a, b, 4], [-1, 2], mode="valid")
        assert flipped == pytest.approx(out)


@pytest.mark.proves("sliding-code", "spans-all-channels", "weight-shape")
def test_the_sliding_code(text: Text) -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(12, 300)), rng.normal(size=(3, 300))
    names: dict[str, Any] = {"x": x, "w": w, "n": 12, "k": 3}
    exec(program(text("cnn/sliding-code", "cloze")), names)
    assert names["out"] == pytest.approx([sum(x[i + j] @ w[j] for j in range(3)) for i in range(10)])
    assert len(names["out"]) == len(places(12, 3))
    q = prose(text("cnn/spans-all-channels", "q"))
    assert f"of width 3 over 300-dimensional word embeddings {w.size} weights" in q
    weight = np.stack([w.T] * 100)
    assert "nn.Conv1d(300, 100, kernel_size=3)" in text("cnn/weight-shape", "q")
    assert text("cnn/weight-shape", "typed") == str(weight.shape)


@pytest.mark.proves("kernel-width-one")
def test_width_one_is_a_linear_layer() -> None:
    rng = np.random.default_rng(1)
    x, kernels = rng.normal(size=(7, 4)), rng.normal(size=(5, 1, 4))
    out = np.array([[(x[i : i + 1] * w).sum() for w in kernels] for i in range(7)])
    assert out == pytest.approx(x @ kernels[:, 0].T)


@pytest.mark.proves("output-formula", "output-drill", "same-padding", "left-over")
def test_lengths(text: Text, drill: Drill) -> None:
    assert r"\left\lfloor \frac{ n + 2p - k }{ s } \right\rfloor + 1$" in prose(
        filled(text("cnn/output-formula", "cloze"))
    )
    for n, k, s, p in product((10, 28, 50, 101), (3, 4, 5), (1, 2, 3), (0, 1, 2)):
        assert drill("cnn/output-drill", n=n, k=k, s=s, p=p) == len(places(n, k, s, p))
    for k in (1, 3, 5, 7):
        assert len(places(20, k, padding=(k - 1) // 2)) == 20
    assert "$(k - 1)/2$" in filled(text("cnn/same-padding", "cloze"))
    q, why = (prose(text("cnn/left-over", key)) for key in ("q", "why"))
    assert "width 3 runs with stride 4 over 10 positions" in q
    windows = places(10, 3, 4)
    missed = [each for each in range(10) if each > windows[-1][-1]]
    assert text("cnn/left-over", "typed") == str(len(missed))
    assert f"starts at {windows[0][0]} and {windows[1][0]} and reaches position {windows[-1][-1]};" in why
    assert f"would need position {2 * 4 + 2}." in why


@pytest.mark.proves("causal-padding-code")
def test_causal_padding_hides_later_words(text: Text) -> None:
    rng, n, k = np.random.default_rng(2), 9, 4
    x, w = rng.normal(size=(n, 3)), rng.normal(size=(k, 3))

    def outputs(words: Array) -> Array:
        names: dict[str, Any] = {"np": np, "x": words, "k": k}
        exec(program(text("cnn/causal-padding-code", "cloze")), names)
        padded = names["x"]
        return np.array([(padded[i : i + k] * w).sum() for i in range(len(padded) - k + 1)])

    changed = x.copy()
    changed[5] += 1
    assert len(outputs(x)) == n
    differs = ~np.isclose(outputs(x), outputs(changed))
    assert list(np.flatnonzero(differs)) == [5, 6, 7, 8]


@pytest.mark.proves("parameters-drill", "against-dense", "kim-parameters-drill")
def test_parameters(text: Text, drill: Drill) -> None:
    for c, m, k in product((10, 64, 300), (20, 50, 100), (1, 3, 5)):
        assert drill("cnn/parameters-drill", c=c, m=m, k=k) == np.zeros((m, c, k)).size + np.zeros(m).size
    q = prose(text("cnn/against-dense", "q"))
    assert "50 words of 300 numbers become 50 positions of 100 features" in q
    assert f"width 3 needs {3 * 300 * 100:,} weights" in q
    assert text("cnn/against-dense", "typed") == f"{(50 * 300) * (50 * 100):,}"
    for m, d in product((10, 50, 100), (50, 100, 300)):
        filters = sum(np.zeros((m, width, d)).size + m for width in (3, 4, 5))
        assert drill("cnn/kim-parameters-drill", m=m, d=d) == filters
    assert f"$3 + 4 + 5 = {3 + 4 + 5}$" in prose(text("cnn/kim-parameters-drill", "why"))


@pytest.mark.proves("shared-gradient", "equivariant-invariant")
def test_sharing_sums_gradients_and_moves_with_the_input(text: Text) -> None:
    rng = np.random.default_rng(3)
    x, w, g = rng.normal(size=50), rng.normal(size=3), rng.normal(size=48)
    out = np.correlate(x, w, mode="valid")
    assert f"all {len(out)} places" in prose(text("cnn/shared-gradient", "q"))
    moved = np.array([np.correlate(x, w + 1e-6 * np.eye(3)[j], mode="valid") @ g for j in range(3)])
    summed = [sum(g[i] * x[i + j] for i in range(48)) for j in range(3)]
    assert (moved - out @ g) / 1e-6 == pytest.approx(summed, abs=1e-4)
    x[[0, 1, 2, -1, -2, -3]] = 0
    shifted = np.correlate(np.roll(x, 1), w, mode="valid")
    assert shifted[1:] == pytest.approx(np.correlate(x, w, mode="valid")[:-1])
    assert shifted.max() == pytest.approx(np.correlate(x, w, mode="valid").max())


@pytest.mark.proves("max-or-mean")
def test_the_mean_dilutes_one_cue(text: Text) -> None:
    assert "review of 200 words" in prose(text("cnn/max-or-mean", "q"))
    feature = np.zeros(200)
    feature[70] = 1
    assert feature.max() == 1
    assert feature.mean() == 1 / 200


@pytest.mark.proves("pooling-drill")
def test_positions_after_pooling(drill: Drill) -> None:
    for n, k in product((20, 31, 50, 100), (3, 4, 5)):
        assert drill("cnn/pooling-drill", n=n, k=k) == len(places(len(places(n, k)), 2, 2))


@pytest.mark.proves("stacked-drill", "strided-drill", "dilated-kernel", "doubling-dilations", "layers-to-connect")
def test_receptive_fields(text: Text, drill: Drill) -> None:
    for depth, k in product((2, 3, 5, 10), (3, 5, 7)):
        assert drill("cnn/stacked-drill", l=depth, k=k) == len(seen([places(200, k)] * depth))
    for k, s, m in product((3, 4, 5), (2, 3), (2, 3, 5)):
        assert drill("cnn/strided-drill", k=k, s=s, m=m) == len(seen([places(200, k, s), places(60, m)]))
    for k, r in product((2, 3, 5), (1, 2, 4)):
        window = places(100, k, dilation=r)[0]
        assert len(window) == k
        assert window[-1] + 1 == r * (k - 1) + 1
    assert "$r (k - 1) + 1$" in filled(text("cnn/dilated-kernel", "cloze"))
    dilations = [2**i for i in range(10)]
    q = prose(text("cnn/doubling-dilations", "q"))
    assert "ten causal convolutions of width 2 with dilations 1, 2, 4, … up to 512" in q
    assert dilations[-1] == 512
    assert text("cnn/doubling-dilations", "typed") == str(len(seen([places(2048, 2, dilation=r) for r in dilations])))
    assert f"= {sum(dilations)}$" in text("cnn/doubling-dilations", "why")
    layers = next(each for each in range(1, 100) if len(seen([places(400, 3)] * each)) >= 101)
    assert text("cnn/layers-to-connect", "typed") == str(layers)
    assert "101 words" in text("cnn/layers-to-connect", "q")
    assert f"An RNN needs {101 - 1} steps" in prose(text("cnn/layers-to-connect", "why"))


@pytest.mark.proves("two-small-for-one-large")
def test_small_kernels_are_cheaper(text: Text) -> None:
    channels = 8
    small = 3 * np.zeros((channels, channels, 3, 3)).size
    large = np.zeros((channels, channels, 7, 7)).size
    a = text("cnn/two-small-for-one-large", "a")
    assert f"About {small / large:.0%}: ${small // channels**2} C^2$ against ${large // channels**2} C^2$." in a
    assert len(seen([places(50, 3)] * 3)) == 7


@pytest.mark.proves("kim-diagram")
def test_the_sizes_in_kims_network(text: Text) -> None:
    diagram = filled(text("cnn/kim-diagram", "cloze"))
    assert "length n - h + 1" in diagram
    widths, each = (3, 4, 5), 100
    assert f"with {each} filters of each of the widths 3, 4 and 5" in prose(diagram)
    assert f"-> max over time -> vector of length {each * len(widths)}\n" in diagram


@pytest.mark.proves("soft-ngrams")
def test_a_filter_answers_to_similar_words(text: Text) -> None:
    rng = np.random.default_rng(5)
    learned = rng.normal(size=(3, 50))
    filter_ = learned / np.linalg.norm(learned)
    similar, unrelated = learned + 0.3 * rng.normal(size=(3, 50)), rng.normal(size=(3, 50))
    assert (filter_ * similar).sum() > 0.8 * (filter_ * learned).sum()
    assert abs((filter_ * unrelated).sum()) < 0.5 * (filter_ * learned).sum()
    assert "width 3 over word embeddings is a kind of trigram" in prose(text("cnn/soft-ngrams", "q"))


class Tensor:
    """As much of a PyTorch tensor as the card uses."""

    def __init__(self, data: Array) -> None:
        self.data = data

    def transpose(self, first: int, second: int) -> Tensor:
        return Tensor(np.swapaxes(self.data, first, second))

    def amax(self, dim: int) -> Tensor:
        return Tensor(self.data.max(axis=dim))


@pytest.mark.proves("conv1d-code")
def test_the_code_for_texts(text: Text) -> None:
    rng = np.random.default_rng(4)

    def conv1d(channels: int, outputs: int, kernel_size: int) -> Callable[[Tensor], Tensor]:
        weight = rng.normal(size=(outputs, channels, kernel_size))

        def run(x: Tensor) -> Tensor:
            assert x.data.shape[1] == channels
            steps = range(x.data.shape[2] - kernel_size + 1)
            windows = np.stack([x.data[:, :, i : i + kernel_size] for i in steps], axis=-1)
            return Tensor(np.einsum("bckn,ock->bon", windows, weight))

        return run

    names: dict[str, Any] = {"e": Tensor(rng.normal(size=(2, 9, 6))), "size": 6}
    names |= {"nn": SimpleNamespace(Conv1d=conv1d)}
    names |= {"torch": SimpleNamespace(relu=lambda x: Tensor(np.maximum(0, x.data)))}
    exec(program(text("cnn/conv1d-code", "cloze")), names)
    assert names["pooled"].data.shape == (2, 100)
    assert names["pooled"].data == pytest.approx(names["h"].data.max(axis=2))
    assert names["h"].data.shape == (2, 100, 7)
