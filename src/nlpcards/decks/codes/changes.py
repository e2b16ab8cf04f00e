"""What YAML would silently read as something else than was typed."""

from nlpcards.decks.codes.model import HEAD, ONE, answer, field, whole

CODES = (
    field(
        "D201",
        "a key that stands twice",
        "YAML keeps one of the two and drops the other without a word.",
        "a: That.",
        "why: That.",
    ),
    answer("D202", "an alias", "`*this` means to YAML what was named `&this` elsewhere.", "*this", "'*this'"),
    answer(
        "D203", "an anchor", "`&this` names a place for YAML and is not a part of the text.", "&this one", "'&this one'"
    ),
    answer(
        "D204", "a tag", "A word that begins with `!` is a type to YAML and is dropped.", "!important", "'!important'"
    ),
    field(
        "D205",
        "a merge key",
        "`<<` copies keys from elsewhere; a deck that is written out can be read by anybody.",
        "<<: {why: That.}",
        "why: That.",
    ),
    answer(
        "D206",
        "a text cut by a comment",
        "What follows a space and `#` is a comment to YAML, so the end of the text would be missing.",
        "Use C # and not Java.",
        "'Use C # and not Java.'",
    ),
    answer(
        "D207",
        "an escape that turns TeX into something else",
        r'In double quotes `\t`, `\n`, `\b` and `\f` are control characters: `"\theta"` is a tab and `heta`.',
        '"$\\theta$"',
        "'$\\theta$'",
    ),
    answer(
        "D208",
        "a list or a mapping where a text is meant",
        "`[CLS]` is a list of one word to YAML, and `{x}` a mapping.",
        "[CLS]",
        "'[CLS]'",
    ),
    whole(
        "D209",
        "a comma that makes a key of half a text",
        "Between braces a comma ends a value, and what follows is read as a key that has none.",
        f"{HEAD}sources:\n  x: {{title: Attention, please}}\n{ONE}",
        f"{HEAD}sources:\n  x: {{title: 'Attention, please'}}\n{ONE}",
    ),
    field(
        "D210",
        "a comma inside a number",
        "In a list each comma parts two items, so `1,000` would be 1 and 0.",
        "tags: [1,000, 2,000]",
        "tags: [1000, 2000]",
    ),
    answer(
        "D211",
        "lines joined that must stay apart",
        "After `>`, in quotes and without any mark YAML joins lines by spaces: lists, tables and code fall apart.",
        ">\n    Two:\n    - one\n    - other",
        "|-\n    Two:\n    - one\n    - other",
    ),
    whole(
        "D212",
        "a list or a mapping where a key is meant",
        "YAML allows it, and a deck has no use for it: it mostly is a text without quotes.",
        f"{HEAD}[a]: b\n{ONE}",
        f"{HEAD}topic: b\n{ONE}",
    ),
    answer(
        "D213",
        "typographic quotes around a text",
        "YAML takes only straight quotes for quotes, so these stay a part of the text and are shown.",
        "“This.”",
        "This.",
        is_advice=True,
    ),
    answer(
        "D214",
        "the mark of a block behind a text",
        "`|-` begins a block only right after its key. Behind a text it is part of it, and the lines below are joined.",
        "This is |-\n    what it is.",
        "|-\n    This is\n    what it is.",
    ),
)
"""Codes D201 to D214."""
