"""Facts of the deck on NLTK: by small stand-ins of the standard library, and by NLTK itself where it is installed."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import pytest

from tests.support.facts import filled, printed, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "punkt-download": "nltk, ChangeLog: the version is the place",
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


@pytest.mark.proves("path-similarity-drill")
def test_path_similarity_is_one_over_the_nodes_of_the_path(drill: Drill) -> None:
    for edges in (1, 4, 9):
        chain = {i: [i - 1, i + 1] for i in range(edges + 1)}
        seen, queue = {0: 1}, deque([0])
        while queue:
            at = queue.popleft()
            for near in chain[at]:
                if near in chain and near not in seen:
                    seen[near] = seen[at] + 1
                    queue.append(near)
        assert drill("nltk/path-similarity-drill", n=edges) == pytest.approx(1 / seen[edges])


@pytest.mark.proves("cant-pay", "synset-name")
def test_the_tokens_give_back_the_sentence(text: Text) -> None:
    code = program(text("nltk/cant-pay", "cloze"))
    tokens: list[str] = eval(code.splitlines()[1].removeprefix("# "))
    assert "".join(tokens) == code.split('("')[1].split('")')[0].replace(" ", "")
    assert tokens[1:3] == ["ca", "n't"]
    lemma, pos, sense = "dog.n.02".split(".")
    assert (lemma, pos, int(sense)) == ("dog", "n", 2)
    assert "`dog.n.02`" in text("nltk/synset-name", "cloze")


@pytest.mark.proves("cant-pay", "generously-three-ways", "freqdist-code", "conditional-code")
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
    table = filled(text("nltk/generously-three-ways", "cloze"))
    porter = stem.PorterStemmer
    assert (porter().stem("dying"), porter(mode=porter.ORIGINAL_ALGORITHM).stem("dying")) == ("die", "dy")
    assert '"dying" into "die"' in prose(text("nltk/not-quite-porter", "q"))
    for one, name in (
        (stem.PorterStemmer(), "PorterStemmer()"),
        (stem.SnowballStemmer("english"), 'SnowballStemmer("english")'),
        (stem.LancasterStemmer(), "LancasterStemmer()"),
    ):
        assert f"| `{name}` | {one.stem('generously')} |" in table
    for name in ("freqdist-code", "conditional-code"):
        code = program(text(f"nltk/{name}", "cloze"))
        names = {each: getattr(nltk, each) for each in ("FreqDist", "ConditionalFreqDist", "bigrams")}
        assert printed(code, **names) == remarks(code)
    assert nltk.FreqDist(["to", "be", "to"]).B() == 2
