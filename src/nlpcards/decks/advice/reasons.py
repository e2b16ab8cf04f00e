"""Notes that say neither why nor where it is written."""

from __future__ import annotations

from collections.abc import Iterator

from nlpcards.core.cards import Note
from nlpcards.core.words import count
from nlpcards.decks.advice.cards import Cards
from nlpcards.decks.layout import WrittenNote
from nlpcards.decks.problems import Problem, Severity

WANT_REASONS = frozenset({"basic", "cloze", "typed"})
"""The kinds whose answer is bare; the others say their reasons themselves."""

_WANTING = " with `a`, `cloze` or `typed`"
_WHY = "Write `why: ` and the reason, or what ties it to something known; it is shown under the answer."
_CITE = "Write `cite: ` with a key of `sources` and the place in it."


def advise(cards: Cards) -> Iterator[Problem]:
    """Q008 and Q009: for each note, or once for a deck where most notes lack it: then it is the deck's way."""
    by_file: dict[str, list[WrittenNote]] = {}
    for written in cards.notes:
        by_file.setdefault(written.note.place.path, []).append(written)
    for notes in by_file.values():
        wanting = [each for each in notes if each.note.body.kind in WANT_REASONS]
        yield from _missing(wanting, _WANTING, "Q008", "why", _WHY, [each for each in wanting if not each.note.why])
        yield from _missing(notes, "", "Q009", "cite", _CITE, [each for each in notes if not each.note.cite])


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
