"""Pictures and sounds: those that no note uses, those without a description, and those that lie on the web."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from nlpcards.core.markup.source import regions
from nlpcards.core.words import count
from nlpcards.decks.advice.cards import Cards
from nlpcards.decks.problems import Problem, Severity
from nlpcards.decks.source import shortened

SUFFIXES = frozenset(
    ".png .jpg .jpeg .gif .webp .svg .bmp .avif .tif .tiff .mp3 .ogg .oga .opus .wav .flac .m4a .aac".split()
)
"""Files that a deck shows or plays."""

_MOST_NAMED = 3


def advise(cards: Cards) -> Iterator[Problem]:
    """Q010, Q011 and Q022.

    Looked through are the folders of the decks and those that their notes take files from, without the folders in
    these: other pictures than a deck's may lie there.
    """
    used: dict[str, set[str]] = {}
    for written in cards.notes:
        folder = os.path.dirname(os.path.realpath(written.note.place.path))
        paths = used.setdefault(folder, set())
        paths |= {os.path.normpath(path) for path in written.note.media}
        for text in written.texts():
            for offset, path, described in _pictures(text.text):
                paths.add(os.path.normpath(path))
                if "://" in path:
                    yield written.problem(
                        "Q022",
                        text.path,
                        f"the picture {shortened(path)} is on the web, and nothing is fetched to show a card",
                        "Save it in the deck's folder and write its path, as in `![What it shows](img/gates.png)`.",
                        offset=offset,
                    )
                if not described:
                    yield written.problem(
                        "Q011",
                        text.path,
                        f"the picture {shortened(path)} has no description",
                        "Write between the brackets what it shows, without the answer: `![A cell with gates](…)`.",
                        offset=offset,
                    )
    places = {os.path.dirname(os.path.realpath(deck.path)): deck.path for deck in reversed(cards.decks)}
    everything = {os.path.join(folder, path) for folder, paths in used.items() for path in paths}
    for folder in sorted(places.keys() - cards.unsure):
        looked = {folder, *(os.path.dirname(os.path.join(folder, path)) for path in used.get(folder, ()))}
        left = sorted(
            os.path.relpath(path, folder) for place in looked for path in _files(Path(place)) if path not in everything
        )
        if left:
            names = ", ".join(left[:_MOST_NAMED]) + (", …" if len(left) > _MOST_NAMED else "")
            verb = "is" if len(left) == 1 else "are"
            yield Problem(
                places[folder],
                1,
                1,
                Severity.ADVICE,
                "Q010",
                f"{count(len(left), 'picture or sound', 'pictures or sounds')} beside the deck {verb} used by no note: "
                f"{names}",
                "Use them in notes, as in `![What it shows](gates.png)`, or remove them.",
            )


# Bounded, since each opening bracket may be searched to the end of the text.
_PICTURE = re.compile(r"!\[(?P<alt>[^\]]{0,500})\]\(\s{0,9}<?(?P<path>[^)\s>]{1,500})")


def _pictures(text: str) -> Iterator[tuple[int, str, bool]]:
    """The pictures of a Markdown text: the offset, the path, and whether it is described."""
    if "![" not in text:
        return
    found = regions(text)
    for picture in _PICTURE.finditer(text):
        if found.at(picture.start()) is None:
            yield picture.start(), picture["path"], bool(picture["alt"].strip())


def _files(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name[0] != "." and os.path.splitext(entry.name)[1].lower() in SUFFIXES and entry.is_file():
                    yield entry.path
    except OSError:
        return  # the notes that use its files have said so
