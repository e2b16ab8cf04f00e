"""The formulas, numbers and programs of the deck on positional encoding, worked out afresh."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise, product
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support import drawn
from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = NDArray[np.float64]

QUOTED: dict[str, str] = {
    "sinusoids-tested": "press2022 §2.2: trained on 512, better up to 20 further tokens, worse from 50",
    "learned-table-end": "devlin2019 Appendix A.2: sequences of at most 512 tokens",
    "t5-bias": "raffel2020 §2.1: 32 embeddings",
    "t5-beyond-128": "raffel2020 §2.1: an offset of 128",
    "larger-base": "roziere2023 §2.4: from 10,000 to 1,000,000",
}


def said(text: Text, note: str, key: str) -> str:
    """A field of one of the deck's notes on a single line."""
    return prose(text(f"positional-encoding/{note}", key))


def softmax(x: Array) -> Array:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def normal(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def frequencies(d: int, base: float = 10000.0) -> list[float]:
    return [base ** (-2 * i / d) for i in range(d // 2)]


def encoding(p: float, d: int) -> Array:
    return np.array([f(p * w) for w in frequencies(d) for f in (math.sin, math.cos)])


def turned(x: Array, position: float, base: float = 10000.0) -> Array:
    """RoPE pair by pair, as multiplication by a complex number of length 1."""
    out = []
    for i, w in enumerate(frequencies(len(x), base)):
        z = complex(x[2 * i], x[2 * i + 1]) * complex(math.cos(position * w), math.sin(position * w))
        out += [z.real, z.imag]
    return np.array(out)


@pytest.mark.proves("same-word-twice", "causal-mask-tells-position")
def test_equal_words_stay_equal_without_a_mask_and_a_causal_mask_tells_them_apart(text: Text) -> None:
    dog, sees = normal(4), normal(4, seed=1)
    x = np.stack([dog, sees, dog])
    for _layer in range(3):
        x = x + softmax(x @ x.T / 2) @ x
    assert x[0] == pytest.approx(x[2])
    assert said(text, "same-word-twice", "a") == "They are equal."
    n = 6
    uniform = softmax(np.where(np.tril(np.ones((n, n), dtype=bool)), 0.0, -np.inf))
    assert uniform[:, 0] == pytest.approx([1 / t for t in range(1, n + 1)])
    assert "the weight $1/t$" in said(text, "causal-mask-tells-position", "why")


@pytest.mark.proves("sinusoid-formula", "sinusoid-code")
def test_the_program_is_the_formula(text: Text) -> None:
    names: dict[str, Any] = {"np": np}
    exec(program(text("positional-encoding/sinusoid-code", "cloze")), names)
    assert names["sinusoids"](7, 10) == pytest.approx(np.stack([encoding(p, 10) for p in range(7)]))
    formula = filled(text("positional-encoding/sinusoid-formula", "cloze"))
    assert r"\sin \frac{p}{ 10000^{ 2i/d } }, \cos \frac{p}{ 10000^{ 2i/d } }" in formula


@pytest.mark.proves("wavelength")
def test_a_pair_repeats_after_its_wavelength(drill: Drill, text: Text) -> None:
    for i, d in product((0, 1, 2, 3), (4, 8, 16)):
        if 2 * i < d:
            length = drill("positional-encoding/wavelength", i=i, d=d)
            pair = slice(2 * i, 2 * i + 2)
            assert encoding(5 + length, d)[pair] == pytest.approx(encoding(5, d)[pair])
            assert encoding(5 + length / 2, d)[pair] == pytest.approx(-encoding(5, d)[pair])
    assert r"from $2\pi$ towards $10000 \cdot 2\pi$" in said(text, "wavelength", "why")


@pytest.mark.proves("linear-in-offset", "sinusoid-dot-product")
def test_an_offset_is_one_rotation_for_all_positions_and_dot_products_know_only_the_distance(text: Text) -> None:
    d, k = 8, 3
    turn = np.zeros((d, d))
    for i, w in enumerate(frequencies(d)):
        c, s = math.cos(k * w), math.sin(k * w)
        turn[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[c, s], [-s, c]]
    for p in (0, 4, 50):
        assert turn @ encoding(p, d) == pytest.approx(encoding(p + k, d))
        expected = sum(math.cos(w * (p - 11)) for w in frequencies(d))
        assert encoding(p, d) @ encoding(11, d) == pytest.approx(expected)
    note = filled(text("positional-encoding/sinusoid-dot-product", "cloze"))
    assert r"$\sum_i \cos(\omega_i (p - r))$" in note


@pytest.mark.proves("learned-table-size")
def test_a_table_has_a_row_for_each_position(drill: Drill, text: Text) -> None:
    for n, d in product((512, 1024, 2048), (256, 512, 768, 1024)):
        assert drill("positional-encoding/learned-table-size", n=n, d=d) == np.empty((n, d)).size
    assert f"BERT-base has {512 * 768:,} of them" in said(text, "learned-table-size", "why")


@pytest.mark.proves("shaw-relative-keys")
def test_clipped_offsets_take_twice_the_limit_and_one_vectors(text: Text) -> None:
    for limit in (1, 4, 16):
        offsets = {max(-limit, min(limit, j - i)) for i in range(50) for j in range(50)}
        assert len(offsets) == 2 * limit + 1
    note = filled(text("positional-encoding/shaw-relative-keys", "cloze"))
    assert "$2K + 1$" in note
    assert r"\left( k_j + a_{j-i}" in note


@pytest.mark.proves("rope-angle", "rope-matrix", "rope-where", "rope-cached-keys")
def test_rope_scores_depend_on_the_distance_and_rope_keeps_lengths(text: Text) -> None:
    q, k = normal(8), normal(8, seed=1)
    assert turned(q, 9) @ turned(k, 4) == pytest.approx(turned(q, 105) @ turned(k, 100))
    assert turned(q, 9) @ turned(k, 4) != pytest.approx(turned(q, 9) @ turned(k, 5))
    assert np.linalg.norm(turned(q, 17)) == pytest.approx(np.linalg.norm(q))
    # values turned by their own positions would tell where the whole text stands
    weights = softmax(np.array([0.3, -0.2, 1.0]))
    values = normal(3, 8, seed=2)
    mixed = [
        sum(w * turned(v, start + j) for j, (w, v) in enumerate(zip(weights, values, strict=True))) for start in (0, 7)
    ]
    assert mixed[0] != pytest.approx(mixed[1])
    angle = filled(text("positional-encoding/rope-angle", "cloze"))
    assert r"$m \theta_i$" in angle
    assert "$m - n$" in angle
    theta, m = 0.3, 5
    matrix = np.array([[math.cos(m * theta), -math.sin(m * theta)], [math.sin(m * theta), math.cos(m * theta)]])
    z = complex(1.5, -0.5) * complex(math.cos(m * theta), math.sin(m * theta))
    assert matrix @ [1.5, -0.5] == pytest.approx([z.real, z.imag])
    rows = prose(filled(text("positional-encoding/rope-matrix", "cloze")))
    assert r"\cos m\theta & -\sin m\theta \\ \sin m\theta & \cos m\theta" in rows


@pytest.mark.proves("rope-angle-between")
def test_the_angle_between_two_turned_copies(drill: Drill) -> None:
    for theta, m, n in product((0.01, 0.1, 0.25), (5, 9, 12), (1, 3, 4)):
        one = np.array([math.cos(m * theta), math.sin(m * theta)])
        two = np.array([math.cos(n * theta), math.sin(n * theta)])
        angle = drill("positional-encoding/rope-angle-between", theta=theta, m=m, n=n)
        assert math.cos(angle) == pytest.approx(one @ two)
        assert 0 < angle < math.pi


@pytest.mark.proves("rope-code", "rope-pairing-trap")
def test_the_program_turns_neighbouring_pairs_and_the_other_pairing_is_another_function(text: Text) -> None:
    names: dict[str, Any] = {"np": np}
    exec(program(text("positional-encoding/rope-code", "cloze")), names)
    x, d = normal(5, 8), 8
    out = names["rope"](x)
    assert out == pytest.approx(np.stack([turned(row, p) for p, row in enumerate(x)]))
    order = np.array([*range(0, d, 2), *range(1, d, 2)])

    def halves(x: Array) -> Array:
        angle = np.outer(np.arange(len(x)), frequencies(d))
        one, two = x[:, : d // 2], x[:, d // 2 :]
        return np.concatenate(
            [one * np.cos(angle) - two * np.sin(angle), one * np.sin(angle) + two * np.cos(angle)], axis=1
        )

    assert halves(x) @ halves(x).T != pytest.approx(out @ out.T)
    assert halves(x[:, order]) @ halves(x[:, order]).T == pytest.approx(out @ out.T)


@pytest.mark.proves("alibi-penalty", "alibi-formula", "alibi-slopes-differ")
def test_the_slopes_are_a_geometric_sequence(drill: Drill, text: Text) -> None:
    slopes = {
        8: [1 / 2**k for k in range(1, 9)],
        16: [math.sqrt(0.5) ** k for k in range(1, 17)],
        4: [0.25**k for k in range(1, 5)],
    }
    for h, k, back in product((4, 8, 16), (1, 2, 3, 4), (4, 8, 10, 100)):
        if 8 * k % h == 0:
            penalty = drill("positional-encoding/alibi-penalty", h=h, k=k, back=back)
            assert penalty == pytest.approx(back * slopes[h][k - 1])
    assert f"8 heads have $1/2$, $1/4$, … $1/{1 / slopes[8][-1]:.0f}$" in said(text, "alibi-penalty", "why")
    assert "- m (i - j)" in filled(text("positional-encoding/alibi-formula", "cloze"))


@pytest.mark.proves("position-interpolation", "rope-beyond-training", "larger-base")
def test_interpolation_squeezes_and_a_larger_base_slows_the_slow_pairs_most(drill: Drill, text: Text) -> None:
    for short, long in product((2048, 4096), (8192, 16384, 32768)):
        squeezed = [
            drill("positional-encoding/position-interpolation", short=short, long=long, p=p) for p in (1000, 8000)
        ]
        assert squeezed[1] < short
        assert squeezed == [1000 * short / long, 8000 * short / long]
    d = 128
    slowed = [b / a for a, b in zip(frequencies(d), frequencies(d, 1e6), strict=True)]
    assert slowed[0] == 1
    assert all(later < earlier for earlier, later in pairwise(slowed))
    assert "most of all those of the slow pairs" in said(text, "larger-base", "a")
    assert frequencies(d)[-1] * 4096 < 2 * math.pi
    assert "only part of a turn" in said(text, "rope-beyond-training", "why")


@pytest.mark.proves("where-components-begin")
def test_the_heat_map_drawn(text: Text) -> None:
    positions, d = 40, 32
    heat = next(each for each in ElementTree.parse(drawn.FOLDER / "sinusoids.svg").iter() if each.get("id") == "heat")
    levels = sorted(heat, key=lambda path: int(path.get("stroke", "#")[1:], 16))
    shown = np.full((positions, d), np.nan)
    for level, path in enumerate(levels):
        for column, row, count in re.findall(r"M(\d+)\.5 (\d+)v(\d+)", path.get("d", "")):
            shown[int(row) : int(row) + int(count), int(column)] = level
    expected = np.array([encoding(p, d) for p in range(positions)])[:, ::-1]
    middle = (shown + 0.5) / len(levels) * 2 - 1
    assert abs(middle - expected).max() <= 1 / len(levels) + 1e-9
    q = prose(text("positional-encoding/where-components-begin", "q"))
    assert f"{positions} positions, downwards, by {d} components" in q
    assert expected[:, 0] == pytest.approx(np.ones(positions), abs=0.01)
    assert expected[:, 1] == pytest.approx(np.zeros(positions), abs=0.01)
    assert f"after {positions} positions" in prose(text("positional-encoding/where-components-begin", "why"))
    assert "about six positions" in text("positional-encoding/where-components-begin", "a")
    assert round(2 * math.pi) == 6
