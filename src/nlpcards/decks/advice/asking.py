"""How a question asks and an answer answers: two things at once, yes or no, a list, the question once more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlpcards.core.kinds.basic import Basic
from nlpcards.core.kinds.contrast import Contrast
from nlpcards.core.kinds.typed import Typed
from nlpcards.decks.advice.cards import LEAF, Cards, content_words, ending, prose, tokens
from nlpcards.decks.layout import WrittenNote
from nlpcards.decks.problems import Problem
from nlpcards.decks.source import shortened

_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|shall|must|may|might|"
    r"isn't|aren't|wasn't|weren't|don't|doesn't|didn't|can't|couldn't|won't|wouldn't|hasn't|haven't|shouldn't)"
)
_ASKING = re.compile(r"\b(what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_SECOND = re.compile(
    rf"\band(?: also)? (?:(?P<bare>why|how)\s*\?|(?P<full>what|which|who|when|where|why|how)"
    rf"(?: \w+){{0,2}}? {_AUXILIARY}\b)",
    re.IGNORECASE,
)
_SAME = {"which": "what", "whom": "who"}
_OPEN = re.compile(rf"\bwhat (?:is|are|does|do) (?!{LEAF})", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]{0,200}\"|“[^”]{0,200}”|‘[^’]{0,200}’")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")

SHORT_PART = 6
"""Words: an answer that begins with so short a part says the thing, and then its reason in the same breath."""

LONGEST_PAIR = 32
"""Words in an answer that may still be a thing and its reason in one breath."""


def advise(cards: Cards) -> Iterator[Problem]:
    """Q002, Q003, Q004 and Q007, on questions with an answer in words."""
    for written in cards.notes:
        body = written.note.body
        if isinstance(body, Basic):
            key, question, answer = "a", body.question, body.answer
        elif isinstance(body, Typed):
            key, question, answer = "typed", body.question, body.answer
        else:
            if isinstance(body, Contrast):
                yield from _yes_or_no_cells(written, body)
            continue
        yield from _two_things(written, question, answer)
        yield from _yes_or_no(written, question, answer)
        if key == "a":
            yield from _a_list(written, question, answer)
            yield from _once_more(written, question, answer)


def _two_things(written: WrittenNote, question: str, answer: str) -> Iterator[Problem]:
    words = " ".join(_QUOTED.sub(LEAF, prose(question)).split())
    asking = [part for part in _SENTENCE_END.split(words) if part.endswith("?") and _asks(part)]
    hint = "Make it two notes; the second may name the first under `needs`."
    if len(asking) > 1:
        at = question.find("?")
        yield written.problem("Q002", ("q",), f"the question asks {len(asking)} things", hint, offset=max(at, 0))
        return
    second = _SECOND.search(words)
    first = _ASKING.search(words)
    if not second or not first or first.start() >= second.start():
        return
    word = (second["bare"] or second["full"]).lower()
    if _SAME.get(word, word) == _SAME.get(first[0].lower(), first[0].lower()):
        # Two of a kind are compared: "which does the one scale, and which does the other?"
        return
    if (second["full"] and _OPEN.search(words, 0, second.start())) or not _in_one_breath(answer):
        at = question.find(second[0].split()[-1].rstrip("?"), 0)
        message = f"the question asks two things: “{first[0].lower()} …” and “{word} …”"
        yield written.problem("Q002", ("q",), message, hint, offset=max(at, 0))


def _asks(sentence: str) -> bool:
    return bool(_ASKING.search(sentence) or re.match(rf"\s*(?:\w+,\s*)?{_AUXILIARY}\b", sentence, re.IGNORECASE))


def _in_one_breath(answer: str) -> bool:
    words = prose(answer).split()
    first = re.split(r"[;,:.—–]\s|\s[—–-]\s", " ".join(words), maxsplit=1)[0].split()
    return len(words) <= LONGEST_PAIR and len(first) <= SHORT_PART


_YES = re.compile(r"(?:yes|no|true|false|correct|wrong|right)\b(?=\s*(?:[.,;:!—–-]|$))", re.IGNORECASE)
_ECHO = re.compile(
    r"(?:it|they|this|that|these|those|he|she|one|you|we) (?:is|are|was|were|does|do|did|can|could|will|would|has|have"
    r"|should|must|may)(?:n't|\s+not)?\s*(?:[.,;:!—–]|$)",
    re.IGNORECASE,
)


def _yes_or_no(written: WrittenNote, question: str, answer: str) -> Iterator[Problem]:
    said = prose(answer).strip().strip("*_")
    if not (_YES.match(said) or _ECHO.match(said)):
        return
    last = ending(question)
    if _ASKING.search(last) and not re.match(rf"{_AUXILIARY}\b|true or false", last, re.IGNORECASE):
        return
    yield written.problem(
        "Q003",
        ("q",),
        f"the question is answered by “{said.split()[0].strip('.,;:!—–').lower()}”, so half of all guesses are right",
        "Ask why, how much, which of them or what happens if not, and put the reason into the answer.",
    )


_YES_CELL = re.compile(r"(?:yes|no|true|false)(?:\s*[.,;:!—–]+\s*[^\W_]+|\s*\([^\W_]+\))?\s*[.!]*", re.IGNORECASE)
"""A cell of yes or no with at most one word more; what has more says something of its own."""


def _yes_or_no_cells(written: WrittenNote, contrast: Contrast) -> Iterator[Problem]:
    """The first such cell of each row: with it all of the row is to be asked otherwise."""
    for row in contrast.by:
        name = next((name for name, cell in row.cells.items() if _YES_CELL.fullmatch(cell.strip())), None)
        if name is not None:
            yield written.problem(
                "Q003",
                ("contrast", "by", row.slug, name),
                f"the cells of “{shortened(row.ask)}” are answered by yes or no, so half of all guesses are right",
                "Ask how, how much or which of them, and write that into the cells.",
            )


_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\S", re.MULTILINE)
_WANTS_LIST = re.compile(
    r"\b(?:what|which) (?:are|were)\b|^(?:name|list|enumerate|give)\b|\b(?:name|list|enumerate) (?:all|the)\b"
    r"|\b(?:what|which|name|list|give)(?: are)?(?: the)? (?:three|four|five|six|seven|eight|nine|ten|[3-9]|\d\d)\b",
    re.IGNORECASE | re.MULTILINE,
)
_PARTING = re.compile(r"\s*[,;]\s*(?:(?:and|or|then)\s+)?|\s+and\s+|\s+or\s+|\s*/\s*")
LONGEST_ITEM = 4
"""Words in an item of a list to recite; longer parts are clauses of a sentence."""


def _a_list(written: WrittenNote, question: str, answer: str) -> Iterator[Problem]:
    words = prose(answer).strip()
    items = len(_ITEM.findall(words))
    if items < 3:
        parts = _PARTING.split(" ".join(words.rstrip(".").split()))
        short = all(part and len(part.split()) <= LONGEST_ITEM for part in parts)
        named = sum(bool(re.search(r"[^\W\d_]{2}|" + LEAF, part)) for part in parts)
        items = len(parts) if short and named == len(parts) and _WANTS_LIST.search(prose(question)) else 0
    if items >= 3:
        yield written.problem(
            "Q004",
            ("a",),
            f"the answer is a list of {items} to recite, and one that is missing fails them all",
            "Write an order as `steps`, members of a family as `contrast`, parts of a whole as a cloze or a note each.",
        )


def _once_more(written: WrittenNote, question: str, answer: str) -> Iterator[Problem]:
    if LEAF in prose(answer):
        return  # a formula may be all that is new
    # What is quoted or offered to choose from is there to be said again.
    question = _QUOTED.sub(LEAF, question)
    said, asked = content_words(prose(answer)), content_words(prose(question))
    hint = "Answer with what the question does not say; nothing else needs to stand there."
    if len(said) >= 4 and not set(said) - set(asked) - {"because"} and not _OFFERS.search(question):
        yield written.problem("Q007", ("a",), "the answer says nothing that the question does not say", hint)
        return
    words, before = tokens(prose(answer)), f" {' '.join(tokens(prose(question)))} "
    repeated = 0
    while repeated < min(len(words), _FARTHEST) and f" {' '.join(words[: repeated + 1])} " in before:
        repeated += 1
    if repeated >= LONGEST_ECHO and 2 * repeated >= len(words):
        message = f"the answer begins with {repeated} words of the question"
        yield written.problem("Q007", ("a",), message, hint)


_OFFERS = re.compile(r"\b(?:or|order|sort|rank|arrange|between|whether|versus|vs|which of)\b", re.IGNORECASE)
"""A question that names the answers that it can have."""

_FARTHEST = 100
"""So many words of an answer are compared with its question."""

LONGEST_ECHO = 6
"""Words of the question that an answer may begin with: a subject is often said again."""
