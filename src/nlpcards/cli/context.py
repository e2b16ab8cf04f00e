"""What every command shares: the options that say where things are, and ways to print."""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from nlpcards.core.dataclass import dataclass
from nlpcards.core.errors import UsageError
from nlpcards.core.markup.safe import visible

if TYPE_CHECKING:
    from nlpcards.collection.collection import Collection
    from nlpcards.decks.problems import Problem

DECKS_OPTION = click.option(
    "--decks",
    "decks",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A deck file or a folder of them, instead of the bundled decks and your own; may be repeated.",
)
"""`--decks PATH`, before the command or after it."""

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
"""`--json`."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of the program: where its decks are, as given before the command."""

    decks: tuple[Path, ...] = ()

    def open(self, more: tuple[Path, ...] = (), *, read_only: bool = False) -> Collection:
        """The collection; `more` are places given after the command. Says on standard error what is broken in it."""
        from nlpcards.collection.collection import Collection
        from nlpcards.collection.home import default_home

        collection = Collection.open(default_home(), (*self.decks, *more), read_only=read_only)
        say_broken(collection.library.problems)
        return collection


class OutputError(Exception):
    """Standard output could not be written, for the reason in its cause. No action on a card may take it for its own
    failure, hence no `NlpcardsError`; `main.code_of` makes the sentence.
    """


def put(text: str = "") -> None:
    """Print a line of data on standard output, with nothing in it that acts on a terminal: decks are others' text.

    Every line is flushed: what reads over a pipe must see a question before it can answer.

    Raises:
        OutputError: it cannot be written.
    """
    _put_safe(visible(text))


def say(sentence: str) -> None:
    """Print words for the user on standard error, as harmless as what `put` prints."""
    _say_safe(f"{visible(sentence)}\n")


def say_progress(sentence: str, *, last: bool) -> None:
    """Print how far long work is, over what was said before; the `last` one stays."""
    _say_safe(f"\r{visible(sentence)}" + ("\n" if last else ""))


def say_notes(done: int, total: int) -> None:
    """Say how many of many notes are done, where somebody may be watching."""
    if total >= 2_000 and (done % 500 == 0 or done == total) and sys.stderr.isatty():
        say_progress(f"{done} of {total} notes", last=done == total)


def print_json(value: Any) -> None:
    """Print data for a script on standard output: readable letters as they are, whatever else as its escape."""
    # `visible` would change the data. JSON can say every character in ASCII instead.
    from nlpcards.cli.json_text import indented

    text = indented(value)
    if sys.stdout is not None and not _encodes(sys.stdout.encoding or "utf-8", text):
        text = indented(value, ascii_only=True)
    if not text.replace("\n", "").isprintable():  # asked of the whole first: it hardly ever has such a character
        text = "".join(char if char == "\n" or char.isprintable() else json.dumps(char)[1:-1] for char in text)
    _put_safe(text)


def _put_safe(text: str) -> None:
    try:
        _write(sys.stdout, f"{text}\n")
    except OSError as error:
        raise OutputError from error


def _say_safe(text: str) -> None:
    try:
        _write(sys.stderr, text)
    except OSError:
        pass  # nobody listens, and there is no third place to say so


def _encodes(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # it was closed before the program began
        return
    try:
        stream.write(text)
    except UnicodeEncodeError as error:  # a terminal without Unicode
        from nlpcards.core.spelling import spelled

        stream.write(spelled(text, partial(_encodes, error.encoding)))
    stream.flush()


def say_broken(problems: tuple[Problem, ...] | list[Problem]) -> None:
    """One sentence where deck files have errors, with the first of them."""
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        from nlpcards.core.words import count

        first = errors[0]
        say(
            f"The decks have {count(len(errors), 'error')}; the notes concerned are left out. "
            f"First: {first.path}:{first.line}:{first.column}: {first.message}. See `nlpcards check`."
        )


def need_terminal(remedy: str = "Review line by line with `nlpcards review --plain`.") -> None:
    """Refuse to open the terminal interface where there is no terminal; `remedy` says what does without."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the interface needs a terminal, and this is none", remedy=remedy)
    if os.environ.get("TERM") in ("dumb", "unknown"):
        raise UsageError(
            "the interface needs a terminal that can be drawn on, and TERM says this is none", remedy=remedy
        )
