"""Facts of the deck on text preprocessing, from counting and from Python's own strings."""

from __future__ import annotations

import html
import itertools
import random
import re
import string
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "half-occur-once": "Manning and Schütze 1999, section 1.4.2, Table 1.2: 3,993 of 8,018 types of a novel",
    "top-hundred": "Manning and Schütze 1999, section 1.4.2: the commonest 100 words are half of the tokens",
    "heaps-formula": "Manning and others 2008, section 5.1.1: b about 0.5, k between 30 and 100",
}


@pytest.mark.proves("types-in-sentence", "type-token")
def test_types_and_tokens(text: Text) -> None:
    words = text("text-preprocessing/types-in-sentence", "q").split("`")[1].split()
    assert int(text("text-preprocessing/types-in-sentence", "typed")) == len(set(words))
    assert f"It has {len(words)} tokens" in prose(text("text-preprocessing/types-in-sentence", "why"))
    assert len(set(words + words)) == len(set(words))
    assert len(words + words) == 2 * len(words)


@pytest.mark.proves("ratio-falls", "zipf-formula", "zipf-drill")
def test_under_zipfs_law_the_ratio_of_types_to_tokens_falls(text: Text, drill: Drill) -> None:
    weights = [1 / rank for rank in range(1, 20_001)]
    tokens = random.Random(0).choices(range(20_000), weights, k=20_000)
    ratios = [len(set(tokens[:n])) / n for n in (100, 1000, 20_000)]
    assert ratios == sorted(ratios, reverse=True)
    assert "proportional to $1/r$" in prose(filled(text("text-preprocessing/zipf-formula", "cloze")))
    for f, r in itertools.product((6000, 12_000, 60_000), (2, 3, 10, 100)):
        assert drill("text-preprocessing/zipf-drill", f=f, r=r) * r == pytest.approx(f)
    halves, tenths = (drill("text-preprocessing/zipf-drill", f=6000, r=r) / 6000 for r in (2, 10))
    assert (halves, tenths) == pytest.approx((1 / 2, 1 / 10))


@pytest.mark.proves("half-occur-once")
def test_about_half_of_the_types_occur_once(text: Text) -> None:
    assert "3,993 of 8,018" in prose(text("text-preprocessing/half-occur-once", "why"))
    share = 100 * 3993 / 8018
    assert f"{share:.1f}" == "49.8"
    assert float(text("text-preprocessing/half-occur-once", "typed")) == pytest.approx(share, rel=0.01)


@pytest.mark.proves("heaps-drill", "heaps-double")
def test_heaps_law(text: Text, drill: Drill) -> None:
    for t, k in itertools.product((10_000, 250_000, 1_000_000, 4_000_000), (30, 40, 50)):
        assert drill("text-preprocessing/heaps-drill", t=t, k=k) == pytest.approx(k * t**0.5)
    times = [drill("text-preprocessing/heaps-drill", t=t, k=40) for t in (10_000, 1_000_000)]
    assert times[1] / times[0] == pytest.approx(10)
    assert "a hundredfold text brings only ten times the types" in prose(text("text-preprocessing/heaps-drill", "why"))
    factor = float(text("text-preprocessing/heaps-double", "typed"))
    assert factor**0.5 == 2


@pytest.mark.proves("casefold", "dotted-i")
def test_casefold_and_the_turkish_capital(text: Text) -> None:
    method = text("text-preprocessing/casefold", "typed")
    assert getattr("STRASSE", method)() == getattr("straße", method)()
    assert "STRASSE".lower() != "straße".lower()
    word = text("text-preprocessing/dotted-i", "q").split("'")[1]
    assert len(word.lower()) == len(word) + 1
    assert word.lower()[:2] == "i\u0307"


@pytest.mark.proves("price-without-point", "punctuation-that-means")
def test_deleting_punctuation(text: Text) -> None:
    gone = str.maketrans("", "", string.punctuation)
    sentence = text("text-preprocessing/price-without-point", "q").split("`")[3]
    assert sentence.translate(gone).split()[1] == text("text-preprocessing/price-without-point", "typed")
    names = text("text-preprocessing/punctuation-that-means", "a").split("`")[1::2]
    assert {name.translate(gone) for name in names} == {"C"}


@pytest.mark.proves("tags-before-entities")
def test_unescaping_first_makes_text_look_like_tags(text: Text) -> None:
    shown, source = text("text-preprocessing/tags-before-entities", "q").split("`")[1:4:2]
    assert html.unescape(source) == shown
    assert html.unescape(re.sub(r"<[^>]*>", "", source)) == shown
    assert "<b>" not in re.sub(r"<[^>]*>", "", html.unescape(source))


@pytest.mark.proves("two-ways-to-write-e", "normal-forms", "nfc-nfkc")
def test_normal_forms(text: Text) -> None:
    normalize: Any = unicodedata.normalize
    one, two = "caf\u00e9", "cafe\u0301"
    assert one != two
    assert f"`len` gives {len(one)} for one and {len(two)} for the other" in prose(
        text("text-preprocessing/two-ways-to-write-e", "q")
    )
    assert normalize("NFC", two) == one
    cells = filled(text("text-preprocessing/normal-forms", "cloze"))
    rows = [[cell.strip() for cell in line.strip("|").split("|")][1:] for line in cells.splitlines()[2:4]]
    for (joined, separate), ligature in zip(rows, ("ﬁ", "fi"), strict=True):
        assert normalize(joined, "e\u0301ﬁ") == "é" + ligature
        assert normalize(separate, "éﬁ") == "e\u0301" + ligature
    for form, key in (("NFC", "nfc"), ("NFKC", "nfkc")):
        cell = text("text-preprocessing/nfc-nfkc", f"contrast.by.square.{key}")
        assert cell.strip("`") == normalize(form, "x²")
    assert normalize("NFC", "ﬁ") == "ﬁ"
    assert normalize("NFKC", "ﬁ") == "fi"


@pytest.mark.proves("strip-accents-code", "strip-accents-cost")
def test_the_code_strips_accents(text: Text) -> None:
    code = program(text("text-preprocessing/strip-accents-code", "cloze"))
    for accented, plain in (("Ñandú", "Nandu"), ("peña", "pena"), ("schön", "schon")):
        for form in ("NFC", "NFD"):
            names: dict[str, Any] = {"unicodedata": unicodedata, "text": unicodedata.normalize(form, accented)}
            exec(code, names)
            assert names["plain"] == plain
    assert "`Ñandú` to `Nandu`" in text("text-preprocessing/strip-accents-code", "cloze")


@pytest.mark.proves("invisible-spaces")
def test_nfkc_mends_the_non_breaking_space_alone() -> None:
    assert unicodedata.normalize("NFKC", "New\u00a0York") == "New York"
    assert unicodedata.normalize("NFC", "New\u00a0York") != "New York"
    assert unicodedata.normalize("NFKC", "New\u200bYork") == "New\u200bYork"


@pytest.mark.proves("regex-splitter", "stop-does-double-duty")
def test_the_simple_splitter_cuts_after_the_title(text: Text) -> None:
    sentence = text("text-preprocessing/regex-splitter", "q").split("`")[1]
    pieces = re.split(r"(?<=\.) (?=[A-Z])", sentence)
    assert pieces == ["Dr.", "Smith paid 3.50.", "He left."]
    assert int(text("text-preprocessing/regex-splitter", "typed")) == len(pieces)
