"""The transformer of the deck: its programs put together to a decoder, and every count taken from shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = NDArray[np.float64]

QUOTED: dict[str, str] = {}


def said(text: Text, note: str, key: str) -> str:
    """A field of one of the deck's notes on a single line."""
    return prose(text(f"transformer/{note}", key))


def normal(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def softmax(x: Array) -> Array:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def gelu(x: Array) -> Array:
    return np.asarray(0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))))


def plain_norm(x: Array) -> Array:
    return np.stack([(row - sum(row) / len(row)) / math.sqrt(sum((row - row.mean()) ** 2) / len(row)) for row in x])


def plain_attention(x: Array, w_qkv: Array, w_o: Array, h: int, masked: bool = True) -> Array:
    """Causal multi-head self-attention with a loop for each head, query and key."""
    n, d = x.shape
    width = d // h
    out = np.zeros((n, d))
    for head in range(h):
        q, k, v = (x @ w_qkv[:, part * d + head * width : part * d + (head + 1) * width] for part in range(3))
        for i in range(n):
            seen = range(i + 1 if masked else n)
            scores = [math.exp(q[i] @ k[j] / math.sqrt(width)) for j in seen]
            mixed = sum(score / sum(scores) * v[j] for score, j in zip(scores, seen, strict=True))
            out[i] += mixed @ w_o[head * width : (head + 1) * width]
    return out


def functions(text: Text) -> dict[str, Any]:
    """All programs of the deck that define a function."""
    names: dict[str, Any] = {"np": np, "softmax": softmax, "gelu": gelu}
    for note in (
        "causal-attention-layer",
        "layer-norm-code",
        "block-code",
        "feed-forward-code",
        "decoder-forward-code",
    ):
        exec(program(text(f"transformer/{note}", "cloze")), names)
    return names


@pytest.mark.proves("causal-attention-layer", "mask-picture")
def test_the_attention_on_the_card_is_the_one_done_by_loops(text: Text) -> None:
    x, w_qkv, w_o = normal(5, 12), normal(12, 36, seed=1), normal(12, 12, seed=2)
    for h in (1, 3, 4):
        assert functions(text)["attend"](x, w_qkv, w_o, h) == pytest.approx(plain_attention(x, w_qkv, w_o, h))
    rows = [
        line.split()[2:] for line in filled(text("transformer/mask-picture", "cloze")).splitlines() if "query" in line
    ]
    hidden = np.triu(np.ones((4, 4), dtype=bool), k=1)
    assert rows == [["-" if cell else "0" for cell in row] for row in hidden]


@pytest.mark.proves(
    "block-code",
    "layer-norm-code",
    "feed-forward-code",
    "decoder-forward-code",
    "post-and-pre-norm",
    "decoder-forward-steps",
)
def test_the_programs_make_a_decoder_that_never_looks_ahead(text: Text) -> None:
    f = functions(text)
    d, h, vocabulary = 12, 3, 20
    E, P, gain, bias = normal(vocabulary, d), normal(9, d, seed=1), np.ones(d), np.zeros(d)
    weights = [
        (normal(d, 3 * d, seed=s), normal(d, d, seed=s + 1), normal(d, 4 * d, seed=s + 2), normal(4 * d, d, seed=s + 3))
        for s in (10, 20)
    ]

    def norm(x: Array) -> Array:
        return np.asarray(f["layer_norm"](x, gain, bias, eps=0.0))

    def made(w: tuple[Array, ...]) -> Callable[[Array], Array]:
        return lambda x: np.asarray(
            f["block"](
                x,
                lambda y: f["attend"](y, w[0], w[1], h),
                lambda y: f["feed_forward"](y, w[2], 0.1, w[3], 0.2),
                norm,
                norm,
            )
        )

    def run(ids: list[int]) -> Array:
        return np.asarray(f["logits"](np.array(ids), E, P, [made(w) for w in weights], norm))

    ids = [3, 1, 4, 1, 5, 9]
    x = E[ids] + P[: len(ids)]
    for w in weights:
        x = x + plain_attention(plain_norm(x), w[0], w[1], h)
        x = x + gelu(plain_norm(x) @ w[2] + 0.1) @ w[3] + 0.2
    assert run(ids) == pytest.approx(plain_norm(x) @ E.T)
    changed = run([*ids[:-1], 7])
    assert changed[:-1] == pytest.approx(run(ids)[:-1])
    assert changed[-1] != pytest.approx(run(ids)[-1])


@pytest.mark.proves("translation-block-code", "decoder-block-steps")
def test_the_translation_block_is_three_sub_layers_each_closed_by_a_norm(text: Text) -> None:
    names: dict[str, Any] = {}
    exec(program(text("transformer/translation-block-code", "cloze")), names)
    y, memory, w = normal(3, 4), normal(5, 4, seed=1), normal(4, 4, seed=2)

    def look(y: Array, memory: Array) -> Array:
        return softmax(y @ memory.T / 2) @ memory

    out = names["block"](y, memory, lambda y: y @ w, look, gelu, [plain_norm] * 3)
    for add in (lambda y: y @ w, lambda y: look(y, memory), gelu):
        y = plain_norm(y + add(y))
    assert out == pytest.approx(y)
    steps = ("self", "self-norm", "cross", "cross-norm", "feed-forward", "feed-forward-norm")
    said_steps = [said(text, "decoder-block-steps", f"steps.of.{step}") for step in steps]
    assert all("layer norm" in each for each in said_steps[1::2])


@pytest.mark.proves("one-layer-unmasked", "predictions-per-pass", "next-token-loss-code")
def test_one_unmasked_layer_leaks_and_the_loss_has_one_term_fewer_than_tokens(text: Text) -> None:
    w_qkv, w_o = normal(8, 24, seed=1), normal(8, 8, seed=2)

    def deep(x: Array, open_layer: int | None) -> Array:
        for layer in range(12):
            x = x + plain_attention(plain_norm(x), w_qkv, w_o, 2, masked=layer != open_layer) / 8
        return x

    one = normal(4, 8) / 4
    two = one.copy()
    two[-1] = normal(8, seed=9)
    assert deep(one, None)[:-1] == pytest.approx(deep(two, None)[:-1])
    assert deep(one, 5)[:-1] != pytest.approx(deep(two, 5)[:-1])
    assert "decoder of 12 layers" in said(text, "one-layer-unmasked", "q")
    n, ids = 6, np.array([3, 1, 4, 1, 5, 9])
    log_probs = np.log(softmax(normal(n, 10)))
    names: dict[str, Any] = {"np": np, "n": n, "ids": ids, "log_probs": log_probs}
    exec(program(text("transformer/next-token-loss-code", "cloze")), names)
    assert names["loss"] == pytest.approx(-sum(log_probs[t, ids[t + 1]] for t in range(n - 1)) / (n - 1))
    assert names["targets"].size == n - 1
    assert said(text, "predictions-per-pass", "a").startswith("$n - 1$")


@pytest.mark.proves("only-attention-mixes", "position-wise", "ffn-formula", "ffn-without-activation", "ffn-memory")
def test_the_feed_forward_network_works_on_each_token_alone(text: Text) -> None:
    x, w1, b1, w2, b2 = normal(4, 6), normal(6, 24), normal(24), normal(24, 6), normal(6)
    out = np.maximum(0, x @ w1 + b1) @ w2 + b2
    moved = x.copy()
    moved[2] += 1
    other = np.maximum(0, moved @ w1 + b1) @ w2 + b2
    assert other[[0, 1, 3]] == pytest.approx(out[[0, 1, 3]])
    assert other[2] != pytest.approx(out[2])
    assert r"\max(0, x W_1 + b_1) W_2 + b_2" in filled(text("transformer/ffn-formula", "cloze"))
    assert np.linalg.matrix_rank(w1 @ w2) == 6
    memory = sum(max(0.0, float(x[0] @ key)) * value for key, value in zip(w1.T, w2, strict=True))
    assert memory == pytest.approx(np.maximum(0, x[0] @ w1) @ w2)


@pytest.mark.proves("ffn-parameters", "swiglu-width", "swiglu-formula")
def test_feed_forward_layers_are_counted_by_their_arrays(drill: Drill, text: Text) -> None:
    for d, f in product((64, 128, 256, 512), (256, 512, 1024, 2048)):
        if f >= 2 * d:
            arrays = (np.empty((d, f)), np.empty(f), np.empty((f, d)), np.empty(d))
            assert drill("transformer/ffn-parameters", d=d, f=f) == sum(array.size for array in arrays)
    d = 768
    gated = 8 * d // 3
    assert 3 * d * gated == 2 * d * 4 * d
    assert r"$\frac{8}{3} d$, two thirds of $4d$" in said(text, "swiglu-width", "a")
    assert 4 * 2 / 3 == pytest.approx(8 / 3)


@pytest.mark.proves("two-component-layer-norm", "rms-norm-formula", "layer-norm-code")
def test_layer_norm_of_two_numbers_keeps_only_their_order(text: Text) -> None:
    x = np.array([3.0, 11.0])
    assert "two components, 3 and 11." in said(text, "two-component-layer-norm", "q")
    out = functions(text)["layer_norm"](x, 1.0, 0.0, eps=0.0)
    assert said(text, "two-component-layer-norm", "a") == f"{out[0]:.0f} and {out[1]:.0f}"
    assert f"Mean {x.mean():.0f}, standard deviation {x.std():.0f}." in said(text, "two-component-layer-norm", "why")
    v = normal(7)
    rms = v / math.sqrt(sum(c * c for c in v) / 7)
    assert (rms**2).mean() == pytest.approx(1)
    centred = v - v.mean()
    assert centred / math.sqrt((centred**2).mean()) == pytest.approx(plain_norm(v[None])[0])
    assert r"\sqrt{ (x_1^2 + \ldots + x_d^2) / d }" in filled(text("transformer/rms-norm-formula", "cloze"))


@pytest.mark.proves("identity-path", "final-norm")
def test_a_gradient_passes_a_sum_undiminished_and_the_stream_grows(text: Text) -> None:
    layers = [0.3 * normal(6, 6, seed=s) for s in range(24)]

    def run(x: Array) -> Array:
        for w in layers:
            x = x + np.tanh(plain_norm(x[None])[0] @ w)
        return x

    x, eps = normal(6, seed=50), 1e-6

    def jacobian(f: Callable[[Array], Array]) -> Array:
        return np.stack([(f(x + eps * e) - f(x - eps * e)) / (2 * eps) for e in np.eye(6)])

    def branch(x: Array) -> Array:
        return np.asarray(np.tanh(plain_norm(x[None])[0] @ layers[0]))

    assert jacobian(lambda x: x + branch(x)) - jacobian(branch) == pytest.approx(np.eye(6), abs=1e-7)
    assert np.linalg.norm(run(x)) > 2 * np.linalg.norm(x)
    assert "one term of a sum" in said(text, "identity-path", "a")


@pytest.mark.proves("without-skips")
def test_pure_attention_makes_all_tokens_alike(text: Text) -> None:
    def spread(x: Array) -> float:
        return float(np.abs(x - x.mean(axis=0)).max() / np.abs(x).max())

    pure = residual = normal(6, 8)
    for _layer in range(12):
        pure = softmax(pure @ pure.T / math.sqrt(8)) @ pure
        residual = plain_norm(residual + softmax(residual @ residual.T / math.sqrt(8)) @ normal(6, 8, seed=3) / 4)
    assert spread(pure) < 1e-3
    assert spread(residual) > 0.1
    assert "same vector" in said(text, "without-skips", "a")


@pytest.mark.proves("tying-saves", "tying-meaning", "embedding-scale", "embedding-no-flops")
def test_tied_weights_are_counted_once_and_score_by_dot_products(drill: Drill, text: Text) -> None:
    for d, v in product((256, 512, 768, 1024), (10000, 32000, 50000)):
        assert drill("transformer/tying-saves", d=d, v=v) == v * d
    table = 50257 * 768
    whole = table + 1024 * 768 + 12 * (12 * 768**2 + 13 * 768) + 2 * 768
    why = said(text, "tying-saves", "why")
    assert f"{table / 1e6:.1f} million, beside the {whole / 1e6:.0f} million" in why
    assert 0.3 < table / whole < 1 / 3
    assert "nearly a third" in said(text, "embedding-no-flops", "q")
    E, last = normal(20, 6), normal(6, seed=1)
    assert (last @ E.T)[7] == pytest.approx(sum(a * b for a, b in zip(last, E[7], strict=True)))
    scaled = math.sqrt(512) * (normal(2000, 512) / math.sqrt(512))
    assert scaled.std() == pytest.approx(1, rel=0.01)
    assert said(text, "embedding-scale", "a") == r"By $\sqrt{d_\text{model}}$."


def matrices(d: int, cross: bool = False) -> list[tuple[int, int]]:
    return [(d, d)] * (8 if cross else 4) + [(d, 4 * d), (4 * d, d)]


def weights_of(d: int, cross: bool = False) -> int:
    return sum(rows * columns for rows, columns in matrices(d, cross))


@pytest.mark.proves(
    "block-weights", "block-weights-where", "biases-and-norms", "cross-attention-adds", "encoder-against-decoder-block"
)
def test_a_blocks_parameters_are_those_of_its_arrays(drill: Drill, text: Text) -> None:
    for d in (64, 100, 128, 256, 512, 1000, 1024):
        assert drill("transformer/block-weights", d=d) == weights_of(d)
        assert weights_of(d, cross=True) - weights_of(d) == 4 * d * d
    d = 768
    extra = sum(columns for _rows, columns in matrices(d)) + 2 * (d + d)
    assert extra == 13 * d
    assert f"that is {extra:,} beside {weights_of(d):,}." in said(text, "biases-and-norms", "why")
    assert said(text, "biases-and-norms", "a") == "$13d$"
    assert said(text, "cross-attention-adds", "a") == "$4d^2$"
    assert "$16d^2$ to an encoder block's $12d^2$" in said(text, "cross-attention-adds", "why")
    cells = [said(text, "encoder-against-decoder-block", f"contrast.by.weights.{k}") for k in ("encoder", "decoder")]
    assert cells == [f"${weights_of(1, cross)}d^2$" for cross in (False, True)]
    assert "its extra $4d^2$" in said(text, "encoder-against-decoder-block", "why")
    note = filled(text("transformer/block-weights-where", "cloze"))
    assert "$4d^2$ in attention and $8d^2$ in the feed-forward" in prose(note)


@pytest.mark.proves("model-parameters", "shapes-cost")
def test_a_models_parameters_are_its_layers_and_one_table(drill: Drill, text: Text) -> None:
    for layers, d, v in product((6, 12, 24), (500, 800, 1000), (20000, 30000, 50000)):
        total = layers * weights_of(d) + v * d
        assert drill("transformer/model-parameters", layers=layers, d=d, v=v) == pytest.approx(total / 1e6)
    assert f"the layers have {12 * weights_of(768) / 1e6:.0f} million" in said(text, "model-parameters", "why")
    stacked = 6 * weights_of(512) + 6 * weights_of(512, cross=True)
    assert 2 < stacked / (6 * weights_of(512)) < 2.4


@pytest.mark.proves("flops-forward-backward", "training-flops", "context-flops")
def test_operations_follow_from_multiplying_and_adding_once_a_weight(drill: Drill, text: Text) -> None:
    d = 4
    operations = sum(2 * rows * columns for rows, columns in matrices(d))
    assert operations == 2 * weights_of(d)
    note = filled(text("transformer/flops-forward-backward", "cloze"))
    assert "$2N$" in note
    assert "$6N$" in note
    assert 2 + 2 * 2 == 6
    for n, t in product((1, 2, 7, 10, 70), (100, 300, 1000, 2000)):
        assert drill("transformer/training-flops", n=n, t=t) == pytest.approx(6 * (n * 1e9) * (t * 1e9) / 1e21)
    width, length = 4096, 12 * 4096
    seen = sum(range(1, length + 1)) / length
    comparing, mixing = 2 * seen * width, 2 * seen * width
    assert comparing + mixing == pytest.approx(2 * weights_of(width), rel=0.001)
    assert f"At width {width:,} that is {length:,} tokens" in said(text, "context-flops", "why")
    assert "$12d$" in said(text, "context-flops", "a")
