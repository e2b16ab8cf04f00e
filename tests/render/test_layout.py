"""Layout and plain words: nothing too wide, nothing that acts, nothing hidden that shows."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from nlpcards.core.markup import Document, parse, scan
from nlpcards.render.layout import layout
from nlpcards.render.plain import plain
from nlpcards.render.style import Line, Style
from tests.support.bundled import DECK_FILES
from tests.support.tracing import untraced

pytestmark = untraced

ACTING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029\ufdd0-\ufdef]"
)
PARTS = st.sampled_from(
    [
        "{{c1::",
        "{{c2::",
        "}}",
        "::",
        "$",
        "$$",
        "`",
        "\n```python\n",
        "\n```\n",
        "\n",
        "\n\n",
        "- ",
        "> ",
        "\n| ",
        " | ",
        "\n|--|--|\n",
        "*",
        "**",
        "~~",
        "# ",
        "[a](http://b.c)",
        "![p](q.png)",
        "word",
        "a long line of words ",
        "中文字符",
        "🙂",
        "e\u0301",
        "\t",
        "1. ",
        r"\frac{a}{b}",
        "x_t",
        r"\sum_{i=1}^n",
        "def f(x):",
        "\x1b[31m",
        "\u202e",
        "\u2028",
        "[bold]",
        "<script>",
        "  ",
        "👩\u200d💻",
        "\u200b",
    ]
)
MARKDOWN = st.lists(PARTS, max_size=30).map("".join)


def text_of(lines: tuple[Line, ...]) -> str:
    return "\n".join("".join(span.text for span in line) for line in lines)


def shown(source: str, width: int = 80, *, ask: int | None = None, reveal: bool = True) -> str:
    return text_of(layout(parse(source, cloze=True), width, ask=ask, reveal=reveal))


@settings(max_examples=400)
@given(st.one_of(MARKDOWN, st.text()), st.integers(20, 100), st.sampled_from([None, 1, 2]), st.booleans())
def test_no_line_is_wider_than_the_width_and_nothing_in_it_acts(
    text: str, width: int, ask: int | None, reveal: bool
) -> None:
    for line in layout(parse(text, cloze=True), width, ask=ask, reveal=reveal):
        words = "".join(span.text for span in line)
        assert cell_len(words) <= width
        assert "\n" not in words
        assert not ACTING.search(words)


@settings(max_examples=200)
@given(st.one_of(MARKDOWN, st.text()), st.sampled_from([None, 1]), st.booleans())
def test_plain_words_hold_nothing_that_acts_and_no_boxes(text: str, ask: int | None, reveal: bool) -> None:
    words = plain(parse(text, cloze=True), ask=ask, reveal=reveal)
    assert not ACTING.search(words)
    assert not re.search("[─│┼]", words) or re.search("[─│┼]", text)


CONTEXTS = [
    "a {} b",
    "`x = {}`",
    "$x = {}$",
    "$x_{}$",
    r"$$\frac{{a}}{{ {} }}$$",
    r"$$\hat{}_t = \sqrt{{ {} }}$$",
    "$${}$$",
    "```python\nx = '{}'\n{}\n```",
    "| a | b |\n|---|---|\n| {} | c |",
    "- a\n  1. {}",
    "> **{}**",
    "# {}",
    "![{}](a.png)",
    "[{}](https://a.b)",
]


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("width", [20, 80])
@pytest.mark.parametrize("hint", ["", "::hint"])
def test_what_a_question_hides_appears_nowhere_in_it(context: str, width: int, hint: str) -> None:
    count = context.replace("{{", "").count("{}")
    source = context.format(*["{{c1::QZXJ" + hint + "}}"] * count)
    document = parse(source, cloze=True)
    question = text_of(layout(document, width, ask=1, reveal=False))
    assert not set("QZXJ") & set(question.replace("…", ""))
    assert not set("QZXJ") & set(plain(document, ask=1, reveal=False))
    answer = layout(document, width, ask=1, reveal=True)
    assert "QZXJ" in text_of(answer).replace("\n", "").replace("↪ ", "").replace(" ", "")
    assert any(span.style & Style.ANSWER for line in answer for span in line)
    other = layout(document, width, ask=2, reveal=False)
    assert not any(span.style & (Style.CLOZE | Style.ANSWER) for line in other for span in line)


@settings(max_examples=200)
@given(MARKDOWN, MARKDOWN, st.integers(20, 80))
def test_hidden_text_shows_in_no_question_whatever_stands_round_it(before: str, after: str, width: int) -> None:
    source = f"{before}{{{{c1::QZXJ}}}}{after}"
    scanned = scan(source)
    document = parse(source, cloze=True)
    if scanned.errors or document.lost or not any(span.text == "QZXJ" for span in scanned.spans):
        return
    assert "QZXJ" not in text_of(layout(document, width, ask=1, reveal=False))
    assert "QZXJ" not in plain(document, ask=1, reveal=False)


def test_a_hint_stands_in_brackets_and_is_styled_as_a_cloze() -> None:
    (line,) = layout(parse("the {{c1::answer::a hint}}", cloze=True), 80, ask=1, reveal=False)
    assert [(span.text, span.style) for span in line] == [("the ", Style.PLAIN), ("[a hint]", Style.CLOZE)]


def test_styles_combine() -> None:
    (line,) = layout(parse("**a *b* `c`**"), 80, ask=None, reveal=True)
    assert [span.style for span in line] == [
        Style.STRONG,
        Style.STRONG | Style.EMPHASIS,
        Style.STRONG,
        Style.STRONG | Style.CODE,
    ]


def test_a_link_carries_its_target() -> None:
    (line,) = layout(parse("[a](https://b.c)"), 80, ask=None, reveal=True)
    assert [(span.text, span.target) for span in line] == [("a", "https://b.c")]


def test_words_wrap_at_the_width_and_chinese_between_characters() -> None:
    assert shown("one two three four five six", 20) == "one two three four\nfive six"
    assert shown("中文" * 12, 20) == "中文" * 5 + "\n" + "中文" * 5 + "\n" + "中文" * 2


def test_a_long_line_of_code_says_that_it_goes_on() -> None:
    assert shown("```\n" + "x" * 30 + "\n```", 20) == "  " + "x" * 18 + "\n  ↪ " + "x" * 12


def test_code_is_coloured_by_its_tokens_and_an_unknown_language_is_plain() -> None:
    (line,) = layout(parse("```python\nreturn 1\n```"), 80, ask=None, reveal=True)
    assert [span.style for span in line if span.text.strip()] == [Style.CODE | Style.KEYWORD, Style.CODE | Style.NUMBER]
    assert shown("```nosuchlanguage\nreturn 1\n```") == "  return 1"


def test_a_formula_too_wide_to_draw_is_written_on_lines() -> None:
    source = "$$" + " + ".join([r"\frac{a}{b}"] * 12) + "$$"
    assert "╶─╴" in shown(source, 80)
    assert "╶─╴" not in shown(source, 30)
    assert "a/b + a/b" in shown(source, 30)


def test_a_table_wraps_its_cells_and_then_falls_apart_into_lines() -> None:
    source = "| name | meaning |\n|---|---|\n| forget gate | keeps some of the old memory |"
    assert shown(source, 60).splitlines()[1] == "────────────┼─────────────────────────────"
    assert shown(source, 30).count("│") > 2
    wide = "| " + " | ".join("abcdefgh") + " |\n|" + "---|" * 8 + "\n| " + " | ".join(["something"] * 8) + " |"
    assert "a: something" in shown(wide, 30)


def test_plain_words_name_each_cell_by_its_heading() -> None:
    source = "| gate | role |\n|---|---|\n| forget | keep |"
    assert plain(parse(source), ask=None, reveal=True) == "gate: forget; role: keep"


def test_plain_words_bracket_what_was_asked_for() -> None:
    document = parse("a {{c1::b **c** $x_t$}} d", cloze=True)
    assert plain(document, ask=1, reveal=True) == "a [b c xₜ] d"
    assert plain(document, ask=1, reveal=False) == "a […] d"


def test_hostile_text_is_only_text() -> None:
    words = shown("\x1b]0;title\x07 [bold]x[/bold] \u202eevil <script>alert(1)</script>")
    assert words == "␛]0;title␇ [bold]x[/bold] <U+202E>evil <script>alert(1)</script>"


def test_an_empty_document_has_no_lines() -> None:
    assert layout(Document(()), 80, ask=None, reveal=True) == ()


@pytest.mark.skipif(not DECK_FILES, reason="no bundled decks here")
@pytest.mark.parametrize("deck", DECK_FILES, ids=lambda path: path.stem)
def test_every_text_of_the_bundled_decks_is_laid_out(deck: Path) -> None:
    import yaml

    for text in _texts(yaml.safe_load(deck.read_text(encoding="utf-8"))["notes"]):
        scanned = scan(text)
        document = parse(text, cloze=True)
        for ask in scanned.numbers or (None,):
            for reveal in (False, True):
                for width in (80, 40):
                    lines = layout(document, width, ask=ask, reveal=reveal)
                    assert all(cell_len("".join(span.text for span in line)) <= width for line in lines)
                assert plain(document, ask=ask, reveal=reveal)


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) and value.strip() else []
