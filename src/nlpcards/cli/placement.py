"""`placement`: a short test over the roadmap's topics, line by line, on a terminal or in a pipe."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put, say
from nlpcards.cli.prose import put_prose

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.collection.placing import Found, Placing, Question

_SAYS = {"y": "knew", "yes": "knew", "3": "knew", "e": "easily", "4": "easily", "n": "not", "no": "not", "1": "not"}
"""What a line says of a card, by its word; the digits are the ratings of a review."""


@click.command()
@click.argument("track", required=False)
@click.option("--minutes", type=click.FloatRange(0, min_open=True), metavar="N", help="Leave after so many minutes.")
@click.option("--anew", is_flag=True, help="Begin another placement instead of going on with the last one.")
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def placement(
    invocation: Invocation,
    track: str | None,
    minutes: float | None,
    anew: bool,
    as_json: bool,
    decks: tuple[Path, ...],
) -> None:
    """Find out what you know already, by thirty questions at most, and open the topics that come next.

    It is about the topics of TRACK, of the track you follow, or of the whole roadmap. Every answer is a first review of
    its card. With --json it asks nothing and says how the placement stands.
    """
    from nlpcards.collection.placing import Placing

    with invocation.open(decks) as collection:
        placing = Placing.start(collection, track, anew=anew and not as_json)
        if as_json:
            print_json(as_data(placing.found(), placing.question))
            return
        found = place_plainly(collection, placing, None if minutes is None else 60 * minutes)
    from nlpcards.collection.placing_words import lines

    put()
    for line in lines(found):
        put(line)


def place_plainly(
    collection: Collection,
    placing: Placing,
    seconds: float | None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Found:
    """Ask a placement over standard input and output until it is over, left, or so many seconds have gone; gives what
    it came to. `monotonic` is the clock (in seconds) that measures answers.

    Raises:
        NlpcardsError: the clock is doubted and the learner does not say that it is right.
    """
    from nlpcards.cli.plain import line_of_input
    from nlpcards.collection.placing_words import HEADLINE, HELP
    from nlpcards.core.errors import NlpcardsError

    doubt = collection.clock_doubt()
    if doubt is not None:
        put_prose(f"{doubt} Type y to go on:")
        if line_of_input() != "y":
            raise NlpcardsError("nothing was asked", remedy="Set the clock right, then start again.")
    put_prose(HEADLINE)
    put_prose(HELP)
    began = monotonic()
    while (question := placing.question) is not None:
        if seconds is not None and monotonic() - began >= seconds:
            put_prose("The time is over.")
            return placing.found()
        if not _one(placing, question, monotonic):
            return placing.found()
    return placing.finish()


def _one(placing: Placing, question: Question, monotonic: Callable[[], float]) -> bool:
    """Ask one question until it is answered or the one before is taken back; False where the learner leaves."""
    from nlpcards.cli.plain import answer_of, line_of_input
    from nlpcards.collection.placing import RATINGS
    from nlpcards.collection.placing_words import HELP, heading
    from nlpcards.core.errors import NlpcardsError
    from nlpcards.render.plain import plain

    face = question.asked.face
    put()
    put_prose(heading(question))
    put_prose("Question: " + plain(face.question_tree(), ask=face.ask, reveal=False))
    shown, is_revealed = monotonic(), False
    while True:
        line = line_of_input()
        if line is None or line in (":q", ":quit", "q"):
            return False
        try:
            if line in (":u", ":undo", "u"):
                if placing.undo():
                    put_prose("The last answer is taken back.")
                    return True
                put_prose("There is no answer to take back.")
            elif line in ("?", ":?", ":help"):
                put_prose(HELP)
            elif not is_revealed:
                if line:
                    put_prose("The answer is still hidden; an empty line reveals it.")
                    continue
                put_prose("Answer: " + answer_of(question.asked))
                put_prose("Did you know it? y yes, e at once, n no.")
                is_revealed = True
            elif line.casefold() in _SAYS:
                rating = RATINGS[_SAYS[line.casefold()]]
                placing.answer(rating, round((monotonic() - shown) * 1000))
                return True
            else:
                put_prose("Type y, e or n." if not line else HELP)
        except NlpcardsError as error:
            say(str(error))


def as_data(found: Found, question: Question | None = None) -> dict[str, Any]:
    """How a placement stands, as JSON says it."""
    return {
        "questions": found.questions,
        "over": found.over,
        "known": list(found.known),
        "next": list(found.next),
        "opened": list(found.opened),
        "belief": {topic: round(share, 3) for topic, share in found.belief.items()},
        "question": None if question is None else {"card": question.asked.card.id, "topic": question.topic},
    }
