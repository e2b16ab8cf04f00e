"""Drafts put into deck files: new ones, or at the end of those that are there; what stands there is never changed."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nlpcards.core.errors import NlpcardsError, NothingToDo, UsageError, reason_of
from nlpcards.decks.files import MAXIMUM_BYTES
from nlpcards.decks.importing.naming import DeckIds, title_of
from nlpcards.decks.importing.pictures import FilesBelow, Pictures, copy_all, remove
from nlpcards.decks.importing.result import Draft, Placed, Reading, Report, Skipped
from nlpcards.decks.importing.targets import Target, fill, read_old, sound_text
from nlpcards.decks.keys import SLUG, slug_of
from nlpcards.decks.places import deck_file_name
from nlpcards.decks.saving import Change, saved
from nlpcards.decks.writing import write_note

MOST_NOTES = 15_000
"""How many notes a deck of a package gets before a further one is begun: half of what a deck may have."""

_MOST_BYTES = MAXIMUM_BYTES * 7 // 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where an import is to go: the folder, and the deck's id and title, both empty where the file says.

    `by_title` gives for the titles of decks that came before the ids under which they are here. With `finds_room`, a
    deck whose id is another one's gets a number, and one that would be too large is parted; without, both are errors.
    """

    into: Path
    deck: str = ""
    title: str = ""
    by_title: Mapping[str, str] | None = None
    finds_room: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """An import that is thought through to the end and not yet begun: what it will come to, and how to do it."""

    report: Report
    into: Path
    _changes: tuple[Change, ...]
    _copies: Mapping[Path, Path]

    @contextmanager
    def written(self) -> Iterator[None]:
        """Write all deck files and media, then do what stands in the `with`; where that fails, all is as it was.

        Raises:
            NlpcardsError: a file cannot be written; nothing is changed then.
        """
        done = False
        made: list[Path] = []
        try:
            for change in self._changes:
                change.path.parent.mkdir(parents=True, exist_ok=True)
            made = copy_all(self._copies, self.into)
            with saved(self._changes):
                yield
            done = True
        except OSError as error:
            raise _unwritten(error, self.into) from None
        finally:
            if not done:
                remove(made)


def import_reading(
    reading: Reading, path: Path, wanted: Wanted, taken: Mapping[str, Path], *, write: bool = True
) -> Report:
    """Put the notes of a file that was read into decks, and say what became of each row.

    `path` is the file's own; `taken` are the files of the decks that the learner has, by the decks' ids. Notes that a
    deck has already are left as they are. All is written or, where anything fails, nothing; without `write`, nothing.

    Raises:
        UsageError: the id of a deck is no id, or belongs to a deck in another folder.
        DeckErrors: a deck that notes are to be added to has errors.
        NothingToDo: the file has no note, and nothing else that could not be carried.
        NlpcardsError: a deck would be too large, or a file cannot be written.
    """
    if not reading.drafts and not reading.skipped:
        raise NothingToDo("there is no card in it", place=str(path), remedy="See docs/importing.md for the formats.")
    pictures = Pictures(FilesBelow(path.parent), path.parent)
    prepared = prepare(reading, path, wanted, taken, pictures, look_for_media=write)
    if write:
        with prepared.written():
            pass
    return prepared.report


def prepare(
    reading: Reading,
    path: Path,
    wanted: Wanted,
    taken: Mapping[str, Path],
    pictures: Pictures,
    *,
    look_for_media: bool = True,
    reserved: Container[str] = frozenset(),
    claimed: Container[str] = frozenset(),
) -> Prepared:
    """Think an import through, as `import_reading` does it. Nothing stays changed.

    `pictures` finds the media that texts name. With `look_for_media` these are in their places while the decks are
    read. `reserved` and `claimed` as for `targets.fill`.

    Raises:
        UsageError, DeckErrors, NlpcardsError: as `import_reading`.
    """
    if wanted.deck and not SLUG.fullmatch(wanted.deck):
        near = slug_of(wanted.deck)
        raise UsageError(
            f"`{wanted.deck}` is no id for a deck",
            place="--deck",
            remedy="Ids are lower-case letters, digits and hyphens" + (f", as in `{near}`." if near else "."),
        )
    skipped = list(reading.skipped)
    names = _Names(reading, path, wanted, taken)
    targets: list[Target] = []
    for target, drafts in names.targets():
        placed = [pictures.place(draft, target.id, target.path.parent) for draft in drafts]
        fill(target, placed, skipped, reserved=reserved, claimed=claimed)
        targets += [target, *names.parted(target)] if wanted.finds_room else [target]
    kept = {
        each.line: tuple(place.as_posix() for place in pictures.keep(each, names.id_of(each.deck), wanted.into))
        for each in reading.kept
    }
    skipped += pictures.missing
    changes = _changes(targets, skipped, pictures, wanted.into, look_for_media=look_for_media)
    full = [target for target in targets if target.found]
    placed_drafts: dict[int, Placed] = {}
    for target in targets:
        placed_drafts |= target.placed()
    copies = {
        place: file
        for place, file in (_used(pictures, full) | _kept(pictures, kept)).items()
        if not (wanted.into / place).exists()
    }
    new = [each for each in placed_drafts.values() if each.is_new]
    report = Report(
        notes=len(new),
        cards=sum(len(each.keys) for each in new),
        known=sum(len(target.known) for target in targets),
        files=tuple(str(target.path) for target in full),
        media=len(copies),
        skipped=tuple(sorted(skipped, key=lambda each: each.line)),
        remarks=reading.remarks,
        decks={target.id: len(target.found) for target in full},
        placed=placed_drafts,
        kept=kept,
    )
    return Prepared(report, wanted.into, tuple(changes), copies)


def _changes(
    targets: Sequence[Target], skipped: list[Skipped], pictures: Pictures, into: Path, *, look_for_media: bool
) -> list[Change]:
    """The texts of the decks, read as the files that they will be, with their media in place for that long."""
    full = [target for target in targets if target.found]
    made: list[Path] = []
    folders: list[Path] = []
    try:
        if look_for_media:
            for target in full:
                folders += _make_folder(target.path.parent)
            made = copy_all(_used(pictures, full), into)
        texts = [(target, sound_text(target, skipped, folder=look_for_media)) for target in full]
    except OSError as error:
        raise _unwritten(error, into) from None
    finally:
        remove(made)
        for folder in reversed(folders):
            try:
                folder.rmdir()
            except OSError:
                break
    return [Change(target.path, target.before, text.encode()) for target, text in texts if target.found]


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder with those above it; gives those made, outermost first."""
    made: list[Path] = []
    while not folder.exists():
        made.insert(0, folder)
        folder = folder.parent
    for each in made:
        each.mkdir(exist_ok=True)
    if not made and not folder.is_dir():
        folder.mkdir()
    return made


class _Names:
    """Which decks there will be, under which ids."""

    def __init__(self, reading: Reading, path: Path, wanted: Wanted, taken: Mapping[str, Path]) -> None:
        self._reading, self._path, self._wanted, self._taken = reading, path, wanted, taken
        self._ids = DeckIds(self._is_free) if wanted.finds_room else DeckIds()
        self._origins = {draft.origin.deck for draft in reading.drafts if draft.origin}
        self._here = wanted.into.resolve()

    def _is_free(self, name: str) -> bool:
        """Whether no deck has an id, in any folder, nor will have it."""
        return (
            name not in self._taken
            and name not in self._origins
            and not (self._wanted.into / deck_file_name(name)).exists()
        )

    def id_of(self, title: str) -> str:
        """The id of the deck with a title; an empty one stands for the deck that the file makes."""
        known = (self._wanted.by_title or {}).get(title)
        if self._wanted.deck:
            return self._wanted.deck
        return known or self._ids.of(title or self._reading.title or self._path.stem)

    def targets(self) -> Iterator[tuple[Target, list[Draft]]]:
        """The decks that the drafts go to, each with its drafts."""
        own = self._wanted.title or self._reading.title or title_of(self._path.stem)
        by_title: dict[tuple[str, str], list[Draft]] = {}
        for draft in self._reading.drafts:
            origin = draft.origin.deck if draft.origin else ""
            by_title.setdefault((origin, "" if self._wanted.deck and not origin else draft.deck), []).append(draft)
        by_id: dict[str, tuple[Target, list[Draft]]] = {}
        for (origin, title), drafts in by_title.items():
            name = origin or self.id_of(title)
            if name in by_id:
                by_id[name][1].extend(drafts)
                continue
            path = self._taken.get(name, self._wanted.into / deck_file_name(name))
            topic = drafts[0].origin.topic if drafts[0].origin else ""
            by_id[name] = Target(name, title or own, path, topic), drafts
        for target, drafts in by_id.values():
            if target.path.parent.resolve() != self._here:
                raise UsageError(
                    f"the id `{target.id}` belongs to the deck in {target.path} already",
                    place=str(self._path),
                    remedy="Give this deck another one with `--deck ID`, or name the folder of that one with `--into`.",
                )
            read_old(target)
            yield target, drafts

    def parted(self, target: Target) -> list[Target]:
        """Further decks for what a deck has no room for; it keeps the first of its new notes."""
        room = _MOST_BYTES - len(target.text)
        count = len(target.deck.notes) if target.deck else 0
        parts: list[Target] = []
        kept: list[tuple[Draft, dict[str, object]]] = []
        into, number = kept, 1
        for draft, keys in target.found:
            size = len(write_note(keys).encode("utf-8", "surrogatepass")) + 1
            if (size > room or count >= MOST_NOTES) and draft.origin is None:
                number += 1
                while not self._is_free(name := f"{target.id}-{number}"):
                    number += 1
                path = self._wanted.into / deck_file_name(name)
                parts.append(Target(name, f"{target.title} ({number})", path, sources=target.sources))
                into, room, count = parts[-1].found, _MOST_BYTES, 0
            into.append((draft, keys))
            room -= size
            count += 1
        target.found = kept
        return parts


def _used(pictures: Pictures, targets: Sequence[Target]) -> dict[Path, Path]:
    """The media that new notes show."""
    texts = "\n".join(text for target in targets for draft, _ in target.found for text in draft.texts())
    listed: set[str] = set()
    for target in targets:
        for _, keys in target.found:
            named = keys.get("media")
            listed.update(map(str, named if isinstance(named, tuple) else ()))
    return {
        place: path
        for place, path in pictures.copies.items()
        if place.as_posix() in listed or f"]({place.as_posix()})" in texts or f"](<{place.as_posix()}>)" in texts
    }


def _kept(pictures: Pictures, kept: Mapping[int, tuple[str, ...]]) -> dict[Path, Path]:
    return {Path(name): pictures.copies[Path(name)] for names in kept.values() for name in names}


def _unwritten(error: OSError, into: Path) -> NlpcardsError:
    return NlpcardsError(
        f"the deck cannot be written: {reason_of(error)}",
        place=str(error.filename or into),
        remedy="Free some space, change the permissions, or choose another folder with `--into`.",
    )
