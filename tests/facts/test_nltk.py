"""Facts of the deck on NLTK: by small stand-ins of the standard library, and by NLTK itself where it is installed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import pytest

from tests.support.facts import printed, program, prose

Text = Callable[[str, str], str]

QUOTED: dict[str, str] = {
    "punkt-download": "nltk, ChangeLog: the version is the place",
    "one-step-up": "bird2009 ch. 2 §5.2 and WordNet 3.0: numbers of senses in the names of synsets",
}


class Counts(Counter[str]):
    """What the deck says of FreqDist."""

    def freq(self, sample: str) -> float:
        return self[sample] / self.total()

    def hapaxes(self) -> list[str]:
        return [sample for sample, count in self.items() if count == 1]


def by_condition(pairs: Iterable[tuple[str, str]]) -> dict[str, Counts]:
    out: dict[str, Counts] = {}
    for condition, sample in pairs:
        out.setdefault(condition, Counts())[sample] += 1
    return out


def remarks(code: str) -> str:
    """What the comments of a program say that it prints."""
    return "\n".join(line.split("# ")[1] for line in code.splitlines() if "# " in line)


@pytest.mark.proves("freqdist-code", "conditional-code")
def test_the_programs_print_what_they_say(text: Text) -> None:
    for name in ("freqdist-code", "conditional-code"):
        code = program(text(f"nltk/{name}", "cloze"))
        out = printed(code, FreqDist=Counts, ConditionalFreqDist=by_condition, bigrams=pairwise)
        assert out == remarks(code)


@pytest.mark.proves("n-or-b", "unseen-is-zero", "counts-letters")
def test_counts_of_a_sentence_of_nothing_and_of_letters(text: Text) -> None:
    q = text("nltk/n-or-b", "q")
    words = q.split('FreqDist("')[1].split('"')[0].split()
    assert text("nltk/n-or-b", "typed") == str(len(set(words)))
    assert f"there are {len(words)}." in prose(text("nltk/n-or-b", "why"))
    counts = Counts(words)
    assert counts["cow"] == 0
    assert "cow" not in counts
    assert Counts("a banana").most_common(1) == [("a", 4)]
    assert "`[('a', 4)]`" in text("nltk/counts-letters", "q")


@pytest.mark.proves("edges-are-unequal")
def test_pairs_of_equal_distance_have_equal_path_similarity_at_any_depth(text: Text) -> None:
    parent = {2: 1, 3: 1, 4: 2, 5: 4, 6: 5, 7: 6, 8: 6}

    def up(node: int) -> list[int]:
        return [node, *(up(parent[node]) if node in parent else [])]

    def edges(one: int, other: int) -> int:
        return min(i + up(other).index(node) for i, node in enumerate(up(one)) if node in up(other))

    assert edges(2, 3) == edges(7, 8) == 2
    assert len(up(7)) > len(up(2))
    assert "each counts alike" in prose(text("nltk/edges-are-unequal", "a"))


@pytest.mark.proves("cant-pay", "synset-name")
def test_the_tokens_give_back_the_sentence(text: Text) -> None:
    code = program(text("nltk/cant-pay", "cloze"))
    tokens: list[str] = eval(code.splitlines()[1].removeprefix("# "))
    assert "".join(tokens) == code.split('("')[1].split('")')[0].replace(" ", "")
    assert tokens[1:3] == ["ca", "n't"]
    lemma, pos, sense = "dog.n.02".split(".")
    assert (lemma, pos, int(sense)) == ("dog", "n", 2)
    assert "`dog.n.02`" in text("nltk/synset-name", "cloze")


@pytest.mark.proves("cant-pay", "stems-one-word", "freqdist-code", "conditional-code")
def test_nltk_itself_says_the_same(text: Text) -> None:
    nltk: Any = pytest.importorskip("nltk")
    tokenize: Any = pytest.importorskip("nltk.tokenize")
    code = program(text("nltk/cant-pay", "cloze"))
    said = code.split('("')[1].split('")')[0]
    tokens = tokenize.word_tokenize(said, preserve_line=True)
    assert tokens == eval(code.splitlines()[1].removeprefix("# "))
    assert tokenize.word_tokenize("#nlp don't", preserve_line=True) == ["#", "nlp", "do", "n't"]
    assert tokenize.TweetTokenizer().tokenize("#nlp don't") == ["#nlp", "don't"]
    assert "``" in tokenize.word_tokenize('She said "yes".', preserve_line=True)
    stem: Any = pytest.importorskip("nltk.stem")
    porter = stem.PorterStemmer
    assert (porter().stem("dying"), porter(mode=porter.ORIGINAL_ALGORITHM).stem("dying")) == ("die", "dy")
    assert '"dying" into "die"' in prose(text("nltk/not-quite-porter", "q"))
    q = text("nltk/stems-one-word", "q")
    said, stemmed = re.findall(r'"(.+?)"', q)
    assert porter().stem(said) == stemmed
    for name in ("freqdist-code", "conditional-code"):
        code = program(text(f"nltk/{name}", "cloze"))
        names = {each: getattr(nltk, each) for each in ("FreqDist", "ConditionalFreqDist", "bigrams")}
        assert printed(code, **names) == remarks(code)
    assert nltk.FreqDist(["to", "be", "to"]).B() == 2
