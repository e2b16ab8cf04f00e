"""Pictures: from a deck's folder into a package.

A deck may come from a stranger, so only picture files inside the deck's own folder are taken, whatever a link on the
way says; a picture that is not there is reported and its words stand in its place.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from nlpcards.core.cards import Note

PICTURES = "nlpcards-"
"""How the name of every picture of ours begins in Anki."""

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"})
"""The kinds of picture that go into a package."""

LARGEST = 100 * 2**20
"""The largest picture taken, in bytes: Anki syncs no larger one."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A picture that could not be taken: where the note stands, what its author wrote, and why not."""

    place: str
    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: the picture {self.path} {self.reason}, so its words were exported instead"


class Media:
    """The pictures of one package, each under a name that follows from its content."""

    def __init__(self) -> None:
        self.files: dict[str, Path] = {}
        """The file of each name, in the order of first use."""
        self.missing: dict[Missing, None] = {}
        """What could not be taken, each once, in the order of first use."""
        self.asked = 0
        """How often a picture was asked for."""
        self._named: dict[Path, str] = {}

    def take(self, note: Note, path: str) -> str | None:
        """The name in the package of a picture that a note shows, None where it cannot be taken (see `missing`)."""
        self.asked += 1
        found = self._find(note, path)
        if isinstance(found, str):
            self.missing.setdefault(Missing(str(note.place), path, found))
            return None
        name = self._named[found]
        self.files.setdefault(name, found)
        return name

    def _find(self, note: Note, path: str) -> Path | str:
        """The file, or why it cannot be taken."""
        folder = Path(note.place.path).absolute().parent
        try:
            found = (folder / path).resolve()
            if not found.is_relative_to(folder.resolve()):
                return "is outside the deck's folder"
            if found.suffix.lower() not in SUFFIXES:
                return f"is not of a kind that Anki shows ({', '.join(sorted(SUFFIXES))})"
            if found not in self._named:
                about = found.stat()
                if not stat.S_ISREG(about.st_mode):
                    return "is not a file"
                if about.st_size > LARGEST:
                    return f"is larger than {LARGEST // 2**20} MiB"
                self._named[found] = _name(found)
            return found
        except FileNotFoundError:
            return "is missing"
        except (OSError, ValueError, RuntimeError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else "its path is not one"
            return f"cannot be read ({why})"


def _name(file: Path) -> str:
    """A name that says what it is and that no other content has; ASCII, since Anki rewrites names it finds unfit."""
    content = blake2b(digest_size=8)
    with file.open("rb") as reader:
        while block := reader.read(1 << 20):
            content.update(block)
    stem = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")[:40]
    return PICTURES + "-".join(filter(None, (stem, content.hexdigest()))) + file.suffix.lower()
