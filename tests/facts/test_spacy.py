"""Facts of the deck on spaCy: by small stand-ins of the standard library, and by spaCy itself where it is installed."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.facts import filled, printed, program, prose

Text = Callable[[str, str], str]

QUOTED: dict[str, str] = {
    "more-processes-slower": "a number of processes, as an example; pipelines, Multiprocessing",
}


def remarks(code: str) -> list[str]:
    return [line.split("# ")[1].strip() for line in code.splitlines() if "# " in line]


@pytest.mark.proves("greedy-or-all")
def test_the_pattern_has_two_matches_one_of_each_start(text: Text) -> None:
    words = "a very very good day".split()
    spans = [
        (i, j)
        for i in range(len(words))
        for j in range(i + 2, len(words) + 1)
        if set(words[i : j - 1]) == {"very"} and words[j - 1] == "good"
    ]
    assert text("spacy/greedy-or-all", "typed") == str(len(spans))
    assert '"a very very good day"' in prose(text("spacy/greedy-or-all", "q"))


@pytest.mark.proves("start-counts-tokens")
def test_a_slice_of_the_text_by_numbers_of_tokens(text: Text) -> None:
    q = prose(text("spacy/start-counts-tokens", "q"))
    said = q.split('nlp("')[1].split('")')[0]
    start, end = map(int, re.findall(r"doc\[(\d):(\d)\]", q)[0])
    assert f'gives "{said[start:end]}"' in q


@pytest.mark.proves("as-tuples-code")
def test_the_ids_stay_beside_their_documents(text: Text) -> None:
    def pipe(rows: list[tuple[str, int]], as_tuples: bool) -> list[tuple[list[str], int]]:
        assert as_tuples
        return [(each.split(), number) for each, number in rows]

    out = printed(program(text("spacy/as-tuples-code", "cloze")), nlp=SimpleNamespace(pipe=pipe))
    assert out == "17 2\n18 1"


@pytest.mark.proves("train-command")
def test_the_command_names_both_files(text: Text) -> None:
    command = program(text("spacy/train-command", "cloze"), "shell")
    assert "-m spacy init config ner.cfg" in command
    assert re.findall(r"--paths\.(\w+) (\w+)\.spacy", command) == [("train", "a"), ("dev", "b")]


@pytest.mark.proves("slice-code", "matcher-code", "greedy-or-all", "as-tuples-code", "joined-again", "component-code")
def test_spacy_itself_says_the_same(text: Text) -> None:
    spacy: Any = pytest.importorskip("spacy")
    matcher_of: Any = pytest.importorskip("spacy.matcher").Matcher
    nlp = spacy.blank("en")
    code = program(text("spacy/slice-code", "cloze"))
    assert printed(code, nlp=nlp).splitlines() == remarks(code)
    span = nlp("I like New York.")[2:4]
    assert (span.text, span.start, span.end, span.start_char, span.end_char) == ("New York", 2, 4, 7, 15)
    exec(program(text("spacy/joined-again", "cloze")), {"doc": nlp("Dr. Smith  can't pay $5.")})

    names: dict[str, Any] = {"Matcher": matcher_of, "nlp": nlp}
    exec(program(text("spacy/matcher-code", "cloze")), names)
    doc = nlp("Hello, world! hello world")
    assert [doc[start:end].text for _, start, end in names["matcher"](doc)] == ["Hello, world", "hello world"]

    q = text("spacy/greedy-or-all", "q")
    pattern = eval(q.split("`")[1])
    doc = nlp("a very very good day")
    for options, count in (({}, 2), ({"greedy": "LONGEST"}, 1)):
        matcher = matcher_of(nlp.vocab)
        matcher.add("GOOD", [pattern], **options)
        assert len(matcher(doc)) == count
    never = matcher_of(nlp.vocab)
    never.add("CITY", [[{"TEXT": "New York"}]])
    assert never(nlp("New York")) == []

    assert printed(program(text("spacy/as-tuples-code", "cloze")), nlp=nlp) == "17 2\n18 1"
    exec(program(text("spacy/component-code", "cloze")), {"Language": spacy.Language, "nlp": nlp})
    assert nlp.pipe_names == ["shout"]
    assert nlp("Hi.").text == "Hi."
    assert nlp("I like London.").char_span(7, 12) is None
    tags = pytest.importorskip("spacy.training").offsets_to_biluo_tags
    with pytest.warns(UserWarning, match="W030"):
        assert tags(nlp.make_doc("I like London."), [(7, 12, "GPE")]) == ["O", "O", "-", "O"]


def test_the_cards_fill_in(text: Text) -> None:
    assert "P = Q = Doc" in prose(filled(text("spacy/pipeline-diagram", "cloze")))
    assert 'select_pipes(enable="ner")' in program(text("spacy/switch-off-code", "cloze"))
