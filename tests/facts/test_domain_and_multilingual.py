"""The samplings and counts of the deck on domain and multilingual models, worked out afresh."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from tests.support.facts import program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "half-the-vocabulary-new": "beltagy2019 §2: the token overlap of the two vocabularies is 42%",
    "corpus-before-vocabulary": "beltagy2019 §4: +2.11 F1; on the effect of SciVocab: +0.60 F1 on average",
    "breadth-not-enough": "gururangan2020 Table 1: 160GB; Table 3: ACL-ARC, RoBERTa 63.0 and DAPT 75.4",
    "domain-not-one": "gururangan2020 Tables 5 and 6: ChemProt, RoBERTa 81.9, TAPT 82.6 and Transfer-TAPT 80.4",
    "no-language-marker": "pires2019 §2: monolingual Wikipedia corpora of 104 languages",
    "prompted-against-tuned": "li2023 title: the number belongs to the name of GPT-4",
    "mbert-against-xlmr": "conneau2020 §3: a vocabulary of 250k",
}


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"domain-and-multilingual/{note}", key))


@pytest.mark.proves("sampling-code", "small-language-share", "alpha-both-ways")
def test_a_smaller_exponent_evens_the_shares_out(text: Text, drill: Drill) -> None:
    names: dict[str, Any] = {}
    exec(program(text("domain-and-multilingual/sampling-code", "cloze")), names)
    sampling = names["sampling"]
    counts = np.array([900.0, 90.0, 10.0])
    assert sampling(counts, 1.0) == pytest.approx([0.9, 0.09, 0.01])
    assert sampling(counts, 0.0) == pytest.approx([1 / 3] * 3)
    smoothed = [0.9**0.3, 0.09**0.3, 0.01**0.3]
    assert sampling(counts) == pytest.approx([share / sum(smoothed) for share in smoothed])
    shares = [sampling(counts, alpha) for alpha in (1.0, 0.7, 0.3, 0.1)]
    for before, after in pairwise(shares):
        assert after[2] > before[2]
        assert after[0] < before[0]
    for r, a in product((16, 81, 100, 256), (0.25, 0.5)):
        expected = sampling(np.array([float(r), 1.0]), a)[1]
        assert drill("domain-and-multilingual/small-language-share", r=r, a=a) == pytest.approx(expected)
    # The default of the code is the exponent that conneau2020 §5.1 settles on.
    assert "alpha=0.3" in text("domain-and-multilingual/sampling-code", "cloze")
    assert "XLM-R takes 0.3." in said(text, "small-language-share", "why")


@pytest.mark.proves("embeddings-eat-parameters")
def test_a_large_vocabulary_takes_most_parameters(text: Text, drill: Drill) -> None:
    d = 768
    block = 4 * (d * d + d) + (d * 4 * d + 4 * d) + (4 * d * d + d) + 4 * d
    layers = 12 * block
    assert layers == pytest.approx(85e6, rel=0.002)
    for v in (30, 120, 250):
        table = v * 1000 * d
        share = 100 * table / (table + layers)
        assert drill("domain-and-multilingual/embeddings-eat-parameters", v=v) == pytest.approx(share, rel=0.002)
    why = said(text, "embeddings-eat-parameters", "why")
    assert why.startswith("250,000 pieces")
    assert "about 70%" in why
    assert drill("domain-and-multilingual/embeddings-eat-parameters", v=250) == pytest.approx(70, abs=1)
    assert "85 million parameters" in said(text, "embeddings-eat-parameters", "drill.ask")


@pytest.mark.proves("words-that-fit")
def test_words_fill_what_the_special_tokens_leave(text: Text, drill: Drill) -> None:
    for f in (1.2, 1.5, 2, 2.5, 3):
        words = drill("domain-and-multilingual/words-that-fit", f=f)
        assert words * f <= 512 - 2 < (words + 1) * f
    assert "512 tokens, two of them special" in said(text, "words-that-fit", "drill.ask")
