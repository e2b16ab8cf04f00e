"""Facts of the deck on n-gram models, computed by counting."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "shakespeare-zeros": "Jurafsky and Martin, slides: 29,066 types and about 300,000 bigram types",
    "why-subtract-constant": "Church and Gale 1991, as tabled by Jurafsky and Martin, Kneser-Ney Smoothing",
    "stupid-backoff-code": "Brants and others 2007, section 4: the factor 0.4",
}

SENTENCES = ["<s> the cat sat </s>", "<s> the dog sat </s>", "<s> a cat ran </s>"]


def bigrams(sentences: list[str]) -> dict[tuple[str, str], Fraction]:
    pairs: Counter[tuple[str, str]] = Counter()
    contexts: Counter[str] = Counter()
    for sentence in sentences:
        words = sentence.split()
        for before, word in itertools.pairwise(words):
            pairs[before, word] += 1
            contexts[before] += 1
    return {pair: Fraction(n, contexts[pair[0]]) for pair, n in pairs.items()}


@pytest.mark.proves("trigram-context", "start-symbols-needed", "agreement-out-of-sight", "longer-n-quotes")
def test_an_ngram_has_a_context_one_shorter(text: Text) -> None:
    assert r"P(w_t \mid w_{t-2}, w_{t-1})" in prose(filled(text("ngram-models/trigram-context", "cloze")))
    assert "5-gram" in text("ngram-models/start-symbols-needed", "q")
    assert int(text("ngram-models/start-symbols-needed", "typed")) == 5 - 1
    history = "the keys to the old cabinet".split()
    assert f"sees only `{' '.join(history[-2:])}`" in prose(text("ngram-models/agreement-out-of-sight", "a"))
    assert "keys" not in history[-2:]


@pytest.mark.proves("bigram-estimate", "bigram-unseen-sentence")
def test_the_probability_of_the_unseen_sentence(text: Text) -> None:
    q = prose(text("ngram-models/bigram-unseen-sentence", "q"))
    assert all(f"`{sentence}`" in q for sentence in SENTENCES)
    p = bigrams(SENTENCES)
    factors = [p[pair] for pair in itertools.pairwise("<s> a cat sat </s>".split())]
    assert factors == [Fraction(1, 3), 1, Fraction(1, 2), 1]
    assert math.prod(factors) == Fraction(1, 6)
    assert prose(text("ngram-models/bigram-unseen-sentence", "a")).endswith(r"= \frac{1}{6}$")


@pytest.mark.proves("bigram-count-code")
def test_the_code_counts_bigrams_whose_probabilities_sum_to_1(text: Text) -> None:
    tokens = "a b a c a b b c".split()
    names: dict[str, Any] = {"Counter": Counter, "tokens": tokens}
    exec(program(text("ngram-models/bigram-count-code", "cloze")), names)
    for context in "abc":
        assert sum(p for (before, _), p in names["p"].items() if before == context) == pytest.approx(1)
    assert names["p"]["a", "b"] == pytest.approx(2 / 3)
    short = sum(n / Counter(tokens)["c"] for (before, _), n in names["pairs"].items() if before == "c")
    assert short < 1


@pytest.mark.proves("why-end-symbol")
def test_without_an_end_symbol_each_length_sums_to_1_and_with_it_all_lengths_do(text: Text) -> None:
    start, follow = {"a": 0.7, "b": 0.3}, {"a": {"a": 0.2, "b": 0.8}, "b": {"a": 0.5, "b": 0.5}}
    for length in (1, 2, 5):
        total = 0.0
        for words in itertools.product("ab", repeat=length):
            total += start[words[0]] * math.prod(follow[u][v] for u, v in itertools.pairwise(words))
        assert total == pytest.approx(1)
    stop = 0.25
    mass = sum(
        start[words[0]] * math.prod((1 - stop) * follow[u][v] for u, v in itertools.pairwise(words)) * stop
        for length in range(1, 15)
        for words in itertools.product("ab", repeat=length)
    )
    assert mass == pytest.approx(1 - (1 - stop) ** 14)
    assert "single length sum to 1" in prose(text("ngram-models/why-end-symbol", "a"))


@pytest.mark.proves("which-marks-count")
def test_the_start_symbol_is_not_predicted(text: Text) -> None:
    sentence = text("ngram-models/which-marks-count", "q").split("`")[1].split()
    assert len(sentence) == 5
    assert int(text("ngram-models/which-marks-count", "typed")) == len(list(itertools.pairwise(sentence)))


@pytest.mark.proves("perplexity-root", "skip-unseen", "bigram-perplexity-drill")
def test_perplexity_by_its_definition(text: Text, drill: Drill) -> None:
    def perplexity(probabilities: list[float]) -> float:
        return math.prod(1 / p for p in probabilities) ** (1 / len(probabilities))

    for k, p in itertools.product((3, 6, 9, 12), (0, 10, 25, 50)):
        assert drill("ngram-models/bigram-perplexity-drill", k=k, p=p) == pytest.approx(
            perplexity([(1 - p / 100) / k] * 7)
        )
    filled_in = prose(filled(text("ngram-models/perplexity-root", "cloze")))
    assert r"\frac{1}{P(w_t \mid w_{t-1})} \right)^{ 1/N }" in filled_in
    with pytest.raises(ZeroDivisionError):
        perplexity([0.5, 0.0, 0.5])


@pytest.mark.proves("unk-flatters")
def test_a_smaller_vocabulary_has_a_smaller_perplexity() -> None:
    words = "the cat and the dog and the eel and the fox".split()

    def perplexity(tokens: list[str]) -> float:
        count = Counter(tokens)
        return math.exp(-sum(math.log(count[token] / len(tokens)) for token in tokens) / len(tokens))

    assert perplexity([word if word in {"the", "and"} else "<unk>" for word in words]) < perplexity(words)


@pytest.mark.proves("shakespeare-zeros")
def test_the_share_of_bigrams_that_shakespeare_never_wrote(text: Text) -> None:
    q, typed = prose(text("ngram-models/shakespeare-zeros", "q")), text("ngram-models/shakespeare-zeros", "typed")
    assert "29,066 word types and about 300,000 bigram types" in q
    possible = 29_066**2
    assert f"{100 * (1 - 300_000 / possible):.2f}" == typed
    assert f"about {possible / 1e6:.0f} million".replace("about", r"\approx") in prose(
        text("ngram-models/shakespeare-zeros", "why")
    ).replace("$ ", " ")


@pytest.mark.proves("laplace-formula", "laplace-drill", "laplace-gives-too-much")
def test_laplace_smoothing_sums_to_1_and_gives_nearly_everything_to_the_unseen(text: Text, drill: Drill) -> None:
    counts = [5] * 20 + [0] * 9_980
    smoothed = [(n + 1) / (sum(counts) + len(counts)) for n in counts]
    assert sum(smoothed) == pytest.approx(1)
    share = sum(smoothed[:20])
    q, a, why = (prose(text("ngram-models/laplace-gives-too-much", key)) for key in ("q", "a", "why"))
    assert "occurred 100 times" in q
    assert "20 words; the vocabulary has 10,000" in q
    assert f"about {100 * share:.1f}%" in a
    assert "Nearly 99%" in why
    assert 0.98 < 1 - share < 0.99
    assert drill("ngram-models/laplace-drill", c=100, k=19, v=100) == pytest.approx(Fraction(20, 200))
    assert r"\frac{ C(w_{t-1} w_t) + 1 }{ C(w_{t-1}) + V }" in prose(
        filled(text("ngram-models/laplace-formula", "cloze"))
    )


@pytest.mark.proves("interpolation-drill", "interpolation-formula")
def test_interpolation_is_a_weighted_mean(drill: Drill, text: Text) -> None:
    assert drill("ngram-models/interpolation-drill", a=0.2, b=0.1, c=0.05) == pytest.approx(0.12 + 0.03 + 0.005)
    assert drill("ngram-models/interpolation-drill", a=0, b=0.4, c=0.01) > 0
    assert "0.6, 0.3 and 0.1" in prose(text("ngram-models/interpolation-drill", "drill.ask"))
    assert 0.6 + 0.3 + 0.1 == pytest.approx(1)


@pytest.mark.proves("lambdas-held-out")
def test_on_the_training_text_the_highest_order_takes_all_the_weight() -> None:
    tokens = "a b c a c b a b a c c b".split()
    p = bigrams([" ".join(tokens)])
    unigram = Counter(tokens[1:])

    def likelihood(weight: float) -> float:
        return sum(
            math.log(weight * float(p[u, v]) + (1 - weight) * unigram[v] / (len(tokens) - 1))
            for u, v in itertools.pairwise(tokens)
        )

    weights = [at / 20 for at in range(21)]
    assert max(weights, key=likelihood) == 1


@pytest.mark.proves("stupid-backoff-code", "stupid-backoff-no-probability")
def test_stupid_backoff_scores_sum_to_more_than_1(text: Text) -> None:
    tokens = "a b c a b d a c".split()
    count = Counter(tuple(tokens[at : at + n]) for n in (1, 2, 3) for at in range(len(tokens) - n + 1))
    names: dict[str, Any] = {"count": count, "total": len(tokens)}
    exec(program(text("ngram-models/stupid-backoff-code", "cloze")), names)
    score = names["score"]
    assert score("c", ("a", "b")) == pytest.approx(1 / 2)
    assert score("a", ("a", "b")) == pytest.approx(0.4 * 0.4 * 3 / 8)
    assert sum(score(word, ("a", "b")) for word in "abcd") > 1


@pytest.mark.proves("why-subtract-constant")
def test_the_quoted_counts_differ_by_about_three_quarters(text: Text) -> None:
    q = prose(text("ngram-models/why-subtract-constant", "q"))
    for seen, back in ((4, 3.23), (9, 8.26)):
        assert f"seen {seen} times" in q
        assert f"{back} times" in q
        assert seen - back == pytest.approx(0.75, abs=0.03)
    assert "about 0.75" in prose(text("ngram-models/why-subtract-constant", "a"))


@pytest.mark.proves("continuation-formula", "kneser-ney-formula", "kneser-ney-left-over", "francisco")
def test_kneser_ney_sums_to_1_and_holds_francisco_down(text: Text, drill: Drill) -> None:
    tokens = "san francisco san francisco san francisco a b c b a c b c a a".split()
    pairs = Counter(itertools.pairwise(tokens))
    contexts = Counter(tokens[:-1])
    d = 0.75

    def continuation(word: str) -> float:
        return sum(1 for _, w in pairs if w == word) / len(pairs)

    def p(word: str, context: str) -> float:
        followers = sum(1 for u, _ in pairs if u == context)
        left = d * followers / contexts[context]
        return max(pairs[context, word] - d, 0) / contexts[context] + left * continuation(word)

    for context in set(tokens[:-1]):
        assert sum(p(word, context) for word in set(tokens)) == pytest.approx(1)
    assert Counter(tokens)["francisco"] == Counter(tokens)["c"]
    assert continuation("francisco") < continuation("c")
    for n, t in itertools.product((100, 200, 300), (4, 20, 40)):
        assert drill("ngram-models/kneser-ney-left-over", n=n, t=t) == pytest.approx(100 * d * t / n)
    assert r"\max(C(v w) - d, 0)" in filled(text("ngram-models/kneser-ney-formula", "cloze"))
    assert "| { v : C(v w) > 0 } |".replace("{", r"\{").replace("}", r"\}") in prose(
        filled(text("ngram-models/continuation-formula", "cloze"))
    )


@pytest.mark.proves("storage-bound")
def test_a_corpus_has_fewer_trigrams_than_tokens(text: Text) -> None:
    assert 20_000**3 == 8 * 10**12
    assert "With 20,000 words there are 8 trillion" in prose(text("ngram-models/storage-bound", "q"))
    tokens = "a b c a b c d a b a".split()
    assert len(set(zip(tokens, tokens[1:], tokens[2:], strict=False))) <= len(tokens)
