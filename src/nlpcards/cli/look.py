"""`due`, `decks` and `show`: looking without changing anything."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, put, say
from nlpcards.core.cards import Card
from nlpcards.core.markup.safe import visible

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection


@click.command()
@click.argument("deck", nargs=-1)
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def due(invocation: Invocation, deck: tuple[str, ...], as_json: bool, decks: tuple[Path, ...]) -> None:
    """Say what is to be asked today, in all decks where none is named."""
    with invocation.open(decks, read_only=True) as collection:
        chosen = collection.chosen(deck)
        plan = collection.plan(chosen)
        counts, by_deck = plan.counts, plan.by_deck()
        rows = [(name, by_deck[name]) for name in collection.library.decks if name in by_deck]
    if as_json:
        print_json(
            {
                "new": counts.new,
                "learning": counts.learning,
                "review": counts.review,
                "total": counts.total,
                "decks": [
                    {"deck": name, "new": each.new, "learning": each.learning, "review": each.review}
                    for name, each in rows
                ],
            }
        )
        return
    table: list[tuple[str, ...]] = [("deck", "new", "learning", "review", "total")]
    table += [(name, *map(str, (each.new, each.learning, each.review, each.total))) for name, each in rows]
    if len(rows) != 1:
        table.append(("all", *map(str, (counts.new, counts.learning, counts.review, counts.total))))
    _print_table(table)


@click.command()
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def decks(invocation: Invocation, as_json: bool, decks: tuple[Path, ...]) -> None:
    """List the decks: their cards, how many you have met, and where their files are."""
    with invocation.open(decks, read_only=True) as collection:
        today = collection.today()
    if as_json:
        print_json(
            [
                {
                    "deck": row.deck.id,
                    "title": row.deck.title,
                    "path": row.deck.path,
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
            row.deck.title,
            *map(str, (len(row.deck.notes), row.cards, row.introduced, row.counts.total)),
        )
        for row in today.rows
    ]
    _print_table(table, left=2)
    say(f"Your own decks belong in {collection.home.decks}.")


@click.command()
@click.argument("name", metavar="CARD|NOTE|DECK")
@click.option("--width", type=click.IntRange(20, 400), help="The columns to fill; by default the terminal's.")
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def show(invocation: Invocation, name: str, width: int | None, as_json: bool, decks: tuple[Path, ...]) -> None:
    """Show a card (`deck/note#key`), all cards of a note (`deck/note`) or of a deck, question and answer."""
    with invocation.open(decks, read_only=True) as collection:
        found = _find(collection, name)
        if as_json:
            print_json([_as_json(collection, card) for card in found])
            return
        laid_out = width is not None or sys.stdout.isatty()
        columns = (width or min(shutil.get_terminal_size((80, 24)).columns, 100)) if laid_out else None
        for index, card in enumerate(found):
            if index:
                put()
            _print_card(collection, card, columns)


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

    face = card.face()
    question = parse(face.question, cloze=face.ask is not None)
    answer = question if face.answer is None else parse(face.answer)
    note = card.note
    put(f"{card.id}   {note.place.path}:{note.place.line}")
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
    for fact, value in information(collection, card.id).facts[2:]:
        put(f"{fact}: {value}")


def _as_json(collection: Collection, card: Card) -> dict[str, Any]:
    face, note, state = card.face(), card.note, collection.state(card.id)
    return {
        "card": card.id,
        "deck": note.deck,
        "note": note.id,
        "kind": note.body.kind,
        "question": face.question,
        "answer": face.answer,
        "cloze": face.ask,
        "why": note.why,
        "cite": [str(citation) for citation in note.cite],
        "tags": list(note.tags),
        "topic": note.topic,
        "path": note.place.path,
        "line": note.place.line,
        "reps": state.reps,
        "lapses": state.lapses,
        "stability": state.memory.stability if state.memory else None,
        "difficulty": state.memory.difficulty if state.memory else None,
        "suspended": state.suspended,
        "flag": state.flag,
    }


def _print_table(rows: list[tuple[str, ...]], left: int = 1) -> None:
    """Print rows in columns, the first `left` of them flush left, numbers flush right."""
    # Made visible before it is measured, and on one line each: a title may hold anything.
    rows = [tuple(visible(" ".join(cell.split("\n"))) for cell in row) for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        put("  ".join(cells).rstrip())
