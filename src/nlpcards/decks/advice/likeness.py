"""Questions that two notes ask in nearly the same words.

Two questions are alike where all their words of content pair up, in nearly the same order; or where most of them do and
the answers are nearly the same too. A word that differs makes another question: "input gate" is not "output gate".

Not all pairs are compared. The first kind has the same set of words, by their first letters, so notes are grouped by
it. For the second kind the words of each note are sorted from the rarest; two that share half of their words share one
among the first half of these, so only notes that do are compared. A word in more than `MOST_TOGETHER` notes tells
nothing. So n notes of at most w words cost n·w·log w, and at most n·w·MOST_TOGETHER comparisons in C.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from nlpcards.core.cards import Note
from nlpcards.core.kinds.contrast import Contrast
from nlpcards.core.kinds.explain import Explain
from nlpcards.core.kinds.steps import Steps
from nlpcards.core.markup.cloze import scan
from nlpcards.decks.advice.cards import STOP_WORDS, Cards, leaves, prose, question, stem, tokens
from nlpcards.decks.layout import WrittenNote
from nlpcards.decks.problems import Problem

MOST_TOGETHER = 100
"""So many notes before it a note is compared with for one word, or one set of words, that they share."""

SAME = 88
"""Likeness of two questions whose words pair up (of 100, by the longest common subsequence of letters)."""

SAME_WORD = 85
"""Likeness of two words that pair up, such as "normalised" and "normalized"."""

SAME_ORDER = 0.75
"""Share of the words of two questions that stand in one order: who encodes for whom makes a difference."""

ALIKE = 80
"""Likeness of two questions whose answers are alike too."""

SAME_ANSWER = 90
"""Likeness of two answers."""

FEWEST_WORDS = 3
"""Questions and answers of fewer words of content say too little to be compared."""

_FARTHEST = 2_000
"""So many characters of a text are compared."""

_BEGINNING = 5
"""Letters by which words that pair up begin alike: then "encoder" is no misspelt "decoder"."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A note as it is compared: its words of content in order, joined, and by their beginnings; those that must be the
    same; and its answer, empty where it says too little to be compared.
    """

    written: WrittenNote
    family: str
    words: tuple[str, ...]
    line: str
    keys: tuple[str, ...]
    exact: list[str]
    answer: str


def advise(cards: Cards) -> Iterator[Problem]:
    """Q006: for each note the first of those before it that asks the same."""
    notes = [asked for written in cards.notes if len((asked := _asked(written)).words) >= FEWEST_WORDS]
    common = Counter(key for note in notes for key in set(note.keys))
    groups: dict[tuple[str, tuple[str, ...]], list[_Asked]] = defaultdict(list)
    blocks: dict[tuple[str, str], list[_Asked]] = defaultdict(list)
    for note in notes:
        group = groups[note.family, note.keys]
        before = next((each for each in group[-MOST_TOGETHER:] if _asks_the_same(note, each)), None)
        group.append(note)
        blocked = [blocks[note.family, key] for key in _rarest(note.keys, common)]
        if before is None and note.answer:
            before = next(_with_the_same_answer(note, blocked), None)
        for block in blocked:
            block.append(note)
        if before is not None and not _are_told_apart(note.written.note, before.written.note):
            yield _problem(note.written, before.written)


def _are_told_apart(one: Note, other: Note) -> bool:
    """Whether the author knows that the two are alike."""
    return other.full_id in one.confusable or one.full_id in other.confusable


def _asked(written: WrittenNote) -> _Asked:
    family, text, answer = _parts(written)
    words = tuple(stem(word) for word in tokens(prose(text)[:_FARTHEST]) if word not in STOP_WORDS)
    keys = tuple(sorted({word if _is_exact(word) else word[:_BEGINNING] for word in words}))
    exact = [*leaves(text), *sorted(word for word in words if len(word) < 3 or not word.isalpha())]
    said = tokens(answer[:_FARTHEST])
    tells = sum(len(word) > 2 and word.isalpha() and word not in STOP_WORDS for word in said) > FEWEST_WORDS
    return _Asked(written, family, words, " ".join(words), keys, exact, " ".join(said) if tells else "")


def _parts(written: WrittenNote) -> tuple[str, str, str]:
    """What is compared with what, the question, and the answer."""
    body = written.note.body
    match body:
        case Contrast():
            labels = [label for _, label in body.of]
            return "contrast", " ".join([*labels, *(row.ask for row in body.by)]), ""
        case Steps():
            return "steps", body.title, " ".join(text for _, text in body.steps)
        case Explain():
            return "q", body.task, " ".join(body.points)
    key, text = question(written.note)
    match key:
        case "cloze":
            hidden = " ".join(span.text for span in scan(getattr(body, "text", "")).spans)
            return "cloze", text, hidden
        case "term":
            return "term", text, str(getattr(body, "definition", ""))
        case _:
            return "q", text, str(getattr(body, "answer", ""))


def _is_exact(word: str) -> bool:
    """Whether a word is a number, a symbol or so short that no other spelling of it means the same."""
    return len(word) < 4 or not word.isalpha()


def _pairs_up(one: str, other: str) -> bool:
    from rapidfuzz.fuzz import ratio

    if one == other:
        return True
    return (
        not _is_exact(one)
        and not _is_exact(other)
        and one[:_BEGINNING] == other[:_BEGINNING]
        and ratio(one, other) >= SAME_WORD
    )


def _asks_the_same(one: _Asked, other: _Asked) -> bool:
    from rapidfuzz.distance import LCSseq
    from rapidfuzz.fuzz import ratio

    if one.exact != other.exact:
        return False
    if one.line == other.line:
        return True
    if ratio(one.line, other.line, score_cutoff=SAME) < SAME:
        return False
    in_order = ([word[:_BEGINNING] for word in each.words] for each in (one, other))
    if LCSseq.normalized_similarity(*in_order) < SAME_ORDER:
        return False
    mine, theirs = sorted(one.words), sorted(other.words)
    return len(mine) == len(theirs) and all(_pairs_up(*pair) for pair in zip(mine, theirs, strict=True))


def _with_the_same_answer(note: _Asked, blocked: list[list[_Asked]]) -> Iterator[_Asked]:
    from rapidfuzz import fuzz, process

    candidates = {id(each): each for block in blocked if len(block) <= MOST_TOGETHER for each in block if each.answer}
    others = list(candidates.values())
    lines = [each.line for each in others]
    for _, _, at in process.extract(note.line, lines, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None):
        other = others[at]
        if note.exact == other.exact and fuzz.ratio(note.answer, other.answer) >= SAME_ANSWER:
            yield other


def _rarest(keys: tuple[str, ...], common: Counter[str]) -> list[str]:
    """The keys of which two notes share one if they share half of theirs."""
    return sorted(keys, key=lambda key: (common[key], key))[: len(keys) - ceil(len(keys) / 2) + 1]


def _problem(later: WrittenNote, earlier: WrittenNote) -> Problem:
    before = earlier.note
    path = (next(iter(later.note.body.written())),)
    return later.problem(
        "Q006",
        path,
        f"the note asks what `{before.full_id}` asks at {before.place}",
        "Keep the better one (its `was` takes over the other's history), or say in both what sets them apart.",
    )
