"""Into the learner's editor and back: the terminal is lent, and what is wrong with the deck then is shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeVar

from textual.app import SuspendNotSupported
from textual.screen import Screen

from nlpcards.collection.collection import Collection
from nlpcards.core.cards import Card
from nlpcards.core.errors import NlpcardsError
from nlpcards.tui.words import safe, sentence

T = TypeVar("T")


def edit(
    screen: Screen[None],
    collection: Collection,
    card: Card,
    *,
    follow: Callable[[str], bool],
    failed: Callable[[str], object],
    again: Callable[[], object],
) -> None:
    """Open a card's note in the editor, then show over `screen` what is wrong with it now, with a way back in.

    `follow` reads the decks again, shows what became of them with a sentence, and says whether that went well; `failed`
    tells in a sentence why nothing was edited, `again` goes back in.
    """
    from nlpcards.collection import editing

    edited = without_screen(screen, lambda: editing.edit(collection, card))
    if isinstance(edited, NlpcardsError):
        failed(sentence(edited))
        return
    if not follow(f"What you wrote is in {safe(str(edited.path))}." if edited.copied else ""):
        return
    path = str(edited.path)
    problems = [problem for problem in collection.library.problems if problem.path == path and problem.is_error]
    if not problems:
        return
    from nlpcards.tui.problems import ProblemsScreen

    def answered(into: bool | None) -> None:
        if into:
            screen.call_later(again)

    screen.app.push_screen(ProblemsScreen(problems, edited=True), answered)


def without_screen(screen: Screen[Any], act: Callable[[], T]) -> T | NlpcardsError:
    """What an editor comes back with, which has the terminal without the interface for as long; or why it cannot be
    used.
    """
    app = screen.app
    try:
        # Where there is no terminal, none is held that could be handed over.
        with nullcontext() if app.is_headless else app.suspend():
            # Nothing may escape from here: the terminal is taken back only where this block ends by itself.
            try:
                return act()
            except NlpcardsError as error:
                return error
            except KeyboardInterrupt:
                return NlpcardsError("the editor was interrupted", remedy="Press e to edit again.")
    except SuspendNotSupported:
        return NlpcardsError("this terminal cannot be lent to an editor", remedy="Edit the file beside it.")
