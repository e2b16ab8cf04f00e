"""The formatter keeps what a deck means, what its author noted in it, and what was learned from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from nlpcards.core.errors import DeckErrors
from nlpcards.decks.formatting import AFTER_KIND, BEFORE_KIND, format_text
from nlpcards.decks.formatting_ids import slug_from
from nlpcards.decks.keys import COMMON_KEYS
from nlpcards.decks.reader import read_text
from nlpcards.decks.writing import is_plain
from tests.decks.test_deck_writing import AWKWARD
from tests.support.bundled import DECK_FILES

HEAD = "deck: d\ntitle: T\n"


def formatted_note(note: str) -> str:
    """One note as formatted, without the deck's head."""
    return format_text(f"{HEAD}notes:\n{note}").removeprefix(f"{HEAD}notes:\n")


TEXTS = st.sampled_from(
    (
        *(
            "One",
            "two words",
            "One: two",
            r"$\theta$ it is",
            "C # and",
            "[CLS]",
            "'quoted' text",
            '"quoted"',
            "- a",
            "語 é",
        ),
        *(
            "long words " * 15 + "end",
            "x" * 130,
            "one\n\n- two\n- three",
            "```\ncode  \n\n  more\n```",
            "\n\nlate",
            "-1",
        ),
        *("  indented\nand not", "\tindented", "\x1b[0m", "{{c1::x}} 1. one 2) two " * 6 + "- end", "# no comment"),
    )
)
WHITE = st.sampled_from(["", "", "", "\n", "\n\n", "# a comment\n", "\n# one\n\n# other: - x\n"])


@st.composite
def typed(draw: st.DrawFn, text: str, indent: int) -> str:
    """A text in one of the styles of YAML that can hold it, whether or not one would choose it."""
    pad = " " * (indent + draw(st.integers(1, 4)))
    styles = ["double"]
    if "\x1b" not in text:
        styles += ["single"] if "\n" not in text else []
        styles += ["plain"] if is_plain(text) else []
        styles += ["literal"] if text.lstrip(" \t") == text else []
        styles += ["folded"] if not re.search(r"\n|^\s|^[-#]|\d[.)]|- ", text) else []
    match draw(st.sampled_from(styles)):
        case "single":
            return "'" + text.replace("'", "''") + "'"
        case "double":
            return '"' + re.sub(r'[\\"]|[\x00-\x1f]', lambda found: escaped(found.group()), text) + '"'
        case "literal":
            lines = "".join(f"\n{pad}{line}" if line else "\n" for line in text.split("\n"))
            return f"{draw(st.sampled_from(['|', '|-', '|+']))}{draw(st.sampled_from(['', '  # block']))}{lines}"
        case "folded":
            return f">-\n{pad}" + text.replace(" ", f"\n{pad}" if draw(st.booleans()) else " ")
        case _:
            return text.replace(" ", f"\n{pad}") if draw(st.booleans()) and not re.search(r" [-\d#]", text) else text


def escaped(char: str) -> str:
    return f"\\{char}" if char in '"\\' else f"\\x{ord(char):02x}"


@st.composite
def files(draw: st.DrawFn) -> str:
    """Deck files as people type them: any order, any indentation, comments and blank lines anywhere."""
    out = [draw(WHITE)]
    notes = draw(st.integers(1, 3))
    words = st.sampled_from(
        ["[x, y]", "[ x,  'y' ]", "x", "[x,\n         # within\n         y]", "\n{pad}- x\n{pad}- y  # it"]
    )

    def comment(indent: int) -> None:
        white = draw(WHITE)
        out.append(
            re.sub("^(?=#)", " " * max(0, indent + draw(st.sampled_from([0, 0, 0, -2, 2, 4]))), white, flags=re.M)
        )

    def key(indent: int, name: str, value: str) -> None:
        comment(indent)
        out.append(f"{' ' * indent}{name}: {value}\n")

    head = [("deck", "d  # the id"), ("title", draw(typed("One: two", 0))), ("topic", "'t'"), ("sources", "")]
    for name, value in draw(st.permutations(head)):
        key(0, name, value)
        if name == "sources":
            within = draw(st.integers(1, 5))
            key(within, "s", "{year: 1997, title: Some} # in braces")
            key(within, "r", "# a comment")
            key(within + 2, "year", '"2000"    # aligned')
            key(within + 2, "title", draw(typed("Two", within + 2)))
    comment(0)
    out.append("notes:  # they begin\n")
    dash = draw(st.integers(0, 4))
    for number in range(notes):
        comment(dash)
        column = dash + draw(st.integers(2, 4))
        entries = [("q", draw(typed(f"{draw(TEXTS)} {number}", column))), ("a", draw(typed(draw(TEXTS), column)))]
        if draw(st.booleans()):
            entries = [
                ("term", draw(typed(f"Term {number}", column))),
                ("definition", draw(typed(draw(TEXTS), column))),
            ]
        if draw(st.booleans()):
            entries.append(("id", f"n{number} # id"))
        entries.append(("tags", draw(words).replace("{pad}", " " * (column + draw(st.integers(0, 3))))))
        entries.append(("cite", "s §2"))
        if draw(st.booleans()):
            entries.append(("why", draw(typed(draw(TEXTS), column))))
        start = len(out)
        for name, value in draw(st.permutations(entries)):
            key(column, name, value)
        first = next(at for at in range(start, len(out)) if re.match(r" *\w+: ", out[at]))
        out[start:first] = []
        out[start] = f"{' ' * dash}-{out[start][dash + 1 :]}"
    comment(draw(st.integers(0, 6)))
    return "".join(out)


def comments(text: str) -> list[str]:
    marks = ["# a comment", "# one", "# other: - x", "# block", "# within", "# it", "# id", "# the id"]
    marks += ["# in braces", "# aligned", "# they begin"]
    return [mark for mark in marks for _ in range(len(re.findall(f"(?<!\\S){re.escape(mark)} *$", text, re.M)))]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(files())
def test_formatting_again_changes_nothing_and_no_comment_is_lost(text: str) -> None:
    assume(not read_text(text).has_errors)
    once = format_text(text)
    assert format_text(once) == once
    assert sorted(comments(once)) == sorted(comments(text))
    assert not [line for line in once.split("\n") if re.search(r"^\t|^ *-  ", line)]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(AWKWARD) | st.sampled_from(["\n  - ", "\n    ", "q: x", "a: y", "id: a", "#"]), max_size=30
    )
)
@example(["q: x\n    a: y"])
def test_whatever_can_be_read_can_be_formatted(soup: list[str]) -> None:
    text = f"{HEAD}notes:\n  - id: one\n    q: x\n    a: {''.join(soup)}\n  # last\n"
    if read_text(text).has_errors:
        with pytest.raises(DeckErrors):
            format_text(text)
    else:
        once = format_text(text)
        assert format_text(once) == once


@pytest.mark.parametrize("path", DECK_FILES, ids=lambda path: path.stem)
def test_the_decks_that_come_with_the_program_are_formatted(path: Path) -> None:
    text = path.read_text("utf-8")
    assert format_text(text, str(path)) == text


def test_every_key_of_a_note_has_its_place() -> None:
    assert sorted(COMMON_KEYS) == sorted((*BEFORE_KIND, *AFTER_KIND))


def test_keys_come_in_their_order_and_comments_go_with_them() -> None:
    assert formatted_note(
        "- was: [old]\n  # of the answer\n  a: y\n  tags:\n  - one\n  - two\n  q: 'x'\n  id:   n # the id\n\n"
        "# of the next\n- q: z\n  id: m\n  a: y\n  # the last word\n"
    ) == (
        "  - id: n # the id\n    q: x\n    # of the answer\n    a: y\n    tags: [one, two]\n    was: [old]\n\n"
        "  # of the next\n  - id: m\n    q: z\n    a: y\n    # the last word\n"
    )


def test_the_head_has_an_order_too_and_comments_at_the_top_stay_there() -> None:
    text = (
        "# About this deck.\n\nnotes:\n- {id: n, q: x, a: y}\nsources: {s: {year: 2000, title: 'T: u'}}\n"
        "title: D\n\ndeck: d  # its id\n"
    )
    assert format_text(text) == (
        '# About this deck.\n\ndeck: d  # its id\ntitle: D\nsources:\n  s:\n    title: "T: u"\n    year: 2000\n'
        "notes:\n  - id: n\n    q: x\n    a: y\n"
    )


def test_line_ends_byte_order_marks_and_document_markers_are_made_alike() -> None:
    assert format_text(
        "\ufeff---\r\ndeck: d\r\ntitle: T\r\nnotes:\r\n- id: n\r\n  q: x\r\n  a: |\r\n    y\r\n    z\r\n...\r\n"
    ) == (f"{HEAD}notes:\n  - id: n\n    q: x\n    a: |-\n      y\n      z\n")


def test_brackets_stay_where_an_author_wrote_them_and_they_fit() -> None:
    contrast = (
        "  - id: n\n    contrast:\n      of: {bert: BERT, gpt: GPT}\n      by:\n        objective:\n"
        "          ask: Objective\n          bert: masked tokens\n          gpt: next token\n"
    )
    assert formatted_note(contrast) == contrast
    long = ", ".join(f"tag-number-{number}" for number in range(12))
    lines = formatted_note(f"  - id: n\n    q: x\n    a: y\n    tags: [{long}]\n").split("\n")
    assert lines[3:5] == ["    tags:", "      - tag-number-0"]


def test_a_note_without_an_id_gets_one_and_keeps_its_history() -> None:
    text = (
        f"{HEAD}notes:\n- q: What does $f_t$ decide?\n  a: y\n"
        "- q: What does $f_t$ decide\n  a: z\n  was: [x]\n  needs: [one]\n- id: one\n  q: a\n  a: b\n"
    )
    before = read_text(text).deck
    assert before is not None
    after = read_text(format_text(text)).deck
    assert after is not None
    assert [note.id for note in after.notes] == ["what-does-f-t-decide", "what-does-f-t-decide-2", "one"]
    first, second = before.notes[:2]
    assert after.notes[0].was == (first.full_id,)
    assert after.notes[1].was == ("d/x", second.full_id)
    for old, new in zip(before.cards(), after.cards(), strict=True):
        assert new.content() == old.content()
        assert new.id == old.id or old.id in new.former_ids()


def test_what_names_a_note_by_its_hash_names_it_by_its_id_then() -> None:
    text = f"{HEAD}notes:\n- q: x\n  a: y\n- id: one\n  q: a\n  a: b\n"
    deck = read_text(text).deck
    assert deck is not None
    name = deck.notes[0].id
    after = format_text(f"{text}  needs: [{name}]\n  confusable: d/{name}\n")
    assert "needs: [x]\n    confusable: x\n" in after


def test_listed_steps_get_slugs_and_keep_their_history() -> None:
    for own_id in ("", "  id: bpe\n"):
        steps = "- steps:\n    of:\n    - Count every pair of symbols.\n    # then\n    - 'Count: it'\n    - 合并\n"
        text = f"{HEAD}notes:\n{steps}    title: BPE\n{own_id}"
        before = read_text(text).deck
        after = read_text(format_text(text)).deck
        assert before is not None
        assert after is not None
        assert [card.key for card in after.cards()] == ["step.count-every-pair", "step.count-it", "step.note"]
        for old, new in zip(before.cards(), after.cards(), strict=True):
            assert new.content() == old.content()
            assert old.id in new.former_ids()
        assert "# then" in format_text(text)
        assert format_text(format_text(text)) == format_text(text)


def test_the_texts_of_lists_and_mappings_keep_to_their_line_in_single_quotes() -> None:
    note = (
        "  - id: n\n    explain: x\n    points:\n      - plain\n      - '$\\theta$: \"it\"'\n      - |-\n"
        "        it's $\\theta$\n    why: |-\n      $\\theta$\n"
    )
    typed = note.replace("'$\\theta$: \"it\"'", '"$\\\\theta$: \\"it\\""').replace("|-\n        it's", "it's")
    assert formatted_note(typed) == note
    assert formatted_note(note) == note


@pytest.mark.parametrize(
    ("step", "slug"),
    [
        ("Count of the pairs", "count"),
        ("Count of the", "count-of-the"),
        ("Merge it and go on", "merge"),
        ("The of a", "the-of-a"),
        ("Split $O(n)$ words now", "split-o-n-words"),
    ],
)
def test_the_slug_of_a_step_does_not_end_with_a_word_that_says_nothing(step: str, slug: str) -> None:
    assert slug_from(step, (), most=3) == slug


def test_a_deck_that_extends_another_gets_no_ids_that_might_be_its() -> None:
    text = "notes:\n- q: x\n  a: y\ndrop:\n- one\nextends: d\n"
    assert format_text(text) == "extends: d\ndrop: [one]\nnotes:\n  - q: x\n    a: y\n"


def test_a_note_whose_cards_were_called_otherwise_keeps_its_hash() -> None:
    note = "  - q: x\n    a: y\n    was:\n      qa: old#c1\n"
    assert formatted_note(note) == note


def test_a_file_with_an_error_is_not_formatted() -> None:
    with pytest.raises(DeckErrors, match=r"mine\.yaml:5:\d+: there is no source"):
        format_text(f"{HEAD}notes:\n- q: x\n  cite: nobody\n  a: y\n", "mine.yaml")


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("What does the forget gate $f_t$ decide, and for whom?", "what-does-the-forget-gate-f-t"),
        (r"Bahdanau's $\tanh$ naïveté", "bahdanaus-naivete"),
        ("注意力是什么", "note"),
        ("x" * 90, "x" * 35),
    ],
)
def test_an_id_is_made_of_the_first_words(text: str, slug: str) -> None:
    assert slug_from(text, ()) == slug
    assert slug_from(text, {slug, f"{slug}-2"}) == f"{slug}-3"
