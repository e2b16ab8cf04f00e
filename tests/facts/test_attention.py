"""The numbers, formulas and programs of the deck on attention, worked out afresh."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support import drawn
from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Array = NDArray[np.float64]

QUOTED: dict[str, str] = {
    "cross-attention-needs-heads": "michel2019 §5, the shares 60 and 20 per cent",
}


def said(text: Text, note: str, key: str) -> str:
    """A field of one of the deck's notes on a single line, so that no test depends on where a line is broken."""
    return prose(text(f"attention/{note}", key))


def softmax(x: Array, axis: int = -1) -> Array:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.asarray(e / e.sum(axis=axis, keepdims=True))


def normal(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


# --- attention between a decoder and an encoder ---------------------------------------------------


@pytest.mark.proves("bahdanau-step", "additive-multiplicative-formulas")
def test_both_scores_are_one_number_per_pair_and_the_identity_makes_the_bilinear_one_a_dot_product(text: Text) -> None:
    note = filled(text("attention/additive-multiplicative-formulas", "cloze"))
    assert r"$v^T \tanh(W s + U h)$" in note
    assert "$s^T W h$" in note
    s, h, v, w, u = normal(4), normal(6, seed=1), normal(5, seed=2), normal(5, 4, seed=3), normal(5, 6, seed=4)
    assert np.ndim(v @ np.tanh(w @ s + u @ h)) == 0
    assert np.ndim(s @ normal(4, 6, seed=5) @ h) == 0
    assert s @ np.eye(4) @ h[:4] == pytest.approx(s @ h[:4])
    states = normal(7, 6, seed=6)
    context = softmax(normal(7, seed=7)) @ states
    assert context.shape == states[0].shape


@pytest.mark.proves("dot-product-cheaper")
def test_a_batched_additive_score_holds_one_hidden_layer_per_pair(text: Text) -> None:
    queries, keys = normal(100, 64), normal(100, 64, seed=1)
    hidden = np.tanh(queries[:, None, :] + keys[None, :, :])
    scores = hidden @ normal(64, seed=2)
    why = said(text, "dot-product-cheaper", "why")
    assert "100 queries, 100 keys and 64 hidden units" in why
    assert f"{hidden.size:,} numbers" in why
    assert f"{scores.size:,} scores" in why
    assert (queries @ keys.T).size == scores.size


@pytest.mark.proves("soft-hard-gradient")
def test_a_soft_mean_has_a_gradient_where_a_hard_choice_has_none() -> None:
    scores, values, step = np.array([0.3, 0.1, -0.4]), np.array([1.0, 5.0, 2.0]), 1e-5

    def soft(x: Array) -> float:
        return float(softmax(x) @ values)

    def hard(x: Array) -> float:
        cumulative = np.cumsum(softmax(x))
        return float(values[int(np.searchsorted(cumulative, 0.55))])

    nudge = np.array([step, 0.0, 0.0])
    weights = softmax(scores)
    slope = (soft(scores + nudge) - soft(scores - nudge)) / (2 * step)
    assert slope == pytest.approx(weights[0] * (values[0] - weights @ values), rel=1e-6)
    assert hard(scores + nudge) == hard(scores - nudge)


@pytest.mark.proves("tied-query-key")
def test_one_matrix_for_queries_and_keys_makes_the_scores_symmetric() -> None:
    x, w, other = normal(5, 8), normal(8, 4, seed=1), normal(8, 4, seed=2)
    tied = (x @ w) @ (x @ w).T
    free = (x @ w) @ (x @ other).T
    assert np.allclose(tied, tied.T)
    assert not np.allclose(free, free.T)


@pytest.mark.proves("weight-among-many")
def test_the_same_score_gets_less_weight_among_more_words(drill: Callable[..., float]) -> None:
    for n, k in product((5, 10, 21, 41), (4, 10, 20, 40)):
        scores = np.zeros(n)
        scores[2] = math.log(k)
        assert drill("attention/weight-among-many", n=n, k=k) == pytest.approx(softmax(scores)[2])
    assert drill("attention/weight-among-many", n=41, k=10) < drill("attention/weight-among-many", n=5, k=10)


@pytest.mark.proves("weight-times-value")
def test_the_lighter_token_contributes_more_when_its_value_is_longer(text: Text) -> None:
    question, why = said(text, "weight-times-value", "q"), said(text, "weight-times-value", "why")
    heavy, light = 0.9, 0.1
    assert f"weight {heavy}" in question
    assert f"weight {light}" in question
    short, long = 0.1, 5
    assert f"value norms {short} and {long}" in why
    assert f"norms {heavy * short:.2g} and {light * long:.2g}" in why
    assert heavy * short < light * long


# --- scaled dot-product self-attention ------------------------------------------------------------


@pytest.mark.proves("scale-keeps-gradient")
def test_unscaled_scores_leave_the_softmax_almost_without_gradient(text: Text) -> None:
    why = said(text, "scale-keeps-gradient", "why")
    assert "Scores of 16 and 0" in why
    assert "divided by 8, the root of $d_k = 64$" in why
    assert "become 2 and 0" in why
    scores = np.array([16.0, 0.0])
    scaled = scores / math.sqrt(64)
    assert scaled.tolist() == [2.0, 0.0]
    for x, told in ((scores, "0.0000001"), (scaled, "0.105")):
        p = softmax(x)[0]
        step = np.array([1e-4, 0.0])
        numerical = (softmax(x + step)[0] - softmax(x - step)[0]) / 2e-4
        assert p * (1 - p) == pytest.approx(numerical, rel=1e-4)
        digits = len(told.split(".")[1])
        assert f"{p * (1 - p):.{digits}f}" == told
        assert told in why


@pytest.mark.proves("dot-product-variance")
def test_the_variance_of_a_dot_product_is_its_width(text: Text) -> None:
    assert said(text, "dot-product-variance", "a") == "$d_k$"
    for width in (1, 2, 3, 4):
        signs = list(product((-1, 1), repeat=2 * width))
        products = np.array([np.dot(s[:width], s[width:]) for s in signs])
        assert products.mean() == 0
        assert products.var() == pytest.approx(width)
        assert (products / math.sqrt(width)).var() == pytest.approx(1)
        assert (products / width).var() == pytest.approx(1 / width)


@pytest.mark.proves("scaled-dot-product-formula", "attention-shapes")
def test_the_shapes_on_the_card_are_those_of_the_formula(text: Text) -> None:
    formula = filled(text("attention/scaled-dot-product-formula", "cloze"))
    assert r"\mathrm{softmax}\left(\frac{ QK^T }{ \sqrt{d_k}  }\right) V" in formula
    sizes = {"n": 3, "m": 7, "d_k": 4, "d_v": 5}
    shapes = {
        row.split()[0]: tuple(sizes[name] for name in re.findall(r"[a-z_]+", row.split("(")[1]))
        for row in filled(text("attention/attention-shapes", "cloze")).splitlines()
        if row.endswith(")")
    }
    q, k, v = (np.ones(shapes[name]) for name in ("Q", "K", "V"))
    scores = q @ k.T / math.sqrt(sizes["d_k"])
    assert scores.shape == shapes["scores"]
    assert (softmax(scores) @ v).shape == shapes["output"]


@pytest.mark.proves("cross-attention-shapes")
def test_cross_attention_has_a_row_for_every_target_token(text: Text) -> None:
    question = said(text, "cross-attention-shapes", "q")
    assert "5 target tokens" in question
    assert "9 source tokens" in question
    assert "64 components" in question
    target, source = normal(5, 64), normal(9, 64, seed=1)
    weights = softmax(target @ source.T / 8)
    output = weights @ source
    answer = said(text, "cross-attention-shapes", "a")
    assert answer == rf"Weights ${weights.shape[0]} \times {weights.shape[1]}$, output $5 \times {output.shape[1]}$."
    assert output.shape[0] == 5
    assert f"the {len(source)} source tokens are summed" in said(text, "cross-attention-shapes", "why")


@pytest.mark.proves("softmax-wrong-axis")
def test_softmax_over_queries_lets_a_later_token_change_an_earlier_output() -> None:
    x = normal(4, 6)
    later = x.copy()
    later[-1] += 1.0
    future = np.triu(np.ones((4, 4), dtype=bool), k=1)

    def first_outputs(tokens: Array, axis: int) -> Array:
        scores = np.where(future, -np.inf, tokens @ tokens.T)
        return np.asarray(softmax(scores, axis=axis) @ tokens)[:-1]

    assert np.allclose(first_outputs(x, -1), first_outputs(later, -1))
    assert not np.allclose(first_outputs(x, 0), first_outputs(later, 0))


@pytest.mark.proves("key-bias-cancels")
def test_a_key_bias_changes_no_weight_but_a_query_bias_does() -> None:
    q, k, bias = normal(3, 4), normal(5, 4, seed=1), normal(4, seed=2)
    assert np.allclose(softmax(q @ (k + bias).T), softmax(q @ k.T))
    assert not np.allclose(softmax((q + bias) @ k.T), softmax(q @ k.T))


@pytest.mark.proves("mask-before-softmax")
def test_zeroing_after_the_softmax_leaves_weights_that_do_not_sum_to_one(text: Text) -> None:
    why = said(text, "mask-before-softmax", "why")
    assert "Equal scores for 4 keys, of which 2 are hidden" in why
    hidden = np.array([False, False, True, True])
    after = np.where(hidden, 0.0, softmax(np.zeros(4)))
    before = softmax(np.where(hidden, -np.inf, np.zeros(4)))
    assert f"zeroing afterwards leaves {after[0]} each" in why
    assert f"gives {before[0]} each" in why
    assert after.sum() < 1
    assert before.sum() == 1
    louder = np.where(hidden, 0.0, softmax(np.array([0.0, 0.0, 3.0, 0.0])))
    assert louder[0] < after[0]
    assert np.allclose(louder / louder.sum(), before)


@pytest.mark.proves("causal-softmax-code", "causal-attention-code", "why-causal-mask")
def test_the_programs_on_the_cards_compute_causal_attention(text: Text) -> None:
    names: dict[str, Any] = {"np": np}
    for note in ("causal-softmax-code", "causal-attention-code"):
        exec(program(text(f"attention/{note}", "cloze")), names)
    q, k, v = (normal(2, 3, 5, 4, seed=seed) for seed in range(3))
    got = names["causal_attention"](q, k, v)
    want = np.zeros_like(got)
    for a, b, t in product(range(2), range(3), range(5)):
        scores = np.array([q[a, b, t] @ k[a, b, j] for j in range(t + 1)]) / 2.0
        want[a, b, t] = softmax(scores) @ v[a, b, : t + 1]
    assert np.allclose(got, want)
    assert k.T.shape != k.swapaxes(-1, -2).shape
    huge = names["causal_softmax"](np.full((3, 3), 1e4))
    assert np.allclose(huge, np.tril(np.ones((3, 3))) / np.arange(1, 4)[:, None])


@pytest.mark.proves("causal-softmax-code")
def test_hiding_the_diagonal_too_makes_the_first_row_nan(text: Text) -> None:
    assert "`k=0`" in said(text, "causal-softmax-code", "why")
    code = program(text("attention/causal-softmax-code", "cloze"))
    names: dict[str, Any] = {"np": np}
    exec(code.replace("k=1", "k=0"), names)
    with np.errstate(invalid="ignore"):
        weights = names["causal_softmax"](np.zeros((3, 3)))
    assert np.isnan(weights[0]).all()
    assert not np.isnan(weights[1:]).any()


@pytest.mark.proves("padding-keys-only")
def test_padding_as_a_query_changes_no_real_output_but_as_a_key_it_does() -> None:
    x, other = normal(5, 4), normal(5, 4)
    other[3:] += 2.0
    padding = np.array([False, False, False, True, True])

    def real_outputs(tokens: Array, mask: NDArray[np.bool_]) -> Array:
        scores = np.where(mask, -np.inf, tokens @ tokens.T)
        return np.asarray(softmax(scores) @ tokens)[:3]

    assert np.allclose(real_outputs(x, padding), real_outputs(other, padding))
    unmasked = np.zeros(5, dtype=bool)
    assert not np.allclose(real_outputs(x, unmasked), real_outputs(other, unmasked))


@pytest.mark.proves("attention-cost-crossover")
def test_scoring_and_mixing_overtake_the_projections_at_twice_the_width(text: Text) -> None:
    assert said(text, "attention-cost-crossover", "a") == "$n = 2d$"

    def multiplications(n: int, d: int, h: int) -> tuple[int, int]:
        pairs = h * (n * n * (d // h) + n * n * (d // h))
        return pairs, 4 * n * d * d

    for width, heads in ((768, 12), (512, 8), (64, 1)):
        pairs, projections = multiplications(2 * width, width, heads)
        assert pairs == projections
        pairs, projections = multiplications(2 * width + 1, width, heads)
        assert pairs > projections
    why = said(text, "attention-cost-crossover", "why")
    assert f"At width 768 the quadratic part dominates only beyond {2 * 768:,} tokens" in why


@pytest.mark.proves("score-matrix-memory")
def test_the_score_matrices_hold_two_bytes_for_each_pair_of_tokens(drill: Callable[..., float]) -> None:
    row = np.zeros(1, dtype=np.float16)
    for h, n in product((8, 16, 32, 64), (4096, 8192, 16384, 32768)):
        scores = np.broadcast_to(row, (h, n, n))
        assert drill("attention/score-matrix-memory", h=h, n=n) == scores.size * row.itemsize / 1024**3
    once, twice = (drill("attention/score-matrix-memory", h=8, n=n) for n in (4096, 8192))
    assert twice == 4 * once


@pytest.mark.proves("permutation-equivariance")
def test_shuffled_inputs_give_the_same_outputs_shuffled_unless_a_causal_mask_is_used() -> None:
    x, w = normal(3, 8), [normal(8, 8, seed=seed) for seed in (1, 2, 3)]
    order = np.array([2, 1, 0])

    def attention(tokens: Array, mask: NDArray[np.bool_]) -> Array:
        q, k, v = (tokens @ m for m in w)
        return np.asarray(softmax(np.where(mask, -np.inf, q @ k.T / math.sqrt(8))) @ v)

    free, causal = np.zeros((3, 3), dtype=bool), np.triu(np.ones((3, 3), dtype=bool), k=1)
    assert np.allclose(attention(x[order], free), attention(x, free)[order])
    assert not np.allclose(attention(x[order], causal), attention(x, causal)[order])


# --- many heads -----------------------------------------------------------------------------------


@pytest.mark.proves("multi-head-formula", "output-projection-is-sum")
def test_concatenating_and_projecting_is_the_sum_of_what_each_head_writes(text: Text) -> None:
    assert r"W_o = \sum_{i=1}^{h} A_i B_i" in filled(text("attention/output-projection-is-sum", "cloze"))
    n, d, h = 5, 12, 3
    heads, w_o = normal(h, n, d // h), normal(d, d, seed=1)
    blocks = w_o.reshape(h, d // h, d)
    joined = np.concatenate(list(heads), axis=-1)
    assert joined.shape == (n, d)
    assert np.allclose(joined @ w_o, sum(a @ b for a, b in zip(heads, blocks, strict=True)))


@pytest.mark.proves("multi-head-formula")
def test_the_shapes_of_many_heads_are_those_on_the_card(text: Text) -> None:
    n, d, h = 5, 12, 3
    sizes = {"n": n, "d": d, "h": h, "d/h": d // h}
    shapes = {
        row.split("  ")[0]: tuple(sizes[name] for name in row[row.index("(") + 1 : -1].split(", "))
        for row in filled(text("attention/multi-head-formula", "cloze")).splitlines()
        if row.endswith(")")
    }
    x, into = normal(n, d), normal(3, h, d, d // h, seed=1)
    q, k, v = (x @ w for w in into)
    weights = softmax(q @ k.swapaxes(-1, -2) / math.sqrt(d // h))
    outputs = weights @ v
    joined = np.concatenate(list(outputs), axis=-1) @ normal(d, d, seed=2)
    assert shapes == {
        "X": x.shape,
        "each head's Q, K and V": q[0].shape,
        "all attention weights": weights.shape,
        "all heads' outputs": outputs.shape,
        "concatenated, times W_o": joined.shape,
    }


@pytest.mark.proves("merge-heads-code")
def test_merging_swaps_heads_and_tokens_before_it_joins(text: Text) -> None:
    code = program(text("attention/merge-heads-code", "cloze"))
    right: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    exec(code, right)
    exec(code.replace(".swapaxes(0, 1)", ""), wrong)
    h, n, width, d = 2, 6, 4, 8
    heads, w_o = normal(h, n, width), normal(h * width, d, seed=1)
    assert np.allclose(right["merge_heads"](heads, w_o), np.concatenate(list(heads), axis=-1) @ w_o)
    tokens = np.broadcast_to(np.arange(n)[None, :, None], heads.shape)
    owners = np.broadcast_to(np.arange(h)[:, None, None], heads.shape)
    as_they_are = np.eye(h * width)
    assert set(wrong["merge_heads"](tokens, as_they_are)[0]) == {0, 1}
    assert set(wrong["merge_heads"](owners, as_they_are)[0]) == {0}
    assert set(right["merge_heads"](tokens, as_they_are)[0]) == {0}


@pytest.mark.proves("more-heads-narrower")
def test_doubling_the_heads_halves_their_width_and_keeps_the_parameters(text: Text) -> None:
    assert "width 512 goes from 8 to 16 attention heads" in said(text, "more-heads-narrower", "q")
    widths = [512 // h for h in (8, 16)]
    answer = said(text, "more-heads-narrower", "a")
    assert f"half as wide, {widths[1]} instead of {widths[0]}" in answer
    assert widths[0] == 2 * widths[1]
    assert r"still $512 \times 512$ in all" in answer
    counts = [3 * h * 512 * (512 // h) + h * (512 // h) * 512 for h in (8, 16)]
    assert counts[0] == counts[1] == 4 * 512 * 512


@pytest.mark.proves("reshape-scrambles-heads")
def test_a_bare_reshape_mixes_tokens_where_reshape_and_transpose_cut_columns(text: Text) -> None:
    n, d, h = 6, 8, 2
    names: dict[str, Any] = {"Q": np.arange(n * d).reshape(n, d), "n": n, "d": d, "h": h}
    right_code = re.search(r"`(Q\.reshape[^`]*)`", said(text, "reshape-scrambles-heads", "why"))
    wrong_code = re.search(r"`(Q\.reshape[^`]*)`", said(text, "reshape-scrambles-heads", "q"))
    assert right_code is not None
    assert wrong_code is not None
    right, wrong = eval(right_code[1], names), eval(wrong_code[1], names)
    slices = np.stack([names["Q"][:, i * d // h : (i + 1) * d // h] for i in range(h)])
    assert np.array_equal(right, slices)
    assert wrong.shape == right.shape
    assert not np.array_equal(wrong, right)
    assert set((wrong[0] // d).ravel()) == {0, 1, 2}


@pytest.mark.proves("multi-head-parameter-count")
def test_the_parameters_of_a_layer_are_counted_head_by_head(drill: Callable[..., float]) -> None:
    for d, h in product((64, 100, 256, 512, 768, 1000), (4, 10, 12, 16)):
        if d % h == 0:
            into = 3 * h * (d * (d // h) + d // h)
            out = d * d + d
            assert drill("attention/multi-head-parameter-count", d=d, h=h) == into + out


@pytest.mark.proves("multi-query-bandwidth", "grouped-query-limits")
def test_the_cache_grows_with_the_key_value_heads_only(text: Text) -> None:
    heads = 40

    def cached(key_value_heads: int) -> int:
        keys = np.zeros((key_value_heads, 128), dtype=np.float16)
        return 2 * keys.nbytes

    assert cached(heads) == heads * cached(1)
    assert "$h$ times smaller" in prose(text("attention/multi-query-bandwidth", "a"))
    limits = filled(text("attention/grouped-query-limits", "cloze"))
    assert "multi-head attention when $g =$ $h$ and multi-query attention when $g =$ $1$" in prose(limits)


@pytest.mark.proves("which-was-masked-late")
def test_the_masked_weights_drawn(text: Text) -> None:
    scores = np.array([[1.2, 0.4, 1.6, 0.2], [0.3, 1.0, 0.5, 1.5], [0.9, 0.1, 1.4, 0.6], [0.2, 1.3, 0.8, 1.0]])
    past = np.tri(4, dtype=bool)
    panels = {"A": np.where(past, softmax(scores), 0), "B": softmax(np.where(past, scores, -np.inf))}
    percent = {name: [f"{100 * share:.0f}" for share in weights[past]] for name, weights in panels.items()}
    shown = [each for each in drawn.said("masked-attention.svg") if each.isdigit()]
    assert shown == [*percent["A"], *percent["B"]]
    q = prose(text("attention/which-was-masked-late", "q"))
    for name, cells in percent.items():
        rows = "; ".join(", ".join(cells[n * (n + 1) // 2 : (n + 1) * (n + 2) // 2]) for n in range(4))
        assert f"{name}{', row by row' if name == 'A' else ''}: {rows}." in q
    sums = panels["A"].sum(axis=1)
    assert (sums[:3] < 0.9).all()
    assert sums[3] == pytest.approx(1)
    assert f"hidden keys kept their {100 - int(percent['A'][0])}%" in prose(
        text("attention/which-was-masked-late", "why")
    )
