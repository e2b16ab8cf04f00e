"""What reading and checking a deck costs beside PyYAML's CSafeLoader alone on the same file, in one run.

    python benchmarks/reading.py           # 10,000 notes, of kinds as in the bundled decks
    python benchmarks/reading.py 30000

Both sides read the same text, one after the other, several times; the figure to quote is the median ratio. Times are
the processor's, to which other work on the machine adds less.
"""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path
from statistics import median

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.timing import seconds
from nlpcards.decks.places import deck_files
from nlpcards.decks.reader import read_text

RUNS = 7
DECKS = Path(__file__).parents[1] / "decks"


def deck_of(count: int) -> str:
    """A deck of so many notes, each with an id and words of its own: those of the bundled decks in turn, so that all
    kinds come as often as they do there. What the notes say of each other is left out.
    """
    notes: list[str] = []
    sources: dict[str, str] = {}
    for path in deck_files(DECKS, []):
        head, text = path.read_text("utf-8").split("\nnotes:\n", 1)
        listed = f"{head}\n".split("\nsources:\n", 1)[1]
        sources |= {each.split(":")[0]: each for each in re.split(r"(?m)^(?=  \w)", listed) if each.strip()}
        text = re.sub(r"\n +(?:needs|confusable|was): .*", "", text)
        notes += [part for part in re.split(r"(?m)^(?=  - )", text) if part.startswith("  - id: ")]
    chosen = []
    for number in range(count):
        note = notes[number % len(notes)]
        note = re.sub(r"id: (\S+)", f"id: n{number}", note, count=1)
        chosen.append(re.sub(r"\b(the|The|an?|An?) (?=[a-z])", rf"\1 {number}th ", note, count=2))
    return f"deck: many\ntitle: Many\nsources:\n{''.join(sources.values())}notes:\n{''.join(chosen)}"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    text = deck_of(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read = read_text(text)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read.deck is not None
    found = len(read.deck.notes)
    del read
    ours, theirs = [], []
    for _ in range(RUNS):
        theirs.append(seconds(lambda: yaml.load(text, yaml.CSafeLoader)))
        ours.append(seconds(lambda: read_text(text)))
    ratio = median(own / other for own, other in zip(ours, theirs, strict=True))
    print(
        f"{found:,} notes, {len(text) / 1e6:.1f} MB, {RUNS} runs; "
        f"peak memory {peak / 1024:.0f} MB, {before / 1024:.0f} before"
    )
    print(f"CSafeLoader alone {median(theirs):.3f} s; read and checked {median(ours):.3f} s, {ratio:.2f} times that")


if __name__ == "__main__":
    main()
