"""How much of a stranger's package is read. Real ones stay far below: see the sizes measured in `docs/anki.md`."""

from __future__ import annotations

LARGEST_COLLECTION = 1 << 30
"""Bytes of the unpacked database. One of 100,000 cards and a million reviews has 131 MB."""

LARGEST_MEDIUM = 256 << 20
"""Bytes of one picture, sound or film, unpacked."""

LARGEST_MEDIA = 8 << 30
"""Bytes of all of them together."""

LARGEST_LIST = 32 << 20
"""Bytes of the list of media."""

MOST_ENTRIES = 250_000
"""Files in the zip archive; each is half a kilobyte in memory."""

LARGEST_DIRECTORY = 100 * MOST_ENTRIES
"""Bytes of the archive's directory, which is held in memory before it is known how many files there are."""

LARGEST_SCHEMA = 1 << 18
"""Bytes of what the database declares: tables, indexes and the like. Anki's has 6 kB."""

MOST_ROWS = 1_500_000
"""Rows of any table. What is kept of each while a file is read takes up to 300 bytes."""

MOST_SETTINGS = 100_000
"""Rows of a table that describes a collection: note types with their fields and templates, decks, presets."""

LARGEST_SETTINGS = 32 << 20
"""Bytes of all that such a table says."""

MOST_VALUES = 1_000_000
"""Values in one JSON text; one of two characters takes 70 bytes."""

MOST_PARTS = 10_000
"""Fields of one protocol-buffer message that describes something, and fields of one note."""

MOST_NUMBERS = 1_000
"""Numbers in one list of a preset: its steps, or its FSRS parameters."""

MOST_REVIEWS_OF_CARD = 20_000
"""Reviews of one card, which are all held more than once."""

LARGEST_NAME = 1 << 16
"""Characters of a note's GUID, or of all its tags."""

LATEST_S = 7_258_118_400
"""The end of the year 2199, in seconds since 1970 UTC. A journal that knows of an event much later can take no others:
its clock is never behind any.
"""

LARGEST_TEXT = 16 << 20
"""Bytes of one value in the database; SQLite refuses larger ones."""

LARGEST_IMPORT = 320 << 20
"""Bytes of memory that notes of a package take while they are made into notes of ours, by the estimates that follow,
which were measured: some 80,000 cards of usual length. With more, and with as many reviews as are read, an import would
take more than half a gigabyte.
"""

CARD_COST = 2_600
"""Bytes of memory for each card: what it was, what it becomes, and its events."""

NOTE_COST = 300
"""Bytes of memory for each note beside its cards and fields."""

TEXT_COST = 2.75
"""Bytes of memory for each that its fields and tags take alone: they are held as they came, as Markdown and as a deck
file.
"""

LARGEST_TEXTS = 96 << 20
"""Characters that all notes which went to Anki from here may come to, once they are notes of ours again."""
