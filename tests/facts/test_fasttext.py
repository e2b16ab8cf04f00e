"""Facts of the deck on fastText, computed from its definitions."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "why-hash": "Bojanowski 2017, §3.2: K = 2,000,000",
    "no-subwords-by-default": "fastText documentation, List of options: supervised minn 0, maxn 0; skipgram 3 and 6",
}


def ngrams(word: str, shortest: int = 3, longest: int = 6) -> list[str]:
    marked = f"<{word}>"
    return [marked[start : start + n] for n in range(shortest, longest + 1) for start in range(len(marked) - n + 1)]


@pytest.mark.proves("trigrams-of-where", "boundary-marks")
def test_the_trigrams_of_where(text: Text) -> None:
    said = prose(filled(text("fasttext/trigrams-of-where", "cloze")))
    assert said.endswith(": " + ", ".join(f"`{each}`" for each in ngrams("where", 3, 3)))
    assert "her" in ngrams("where", 3, 3)
    assert "<her>" in ngrams("her")
    assert "<her>" not in ngrams("where")
    assert "ed>" in ngrams("walked")
    assert "ed>" not in ngrams("medal")


@pytest.mark.proves("count-ngrams-drill", "fasttext-or-bpe")
def test_the_number_of_ngrams(text: Text, drill: Drill) -> None:
    for n in (5, 6, 8, 12):
        assert drill("fasttext/count-ngrams-drill", n=n) == len(ngrams("abcdefghijkl"[:n]))
    assert "the word as a whole not counted" in prose(text("fasttext/count-ngrams-drill", "drill.ask"))
    assert "<abcde>" not in ngrams("abcde")
    assert "lengths 3 to 6" in prose(text("fasttext/count-ngrams-drill", "drill.ask"))
    assert "3 to 6 characters" in text("fasttext/fasttext-or-bpe", "contrast.by.chosen.ngrams")


@pytest.mark.proves("score-as-sum", "rare-inflections", "unseen-word")
def test_the_sum_of_scores_is_the_score_of_the_sum(text: Text) -> None:
    rng = np.random.default_rng(0)
    z, context = rng.normal(size=(7, 4)), rng.normal(size=4)
    assert sum(z @ context) == pytest.approx(z.sum(axis=0) @ context)
    assert prose(filled(text("fasttext/score-as-sum", "cloze"))).endswith(r"= \sum_{g \in G_w} z_g^\top v_c$")
    known = {piece for word in ("friendly", "unfair", "friendliness", "greatest") for piece in ngrams(word)}
    pieces = ngrams("unfriendliest")
    assert sum(piece in known for piece in pieces) > len(pieces) / 2


def fnv(word: str) -> int:
    h = 0x811C9DC5
    for byte in word.encode():
        h ^= byte
        h = (h * 0x01000193) & 0xFFFFFFFF
    return h


@pytest.mark.proves("hash-code")
def test_the_code_is_fnv_1a(text: Text) -> None:
    assert fnv("") == 0x811C9DC5
    assert fnv("a") == 0xE40C292C
    assert fnv("foobar") == 0xBF9CF968
    for ngram in ("<wh", "her", "foobar"):
        names: dict[str, Any] = {"ngram": ngram, "n_words": 1000, "n_buckets": 2_000_000}
        exec(program(text("fasttext/hash-code", "cloze")), names)
        assert names["h"] == fnv(ngram)
        assert names["row"] == 1000 + fnv(ngram) % 2_000_000


@pytest.mark.proves("collision-drill")
def test_the_share_of_empty_buckets(drill: Drill) -> None:
    rng = np.random.default_rng(1)
    for n, b in ((1, 2), (2, 2), (4, 2), (3, 1)):
        used = len(np.unique(rng.integers(0, b * 100_000, size=n * 100_000)))
        assert drill("fasttext/collision-drill", n=n, b=b) == pytest.approx(1 - used / (b * 100_000), abs=0.005)


@pytest.mark.proves("input-rows-drill")
def test_the_bytes_of_the_input_matrix(text: Text, drill: Drill) -> None:
    for d, v in ((100, 100_000), (300, 1_000_000)):
        bytes_of_a_row = np.empty(d, np.float32).nbytes
        assert drill("fasttext/input-rows-drill", d=d, v=v) == bytes_of_a_row * (v + 2_000_000)
    assert drill("fasttext/input-rows-drill", d=300, v=100_000) > 2e9


@pytest.mark.proves("classifier-diagram", "order-by-bigrams")
def test_an_average_forgets_order_and_bigrams_do_not() -> None:
    def features(words: list[str], n: int) -> list[tuple[str, ...]]:
        return sorted(tuple(words[at : at + k]) for k in range(1, n + 1) for at in range(len(words) - k + 1))

    one, other = "not good just bad".split(), "not bad just good".split()
    assert features(one, 1) == features(other, 1)
    assert features(one, 2) != features(other, 2)


@pytest.mark.proves("train-code", "label-prefix")
def test_the_code_trains_and_predicts(text: Text) -> None:
    calls: list[dict[str, Any]] = []

    def predict(line: str, k: int = 1) -> tuple[tuple[str, ...], list[float]]:
        return ("__label__spam", "__label__ham", "__label__news")[:k], [0.7, 0.2, 0.1][:k]

    def train_supervised(**options: Any) -> SimpleNamespace:
        calls.append(options)
        return SimpleNamespace(predict=predict)

    names: dict[str, Any] = {"fasttext": SimpleNamespace(train_supervised=train_supervised)}
    exec(program(text("fasttext/train-code", "cloze")), names)
    assert calls == [{"input": "train.txt", "wordNgrams": 2}]
    assert len(names["labels"]) == 3
    assert all(label.startswith(text("fasttext/label-prefix", "typed").strip("`")) for label in names["labels"])


@pytest.mark.proves("many-labels")
def test_the_decisions_for_300_000_labels(text: Text) -> None:
    assert f"about {math.log2(300_000):.0f} decisions" in prose(text("fasttext/many-labels", "a"))
    assert "300,000 tags" in prose(text("fasttext/many-labels", "q"))


@pytest.mark.proves("prune-the-tree")
def test_pruning_finds_the_best_leaf() -> None:
    rng = np.random.default_rng(2)
    left = {path: float(rng.random()) for depth in range(6) for path in product("lr", repeat=depth)}

    def factor(path: tuple[str, ...]) -> float:
        return left[path[:-1]] if path[-1] == "l" else 1 - left[path[:-1]]

    leaves = {path: math.prod(factor(path[: k + 1]) for k in range(6)) for path in product("lr", repeat=6)}
    best, visited = 0.0, 0
    heap: list[tuple[float, tuple[str, ...]]] = [(-1.0, ())]
    while heap:
        p, path = heapq.heappop(heap)
        visited += 1
        if -p <= best:
            continue
        if len(path) == 6:
            best = -p
            continue
        for side in "lr":
            heapq.heappush(heap, (p * factor((*path, side)), (*path, side)))
    assert best == pytest.approx(max(leaves.values()))
    assert visited < len(left) + len(leaves)
