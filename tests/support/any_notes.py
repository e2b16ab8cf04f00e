"""Decks of any notes for hypothesis: every kind, every key, awkward texts."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from nlpcards.core.cards import Citation, Deck, Note, Place, Source
from nlpcards.core.kinds import Body
from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.cloze import ClozeText
from nlpcards.core.kinds.contrast import Contrast, Row
from nlpcards.core.kinds.drill import Drill
from nlpcards.core.kinds.explain import Explain
from nlpcards.core.kinds.steps import Steps
from nlpcards.core.kinds.term import Term
from nlpcards.core.kinds.typed import Typed
from nlpcards.core.markup.cloze import scan

HERE = Place("deck.yaml", 1, 1)

_PIECES = (
    *(
        ": ",
        " #",
        "- ",
        "---",
        "'",
        '"',
        "%",
        "@",
        "`",
        "&amp;",
        "<b>",
        "</b>",
        "<br>",
        "*",
        "**",
        "_",
        "[sound:a.mp3]",
    ),
    *("{", "}", "{{", "}}", "[", "]", "\\", "\\theta", "$x_1$", "$$\\frac{a}{b}$$", "\n", "\n\n", "```\n", "| a | b |"),
    *("[latex]", "[$]", "\\(", "\\)", "é", "e\u0301", "語", "😀", "\xa0", "\u200b", "\x1f", "word", "a" * 120, "1. "),
)
TEXT = (
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=8)
    .map("".join)
    .map(lambda text: text.replace("{{c", "{c").rstrip())
    .filter(lambda text: bool(text.strip()))
)
SLUG = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,12}[a-z0-9])?", fullmatch=True)
TAG = st.from_regex(r"[A-Za-z0-9:é語_-]{1,9}", fullmatch=True)
_SLUGS = st.lists(SLUG, min_size=2, max_size=3, unique=True)


@st.composite
def _contrasts(draw: st.DrawFn) -> Contrast:
    things = [slug for slug in draw(_SLUGS) if slug != "ask"] or ["a", "b"]
    rows = tuple(
        Row(slug, draw(TEXT), {each: draw(TEXT) for each in things if each == things[0] or draw(st.booleans())})
        for slug in draw(_SLUGS)
    )
    return Contrast(tuple((slug, draw(TEXT)) for slug in things), rows)


def _cloze(before: str, number: int, after: str) -> ClozeText:
    text = f"{before.replace('`', '').replace('$', '')} {{{{c{number}::hidden::hint}}}} and {{{{c7::x}}}} end {after}"
    return ClozeText(text, scan(text).numbers)


CONTRAST = _contrasts()

BODY: st.SearchStrategy[Body] = st.one_of(
    st.builds(Basic, TEXT, TEXT, st.booleans()),
    st.builds(Term, TEXT, TEXT),
    st.builds(Typed, TEXT, TEXT, st.lists(TEXT, max_size=2).map(tuple)),
    st.builds(_cloze, st.just("The"), st.integers(1, 6), st.sampled_from(["", "<i>", "*so*", "$x_1$"])),
    st.builds(Steps, TEXT, st.dictionaries(SLUG, TEXT, min_size=2, max_size=4).map(lambda of: tuple(of.items()))),
    st.builds(Explain, TEXT, st.lists(TEXT, min_size=2, max_size=3).map(tuple)),
    st.just(Drill("How many are {{n}} and one?", (("n", ("1", "2", "3")),), "n + 1", "n > 0", "", "things")),
    CONTRAST,
)


@st.composite
def decks(draw: st.DrawFn) -> Deck:
    """One deck; its notes name each other, cite, have dates, tags and former ids."""
    name = draw(SLUG)
    source = Source("s2020", draw(TEXT.filter(lambda text: "\n" not in text)), "Someone", "2020", "https://arxiv.org/x")
    topic = draw(SLUG | st.just(""))
    notes = []
    ids = draw(_SLUGS)
    for number, each in enumerate(ids):
        before = tuple(f"{name}/{other}" for other in ids[:number])
        notes.append(
            Note(
                name,
                each,
                draw(BODY),
                HERE,
                topic=topic or draw(SLUG | st.just("")),
                why=draw(TEXT | st.just("")),
                cite=draw(
                    st.sampled_from([(), (Citation(source, "§3"),), (Citation(source, ""), Citation(source, "p. 4"))])
                ),
                tags=tuple(draw(st.lists(TAG, max_size=3, unique=True))),
                concepts=tuple(draw(st.lists(SLUG, max_size=2, unique=True))),
                needs=before,
                confusable=(*before, "other-deck/x"),
                was=draw(st.sampled_from([(), (f"{name}/formerly-{each}",), (f"gone/formerly-{each}",)])),
                as_of=draw(st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))),
            )
        )
    return Deck(name, "A deck", "deck.yaml", tuple(notes), topic, {"s2020": source})
