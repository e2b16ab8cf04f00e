"""Values to the text of a deck file that one would keep, such that reading it gives the same values.

A text is written plain where nothing in it means anything to YAML, else in quotes where it is short and simple, or
below its key in a `|-` block, where nothing is changed; one long line is folded (`>-`), which changes the layout and
not the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from nlpcards.core.cards import Citation, Source
from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.files import FORBIDDEN

WIDTH = 100
"""How many characters the lines of a folded text have at most; a word that is longer is not cut."""

LONGEST_LINE = 110
"""How many characters a line may have before its text is folded: a last line of one word would be no gain."""

IN_HEAD = '"'
"""The quotes of titles and of all else that a deck says before its notes."""

WITHIN = "'"
"""The quotes of the texts in a note's lists and mappings, which mostly have a line each and hold TeX."""

_YAML = re.compile(
    # What ends a plain text, then what cannot begin one.
    r":(?:\s|\Z)|\s#|[\n\t\\]|\A(?:[?:,\[\]{}#&*!|>'\"%@`\s]|-(?!\w)|\.\.\.)"
)
_FLOW = re.compile(r"[,\[\]{}?:\"']")
_WORD = re.compile(r"\S+")
_KEY = re.compile(r"\w[\w.-]*")
_BETWEEN_WORDS = re.compile(r"(?<=\S) (?=\S)")
_STAYS_WITHIN_A_LINE = re.compile(r"[-*+](?!\S)|\d+[.)](?!\S)|[>|#]|```|~~~")
_NO_PARAGRAPH = re.compile(r"\s|```|~~~|[|#]")
_TO_SET_APART = re.compile(r"[\\:]")
"""What begins TeX or a second sentence in most texts, which are best read below their key."""

_NOT_QUOTED = {'"': re.compile(r'[\t"\\]'), "'": re.compile(r"[\t']")}
"""What a text may not hold to stand in these quotes as it is."""

_TO_ESCAPE = re.compile(rf"[\t\n\"\\]|{FORBIDDEN.pattern}")


def is_plain(text: str) -> bool:
    """Whether a text of one line can stand without quotes after its key."""
    return bool(text) and not text[-1].isspace() and not _YAML.search(text) and not FORBIDDEN.search(text)


def is_flow(text: str) -> bool:
    """Whether a text can stand without quotes within brackets."""
    return is_plain(text) and not _FLOW.search(text)


def write_scalar(text: str, indent: int, used: int = 0, *, quotes: str = "") -> str:
    """A text as it stands after its key or its dash, without a line end; white space at its end is not kept.

    `indent` is the column (from 0) of that key or dash, `used` the number of characters before the text in its line.
    `quotes` are the quotes, double or single, in which a text comes that is not plain but fits its line and needs no
    escape in them. Without any it comes as a block where it has a backslash or a colon, and in single quotes else.

    Raises:
        NlpcardsError: it holds half of a surrogate pair, which no file can.
    """
    text = text.rstrip()
    if not text:
        return "''"
    if FORBIDDEN.search(text):
        return _escaped(text)
    if "\n" in text:
        return write_block(text, indent)
    if is_plain(text) and (used + len(text) <= LONGEST_LINE or _WORD.fullmatch(text)):
        return text
    if not quotes and not _TO_SET_APART.search(text):
        quotes = WITHIN
    if quotes and used + len(text) + 2 <= LONGEST_LINE and not _NOT_QUOTED[quotes].search(text):
        return f"{quotes}{text}{quotes}"
    if indent + 2 + len(text) > LONGEST_LINE and (lines := _folded(text, WIDTH - indent - 2)):
        return "\n".join((">-", *(f"{'':{indent + 2}}{line}" for line in lines)))
    return write_block(text, indent)


def write_block(text: str, indent: int) -> str:
    """A text as a `|-` block, whose lines are the text's own; `indent` as for `write_scalar`."""
    text = text.rstrip()
    before = text[: len(text) - len(text.lstrip(" \t\n"))]
    # Where the text itself begins with white space YAML must be told where it begins.
    mark = "|2-" if " " in before or "\t" in before else "|-"
    return "\n".join((mark, *(f"{'':{indent + 2}}{line}" if line else "" for line in text.split("\n"))))


def write_key(key: str) -> str:
    """A key as it stands before its colon."""
    return key if _KEY.fullmatch(key) else _escaped(key)


def write_entry(key: str, value: object, indent: int, *, quotes: str = "") -> list[str]:
    """The lines of a key and its value: a text, a bool, a date, a list of texts, or a mapping of keys to such values.

    `quotes` as for `write_scalar`; a text in a list or a mapping, which is one of many, comes in single quotes then.

    Raises:
        TypeError: the value is of another type.
        NlpcardsError: a text in it cannot be written.
    """
    head = f"{'':{indent}}{write_key(key)}:"
    match value:
        case bool():
            return [f"{head} {'true' if value else 'false'}"]
        case str():
            return f"{head} {write_scalar(value, indent, len(head) + 1, quotes=quotes)}".split("\n")
        case date():
            return [f"{head} {value.isoformat()}"]
        case Mapping():
            inside = [
                line
                for name, each in value.items()
                for line in write_entry(name, each, indent + 2, quotes=quotes or WITHIN)
            ]
            return [head, *inside] if inside else [f"{head} {{}}"]
        case Sequence() if all(isinstance(item, str) for item in value):
            return _write_list(head, value, indent, quotes or WITHIN)
        case _:
            raise TypeError(f"{key}: a deck cannot hold {type(value).__name__}")


def _write_list(head: str, items: Sequence[str], indent: int, quotes: str) -> list[str]:
    flow = f"{head} [{', '.join(items)}]"
    if len(flow) <= LONGEST_LINE and all(is_flow(item) and _WORD.fullmatch(item) for item in items):
        return [flow]
    lines = [head]
    for item in items:
        lines += f"{'':{indent + 2}}- {write_scalar(item, indent + 2, indent + 4, quotes=quotes)}".split("\n")
    return lines


def write_note(keys: Mapping[str, object], indent: int = 2) -> str:
    """A note with its dash in column `indent`, in the order of the keys; it ends with a line end.

    Raises:
        TypeError, NlpcardsError: as `write_entry`.
    """
    lines = [line for key, value in keys.items() for line in write_entry(key, value, indent + 2)]
    lines[0] = f"{'':{indent}}- {lines[0].lstrip(' ')}"
    return "".join(f"{line}\n" for line in lines)


def write_deck(head: Mapping[str, object], notes: Iterable[Mapping[str, object]]) -> str:
    """A deck file: the keys of its head and then those of each of its notes, in the order of the keys.

    Raises:
        TypeError, NlpcardsError: as `write_entry`.
    """
    lines = [line for key, value in head.items() for line in write_entry(key, value, 0, quotes=IN_HEAD)]
    written = "\n".join(write_note(note) for note in notes)
    return "".join(f"{line}\n" for line in lines) + (f"notes:\n{written}" if written else "notes: []\n")


def citation_text(citation: Citation) -> str:
    """A citation as under `cite`: the source's key, and the place in it where one is named."""
    return f"{citation.source.key} {citation.where}".strip()


def source_keys(source: Source) -> dict[str, str]:
    """What is said of a source, in the order of the deck file."""
    said = {"title": source.title, "authors": source.authors, "year": source.year, "url": source.url}
    return {name: value for name, value in said.items() if value}


def _folded(text: str, width: int) -> list[str]:
    """A line cut at single spaces into lines that YAML joins to the same text; none where that cannot be."""
    if _NO_PARAGRAPH.match(text):
        return []
    lines: list[str] = []
    start, last = 0, 0
    for space in (*(found.start() for found in _BETWEEN_WORDS.finditer(text)), len(text)):
        if space - start > width and last > start:
            lines.append(text[start:last])
            start = last + 1
        # A line may not begin with what Markdown takes for the beginning of a block.
        if not _STAYS_WITHIN_A_LINE.match(text, space + 1):
            last = space
    return [*lines, text[start:]] if lines else []


def _escaped(text: str) -> str:
    """A text in double quotes, with a number for whatever does not show itself."""
    return f'"{_TO_ESCAPE.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    point = ord(char)
    if char in '"\\':
        return f"\\{char}"
    if 0xD800 <= point <= 0xDFFF:
        raise NlpcardsError(
            f"a text has half a character in it (U+{point:04X}), which a file cannot hold",
            remedy="Remove it where the text comes from.",
        )
    if point > 0xFFFF:
        return f"\\U{point:08x}"
    return f"\\u{point:04x}" if point > 0xFF else f"\\x{point:02x}"
