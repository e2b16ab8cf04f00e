"""Reviewing line by line: no control sequences, words for every symbol, every answer stored as it is read."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable

import click

from nlpcards.collection.collection import Collection
from nlpcards.collection.information import information
from nlpcards.collection.reviewing import Asked, Reviewing
from nlpcards.core.errors import NlpcardsError, NothingToDo
from nlpcards.core.markup import parse
from nlpcards.core.words import RATING_NAMES, cards, comes_back, duration
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
        _put(f"{doubt} Type y to go on:")
        if _line() != "y":
            raise NlpcardsError("nothing was reviewed", remedy="Set the clock right, then start again.")
    reviewing = Reviewing.start(collection, decks)
    _tell(reviewing)
    if reviewing.asked is None:
        raise NothingToDo(_rest(reviewing))
    _put(_HELP)
    while reviewing.asked is not None:
        if not _one_card(reviewing, reviewing.asked):
            break
        _tell(reviewing)
    _sum_up(reviewing)


def _one_card(reviewing: Reviewing, asked: Asked) -> bool:
    """Ask the present card until it is answered or put away; False where the learner quits."""
    counts = reviewing.counts
    _put("")
    _put(f"{asked.card.id}. To ask: {counts.new} new, {counts.learning} learning, {counts.review} review.")
    if asked.changed:
        _put("This card has changed since you last saw it.")
    face = asked.card.face()
    document = parse(face.question, cloze=face.ask is not None)
    _put("Question: " + plain(document, ask=face.ask, reveal=False))
    shown = time.monotonic()
    revealed = False
    while True:
        word = _line()
        if word is None or word == "q":
            return False
        now_revealed = revealed
        match word:
            case "" if not revealed:
                revealed = True
                _put("Answer: " + answer_of(asked))
                _put(_choices(asked))
            case "":
                _put(_choices(asked))
            case "1" | "2" | "3" | "4" if revealed:
                took = round((time.monotonic() - shown) * 1000)
                if _tried(lambda rating=int(word), took=took: _rate(reviewing, rating, took)):
                    return True
            case "1" | "2" | "3" | "4":
                _put("The answer is still hidden; an empty line reveals it.")
            case "u":
                undone = reviewing.undo()
                if undone is None:
                    _put("There is nothing to undo.")
                else:
                    _put(f"Undone: {undone}.")
                    return True
            case "s":
                reviewing.skip()
                return True
            case "b" | "!":
                if _tried(reviewing.bury if word == "b" else reviewing.suspend):
                    _put("Buried until tomorrow." if word == "b" else "Suspended.")
                    return True
            case "f":
                _put("Flagged." if reviewing.flag() else "The flag is off.")
            case "o":
                cited = [f"{citation} {citation.source.url}".strip() for citation in asked.card.note.cite]
                _put("; ".join(cited) or "This note names no source.")
            case "i":
                known = information(reviewing.collection, asked.card.id)
                for name, value in known.facts:
                    _put(f"{name}: {value}")
                for happened in known.history:
                    _put(f"On {happened.on}: {happened.what}.")
            case "e":
                from nlpcards.collection.editing import edit

                edit(reviewing.collection, asked.card)
                reviewing.refresh()
                return True
            case _:
                _put(_HELP)
        revealed = revealed or now_revealed


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
    _put(f"Stored: {RATING_NAMES[rating]}; comes back in {comes_back(after, reviewing.collection.now())}.")


def _tried(action: object) -> bool:
    """Do something that is stored; where that fails, say why in one sentence and stay on the card."""
    assert callable(action)
    try:
        action()
    except NlpcardsError as error:
        click.echo(str(error), err=True)
        return False
    return True


def _choices(asked: Asked) -> str:
    named = ", ".join(f"{rating} {RATING_NAMES[rating]} ({asked.labels[rating]})" for rating in RATING_NAMES)
    return f"Rate: {named}."


def _tell(reviewing: Reviewing) -> None:
    for notice in reviewing.notices:
        _put(notice)
    reviewing.notices.clear()


def _rest(reviewing: Reviewing) -> str:
    rest = reviewing.rest()
    if rest.later and rest.next_ms is not None:
        minutes = max(1, round((rest.next_ms - reviewing.collection.now().ms) / 60_000))
        return f"nothing is to be asked now; {cards(rest.later)} on the learning steps, the first in {minutes} min"
    return "nothing is to be asked today"


def _sum_up(reviewing: Reviewing) -> None:
    summary = reviewing.summary()
    _put("")
    if summary.recall is None:
        _put("No card was answered.")
        return
    learned = f", {len(summary.learned)} learned" if summary.learned else ""
    _put(
        f"{'1 answer' if summary.answers == 1 else f'{summary.answers} answers'} in {duration(summary.spent_ms)}: "
        f"{round(100 * summary.recall)} % recalled, {len(summary.introduced)} introduced{learned}."
    )
    left = reviewing.counts.total
    _put(f"Still to ask today: {cards(left)}." if reviewing.asked else f"Done: {_rest(reviewing)}.")


def _line() -> str | None:
    """The next line of the input without its spaces; None at its end."""
    line = sys.stdin.readline()
    return line.strip() if line else None


def _put(text: str) -> None:
    """Print a line and flush it: what reads over a pipe must see the question before it can answer."""
    click.echo(text)
    sys.stdout.flush()
