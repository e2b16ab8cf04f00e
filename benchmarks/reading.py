"""What reading and checking a deck costs beside PyYAML's CSafeLoader alone on the same file, in one run.

    python benchmarks/reading.py           # 10,000 notes: four fifths the bundled decks', one fifth all other kinds
    python benchmarks/reading.py 30000

Both sides read the same text, one after the other, several times; the figure to quote is the median ratio.
"""

from __future__ import annotations

import gc
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))
from nlpcards.decks.reader import read_text

RUNS = 7
DECKS = Path(__file__).parents[1] / "decks"


OTHER_KINDS = [
    """\
  - id: x
    term: lemma
    definition: The form under which a dictionary lists all inflected forms of a word.
    tags: [morphology]
""",
    """\
  - id: x
    q: Which normalization do transformers use, over the features of each token?
    typed: layer normalization
    accept: [LayerNorm, layer norm]
""",
    """\
  - id: x
    q: What cross-entropy, in nats, has a uniform guess over 50,000 tokens?
    typed: 10.82
    tolerance: 1%
    why: It is $\\ln 50000$.
""",
    """\
  - id: x
    contrast:
      of: {bert: BERT, gpt: GPT}
      by:
        objective:
          ask: Pre-training objective
          bert: predict masked tokens from both sides
          gpt: predict the next token from the left
        fits:
          ask: Made for
          bert: understanding
          gpt: generation
""",
    """\
  - id: x
    steps:
      title: Training byte-pair encoding
      of:
        start: Split every word into characters and an end-of-word mark.
        count: Count every adjacent pair of symbols, weighted by word frequency.
        merge: Merge the most frequent pair everywhere into a new symbol.
        repeat: Repeat until the vocabulary has the size wanted.
""",
    """\
  - id: x
    drill:
      ask: An LSTM layer has input size {{d}} and hidden size {{h}}. How many parameters, with one bias per gate?
      given:
        d: [64, 128, 300]
        h: [128, 256, 512]
      where: h >= d
      answer: 4 * (h * (d + h) + h)
      unit: parameters
""",
    """\
  - id: x
    explain: Why does attention divide its scores by $\\sqrt{d_k}$?
    points:
      - A dot product of $d_k$ independent terms of variance 1 has variance $d_k$.
      - Large scores push the softmax to where its gradient vanishes.
      - Dividing by the standard deviation $\\sqrt{d_k}$ brings the variance back to 1.
""",
    """\
  - id: x
    q: the GRU's only state
    a: the hidden state $h_t$
    both: true
""",
]
"""One note of each kind that the bundled decks do not have, or not often."""


def deck_of(count: int) -> str:
    """A deck of so many notes, each with an id and words of its own: of five, four are the bundled decks' and one is of
    the other kinds, taken in turn. What the notes say of each other is left out.
    """
    notes: list[str] = []
    sources: dict[str, str] = {}
    for path in sorted(DECKS.glob("*.yaml")):
        head, text = path.read_text("utf-8").split("\nnotes:\n", 1)
        listed = f"{head}\n".split("\nsources:\n", 1)[1]
        sources |= {each.split(":")[0]: each for each in re.split(r"(?m)^(?=  \w)", listed) if each.strip()}
        text = re.sub(r"\n +(?:needs|confusable|was): .*", "", text)
        notes += [part for part in re.split(r"(?m)^(?=  - )", text) if part.startswith("  - id: ")]
    chosen = []
    for number in range(count):
        others = number % 5 == 4
        pool = OTHER_KINDS if others else notes
        note = pool[(number // 5 if others else number - number // 5) % len(pool)]
        note = re.sub(r"id: (\S+)", f"id: n{number}", note, count=1)
        chosen.append(re.sub(r"\b(the|The|an?|An?) (?=[a-z])", rf"\1 {number}th ", note, count=2))
    return f"deck: many\ntitle: Many\nsources:\n{''.join(sources.values())}notes:\n{''.join(chosen)}"


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


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
