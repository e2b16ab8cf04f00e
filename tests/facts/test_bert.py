"""The facts of the deck on BERT: its programs run, its counts taken from shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = NDArray[np.float64]

QUOTED: dict[str, str] = {
    "three-fates": "devlin2019 §3.1, the shares 80, 10 and 10 per cent of 15 per cent",
    "mlm-explained": "devlin2019 §3.1, 15 per cent",
    "mask-only-hurts-where": "devlin2019 Table 8, rows 80/10/10 and 100/0/0, feature-based NER",
    "nsp-purpose": "devlin2019 Table 5, QNLI with and without NSP",
    "nsp-too-easy": "devlin2019 §3.1, footnote on the accuracy of NSP",
    "base-and-large": "devlin2019 §3, the model sizes",
    "electra-every-position": "clark2020 Table 5, GLUE of ELECTRA, ELECTRA 15% and BERT",
    "longer-encoder": "warner2024 §2.1, the length, the window and every third layer",
    "larger-on-small-data": "devlin2019 §5.2, MRPC",
    "corpora": "devlin2019 §3.1, pre-training data; liu2019 §3.2, sizes in GB",
    "document-level": "devlin2019 §3, maximum length",
    "no-answer-span": "devlin2019 §4.3, the name SQuAD 2.0",
    "small-learning-rate": "devlin2019 §4.1, App. A.2 and A.3",
    "average-loses-to-glove": "reimers2019 Table 1, averages of BERT and GloVe, SBERT-NLI-base",
    "long-passage-windows": "an example of a length",
}

BASE, LARGE = (12, 768, 12), (24, 1024, 16)
VOCABULARY, POSITIONS, SEGMENTS = 30522, 512, 2


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"bert/{note}", key))


def parameters(layers: int, width: int, vocabulary: int = VOCABULARY) -> int:
    """Three tables with their norm, the blocks with biases and norms, and the pooler."""
    tables = (vocabulary + POSITIONS + SEGMENTS) * width + 2 * width
    attention = 4 * (width * width + width)
    feed_forward = width * 4 * width + 4 * width + 4 * width * width + width
    return tables + layers * (attention + feed_forward + 4 * width) + width * width + width


def gelu(x: Array) -> Array:
    return np.asarray(0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))))


def layer_norm(x: Array) -> Array:
    return np.asarray((x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, keepdims=True))


@pytest.mark.proves("masking-code", "three-fates", "masked-count", "kept-and-random-balance")
def test_the_masking_code_chooses_and_corrupts_in_the_shares_on_the_card(text: Text, drill: Drill) -> None:
    n, vocabulary, mask = 400_000, 1000, 1000
    ids = np.random.default_rng(0).integers(vocabulary, size=n)
    names: dict[str, Any] = {"np": np, "ids": ids, "rng": np.random.default_rng(1), "V": vocabulary, "MASK": mask}
    exec(program(text("bert/masking-code", "cloze")), names)
    masked, labels, chosen = names["masked"], names["labels"], names["chosen"]
    assert chosen.mean() == pytest.approx(0.15, abs=0.003)
    assert (masked[~chosen] == ids[~chosen]).all()
    assert (labels[chosen] == ids[chosen]).all()
    assert (labels[~chosen] == -100).all()
    assert (masked[chosen] == mask).mean() == pytest.approx(0.8, abs=0.005)
    assert (masked[chosen] == ids[chosen]).mean() == pytest.approx(0.1, abs=0.005)
    assert (masked == mask).mean() * 100 == pytest.approx(drill("bert/masked-count", n=100), abs=0.3)
    why = said(text, "masked-count", "why")
    assert f"so {0.15 * 0.8:.0%} of all tokens" in why
    assert f"{0.15 * 0.1:.1%} of all" in why
    table = filled(text("bert/three-fates", "cloze"))
    for row in ("| 80% | `[MASK]` |", "| 10% | a random token |", "| 10% | the token itself |"):
        assert row in table


@pytest.mark.proves("mlm-head-code")
def test_the_head_scores_every_word_with_the_input_embeddings(text: Text) -> None:
    rng = np.random.default_rng(2)
    h, W, b, E, bias = rng.normal(size=8), rng.normal(size=(8, 8)), np.zeros(8), rng.normal(size=(50, 8)), np.ones(50)
    names: dict[str, Any] = {"h": h, "W": W, "b": b, "E": E, "output_bias": bias}
    names |= {"gelu": gelu, "layer_norm": layer_norm}
    exec(program(text("bert/mlm-head-code", "cloze")), names)
    t = layer_norm(gelu(h @ W + b))
    assert names["logits"] == pytest.approx([sum(t[i] * E[word, i] for i in range(8)) + 1 for word in range(50)])


@pytest.mark.proves("embedding-rows", "embedding-code", "token-type-ids")
def test_the_input_is_the_normed_sum_of_three_rows(text: Text) -> None:
    rng = np.random.default_rng(3)
    tokens, segments, positions = (rng.normal(size=(rows, 6)) for rows in (20, 2, 16))
    ids, types = np.array([1, 7, 2, 9, 2]), np.array([0, 0, 0, 1, 1])
    names: dict[str, Any] = {"tokens": tokens, "segments": segments, "positions": positions, "n": 5}
    names |= {"ids": ids, "types": types, "layer_norm": layer_norm}
    exec(program(text("bert/embedding-code", "cloze")), names)
    for place in range(5):
        one = tokens[ids[place]] + segments[types[place]] + positions[place]
        assert names["x"][place] == pytest.approx(layer_norm(one))
    rows = [line.split() for line in filled(text("bert/embedding-rows", "cloze")).splitlines()]
    table = {row[-1]: row[:-1] for row in rows if len(row) == 8 and row[-1] in {"token", "segment", "position"}}
    assert table["segment"] == segments_of(table["token"], "AB")
    assert table["position"] == [str(place) for place in range(7)]
    pair = "[CLS] so late ? [SEP] yes [SEP]"
    assert f"`{pair}`. How many of the seven" in said(text, "token-type-ids", "q")
    kinds = segments_of(pair.split(), "01")
    assert len(kinds) == 7
    assert int(text("bert/token-type-ids", "typed")) == kinds.count("1")


def segments_of(tokens: list[str], names: str) -> list[str]:
    """The segment of each token: it changes after the first separator."""
    return [names[min(tokens[:place].count("[SEP]"), 1)] for place in range(len(tokens))]


@pytest.mark.proves("room-in-pair", "short-first")
def test_special_tokens_take_their_places(text: Text) -> None:
    assert int(text("bert/room-in-pair", "typed")) == POSITIONS - 3
    assert f"A single text has room for {POSITIONS - 2}" in said(text, "room-in-pair", "why")
    assert f"positions 128 to {POSITIONS - 1} would" in said(text, "short-first", "a")
    assert "128 tokens for 90%" in said(text, "short-first", "q")


@pytest.mark.proves("pooler-code")
def test_the_pooler_reads_the_first_vector_alone(text: Text) -> None:
    rng = np.random.default_rng(4)
    hidden, W, b = rng.normal(size=(5, 6)), rng.normal(size=(6, 6)), rng.normal(size=6)
    names: dict[str, Any] = {"np": np, "hidden": hidden, "W": W, "b": b}
    exec(program(text("bert/pooler-code", "cloze")), names)
    assert names["pooled"] == pytest.approx([math.tanh(hidden[0] @ W[:, j] + b[j]) for j in range(6)])


@pytest.mark.proves("distilbert-share")
def test_half_the_layers_leave_three_fifths_of_the_parameters(text: Text) -> None:
    base = parameters(*BASE[:2])
    pooler, kinds = 768 * 768 + 768, SEGMENTS * 768
    distilled = parameters(BASE[0] // 2, BASE[1]) - pooler - kinds
    assert distilled / base == pytest.approx(0.6, abs=0.01)
    assert "60% of the parameters" in said(text, "distilbert-share", "q")
    assert VOCABULARY * 768 / base == pytest.approx(1 / 5, abs=0.02)
    assert f"{distilled / 1e6:.0f} of {round(base, -7) // 10**6} million" in said(text, "distilbert-share", "why")


@pytest.mark.proves("base-and-large", "head-width", "embedding-share", "embedding-parameters", "count-encoder")
def test_the_sizes_follow_from_layers_and_width(text: Text, drill: Drill) -> None:
    base, large = parameters(*BASE[:2]), parameters(*LARGE[:2])
    assert text("bert/base-and-large", "contrast.by.parameters.base") == f"{round(base, -7) // 10**6} million"
    assert large / 1e6 == pytest.approx(340, rel=0.02)
    assert text("bert/base-and-large", "contrast.by.parameters.large") == "340 million"
    for name, (layers, width, heads) in (("base", BASE), ("large", LARGE)):
        assert text("bert/base-and-large", f"contrast.by.layers.{name}") == str(layers)
        assert text("bert/base-and-large", f"contrast.by.width.{name}") == f"{width:,}"
        assert text("bert/base-and-large", f"contrast.by.heads.{name}") == str(heads)
        assert width // heads == int(text("bert/head-width", "typed"))
    assert 1.7 < (12 * 1024**2) / (12 * 768**2) < 1.8
    assert 1024 / 768 == 16 / 12
    tokens = VOCABULARY * 768
    assert f"{VOCABULARY:,} tokens times width 768 is {tokens / 1e6:.1f} million" in said(text, "embedding-share", "a")
    assert tokens / base == pytest.approx(1 / 5, abs=0.02)
    assert VOCABULARY * 1024 / large < 0.1
    assert large / base == pytest.approx(3, abs=0.1)
    assert "three times the weights" in said(text, "larger-on-small-data", "q")
    tables = sum(np.zeros((rows, 100)).size for rows in (20000, POSITIONS, SEGMENTS))
    assert drill("bert/embedding-parameters", d=100, v=20000) == tables
    for layers, d in product((6, 12, 24), (500, 800, 1000)):
        exact = parameters(layers, d, 30000) - d * d - d
        assert drill("bert/count-encoder", layers=layers, d=d) * 1e6 == pytest.approx(exact, rel=0.02)
        assert exact - drill("bert/count-encoder", layers=layers, d=d) * 1e6 < 0.01 * exact


@pytest.mark.proves("more-than-size")
def test_the_lead_by_size_is_the_difference_of_the_published_averages(text: Text) -> None:
    gpt, base, large = 75.1, 79.6, 82.1
    assert f"by {base - gpt:.1f} points on the GLUE average" in said(text, "more-than-size", "q")
    assert f"half of that, {large - base:.1f} points" in said(text, "more-than-size", "a")
    assert 0.5 < (large - base) / (base - gpt) < 0.6
    assert f"The averages are {gpt}, {base} and {large}." in said(text, "more-than-size", "why")


@pytest.mark.proves("span-formula")
def test_the_best_pair_of_scores_may_end_before_it_starts_unless_that_is_ruled_out(text: Text) -> None:
    rng = np.random.default_rng(5)
    T, S, E = rng.normal(size=(7, 4)), rng.normal(size=4), rng.normal(size=4)
    starts, score = np.exp(T @ S) / np.exp(T @ S).sum(), (T @ S)[:, None] + (T @ E)[None, :]
    assert starts.sum() == pytest.approx(1)
    assert starts.argmax() == (T @ S).argmax()
    backward = [pair for pair in product(range(7), range(7)) if pair[1] < pair[0]]
    assert len(backward) == np.tril(score, -1).astype(bool).sum() == 21
    said_formula = prose(filled(text("bert/span-formula", "cloze")))
    assert r"$e^{S \cdot T_i} / \sum_j e^{S \cdot T_j}$" in said_formula
    assert r"$S \cdot T_i + E \cdot T_j$, where $j \ge i$" in said_formula


@pytest.mark.proves("pairs-cost")
def test_every_pair_takes_a_pass(text: Text, drill: Drill) -> None:
    for n in (100, 200):
        assert drill("bert/pairs-cost", n=n) == len(list(combinations(range(n), 2)))
    assert math.comb(10_000, 2) / 1e6 == pytest.approx(50, rel=0.001)
    assert "For 10,000 sentences it is about 50 million" in said(text, "pairs-cost", "why")
