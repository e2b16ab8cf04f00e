"""How much a SQLite file declares, told before SQLite reads it.

SQLite parses all that a file declares as soon as it is opened, and keeps it in memory: of a view that says little in
the file it may keep hundreds of times as much. No limit of a connection bounds that, so the pages of the table that
holds the declarations are walked here first. Source: https://www.sqlite.org/fileformat2.html, sections 1.3 and 1.6.
"""

from __future__ import annotations

from typing import IO

_LEAF, _INTERIOR = 13, 5
"""The kinds of pages that a table has."""


def check_schema_size(file: IO[bytes], most: int) -> None:
    """Make sure that all declarations of a SQLite file together have no more than `most` bytes.

    Raises:
        ValueError: they have, or the pages that hold them are damaged.
        OSError: the file cannot be read.
    """
    file.seek(16)
    size = int.from_bytes(file.read(2), "big")
    size = 65_536 if size == 1 else size
    if size < 512 or size & (size - 1):
        raise ValueError("its pages have no possible size")
    waiting, seen = [1], set[int]()
    declared = 0
    while waiting:
        number = waiting.pop()
        if number in seen:
            raise ValueError("a page of its schema is there twice")
        seen.add(number)
        file.seek((number - 1) * size)
        page = file.read(size)
        start = 100 if number == 1 else 0
        if len(page) < size or page[start] not in (_LEAF, _INTERIOR):
            raise ValueError("a page of its schema is none")
        is_leaf = page[start] == _LEAF
        first = start + (8 if is_leaf else 12)
        cells = int.from_bytes(page[start + 3 : start + 5], "big")
        places = [int.from_bytes(page[at : at + 2], "big") for at in range(first, first + 2 * cells, 2)]
        if is_leaf:
            declared += sum(_payload(page, place) for place in places)
        else:
            waiting += [int.from_bytes(page[place : place + 4], "big") for place in (*places, start + 8)]
        if declared > most or (len(seen) + len(waiting)) * 512 > most:
            raise ValueError("its schema is larger than any of Anki's")


def _payload(page: bytes, place: int) -> int:
    """The size of what a cell holds, the part on other pages included."""
    value = 0
    for byte in page[place : place + 8]:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value
