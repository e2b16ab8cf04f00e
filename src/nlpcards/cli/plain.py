"""Reviewing line by line: no control sequences, words for every symbol, every answer stored as it is read."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from functools import partial

from nlpcards.cli.context import put, say
from nlpcards.collection.collection import Collection
from nlpcards.collection.information import information
from nlpcards.collection.reviewing import Asked, Reviewing
from nlpcards.core.errors import NlpcardsError, NothingToDo
from nlpcards.core.markup import parse
from nlpcards.core.words import RATING_NAMES, comes_back, count, duration
from nlpcards.render.plain import plain

_HELP = (
    "An empty line reveals the answer; 1 again, 2 hard, 3 good and 4 easy rate it; u undoes, s skips, "
    "b buries until tomorrow, ! suspends, f flags, i informs, e edits, o names the source, q quits."
)


def review_plainly(collection: Collection, decks: Iterable[str]) -> None:
    """Review some decks over standard input and output until nothing is left, `q`, or the end of the input.

    Raises:
        NothingToDo: nothing is to be asked now.
    """
    doubt = collection.clock_doubt()
    if doubt is not None:
        put(f"{doubt} Type y to go on:")
        if _line() != "y":
            raise NlpcardsError("nothing was reviewed", remedy="Set the clock right, then start again.")
    reviewing = Reviewing.start(collection, decks)
    _tell(reviewing)
    if reviewing.asked is None:
        raise NothingToDo(_rest(reviewing))
    put(_HELP)
    while reviewing.asked is not None:
        if not _one_card(reviewing, reviewing.asked):
            break
        _tell(reviewing)
    _sum_up(reviewing)


def _one_card(reviewing: Reviewing, asked: Asked) -> bool:
    """Ask the present card until it is answered or put away; False where the learner quits."""
    counts = reviewing.counts
    put("")
    put(f"{asked.card.id}. To ask: {counts.new} new, {counts.learning} learning, {counts.review} review.")
    if asked.changed:
        put("This card has changed since you last saw it.")
    face = asked.card.face()
    document = parse(face.question, cloze=face.ask is not None)
    put("Question: " + plain(document, ask=face.ask, reveal=False))
    shown = time.monotonic()
    revealed = False
    while True:
        word = _line()
        if word is None or word == "q":
            return False
        match word:
            case "" if not revealed:
                revealed = True
                put("Answer: " + answer_of(asked))
                put(_choices(asked))
            case "":
                put(_choices(asked))
            case "1" | "2" | "3" | "4" if revealed:
                took = round((time.monotonic() - shown) * 1000)
                _tried(partial(_rate, reviewing, int(word), took))
            case "1" | "2" | "3" | "4":
                put("The answer is still hidden; an empty line reveals it.")
            case "u":
                _tried(partial(_undo, reviewing))
            case "s":
                _tried(reviewing.skip)
            case "b" | "!":
                if _tried(reviewing.bury if word == "b" else reviewing.suspend):
                    put("Buried until tomorrow." if word == "b" else "Suspended.")
            case "f":
                _tried(partial(_flag, reviewing))
                asked = reviewing.asked or asked  # the same card, flagged: it is not asked anew
            case "o":
                cited = [f"{citation} {citation.source.url}".strip() for citation in asked.card.note.cite]
                put("; ".join(cited) or "This note names no source.")
            case "i":
                _tried(partial(_inform, reviewing, asked))
            case "e":
                _tried(partial(_edit, reviewing, asked))
            case _:
                put(_HELP)
        # Whatever moved on left another card, or the same one asked anew; what failed or only told something did not.
        if reviewing.asked is not asked:
            return True


def answer_of(asked: Asked) -> str:
    """The answer in words, with its reason and its source."""
    face = asked.card.face()
    if face.answer is None:
        lines = [plain(parse(face.question, cloze=True), ask=face.ask, reveal=True)]
    else:
        lines = [plain(parse(face.answer), ask=None, reveal=True)]
    note = asked.card.note
    if note.why:
        lines.append("Why: " + plain(parse(note.why), ask=None, reveal=True))
    if note.cite:
        lines.append("Source: " + "; ".join(map(str, note.cite)))
    return "\n".join(lines)


def _rate(reviewing: Reviewing, rating: int, took: int) -> None:
    asked = reviewing.asked
    assert asked is not None
    reviewing.rate(rating, took)
    after = reviewing.collection.state(asked.card.id)
    put(f"Stored: {RATING_NAMES[rating]}; comes back in {comes_back(after, reviewing.collection.now())}.")


def _undo(reviewing: Reviewing) -> None:
    undone = reviewing.undo()
    put("There is nothing to undo." if undone is None else f"Undone: {undone}.")


def _flag(reviewing: Reviewing) -> None:
    put("Flagged." if reviewing.flag() else "The flag is off.")


def _inform(reviewing: Reviewing, asked: Asked) -> None:
    known = information(reviewing.collection, asked.card.id)
    for name, value in known.facts:
        put(f"{name}: {value}")
    for happened in known.history:
        put(f"On {happened.on}: {happened.what}.")


def _edit(reviewing: Reviewing, asked: Asked) -> None:
    from nlpcards.collection.editing import edit

    edit(reviewing.collection, asked.card)
    reviewing.refresh()


def _tried(action: Callable[[], object]) -> bool:
    """Do what a key asks for; where that fails, say why in one sentence and stay on the card."""
    try:
        action()
    except NlpcardsError as error:
        say(str(error))
        return False
    return True


def _choices(asked: Asked) -> str:
    named = ", ".join(f"{rating} {RATING_NAMES[rating]} ({asked.labels[rating]})" for rating in RATING_NAMES)
    return f"Rate: {named}."


def _tell(reviewing: Reviewing) -> None:
    for notice in reviewing.notices:
        put(notice)
    reviewing.notices.clear()


def _rest(reviewing: Reviewing) -> str:
    rest = reviewing.rest()
    if rest.later and rest.next_ms is not None:
        minutes = max(1, round((rest.next_ms - reviewing.collection.now().ms) / 60_000))
        return (
            f"nothing is to be asked now; {count(rest.later, 'card')} on the learning steps, the first in {minutes} min"
        )
    return "nothing is to be asked today"


def _sum_up(reviewing: Reviewing) -> None:
    summary = reviewing.summary()
    put("")
    if summary.recall is None:
        put("No card was answered.")
        return
    learned = f", {len(summary.learned)} learned" if summary.learned else ""
    put(
        f"{count(summary.answers, 'answer')} in {duration(summary.spent_ms)}: "
        f"{round(100 * summary.recall)} % recalled, {len(summary.introduced)} introduced{learned}."
    )
    left = reviewing.counts.total
    put(f"Still to ask today: {count(left, 'card')}." if reviewing.asked else f"Done: {_rest(reviewing)}.")


def _line() -> str | None:
    """The next line of the input without its spaces; None at its end."""
    line = sys.stdin.readline()
    return line.strip() if line else None
