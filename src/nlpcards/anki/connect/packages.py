"""Packages to a running Anki and from it.

What Anki has is read from packages that it writes itself, since these alone name what the API does not: the notes'
GUIDs, and when the collection was made, by which its reviews are known whichever way they come. New notes go there in
a package too, since the API makes notes with GUIDs of Anki's own choice.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlpcards.anki.connect.client import LONG_WAIT_S, Action, AnkiConnect, Refused
from nlpcards.anki.names import ROOT
from nlpcards.anki.note_types import NOTE_TYPES
from nlpcards.core.errors import NlpcardsError, reason_of

_FLAGS = range(1, 8)


@dataclass(frozen=True, slots=True)
class Has:
    """What Anki had at `seen_s`, seconds since 1970 UTC, in packages that it wrote; and the flags of its cards by their
    ids, those without one left out: older versions (25.09) take the flags off whatever they write for an add-on.
    """

    paths: Sequence[Path]
    seen_s: int
    flags: Mapping[int, int]


class Packages:
    """Packages that are handed over in a folder of ours; where Anki cannot see that (it runs elsewhere, or confined),
    through its folder of media.
    """

    def __init__(self, anki: AnkiConnect, folder: Path) -> None:
        """`folder` is empty, and nobody else's."""
        self._anki, self._folder = anki, folder
        self._number = 0

    def written(self, *, every_deck: bool, progress: Callable[[int, int], None] | None = None) -> list[Path]:
        """What Anki has in decks with notes of ours, or in all decks, with schedules and review log. A card is in
        several packages where its note has cards in several decks: Anki writes all cards of a note.

        Raises:
            NlpcardsError: Anki cannot be reached, or does not write.
        """
        decks = self._decks(every_deck=every_deck)
        found = []
        for done, deck in enumerate(decks, 1):
            found.append(self._exported(deck))
            if progress is not None:
                progress(done, len(decks))
        return found

    def flags(self) -> dict[int, int]:
        """The flag (1-7) of each card in Anki that has one, by its id.

        Raises:
            NlpcardsError: Anki cannot be reached.
        """
        found = self._anki.each([Action("findCards", {"query": f"flag:{flag}"}) for flag in _FLAGS])
        return {card: flag for flag, cards in zip(_FLAGS, found, strict=True) for card in self._anki.listed(cards, int)}

    def take(self, package: Path) -> None:
        """Have Anki import a package; all of it, or nothing.

        Raises:
            NlpcardsError: Anki cannot be reached, or does not take it.
        """
        if self._anki.is_local:
            try:
                self._import(str(package.absolute()))
                return
            except Refused:
                pass  # it may not see our folder
        name = self._media_name()
        where = self._media_folder()
        self._upload(name, package)
        try:
            self._import(f"{where}/{name}")
        finally:
            self._anki.call("deleteMediaFile", filename=name)

    def store(self, name: str, file: Path) -> None:
        """Put a file of ours among Anki's media under a name; one of that name is replaced.

        Raises:
            NlpcardsError: Anki cannot be reached, or does not take it.
        """
        if self._anki.is_local:
            try:
                self._anki.call("storeMediaFile", LONG_WAIT_S, filename=name, path=str(file.absolute()))
                return
            except Refused:
                pass  # it may not see our folder
        self._upload(name, file)

    def _upload(self, name: str, file: Path) -> None:
        try:
            data = b64encode(file.read_bytes()).decode()
        except OSError as error:
            raise NlpcardsError(f"it cannot be read: {reason_of(error)}", place=str(file)) from error
        self._anki.call("storeMediaFile", LONG_WAIT_S, filename=name, data=data)

    def _decks(self, *, every_deck: bool) -> list[str]:
        """The decks that have to be looked into, without those inside another of them."""
        names = self._anki.listed(self._anki.call("deckNames"), str)
        if every_deck:
            return list(_outermost(names))
        # Nearly always all are where they went. To ask for the deck of each card would take Anki longer than to write
        # them. A card in a filtered deck is in its own one, too, as Anki searches, but not as it exports.
        found = [name for name in names if name.casefold() == ROOT]
        # A note that was given another note type there is known by the field or the tags that it kept: where it is not
        # found it counts as new, and Anki would turn it back into one of ours.
        types = (f"mid:{each.id}" for each in NOTE_TYPES)
        ours = " OR ".join((*types, "NoteId:_*/_*", f"tag:{ROOT}::*"))
        if elsewhere := self._anki.call("findCards", query=f'({ours}) (-"deck:{ROOT}" OR deck:filtered)'):
            found += self._anki.listed(self._anki.call("getDecks", cards=elsewhere), str)
        return list(_outermost(found))

    def _exported(self, deck: str) -> Path:
        self._number += 1
        path = self._folder / f"anki-{self._number}.apkg"
        if self._anki.is_local:
            try:
                self._export(deck, str(path.absolute()))
            except Refused:
                pass  # it may not see our folder
            if path.is_file():
                return path
        name = self._media_name()
        try:
            self._export(deck, f"{self._media_folder()}/{name}")
            told = self._anki.call("retrieveMediaFile", LONG_WAIT_S, filename=name)
        finally:
            self._anki.call("deleteMediaFile", filename=name)
        try:
            path.write_bytes(b64decode(told if isinstance(told, str) else ""))
        except ValueError as error:
            raise self._unusable(deck) from error
        if not path.stat().st_size:
            raise self._unusable(deck)
        return path

    def _unusable(self, deck: str) -> NlpcardsError:
        remedy = "Export it by hand (File, Export), and give the file to `nlpcards import --history`."
        return NlpcardsError(f"Anki does not export the deck {deck}", place=self._anki.url, remedy=remedy)

    def _export(self, deck: str, path: str) -> None:
        if not self._anki.call("exportPackage", LONG_WAIT_S, deck=deck, path=path, includeSched=True):
            raise Refused("exportPackage", f"there is no deck {deck}", place=self._anki.url)

    def _import(self, path: str) -> None:
        if not self._anki.call("importPackage", LONG_WAIT_S, path=path):
            raise Refused("importPackage", "it was not imported", place=self._anki.url)

    def _media_folder(self) -> str:
        return str(self._anki.call("getMediaDirPath"))

    def _media_name(self) -> str:
        # Anki keeps files with a line before their name, whether a card shows them or not.
        return f"_nlpcards-{self._folder.name}-{self._number}.apkg"


def _outermost(names: Iterable[str]) -> Iterable[str]:
    """The decks that are in no other one of them; an export of a deck has all decks inside it.

    Those in the deck that ours go under come with it: one package is written in a fraction of the time of eighty.
    """
    kept: list[str] = []
    roots = {ROOT if name.casefold().startswith(f"{ROOT}::") else name for name in names}
    for name in sorted(roots, key=lambda each: each.casefold().split("::")):
        if not kept or not f"{name}::".casefold().startswith(f"{kept[-1]}::".casefold()):
            kept.append(name)
    return kept
