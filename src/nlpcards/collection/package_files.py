"""The media of a package, unpacked one by one as notes turn out to name them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote

from nlpcards.anki.reading.collection import AnkiCollection
from nlpcards.anki.reading.limits import LARGEST_MEDIA
from nlpcards.core.errors import NlpcardsError, reason_of
from nlpcards.decks.importing.pictures import SUFFIXES

_LONGEST_NAME = 200


class PackageFiles:
    """Finds what a text names: among the pictures that stood within texts, and the media of the package.

    What is found is put into `folder`, which is nobody else's.
    """

    def __init__(self, found: AnkiCollection, within_texts: Mapping[str, bytes], folder: Path) -> None:
        self._found, self._within, self._folder = found, within_texts, folder
        self._unpacked: dict[str, Path] = {}
        self._size = 0

    def __call__(self, written: str) -> Path | str:
        """The file of a name, or why it is not to be had.

        Raises:
            NlpcardsError: the package is damaged, or there is no room for what it holds.
        """
        bare = unquote(written)
        for name in dict.fromkeys((written, bare, unicodedata.normalize("NFC", bare))):
            if name in self._within or name in self._found.media:
                if Path(name).suffix.lower() not in SUFFIXES:
                    return "is no picture, sound or film"
                return self._unpack(name)
        return "is not in the file that was imported"

    def _unpack(self, name: str) -> Path:
        known = self._unpacked.get(name)
        if known is not None:
            return known
        path = self._folder / _safe(name)
        try:
            with path.open("xb") as file:
                for piece in (self._within[name],) if name in self._within else self._found.pieces(name):
                    self._size += len(piece)
                    if self._size > LARGEST_MEDIA:
                        raise NlpcardsError(
                            f"its media have more than {LARGEST_MEDIA >> 30} GB",
                            place=str(self._found.path),
                            remedy="In Anki, export one deck at a time, and import each. Nothing was imported.",
                        )
                    file.write(piece)
        except OSError as error:
            raise NlpcardsError(
                f"its media cannot be unpacked: {reason_of(error)}",
                place=str(self._found.path),
                remedy=f"They take room for a while in {self._folder.parent}. Nothing was imported.",
            ) from None
        self._unpacked[name] = path
        return path


def _safe(name: str) -> str:
    """A name that is one in a folder, whatever the package calls it."""
    if "/" in name or "\\" in name or not name.isprintable() or len(name.encode("utf-8", "replace")) > _LONGEST_NAME:
        return f"{blake2b(name.encode('utf-8', 'replace'), digest_size=8).hexdigest()}{Path(name).suffix.lower()}"
    return name
