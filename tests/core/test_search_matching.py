"""Which cards meet a query, for made cards in made states."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlpcards.core.cards import Card, Citation, Note, Place, Source
from nlpcards.core.days import MS_PER_DAY, date_of
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.core.search.expressions import ExpressionError, finder
from nlpcards.core.search.failing import SearchError
from nlpcards.core.search.language import parse
from nlpcards.core.search.matching import matcher
from nlpcards.core.search.patterns import Pattern, Wild, anywhere, folded, pattern_of, whole
from nlpcards.core.state import CardState, Interval, Memory, New, Steps

TODAY = 20_000
ENDS = (TODAY + 1) * MS_PER_DAY
HERE = Place("made.yaml", 1, 1)

GATES = Note(
    "lstm",
    "gates",
    Basic("What do gates do?", "They decide.", both=True),
    HERE,
    topic="rnn",
    tags=("core", "maths::hard"),
    concepts=("forget-gate",),
    cite=(Citation(Source("gers2000", "Learning to Forget"), "§3"),),
    expires=date_of(TODAY),
)
UPDATE = Note("lstm", "update", ClozeText("{{c1::f}} {{c2::i}}", (1, 2)), HERE)
BERT = Note("bert-gpt", "masks", Basic("Café", "Ä"), HERE, expires=date_of(TODAY) + timedelta(days=1))
CARDS = [card for note in (GATES, UPDATE, BERT) for card in note.cards()]


@dataclass
class Made:
    """Facts as a test sets them."""

    states: Mapping[str, CardState] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)
    wrong: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)

    day = TODAY
    day_ends_ms = ENDS

    def state(self, card: str) -> CardState:
        self.asked.append("state")
        return self.states.get(card, CardState())

    def words(self, card: Card) -> str:
        self.asked.append("words")
        return self.texts.get(card.id, "")

    def folded_words(self, card: Card) -> str:
        return folded(self.words(card))

    def topic(self, note: Note) -> str:
        return note.topic

    def recall(self, memory: Memory, elapsed_days: int) -> float:
        return max(0.0, 1 - elapsed_days / 100)

    def rated(self, since: int, rating: int | None) -> Container[str]:
        return {card for card, (day, given) in self.answers.items() if day >= since and rating in (None, given)}

    def added(self, since: int) -> Container[str]:
        return {note for note, day in self.seen.items() if day >= since}

    def reported(self) -> Container[str]:
        return self.wrong

    def own_tags(self) -> Mapping[str, tuple[str, ...]]:
        return {"lstm/nothing#qa": ()}


def found(query: str, facts: Made | None = None) -> list[str]:
    return [card.id for card in filter(matcher(parse(query), facts or Made()), CARDS)]


QA, AQ, C1, C2, MASKS = "lstm/gates#qa", "lstm/gates#aq", "lstm/update#c1", "lstm/update#c2", "bert-gpt/masks#qa"


@pytest.mark.parametrize(
    ("query", "cards"),
    [
        ("", [QA, AQ, C1, C2, MASKS]),
        ("deck:lstm", [QA, AQ, C1, C2]),
        ("deck:l*", [QA, AQ, C1, C2]),
        ("deck:*gpt", [MASKS]),
        ("deck:lst", []),
        ("deck:LSTM -card:c1", [QA, AQ, C2]),
        ("deck:lst_ card:_q", [AQ]),
        ("note:gates", [QA, AQ]),
        ("note:lstm/gates", [QA, AQ]),
        ("card:lstm/gates#aq or card:masks#qa", [AQ, MASKS]),
        ("id:update", [C1, C2]),
        ("id:lstm/update#c2", [C2]),
        ("id:c2", []),
        ("topic:rnn", [QA, AQ]),
        ("topic:none", [C1, C2, MASKS]),
        ("tag:core", [QA, AQ]),
        ("tag:maths", [QA, AQ]),
        ("tag:maths::hard", [QA, AQ]),
        ("tag:hard", []),
        ("tag:*hard", [QA, AQ]),
        ("tag:none", [C1, C2, MASKS]),
        ("kind:cloze", [C1, C2]),
        ("kind:*", [QA, AQ, C1, C2, MASKS]),
        ("concept:forget-gate", [QA, AQ]),
        ("cite:gers*", [QA, AQ]),
        ("is:stale", [QA, AQ]),
        ("-(kind:cloze or tag:core)", [MASKS]),
    ],
)
def test_cards_are_found_by_what_their_notes_say(query: str, cards: list[str]) -> None:
    assert found(query) == cards


M = Memory(21.4, 8.2)
STATES: Mapping[str, tuple[CardState, set[str]]] = {
    "new": (CardState(), {"is:new", "prop:reps=0", "prop:ivl=0"}),
    "learning": (
        CardState(Steps(M, 0, ENDS - 1, TODAY), reps=1, first_day=TODAY, last_day=TODAY),
        {"is:due", "is:learn", "prop:due=0", "prop:s>21", "prop:d=8", "prop:r>0.9", "introduced:1", "prop:ivl=0"},
    ),
    "lapsed": (
        CardState(Steps(M, 0, ENDS, TODAY, relearning=True), reps=20, lapses=8, first_day=TODAY - 6, last_day=TODAY),
        {"is:learn", "is:review", "is:leech", "prop:due=1", "introduced:7", "prop:s=21", "prop:r>0.9", "prop:s>21"},
    ),
    "overdue": (
        CardState(Interval(M, TODAY - 1, TODAY - 21), reps=3, first_day=TODAY - 50, last_day=TODAY - 21),
        {"is:due", "is:review", "prop:due=-1", "prop:r<0.9", "prop:ivl=20", "prop:s=21", "prop:s>21", "prop:d=8"},
    ),
    "suspended": (
        CardState(Interval(M, TODAY, TODAY - 5), suspended=True, flag=3, last_day=TODAY - 5),
        {"is:suspended", "is:review", "is:flagged", "flag:3", "prop:due<=0", "prop:r=0.95"},
    ),
    "buried": (
        CardState(Interval(M, TODAY, TODAY - 5), buried_until=TODAY + 1, last_day=TODAY - 5),
        {"is:buried", "prop:due=0"},
    ),
    "once buried": (CardState(Interval(M, TODAY, TODAY - 5), buried_until=TODAY, last_day=TODAY - 5), {"is:due"}),
    "changed": (CardState(content="before"), {"is:changed", "is:new"}),
    "unchanged": (CardState(content=CARDS[0].content()), {"is:new"}),
}
NEVER = {
    "new": {"is:due", "prop:s>=0", "prop:s<9", "prop:due>-999", "prop:r<1", "is:changed", "rated:9", "introduced:9"},
    "learning": {"is:review", "is:new", "prop:due=1"},
    "lapsed": {"is:due", "is:new", "introduced:6", "prop:s!=21"},
    "overdue": {"is:learn", "prop:due=0", "prop:s!=21.4", "prop:s=21.5"},
    "suspended": {"is:due", "is:new", "flag:0", "flag:1"},
    "buried": {"is:due", "is:suspended"},
    "once buried": {"is:buried"},
    "changed": set[str](),
    "unchanged": {"is:changed"},
}


@pytest.mark.parametrize("name", STATES)
def test_cards_are_found_by_where_they_stand(name: str) -> None:
    state, queries = STATES[name]
    facts = Made({QA: state})
    assert {query for query in queries if QA not in found(query, facts)} == set()
    assert {query for query in NEVER[name] if QA in found(query, facts)} == set()
    assert {query for query in queries if QA in found(f"-{query}", facts)} == set()


def test_answers_and_first_sights_are_counted_in_study_days_from_today() -> None:
    facts = Made(answers={QA: (TODAY, 3), C1: (TODAY - 6, 1)}, seen={"lstm/update": TODAY - 6})
    assert found("rated:1", facts) == [QA]
    assert found("rated:6", facts) == [QA]
    assert found("rated:7", facts) == [QA, C1]
    assert found("rated:7:1", facts) == [C1]
    assert found("added:6", facts) == []
    assert found("added:7", facts) == [C1, C2]


def test_reported_cards_are_those_that_the_learner_called_wrong() -> None:
    facts = Made(wrong=frozenset({C1}))
    assert found("is:reported", facts) == [C1]
    assert C1 not in found("-is:reported", facts)
    assert found("is:reported") == []


def test_words_are_found_without_regard_to_case_accents_and_scripts() -> None:
    facts = Made(texts={QA: "The Café’s naïve\nfₜ — state, Straße", C1: "cafe"})
    assert found("CAFÉ", facts) == [QA, C1]
    assert found("STRASSE", facts) == [QA]
    assert found("naive ft", facts) == [QA]
    assert found('"cafe\'s naive ft - s"', facts) == [QA]
    assert found("c*state", facts) == [QA]
    assert found("st_te", facts) == [QA]
    assert found("ate-", facts) == []


def test_an_expression_is_looked_for_line_by_line_with_accents() -> None:
    facts = Made(texts={QA: "Café gates\nopen", C1: "gateway"})
    assert found(r"re:\bGATES?\b", facts) == [QA]
    assert found("re:^open$", facts) == [QA]
    assert found("re:s.open", facts) == []
    assert found("re:cafe", facts) == []
    assert found("re:caf.", facts) == [QA]


def test_words_are_made_only_of_cards_that_meet_all_else() -> None:
    facts = Made(texts={C1: "x", C2: "x"})
    assert found("x is:new card:c1", facts) == [C1]
    assert facts.asked == ["state", "words"]
    facts = Made(texts={C1: "x"})
    assert found("x or deck:*", facts) == [QA, AQ, C1, C2, MASKS]
    assert facts.asked == []


LETTERS = st.text("ab", max_size=6) | st.text("aAäbB.*_\n 𝓛ß", max_size=12)
PATTERNS = st.lists(
    st.text("ab", max_size=2) | st.text("aAäbB. ", max_size=3) | st.sampled_from(list(Wild)), max_size=6
).map(pattern_of)


@given(PATTERNS, LETTERS)
@example(Pattern(("ab", Wild.ANY, "ba")), "aba")
def test_a_pattern_matches_what_the_expression_of_its_wildcards_matches(pattern: Pattern, text: str) -> None:
    source = "".join(
        {Wild.ANY: ".*", Wild.ONE: "."}[part] if isinstance(part, Wild) else re.escape(folded(part))
        for part in pattern.parts
    )
    words = folded(text)
    assert anywhere(pattern)(words) == (re.search(source, words, re.DOTALL) is not None)
    assert whole(pattern)(words) == (re.fullmatch(source, words, re.DOTALL) is not None)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    "source",
    [
        "(a+)+$", "(a|a)*b", "(a*)*", "(a?){30}a", "(?:ab)*", r"(a)\1", "(?=a)", "(?P<n>a)", "a*b*c*", "a?" * 8,
        "(((a+)))+", "(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)", "[[a]", "[a--b]", "a{,}", "a{1000}{1000}", "(" * 150,
        "a**", "*", "+a", "[z-a]", r"\8", "(", ")", "a{2,1}", r"\N{nothing}", "{", r"\p{L}",
    ],
)  # fmt: skip
def test_an_expression_that_could_freeze_or_means_nothing_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        finder(source)
    assert 0 <= raised.value.offset <= len(source)
    assert raised.value.remedy


@given(st.text(st.sampled_from(r"ab()[]{}?*+|\\.^$,-012dw: "), max_size=14), st.text("ab01 \n", max_size=20))
def test_an_expression_that_is_taken_finds_what_pythons_own_finds_in_a_line(source: str, text: str) -> None:
    try:
        find = finder(source)
    except ExpressionError:
        return
    lines = text.split("\n")
    assert find(text) == any(re.search(source, line, re.IGNORECASE) for line in lines)


def test_a_line_that_is_too_long_for_an_expression_is_named_and_not_passed_over() -> None:
    facts = Made(texts={C2: "a" * 50_000})
    with pytest.raises(SearchError, match=re.escape(f"50,000 characters of {C2}")) as raised:
        found("re:a.*b.*c", facts)
    assert raised.value.offset is None
    assert found("re:b", facts) == []


def test_a_state_that_is_suspended_and_new_is_both() -> None:
    facts = Made({QA: replace(CardState(New()), suspended=True)})
    assert found("is:new is:suspended", facts) == [QA]


def test_a_stale_date_is_a_date() -> None:
    assert date_of(TODAY) == date(2024, 10, 4)
