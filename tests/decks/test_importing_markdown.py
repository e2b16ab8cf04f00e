"""Cards in Markdown, with `Q:`, `A:` and `C:`, to notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.markup import scan
from nlpcards.decks.importing.brackets import NoCloze, with_spans
from nlpcards.decks.importing.markdown import read_markdown
from nlpcards.decks.importing.result import Draft


def bodies(text: str) -> list[dict[str, object]]:
    return [dict(draft.body) for draft in read_markdown(text).drafts]


def reasons(text: str) -> list[tuple[int, str]]:
    return [(each.line, each.reason) for each in read_markdown(text).skipped]


def test_cards_end_where_the_next_begins_or_at_a_rule() -> None:
    text = "Q: one\nmore\nA: two\n\n- a\n- b\n\nC: a [b] c\nQ:\nthree\nA: four\n---\n\n---\nQ: five\r\nA: six\r\n"
    assert bodies(text) == [
        {"q": "one\nmore", "a": "two\n\n- a\n- b"},
        {"cloze": "a {{c1::b}} c"},
        {"q": "three", "a": "four"},
        {"q": "five", "a": "six"},
    ]
    assert [draft.line for draft in read_markdown(text).drafts] == [1, 8, 9, 15]
    assert reasons(text) == []


def test_front_matter_names_the_deck() -> None:
    found = read_markdown('---\nname = "Neuro: one"\ntheme = 1\n---\nQ: a\nA: b\n')
    assert found.title == "Neuro: one"
    assert found.drafts == (Draft(5, {"q": "a", "a": "b"}),)
    assert found.remarks == ("Not imported: theme of the front matter.",)
    broken = read_markdown("---\nname: x\n---\nQ: a\nA: b\n")
    assert (broken.title, len(broken.drafts)) == ("", 1)
    assert "not TOML" in broken.skipped[0].reason
    assert bodies("---\nQ: a\nA: b\n---\nQ: c\nA: d") == [{"q": "a", "a": "b"}, {"q": "c", "a": "d"}]


def test_marks_within_a_code_fence_are_code() -> None:
    code = "```yaml\nQ: not a card\n---\nA: no\n```"
    assert bodies(f"Q: one\n{code}\nA: two\n~~~\nC: [x]\n~~~\n") == [
        {"q": f"one\n{code}", "a": "two\n~~~\nC: [x]\n~~~"}
    ]
    assert bodies("Q: one\nA: ```py\nQ: x\n```\n") == [{"q": "one", "a": "```py\nQ: x\n```"}]
    # A fence that is never closed must not swallow the cards after it.
    assert len(bodies("Q: one\nA: ```\nQ: two\nA: three\n")) == 2


def test_a_mark_counts_only_at_the_beginning_of_a_line() -> None:
    assert bodies("Q: a Q: b\n Q: c\nA: d\n  A: e") == [{"q": "a Q: b\n Q: c", "a": "d\n  A: e"}]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("Q: one\nQ: two\nA: x\n", 1, "no answer"),
        ("Q: one\nC: [two]\n", 1, "no answer"),
        ("Q: one\n---\nA: x", 1, "no answer"),
        ("Q:\nA: x", 1, "no question"),
        ("Q: one\nA:\n\nQ: x\nA: y", 1, "no answer"),
        ("A: x\nmore\nQ: x\nA: y", 1, "an answer without a question"),
        ("Q: one\nA: x\nA: y", 1, "two answers"),
        ("C: [one]\nA: x", 1, "no answer of its own"),
        ("C: one", 1, "no [brackets]"),
        ("C: one []", 1, "no [brackets]"),
        ("\n\nnotes\nmore\nQ: x\nA: y\n", 3, "outside of a card"),
        ("Q: x\nA: y\n---\nnotes\n", 4, "outside of a card"),
        ("std::vector\n", 1, "`::`"),
    ],
)
def test_what_is_no_card_is_named_with_its_line(text: str, line: int, why: str) -> None:
    found = reasons(text)
    assert [each for each, _ in found][:1] == [line]
    assert why in found[0][1]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("[a] b [c d].", "{{c1::a}} b {{c2::c d}}."),
        (r"[a] \[b\] ![x](y.png)", r"{{c1::a}} \[b\] ![x](y.png)"),
        ("[a] b] [c [d] e]", r"{{c1::a}} b\] \[c {{c2::d}} e\]"),
        ("$n = [\\frac{N}{N_A}]$", "$n = {{c1::\\frac{N}{N_A}}}$"),
        (r"$x\[i\]$ is [y]", "$x[i]$ is {{c1::y}}"),
        ("`a[0]` and [$x_{i}$]", "`a{{c1::0}}` and {{c2::$x_{i}$}}"),
        ("[std::vector] {{c1::x}}", r"{{c1::std\::vector}} \{{c1::x}}"),
        ("[a}b] {", r"{{c1::a\}b}} {"),
        ("[ [a]\n[b] []", "\\[ {{c1::a}}\n{{c2::b}} \\[\\]"),
        ("[a](http://x.y)", "{{c1::a}}(http://x.y)"),
    ],
)
def test_each_pair_of_brackets_is_a_card(text: str, spans: str) -> None:
    assert with_spans(text) == spans


@given(
    st.lists(
        st.sampled_from(["[", "]", "\\", "{", "}", "{{c1::", "}}", "::", "$", "`", "!", "(", "a", " ", "\n", "```\n"])
    )
)
def test_any_brackets_give_numbered_spans_or_a_reason(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        found = scan(with_spans(text))
    except NoCloze:
        return
    assert not found.errors
    assert [span.number for span in found.spans] == [*range(1, len(found.spans) + 1)]


@given(
    st.lists(st.sampled_from(["Q:", "A:", "C:", " x", "[y]", "\n", "---", "```", "~~~", "\r", "name = 1", "::"])).map(
        "".join
    )
)
def test_no_text_makes_the_reader_raise(text: str) -> None:
    found = read_markdown(text)
    for draft in found.drafts:
        assert all(value for value in draft.body.values())
