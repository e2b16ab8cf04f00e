"""Facts of the deck on vector space models, computed with NumPy from the formulas."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {
    "document-not-collection": "Manning and others 2008, Figure 6.7",
    "pmi-smoothing": "Levy and others 2015, section 3.2: 0.75",
    "pmi-rare": "Levy and others 2015, section 3.2: 0.75",
}


def counts(documents: list[str]) -> tuple[list[str], Array]:
    """The words and their counts, words in rows."""
    words = sorted({word for document in documents for word in document.split()})
    return words, np.array([[document.split().count(word) for document in documents] for word in words], dtype=float)


def cosine(a: Array, b: Array) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


@pytest.mark.proves("one-letter-words")
def test_the_default_pattern_skips_single_characters(text: Text) -> None:
    pattern = re.search(r"`(\(\?u\)[^`]*)`", text("vector-space-models/one-letter-words", "why"))
    assert pattern is not None
    assert re.findall(pattern[1], "I saw a film on C++ in US".lower()) == ["saw", "film", "on", "in", "us"]


@pytest.mark.proves("fit-then-transform")
def test_the_code_fits_on_the_training_texts_alone(text: Text) -> None:
    calls: list[tuple[str, object]] = []

    class TfidfVectorizer:
        def fit_transform(self, texts: object) -> None:
            calls.append(("fit", texts))

        def transform(self, texts: object) -> None:
            calls.append(("transform", texts))

    names: dict[str, Any] = {"TfidfVectorizer": TfidfVectorizer, "train_texts": "train", "test_texts": "test"}
    exec(program(text("vector-space-models/fit-then-transform", "cloze")), names)
    assert calls == [("fit", "train"), ("transform", "test")]


@pytest.mark.proves("sublinear-tf")
def test_a_thousand_occurrences_count_four_times(text: Text) -> None:
    assert "occurs 1,000 times" in prose(text("vector-space-models/sublinear-tf", "q"))
    assert float(text("vector-space-models/sublinear-tf", "typed")) == pytest.approx(
        (1 + math.log10(1000)) / (1 + math.log10(1))
    )


@pytest.mark.proves("idf-formula", "idf-of-the", "why-log-in-idf", "tf-idf-drill", "document-not-collection")
def test_inverse_document_frequency(text: Text, drill: Drill) -> None:
    assert math.log10(500 / 500) == 0
    first, second = math.log10(10**6 / 1000), math.log10(10**6 / 1)
    assert (first, second) == pytest.approx((3, 6))
    assert prose(text("vector-space-models/why-log-in-idf", "a")) == r"Twice: $\log_{10}$ gives 3 and 6."
    assert (10**6 / 1) / (10**6 / 1000) == 1000
    assert "it would be 1,000 times" in prose(text("vector-space-models/why-log-in-idf", "why"))
    for tf, df in itertools.product((2, 3, 5), (100, 1000, 10_000)):
        assert drill("vector-space-models/tf-idf-drill", tf=tf, df=df) == pytest.approx(tf * (6 - math.log10(df)))
    assert math.log10(10_422 / 8_760) < math.log10(10_440 / 3_997)
    assert r"\log \frac{ N }{ \mathrm{df}_t }" in filled(text("vector-space-models/idf-formula", "cloze"))


@pytest.mark.proves("sklearn-idf")
def test_the_smoothed_idf_never_reaches_0_and_never_divides_by_0(text: Text) -> None:
    assert r"\ln \frac{1 + N}{1 + \mathrm{df}_t} + 1$" in prose(
        filled(text("vector-space-models/sklearn-idf", "cloze"))
    )
    n = 9
    assert math.log((1 + n) / (1 + n)) + 1 == 1
    assert math.isfinite(math.log((1 + n) / (1 + 0)) + 1)


@pytest.mark.proves("cosine-matrix-code", "cosine-non-negative", "synonyms-orthogonal")
def test_the_code_gives_all_cosines_and_none_is_negative(text: Text) -> None:
    X = np.abs(np.random.default_rng(0).normal(size=(4, 6)))
    names: dict[str, Any] = {"np": np, "X": X}
    exec(program(text("vector-space-models/cosine-matrix-code", "cloze")), names)
    for i, j in itertools.product(range(4), repeat=2):
        assert names["S"][i, j] == pytest.approx(cosine(X[i], X[j]))
    assert (names["S"] >= 0).all()
    _, C = counts(["car repair", "fixing automobiles"])
    assert cosine(C[:, 0], C[:, 1]) == 0
    assert text("vector-space-models/synonyms-orthogonal", "a").startswith("0")


@pytest.mark.proves("csr-memory")
def test_sparse_storage_counts_only_what_is_not_0(text: Text, drill: Drill) -> None:
    for n, k in itertools.product((100, 200, 500), (50, 100, 200)):
        values, columns = np.zeros(k, np.float32), np.zeros(k, np.int32)
        row = values.nbytes + columns.nbytes
        assert drill("vector-space-models/csr-memory", n=n, k=k) == pytest.approx(n * 1000 * row / 1e6)
        assert 250 <= 100_000 * 4 / row <= 1000
    assert "hundreds of times" in prose(text("vector-space-models/csr-memory", "why"))


@pytest.mark.proves("lsa-three-documents", "lsa-fold-in", "lsa-why-synonyms")
def test_two_dimensions_merge_the_documents_on_engines(text: Text) -> None:
    q = prose(text("vector-space-models/lsa-three-documents", "q"))
    documents = q.split("`")[1:6:2]
    assert documents == ["car engine", "automobile engine", "rose garden"]
    words, C = counts(documents)
    assert f"have cosine {cosine(C[:, 0], C[:, 1]):.1f}." in q
    U, s, Vt = np.linalg.svd(C, full_matrices=False)
    Z = (np.diag(s[:2]) @ Vt[:2]).T
    assert cosine(Z[0], Z[1]) == pytest.approx(float(text("vector-space-models/lsa-three-documents", "typed")))
    terms = U[:, :2] * s[:2]
    assert cosine(terms[words.index("car")], terms[words.index("automobile")]) == pytest.approx(1)
    folded = np.diag(1 / s[:2]) @ U[:, :2].T @ C
    assert folded == pytest.approx(Vt[:2])
    assert r"q_k = \Sigma_k^{-1} \, U_k^\top q$" in prose(filled(text("vector-space-models/lsa-fold-in", "cloze")))


@pytest.mark.proves("pmi-formula", "pmi-drill", "pmi-rare", "ppmi-why", "pmi-smoothing")
def test_pointwise_mutual_information(text: Text, drill: Drill) -> None:
    assert drill("vector-space-models/pmi-drill", n=1000, w=50, c=20, k=4) == pytest.approx(
        math.log2((4 / 1000) / (50 / 1000 * 20 / 1000))
    )
    assert drill("vector-space-models/pmi-drill", n=2000, w=50, c=40, k=1) == pytest.approx(0)
    n = 5000
    assert math.log2((1 / n) / (1 / n) ** 2) == pytest.approx(math.log2(n))
    assert 1e-6 * 1e-6 == pytest.approx(1e-12)
    assert "$10^{-6}$ meet by chance once in $10^{12}$ pairs" in prose(text("vector-space-models/ppmi-why", "why"))
    contexts = np.array([10_000.0, 100.0, 1.0])
    smooth = contexts**0.75 / (contexts**0.75).sum()
    assert smooth[2] > (contexts / contexts.sum())[2]
    assert r"\frac{ n(c)^\alpha }{ \sum_{c'} n(c')^\alpha }" in filled(
        text("vector-space-models/pmi-smoothing", "cloze")
    )


@pytest.mark.proves("bm25-formula", "bm25-limit", "bm25-drill", "bm25-b", "bm25-or-tf-idf")
def test_bm25_saturates_and_its_b_sets_how_much_length_counts(text: Text, drill: Drill) -> None:
    def factor(tf: float, k1: float, b: float, ratio: float) -> float:
        return tf * (k1 + 1) / (tf + k1 * (1 - b + b * ratio))

    formula = prose(filled(text("vector-space-models/bm25-formula", "cloze")))
    assert r"\frac{\mathrm{tf} \, (k_1 + 1)}{\mathrm{tf} + k_1 \, (1 - b + b \, L / \bar{L})}" in formula
    assert "k_1 = 1.2" in text("vector-space-models/bm25-limit", "q")
    assert factor(1e9, 1.2, 0.75, 1) == pytest.approx(float(text("vector-space-models/bm25-limit", "typed")))
    assert factor(1, 1.2, 0.75, 1) == pytest.approx(1)
    for tf, k in itertools.product((2, 3, 6), (1, 1.5, 2)):
        assert drill("vector-space-models/bm25-drill", tf=tf, k=k) == pytest.approx(factor(tf, k, 0.3, 1))
    steps = [factor(tf + 1, 1.5, 0.75, 1) - factor(tf, 1.5, 0.75, 1) for tf in range(1, 9)]
    assert steps == sorted(steps, reverse=True)
    assert factor(1, 1.5, 0.75, 1) == pytest.approx(1)
    assert math.log10(10**6 / 100) - math.log10(10**6 / 10_000) == pytest.approx(2)
    assert factor(3, 1.2, 0, 5) == factor(3, 1.2, 0, 1)
    assert factor(3, 1.2, 1, 2) == pytest.approx(factor(3 / 2, 1.2, 0, 1))
    assert "The usual 0.75" in prose(text("vector-space-models/bm25-b", "why"))  # quoted from section 11.4.3
