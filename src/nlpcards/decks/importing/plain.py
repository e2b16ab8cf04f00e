r"""Plain text as Markdown that shows the same text: whatever Markdown would take for a mark gets a backslash.

Only what would act is escaped, since people go on to edit these texts: `a * b`, `snake_case` and `[CLS]` stay as they
are. The marks of clozes stay clozes.
"""

from __future__ import annotations

import re

_INLINE = re.compile(
    r"""
    (?P<char>
        \\(?=[!-/:-@\[-`{-~]|\Z)       # a backslash that would escape something, or break the line
      | [`$]
      | \*
      | (?<![A-Za-z0-9])_ | _(?![A-Za-z0-9])
      | (?<=~)~ | ~(?=~)
      | (?<=\])\(                      # the address of a link or a picture
      | \](?=:)                        # what a link leads to
      | &(?=\#?\w+;)
      | <(?=[^<>\s]*[:@][^<>\s]*>)     # an address that becomes a link
    )
    """,
    re.VERBOSE,
)
_LINE_START = re.compile(r"#(?=#{0,5}(?:\s|\Z))|[-+](?=\s|\Z)|>|=(?==*\s*\Z)|(?P<number>[0-9]{1,9})[.)](?=\s|\Z)")
_DELIMITERS = re.compile(r"[\s:|-]*-[\s:|-]*")
_LINE_END = re.compile(r"\r\n|\r|\n")
_DOES_NOTHING = re.compile(r"[A-Za-z0-9 ,;'\"?/.%(){}à-öø-ÿÀ-ÖØ-ß\u2010-\u201f一-鿿]*")


def escaped(text: str, *, line_start: bool = False) -> str:
    """A text without line ends as Markdown; with `line_start` it begins a line, where more characters are marks."""
    written = _INLINE.sub(_keep, text)
    if not line_start:
        return written
    if _DELIMITERS.fullmatch(text):
        # Below a line of cells this would make a table, below words a heading.
        return written.replace("-", "\\-", 1)
    found = _LINE_START.match(written)
    if found is None:
        return written
    if found["number"]:
        return f"{found['number']}\\{written[len(found['number']) :]}"
    return f"\\{written}"


def _keep(found: re.Match[str]) -> str:
    char = found.group()
    # Between two spaces a star is no mark.
    if char == "*" and found.start() > 0 and found.string[found.start() - 1 : found.end() + 1] == " * ":
        return char
    return f"\\{char}"


def from_plain(text: str) -> str:
    """A plain text as Markdown: its blank lines part paragraphs, its other line ends are line breaks.

    The indentation of a line that follows another is kept, in no-break spaces.
    """
    text = text.strip()
    if _DOES_NOTHING.fullmatch(text) and not text[:1].isdigit() and "  " not in text:
        return text
    paragraphs: list[list[str]] = [[]]
    for line in _LINE_END.split(text):
        bare = line.strip()
        if bare:
            paragraphs[-1].append(_indented(line, escaped(bare, line_start=True), first=not paragraphs[-1]))
        elif paragraphs[-1]:
            paragraphs.append([])
    return join_paragraphs(paragraphs)


def join_paragraphs(paragraphs: list[list[str]]) -> str:
    """Paragraphs of lines in Markdown as one text, the lines parted by line breaks."""
    return "\n\n".join("\\\n".join(lines) for lines in paragraphs if lines)


def _indented(line: str, written: str, *, first: bool) -> str:
    wide = line.expandtabs(4)
    width = 0 if first else len(wide) - len(wide.lstrip(" \xa0"))
    return "\xa0" * width + written
