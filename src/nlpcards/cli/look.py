"""`decks` and `show`: looking without changing anything."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put, say
from nlpcards.cli.table import print_table
from nlpcards.core.cards import Card
from nlpcards.core.errors import UsageError
from nlpcards.core.replies import Recall, Reply, TickPoints, WriteNumber, WriteText

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.core.kinds import Face
    from nlpcards.core.markup import Document

REPLIES: Mapping[type[Reply], str] = {
    Recall: "recall",
    WriteText: "text",
    WriteNumber: "number",
    TickPoints: "points",
}
"""What a learner does before the answer is shown, as JSON names it."""


@click.command()
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def decks(invocation: Invocation, as_json: bool, decks: tuple[Path, ...]) -> None:
    """List the decks: their cards, how many you have met, and where their files are."""
    with invocation.open(decks, read_only=True) as collection:
        today = collection.today()
        replacing = collection.library.in_place_of_bundled
    if as_json:
        print_json(
            [
                {
                    "deck": row.deck.id,
                    "title": row.deck.title,
                    "path": row.deck.path,
                    "replaces_bundled": row.deck.id in replacing,
                    "notes": len(row.deck.notes),
                    "cards": row.cards,
                    "introduced": row.introduced,
                    "new": row.counts.new,
                    "learning": row.counts.learning,
                    "review": row.counts.review,
                }
                for row in today.rows
            ]
        )
        return
    table: list[tuple[str, ...]] = [("deck", "title", "notes", "cards", "met", "due today")]
    table += [
        (
            row.deck.id,
            row.deck.title + (" (replaces the bundled one)" if row.deck.id in replacing else ""),
            *map(str, (len(row.deck.notes), row.cards, row.introduced, row.counts.total)),
        )
        for row in today.rows
    ]
    print_table(table, left=2)
    say(f"Your own decks belong in {collection.home.decks}.")


@click.command()
@click.argument("name", metavar="CARD|NOTE|DECK|FILE")
@click.option("--width", type=click.IntRange(20, 400), help="The columns to fill; by default the terminal's.")
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def show(invocation: Invocation, name: str, width: int | None, as_json: bool, decks: tuple[Path, ...]) -> None:
    """Show a card (`deck/note#key`), all cards of a note (`deck/note`), of a deck or of a deck file, question and
    answer.
    """
    from nlpcards.collection.deck_paths import deck_path

    path = deck_path(name)
    with invocation.open((*decks, path) if path else decks, read_only=True) as collection:
        found = _cards_of_file(collection, path) if path else _find(collection, name)
        if as_json:
            print_json([_as_json(collection, card) for card in found])
            return
        laid_out = width is not None or sys.stdout.isatty()
        columns = (width or min(shutil.get_terminal_size((80, 24)).columns, 100)) if laid_out else None
        for index, card in enumerate(found):
            if index:
                put()
            _print_card(collection, card, columns)


def _cards_of_file(collection: Collection, path: Path) -> list[Card]:
    """The cards of the notes that stand in a deck file."""
    notes = [note for note in collection.library.notes.values() if path.samefile(note.place.path)]
    if not notes:
        raise UsageError("there is no card in this file", place=str(path), remedy="See `nlpcards check` on it.")
    return [card for note in notes for card in note.cards()]


def _find(collection: Collection, name: str) -> list[Card]:
    """The cards meant by a name.

    Raises:
        UsageError: nothing is called so.
    """
    if name in collection.library.decks:
        return list(collection.library.decks[name].cards())
    note = collection.library.note(name)
    return list(note.cards()) if note is not None else [collection.card(name)]


def _print_card(collection: Collection, card: Card, columns: int | None) -> None:
    """Print a card laid out for so many columns, or in plain words where that is None."""
    from nlpcards.collection.information import information
    from nlpcards.core.markup import parse
    from nlpcards.render.layout import layout
    from nlpcards.render.plain import plain

    face = card.face(collection.state(card.id).reps)
    question = face.question_tree()
    answer = face.answer_tree() or question
    note = card.note
    put(f"{card.id}   {note.place.path}:{note.place.line}")
    if face.task:
        put(f"Task: {face.task}")
    parts = [("Question", question, face.ask, False), ("Answer", answer, face.ask, True)]
    if note.why:
        parts.append(("Why", parse(note.why), None, True))
    for title, document, ask, reveal in parts:
        put(f"{title}:")
        if columns is not None:
            for line in layout(document, columns - 2, ask=ask, reveal=reveal):
                put("  " + "".join(span.text for span in line).rstrip())
        else:
            put("  " + plain(document, ask=ask, reveal=reveal).replace("\n", "\n  "))
    for citation in note.cite:
        put(f"Source: {citation} {citation.source.url}".rstrip())
    if note.as_of:
        put(f"As of: {note.as_of}")
    if note.expires:
        put(f"Expires: {note.expires}")
    for fact, value in information(collection, card.id).facts[2:]:
        put(f"{fact}: {value}")


def _as_json(collection: Collection, card: Card) -> dict[str, Any]:
    note, state = card.note, collection.state(card.id)
    face = card.face(state.reps)
    return {
        "card": card.id,
        "deck": note.deck,
        "note": note.id,
        "kind": note.body.kind,
        "task": face.task,
        "question": _text(face.question, face, reveal=False),
        "answer": _answer_text(face),
        "cloze": face.ask,
        "reply": REPLIES[type(face.reply)],
        "why": note.why,
        "cite": [str(citation) for citation in note.cite],
        "tags": list(note.tags),
        "topic": note.topic,
        "as_of": str(note.as_of) if note.as_of else None,
        "expires": str(note.expires) if note.expires else None,
        "path": note.place.path,
        "line": note.place.line,
        "reps": state.reps,
        "lapses": state.lapses,
        "stability": state.memory.stability if state.memory else None,
        "difficulty": state.memory.difficulty if state.memory else None,
        "suspended": state.suspended,
        "flag": state.flag,
    }


def _text(content: str | Document, face: Face, *, reveal: bool) -> str:
    """Markdown as it was written, or the words of what is no text but a table or a list made of several."""
    if isinstance(content, str):
        return content
    from nlpcards.render.plain import plain

    return plain(content, ask=face.ask, reveal=reveal)


def _answer_text(face: Face) -> str | None:
    """The answer; None where it is the question's own text, with the clozes that it holds."""
    if face.answer is not None:
        return _text(face.answer, face, reveal=True)
    return None if isinstance(face.question, str) else _text(face.question, face, reveal=True)
