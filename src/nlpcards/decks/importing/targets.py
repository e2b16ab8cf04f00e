"""A deck that drafts go to: which of them are new there, and the text of its file with those at its end."""

from __future__ import annotations

import os
import re
import tempfile
from bisect import bisect_right
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from nlpcards.core.cards import Deck, Note
from nlpcards.core.errors import DeckErrors, NlpcardsError, UsageError
from nlpcards.decks.files import MAXIMUM_BYTES, Content, decode, read_content
from nlpcards.decks.importing.naming import Ids, asked
from nlpcards.decks.importing.result import Draft, Placed, Skipped
from nlpcards.decks.keys import SLUG
from nlpcards.decks.reader import DeckFile, read_deck, read_text
from nlpcards.decks.writing import IN_HEAD, write_deck, write_entry, write_note

_NOTES = re.compile(r"^notes:[ \t]*(?:\[\][ \t]*)?(?=#|$)", re.MULTILINE)
_SOURCES = re.compile(r"^sources:[ \t]*(?:#.*)?\n(?P<indent> *)(?=[^\s#])", re.MULTILINE)
_FIRST_NOTE = re.compile(r"^(?P<indent> *)- ", re.MULTILINE)


@dataclass(slots=True)
class Target:
    """A deck that notes go to, with the file that it has already, if any. `topic` is for a new one."""

    id: str
    title: str
    path: Path
    topic: str = ""
    old: DeckFile | None = None
    text: str = ""
    before: bytes | None = None
    found: list[tuple[Draft, dict[str, object]]] = field(default_factory=list)
    """The new notes, as drafts and as they are written."""
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    """The new sources by their keys."""
    known: dict[int, Placed] = field(default_factory=dict)
    """The notes that are there already, by the lines of their drafts."""
    read: DeckFile | None = None
    """The deck as it will be, once `sound_text` was asked for."""

    @property
    def deck(self) -> Deck | None:
        """The deck that is there."""
        return self.old.deck if self.old else None

    def placed(self) -> dict[int, Placed]:
        """What became of the drafts, by their lines."""
        new = self.read.deck.notes[-len(self.found) :] if self.found and self.read and self.read.deck else ()
        return self.known | {
            draft.line: Placed(note.full_id, note.body.card_keys(), True)
            for (draft, _), note in zip(self.found, new, strict=True)
        }


def read_old(target: Target) -> None:
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
    target.old, target.text, target.before = old, decode(content.data), content.data


def fill(
    target: Target,
    drafts: Iterable[Draft],
    skipped: list[Skipped],
    *,
    reserved: Container[str] = frozenset(),
    claimed: Container[str] = frozenset(),
) -> None:
    """Put the drafts that are new into a deck.

    `reserved` are full ids that no note may be given, since others were called so; `claimed` those of notes that came
    from elsewhere as another one, so that a draft with an identity is none of these.
    """
    notes = target.deck.notes if target.deck else ()
    by_id = {note.id: note for note in notes}
    by_question: dict[str, list[Note]] = {}
    for note in notes:
        by_question.setdefault(note.body.identity, []).append(note)
    drafts = list(drafts)
    ids = _Ids(target.id, {*by_id, *(draft.id for draft in drafts if draft.id)}, reserved)
    sources = {source.title: key for key, source in target.deck.sources.items()} if target.deck else {}
    keys = Ids(sources.values())
    fresh: dict[str, int] = {}
    matched: set[str] = set()
    for draft in drafts:
        body = _plain(draft.body)
        frame = repr(sorted(body.items()))
        there = by_id.get(draft.id) if draft.id else None
        same_question = by_question.get(_question(draft), [])
        same = [each for each in (there, *same_question) if each is not None and _own(each) == body]
        free = (each for each in same if each.full_id not in claimed and each.full_id not in matched)
        mine = next(free if draft.identity else iter(same), None)
        if mine is not None:
            matched.add(mine.full_id)
            target.known[draft.line] = Placed(mine.full_id, mine.body.card_keys(), False)
        elif same:
            skipped.append(Skipped(draft.line, f"it says the same as the note `{same[0].full_id}`"))
        elif there is not None:
            reason = f"the deck has a note `{draft.id}` that says something else, which was left as it is"
            skipped.append(Skipped(draft.line, reason))
        elif same_question and not draft.id and not draft.identity:
            reason = "the deck asks this already, with another answer, which was left as it is"
            skipped.append(Skipped(draft.line, reason))
        elif (first := fresh.get(f"id {draft.id}" if draft.id else frame)) is not None:
            what = f"has the id `{draft.id}` of" if draft.id else "says the same as"
            skipped.append(Skipped(draft.line, f"it {what} {'another note' if draft.identity else f'line {first}'}"))
        elif clash := _other_source(draft, target):
            skipped.append(Skipped(draft.line, f"the deck here has another source `{clash}`"))
        else:
            fresh[f"id {draft.id}" if draft.id else frame] = draft.line
            target.found.append((draft, _keys(draft, ids, keys, sources, target)))


class _Ids(Ids):
    """Ids for the notes of one deck."""

    def __init__(self, deck: str, taken: Iterable[str], reserved: Container[str]) -> None:
        super().__init__(taken)
        self._deck, self._reserved = deck, reserved

    def give(self, text: str) -> str:
        """A slug that was not given before, and by which no note of this deck was called."""
        while f"{self._deck}/{(name := super().give(text))}" in self._reserved:
            pass
        return name


def _other_source(draft: Draft, target: Target) -> str:
    """The key of a source that a draft brings, under which the deck has another one; empty where there is none."""
    known = target.deck.sources if target.deck else {}
    for key, said in draft.origin.sources.items() if draft.origin else ():
        title = known[key].title if key in known else target.sources.get(key, said).get("title")
        if title != said.get("title"):
            return key
    return ""


def _keys(draft: Draft, ids: Ids, keys: Ids, sources: dict[str, str], target: Target) -> dict[str, object]:
    """A draft as the keys of a note."""
    if draft.whole is not None:
        known = target.deck.sources if target.deck else {}
        for key, said in draft.origin.sources.items() if draft.origin else ():
            if key not in known:
                target.sources.setdefault(key, dict(said))
        whole = dict(draft.whole)
        if whole.get("topic") == (target.deck.topic if target.deck else target.topic):
            whole.pop("topic", None)
        return whole
    written: dict[str, object] = {"id": draft.id or ids.give(asked(draft)), **draft.body}
    if draft.why:
        written["why"] = draft.why
    if draft.source:
        key = sources.get(draft.source, "")
        if not key:
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


def sound_text(target: Target, skipped: list[Skipped], *, folder: bool) -> str:
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
            target.read = read
            return text
        # A mistake lies in the note that begins last before it; the notes of an import begin in the order of drafts.
        old = len(target.deck.notes) if target.deck else 0
        places = sorted(
            [place.line for place in read.broken.values()]
            + [note.place.line for note in (read.deck.notes if read.deck else ())]
        )
        broken: dict[int, str] = {}
        for error in errors:
            at = bisect_right(places, error.line) - 1 - old
            if at >= 0 and len(places) == old + len(target.found):
                broken.setdefault(at, error.message)
        if not broken:
            broken = _by_id(target, read, errors[0].message)
        if not broken:
            raise NlpcardsError(
                f"the deck would not be sound: {errors[0].message}",
                place=str(target.path),
                remedy="Import fewer rows at a time, each file into a deck of its own (`--deck`). Nothing was written.",
            )
        skipped += [Skipped(target.found[at][0].line, message) for at, message in broken.items()]
        target.found = [each for at, each in enumerate(target.found) if at not in broken]
        if not target.found:
            return ""


def _by_id(target: Target, read: DeckFile, message: str) -> dict[int, str]:
    """The notes known to be broken by their ids, where not every note has a place."""
    broken = {full.split("/", 1)[1] for full in read.broken}
    return {at: message for at, (_, keys) in enumerate(target.found) if keys.get("id") in broken}


def _as_file(path: Path, text: str) -> DeckFile:
    """A text read as the file at a path would be, from a hidden one beside it."""
    number, draft = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    try:
        with open(number, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return read_deck(Path(draft))
    finally:
        os.unlink(draft)


def _text(target: Target) -> str:
    notes = [keys for _, keys in target.found]
    cited = {str(keys["cite"]) for draft, keys in target.found if "cite" in keys and draft.whole is None}
    cited |= {key for draft, _ in target.found if draft.origin for key in draft.origin.sources}
    sources = {key: said for key, said in target.sources.items() if key in cited}
    if target.old is None:
        head: dict[str, object] = {"deck": target.id, "title": target.title}
        if target.topic:
            head["topic"] = target.topic
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
    lines = [line for key, said in sources.items() for line in write_entry(key, said, indent, quotes=IN_HEAD)]
    added = "".join(f"{line}\n" for line in lines)
    if there:
        at = there.start("indent")
        return f"{text[:at]}{added}{text[at:]}"
    heading = _NOTES.search(text)
    at = heading.start() if heading else len(text)
    return f"{text[:at]}sources:\n{added}{text[at:]}"


def _confirm(target: Target, read: DeckFile) -> None:
    """Make sure that a deck has what it had and what was added, and nothing else.

    Raises:
        NlpcardsError: it has not; nothing was written.
    """
    old = target.deck.notes if target.deck else ()
    new = read.deck.notes if read.deck else ()
    same = len(new) == len(old) + len(target.found) and all(
        replace(now, place=was.place) == was for was, now in zip(old, new, strict=False)
    )
    if not same or any(
        note.id != keys.get("id", note.id if note.id_is_hash else "")
        for note, (_, keys) in zip(new[len(old) :], target.found, strict=True)
    ):
        raise NlpcardsError(
            "notes cannot be added to the end of the deck that is there",
            place=str(target.path),
            remedy="Run `nlpcards fmt` on it and import again, or choose another deck with `--deck ID`.",
        )
