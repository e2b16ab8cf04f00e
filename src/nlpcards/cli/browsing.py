"""`browse`: the cards that a query finds."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, say, say_progress
from nlpcards.cli.querying import QUERY_ARGUMENT, QueryCommand, selected
from nlpcards.cli.table import print_table
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.collection.searching import Found

NARROWEST = 20
"""Columns that a question has at least."""


@click.command(cls=QueryCommand)
@QUERY_ARGUMENT
@JSON_OPTION
@DECKS_OPTION
@click.pass_obj
def browse(invocation: Invocation, query: tuple[str, ...], as_json: bool, decks: tuple[Path, ...]) -> None:
    """List the cards that a query finds, all without one.

    Words must stand in the card. `deck:lstm`, `tag:gates`, `is:due`, `prop:r<0.9`, `rated:7:1` and others ask for more;
    `or`, `-` and parentheses join them. In a shell, put the query in single quotes: nlpcards browse 'is:due -tag:gates'
    """
    from nlpcards.collection.searching import Searching

    read = 0

    def progress(cards: int) -> None:
        nonlocal read
        read = cards
        if sys.stderr.isatty():
            say_progress(f"Reading cards for the first time: {cards:,}", last=False)

    with invocation.open(decks, read_only=True) as collection:
        chosen = selected(collection, query, naming_decks=False)
        with Searching(collection, progress=progress) as searching:
            found = searching.found(chosen)
    if read and sys.stderr.isatty():
        say_progress(f"Read {count(read, 'card')}; the next search is fast.", last=True)
    if as_json:
        print_json([_as_json(each) for each in found])
        return
    if not found:
        say(f"No card meets {' '.join(query)}." if query else "There is no card.")
        return
    table = [("card", "state", "due", "recall", "question"), *map(_row, found)]
    room = None
    if sys.stdout.isatty():
        taken = sum(max(len(row[column]) for row in table) + 2 for column in range(4))
        room = max(NARROWEST, shutil.get_terminal_size((80, 24)).columns - taken)
    print_table([(*row[:4], _clipped(row[4], room)) for row in table], left=5)
    say(f"{count(len(found), 'card')}.")


def _as_json(found: Found) -> dict[str, Any]:
    from nlpcards.core.search.standing import phase

    card, state = found.card, found.state
    memory = state.memory
    return {
        "card": card.id,
        "deck": card.note.deck,
        "note": card.note.id,
        "key": card.key,
        "kind": card.note.body.kind,
        "question": found.question,
        "state": phase(state),
        "due": None if found.due is None else found.due.isoformat(),
        "stability": memory.stability if memory else None,
        "difficulty": memory.difficulty if memory else None,
        "retrievability": found.retrievability,
        "reps": state.reps,
        "lapses": state.lapses,
        "flag": state.flag,
        "suspended": state.suspended,
        "tags": list(card.note.tags),
        "topic": found.topic,
    }


def _row(found: Found) -> tuple[str, str, str, str, str]:
    from nlpcards.core.search.standing import phase

    standing = "suspended" if found.state.suspended else phase(found.state)
    due = "" if found.due is None else found.due.isoformat()
    recall = "" if found.retrievability is None else f"{found.retrievability:.0%}"
    return found.card.id, standing, due, recall, found.question


def _clipped(text: str, room: int | None) -> str:
    return text if room is None or len(text) <= room else f"{text[: room - 1]}…"
