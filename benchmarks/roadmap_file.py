"""What reading a roadmap costs beside PyYAML's CSafeLoader alone on the same file, in one run.

    python benchmarks/roadmap_file.py          # the bundled roadmap, then one of 500 topics
    python benchmarks/roadmap_file.py 2000

Both sides read the same text, one after the other, several times, in processor time; the figure to quote is the median
ratio.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.timing import seconds
from nlpcards.decks.roadmaps import read_roadmap_text

RUNS = 9
BUNDLED = Path(__file__).parents[1] / "decks" / "roadmap.yaml"


def roadmap_of(count: int) -> str:
    """A roadmap of so many topics with six concepts each, every one needing up to two before it, on ten tracks."""
    lines = ["title: Made", "areas:", "  - {id: a, title: Area}", "topics:"]
    for at in range(count):
        needs = ", ".join(f"t{before}" for before in {at // 2, at - 1} if 0 <= before < at)
        lines += [f"  - id: t{at}", f"    title: Topic {at}", "    area: a", f"    needs: [{needs}]", "    concepts:"]
        lines += [f"      concept-{number}: what number {number} means" for number in range(6)]
    lines.append("tracks:")
    for track in range(10):
        lines += [f"  - id: track-{track}", f"    title: Track {track}", "    about: It leads on.", "    stages:"]
        for stage in range(0, count, 5):
            topics = ", ".join(f"t{at}" for at in range(stage, min(stage + 5, count)))
            lines += [f"      - id: s{stage}", f"        title: Stage {stage}", f"        topics: [{topics}]"]
    return "\n".join(lines) + "\n"


def compare(name: str, text: str) -> None:
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(seconds(lambda: read_roadmap_text(text)))
        theirs.append(seconds(lambda: yaml.load(text, yaml.CSafeLoader)))
    ratio = median(one / other for one, other in zip(ours, theirs, strict=True))
    print(
        f"{name}: {len(text.encode()):,} bytes, {median(ours) * 1000:.1f} ms, "
        f"CSafeLoader alone {median(theirs) * 1000:.1f} ms, ratio {ratio:.2f}"
    )


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    compare("bundled", BUNDLED.read_text("utf-8"))
    compare(f"{count:,} topics", roadmap_of(count))
