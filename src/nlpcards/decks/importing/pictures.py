"""Pictures and sounds that imported texts name: copied below the deck's folder, or left as text that says their names.

Only files below the folder of the file that is imported are read, and only such as are pictures, sounds or films: a
file from a stranger must not carry others of the learner's files along.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from nlpcards.core.errors import NlpcardsError
from nlpcards.core.markup.source import Kind, regions
from nlpcards.decks.importing.result import Draft, Skipped

_PICTURE = re.compile(
    r"!\[(?P<alt>(?:[^\[\]\\\n]|\\.)*)\]\((?P<target><[^<>\n]*>|[^()\s<>]*)(?:[ \t]+\"[^\"\n]*\")?[ \t]*\)"
)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_SUFFIXES = frozenset(
    ".png .jpg .jpeg .gif .webp .svg .bmp .avif .tif .tiff .mp3 .ogg .oga .opus .wav .flac .m4a .aac .mp4 .webm .mov "
    ".mkv .avi".split()
)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(slots=True)
class Pictures:
    """The media of one import: where they come from, and where each is to go."""

    folder: Path
    """The folder of the file that is imported."""
    copies: dict[Path, Path] = field(default_factory=dict)
    """The files to copy, by their path below the folder of the decks."""
    missing: list[Skipped] = field(default_factory=list)
    _places: dict[tuple[str, Path], Path] = field(default_factory=dict)

    def place(self, draft: Draft, deck: str, into: Path) -> Draft:
        """The draft with its pictures' paths as they will be in a deck whose file is in `into`."""
        if not any("![" in text for text in draft.texts().values()):
            return draft

        def placed(text: str) -> str:
            return self._placed(text, draft.line, deck, into)

        body = {key: placed(value) if isinstance(value, str) else value for key, value in draft.body.items()}
        return replace(draft, body=body, why=placed(draft.why))

    def _placed(self, text: str, line: int, deck: str, into: Path) -> str:
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
            path = self._find(written)
            if isinstance(path, str):
                self.missing.append(Skipped(line, f"the file `{written[:100]}` {path}, so its name is shown as text"))
                return f"!\\{picture.group()[1:]}"
            return f"![{picture['alt']}]({self._place_of(path, deck, into).as_posix()})"

        return _PICTURE.sub(target, text)

    def _find(self, written: str) -> Path | str:
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
                    return path if path.suffix.lower() in _SUFFIXES else "is no picture, sound or film"
            except (OSError, ValueError, RuntimeError):
                continue
        return "is not there"

    def _place_of(self, path: Path, deck: str, into: Path) -> Path:
        """Where a file goes: below a folder with the deck's name, under a name that needs no escape in Markdown."""
        known = self._places.get((deck, path))
        if known is not None:
            return known
        parts = path.relative_to(self.folder.resolve()).parts
        safe = [_UNSAFE.sub("-", part).strip("-.") or "file" for part in parts[:-1]]
        stem = _UNSAFE.sub("-", path.stem).strip("-.") or "file"
        number = 1
        while True:
            name = f"{stem}{f'-{number}' if number > 1 else ''}{path.suffix.lower()}"
            place = Path(deck, *safe, name)
            if self.copies.get(place, path) == path and _is_free(into / place, path):
                self.copies[place] = path
                self._places[deck, path] = place
                return place
            number += 1


def _is_free(place: Path, path: Path) -> bool:
    """Whether a file can go to a place: nothing is there, or the very same."""
    try:
        return not os.path.lexists(place) or (place.is_file() and place.read_bytes() == path.read_bytes())
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
            f"a file cannot be copied: {(error.strerror or str(error)).lower()}",
            place=str(error.filename or into),
            remedy="Free some space, or change the permissions; nothing was imported.",
        ) from None
    return made


def remove(made: list[Path]) -> None:
    """Remove files that were copied for a deck that could not be written."""
    for path in made:
        with suppress(OSError):
            path.unlink()
