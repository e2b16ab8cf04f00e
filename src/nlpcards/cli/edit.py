"""`edit`: a deck, a note or a card in the learner's editor, and what is wrong with it after."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlpcards.cli.context import DECKS_OPTION, Invocation, put, say
from nlpcards.core.cards import Place
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.collection.editing import Opened
    from nlpcards.core.cards import Note


@click.command()
@click.argument("name", metavar="CARD|NOTE|DECK|FILE")
@DECKS_OPTION
@click.pass_obj
def edit(invocation: Invocation, name: str, decks: tuple[Path, ...]) -> int:
    """Open a deck, a deck file, or the note of a card, in your editor ($VISUAL, $EDITOR); say what is wrong afterwards.

    A note of a bundled deck is copied into a file of your own that extends the deck; nothing stays of it where you
    change nothing. Exits with 4 where you leave an error.
    """
    from nlpcards.collection.collection import Collection
    from nlpcards.collection.deck_paths import deck_path
    from nlpcards.collection.editing import place_of, place_of_file
    from nlpcards.collection.home import default_home

    places, path = (*invocation.decks, *decks), deck_path(name)
    home = default_home()
    if path and not any(path.resolve().is_relative_to(place.resolve()) for place in places or home.deck_places()):
        places = (*places, path)
    # What is wrong in other decks is no matter now, and what is wrong in this one is said when it is closed.
    with Collection.open(home, places) as collection:
        return edit_until_sound(collection, place_of_file(collection, path) if path else place_of(collection, name))


def edit_until_sound(collection: Collection, opened: Opened) -> int:
    """Let a place be edited, name what is wrong there then, and offer to go back in while there is an error; gives the
    exit code.
    """
    from nlpcards.collection.editing import edit_at
    from nlpcards.collection.editor import editor_of, open_at

    editor = editor_of(collection.taste.editor, os.environ)
    before = _notes_in(collection, opened.path)
    if opened.remark:
        say(opened.remark)
    edited = edit_at(collection, editor, opened)
    if edited.copied:
        say(f"What you wrote is in {edited.path}.")
    elif opened.draft is not None:
        say("You changed nothing, so nothing was written.")
        return 0
    while True:
        collection.reload()
        problems = [problem for problem in collection.library.problems if os.path.samefile(problem.path, edited.path)]
        for problem in problems:
            put(str(problem))
        errors = [problem for problem in problems if problem.is_error]
        if not errors:
            say(_done(before, _notes_in(collection, edited.path), len(problems)))
            return 0
        say(f"{edited.path} has {count(len(errors), 'error')}; the notes concerned are left out until it is mended.")
        if not sys.stdin.isatty() or not click.confirm("Edit it again?", default=True, err=True):
            return 4
        open_at(editor, edited.path, errors[0].line)


def _notes_in(collection: Collection, path: Path) -> dict[str, Note]:
    """The notes that stand in a file, wherever in it, by their full ids."""
    nowhere = Place("", 1, 1)
    return {
        name: replace(note, place=nowhere)
        for name, note in collection.library.notes.items()
        if os.path.realpath(note.place.path) == os.path.realpath(path)
    }


def _done(before: Mapping[str, Note], after: Mapping[str, Note], advice: int) -> str:
    """One sentence on what became of a file's notes."""
    changed = sum(name in before and before[name] != note for name, note in after.items())
    counts = (
        (changed, "changed"),
        (len(after.keys() - before.keys()), "added"),
        (len(before.keys() - after.keys()), "gone"),
    )
    said = [f"{count(number, 'note')} {what}" for number, what in counts if number] or ["No note changed"]
    return (
        f"{', '.join(said)}, {count(advice, 'piece of advice', 'pieces of advice') if advice else 'nothing to mend'}."
    )
