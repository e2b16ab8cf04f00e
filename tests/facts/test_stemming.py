"""Facts of the deck on stemming, from Porter's algorithm of 1980, written down here step by step."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]

QUOTED: dict[str, str] = {}


def shape(word: str) -> str:
    """The word with each letter turned to v or c; y is a vowel after a consonant."""
    out = ""
    for at, letter in enumerate(word):
        vowel = letter in "aeiou" or (letter == "y" and at > 0 and out[-1] == "c")
        out += "v" if vowel else "c"
    return out


def measure(word: str) -> int:
    return len(re.findall("v+c+", shape(word)))


def short_end(word: str) -> bool:
    """*o: consonant, vowel, consonant, and the last is not w, x or y."""
    return shape(word).endswith("cvc") and word[-1] not in "wxy"


def doubled(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and shape(word)[-1] == "c"


STEP2 = dict(
    pair.split(":")
    for pair in (
        "ational:ate tional:tion enci:ence anci:ance izer:ize abli:able alli:al entli:ent eli:e ousli:ous "
        "ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble"
    ).split()
)
STEP3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
STEP4 = "al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize".split()


def replaced(word: str, rules: dict[str, str], more_than: int) -> str:
    for suffix in sorted(rules, key=len, reverse=True):
        if word.endswith(suffix):
            rest = word[: -len(suffix)]
            fits = measure(rest) > more_than and (suffix != "ion" or rest[-1:] in {"s", "t"})
            return rest + rules[suffix] if fits else word
    return word


def step1a(word: str) -> str:
    for suffix, ending in (("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")):
        if word.endswith(suffix):
            return word[: -len(suffix)] + ending
    return word


def step1(word: str) -> str:
    word = step1a(word)
    if word.endswith("eed"):
        word = word[:-1] if measure(word[:-3]) > 0 else word
    else:
        for suffix in ("ed", "ing"):
            rest = word[: -len(suffix)]
            if word.endswith(suffix) and "v" in shape(rest):
                word = rest
                if rest.endswith(("at", "bl", "iz")) or (measure(rest) == 1 and short_end(rest)):
                    word = rest + "e"
                elif doubled(rest) and rest[-1] not in "lsz":
                    word = rest[:-1]
                break
    return word[:-1] + "i" if word.endswith("y") and "v" in shape(word[:-1]) else word


def step5(word: str) -> str:
    if word.endswith("e"):
        rest = word[:-1]
        if measure(rest) > 1 or (measure(rest) == 1 and not short_end(rest)):
            word = rest
    return word[:-1] if word.endswith("ll") and measure(word) > 1 else word


def trace(word: str) -> list[str]:
    """The word after each of the five steps."""
    out = [step1(word)]
    out.append(replaced(out[-1], STEP2, 0))
    out.append(replaced(out[-1], STEP3, 0))
    out.append(replaced(out[-1], dict.fromkeys(STEP4, ""), 1))
    out.append(step5(out[-1]))
    return out


def porter(word: str) -> str:
    return trace(word)[-1] if len(word) > 2 else word


@pytest.mark.proves("porter-measure", "measure-drill", "cement-replacement")
def test_the_measure_counts_vowel_and_consonant_runs(text: Text) -> None:
    assert [measure(word) for word in ("tr", "tree", "by", "trouble", "oats", "troubles", "private")] == [
        0, 0, 0, 1, 1, 2, 2,
    ]  # fmt: skip
    assert f"of `stemming` is {measure('stemming')}." in prose(filled(text("stemming/porter-measure", "cloze")))
    word = text("stemming/measure-drill", "q").split("`")[1]
    assert int(text("stemming/measure-drill", "typed")) == measure(word)
    assert (measure("tree"), measure("trees")) == (0, 1)
    assert measure("c") == 0
    assert measure("replace"[:-1]) > 1
    assert porter("replacement") == "replac"
    assert porter("cement") == "cement"


@pytest.mark.proves("poni-is-fine", "sing-keeps-ing", "after-cutting-ing", "longest-suffix", "same-on-both-sides")
def test_the_first_step(text: Text) -> None:
    assert porter("ponies") == porter("pony") == "poni"
    assert [porter(word) for word in ("walking", "sing", "bed", "red")] == ["walk", "sing", "bed", "red"]
    rows = filled(text("stemming/after-cutting-ing", "cloze")).splitlines()[-3:]
    for row in rows:
        word, rest, stem = (cell.strip(" `") for cell in row.strip("|").split("|"))
        assert word.removesuffix("ing") == rest
        assert porter(word) == stem
    assert step1a("caresses") == "caress"
    assert measure("agre") == 1
    assert porter("agreement") == "agreement"
    assert "would leave `caresse`" in prose(text("stemming/longest-suffix", "why"))


@pytest.mark.proves("generalizations-trace", "relational")
def test_the_traces_of_long_words(text: Text) -> None:
    word = text("stemming/generalizations-trace", "steps.title").split("`")[1]
    for step, key in zip(trace(word), ("plural", "double", "simple", "bare"), strict=False):
        assert text("stemming/generalizations-trace", f"steps.of.{key}").endswith(f"`{step}`.")
    assert trace("relational")[1] == "relate"
    assert text("stemming/relational", "typed") == porter("relational") == porter("relate") == porter("relating")


@pytest.mark.proves(
    "porter-or-porter2", "over-or-under", "organ-organization", "light-or-heavy", "operating-system", "not-before-bert",
    "irregular-forms", "no-dictionary",
)  # fmt: skip
def test_what_porter_merges_and_what_it_keeps_apart(text: Text) -> None:
    for row, words in (("adverb", ("fairly",)), ("general", ("generous", "general")), ("news", ("news",))):
        said = text("stemming/porter-or-porter2", f"contrast.by.{row}.porter").split("`")[1]
        assert {porter(word) for word in words} == {said}
    assert porter("fair") != porter("fairly")
    assert porter("university") == porter("universe")
    assert porter("alumnus") != porter("alumni")
    assert porter("organization") == porter("organ") == "organ"
    assert porter("modernization") == porter("modern") == "modern"
    assert {porter(word) for word in "operate operating operation operative".split()} == {"oper"}
    assert porter("happy") == "happi"
    assert porter("ran") != porter("run")
    assert porter("mice") != porter("mouse")


@pytest.mark.proves("region-r1")
def test_r1_follows_the_first_consonant_after_a_vowel(text: Text) -> None:
    word = text("stemming/region-r1", "q").split("`")[1]
    found = re.search("[aeiouy][^aeiouy]", word)
    assert found is not None
    assert text("stemming/region-r1", "typed") == word[found.end() :]


@pytest.mark.proves("snowball-code")
def test_the_code_stems_each_token(text: Text, monkeypatch: pytest.MonkeyPatch) -> None:
    class SnowballStemmer:
        def __init__(self, language: str) -> None:
            assert language == "english"

        def stem(self, token: str) -> str:
            return porter(token)

    monkeypatch.setitem(sys.modules, "nltk", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "nltk.stem", SimpleNamespace(SnowballStemmer=SnowballStemmer))
    names: dict[str, Any] = {"tokens": ["walking", "walks"]}
    exec(program(text("stemming/snowball-code", "cloze")), names)
    assert names["stems"] == ["walk", "walk"]


def test_nltk_agrees_where_it_is_installed(text: Text) -> None:
    stem = pytest.importorskip("nltk.stem")
    original = stem.PorterStemmer(mode=stem.PorterStemmer.ORIGINAL_ALGORITHM)
    words = "ponies generalizations relational replacement cement news fairly university organization filing operative"
    for word in words.split():
        assert original.stem(word) == porter(word)
    english = stem.SnowballStemmer("english")
    for row, word in (("adverb", "fairly"), ("general", "generous"), ("news", "news")):
        said = text("stemming/porter-or-porter2", f"contrast.by.{row}.porter2").split("`")[1]
        assert english.stem(word) == said
    assert stem.LancasterStemmer().stem("operate") == "op"
