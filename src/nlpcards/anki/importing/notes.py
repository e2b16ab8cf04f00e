"""One note of Anki's own making as drafts of ours: by what its cards show, whatever its note type is called.

A pair of cards that ask each other's answers is one note asked both ways; a card whose answer is typed stays one; so
does a text with clozes. Every other card becomes a question and its answer, as its template shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nlpcards.anki.history.identities import AnkiCard
from nlpcards.anki.importing import templates
from nlpcards.anki.importing.clozes import cloze_notes
from nlpcards.anki.importing.own_notes import Stored
from nlpcards.anki.importing.templates import Side, TooLong, bare, is_empty
from nlpcards.anki.importing.text import CannotCarry, Converter
from nlpcards.anki.importing.values import TakenCard
from nlpcards.anki.reading.values import Stock, StoredCard
from nlpcards.decks.importing.plain import from_plain
from nlpcards.decks.importing.tables import tags_of

_ANSWER_LINE = ("<hr id=answer>", '<hr id="answer">', "<hr id='answer'>", "<hr id=answer/>", '<hr id="answer"/>')
_MOST_CARDS = 1_000
"""Cards of one note. Of cloze numbers Anki has 500."""

_LONGEST_TYPED = 300
"""Characters of an answer that one would type."""


@dataclass(frozen=True, slots=True)
class Draftlike:
    """A note of ours to be: the keys of its kind, what comes under `why`, and the cards that it has."""

    body: Mapping[str, object]
    why: str
    cards: tuple[TakenCard, ...]
    deck: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A card as its template shows it, in Markdown."""

    card: StoredCard
    question: str
    answer: str
    typed: str = ""
    why: str = ""


def is_occlusion(stored: Stored) -> bool:
    """Whether the note hides parts of a picture."""
    return stored.kind.stock is Stock.IMAGE_OCCLUSION or (
        stored.kind.is_cloze and any("::image-occlusion:" in field for field in stored.note.fields)
    )


def label_of(stored: Stored) -> str:
    """What names a note to its owner: the words of its first field that has any."""
    words = next((words for field in stored.note.fields if (words := bare(field[:2_000]))), "")
    return f"{words[:79]}…" if len(words) > 80 else words or f"note {stored.note.id}"


def drafts_of(stored: Stored, deck_name: str, converter: Converter) -> Iterator[Draftlike | str]:
    """The notes of ours that a note becomes; in the place of each card that cannot be carried, why not.

    `deck_name` is that of its Anki deck. What of a card did not come through is in `converter.lost`.
    """
    if not stored.cards:
        yield "it has no card"
        return
    if len(stored.cards) > _MOST_CARDS:
        yield f"it has {len(stored.cards):,} cards, more than any note of Anki's"
        return
    tags = tuple(tags_of(" ".join(stored.note.tags), anki=True))
    fields = _fields(stored, deck_name)
    if stored.kind.is_cloze:
        try:
            yield from _clozes(stored, fields, tags, converter)
        except (CannotCarry, TooLong) as reason:
            yield str(reason) or "its text is too long"
        return
    shown: list[_Shown] = []
    for card in stored.cards:
        try:
            shown.append(_shown(stored, card, fields, converter))
        except (CannotCarry, TooLong) as reason:
            what = f"{stored.kind.templates[card.ord].name}: " if 0 <= card.ord < len(stored.kind.templates) else ""
            which = f"its card {card.ord + 1} was left out: " if len(stored.cards) > 1 else ""
            yield f"{which}{str(reason) or f'{what}its text is too long'}"
    if len(shown) == 2 and _are_reversed(*shown):
        first, second = shown
        body: dict[str, object] = {"q": first.question, "a": first.answer, "both": True}
        yield _draft(stored, body, first.why or second.why, ((first.card, "qa"), (second.card, "aq")), tags)
        return
    for each in shown:
        if each.typed:
            yield _draft(stored, {"q": each.question, "typed": each.typed}, each.why, ((each.card, "typed"),), tags)
        else:
            yield _draft(stored, {"q": each.question, "a": each.answer}, each.why, ((each.card, "qa"),), tags)


def _fields(stored: Stored, deck_name: str) -> dict[str, str]:
    """The fields by their names, and what else a template may show."""
    special = {
        "Tags": " ".join(stored.note.tags),
        "Type": stored.kind.name,
        "Deck": deck_name,
        "Subdeck": deck_name.rpartition("::")[2],
        "Card": stored.kind.templates[0].name if stored.kind.templates else "",
    }
    return special | dict(zip(stored.kind.fields, stored.note.fields, strict=False))


def _shown(stored: Stored, card: StoredCard, fields: Mapping[str, str], converter: Converter) -> _Shown:
    if not 0 <= card.ord < len(stored.kind.templates):
        raise CannotCarry(f"its note type has no template {card.ord + 1}")
    template = stored.kind.templates[card.ord]
    front = templates.front(template.question, fields)
    back = templates.back(template.answer, fields)
    question = converter.markdown(front.html)
    if not question:
        raise CannotCarry("its front is empty")
    answer_html = _below_the_line(back.html, front.html)
    answer = converter.markdown(answer_html)
    why = "\n\n".join(f"Hint: {hint}" for html in front.hints.values() if (hint := converter.markdown(html)))
    typed = _typed(front, fields)
    if typed:
        more = "" if bare(answer_html) in ("", bare(fields[front.typed])) else answer
        return _Shown(card, question, "", typed, "\n\n".join(filter(None, (more, why))))
    if front.typed:
        # Too long to be typed, or a picture.
        own = converter.markdown(fields.get(front.typed, ""))
        answer = answer if own in answer else "\n\n".join(filter(None, (own, answer)))
    if not answer:
        raise CannotCarry("its back is empty")
    return _Shown(card, question, answer, "", why)


def _typed(front: Side, fields: Mapping[str, str]) -> str:
    """What the learner is to type, empty where that is nothing that one can type."""
    html = fields.get(front.typed, "") if front.typed else ""
    words = bare(html)
    if not words or len(words) > _LONGEST_TYPED or "\\(" in words or "<img" in html.lower():
        return ""
    return from_plain(words)


def _below_the_line(back: str, front: str) -> str:
    """The answer side without the question that it repeats."""
    for line in _ANSWER_LINE:
        above, found, below = back.partition(line)
        if found:
            repeats = is_empty(above) or bare(above) in bare(front)
            return below if repeats else f"{above}<hr>{below}"
    if not is_empty(front) and back.strip().startswith(front.strip()):
        return back.strip()[len(front.strip()) :]
    return back


def _are_reversed(first: _Shown, second: _Shown) -> bool:
    return first.question == second.answer and first.answer == second.question and not first.typed and not second.typed


def _clozes(
    stored: Stored, fields: Mapping[str, str], tags: tuple[str, ...], converter: Converter
) -> Iterator[Draftlike | str]:
    if not stored.kind.templates:
        raise CannotCarry("its note type has no template")
    template = stored.kind.templates[0]
    front = templates.front(template.question, fields)
    back = templates.back(template.answer, fields)
    notes = cloze_notes(front.html, converter)
    why = _new_paragraphs(converter.markdown(back.html), notes[0].markdown)
    hints = [f"Hint: {hint}" for html in front.hints.values() if (hint := converter.markdown(html))]
    why = "\n\n".join(filter(None, (why, *hints)))
    left = {card.ord: card for card in stored.cards}
    for note in notes:
        cards = tuple((left.pop(number - 1), f"c{number}") for number in note.numbers if number - 1 in left)
        if cards:
            yield _draft(stored, {"cloze": note.markdown}, why, cards, tags)
    for card in left.values():
        reviewed = " with its reviews" if card.reps else ""
        yield f"its card {card.ord + 1} was left out{reviewed}: the text has no cloze c{card.ord + 1}"


def _new_paragraphs(text: str, known: str) -> str:
    """The paragraphs of a back that the front does not have."""
    there = set(known.split("\n\n"))
    return "\n\n".join(each for each in text.split("\n\n") if each not in there).strip()


def _draft(
    stored: Stored,
    body: Mapping[str, object],
    why: str,
    cards: tuple[tuple[StoredCard, str], ...],
    tags: tuple[str, ...],
) -> Draftlike:
    taken = tuple(TakenCard(AnkiCard(stored.note.guid, card.ord), card, key) for card, key in cards)
    return Draftlike(body, why, taken, cards[0][0].deck, tags)
