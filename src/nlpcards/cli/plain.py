"""Reviewing line by line: no control sequences, words for every symbol, every answer stored as it is read."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial

from nlpcards.cli.context import say
from nlpcards.cli.plain_answers import points_listed, points_named, verdict_in_words, wanted
from nlpcards.cli.plain_commands import HELP, KEYS, MARKS, Command, command_of, done, own_words, standing
from nlpcards.cli.prose import put_prose
from nlpcards.collection.asked import Asked
from nlpcards.collection.collection import Collection
from nlpcards.collection.information import information
from nlpcards.collection.practising import begin
from nlpcards.collection.reviewing import Reviewing
from nlpcards.collection.searching import EVERYTHING
from nlpcards.collection.tomorrow import in_words, tomorrow
from nlpcards.core.errors import NlpcardsError, NothingToDo
from nlpcards.core.markup import parse
from nlpcards.core.queue import DAILY, Purpose
from nlpcards.core.replies import Recall, TickPoints
from nlpcards.core.search.tree import Query
from nlpcards.core.words import RATING_NAMES, comes_back, count, duration
from nlpcards.render.plain import plain

_LISTED = 8
"""The hardest cards named after a session, at most."""

_WHICH = "Which points did you make? Type their numbers, such as 1 3, or all; an empty line means none."


class _Awaited(Enum):
    """What the next line of the input is."""

    REVEAL = auto()
    """Nothing but a sign that the answer is to be shown."""
    TEXT = auto()
    POINTS = auto()
    RATING = auto()


@dataclass
class _Turn:
    """The present card while it is on: `shown` is since when, in seconds of the clock `monotonic`; `typed` and `points`
    are the reply so far.
    """

    reviewing: Reviewing
    monotonic: Callable[[], float]
    asked: Asked
    shown: float
    awaited: _Awaited
    typed: str = ""
    points: tuple[str, ...] = ()


def review_plainly(
    collection: Collection,
    decks: Iterable[str],
    query: Query = EVERYTHING,
    purpose: Purpose = DAILY,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Review some decks, or the cards in them that meet a query, over standard input and output; `monotonic` is the
    clock (in seconds) that measures answers.

    It ends when nothing is left, with `q`, or with the input.

    Raises:
        NothingToDo: nothing is to be asked now.
    """
    doubt = collection.clock_doubt()
    if doubt is not None:
        put_prose(f"{doubt} Type y to go on:")
        if line_of_input() != "y":
            raise NlpcardsError("nothing was reviewed", remedy="Set the clock right, then start again.")
    reviewing = begin(collection, decks, query, purpose)
    _tell(reviewing)
    if reviewing.asked is None:
        raise NothingToDo(_rest(reviewing))
    put_prose(KEYS)
    while True:
        while reviewing.asked is not None:
            if not _one_card(reviewing, reviewing.asked, monotonic):
                _sum_up(reviewing)
                return
            _tell(reviewing)
        _sum_up(reviewing)
        if not _last_undone(reviewing):
            return


def _last_undone(reviewing: Reviewing) -> bool:
    """Offer to take the last answer back where one sits at a terminal; whether its card is asked again.

    A pipe ends as soon as nothing is to be asked.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    put_prose("Type u to undo the last answer; an empty line ends.")
    if line_of_input() not in ("u", ":u", ":undo") or not _tried(lambda: put_prose(_undone(reviewing))):
        return False
    _tell(reviewing)
    return reviewing.asked is not None


def _one_card(reviewing: Reviewing, asked: Asked, monotonic: Callable[[], float]) -> bool:
    """Ask the present card until it is answered or put away; False where the learner quits."""
    counts = reviewing.counts
    put_prose("")
    put_prose(f"{asked.card.id}. To ask: {counts.new} new, {counts.learning} learning, {counts.review} review.")
    for sentence in standing(asked):
        put_prose(sentence)
    if _is_first_look(reviewing, asked):
        put_prose("Do you know this already? A placement found its topic known; rate easy what you know at once.")
    face = asked.face
    if face.task:
        put_prose(f"Task: {face.task}")
    put_prose("Question: " + plain(face.question_tree(), ask=face.ask, reveal=False))
    if to_type := wanted(asked):
        put_prose(to_type)
    turn = _Turn(reviewing, monotonic, asked, monotonic(), _Awaited.TEXT if to_type else _Awaited.REVEAL)
    while True:
        line = line_of_input()
        if line is None:
            return False
        command = command_of(line, text=turn.awaited is _Awaited.TEXT)
        if command is not None and command.name == "quit":
            return False
        if command is not None:
            _obey(turn, command)
        else:
            _take(turn, line)
        # Whatever moved on left another card, or the same one asked anew; what failed or only told something did not.
        if reviewing.asked is not turn.asked:
            return True


def _is_first_look(reviewing: Reviewing, asked: Asked) -> bool:
    collection = reviewing.collection
    # Most learners were never placed, and then nothing more is loaded.
    if asked.before.reps or not collection.journal.marks():
        return False
    from nlpcards.collection.placing import is_first_look

    return is_first_look(collection, asked.card.id, asked.before)


def _take(turn: _Turn, line: str) -> None:
    """Take a line that is no command for what is awaited."""
    match turn.awaited:
        case _Awaited.REVEAL if line in ("1", "2", "3", "4"):
            put_prose("The answer is still hidden; an empty line reveals it.")
        case _Awaited.REVEAL if line:
            put_prose(KEYS)
        case _Awaited.REVEAL:
            _reveal(turn)
        case _Awaited.TEXT if isinstance(turn.asked.face.reply, TickPoints) and line:
            turn.typed += f"\n{line}" if turn.typed else line
        case _Awaited.TEXT:
            turn.typed = turn.typed or line
            _reveal(turn)
        case _Awaited.POINTS:
            _take_points(turn, line)
        case _Awaited.RATING if line in ("1", "2", "3", "4"):
            _tried(partial(_rate, turn, int(line)))
        case _Awaited.RATING if not line and (suggested := turn.asked.suggested(turn.typed, turn.points)):
            _tried(partial(_rate, turn, suggested))
        case _Awaited.RATING:
            put_prose(KEYS if line else _choices(turn))


def _reveal(turn: _Turn) -> None:
    """Show the answer, with what a typed one is worth, and ask for the points or the rating."""
    reply = turn.asked.face.reply
    if isinstance(reply, TickPoints):
        put_prose("Points:")
        for point in points_listed(reply.points):
            put_prose(point)
        _put_reason(turn.asked)
        put_prose(_WHICH)
        turn.awaited = _Awaited.POINTS
        return
    if not isinstance(reply, Recall):
        put_prose(verdict_in_words(turn.asked, turn.typed))
    put_prose("Answer: " + answer_of(turn.asked))
    _put_reason(turn.asked)
    put_prose(_choices(turn))
    turn.awaited = _Awaited.RATING


def _take_points(turn: _Turn, line: str) -> None:
    reply = turn.asked.face.reply
    assert isinstance(reply, TickPoints), "points are awaited of no other reply"
    named = points_named(line, reply.points)
    if named is None:
        put_prose(f"There are {count(len(reply.points), 'point')}. {_WHICH}")
        return
    turn.points = named
    turn.awaited = _Awaited.RATING
    put_prose(f"{len(named)} of {count(len(reply.points), 'point')} made.")
    put_prose(_choices(turn))


def _obey(turn: _Turn, command: Command) -> None:
    """Do what a command says; the time that takes is not the answer's."""
    reviewing, asked = turn.reviewing, turn.asked
    began = turn.monotonic()
    match command.name:
        case "undo":
            _tried(partial(_undo, turn))
        case "source":
            cited = [f"{citation} {citation.source.url}".strip() for citation in asked.card.note.cite]
            put_prose("; ".join(cited) or "This note names no source.")
        case "info":
            _tried(partial(_inform, reviewing, asked))
        case "edit":
            _tried(partial(_edit, reviewing, command.words or asked.card.id))
        case "pause":
            put_prose("Paused. An empty line goes on.")
            line_of_input()
        case "help":
            put_prose(HELP, always=True)
        case _:
            _tried(partial(_act, turn, command))
    turn.shown += turn.monotonic() - began


def _act(turn: _Turn, command: Command) -> None:
    put_prose(done(turn.reviewing, turn.asked, command))
    if command.name in MARKS and turn.reviewing.asked is not None:
        turn.asked = turn.reviewing.asked  # the same card, marked: it is not asked anew
        if command.name == "meaning" and turn.awaited is _Awaited.RATING:
            put_prose(_choices(turn))


def answer_of(asked: Asked) -> str:
    """The answer in words."""
    answer = asked.face.answer_tree()
    if answer is None:
        return plain(asked.face.question_tree(), ask=asked.face.ask, reveal=True)
    return plain(answer, ask=None, reveal=True)


def _put_reason(asked: Asked) -> None:
    """Say why the answer is right and where it is from."""
    note = asked.card.note
    if note.why:
        put_prose("Why: " + plain(parse(note.why), ask=None, reveal=True))
    if note.cite:
        put_prose("Source: " + "; ".join(map(str, note.cite)))
    for words in own_words(asked.remarks):
        put_prose(words)


def _rate(turn: _Turn, rating: int) -> None:
    took = round((turn.monotonic() - turn.shown) * 1000)
    turn.reviewing.rate(rating, took, turn.typed, turn.points)
    if not turn.reviewing.stores:
        put_prose(f"Not stored: {RATING_NAMES[rating]}.")
        return
    after = turn.reviewing.collection.state(turn.asked.card.id)
    put_prose(f"Stored: {RATING_NAMES[rating]}; comes back in {comes_back(after, turn.reviewing.collection.now())}.")
    _point_out_leech(turn.reviewing)


def _point_out_leech(reviewing: Reviewing) -> None:
    leech, reviewing.leech = reviewing.leech, None
    if leech is not None:
        card = leech.card.id
        put_prose(
            f"{card} was forgotten {leech.lapses} times; its words may be at fault. "
            f"Type :edit {card} to rewrite or split it, or :suspend {card} to put it away."
        )


def _undo(turn: _Turn) -> None:
    put_prose(_undone(turn.reviewing))
    now = turn.reviewing.asked
    if now is not None and now.card.id == turn.asked.card.id and now.before.reps == turn.asked.before.reps:
        turn.asked = now  # a mark was taken back, and the card is on as it was


def _undone(reviewing: Reviewing) -> str:
    """Undo the last thing done; gives a sentence about it."""
    undone = reviewing.undo()
    return "There is nothing to undo." if undone is None else f"Undone: {undone}."


def _inform(reviewing: Reviewing, asked: Asked) -> None:
    known = information(reviewing.collection, asked.card.id)
    for name, value in known.facts:
        put_prose(f"{name}: {value}")
    for happened in known.history:
        put_prose(f"On {happened.on}: {happened.what}.")


def _edit(reviewing: Reviewing, card: str) -> None:
    from nlpcards.collection.editing import edit

    edit(reviewing.collection, reviewing.collection.card(card))
    reviewing.refresh()


def _tried(action: Callable[[], object]) -> bool:
    """Do what a key asks for; where that fails, say why in one sentence and stay on the card."""
    try:
        action()
    except NlpcardsError as error:
        say(str(error))
        return False
    return True


def _choices(turn: _Turn) -> str:
    asked = turn.asked
    named = ", ".join(f"{rating} {RATING_NAMES[rating]} ({asked.labels[rating]})" for rating in RATING_NAMES)
    suggested = asked.suggested(turn.typed, turn.points)
    taken = f" Suggested: {RATING_NAMES[suggested]}; an empty line takes it." if suggested is not None else ""
    return f"Rate: {named}.{taken}"


def _tell(reviewing: Reviewing) -> None:
    for notice in reviewing.notices:
        put_prose(notice)
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
    put_prose("")
    if summary.recall is None:
        put_prose("No card was answered.")
        return
    learned = f", {len(summary.learned)} learned" if summary.learned else ""
    put_prose(
        f"{count(summary.answers, 'answer')} in {duration(summary.spent_ms)}: "
        f"{round(100 * summary.recall)} % recalled, {len(summary.introduced)} introduced{learned}."
    )
    for number, card in enumerate(summary.failed[:_LISTED], 1):
        put_prose(f"Hardest, {number}: {_question_of(reviewing, card)} To edit it: nlpcards edit '{card}'")
    left = reviewing.counts.total
    put_prose(f"Still to ask today: {count(left, 'card')}." if reviewing.asked else f"Done: {_rest(reviewing)}.")
    put_prose(in_words(tomorrow(reviewing.collection)))


def _question_of(reviewing: Reviewing, card_id: str) -> str:
    card = reviewing.collection.library.card(card_id)
    if card is None:
        return card_id
    face = card.face()
    return " ".join(plain(face.question_tree(), ask=face.ask, reveal=False).split())


def line_of_input() -> str | None:
    """The next line of the input without its spaces; None at its end."""
    raw = getattr(sys.stdin, "buffer", None)
    if raw is None:
        line = sys.stdin.readline() if sys.stdin is not None else ""
        return line.strip() if line else None
    encoding = sys.stdin.encoding or "utf-8"
    # Read as bytes: a line that is no text must neither end the review nor be taken for what it does not say.
    while content := raw.readline():
        try:
            return str(content, encoding, sys.stdin.errors or "strict").strip()
        except UnicodeDecodeError:
            say(f"This line is no text in {encoding}. Type it in other letters, or set the locale to UTF-8.")
    return None
