"""`anki`: one memory with a running Anki, through its add-on AnkiConnect."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nlpcards.cli.context import DECKS_OPTION, JSON_OPTION, Invocation, print_json, say, say_progress
from nlpcards.cli.querying import QUERY_ARGUMENT, QueryCommand, selected
from nlpcards.core.words import count

if TYPE_CHECKING:
    from nlpcards.anki.connect.client import AnkiConnect
    from nlpcards.collection.bringing_back import Brought
    from nlpcards.collection.collection import Collection
    from nlpcards.collection.pushing import Pushed

_URL_OPTION = click.option(
    "--url", default=None, metavar="URL", help="Where AnkiConnect listens, if not at http://127.0.0.1:8765."
)
_DRY_RUN_OPTION = click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (click.pass_obj, DECKS_OPTION, _URL_OPTION, JSON_OPTION, _DRY_RUN_OPTION):
        command = option(command)
    return command


@click.group(no_args_is_help=True)
def anki() -> None:
    """Push to a running Anki, pull from it, or both.

    Anki has to run with the add-on AnkiConnect (2055492159). Interrupt it whenever you like: the next run goes on.
    """


@anki.command(cls=QueryCommand)
@QUERY_ARGUMENT
@_shared
def push(
    invocation: Invocation,
    query: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    url: str | None,
    decks: tuple[Path, ...],
) -> int:
    """Take notes to Anki, with all that you learned of them: of all decks, some, or the cards that a query finds.

    Unlike a package, it also changes cards that Anki has. Cards that you answered in Anki since the last pull wait.
    """
    from nlpcards.collection.running_anki import push as do

    with invocation.open(decks) as collection:
        anki = _reached(collection, url)
        pushed = do(collection, anki, selected(collection, query), _progress, write=not dry_run)
    if as_json:
        print_json(_pushed_json(pushed))
    else:
        _say_pushed(pushed, dry_run=dry_run)
    return 0 if pushed.changes else 3


@anki.command()
@_shared
def pull(invocation: Invocation, dry_run: bool, as_json: bool, url: str | None, decks: tuple[Path, ...]) -> int:
    """Bring back what you did in Anki: each review once, whichever way it comes, and what you suspended or flagged."""
    from nlpcards.collection.running_anki import pull as do

    with invocation.open(decks) as collection:
        brought = do(collection, _reached(collection, url), _progress, write=not dry_run)
    if as_json:
        print_json(_brought_json(brought))
    else:
        _say_brought(brought, dry_run=dry_run)
    return 0 if brought.changes else 3


@anki.command(cls=QueryCommand)
@QUERY_ARGUMENT
@_shared
def sync(
    invocation: Invocation,
    query: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    url: str | None,
    decks: tuple[Path, ...],
) -> int:
    """Pull, then push; a query says what is pushed."""
    from nlpcards.collection.running_anki import sync as do

    with invocation.open(decks) as collection:
        anki = _reached(collection, url)
        synced = do(collection, anki, selected(collection, query), _progress, write=not dry_run)
    pulled, pushed = synced.pulled, synced.pushed
    if as_json:
        print_json({"pulled": None if pulled is None else _brought_json(pulled), "pushed": _pushed_json(pushed)})
    else:
        if pulled is not None:
            _say_brought(pulled, dry_run=dry_run)
        _say_pushed(pushed, dry_run=dry_run)
    return 0 if pushed.changes or (pulled is not None and pulled.changes) else 3


def _reached(collection: Collection, url: str | None) -> AnkiConnect:
    from nlpcards.anki.connect.client import URL, AnkiConnect

    return AnkiConnect(url or URL, collection.taste.anki_key)


def _progress(what: str, done: int, total: int) -> None:
    if total >= 200 and (done % 50 == 0 or done == total) and sys.stderr.isatty():
        say_progress(f"{count(done, what)} of {total:,}", last=done == total)


def _brought_json(found: Brought) -> dict[str, object]:
    return {
        "reviews": found.reviews,
        "known": found.known,
        "exported": found.ours,
        "rescheduled": found.rescheduled,
        "suspended": found.suspended,
        "flagged": found.flagged,
        "buried": found.buried,
        "cards": found.cards,
        "elsewhere": found.elsewhere,
        "passed_over": found.passed_over,
        "rollover": found.rollover,
    }


def signs_in_words(found: Brought) -> list[str]:
    """What was set in Anki on cards, or taken off them, in words; the same of what was taken and of what would be."""
    return [
        f"{count(number, 'card')} {what}"
        for number, what in (
            (found.suspended, "suspended or unsuspended"),
            (found.flagged, "flagged or unflagged"),
            (found.buried, "buried"),
        )
        if number
    ]


def _pushed_json(pushed: Pushed) -> dict[str, object]:
    return asdict(pushed) | {"missing": [str(each) for each in pushed.missing]}


def _say_brought(found: Brought, *, dry_run: bool) -> None:
    to = "to take" if dry_run else "taken"
    parts = [f"{count(found.reviews, 'review')} {to}"] if found.reviews else []
    if found.rescheduled:
        parts.append(f"{count(found.rescheduled, 'due day')} {to}")
    parts += signs_in_words(found)
    if found.known:
        parts.append(f"{count(found.known, 'review')} here already")
    say(f"From Anki: {', '.join(parts) or 'nothing new'}.")
    if found.reviews:
        say(f"AnkiConnect does not say when Anki's days begin; {found.rollover:02}:00 was taken, as here.")


def _say_pushed(pushed: Pushed, *, dry_run: bool) -> None:
    for missing in pushed.missing:
        say(str(missing))
    for number, thing, why in (
        (pushed.edited, "note", "changed in Anki since, whose text stays"),
        (
            pushed.foreign,
            "note",
            "of a note type of Anki's own that has no place for the change here; the text there stays",
        ),
        (pushed.behind, "card", "with answers in Anki that are not here yet: `nlpcards anki pull` brings them"),
        (pushed.borrowed, "card", "in a filtered deck, whose schedule stays until it is back"),
        (pushed.gone, "note", "in Anki that no deck here has now; they stay there"),
        (pushed.meanwhile, "card", "changed in Anki while this ran, and left as it is there until the next push"),
        (pushed.crowded_out, "row", "of the review log without room beside others of one instant"),
        (
            pushed.held_back,
            "row",
            "of the review log, of what you did under a clock that was ahead, held back until the time that it showed",
        ),
    ):
        if number:
            say(f"{count(number, thing)} {why}.")
    parts = [
        f"{count(number, thing)}{words}"
        for number, thing, words in (
            (pushed.added, "note", " added"),
            (pushed.updated, "note", " changed"),
            (pushed.note_types, "note type", " restyled"),
            (pushed.media, "picture", ""),
            (pushed.reviews, "review", ""),
            (pushed.schedules, "schedule", ""),
        )
        if number
    ]
    say(f"{'Would go to Anki' if dry_run else 'To Anki'}: {', '.join(parts) or 'nothing new'}.")
