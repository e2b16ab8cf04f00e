"""The HTML of Anki's fields to Markdown."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlpcards.core.markup import parse, words
from nlpcards.decks.importing.anki_html import from_html


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("a<b>b </b>c", "a**b** c"),
        ("<i>a</i> <strong>b</strong> <s>c</s> <u>d</u>", "*a* **b** ~~c~~ d"),
        ("<b>a <i>b</b> c</i>", "**a *b*** *c*"),
        ("<b>a<i>b</b>c</i>", "abc"),
        ("<b>a</b><b>b</b>", "**ab**"),
        ("<b>(a)</b>b", "(a)b"),
        ("a<br>b<br><br>c", "a\\\nb\n\nc"),
        ("<div>a</div><div>b</div>", "a\\\nb"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>d", "- a\n- b\n  - c\n\nd"),
        ("<ol start=3><li>a<br>b</li><li>c</li></ol>", "3. a\\\n   b\n4. c"),
        ("<blockquote>a<br>b</blockquote>", "> a\\\n> b"),
        ("H<sub>2</sub>O x<sup>n+1</sup>", "H₂O xⁿ⁺¹"),
        ("x<sup>KL</sup>", r"x$^{\text{KL}}$"),
        (r"\(a &lt; b\) \[x<br>y\]", "$a < b$ $$x\ny$$"),
        (r"\(2\)5", "$2$&#53;"),
        (r"\(\)", r"\\(\\)"),
        (
            "[$]x[/$] [$$]y[/$$] [latex]$z$[/latex] [latex]\\begin{equation}w\\end{equation}[/latex]",
            "$x$ $$y$$ $z$ $$w$$",
        ),
        ("<code>a`b</code>", "``a`b``"),
        ("<code>a<br>b</code>", "```\na\nb\n```"),
        (
            '<pre><code class="language-py">def f():<br>    x[i] &lt; 1</code></pre>',
            "```py\ndef f():\n    x[i] < 1\n```",
        ),
        ('<img src="a.png"> [sound:b.mp3]', "![](a.png) ![b.mp3](b.mp3)"),
        ('<a href="https://x.y/(z)">w</a> <a href="javascript:alert(1)">v</a>', "[w](https://x.y/%28z%29) v"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td></tr></table>", "| a | b |\n|---|---|\n| 1\\|2 |  |"),
        ("<table><tr><td>a<td>b<tr><td>c</table>d", "| a | b |\n|---|---|\n| c |  |\n\nd"),
        ("<table><tr><td>a<table><tr><td>b</td></tr></table> c", "| a b c |\n|---|"),
        (
            "<table><tr><td>a <table><tr><td><b>b</b>|*</td><td>c</td></tr></table> d</td><td>e</td></tr></table>",
            "| a **b**\\|\\* c d | e |\n|---|---|",
        ),
        ("{{c1::<b>x</b>::hint}} \\({{c2::f_t}}\\)", "{{c1::**x**::hint}} ${{c2::f_t}}$"),
        ("a&nbsp;b<br>&nbsp; c", "a b\\\n\xa0c"),
        ("$5 * 3_4 <br># no<br>- no<br>1. no", "\\$5 * 3_4\\\n\\# no\\\n\\- no\\\n1\\. no"),
        ("a<!-- b -->c", "ac"),
    ],
)
def test_what_ankis_editor_makes_becomes_markdown(html: str, markdown: str) -> None:
    assert from_html(html) == markdown


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>p{}</style>x",
        "<iframe src=x>",
        "List<int> a",
        "<svg/onload=x>",
        "a<b",
        "<a",
    ],
)
def test_any_other_tag_is_text(html: str) -> None:
    assert words(parse(from_html(html))) == html


TAGS = (
    *(
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<br>",
        "<div>",
        "</div>",
        "<ul>",
        "<ol>",
        "<li>",
        "</li>",
        "</ul>",
        "</ol>",
        "<p>",
        "</p>",
    ),
    *(
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "</tr>",
        "</table>",
        "<blockquote>",
        "<sub>",
    ),
    *(
        "</sub>",
        "<a href='http://x'>",
        "</a>",
        "<img src=x>",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "[latex]",
        "[/latex]",
        "<",
        ">",
        "&",
    ),
    *(
        "{{c1::",
        "}}",
        "$",
        "*",
        "`",
        "|",
        "\n",
        " ",
        "a",
        "1",
        "\\",
        "<x>",
        "<!--",
        "-->",
        "\ufdd0",
        "]",
        "(",
        "[$]",
        "[/$]",
    ),
)


@given(st.lists(st.sampled_from(TAGS), max_size=25).map("".join))
@example("<ul><li><table><tr><td><ul><li>x")
@example("<td>x</td></tr></table>")
def test_no_html_makes_the_converter_raise(html: str) -> None:
    from_html(html)


@given(st.text("ab *_`$[](){}#-+.>|~\\!:1", max_size=30))
def test_words_in_html_stay_the_same_words(text: str) -> None:
    from html import escape

    expected = " ".join(text.split())
    if "\\(" in text or "\\[" in text or "[$" in text:
        return
    assert words(parse(from_html(escape(text)))) == expected
