"""Each paper that the second half of the roadmap leads through is asked from six sides, and the asking notes cite it.

`paper_spines.csv` names, for each paper and side, the notes that ask it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from tests.facts.conftest import DECKS, load_notes

SIDES = ("problem", "idea", "mechanism", "numbers", "ablation", "aftermath")

# The words of its title by which a list of sources is known to hold the paper.
TITLES = {
    "attention-is-all-you-need": "attention is all you need",
    "bert": "pre-training of deep bidirectional transformers",
    "gpt-1": "improving language understanding by generative pre-training",
    "gpt-2": "language models are unsupervised multitask learners",
    "gpt-3": "language models are few-shot learners",
    "roberta": "robustly optimized bert",
    "albert": "a lite bert",
    "t5": "exploring the limits of transfer learning",
    "xlnet": "generalized autoregressive pretraining",
    "transformer-xl": "attentive language models beyond a fixed-length context",
    "reformer": "the efficient transformer",
    "lora": "low-rank adaptation of large language models",
    "instructgpt": "training language models to follow instructions with human feedback",
    "dpo": "direct preference optimization",
    "chinchilla": "training compute-optimal large language models",
    "clip": "learning transferable visual models from natural language supervision",
    "flash-attention": "fast and memory-efficient exact attention",
}

# What stood before a paper, and what came after it, is often said by another paper's sources.
BY_ITSELF = ("idea", "mechanism", "numbers", "ablation")


def spines() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The notes, as deck and id, that ask a side of a paper."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    with Path(__file__).with_name("paper_spines.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["paper"], row["aspect"]].append((row["deck"], row["note"]))
    return found


def cited(deck: str, note: str) -> list[str]:
    """The titles of the works that the note cites, in lower case."""
    deck_file = yaml.load((DECKS / f"{deck}.yaml").read_text("utf-8"), yaml.BaseLoader)
    works: dict[str, dict[str, str]] = deck_file["sources"]
    places: str = load_notes(deck)[note].get("cite", "")
    return [works[place.split()[0]]["title"].lower() for place in places.split(";") if place]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("paper", TITLES)
def test_every_side_of_a_paper_is_asked(paper: str, side: str) -> None:
    assert spines()[paper, side], f"no note asks the {side} of {paper}"


def test_every_named_note_exists_and_every_named_paper_and_side_is_known() -> None:
    for (paper, side), notes in spines().items():
        assert paper in TITLES
        assert side in SIDES
        for deck, note in notes:
            assert note in load_notes(deck), f"{paper}, {side}: {deck} has no note {note}"


@pytest.mark.parametrize("side", BY_ITSELF)
@pytest.mark.parametrize("paper", TITLES)
def test_what_a_paper_says_of_itself_is_cited_from_it(paper: str, side: str) -> None:
    asking = spines()[paper, side]
    assert any(TITLES[paper] in title for deck, note in asking for title in cited(deck, note)), asking
