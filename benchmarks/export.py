"""What writing an Anki package costs beside Anki's own exporter with the very same notes, in one run.

    python benchmarks/export.py                # 100,000 notes: plain sentences
    python benchmarks/export.py 10000 mixed    # notes of all kinds, most of them the bundled decks'

The package is written for the first time (every field is rendered, by several processes where there are several
processors), by one process alone, then again (fields are remembered). Anki imports it and exports it in its legacy
form, which is ours too, and in its modern one. Each is a process of its own, several times in turn; the figures are
medians, the processor's time is that of all processes of an export, the memory the peak of all of them, what they
share counted once.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
RUNS = 3


def report(start: float, used: float, package: Path) -> None:
    """Print seconds by the clock and of the processor since then, the process's peak memory and the package's size."""
    clock, helpers = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = time.process_time() - used + helpers.ru_utime + helpers.ru_stime
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([clock, processor, peak, package.stat().st_size / 1e6]))


def ours(folder: Path, count: int, sort: str, how: str) -> None:
    """Write the package, with what earlier runs in this folder remembered unless `how` is `alone` or `helped`; alone
    without other processes.
    """
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
    cache = folder / ("fields.sqlite" if how == "again" else f"fields-{os.getpid()}.sqlite")
    processes = 1 if how == "alone" else None
    package([deck], folder / "ours.apkg", mod=lambda _, __: 1_790_000_000, cache=cache, processes=processes)
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
    """What a process reports; the peak of its memory is that of its helpers too, where there were any."""
    with subprocess.Popen([sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, memory_of_all(process.pid))
            time.sleep(0.05)
        said = process.stdout.read() if process.stdout is not None else ""
    assert process.returncode == 0
    found: list[float] = json.loads(said.splitlines()[-1]) if said.strip() else [0.0] * 4
    found[2] = max(found[2], peak)
    return found


def memory_of_all(pid: int) -> float:
    """The memory in MB of a process that has others, with theirs, what they share counted once; 0 of any other."""
    try:
        others = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if not others:
            return 0.0
        told = "".join(Path(f"/proc/{each}/smaps_rollup").read_text() for each in (str(pid), *others))
    except OSError:
        return 0.0
    return sum(int(kib) for kib in re.findall(r"(?m)^Pss: +([0-9]+) kB", told)) / 1024


def main() -> None:
    words = sys.argv[1:]
    if words and words[0] == "ours":
        return ours(Path(words[1]), int(words[2]), words[3], words[4])
    if words and words[0] == "take":
        return take(Path(words[1]))
    if words and words[0] in ("legacy", "modern"):
        return theirs(Path(words[1]), legacy=words[0] == "legacy")
    count, sort = words[0] if words else "100000", words[1] if len(words) > 1 else "plain"
    figures: dict[str, list[list[float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        child("ours", name, count, sort, "again")
        child("take", name)
        for _ in range(RUNS):
            for what, how in (("first time", "helped"), ("  alone", "alone"), ("again", "again")):
                figures.setdefault(what, []).append(child("ours", name, count, sort, how))
            figures.setdefault("Anki, legacy", []).append(child("legacy", name))
            figures.setdefault("Anki, modern", []).append(child("modern", name))
    print(f"{int(count):,} {sort} notes, load {os.getloadavg()[0]:.1f}")
    for what, runs in figures.items():
        seconds, processor, memory, size = (median(column) for column in zip(*runs, strict=True))
        print(
            f"{what:13} {seconds:6.2f} s ({processor:5.2f} s processor)  {memory:4.0f} MB peak  {size:5.1f} MB package"
        )
    for what in ("first time", "  alone", "again"):
        wall, processor, memory = (
            median(own[at] / other[at] for own, other in zip(figures[what], figures["Anki, legacy"], strict=True))
            for at in (0, 1, 2)
        )
        print(
            f"{what} / Anki, legacy: {wall:.2f} by the clock, {processor:.2f} of the processor, {memory:.2f} of memory"
        )


if __name__ == "__main__":
    main()
