"""Problems of a file as a file: unreadable, not text, too large."""

from nlpcards.decks.codes.model import HEAD, ONE, Code, answer, whole

CODES = (
    Code(
        "D001",
        "a file or folder that cannot be read",
        "None of its notes can be asked until it can; their history stays.",
        mend="Change its permissions, or name other decks.",
    ),
    Code(
        "D002",
        "not a regular file",
        "A folder, a pipe or a device under a deck's name could keep the program waiting for ever, so none is opened.",
        mend="Name a `.yaml` file.",
    ),
    Code(
        "D003",
        "a file of more than 8 MiB",
        "No deck written by people is so large, and reading one would be felt at every start.",
        mend="Split the deck into several files.",
    ),
    Code(
        "D004",
        "a file that changed while it was read",
        "What was read would be half of the old and half of the new.",
        mend="Run the command again once whatever writes the file is done.",
    ),
    whole(
        "D005",
        "bytes that are not UTF-8",
        "A file saved as Latin-1 or UTF-16 has other bytes for ä, é and “, and to guess which were meant would "
        "sometimes be wrong.",
        f"deck: example\ntitle: caf\udce9\n{ONE}",
        f"deck: example\ntitle: café\n{ONE}",
    ),
    answer(
        "D006",
        "a character that cannot be seen and acts on the text",
        "Control characters move a terminal's cursor or end a line where none is seen; they mostly come from copying.",
        "one\u2028other",
        "one other",
    ),
    whole(
        "D007",
        "not a deck",
        "A deck is a mapping with `deck`, `title` and `notes`; a bare list or a text says nothing of itself.",
        "- q: What is it?\n  a: This.\n",
        f"{HEAD}{ONE}",
    ),
    Code(
        "D008",
        "a file with more than 1,000 errors",
        "Nobody reads on after so many, and the file is probably no deck.",
        mend="Mend those above first, or see whether the file is a deck at all.",
    ),
    Code(
        "D009",
        "more notes, keys or files than a deck may have",
        "The bounds are twice what the largest real deck has; beyond them a file would only take time and memory.",
        mend="Split the deck into several files.",
    ),
    Code(
        "D010",
        "more advice than is listed, or more Markdown around clozes than is looked at",
        "A thousand pieces of advice on one file are listed and the rest counted; Markdown is slow to parse closely.",
        mend="Follow those listed first, or silence a code for the file.",
        is_advice=True,
    ),
)
"""Codes D001 to D010."""
