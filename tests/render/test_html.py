"""HTML for Anki: nothing of the author's is markup, and clozes are exactly Anki's."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlpcards.core.markup import Code, CodeBlock, Text, clozes, parse, walk
from nlpcards.core.markup.parser import parse_markdown
from nlpcards.core.markup.simple import words_alone
from nlpcards.render.html import pygments_css, to_html, words_to_html

PARTS = st.sampled_from(
    [
        "{{c1::",
        "{{c2::",
        "}}",
        "}",
        "{",
        "::",
        ":",
        "$",
        "$$",
        "`",
        "\n```python\n",
        "\n```\n",
        "\n",
        "\n\n",
        "- ",
        "> ",
        "| ",
        "\n|--|--|\n",
        "*",
        "**",
        "# ",
        '[a](http://b.c?d="e")',
        "![p](q.png)",
        "word",
        "<script>",
        "</p>",
        "&amp;",
        '"',
        "'",
        r"\(",
        r"\)",
        r"\\(",
        "]",
        "[sound:x.mp3]",
        "[latex]",
        "[$]",
        "[[type:Front]]",
        "[anki:tts]",
        "{{Front}}",
        "\x1b",
        "\u202e",
        r"\frac{a}{b}",
        "x = {'a': {}}",
        "//",
    ]
)
MARKDOWN = st.one_of(st.lists(PARTS, max_size=30).map("".join), st.text())
ALLOWED = frozenset(
    """p h1 h2 h3 h4 h5 h6 pre code ul ol li blockquote table thead tbody tr th td hr em strong s a img br
    span""".split()
)
ATTRIBUTES = {"class", "href", "rel", "src", "alt", "start", "align"}


class Reader(HTMLParser):
    """Reads a field as a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def html(source: str) -> str:
    return to_html(parse(source, cloze=True))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("$a < b$", r"<p>\(a &lt; b\)</p>"),
        ("$$a$$", r"<p>\[a\]</p>"),
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>"),
        ("[a](https://b.c)", '<p><a href="https://b.c" rel="noopener noreferrer">a</a></p>'),
        ("[a](javascript:x)", "<p>a</p>"),
        ("![a](img/p.png)", '<p><img src="p.png" alt="a"></p>'),
        ("![a](http://x/p.png)", "<p>a</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a", '<ol start="3"><li>a</li></ol>'),
        ("{{c1::a::b}}", "<p>{{c1::a::b}}</p>"),
        ("{{c2::**a**}}", "<p>{{c2::<strong>a</strong>}}</p>"),
        ("${{c1::x}} + 1$", r"<p>\({{c1::x}} + 1\)</p>"),
        (r"${{c1::\tilde{c}_{t}}}$", r"<p>\({{c1::\tilde{c}_{t&#125;}}\)</p>"),
        ("{{c1::`a::b`}}", "<p>{{c1::<code>a:&#58;b</code>}}</p>"),
        ("x^{ {{Front}}", "<p>x^{ {&#123;Front}&#125;</p>"),
        ("$$sound:a]$$", r"<p>\[&#115;ound:a]\]</p>"),
        ("[[type:Front]] [latex]", "<p>[[&#116;ype:Front]] [&#108;atex]</p>"),
        (r"\\(x\\)", "<p>\\<span>(</span>x\\<span>)</span></p>"),
        ("$x^{{{c1::2}}}$", r"<p>\(x^&#123;{{c1::2}}&#125;\)</p>"),
        ("[sound:a.mp3]", "<p>[&#115;ound:a.mp3]</p>"),
        (
            "| a |\n|--:|\n| b |",
            '<table><thead><tr><th align="right">a</th></tr></thead>'
            '<tbody><tr><td align="right">b</td></tr></tbody></table>',
        ),
        ("$x_{{c1::t-1}}$", r"<p>\(x_&#123;{{c1::t-1}}&#125;\)</p>"),
    ],
)
def test_markdown_becomes_html(source: str, expected: str) -> None:
    assert html(source) == expected


def test_code_is_classed_for_the_style_sheet_and_keeps_its_clozes() -> None:
    field = html("```python\nk={{c1::1}}\n```")
    assert field == (
        '<pre class="hl"><code><span class="n">k</span><span class="o">=</span>'
        '{{c1::<span class="mi">1</span>}}</code></pre>'
    )


def test_a_cloze_may_cut_a_token_in_two() -> None:
    assert html("```python\n'ab{{c1::cd}}'\n```").count('class="s1"') == 4


@settings(max_examples=400)
@given(MARKDOWN)
def test_only_our_tags_and_attributes_are_ever_written(source: str) -> None:
    for tag, attributes in read(html(source)).tags:
        assert tag in ALLOWED
        assert set(attributes) <= ATTRIBUTES
        assert re.match(r"https?://|mailto:", attributes.get("href") or "http://")
        assert not re.search("[/:\\\\]", attributes.get("src") or "")


def anki_clozes(field: str) -> list[tuple[int, str, str | None]]:
    """What Anki takes for clozes: an opening, all to the next `}}`, and a hint after the first `::`."""
    found = []
    for number, inner in re.findall(r"\{\{c(\d+)::(.*?)\}\}", field, re.DOTALL):
        text, _, hint = inner.partition("::")
        found.append((int(number), text, hint or None))
    return found


@settings(max_examples=400)
@given(MARKDOWN)
def test_anki_finds_the_clozes_of_the_tree_and_no_others(source: str) -> None:
    document = parse(source, cloze=True)
    field = to_html(document)
    found = anki_clozes(field)
    expected = [(cloze.number, cloze.hint) for cloze in clozes(document)]
    if "![" not in source:  # A picture is hidden as one, however many clozes its description holds.
        assert [(number, unescape(hint) if hint else None) for number, _, hint in found] == expected
    without = re.sub(r"\{\{c\d+::(.*?)\}\}", r"\1", field, flags=re.DOTALL)
    assert "{{" not in without
    assert "}}" not in without


@settings(max_examples=300)
@given(MARKDOWN)
@example("{{c1::}::\\(}}")
def test_a_browser_reads_the_words_of_the_tree(source: str) -> None:
    document = parse(source.replace("$", "S").replace("![", "["), cloze=True)
    words = re.sub(r"\{\{c\d+::((?:(?!::).)*?)(?:::.*?)?\}\}", r"\1", to_html(document), flags=re.DOTALL)
    assert read(words).text == "".join(
        node.text if isinstance(node, Text) else node.source
        for node in walk(document)
        if isinstance(node, Text | Code | CodeBlock)
    )


@settings(max_examples=300)
@given(st.text(alphabet="ab C1é“-.:;'\"(?\n&%#@→²≤", max_size=20))
@example('a "b"\nc::d')
def test_words_alone_become_the_html_of_their_tree(text: str) -> None:
    words = words_alone(text)
    assert words is None or words_to_html(words) == to_html(parse_markdown(text))


@settings(max_examples=300)
@given(MARKDOWN)
def test_nothing_in_text_plays_or_acts(source: str) -> None:
    field = html(source)
    assert not re.search(r"\[(sound:|anki:|latex\]|\$\$?\]|\[?type:)", field, re.IGNORECASE)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufdd0-\ufdef]", field)
    # Each formula that MathJax finds is one that we wrote.
    text = re.sub(r"<(code)>.*?</\1>", "", field, flags=re.DOTALL)
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\\[(\[]", text)) == len(re.findall(r"(?<!\\)(?:\\\\)*\\[)\]]", text))


def test_the_style_sheet_colours_code_by_day_and_by_night() -> None:
    css = pygments_css()
    for selector in (".hl .k ", ".nightMode .hl .k", ".night_mode .hl .k", "text-align: left", "overflow-x: auto"):
        assert selector in css
    assert all(".hl" in line for line in css.splitlines())
