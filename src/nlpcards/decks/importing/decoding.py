"""The text of a file that some other program wrote, in whichever encoding."""

from __future__ import annotations

import codecs
from pathlib import Path

from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.files import MAXIMUM_BYTES, Content, read_content

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_text_file(path: Path) -> tuple[str, str]:
    """The text of a file, and a sentence about its encoding where that was guessed (else an empty text).

    UTF-8, UTF-16 as Excel's "Unicode text" is, and, for what is neither, Windows-1252.

    Raises:
        NlpcardsError: the file cannot be read, has more than 8 MiB, or is no text.
    """
    content = read_content(path)
    if not isinstance(content, Content):
        if content.code == "D003":
            raise NlpcardsError(
                f"the file has more than {MAXIMUM_BYTES // 1024 // 1024} MiB, the most that a deck may have",
                place=str(path),
                remedy="Split it into several files and import each; every one makes a deck.",
            )
        raise NlpcardsError(content.message, place=str(path), remedy=content.hint)
    text, remark = _decoded(content.data)
    if "\0" in text:
        raise NlpcardsError(
            "the file is not text",
            place=str(path),
            remedy="Export it as CSV (in UTF-8), tab-separated text or Markdown from the program that wrote it.",
        )
    return text, remark


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), ""
    if len(data) > 1 and b"\0" in data[:200]:
        # UTF-16 without its mark: Latin letters have a NUL beside them, always on the same side.
        for encoding, side in (("utf-16-le", 1), ("utf-16-be", 0)):
            if 0 not in data[1 - side : 200 : 2] and len(data) % 2 == 0:
                return data.decode(encoding, "replace"), ""
    try:
        return data.decode(), ""
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
        return text, (
            f"The file is not UTF-8 (line {line}) and was read as Windows-1252; where letters look wrong, save it as "
            "“CSV UTF-8” and import it anew."
        )
