"""Queries as trees: what each term means, what is refused and where, and that printing loses nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.core.kinds import KINDS
from nlpcards.core.search.failing import SearchError
from nlpcards.core.search.language import LONGEST, parse
from nlpcards.core.search.patterns import Pattern, Wild, pattern_of
from nlpcards.core.search.tree import (
    Added,
    And,
    Compare,
    Everything,
    Expression,
    Flagged,
    Introduced,
    Is,
    Name,
    Named,
    Not,
    Operator,
    Or,
    Property,
    Query,
    Rated,
    Standing,
    Words,
    written,
)


def word(text: str) -> Words:
    return Words(Pattern((text,)))


def deck(name: str) -> Named:
    return Named(Name.DECK, Pattern((name,)))


A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        (" \t\u3000", Everything()),
        ("a", A),
        ("a b", And((A, B))),
        ("a and b", And((A, B))),
        ("a AND b Or c", Or((And((A, B)), C))),
        ("a b or c", Or((And((A, B)), C))),
        ("a (b or c)", And((A, Or((B, C))))),
        ("(a)b", And((A, B))),
        ("((a))", A),
        ("-a", Not(A)),
        ("--a", Not(Not(A))),
        ("-(a b)", Not(And((A, B)))),
        ("a-b", word("a-b")),
        ('"a b"', Words(Pattern(("a b",)), quoted=True)),
        ('"or"', Words(Pattern(("or",)), quoted=True)),
        ("order android", And((word("order"), word("android")))),
        ("a*b_c", Words(Pattern(("a", Wild.ANY, "b", Wild.ONE, "c")))),
        (r"a\*b\_c\"\\\:\(\)", word('a*b_c"\\:()')),
        (r"\-a", word("-a")),
        ('"softmax(x) - 1"', Words(Pattern(("softmax(x) - 1",)), quoted=True)),
        ("3:1", word("3:1")),
        (":", word(":")),
        ("deck:lstm", deck("lstm")),
        ("DECK:l*", Named(Name.DECK, Pattern(("l", Wild.ANY)))),
        ('deck:"a b"', deck("a b")),
        ('"deck:a b"', deck("a b")),
        ("tag:a::b", Named(Name.TAG, Pattern(("a::b",)))),
        ("kind:cloze", Named(Name.KIND, Pattern(("cloze",)))),
        ("card:lstm/gates#c2", Named(Name.CARD, Pattern(("lstm/gates#c2",)))),
        ("is:due", Is(Standing.DUE)),
        ("is:expired", Is(Standing.STALE)),
        ("-is:Suspended", Not(Is(Standing.SUSPENDED))),
        ("flag:0", Flagged(0)),
        ("prop:s>21", Compare(Property.STABILITY, Operator.MORE, Decimal(21))),
        ("prop:r<0.9", Compare(Property.RETRIEVABILITY, Operator.LESS, Decimal("0.9"))),
        ("prop:ivl>=10", Compare(Property.INTERVAL, Operator.AT_LEAST, Decimal(10))),
        ("prop:due=-1", Compare(Property.DUE, Operator.EQUAL, Decimal(-1))),
        ("prop:lapses!=0", Compare(Property.LAPSES, Operator.NOT_EQUAL, Decimal(0))),
        ("rated:7", Rated(7)),
        ("rated:7:1", Rated(7, 1)),
        ("rated:1:again", Rated(1, 1)),
        ("introduced:7", Introduced(7)),
        ("added:7", Added(7)),
        (r"re:\bgat\w+", Expression(r"\bgat\w+")),
        (r're:"(a|b) \"c"', Expression('(a|b) "c')),
    ],
)
def test_a_query_means_its_tree(text: str, tree: Query) -> None:
    assert parse(text) == tree
    assert parse(written(tree)) == tree


@pytest.mark.parametrize(
    ("text", "offset", "message", "remedy"),
    [
        ("prop:x>1", 5, "no `prop:x`", "`prop:s`"),
        ("a prop:laps>1", 7, "no `prop:laps`", "Did you mean `prop:lapses`?"),
        ("prop:ease>1", 5, "no `prop:ease`", "Did you mean `prop:d`?"),
        ("prop:s", 6, "compared with nothing", "prop:s>=1"),
        ("prop:s>", 7, "no number", "prop:s>1"),
        ("prop:s>1e3", 7, "1e3 is no number", ""),
        ("prop:r<90", 7, "cannot be 90", "0.9 for 90 %"),
        ("prop:d>0.3", 7, "cannot be 0.3", "1 to 10"),
        ("prop:reps=1.5", 10, "cannot be 1.5", "whole"),
        ("is:deu", 3, "no `is:deu`", "Did you mean `is:due`?"),
        ("is:learning", 3, "no `is:learning`", "Did you mean `is:learn`?"),
        ("flag:8", 5, "no flag 8", "1 to 7"),
        ("rated:0", 6, "no number of days", "rated:7"),
        ("rated:7:5", 8, "no rating 5", "1 again"),
        ("added:", 6, "has no value", ""),
        ("kind:clozee", 5, "no kind clozee", "Did you mean `kind:cloze`?"),
        ("decks:lstm", 0, "no key `decks:`", "Did you mean `deck:`?"),
        ("see http://x", 4, "no key `http:`", r"`http\:`"),
        ("nid:5", 0, "Anki's", "`note:`"),
        ('a "b', 2, "quote is never closed", r"`\"`"),
        ('a"b"', 1, "quote stands within a word", ""),
        ('"a"b', 3, "follows the quote at once", ""),
        ('""', 0, "quotes are empty", ""),
        ("a (b", 2, "parenthesis is never closed", ""),
        ("(", 0, "parenthesis is never closed", ""),
        ("a)", 1, "closes nothing", ""),
        (")", 0, "closes nothing", ""),
        ("a ()", 2, "parentheses are empty", ""),
        ("softmax(x)", 7, "within a word", r"`\(`"),
        ("a or", 2, "nothing stands after `or`", '`"or"`'),
        ("or a", 0, "`or` joins nothing", '`"or"`'),
        ("a and or b", 6, "`or` joins nothing", ""),
        ("a - b", 2, "minus leaves nothing out", r"`\-`"),
        (r"\odot", 0, r"`\o` means nothing", r"`\\o`"),
        ("a\\", 1, "nothing follows the backslash", ""),
        ("re:[a", 3, "bracket is never closed", ""),
        ('re:"(a+)+"', 4, "could take forever", "[ab]+"),
        ("re:a.*b.*c.*", 11, "repeats at most 2", ""),
        ("re:(a)", 3, "within a word", 're:"…"'),
    ],
)
def test_a_mistake_is_pointed_at_with_a_remedy(text: str, offset: int, message: str, remedy: str) -> None:
    with pytest.raises(SearchError) as raised:
        parse(text)
    assert raised.value.offset == offset, str(raised.value)
    assert message in raised.value.message
    assert remedy in raised.value.remedy
    assert raised.value.remedy
    assert f"character {offset + 1}:" in str(raised.value)
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("text", ["(" * 5_00 + "a" + ")" * 500, "-" * 500 + "a", "a" * (LONGEST + 1)])
def test_what_is_too_deep_or_too_long_is_a_sentence(text: str) -> None:
    with pytest.raises(SearchError):
        parse(text)


PIECES = st.one_of(
    st.sampled_from(
        [
            *'"()-:*_\\ \n',
            " or ",
            " and ",
            "deck:",
            "is:",
            "due",
            "prop:",
            "s>1",
            "re:",
            "rated:7",
            "[a",
            "{2}",
            "?+",
            "a",
        ]
    ),
    st.text(max_size=3),
)


def outcome_of(text: str) -> Query | SearchError:
    try:
        return parse(text)
    except SearchError as error:
        return error


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_text_is_anything_but_a_tree_or_a_search_error(text: str) -> None:
    outcome = outcome_of(text)
    if isinstance(outcome, SearchError):
        assert outcome.offset is not None
        assert 0 <= outcome.offset <= len(text)
        assert outcome.remedy
    else:
        assert parse(written(outcome)) == outcome


LETTERS = st.sampled_from('-:*_"\\()a') | st.characters()
BARE = st.text(LETTERS, min_size=1, max_size=8).filter(
    lambda text: not any(char.isspace() for char in text) and text.lower() not in ("and", "or")
)
WILDS = st.sampled_from(list(Wild))


def patterns(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Pattern]:
    return st.lists(texts | WILDS, min_size=1, max_size=4).map(pattern_of)


def joined(bare: Pattern) -> bool:
    return bare.literal is None or bare.literal.lower() not in ("and", "or")


ANY_TEXT = st.text(LETTERS, min_size=1, max_size=8)
VALUES = {
    Property.STABILITY: st.decimals(0, 9_999_999, places=2),
    Property.DIFFICULTY: st.decimals(1, 10, places=3),
    Property.RETRIEVABILITY: st.decimals(0, 1, places=6),
    Property.INTERVAL: st.integers(0, 9_999_999).map(Decimal),
    Property.REPS: st.integers(0, 9_999).map(Decimal),
    Property.LAPSES: st.integers(0, 9_999).map(Decimal),
    Property.DUE: st.integers(-9_999, 9_999).map(Decimal),
}
DAYS = st.integers(1, 36_500)
TERMS: st.SearchStrategy[Query] = st.one_of(
    patterns(BARE).filter(joined).map(Words),
    patterns(ANY_TEXT).map(lambda pattern: Words(pattern, quoted=True)),
    st.builds(Named, st.sampled_from([name for name in Name if name is not Name.KIND]), patterns(ANY_TEXT)),
    st.sampled_from(list(KINDS)).map(lambda kind: Named(Name.KIND, Pattern((kind,)))),
    st.sampled_from(["a+b", r"\bx\d{2,3}", '[^"]"', "(?:a|b) c?", "^α.*β$", r"a\\"]).map(Expression),
    st.builds(Is, st.sampled_from(list(Standing))),
    st.builds(Flagged, st.integers(0, 7)),
    st.sampled_from(list(Property)).flatmap(
        lambda what: st.builds(Compare, st.just(what), st.sampled_from(list(Operator)), VALUES[what])
    ),
    st.builds(Rated, DAYS, st.none() | st.integers(1, 4)),
    st.builds(Introduced, DAYS),
    st.builds(Added, DAYS),
)


def several(queries: st.SearchStrategy[Query]) -> st.SearchStrategy[tuple[Query, ...]]:
    return st.lists(queries, min_size=2, max_size=4).map(tuple)


TREES = st.just(Everything()) | st.recursive(
    TERMS,
    lambda inner: st.builds(Not, inner) | st.builds(And, several(inner)) | st.builds(Or, several(inner)),
    max_leaves=12,
)


@given(TREES)
def test_a_printed_tree_reads_as_an_equal_tree(tree: Query) -> None:
    assert parse(written(tree)) == tree
