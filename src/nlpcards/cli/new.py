"""`new deck` and `new note`: well-formed text to go on from, in the editor or straight from options."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from nlpcards.cli.context import DECKS_OPTION, Invocation, put, say
from nlpcards.cli.prose import columns, wrapped
from nlpcards.core.errors import NlpcardsError, UsageError
from nlpcards.core.kinds import KINDS, Texts
from nlpcards.core.markup.safe import visible

if TYPE_CHECKING:
    from nlpcards.collection.authoring import Wanted
    from nlpcards.collection.collection import Collection
    from nlpcards.collection.editing import Opened

_F = TypeVar("_F", bound=Callable[..., Any])

_MEANINGS: Mapping[str, str] = {
    "q": "The question.",
    "a": "Its answer.",
    "term": "A term to define and to name.",
    "definition": "What the term means.",
    "cloze": "A text with spans to fill in, as in 'a {{c1::forget}} gate'.",
    "typed": "The answer that is typed to --q.",
    "explain": "Something to explain in one's own words.",
    "point": "A point that a good explanation makes; may be repeated.",
    "why": "The reason, shown under the answer.",
    "cite": "A key of the deck's sources and the place in it.",
    "tag": "A tag; may be repeated.",
}
_MANY = {"point": "points", "tag": "tags"}
"""Options that may be repeated, with the keys of a deck file that they are for."""


def _note_options(command: _F) -> _F:
    for name, meaning in reversed(list(_MEANINGS.items())):
        command = click.option(f"--{name}", multiple=name in _MANY, help=meaning, metavar="TEXT")(command)
    command = click.option("--both", is_flag=True, help="Ask the answer for its question too.")(command)
    kind = click.option("--kind", type=click.Choice(list(KINDS)), help="The kind of the note.")
    edit = click.option("--no-edit", is_flag=True, help="Write it as it is, and open no editor.")
    return edit(kind(command))


@click.group()
def new() -> None:
    """Begin a deck or a note."""


@new.command()
@click.argument("name", metavar="[ID]", required=False)
@click.option("--title", metavar="TEXT", help="What lists show.")
@click.option("--topic", metavar="ID", help="The roadmap topic of its notes.")
@click.option("--in", "folder", type=click.Path(path_type=Path, file_okay=False), help="The folder to put it into.")
@_note_options
@DECKS_OPTION
@click.pass_obj
def deck(
    invocation: Invocation,
    /,
    name: str | None,
    title: str | None,
    topic: str | None,
    folder: Path | None,
    kind: str | None,
    no_edit: bool,
    decks: tuple[Path, ...],
    **said: Any,
) -> int:
    """Begin a deck: a file with its head and a first note, or an example of one to write over.

    It goes into your own decks folder (`nlpcards decks` says where that is), or into the one that --in or --decks
    names. What is missing is asked for; without a terminal nothing is, and no editor is opened.
    """
    with invocation.open(decks) as collection:
        from nlpcards.collection import authoring
        from nlpcards.collection.editing import Opened
        from nlpcards.decks.keys import slug_of

        asking = sys.stdin.isatty()
        words = _words(said)
        title = title or _ask("Title", "a deck has a title", "--title", asking=asking)
        where = authoring.folder_for(collection, folder)
        name = name or _asked_id(slug_of(title), lambda each: authoring.check_new_deck(collection, each, where), asking)
        path = authoring.check_new_deck(collection, name, where)
        if topic:
            authoring.check_topic(topic)
        if asking and not no_edit:
            if topic is None:
                topic = _asked_until(
                    "Topic (lower-case letters, digits, hyphens; may be empty)", "", authoring.check_topic
                )
            kind = kind or (None if words else _asked_kind())
        wanted = _wanted(kind or authoring.kind_of(words) or "basic", words, asking=asking, begun=bool(words))
        opened = authoring.new_deck(path, name, title, topic or "", wanted)
        _write(collection, opened)
        if folder is not None and not any(map(folder.resolve().is_relative_to, _read_from(collection))):
            say(f"That folder is not among those read; name it with --decks {folder}.")
        if no_edit or not asking:
            return 0
        from nlpcards.cli.edit import edit_until_sound

        return edit_until_sound(collection, Opened(opened.path, opened.line))


@new.command()
@click.argument("deck", metavar="DECK")
@click.option("--id", "note_id", metavar="ID", help="The note's id; by default the first words of what it asks.")
@_note_options
@DECKS_OPTION
@click.pass_obj
def note(
    invocation: Invocation,
    /,
    deck: str,
    note_id: str | None,
    kind: str | None,
    no_edit: bool,
    decks: tuple[Path, ...],
    **said: Any,
) -> int:
    """Add a note at the end of a deck; all else in its file stays as it is, to the byte.

    A note for a bundled deck goes into a file of your own that extends it. What is missing is asked for; without a
    terminal nothing is, and no editor is opened.
    """
    with invocation.open(decks) as collection:
        from nlpcards.cli.edit import edit_until_sound
        from nlpcards.collection import authoring
        from nlpcards.collection.editing import Opened

        asking = sys.stdin.isatty()
        words = _words(said)
        kind = kind or authoring.kind_of(words)
        if not kind:
            if not asking:
                raise UsageError(
                    "a note asks something", remedy='Give it --q "…" --a "…", or another kind with --kind.'
                )
            kind = _asked_kind()
        wanted = _wanted(kind, words, asking=asking, begun=True)
        if note_id:
            wanted = authoring.Wanted(wanted.kind, {"id": note_id, **wanted.words})
        opened = authoring.new_note(collection, deck, wanted)
        if any(key in KINDS[kind].keys for key in wanted.words):
            _write(collection, opened)
            opened = Opened(opened.path, opened.line)
        elif no_edit or not asking:
            raise UsageError(
                f"a note of the kind {kind} is written in the editor",
                remedy=f"Leave --no-edit out, and run it in a terminal: `nlpcards new note {deck} --kind {kind}`.",
            )
        if no_edit or not asking:
            return 0
        return edit_until_sound(collection, opened)


def _words(said: Mapping[str, Any]) -> dict[str, str | tuple[str, ...] | bool]:
    """The options given, by the keys of a deck file."""
    return {_MANY.get(name, name): value for name, value in said.items() if value}


def _wanted(kind: str, words: Mapping[str, Any], *, asking: bool, begun: bool) -> Wanted:
    """What was said of a note; what its kind needs and was not said is asked for, where a note is begun at all."""
    from nlpcards.collection.authoring import Wanted, required

    own = KINDS[kind].keys
    foreign = [name for name in words if name not in own and any(name in other.keys for other in KINDS.values())]
    if foreign:
        raise UsageError(
            f"a note of the kind {kind} has no --{_option(foreign[0])}", remedy=f"It has {', '.join(own)}."
        )
    words = dict(words)
    if begun and (asking or any(name in own for name in words)):
        for name in required(kind):
            if name in words:
                continue
            option = _option(name)
            label = _MEANINGS[option].split(";")[0].rstrip(".")
            first = _ask(label, f"a note of the kind {kind} needs --{option}", f"--{option}", asking=asking)
            words[name] = (first, *_more(label)) if isinstance(own[name], Texts) else first
    elif begun and required(kind):
        names = " ".join(f'--{_option(name)} "…"' for name in required(kind))
        raise UsageError(f"a note of the kind {kind} asks something", remedy=f"Give it {names}.")
    return Wanted(kind, words)


def _option(key: str) -> str:
    """The option for a key of a deck file."""
    return next((option for option, name in _MANY.items() if name == key), key)


def _ask(label: str, missing: str, option: str, *, asking: bool) -> str:
    if not asking:
        raise UsageError(missing, remedy=f'Give it with {option} "…".')
    answer: str = click.prompt(label, err=True)
    return answer.strip()


def _more(label: str) -> list[str]:
    found = []
    while answer := click.prompt(f"{label} (empty to end)", default="", show_default=False, err=True).strip():
        found.append(answer)
    return found


def _asked_until(label: str, default: str | None, check: Callable[[str], object]) -> str:
    """An answer for which a check raises nothing; what is wrong with any other is said, and it is asked again."""

    def read(answer: str) -> str:
        answer = answer.strip()
        try:
            check(answer)
        except NlpcardsError as error:
            # click says "Error: " before it.
            raise click.UsageError(wrapped(visible(f"Error: {error}"), columns()).removeprefix("Error: ")) from None
        return answer

    shown = bool(default)
    return str(click.prompt(label, default=default, show_default=shown, value_proc=read, err=True))


def _asked_id(suggestion: str, check: Callable[[str], object], asking: bool) -> str:
    if not asking:
        if not suggestion:
            raise UsageError("a deck has an id", remedy="Give it: `nlpcards new deck my-deck`.")
        return suggestion
    return _asked_until("Id", suggestion or None, check)


def _asked_kind() -> str:
    usual = "basic"
    # click would add the choices to one line, and its own end to the last.
    label = wrapped(f"Kind of note ({', '.join(KINDS)})", columns() - len(f" [{usual}]: "))
    kind: str = click.prompt(label, type=click.Choice(list(KINDS)), show_choices=False, default=usual, err=True)
    return kind


def _write(collection: Collection, opened: Opened) -> None:
    from nlpcards.collection.authoring import check_draft
    from nlpcards.collection.editing import put as put_in_place

    check_draft(collection, opened)
    assert opened.draft is not None
    opened.path.parent.mkdir(parents=True, exist_ok=True)
    put_in_place(opened, opened.draft)
    put(f"{opened.path}:{opened.line}")
    collection.reload()


def _read_from(collection: Collection) -> list[Path]:
    """The folders from which decks are read."""
    return [place.resolve() for place in collection.places or collection.home.deck_places()]
