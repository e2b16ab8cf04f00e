"""Facts of the deck on gensim: by small stand-ins of the standard library, and by gensim where it is installed."""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest

from tests.support.facts import printed, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "train-code": "sizes of an example; word2vec, Word2Vec, for the names of the options",
    "toy-corpus-empty": "word2vec, Word2Vec: min_count is 5 where nothing is said",
    "vocab-in-four": "migrating: the versions that are compared",
    "load-limit-code": "a size of an example; keyedvectors, load_word2vec_format, for the options",
}


class Dictionary:
    """What the deck says of gensim's: ids by order of appearance, unknown words dropped."""

    def __init__(self, documents: Iterable[list[str]]) -> None:
        self.token2id: dict[str, int] = {}
        for document in documents:
            for token in sorted(set(document)):
                self.token2id.setdefault(token, len(self.token2id))

    def doc2bow(self, document: list[str]) -> list[tuple[int, int]]:
        return sorted(Counter(self.token2id[token] for token in document if token in self.token2id).items())


def remarks(code: str) -> str:
    return "\n".join(line.split("# ")[1] for line in code.splitlines() if "# " in line)


@pytest.mark.proves("bow-code")
def test_the_bag_of_words_is_the_one_on_the_card(text: Text) -> None:
    code = program(text("gensim/bow-code", "cloze"))
    assert printed(code, Dictionary=Dictionary) == remarks(code)


@pytest.mark.proves("no-above-is-a-share")
def test_a_number_where_a_share_belongs_drops_nothing(text: Text) -> None:
    card = prose(text("gensim/no-above-is-a-share", "q"))
    documents, limit = 1000, 300
    assert f"{documents:,} documents" in card
    assert f"no_above={limit})" in card
    frequencies = range(1, documents + 1)
    assert not [each for each in frequencies if each > limit * documents]
    share = float(prose(text("gensim/no-above-is-a-share", "a")).split("should be ")[1].rstrip("."))
    assert [each for each in frequencies if each > share * documents] == list(range(limit + 1, documents + 1))


@pytest.mark.proves("stream-class-code", "generator-exhausted", "passes-drill")
def test_a_corpus_with_iter_can_be_read_again_and_a_generator_cannot(text: Text, drill: Drill) -> None:
    opened = 0

    def pretend_open(_: str) -> io.StringIO:
        nonlocal opened
        opened += 1
        return io.StringIO("the cat\nthe dog\n")

    names: dict[str, Any] = {"open": pretend_open}
    exec(program(text("gensim/stream-class-code", "cloze")), names)
    corpus = names["Corpus"]()
    for epochs in (5, 10):
        before = opened
        vocabulary = Counter(word for sentence in corpus for word in sentence)
        for _ in range(epochs):
            assert sum(len(sentence) for sentence in corpus) == vocabulary.total()
        assert drill("gensim/passes-drill", n=epochs) == opened - before

    def once() -> Iterator[list[str]]:
        yield from corpus

    generator = once()
    assert len(list(generator)) == 2
    assert list(generator) == []


@pytest.mark.proves("vectors-memory-drill", "shared-memory")
def test_vectors_take_four_bytes_a_number(text: Text, drill: Drill) -> None:
    size = 3_000_000 * np.zeros(300, dtype=np.float32).nbytes / 1e9
    assert drill("gensim/vectors-memory-drill", n=3, d=300) == pytest.approx(size)
    why = prose(text("gensim/vectors-memory-drill", "why"))
    assert f"Three million words of 300 numbers, the size of the well-known news vectors, take {size} GB." in why
    assert "Eight server processes" in prose(text("gensim/shared-memory", "q"))
    assert prose(text("gensim/shared-memory", "a")).startswith("Seven copies")


@pytest.mark.proves("cosine-of-bags-drill")
def test_the_cosine_of_two_bags(drill: Drill) -> None:
    for m, n, o in ((2, 8, 1), (4, 16, 2), (5, 20, 2)):
        query, document = np.zeros(50), np.zeros(50)
        query[:m] = 1
        document[m - o : m - o + n] = 1
        cosine = query @ document / math.sqrt((query @ query) * (document @ document))
        assert drill("gensim/cosine-of-bags-drill", m=m, n=n, o=o) == pytest.approx(cosine)


@pytest.mark.proves("small-alpha")
def test_a_small_alpha_gives_most_of_a_document_to_one_topic() -> None:
    rng = np.random.default_rng(0)
    few = rng.dirichlet(np.full(10, 0.01), size=500).max(axis=1).mean()
    even = rng.dirichlet(np.full(10, 100.0), size=500).max(axis=1).mean()
    assert few > 0.9
    assert even < 0.2


@pytest.mark.proves("train-code", "vocabulary-of-letters", "vocab-in-four", "bow-code", "cosine-of-bags-drill")
def test_gensim_itself_says_the_same(text: Text, drill: Drill) -> None:
    models: Any = pytest.importorskip("gensim.models")
    corpora: Any = pytest.importorskip("gensim.corpora")
    docsim: Any = pytest.importorskip("gensim.similarities")
    sentences = [["the", "cat", "sat"], ["a", "dog", "ran"]] * 10
    names: dict[str, Any] = {"Word2Vec": models.Word2Vec, "sentences": sentences}
    exec(program(text("gensim/train-code", "cloze")), names)
    model = names["model"]
    assert (model.vector_size, model.sg, model.epochs, model.negative) == (200, 1, 10, 5)
    assert set(model.wv.key_to_index) == {word for sentence in sentences for word in sentence}
    with pytest.raises(KeyError):
        model.wv["cow"]
    letters = models.Word2Vec(["the cat sat", "a dog ran"], min_count=1, vector_size=4).wv.key_to_index
    assert all(len(key) == 1 for key in letters)
    assert model.wv.get_vecattr("cat", "count") == 10
    assert model.wv.index_to_key[model.wv.key_to_index["cat"]] == "cat"
    assert hasattr(model, "syn1neg")
    assert not hasattr(model.wv, "syn1neg")
    assert not hasattr(model.wv, "train")
    with pytest.raises(RuntimeError, match="vocabulary"):
        models.Word2Vec([["a", "toy"]])
    with pytest.raises(TypeError, match="generator"):
        models.Word2Vec(each for each in sentences)
    code = program(text("gensim/bow-code", "cloze"))
    assert printed(code, Dictionary=corpora.Dictionary) == remarks(code)
    for above, kept in ((20, 3), (20 / 30, 2)):
        dictionary = corpora.Dictionary([["the", "cat"], ["the", "dog"], ["the", "cat"]] * 10)
        dictionary.filter_extremes(no_below=1, no_above=above)
        assert len(dictionary) == kept
    document = [(i, 1) for i in range(8)]
    index = docsim.MatrixSimilarity([document], num_features=20)
    score = float(index[[(7, 1), (8, 1)]][0])
    assert score == pytest.approx(drill("gensim/cosine-of-bags-drill", m=2, n=8, o=1))
