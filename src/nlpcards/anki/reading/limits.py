"""How much of a stranger's package is read. Real ones stay far below: see the sizes measured in `docs/anki.md`."""

from __future__ import annotations

LARGEST_COLLECTION = 1 << 30
"""Bytes of the unpacked database. One of 100,000 cards and a million reviews has 131 MB."""

LARGEST_MEDIUM = 256 << 20
"""Bytes of one picture, sound or film, unpacked."""

LARGEST_MEDIA = 8 << 30
"""Bytes of all of them together."""

LARGEST_LIST = 64 << 20
"""Bytes of the list of media."""

MOST_ENTRIES = 500_000
"""Files in the zip archive."""

MOST_ROWS = 20_000_000
"""Rows of any table."""

LARGEST_TEXT = 16 << 20
"""Bytes of one value in the database; SQLite refuses larger ones."""

MOST_NOTES = 500_000
"""Notes that are made into notes of ours at once, which are kept while the decks are written."""

LARGEST_TEXTS = 96 << 20
"""Characters of all their fields together, for the same reason."""
