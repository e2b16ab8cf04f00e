"""Drafts put into deck files: new ones, or at the end of those that are there; what stands there is never changed."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from nlpcards.core.cards import Deck, Note
from nlpcards.core.errors import DeckErrors, NlpcardsError, NothingToDo, UsageError
from nlpcards.decks.files import MAXIMUM_BYTES, Content, Stamp, decode, read_content
from nlpcards.decks.formatting_files import replace_file
from nlpcards.decks.importing.naming import DeckIds, Ids, asked, title_of
from nlpcards.decks.importing.pictures import Pictures, copy_all, remove
from nlpcards.decks.importing.result import Draft, Reading, Report, Skipped
from nlpcards.decks.keys import SLUG, slug_of
from nlpcards.decks.reader import DeckFile, read_deck, read_text
from nlpcards.decks.writing import write_deck, write_entry, write_note

_NOTES = re.compile(r"^notes:[ \t]*(?:\[\][ \t]*)?(?=#|$)", re.MULTILINE)
_SOURCES = re.compile(r"^sources:[ \t]*(?:#.*)?\n(?P<indent> *)(?=[^\s#])", re.MULTILINE)
_FIRST_NOTE = re.compile(r"^(?P<indent> *)- ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where an import is to go: the folder, and the deck's id and title, both empty where the file says."""

    into: Path
    deck: str = ""
    title: str = ""


@dataclass(slots=True)
class _Target:
    """A deck that notes go to, with the file that it has already, if any."""

    id: str
    title: str
    path: Path
    old: DeckFile | None = None
    text: str = ""
    stamp: Stamp | None = None
    found: list[tuple[Draft, dict[str, object]]] = field(default_factory=list)
    """The new notes, as drafts and as they are written."""
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    """The new sources by their keys."""

    @property
    def deck(self) -> Deck | None:
        return self.old.deck if self.old else None


def import_reading(
    reading: Reading, path: Path, wanted: Wanted, taken: Mapping[str, Path], *, write: bool = True
) -> Report:
    """Put the notes of a file that was read into decks, and say what became of each row.

    `path` is the file's own; `taken` are the files of the decks that the learner has, by the decks' ids. Notes that a
    deck has already are left as they are. Each file is written whole or not at all; without `write`, none is.

    Raises:
        UsageError: the id of a deck is no id, or belongs to a deck in another folder.
        DeckErrors: a deck that notes are to be added to has errors.
        NothingToDo: the file has no note, and nothing else that could not be carried.
        NlpcardsError: a deck would be too large, or a file cannot be written.
    """
    if wanted.deck and not SLUG.fullmatch(wanted.deck):
        near = slug_of(wanted.deck)
        raise UsageError(
            f"`{wanted.deck}` is no id for a deck",
            place="--deck",
            remedy="Ids are lower-case letters, digits and hyphens" + (f", as in `{near}`." if near else "."),
        )
    if not reading.drafts and not reading.skipped:
        raise NothingToDo("there is no card in it", place=str(path), remedy="See docs/importing.md for the formats.")
    skipped = list(reading.skipped)
    pictures = Pictures(path.parent)
    known = 0
    targets = _targets(reading, path, wanted, taken)
    for target, drafts in targets:
        known += _fill(target, [pictures.place(draft, target.id, target.path.parent) for draft in drafts], skipped)
    skipped += pictures.missing
    full = [target for target, _ in targets if target.found]
    made: list[Path] = []
    done = False
    try:
        if write:
            for target in full:
                target.path.parent.mkdir(parents=True, exist_ok=True)
            made = copy_all(_used(pictures, full), wanted.into)
        written = [(target, _sound_text(target, skipped, folder=write)) for target in full]
        if write:
            used = {wanted.into / place for place in _used(pictures, full)}
            remove([path for path in made if path not in used])
            for target, text in written:
                if target.found:
                    _write(target, text)
                    done = True
    except OSError as error:
        raise NlpcardsError(
            f"the deck cannot be written: {(error.strerror or str(error)).lower()}",
            place=str(error.filename or wanted.into),
            remedy="Free some space, change the permissions, or choose another folder with `--into`.",
        ) from None
    finally:
        if not done:
            remove(made)
    full = [target for target in full if target.found]
    cards = {target.id: _cards(target, text) for target, text in written if target.found}
    return Report(
        notes=sum(len(target.found) for target in full),
        cards=sum(cards.values()),
        known=known,
        files=tuple(str(target.path) for target in full),
        media=len(_used(pictures, full)),
        skipped=tuple(sorted(skipped, key=lambda each: each.line)),
        remarks=reading.remarks,
        decks={target.id: len(target.found) for target in full},
    )


def _targets(
    reading: Reading, path: Path, wanted: Wanted, taken: Mapping[str, Path]
) -> list[tuple[_Target, list[Draft]]]:
    """The decks that the drafts go to, each with its drafts."""
    ids = DeckIds()
    own = wanted.title or reading.title or title_of(path.stem)
    by_title: dict[str, list[Draft]] = {}
    for draft in reading.drafts:
        by_title.setdefault("" if wanted.deck else draft.deck, []).append(draft)
    targets = []
    for title, drafts in by_title.items():
        if title:
            name = ids.of(title)
        else:
            name = wanted.deck or ids.of(reading.title or path.stem)
        target = _Target(name, title or own, taken.get(name, wanted.into / f"{name}.yaml"))
        if target.path.parent.resolve() != wanted.into.resolve():
            raise UsageError(
                f"the id `{name}` belongs to the deck in {target.path} already",
                place=str(path),
                remedy="Give this deck another one with `--deck ID`, or name the folder of that one with `--into`.",
            )
        _read_old(target)
        targets.append((target, drafts))
    return targets


def _read_old(target: _Target) -> None:
    """Read the file that a deck has already.

    Raises:
        DeckErrors, NlpcardsError: notes cannot be added to it.
    """
    if not os.path.lexists(target.path):
        return
    content = read_content(target.path)
    if not isinstance(content, Content):
        raise DeckErrors(content.message, place=str(target.path), remedy=content.hint)
    old = read_deck(target.path)
    error = next((problem for problem in old.problems if problem.is_error), None)
    if error is not None or old.deck is None:
        place = f"{target.path}:{error.line}:{error.column}" if error else str(target.path)
        raise DeckErrors(
            f"the deck that is there has an error: {error.message}" if error else "the file that is there is no deck",
            place=place,
            remedy="Mend it first, or choose another deck with `--deck ID`. Nothing was changed.",
        )
    if old.deck.id != target.id or old.extends:
        what = f"changes the deck `{old.deck.id}`" if old.extends else f"has the deck `{old.deck.id}`"
        raise UsageError(
            f"the file that is there {what}",
            place=str(target.path),
            remedy="Choose another id with `--deck ID`, or another folder with `--into`.",
        )
    target.old, target.text, target.stamp = old, decode(content.data), content.stamp


def _fill(target: _Target, drafts: Iterable[Draft], skipped: list[Skipped]) -> int:
    """Put the drafts that are new into a deck; gives how many are there already."""
    notes = target.deck.notes if target.deck else ()
    by_id: dict[str, Mapping[str, object]] = {note.id: _own(note) for note in notes}
    by_question: dict[str, list[Mapping[str, object]]] = {}
    for note in notes:
        by_question.setdefault(note.body.identity, []).append(_own(note))
    ids = Ids({*by_id, *(draft.id for draft in drafts if draft.id)})
    sources = {source.title: key for key, source in target.deck.sources.items()} if target.deck else {}
    keys = Ids(sources.values())
    fresh: dict[str, int] = {}
    known = 0
    for draft in drafts:
        body = _plain(draft.body)
        frame = repr(sorted(body.items()))
        there = by_id.get(draft.id) if draft.id else None
        same_question = by_question.get(_question(draft), [])
        if there == body or body in same_question:
            known += 1
        elif there is not None:
            reason = f"the deck has a note `{draft.id}` that says something else, which was left as it is"
            skipped.append(Skipped(draft.line, reason))
        elif same_question and not draft.id:
            reason = "the deck asks this already, with another answer, which was left as it is"
            skipped.append(Skipped(draft.line, reason))
        elif (first := fresh.get(f"id {draft.id}" if draft.id else frame)) is not None:
            what = f"has the id `{draft.id}` of" if draft.id else "says the same as"
            skipped.append(Skipped(draft.line, f"it {what} line {first}"))
        else:
            fresh[f"id {draft.id}" if draft.id else frame] = draft.line
            target.found.append((draft, _keys(draft, ids, keys, sources, target)))
    return known


def _keys(draft: Draft, ids: Ids, keys: Ids, sources: dict[str, str], target: _Target) -> dict[str, object]:
    """A draft as the keys of a note."""
    written: dict[str, object] = {"id": draft.id or ids.give(asked(draft)), **draft.body}
    if draft.why:
        written["why"] = draft.why
    if draft.source:
        key = sources.get(draft.source)
        if key is None:
            key = sources[draft.source] = keys.give(draft.source)
            target.sources[key] = {"title": draft.source}
            if re.fullmatch(r"https?://\S+", draft.source):
                target.sources[key]["url"] = draft.source
        written["cite"] = key
    if draft.tags:
        written["tags"] = draft.tags
    if SLUG.fullmatch(draft.topic):
        written["topic"] = draft.topic
    return written


def _own(note: Note) -> dict[str, object]:
    return _plain(note.body.written())


def _plain(body: Mapping[str, object]) -> dict[str, object]:
    """The keys of a kind without the white space at their texts' ends, which no deck keeps."""
    return {key: value.rstrip() if isinstance(value, str) else value for key, value in body.items()}


def _question(draft: Draft) -> str:
    return str(draft.body.get("q") or draft.body.get("term") or draft.body.get("cloze", "")).rstrip()


def _used(pictures: Pictures, targets: Sequence[_Target]) -> dict[Path, Path]:
    """The media that new notes show."""
    texts = "\n".join(text for target in targets for draft, _ in target.found for text in draft.texts().values())
    return {place: path for place, path in pictures.copies.items() if f"]({place.as_posix()})" in texts}


def _sound_text(target: _Target, skipped: list[Skipped], *, folder: bool) -> str:
    """The deck's text, with the notes left out that the reader of decks finds errors in.

    With `folder`, it is read as a file in its place, so that its media are looked for.

    Raises:
        NlpcardsError: it is too large, or notes cannot be added to the file that is there.
    """
    while True:
        text = _text(target)
        size = len(text.encode())
        if size > MAXIMUM_BYTES:
            raise NlpcardsError(
                f"the deck would have {size / 2**20:.1f} MiB, more than the {MAXIMUM_BYTES // 2**20} that one may have",
                place=str(target.path),
                remedy="Split the file and import each part into a deck of its own (`--deck ID`). Nothing was written.",
            )
        read = _as_file(target.path, text) if folder else read_text(text, str(target.path))
        errors = [problem for problem in read.problems if problem.is_error]
        if not errors:
            _confirm(target, read)
            return text
        places = {full.split("/", 1)[1]: place.line for full, place in read.broken.items()}
        broken = [(draft, keys) for draft, keys in target.found if keys["id"] in places]
        if not broken:
            first = errors[0]
            raise NlpcardsError(
                f"the deck would not be sound: {first.message}",
                place=str(target.path),
                remedy="Import fewer rows at a time, each file into a deck of its own (`--deck`). Nothing was written.",
            )
        for draft, keys in broken:
            line = places[str(keys["id"])]
            why = next((each for each in errors if each.line >= line), errors[0])
            skipped.append(Skipped(draft.line, why.message))
        gone = {id(draft) for draft, _ in broken}
        target.found = [(draft, keys) for draft, keys in target.found if id(draft) not in gone]
        if not target.found:
            return ""


def _as_file(path: Path, text: str) -> DeckFile:
    """A text read as the file at a path would be, from a hidden one beside it."""
    number, draft = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    try:
        with open(number, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return read_deck(Path(draft))
    finally:
        os.unlink(draft)


def _text(target: _Target) -> str:
    notes = [keys for _, keys in target.found]
    cited = {str(keys["cite"]) for keys in notes if "cite" in keys}
    sources = {key: said for key, said in target.sources.items() if key in cited}
    if target.old is None:
        head: dict[str, object] = {"deck": target.id, "title": target.title}
        if sources:
            head["sources"] = sources
        return write_deck(head, notes)
    text = target.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n"
    if sources:
        text = _with_sources(text, sources)
    heading = _NOTES.search(text)
    first = _FIRST_NOTE.search(text, heading.end()) if heading else None
    indent = len(first["indent"]) if first else 2
    if heading and "[]" in heading.group():
        rest = text[heading.end() :]
        text = f"{text[: heading.start()]}notes:{' ' if rest[0] == '#' else ''}{rest}"
    gap = "\n" if first and "\n\n" in text[first.start() :] else ""
    return text + "".join(f"{gap if first or at else ''}{write_note(keys, indent)}" for at, keys in enumerate(notes))


def _with_sources(text: str, sources: Mapping[str, Mapping[str, str]]) -> str:
    """A deck's text with more sources, before those that it has or before its notes."""
    there = _SOURCES.search(text)
    indent = len(there["indent"]) if there else 2
    lines = [line for key, said in sources.items() for line in write_entry(key, said, indent, quotes=True)]
    added = "".join(f"{line}\n" for line in lines)
    if there:
        at = there.start("indent")
        return f"{text[:at]}{added}{text[at:]}"
    heading = _NOTES.search(text)
    at = heading.start() if heading else len(text)
    return f"{text[:at]}sources:\n{added}{text[at:]}"


def _confirm(target: _Target, read: DeckFile) -> None:
    """Make sure that a deck has what it had and what was added, and nothing else.

    Raises:
        NlpcardsError: it has not; nothing was written.
    """
    old = target.deck.notes if target.deck else ()
    new = read.deck.notes if read.deck else ()
    same = len(new) == len(old) + len(target.found) and all(
        replace(now, place=was.place) == was for was, now in zip(old, new, strict=False)
    )
    if not same or [note.id for note in new[len(old) :]] != [keys["id"] for _, keys in target.found]:
        raise NlpcardsError(
            "notes cannot be added to the end of the deck that is there",
            place=str(target.path),
            remedy="Run `nlpcards fmt` on it and import again, or choose another deck with `--deck ID`.",
        )


def _cards(target: _Target, text: str) -> int:
    deck = read_text(text, str(target.path)).deck
    fresh = {keys["id"] for _, keys in target.found}
    return sum(len(note.cards()) for note in deck.notes if note.id in fresh) if deck else 0


def _write(target: _Target, text: str) -> None:
    """Put a deck's text into its file, whole.

    Raises:
        OSError, NlpcardsError: it cannot be written, or the file changed meanwhile.
    """
    data = text.encode()
    if target.stamp is not None:
        try:
            replace_file(target.path, data, target.stamp)
        except NlpcardsError as error:
            why = error.message.removeprefix("the formatted deck cannot be written: ").removesuffix(
                " while it was being formatted"
            )
            raise NlpcardsError(
                f"notes cannot be added to the deck: {why}",
                place=str(target.path),
                remedy="Run the command again once nothing else writes it, or mend its permissions; it is as it was.",
            ) from None
        return
    number, draft = tempfile.mkstemp(prefix=f".{target.path.name}.", suffix=".new", dir=target.path.parent)
    try:
        with open(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(number)
        os.chmod(draft, 0o644)
        # Unlike a renaming, a link never takes the place of a file that appeared meanwhile.
        os.link(draft, target.path)
    finally:
        with suppress(OSError):
            os.unlink(draft)
