"""Facts of the deck on text in Python, computed by running it."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.facts import printed, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

DECK = "python-text"
QUOTED: dict[str, str] = {}


def run(code: str, **names: Any) -> dict[str, Any]:
    exec(code, names)
    return names


@pytest.mark.proves("str-or-bytes")
def test_the_elements_of_str_and_bytes(text: Text) -> None:
    for name, value in (("text", "é"), ("data", "é".encode())):
        cell = text(f"{DECK}/str-or-bytes", f"contrast.by.index.{name}")
        assert cell == f"`{type(value[0]).__name__}`"
        assert hasattr(value, text(f"{DECK}/str-or-bytes", f"contrast.by.method.{name}").strip("`"))
    assert (min(bytes(range(256))), max(bytes(range(256)))) == (0, 255)


@pytest.mark.proves("utf8-bytes-drill")
def test_the_bytes_of_a_text_by_encoding_it(drill: Drill) -> None:
    for a, l, c, m in ((10, 2, 3, 1), (50, 5, 10, 2)):  # noqa: E741
        sample = "a" * a + "é" * l + "語" * c + "😀" * m
        assert drill(f"{DECK}/utf8-bytes-drill", a=a, l=l, c=c, m=m) == len(sample.encode("utf-8"))


@pytest.mark.proves("normalize-code", "decomposed-length")
def test_normal_forms(text: Text) -> None:
    one, two = "caf\u00e9", "cafe\u0301"
    assert one != two
    assert run(program(text(f"{DECK}/normalize-code", "cloze")), unicodedata=unicodedata, one=one, two=two)["same"]
    word = re.search(r'"NFD", "(\w+)"', text(f"{DECK}/decomposed-length", "q"))
    assert word is not None
    assert text(f"{DECK}/decomposed-length", "typed") == str(len(unicodedata.normalize("NFD", word[1])))


@pytest.mark.proves("latin1-never-fails", "mojibake")
def test_latin_1_decodes_anything_and_utf_8_does_not(text: Text) -> None:
    assert len(bytes(range(256)).decode("latin-1")) == 256
    with pytest.raises(UnicodeDecodeError):
        bytes(range(256)).decode("utf-8")
    wrong = "café".encode().decode("latin-1")
    assert f"`{wrong}`" in text(f"{DECK}/mojibake", "q")
    assert wrong.encode("latin-1").decode("utf-8") == "café"


@pytest.mark.proves("cut-bytes")
def test_a_cut_inside_a_character(text: Text) -> None:
    cut = "café".encode()[:4]
    with pytest.raises(UnicodeDecodeError):
        cut.decode("utf-8")
    assert cut.decode("utf-8", errors="ignore") == "caf"
    assert 'errors="ignore"' in text(f"{DECK}/cut-bytes", "why")


@pytest.mark.proves("lazy-tag", "named-group-code", "doubled-word-code")
def test_the_patterns_find_what_the_cards_say(text: Text) -> None:
    assert run(program(text(f"{DECK}/lazy-tag", "cloze")), re=re)["tags"] == ["<b>", "</b>"]
    assert re.findall(r"<.+>", "<b>bold</b>") == ["<b>bold</b>"]
    assert run(program(text(f"{DECK}/named-group-code", "cloze")), re=re)["year"] == "2017"
    assert run(program(text(f"{DECK}/doubled-word-code", "cloze")), re=re)["clean"] == "the cat"


@pytest.mark.proves("match-search-fullmatch", "findall-groups", "raw-string", "multiline-anchor")
def test_the_functions_of_re(text: Text) -> None:
    for row, sample in (("tail", "12a"), ("head", "a12")):
        for name in ("match", "search", "fullmatch"):
            found = getattr(re, name)(r"\d+", sample)
            cell = text(f"{DECK}/match-search-fullmatch", f"contrast.by.{row}.{name}")
            assert cell == (found[0] if found else "None")
    pairs = re.findall(r"(\w+)@(\w+)", "ann@home bob@work")
    assert prose(text(f"{DECK}/findall-groups", "a")).startswith(f"`{pairs}`")
    assert re.findall("\bcat\b", "a cat") == []
    assert re.findall(r"\bcat\b", "a cat") == ["cat"]
    flag = eval(text(f"{DECK}/multiline-anchor", "typed"))
    assert (len(re.findall("^x", "x\nx")), len(re.findall("^x", "x\nx", flag))) == (1, 2)


@pytest.mark.proves("split-or-split-space", "format-code")
def test_splitting_and_formatting(text: Text) -> None:
    assert "a  b".split(" ") == ["a", "", "b"]
    assert "a \t\n b".split() == ["a", "b"]
    assert printed(program(text(f"{DECK}/format-code", "cloze"))) == "accuracy 91.7%\n12,345 tokens"
    assert "Print `accuracy 91.7%` and `12,345 tokens`" in text(f"{DECK}/format-code", "cloze")


@pytest.mark.proves("repr-shows-invisible")
def test_repr_shows_what_print_hides(text: Text) -> None:
    answer = text(f"{DECK}/repr-shows-invisible", "a")
    for sign in ("\n", "\xa0", "\ufeff"):
        assert f"`{repr(sign)[1:-1]}`" in answer
        assert "id" + repr(sign)[1:-1] == f"{'id' + sign!r}"[1:-1]
    accented = "e\u0301"
    assert f"{accented!r}" == f"'{accented}'"
    assert f"{accented!a}" == "'e\\u0301'"


@pytest.mark.proves("islice-code")
def test_a_slice_of_a_generator(text: Text) -> None:
    lines = (str(number) for number in range(5000))
    sample = run(program(text(f"{DECK}/islice-code", "cloze")), itertools=itertools, lines=lines)["sample"]
    assert (len(sample), sample[-1], next(lines)) == (1000, "999", "1000")
    with pytest.raises(TypeError):
        lines[:1000]  # type: ignore[index]


@pytest.mark.proves("generator-code", "second-pass-empty", "bom")
def test_reading_a_file_line_by_line(text: Text, tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    path.write_text("ein Fluß\nzwei\n", "utf-8")
    tokens = run(program(text(f"{DECK}/generator-code", "cloze")))["sentences"](path)
    assert list(tokens) == [["ein", "Fluß"], ["zwei"]]
    assert list(tokens) == []
    path.write_bytes(b"\xef\xbb\xbfid")
    assert path.read_text("utf-8") == "\ufeffid"
    assert path.read_text(text(f"{DECK}/bom", "typed")) == "id"


@pytest.mark.proves("counter-missing", "counter-code", "counter-minus")
def test_counters(text: Text) -> None:
    counts = Counter("banana")
    plain: defaultdict[str, int] = defaultdict(int)
    assert (counts["z"], plain["z"]) == (0, 0)
    assert "z" not in counts
    assert "z" in plain
    corpus = [["a", "b", "a"], ["c", "a", "c"]]
    names = run(program(text(f"{DECK}/counter-code", "cloze")), Counter=Counter, corpus=corpus, k=2)
    assert names["vocabulary"] == ["a", "c"]
    first, second = Counter(a=3, b=1), Counter(a=1, b=2)
    assert dict(first - second) == {"a": 2}
    first.subtract(second)
    assert first["b"] == -1
    assert "$-1$" in text(f"{DECK}/counter-minus", "a")
