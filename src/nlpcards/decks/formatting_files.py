"""Formatting deck files where they are: each is replaced whole, or left exactly as it was."""

from __future__ import annotations

from pathlib import Path

from nlpcards.core.errors import DeckErrors
from nlpcards.decks.files import Content, decode, read_content
from nlpcards.decks.formatting import format_text
from nlpcards.decks.saving import Change, save


def format_file(path: Path, *, write: bool) -> bool:
    """Whether a deck file is not formatted; with `write` it then is from now on.

    Its line ends become line feeds and a byte order mark goes. Where the path is a symbolic link, the file that it
    leads to is formatted.

    Raises:
        DeckErrors: the file has errors or cannot be read.
        NlpcardsError: it cannot be written, or changed meanwhile; it is as it was.
    """
    content = read_content(path)
    if not isinstance(content, Content):
        raise DeckErrors(content.message, place=str(path), remedy=content.hint)
    formatted = format_text(decode(content.data), str(path), path.parent).encode()
    if formatted == content.data:
        return False
    if write:
        save([Change(path, content.data, formatted)], "the formatted deck")
    return True
