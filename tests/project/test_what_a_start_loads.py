"""Up to the first card on the screen nothing is loaded that it does not need: a start is mostly loading."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nlpcards.collection.collection import Collection
from nlpcards.collection.home import Home
from nlpcards.collection.roadmap.changing import use_track
from nlpcards.decks.cache import DeckCache
from nlpcards.decks.library import load
from nlpcards.decks.stamps import COARSEST_NS

DECK = "deck: d\ntitle: D\nnotes:\n  - id: a\n    q: What?\n    a: This.\n"

FIRST_CARD = """
import sys
from pathlib import Path
from nlpcards.cli.main import main
from nlpcards.cli.querying import selected
from nlpcards.cli import reviewing
from nlpcards.collection.collection import Collection
from nlpcards.collection.home import default_home
from nlpcards.tui.app import NlpcardsApp
import nlpcards.tui.review

with Collection.open(default_home(), (Path(sys.argv[1]),)) as collection:
    chosen = selected(collection, ())
    app = NlpcardsApp(collection, start=chosen.decks, query=chosen.query)
    assert app._first.asked.face.question_tree()
print(*sys.modules, sep="\\n")
"""

NOT_YET = (
    "yaml",
    "hashlib",
    "secrets",
    "statistics",
    "tomllib",
    "tomlkit",
    "importlib.resources",
    "nlpcards.decks.reader",
    "nlpcards.decks.files",
    "nlpcards.core.kinds.every",
    "nlpcards.core.kinds.drill",
    "nlpcards.core.search.language",
    "nlpcards.core.search.tree",
    "nlpcards.collection.searching",
    "nlpcards.collection.information",
    "nlpcards.tui.today",
    "nlpcards.tui.browse",
)


ROADMAP = """\
areas: [{id: all, title: All}]
topics: [{id: d, title: D, area: all}]
tracks: [{id: way, title: Way, about: All., stages: [{id: s, title: S, topics: [d]}]}]
"""


@pytest.mark.parametrize("roadmap", ["", ROADMAP])
def test_the_first_card_loads_neither_what_reads_decks_nor_what_searches(tmp_path: Path, roadmap: str) -> None:
    """With a roadmap a track of it is followed, which may need nothing more."""
    decks = tmp_path / "decks"
    decks.mkdir()
    (decks / "d.yaml").write_text(DECK)
    if roadmap:
        (decks / "roadmap.yaml").write_text(roadmap)
    home = tmp_path / "home"
    cache = DeckCache(home / "cache" / "decks", lambda: time.time_ns() + 2 * COARSEST_NS)
    library = load((decks,), read=cache.read, read_roadmaps=cache.read_roadmaps)
    assert len(library.roadmap.tracks) == bool(roadmap)
    cache.keep()
    if roadmap:
        with Collection.open(Home(home, home, home / "cache"), (decks,)) as collection:
            use_track(collection, "way")
    done = subprocess.run(
        [sys.executable, "-c", FIRST_CARD, str(decks)],
        env={**os.environ, "NLPCARDS_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(NOT_YET) & set(done.stdout.split()) == set()
