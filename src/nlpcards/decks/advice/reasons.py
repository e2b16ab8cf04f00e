"""Notes that say neither why nor where it is written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from nlpcards.core.cards import Note
from nlpcards.core.words import count
from nlpcards.decks.advice.cards import Cards
from nlpcards.decks.layout import Layout, WrittenNote
from nlpcards.decks.problems import Problem, Severity

WANT_REASONS = frozenset({"basic", "cloze", "typed"})
"""The kinds whose answer is bare; the others say their reasons themselves."""

_WANTING = " with `a`, `cloze` or `typed`"
_WHY = "Write `why: ` and the reason, or what ties it to something known; it is shown under the answer."
_CITE = "Write `cite: ` with a key of `sources` and the place in it."


def advise(cards: Cards) -> Iterator[Problem]:
    """Q008 and Q009: for each note, or once for a deck where most notes lack it: then it is the deck's way. Q019."""
    yield from _unused_sources(cards)
    by_file: dict[str, list[WrittenNote]] = {}
    for written in cards.notes:
        by_file.setdefault(written.note.place.path, []).append(written)
    for notes in by_file.values():
        wanting = [each for each in notes if each.note.body.kind in WANT_REASONS]
        yield from _missing(wanting, _WANTING, "Q008", "why", _WHY, [each for each in wanting if not each.note.why])
        yield from _missing(notes, "", "Q009", "cite", _CITE, [each for each in notes if not each.note.cite])


def _unused_sources(cards: Cards) -> Iterator[Problem]:
    """Q019, but for decks in folders where notes have errors: what those cite is not known."""
    cited: dict[str, set[str]] = {}
    layouts: dict[str, Layout] = {}
    for written in cards.notes:
        note = written.note
        cited.setdefault(note.deck, set()).update(citation.source.key for citation in note.cite)
        if written.layout is not None:
            layouts[note.place.path] = written.layout
    for deck in cards.decks:
        layout = layouts.get(deck.path)
        if layout is None or os.path.dirname(os.path.realpath(deck.path)) in cards.unsure:
            continue
        for key in deck.sources.keys() - cited[deck.id]:
            found = re.search(rf"^ +(?={re.escape(key)} *:)", layout.source.text, re.MULTILINE)
            line, column = layout.source.position(found.end()) if found else (1, 1)
            message = f"no note cites the source `{key}`"
            hint = "Cite it in the notes that are from it, or remove it."
            yield Problem(deck.path, line, column, Severity.ADVICE, "Q019", message, hint)


def _missing(
    among: list[WrittenNote], which: str, code: str, key: str, hint: str, without: list[WrittenNote]
) -> Iterator[Problem]:
    if len(without) > 1 and 2 * len(without) > len(among):
        # Said at the top of the file, where it can be silenced for all of it.
        message = f"{len(without):,} of {count(len(among), 'note')}{which} have no `{key}`"
        yield Problem(among[0].note.place.path, 1, 1, Severity.ADVICE, code, message, hint)
        return
    for written in without:
        yield written.problem(code, (), f"the note `{_name(written.note)}` has no `{key}`", hint)


def _name(note: Note) -> str:
    return note.full_id if note.id_is_hash else note.id
