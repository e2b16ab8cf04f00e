"""Facts of the deck on using embeddings, computed on small sets of vectors."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {
    "variance-explained": "Ethayarajh 2019, abstract: less than 5% on average, in all layers",
    "freud-psychology": "Hill 2015, abstract: the pair (Freud, psychology); the names of the data sets hold numbers",
}


@pytest.mark.proves("words-left-behind")
def test_only_the_rows_looked_up_move(text: Text) -> None:
    rng = np.random.default_rng(0)
    E = rng.normal(size=(10, 3))
    before, seen = E.copy(), [1, 4, 4, 7]
    np.add.at(E, seen, -0.1 * rng.normal(size=(4, 3)))
    assert set(np.flatnonzero((E != before).any(axis=1))) == {1, 4, 7}
    assert "500 labelled sentences" in prose(text("using-embeddings/words-left-behind", "q"))


@pytest.mark.proves("from-pretrained-code")
def test_the_code_passes_the_option(text: Text) -> None:
    seen: list[tuple[Any, dict[str, Any]]] = []
    layer = SimpleNamespace(from_pretrained=lambda vectors, **options: seen.append((vectors, options)))
    exec(
        program(text("using-embeddings/from-pretrained-code", "cloze")),
        {"nn": SimpleNamespace(Embedding=layer), "vectors": "E"},
    )
    assert seen == [("E", {"freeze": False})]


@pytest.mark.proves("rank-correlation")
def test_ranks_ignore_a_rising_transformation(text: Text) -> None:
    rng = np.random.default_rng(1)
    cosines = rng.uniform(-1, 1, size=30)
    human = 10 / (1 + np.exp(-6 * cosines)) + rng.normal(scale=0.5, size=30)

    def ranks(x: Array) -> Array:
        return np.argsort(np.argsort(x)).astype(float)

    def pearson(x: Array, y: Array) -> float:
        return float(np.corrcoef(x, y)[0, 1])

    bent = np.exp(5 * cosines)
    assert pearson(ranks(bent), ranks(human)) == pytest.approx(pearson(ranks(cosines), ranks(human)))
    assert pearson(bent, human) != pytest.approx(pearson(cosines, human), abs=0.05)
    assert "from 0 to 10" in prose(text("using-embeddings/rank-correlation", "q"))


@pytest.mark.proves("two-banks")
def test_one_vector_for_two_senses_lies_near_the_frequent_one() -> None:
    river, money = np.array([1.0, 0]), np.array([0, 1.0])
    bank = 0.1 * river + 0.9 * money
    assert np.linalg.norm(bank - money) < np.linalg.norm(bank - river) / 5


@pytest.mark.proves("elmo-formula")
def test_the_mix_of_layers(text: Text) -> None:
    said = prose(filled(text("using-embeddings/elmo-formula", "cloze")))
    assert r"is $\gamma \sum_j s_j h_j$, a sum over all layers" in said
    assert "weights $s_j$ that each task learns and that sum to 1." in said
    raw = np.array([0.2, -1.0, 0.7])
    assert (np.exp(raw) / np.exp(raw).sum()).sum() == pytest.approx(1)


@pytest.mark.proves("sif-drill")
def test_frequent_words_weigh_little(text: Text, drill: Drill) -> None:
    weights = [drill("using-embeddings/sif-drill", p=p) for p in (0.05, 0.001, 0.00001)]
    assert weights == pytest.approx([1 / 51, 1 / 2, 100 / 101])
    assert "$a = 0.001$" in prose(text("using-embeddings/sif-drill", "drill.ask"))


@pytest.mark.proves("mean-pool-code")
def test_the_padding_does_not_change_the_mean(text: Text) -> None:
    rng = np.random.default_rng(2)
    hidden = rng.normal(size=(2, 5, 3))
    mask = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]])
    names: dict[str, Any] = {"hidden": hidden, "mask": mask}
    exec(program(text("using-embeddings/mean-pool-code", "cloze")), names)
    assert names["sentence"] == pytest.approx(np.stack([hidden[0, :3].mean(axis=0), hidden[1].mean(axis=0)]))


@pytest.mark.proves("all-pairs-drill")
def test_the_number_of_pairs(text: Text, drill: Drill) -> None:
    for n in (100, 1000):
        assert drill("using-embeddings/all-pairs-drill", n=n) == sum(1 for _ in combinations(range(n), 2))
    # quoted from Reimers and Gurevych 2019, abstract: about 50 million computations, 65 hours, 5 seconds
    assert drill("using-embeddings/all-pairs-drill", n=10_000) == pytest.approx(50e6, rel=0.001)
    assert "65 hours became 5 seconds for 10,000." in prose(text("using-embeddings/all-pairs-drill", "why"))


@pytest.mark.proves("in-batch-negatives")
def test_the_others_of_a_batch(text: Text) -> None:
    batch = 64
    wrong = (~np.eye(batch, dtype=bool)).sum(axis=1)
    assert f"batches of {batch} pairs" in prose(text("using-embeddings/in-batch-negatives", "q"))
    assert (wrong == 63).all()
    assert "the 63 answers" in prose(text("using-embeddings/in-batch-negatives", "a"))


@pytest.mark.proves("top-k-code")
def test_the_nearest_rows_best_first(text: Text) -> None:
    rng = np.random.default_rng(3)
    E = rng.normal(size=(200, 8))
    E /= np.linalg.norm(E, axis=1, keepdims=True)
    names: dict[str, Any] = {"np": np, "E": E, "q": E[5] + 0.1, "k": 7}
    exec(program(text("using-embeddings/top-k-code", "cloze")), names)
    assert list(names["best"]) == list(np.argsort(-(E @ names["q"]))[:7])


@pytest.mark.proves("ivf-drill")
def test_the_vectors_in_the_probed_clusters(drill: Drill) -> None:
    for n, c, p in ((1, 1000, 8), (10, 5000, 20), (100, 10_000, 1)):
        sizes = np.full(c, n * 1_000_000 // c)
        assert drill("using-embeddings/ivf-drill", n=n, c=c, p=p) == sizes[:p].sum()


@pytest.mark.proves("pq-drill")
def test_the_bytes_of_a_code(text: Text, drill: Drill) -> None:
    for d, m in ((128, 8), (384, 16), (768, 32)):
        assert (
            drill("using-embeddings/pq-drill", d=d, m=m) == np.empty(d, np.float32).nbytes / np.empty(m, np.uint8).size
        )
    assert len(np.arange(np.iinfo(np.uint8).max + 1)) == 256
    assert "one of 256 centroids" in prose(text("using-embeddings/pq-drill", "drill.ask"))


@pytest.mark.proves("recall-of-index")
def test_recall_is_a_share_of_the_exact_ten(text: Text) -> None:
    exact, found = set(range(10)), {0, 1, 2, 3, 4, 5, 6, 7, 90, 91}
    assert len(exact & found) / len(exact) == 0.8
    assert "recall@10" in prose(text("using-embeddings/recall-of-index", "q"))
    assert "the ten nearest" in prose(text("using-embeddings/recall-of-index", "a"))


@pytest.mark.proves("hubs")
def test_hubs_arise_in_high_dimensions() -> None:
    def largest(size: int) -> int:
        X = np.random.default_rng(4).normal(size=(600, size))
        squares = (X**2).sum(axis=1)
        distance = squares[:, None] + squares - 2 * X @ X.T
        np.fill_diagonal(distance, np.inf)
        near = np.argpartition(distance, 10, axis=1)[:, :10]
        return int(np.bincount(near.ravel(), minlength=600).max())

    assert largest(100) > 3 * largest(2)
