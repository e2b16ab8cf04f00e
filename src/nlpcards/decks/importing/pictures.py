"""Pictures and sounds that imported texts name: copied below the deck's folder, or left as text that says their names.

Only files of the import itself are read (those below the folder of the file that is imported, or those that a package
brings), and only such as are pictures, sounds or films: a file from a stranger must not carry others of the learner's
files along.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from nlpcards.core.errors import NlpcardsError, reason_of
from nlpcards.core.markup.source import Kind, regions
from nlpcards.decks.importing.result import Draft, Kept, Skipped

_PICTURE = re.compile(
    r"!\[(?P<alt>(?:[^\[\]\\\n]|\\.|\n(?![ \t]*\n))*)\]"
    r"\((?P<target><[^<>\n]*>|[^()\s<>]*)(?:[ \t]+\"[^\"\n]*\")?[ \t]*\)"
)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
SUFFIXES = frozenset(
    ".png .jpg .jpeg .gif .webp .svg .bmp .avif .tif .tiff .mp3 .ogg .oga .opus .wav .flac .m4a .aac .mp4 .webm .mov "
    ".mkv .avi .3gp .mpg .mpeg .ogv .spx".split()
)
"""The endings of the files that are taken."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_OWN_PATH = re.compile(r"(?:[\w-][\w .-]*/)*[\w-][\w .-]*")

Find = Callable[[str], "Path | str"]
"""Gives the file that a text names, or why it is not to be had, as what follows `the file x`."""


@dataclass(frozen=True, slots=True)
class FilesBelow:
    """Finds the files of a folder and those below it."""

    folder: Path

    def __call__(self, written: str) -> Path | str:
        """The file that a text names, or why it is not to be had."""
        root = self.folder.resolve()
        for name in dict.fromkeys((written, unquote(written))):
            # hashcards writes so what is relative to the folder of all its decks.
            name = name.removeprefix("@/")
            try:
                path = (root / name).resolve()
                if not name or not path.is_relative_to(root):
                    return "is not below the folder of the imported file"
                if path.is_file():
                    return path if path.suffix.lower() in SUFFIXES else "is no picture, sound or film"
            except (OSError, ValueError, RuntimeError):
                continue
        return "is not there"


@dataclass(slots=True)
class Pictures:
    """The media of one import: where they come from, and where each is to go."""

    find: Find
    root: Path
    """The folder whose own folders are to be seen in the copies' paths."""
    copies: dict[Path, Path] = field(default_factory=dict)
    """The files to copy, by their path below the folder of the decks."""
    missing: list[Skipped] = field(default_factory=list)
    _places: dict[tuple[str, Path], Path] = field(default_factory=dict)

    def place(self, draft: Draft, deck: str, into: Path) -> Draft:
        """The draft with its pictures' paths as they will be in a deck whose file is in `into`."""
        if draft.whole is not None:
            return self._place_own(draft, deck, into)
        if not any("![" in text for text in draft.texts()):
            return draft

        def placed(text: str) -> str:
            return self._placed(text, draft.line, lambda written: self._copied(written, deck, into))

        body = {key: placed(value) if isinstance(value, str) else value for key, value in draft.body.items()}
        return replace(draft, body=body, why=placed(draft.why))

    def keep(self, kept: Kept, deck: str, into: Path) -> list[Path]:
        """Have the files of a note copied that no text names; gives where those go that are there."""
        found = [self._copied(name, deck, into) for name in kept.files]
        return [place for place in dict.fromkeys(found) if isinstance(place, Path)]

    def _place_own(self, draft: Draft, deck: str, into: Path) -> Draft:
        """A note that was ours, with its files where its own texts say, unless others stand there."""
        assert draft.whole is not None
        assert draft.origin is not None
        files = draft.origin.files
        moved: dict[str, Path | str] = {}

        def place(written: str) -> Path | str:
            if written not in moved:
                path = self.find(files[written]) if written in files else "is not in the package"
                wanted = Path(written)
                if isinstance(path, str):
                    moved[written] = path
                elif _OWN_PATH.fullmatch(written) and self._takes(wanted, path, into):
                    moved[written] = wanted
                else:
                    moved[written] = self._place_of(path, deck, into)
            return moved[written]

        def placed(value: object) -> object:
            if isinstance(value, str):
                return self._placed(value, draft.line, place) if "![" in value else value
            if isinstance(value, Mapping):
                return {key: placed(each) for key, each in value.items()}
            return tuple(map(placed, value)) if isinstance(value, tuple) else value

        whole = {key: placed(value) for key, value in draft.whole.items()}
        if isinstance(named := whole.get("media"), tuple):
            there = [each for name in named if isinstance(each := place(str(name)), Path)]
            self.missing += [
                Skipped(draft.line, f"the file `{str(name)[:100]}` {why}, so the note no longer names it")
                for name in named
                if isinstance(why := place(str(name)), str)
            ]
            whole["media"] = tuple(each.as_posix() for each in there)
            if not there:
                del whole["media"]
        body = {key: whole[key] for key in draft.body if key in whole}
        return replace(draft, whole=whole, body=body)

    def _placed(self, text: str, line: int, place: Callable[[str], Path | str]) -> str:
        if "![" not in text:
            return text
        found = regions(text)

        def target(picture: re.Match[str]) -> str:
            region = found.at(picture.start())
            if region is not None and region.kind is not Kind.MATHS:
                return picture.group()
            written = picture["target"].strip("<>").strip()
            if _ADDRESS.match(written) and "://" in written:
                return picture.group()
            path = place(written)
            if isinstance(path, str):
                self.missing.append(Skipped(line, f"the file `{written[:100]}` {path}, so its name is shown as text"))
                return f"!\\{picture.group()[1:]}"
            if path.as_posix() == written:
                return picture.group()
            return f"![{picture['alt']}]({path.as_posix()})"

        return _PICTURE.sub(target, text)

    def _copied(self, written: str, deck: str, into: Path) -> Path | str:
        path = self.find(written)
        return path if isinstance(path, str) else self._place_of(path, deck, into)

    def _place_of(self, path: Path, deck: str, into: Path) -> Path:
        """Where a file goes: below a folder with the deck's name, under a name that needs no escape in Markdown."""
        known = self._places.get((deck, path))
        if known is not None:
            return known
        parts = path.relative_to(self.root.resolve()).parts
        safe = [_UNSAFE.sub("-", part).strip("-.") or "file" for part in parts[:-1]]
        stem = _UNSAFE.sub("-", path.stem).strip("-.")[:100] or "file"
        number = 1
        while True:
            name = f"{stem}{f'-{number}' if number > 1 else ''}{path.suffix.lower()}"
            place = Path(deck, *safe, name)
            if self._takes(place, path, into):
                self._places[deck, path] = place
                return place
            number += 1

    def _takes(self, place: Path, path: Path, into: Path) -> bool:
        """Have a file copied to a place, if that is free."""
        if self.copies.get(place, path) != path or not _is_free(into / place, path):
            return False
        self.copies[place] = path
        return True


def _is_free(place: Path, path: Path) -> bool:
    """Whether a file can go to a place: nothing is there, or the very same."""
    try:
        if not os.path.lexists(place):
            return True
        return (
            place.is_file() and place.stat().st_size == path.stat().st_size and place.read_bytes() == path.read_bytes()
        )
    except OSError:
        return False


def copy_all(copies: Mapping[Path, Path], into: Path) -> list[Path]:
    """Copy files to their places below a folder; gives the new ones.

    Raises:
        NlpcardsError: one cannot be copied; those copied before it are gone again.
    """
    made: list[Path] = []
    try:
        for place, path in copies.items():
            to = into / place
            if os.path.lexists(to):
                continue
            to.parent.mkdir(parents=True, exist_ok=True)
            if not to.parent.resolve().is_relative_to(into.resolve()):
                raise OSError(None, "its folder is a link that leads elsewhere", str(to))
            number, draft = tempfile.mkstemp(prefix=f".{to.name}.", dir=to.parent)
            try:
                with open(number, "wb") as file, open(path, "rb") as source:
                    shutil.copyfileobj(source, file)
                os.chmod(draft, 0o644)
                os.replace(draft, to)
            except BaseException:
                with suppress(OSError):
                    os.unlink(draft)
                raise
            made.append(to)
    except OSError as error:
        remove(made)
        raise NlpcardsError(
            f"a file cannot be copied: {reason_of(error)}",
            place=str(error.filename or into),
            remedy="Free some space, or change the permissions; nothing was imported.",
        ) from None
    return made


def remove(made: list[Path]) -> None:
    """Remove files that were copied for a deck that could not be written."""
    for path in made:
        with suppress(OSError):
            path.unlink()
            path.parent.rmdir()
