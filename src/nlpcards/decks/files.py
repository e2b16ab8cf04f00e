"""The text of a deck file: read once, whole, and only if it is a regular file of a size that a deck can have."""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from itertools import islice
from pathlib import Path

from nlpcards.core.dataclass import dataclass
from nlpcards.decks.deck_file import Stamp as Stamp
from nlpcards.decks.source import GivenUp, SourceText

MAXIMUM_BYTES = 8 * 1024 * 1024
"""The size in bytes that a deck file may have at most."""

MOST_CHARACTERS_REPORTED = 20
"""How many forbidden characters of one file are reported by themselves."""

MOST_CHARACTERS = 1_000
"""A file with more forbidden characters is not read: it is no text, or its encoding is another."""


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file, and the stamp they were read under."""

    data: bytes
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file was not read."""

    code: str
    message: str
    hint: str


def read_content(path: Path) -> Content | Unreadable:
    """The bytes of a regular file of at most `MAXIMUM_BYTES`; never waits for a pipe or a device."""
    try:
        refused = _refusal(os.stat(path))
        if refused:
            return refused
        # The file may have become a pipe since: it is opened without waiting and looked at again.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        return _reason(error)
    with open(number, "rb", buffering=0) as file:
        try:
            return read_open(file.fileno())
        except OSError as error:
            return _reason(error)


def read_open(number: int) -> Content | Unreadable:
    """The bytes of an open file, which must not change meanwhile."""
    before = os.fstat(number)
    refused = _refusal(before)
    if refused:
        return refused
    data = bytearray()
    while len(data) <= MAXIMUM_BYTES:
        more = os.read(number, max(before.st_size + 1 - len(data), 65536))
        if not more:
            break
        data += more
    stamp = Stamp.of(os.fstat(number))
    if stamp != Stamp.of(before) or stamp.size != len(data):
        return Unreadable(
            "D004",
            "the file changed while it was read",
            "Run the command again once whatever writes the file is done.",
        )
    return Content(bytes(data), stamp)


def _refusal(status: os.stat_result) -> Unreadable | None:
    if stat.S_ISDIR(status.st_mode):
        return Unreadable("D002", "this is a folder and not a deck file", "Name a `.yaml` file.")
    if not stat.S_ISREG(status.st_mode):
        return Unreadable(
            "D002", "this is not a regular file", "Decks are read from files, never from pipes, sockets or devices."
        )
    if status.st_size > MAXIMUM_BYTES:
        return Unreadable(
            "D003",
            f"the file has {status.st_size / 1024 / 1024:.1f} MiB, more than the {MAXIMUM_BYTES // 1024 // 1024} MiB "
            "that a deck may have",
            "Split it into several decks; images and sounds belong in files of their own.",
        )
    return None


def _reason(error: OSError | ValueError) -> Unreadable:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT:
        return Unreadable("D001", "there is no such file", "Mend the path; the file may have been moved or renamed.")
    if number in (errno.EACCES, errno.EPERM):
        return Unreadable("D001", "you may not read this file", "Change its permissions.")
    if number == errno.ELOOP:
        return Unreadable(
            "D002", "this symbolic link leads back to itself", "Remove the link or let it lead to a file."
        )
    why = (error.strerror if isinstance(error, OSError) else None) or "its path cannot be used"
    return Unreadable(
        "D001", f"the file cannot be read: {why[:1].lower()}{why[1:]}", "Mend it and run the command again."
    )


def decode(data: bytes) -> str:
    """The text of a file's bytes; a byte that is not UTF-8 becomes a lone surrogate, which `clean_text` reports."""
    return data.decode("utf-8", "surrogateescape")


FORBIDDEN = re.compile(
    "[^\\t\\n\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)
_UTF_16 = ("\udcff\udcfe", "\udcfe\udcff")


def clean_text(text: str, path: str) -> SourceText:
    """The text ready to be parsed: one byte order mark removed, line ends made alike, forbidden characters reported.

    A forbidden character is replaced by U+FFFD, so that all else keeps its place and is read; its note is broken.
    """
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Nothing that prints is forbidden, and for all of a text that is found out much sooner than for each character.
    if text.replace("\n", "").replace("\t", "").isprintable():
        return SourceText(text, path)
    forbidden = [(found.start(), found.group()) for found in islice(FORBIDDEN.finditer(text), MOST_CHARACTERS + 1)]
    if not forbidden:
        return SourceText(text, path)
    if text.startswith(_UTF_16):
        source = SourceText("", path)
        source.error(0, "D005", "the file is UTF-16 and not UTF-8", "Save it as UTF-8 in your editor.")
        return source
    hopeless = len(forbidden) > MOST_CHARACTERS
    source = SourceText(text if hopeless else FORBIDDEN.sub("\ufffd", text), path)
    for index, char in forbidden[:MOST_CHARACTERS_REPORTED]:
        source.error(index, *_forbidden(char))
    rest = forbidden[MOST_CHARACTERS_REPORTED:]
    if hopeless:
        # What could be read between so many would only look like more mistakes.
        with suppress(GivenUp):
            source.give_up(rest[0][0], "D006", _MORE.format(f"more than {len(rest) - 1:,}"), _MORE_HINT)
    elif len(rest) > 1:
        source.error(rest[0][0], "D006", _MORE.format(len(rest)), _MORE_HINT)
        source.error_places = [index for index, _ in forbidden]
    elif rest:
        source.error(rest[0][0], *_forbidden(rest[0][1]))
    return source


_MORE = "{} more characters from here on cannot stand in a deck"
_MORE_HINT = "Mend those above first; if all of the file looks so, it is not a text file."


def _forbidden(char: str) -> tuple[str, str, str]:
    point = ord(char)
    if 0xDC80 <= point <= 0xDCFF:
        return (
            "D005",
            f"the byte 0x{point - 0xDC00:02X} is not UTF-8; the file was probably saved as Latin-1 or Windows-1252",
            "Save it as UTF-8 in your editor.",
        )
    if point == 0:
        return "D006", "a NUL byte stands here", "Remove it; if there are many, the file is not a text file."
    if char in "\x85\u2028\u2029":
        return (
            "D006",
            f"an invisible line break (U+{point:04X}) stands here, which YAML would take for the end of the line",
            "Replace it by a space or a common line break.",
        )
    if point == 0xFEFF:
        return "D006", "an invisible byte order mark (U+FEFF) stands here", "Remove it."
    return "D006", f"an invisible control character (U+{point:04X}) stands here", "Remove it."
