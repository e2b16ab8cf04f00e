"""Facts of the deck on lemmatization, from Morphy's rules applied to a small dictionary."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]

QUOTED: dict[str, str] = {
    "edit-tree": "Müller and others 2015 and the documentation of spaCy; no figure of theirs is claimed",
}

RULES: dict[str, list[tuple[str, str]]] = {
    "n": [
        ("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z"),
        ("ches", "ch"), ("shes", "sh"), ("men", "man"), ("ies", "y"),
    ],
    "v": [("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")],
    "a": [("er", ""), ("est", ""), ("er", "e"), ("est", "e")],
    "r": [],
}  # fmt: skip
EXCEPTIONS: dict[str, dict[str, str]] = {
    "n": {"mice": "mouse"},
    "v": {"went": "go", "saw": "see"},
    "a": {"better": "good"},
    "r": {},
}
WORDS = {
    "n": set("mouse study church pony fireman glass movie saw leaf leave u us".split()),
    "v": set("go see study walk leave".split()),
    "a": {"good"},
    "r": {"well"},
}


def candidates(word: str, pos: str) -> list[str]:
    return [word.removesuffix(end) + new for end, new in RULES[pos] if word.endswith(end)]


def morphy(word: str, pos: str) -> list[str]:
    exceptions = EXCEPTIONS[pos]
    forms = [exceptions[word]] if word in exceptions else candidates(word, pos)
    return [form for form in dict.fromkeys([word, *forms]) if form in WORDS[pos]]


def lemmatize(word: str, pos: str = "n") -> str:
    return min(morphy(word, pos), key=len, default=word)


@pytest.mark.proves("lemma-or-stem", "saw", "default-noun", "us-becomes-u", "unknown-word", "morphy-steps")
def test_part_of_speech_exceptions_and_dictionary_decide(text: Text) -> None:
    for row, word in (("mice", "mice"), ("studies", "studies")):
        assert text("lemmatization/lemma-or-stem", f"contrast.by.{row}.lemma").strip("`") == lemmatize(word)
    assert (lemmatize("saw", "v"), lemmatize("saw", "n")) == ("see", "saw")
    assert (lemmatize("went"), lemmatize("went", "v")) == ("went", "go")
    assert morphy("us", "n") == ["us", "u"]
    assert lemmatize("us") == "u"
    assert "google" in candidates("googled", "v")
    assert lemmatize("googled", "v") == "googled"
    assert "minus `s` is `u`" in prose(text("lemmatization/us-becomes-u", "a"))


@pytest.mark.proves("morphy-check", "morphy-rules")
def test_rules_propose_and_the_dictionary_decides(text: Text) -> None:
    assert {"glasse", "glass"} <= set(candidates("glasses", "n"))
    assert lemmatize("glasses") == "glass"
    assert "movy" in candidates("movies", "n")
    assert lemmatize("movies") == "movie"
    for row in filled(text("lemmatization/morphy-rules", "cloze")).splitlines()[-3:]:
        ending, becomes, example = (cell.strip(" `") for cell in row.strip("|").split("|"))
        assert (ending, becomes) in RULES["n"]
        assert lemmatize(example) == example.removesuffix(ending) + becomes


@pytest.mark.proves("penn-to-wordnet-code")
def test_the_code_maps_penn_tags(text: Text) -> None:
    tagged = [("went", "VBD"), ("mice", "NNS"), ("better", "JJR"), ("well", "RB"), ("us", "PRP")]
    names: dict[str, Any] = {"lemmatizer": SimpleNamespace(lemmatize=lemmatize), "tagged": tagged}
    exec(program(text("lemmatization/penn-to-wordnet-code", "cloze")), names)
    assert names["lemmas"] == ["go", "mouse", "good", "well", "u"]


@pytest.mark.proves("conllu-line", "morpheme-count")
def test_the_word_is_made_of_its_parts(text: Text) -> None:
    header, line = filled(text("lemmatization/conllu-line", "cloze")).splitlines()[-3:-1]
    assert dict(zip(header.split(), line.split(), strict=True)) == {
        "ID": "3", "FORM": "mice", "LEMMA": lemmatize("mice"), "UPOS": "NOUN", "XPOS": "NNS", "FEATS": "Number=Plur",
    }  # fmt: skip
    parts = prose(text("lemmatization/morpheme-count", "why")).split(":")[0].split("`")[1::2]
    assert "".join(parts) == text("lemmatization/morpheme-count", "q").split("`")[1]
    assert int(text("lemmatization/morpheme-count", "typed")) == len(parts)


@pytest.mark.proves("full-form-lookup")
def test_the_forms_of_a_noun_are_what_its_endings_combine_to(text: Text) -> None:
    why = prose(text("lemmatization/full-form-lookup", "why"))
    assert "2 numbers, 15 cases and one of 6 possessive endings or none" in why
    forms = list(itertools.product(range(2), range(15), [None, *range(6)]))
    assert f"a noun has {len(forms)} forms" in why


@pytest.mark.proves("path-similarity", "relations-diagram")
def test_sisters_are_two_steps_apart(text: Text) -> None:
    above = {"oak": ["tree"], "elm": ["tree"], "tree": ["plant"], "plant": []}
    links = {node: list(ups) for node, ups in above.items()}
    for node, ups in above.items():
        for up in ups:
            links[up].append(node)
    distance, queue = {"oak": 0}, deque(["oak"])
    while queue:
        node = queue.popleft()
        for other in links[node]:
            if other not in distance:
                distance[other] = distance[node] + 1
                queue.append(other)
    similarity = Fraction(1, 1 + distance["elm"])
    assert Fraction(text("lemmatization/path-similarity", "typed")) == similarity
