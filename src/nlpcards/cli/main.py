"""The entry point: finds the command, and turns every failure into one sentence and an exit code."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import NoReturn

import click

from nlpcards import __version__
from nlpcards.cli.context import DECKS_OPTION, Invocation, OutputError, say
from nlpcards.core.errors import NlpcardsError

_COMMANDS = {
    "review": ("reviewing", "Review what is due, in the terminal interface or line by line."),
    "today": ("today", "Say where you stand: what is due, how long it takes, what comes, what changed."),
    "due": ("due", "Say what is to be asked today."),
    "decks": ("look", "List the decks."),
    "track": ("track", "Follow a track of the roadmap, open and close topics."),
    "roadmap": ("roadmap", "Show a track as a path, with what you know of it."),
    "mark": ("mark", "Say what you read and did of a roadmap's resources and milestones."),
    "plan": ("plan", "Say how many new cards a day finish in time, and what that takes."),
    "placement": ("placement", "Find out by a few questions what you know already."),
    "week": ("week", "Look back on the week: what you learned, what is weakest, what comes next."),
    "progress": ("progress", "Say how far you have come; as a Markdown table or a badge, too."),
    "stats": ("stats", "Say what your answers come to: true retention, time, what falls due."),
    "browse": ("browsing", "List the cards that a query finds."),
    "show": ("look", "Show a card, a note or a deck's cards."),
    "reports": ("reports", "List the cards that you reported as wrong."),
    "new": ("new", "Begin a deck or a note."),
    "edit": ("edit", "Open a deck, a note or a card in your editor."),
    "rename": ("rename", "Give a deck, a note or a card another id."),
    "check": ("check", "Find mistakes in deck files."),
    "fmt": ("fmt", "Format deck files, and give notes ids."),
    "preview": ("preview", "Show a deck's cards, and follow its file while you write."),
    "schema": ("schema", "Print the JSON Schema of deck files, for editors."),
    "import": ("importing", "Import cards from tables, Anki's plain text and Markdown."),
    "export": ("export", "Write an Anki package."),
    "anki": ("running_anki", "Push to a running Anki, pull from it, or both."),
    "config": ("config", "Show and change settings."),
    "backup": ("care", "Copy the journal."),
    "restore": ("care", "Bring the answers of a backup back."),
    "doctor": ("care", "Check the journal, and rebuild what is derived from it."),
}
"""Each command, the module it lives in, and its help; modules are imported one at a time, since start-up is felt."""


YOUNG_OBJECTS = 200_000
"""So many new objects set off Python's garbage collector; a start, up to the first card, makes about half of them."""


class _Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"nlpcards.cli.{_COMMANDS[cmd_name][0]}")
        # What Python keeps for itself (`import`) has an underscore after it.
        command: click.Command = getattr(module, f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from difflib import get_close_matches

            near = get_close_matches(args[0], _COMMANDS, 1)
            remedy = f"Did you mean {near[0]}?" if near else f"Commands: {', '.join(_COMMANDS)}."
            raise click.UsageError(f"there is no command {args[0]}. {remedy}", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@DECKS_OPTION
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context, decks: tuple[Path, ...]) -> None:
    """Keep what you learn about NLP and language models: decks in YAML, FSRS, daily reviews, Anki packages.

    Without a command it opens the terminal interface.
    """
    ctx.obj = Invocation(decks)
    if ctx.invoked_subcommand is None:
        from nlpcards.cli.reviewing import open_interface

        open_interface(ctx.obj, None)


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit: 0 done, 1 failed, 2 wrong usage, 3 nothing to do, 4 deck errors found."""
    # What a start loads is no garbage, and searching it for some again and again takes a fifth of the time until the
    # first card is on the screen; later, each search would keep somebody waiting.
    gc.set_threshold(YOUNG_OBJECTS)
    sys.exit(code_of(arguments))


def code_of(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code; whatever goes wrong is one sentence on standard error."""
    try:
        outcome = main.main(
            args=None if arguments is None else list(arguments), prog_name="nlpcards", standalone_mode=False
        )
        if sys.stdout is not None:
            sys.stdout.flush()
        return outcome if isinstance(outcome, int) else 0
    except NlpcardsError as error:
        say(str(error))
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message())
        return 2
    except click.ClickException as error:
        message = error.format_message().rstrip(".")
        path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "nlpcards"
        say(f"{message[:1].upper()}{message[1:]}. See `{path} --help`.")
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except OutputError as error:
        return _without_output(error.__cause__)
    except OSError as error:
        if error.filename is not None:
            say(f"{error.filename}: {_reason(error)}. See whether it exists and may be read and written.")
            return 1
        # What click prints itself (help) fails so; the files that we write fail with their names.
        return _without_output(error) if error.errno in _WRITE_FAILURES else _bug(error)
    except Exception as error:
        return _bug(error)


_WRITE_FAILURES = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EPIPE, errno.EBADF)


def _without_output(error: BaseException | None) -> int:
    """End where standard output cannot be written any more."""
    # Python would write the rest of its buffer at exit, and complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return 0  # the reader of our output went away (`| head`): not a failure
    say(f"The output cannot be written: {_reason(error)}. Free some space, or send the output elsewhere.")
    return 1


def _reason(error: BaseException | None) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _bug(error: Exception) -> int:
    """Keep the details of an error nobody foresaw in a file and say one sentence."""
    import traceback

    from nlpcards.collection.home import default_home

    kept = ""
    try:
        folder = default_home().cache
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "crash.txt"
        path.write_text("".join(traceback.format_exception(error)), "utf-8")
        kept = f" The details are in {path}; please report them."
    except OSError:
        pass
    say(f"nlpcards met an error that it did not foresee ({type(error).__name__}: {error}).{kept}")
    return 1
