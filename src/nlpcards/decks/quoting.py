"""The very line to type where a text needs quotes: hints show it finished, so that nobody has to think of quotes."""

from __future__ import annotations

LONGEST_SHOWN = 100
"""Characters of a text that a hint still shows in quotes; a longer one is better off in a block."""


def single_quoted(text: str) -> str:
    """A text of one line in YAML's single quotes; a quote inside is doubled."""
    return f"'{text.replace(chr(39), chr(39) * 2)}'"


def bare(text: str) -> str:
    """What was meant by a text whose own quotes did not enclose it: without single ones, with double ones.

    Who writes `'it's'` means to quote, who writes `"No" is wrong` quotes somebody.
    """
    text = text.rstrip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text


def is_short(text: str) -> bool:
    """Whether a text may be shown whole in a hint."""
    return 0 < len(text) <= LONGEST_SHOWN and "\n" not in text


def block_of(key: str) -> str:
    """How to write the text of a key as a block."""
    return f"`{key}: |-` and the text on the next line, indented by two more spaces"


def written_out(key: str, text: str) -> str:
    """A sentence with the line to type for the text of a key, which a block holds too."""
    text = bare(text)
    if not is_short(text):
        return f"Write {block_of(key)}."
    return f"Write `{key}: {single_quoted(text)}`, or {block_of(key)}."


def item_written_out(text: str) -> str:
    """A sentence with the line to type for an item of a list."""
    text = bare(text)
    if not is_short(text):
        return "Write `- |-`, and the text on the next line, indented by two more spaces than the dash."
    return f"Put it in single quotes: `- {single_quoted(text)}`."


def late_header_words(key: str, mark: str) -> tuple[str, str]:
    """What to say where the mark of a block stands behind a text."""
    return (
        f"`{mark}` ends the first line of `{key}`, where it is text and begins no block",
        f"Put it right after the key: `{key}: |-`, and all of the text on the lines below, indented by two more "
        "spaces.",
    )
