"""The files of the decks that come with the program, and of its roadmap."""

from __future__ import annotations

from pathlib import Path

from nlpcards.decks.places import is_roadmap

FOLDER = Path(__file__).parents[2] / "decks"
DECK_FILES = sorted(path for path in FOLDER.glob("*.yaml") if not is_roadmap(path))
ROADMAP_FILE = FOLDER / "roadmap.yaml"
