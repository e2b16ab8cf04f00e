"""What writing an Anki package costs beside Anki's own exporter with the very same notes, in one run.

    python benchmarks/export.py                # 100,000 notes: plain sentences
    python benchmarks/export.py 10000 mixed    # notes of all kinds, most of them the bundled decks'

The package is written for the first time (every field is rendered), then again (fields are remembered). Anki imports it
and exports it in its legacy form, which is ours too, and in its modern one. Each is a process of its own, several times
in turn; the figures are medians, the memory is the peak of the process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
RUNS = 3


def report(start: float, used: float, package: Path) -> None:
    """Print seconds by the clock and of the processor since then, the process's peak memory and the package's size."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([time.perf_counter() - start, time.process_time() - used, peak, package.stat().st_size / 1e6]))


def ours(folder: Path, count: int, sort: str) -> None:
    """Write the package, with what earlier runs in this folder remembered."""
    import genanki  # noqa: F401 - loaded before the clock starts, as Anki is

    from benchmarks.reading import deck_of
    from nlpcards.anki.export import package
    from nlpcards.core.cards import Deck, Note, Place
    from nlpcards.core.kinds.basic import Basic
    from nlpcards.decks.reader import read_text

    if sort == "mixed":
        deck = read_text(deck_of(count)).deck
        assert deck is not None
    else:
        place = Place("many.yaml", 1, 1)
        notes = (
            Basic(
                f"What is the {number}th word of the language model's vocabulary?",
                f"It is the word number {number}, which nobody reads often.",
            )
            for number in range(count)
        )
        deck = Deck(
            "many", "Many", "many.yaml", tuple(Note("many", f"n{at}", note, place) for at, note in enumerate(notes))
        )
    start, used = time.perf_counter(), time.process_time()
    package([deck], folder / "ours.apkg", mod=lambda _, __: 1_790_000_000, cache=folder / "fields.sqlite")
    report(start, used, folder / "ours.apkg")


def take(folder: Path) -> None:
    """Import our package into a new collection of Anki's."""
    from tests.support.phone import Phone

    Phone(folder / "anki").take(folder / "ours.apkg")


def theirs(folder: Path, *, legacy: bool) -> None:
    """Export that collection with Anki."""
    from anki.collection import Collection, ExportAnkiPackageOptions

    collection = Collection(str(folder / "anki" / "collection.anki2"))
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=True, legacy=legacy)
    out = folder / "theirs.apkg"
    start, used = time.perf_counter(), time.process_time()
    collection.export_anki_package(out_path=str(out), options=options, limit=None)
    report(start, used, out)


def child(*words: str) -> list[float]:
    done = subprocess.run([sys.executable, __file__, *words], capture_output=True, text=True, check=True)
    found: list[float] = json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else []
    return found


def main() -> None:
    words = sys.argv[1:]
    if words and words[0] == "ours":
        return ours(Path(words[1]), int(words[2]), words[3])
    if words and words[0] == "take":
        return take(Path(words[1]))
    if words and words[0] in ("legacy", "modern"):
        return theirs(Path(words[1]), legacy=words[0] == "legacy")
    count, sort = words[0] if words else "100000", words[1] if len(words) > 1 else "plain"
    figures: dict[str, list[list[float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        figures["first time"] = [child("ours", name, count, sort)]
        child("take", name)
        for _ in range(RUNS):
            figures.setdefault("again", []).append(child("ours", name, count, sort))
            figures.setdefault("Anki, legacy", []).append(child("legacy", name))
            figures.setdefault("Anki, modern", []).append(child("modern", name))
    print(f"{int(count):,} {sort} notes")
    for what, runs in figures.items():
        seconds, processor, memory, size = (median(column) for column in zip(*runs, strict=True))
        print(
            f"{what:13} {seconds:6.2f} s ({processor:5.2f} s processor)  {memory:4.0f} MB peak  {size:5.1f} MB package"
        )
    for what in ("first time", "again"):
        wall, processor = (
            median(own[at] / other[at] for own, other in zip(cycle(figures[what]), figures["Anki, legacy"]))
            for at in (0, 1)
        )
        print(f"{what} / Anki, legacy: {wall:.2f} by the clock, {processor:.2f} of the processor")


if __name__ == "__main__":
    main()
