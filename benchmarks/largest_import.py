"""What an import from Anki takes in memory and time where it has nearly as much as is read at once.

    python benchmarks/largest_import.py                        # 65,000 notes, 75,000 cards, 1,450,000 reviews
    python benchmarks/largest_import.py 20000 20000 400000     # a large collection of a learner's

Every card is of a note type that nobody knows, so that each becomes a note of its own, which costs most.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import genanki

FIELDS = 4
NOTE, CARD, REVIEW = 1_500_000_000_000, 1_600_000_000_000, 1_650_000_000_000
"""The first id of each."""
MODEL, DECK = 1_607_392_319, 2_059_400_110
IMPORT = """
import sys
from nlpcards.cli.main import run
try:
    run()
finally:
    told = open("/proc/self/status").read()
    print(told.partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""


def write(package: Path, notes: int, cards: int, reviews: int) -> None:
    """Write a package of so many, with some 300 characters a note."""
    names = [f"F{number}" for number in range(FIELDS)]
    templates = [{"name": name, "qfmt": f"{{{{{name}}}}}", "afmt": f"{{{{{name}}}}} {{{{F0}}}}"} for name in names]
    deck = genanki.Deck(DECK, "Many")
    deck.add_model(genanki.Model(MODEL, "Many", fields=[{"name": name} for name in names], templates=templates))
    collection = package.with_suffix(".db")
    with closing(sqlite3.connect(collection)) as db:
        cursor = db.cursor()
        genanki.Package([]).write_to_db(cursor, 1_700_000_000, count(1))
        deck.write_to_db(cursor, 1_700_000_000, count(1))
        cursor.executemany("INSERT INTO notes VALUES (?, ?, ?, 1600000000, -1, '', ?, ?, 0, 0, '')", rows(notes))
        cursor.executemany(
            "INSERT INTO cards VALUES (?, ?, ?, ?, 1600000000, -1, 2, 2, 3000, 10, 2500, 5, 1, 0, 0, 0, 0, '')",
            ((CARD + number, NOTE + number % notes, DECK, number // notes) for number in range(cards)),
        )
        cursor.executemany(
            "INSERT INTO revlog VALUES (?, ?, -1, 3, 10, 5, 2500, 4000, 1)",
            ((REVIEW + number * 1000, CARD + number % cards) for number in range(reviews)),
        )
        db.commit()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.write(collection, "collection.anki2")
        archive.writestr("media", "{}")


def rows(notes: int) -> Iterator[tuple[int, str, int, str, str]]:
    """The rows of the notes, as far as they differ."""
    for number in range(notes):
        fields = [f"word {number} {field} {'x' * 60}" for field in range(FIELDS)]
        yield NOTE + number, f"guid{number:09}", MODEL, "\x1f".join(fields), fields[0]


def main() -> None:
    notes, cards, reviews = (int(word) for word in (sys.argv[1:] or ("65000", "75000", "1450000")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "large.apkg", notes, cards, reviews)
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", IMPORT, "import", "large.apkg", "--json"],
            env=os.environ | {"NLPCARDS_HOME": str(folder / "home")},
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds = time.perf_counter() - start
    found, peak = json.loads(done.stdout), int(done.stderr.split()[-1]) / 1000
    each = ", ".join(f"{found[what]:,} {what}" for what in ("notes", "cards", "reviews"))
    print(f"{each}: {peak:.0f} MB at most, {seconds:.0f} s")


if __name__ == "__main__":
    main()
