"""A placement in sentences, for every face alike."""

from __future__ import annotations

from textwrap import wrap

from nlpcards.collection.placing import MOST, Found, Question
from nlpcards.core.words import count

WIDTH = 80
"""No line is longer, in cells of Latin letters."""

_NAMED = 12

HEADLINE = (
    f"Placement: {MOST} questions at most, each a card of its own. Your answers are the cards' first reviews, stored "
    "one by one; you may leave at any time and go on later."
)
"""What a learner is told first."""

HELP = (
    "An empty line reveals the answer; then y: you knew it, e: you knew it at once, n: you did not. :u takes the last "
    "answer back, :q leaves and keeps what you answered, ? says this again."
)
"""What may be typed."""


def heading(question: Question) -> str:
    """What question it is, of which topic."""
    return f"Question {question.number} of at most {MOST}. Topic: {question.title}."


def lines(found: Found) -> list[str]:
    """What a placement came to, as lines that fit 80 columns."""
    return [line for sentence in sentences(found) for line in wrap(sentence, WIDTH, subsequent_indent="  ")]


def sentences(found: Found) -> list[str]:
    """What a placement came to so far, or at its end."""
    said = [f"{count(found.questions, 'question')} answered." if found.questions else "No question was answered."]
    if not found.questions:
        return said
    if found.known:
        so_far = "You know" if found.over else "So far it looks as if you knew"
        said.append(f"{so_far} {count(len(found.known), 'topic')}: {_named(found.known, found)}.")
    elif found.over:
        said.append("No topic was found known, so the track begins at its beginning.")
    if found.next and found.over:
        said.append(f"Next: {_named(found.next, found)}.")
    if found.over and found.opened:
        said.append(
            f"{count(len(found.opened), 'topic is', 'topics are')} open. The cards of those you know stay new: they "
            "come in turn with the others, and easy is the answer where you knew one at once."
        )
    elif not found.over:
        said.append("`nlpcards placement` goes on from here.")
    return said


def _named(topics: tuple[str, ...], found: Found) -> str:
    titles = [found.titles.get(topic, topic) for topic in topics]
    more = f" and {len(titles) - _NAMED} more" if len(titles) > _NAMED else ""
    return ", ".join(titles[:_NAMED]) + more
