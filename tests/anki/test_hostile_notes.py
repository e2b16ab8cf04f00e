"""Decks from strangers: they can show text in Anki and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlpcards.core.cards import Citation, Note, Place, Source
from nlpcards.core.kinds import KINDS, Body
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.core.kinds.contrast import Contrast, Row
from nlpcards.core.kinds.drill import Drill
from nlpcards.core.kinds.explain import Explain
from nlpcards.core.kinds.steps import Steps
from nlpcards.core.kinds.term import Term
from nlpcards.core.kinds.typed import Typed
from nlpcards.core.markup.cloze import scan
from tests.support.tracing import untraced

if TYPE_CHECKING:
    from tests.anki.conftest import Anki

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "handler": '<img src=x onerror="alert(1)">',
    "half-a-tag": "a<b and c>d <custom-element",
    "field": "{{Answer}} {{cloze:Text}} {{FrontSide}} {{#Why}} {{c1::x}}",
    "escape": "\x1b[2J\x1b]8;;http://x\x07 red",
    "markup-of-terminals": "[bold red]x[/] [link=http://x]y",
    "bidi": "abc\u202edef\u2066",
    "separator": "one\x1ftwo",
    "nul": "one\x00two",
    "surrogate": "one\ud800two",
    "link": "[click](javascript:alert(1)) <javascript:alert(1)>",
    "closing": "</div></body> --> ]]> '\" &amp; &lt;script&gt;",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("where", ["plain", "code", "fence", "maths", "link"])
def test_hostile_text_is_harmless_text(anki: Anki, text: str, where: str) -> None:
    wrapped = {
        "plain": text,
        "code": f"`` {text} ``",
        "fence": f"```python\n{text}\n```",
        "maths": f"$x {text} y$",
        "link": f"[{text}](http://example.org/{text})",
    }[where]
    source = Source("s", text, text, text, f"https://x.org/{text}")
    anki.bring(
        anki.basic("n", wrapped, "yes " + wrapped, why=wrapped, cite=(Citation(source, text),), tags=(text,)),
        title=text,
    )
    card = anki.cards("n")[0]
    for page in (anki.question(card), anki.answer(card)):
        assert_harmless(page)
        assert page.count("yes ") <= 1


TAGS = frozenset("div p br hr code pre span a em strong details summary ul ol li table thead tbody tr th td".split())


def assert_harmless(page: str) -> None:
    tags = {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z][\w-]*)", page)}
    assert tags <= TAGS
    assert not re.search(r"<[^>]*\son\w+\s*=", page)
    assert not re.search(r"(href|src)\s*=\s*[\"']?\s*javascript", page, re.IGNORECASE)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", page)


def saying(text: str) -> dict[str, Body]:
    """A body of each kind that says `text` wherever it can."""
    return {
        "basic": Basic(text, text, both=True),
        "term": Term(text, text),
        "cloze": ClozeText(f"{{{{c1::word}}}}\n\n{text}", (1,)),
        "typed": Typed(text, text, (text, text), text),
        "contrast": Contrast((("a", text), ("b", text)), (Row("r", text, {"a": text, "b": text}),)),
        "steps": Steps(text, (("one", text), ("two", text))),
        "drill": Drill(f"{text} {{{{n}}}}", (("n", ("1", "2", "3")),), "n", "", text, text),
        "explain": Explain(text, (text, text)),
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text",
    [
        *HOSTILE.values(),
        "[sound:evil.mp3] [latex]x[/latex] [[type:Typed]]",
        r"\\(x\\) \\[y\\] `\(x\)` $\href{javascript:alert(1)}{x}$",
    ],
    ids=[*HOSTILE, "played", "tex"],
)
def test_hostile_text_is_harmless_text_in_every_kind(anki: Anki, kind: str, text: str) -> None:
    note = Note("demo", "n", saying(text)[kind], Place(str(anki.deck_file), 1, 1), why=text)
    anki.bring(note)
    cards = anki.every_card()
    assert len(cards) == len(note.cards())
    assert not anki.col.get_empty_cards().notes
    for card in cards:
        for page in (anki.question(card), anki.answer(card)):
            assert_harmless(page)
            assert "no-more-cards" not in page
            assert "unknown field" not in page.lower()
            assert page.count("[[type:") == (kind == "typed")
            formulas = re.findall(r"\\[(\[](.*?)\\[)\]]", page)
            assert not any(re.search(r"\\(href|style|def|let)(?![A-Za-z])", formula) for formula in formulas)
            assert not {"x", "y"} & set(formulas), "MathJax would take this for a formula"
        assert not card.question_av_tags()
        assert not card.answer_av_tags()
        assert "class=latex" not in card.answer()


@pytest.mark.parametrize(
    "text",
    [
        "[sound:evil.mp3]",
        "[latex]\\input{/etc/passwd}[/latex]",
        "[$]x[/$]",
        "[$$]x[/$$]",
        "[anki:tts lang=en_US]say it[/anki:tts]",
        "`[sound:a.mp3]`",
        "$[sound:a.mp3]$",
        "![[sound:a.mp3]](a.png)",
    ],
)
def test_nothing_is_played_spoken_or_handed_to_latex(anki: Anki, text: str) -> None:
    anki.bring(anki.basic("n", text, text, why=text, topic=text), anki.cloze("c", f"{{{{c1::word}}}} {text}"))
    for card in anki.every_card():
        assert not card.question_av_tags()
        assert not card.answer_av_tags()
        assert "class=latex" not in card.answer()
        assert "[anki:play" not in card.answer()


@pytest.mark.parametrize(
    "tex", [r"\href{javascript:alert(1)}{x}", r"\style{position:fixed}{x}", r"\def\frac{no}", r"\let\x\y"]
)
@pytest.mark.parametrize("dollars", ["$", "$$"])
def test_maths_can_make_no_link_style_or_definition(anki: Anki, tex: str, dollars: str) -> None:
    anki.bring(anki.basic("n", f"{dollars}{tex}{dollars}", "a"), anki.cloze("c", f"$a {{{{c1::{tex}}}}}$"))
    for card in anki.every_card():
        assert not re.search(r"\\(href|style|def|let)(?![A-Za-z])", anki.answer(card))


def test_commands_that_only_begin_like_those_stay(anki: Anki) -> None:
    anki.bring(anki.basic("n", r"$\left( \definitely \right)$ and `\def\x`", "a"))
    question = anki.question(anki.cards("n")[0])
    assert r"\left( \definitely \right)" in question
    assert r"\def\x" in question


TEXTS = st.one_of(
    st.text(min_size=1, max_size=60),
    st.text(alphabet="{}c1:`$\\[]()<>&|*_#-! \n\tax2~\"'", min_size=1, max_size=60),
).filter(lambda text: text.strip() != "")

CLOZES = st.builds(
    lambda before, number, hidden, after: f"{before}{{{{c{number}::{hidden}}}}}{after}",
    st.one_of(TEXTS, st.just("")),
    st.integers(1, 500),
    TEXTS,
    st.one_of(TEXTS, st.just("")),
).filter(lambda text: not scan(text).errors and bool(scan(text).spans))


@untraced
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), min_size=1, max_size=6), st.lists(CLOZES, max_size=6))
def test_whatever_a_note_says_anki_imports_it_with_all_its_cards(
    anki: Anki, basics: list[tuple[str, str, bool]], clozes: list[str]
) -> None:
    notes = [anki.basic(f"b{number}", *each, why=each[0]) for number, each in enumerate(basics)]
    notes += [anki.cloze(f"c{number}", each) for number, each in enumerate(clozes)]
    anki.col.remove_notes(anki.col.find_notes(""))
    log = anki.bring(*notes)
    assert len(log.new) == len(notes)
    for note in notes:
        cards = anki.cards(note.id)
        assert len(cards) == len(note.cards())
        for card in cards:
            question, answer = anki.question(card), anki.answer(card)
            assert re.search(r'<div class="question">(?!\s*</div>)', question)
            if note.body.kind == "cloze":
                assert 'class="cloze"' in question or r"\(" in question or r"\[" in question
                assert 'class="cloze"' in answer or r"\(" in answer or r"\[" in answer
    assert not anki.col.get_empty_cards().notes
