"""Makes the pictures of cards in Anki, `docs/anki-light.png` and `docs/anki-night.png`: run
`python docs/make_anki_pictures.py`.

Cards of bundled decks go into a package, real Anki takes it and fills the templates, and headless Chromium shows them
as wide as a phone does. It takes the packages of the extra `dev`, and Chromium (its command in `CHROMIUM`).
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from PIL import Image

from nlpcards.anki.export import package
from nlpcards.decks.library import load

HERE = Path(__file__).parent
SHOWN = ("pytorch/manual-step-code", "alignment/ppo-against-dpo#cell.problem.ppo")
"""The notes of which the backs are shown, side by side."""

WIDTH, HEIGHT = 400, 640
"""The size of one card, in CSS pixels: that of a phone."""

COLOURS = 48
"""How many colours a picture may have: enough for text on paper, and a third of the bytes."""

_PAGE = """<!doctype html><meta charset="utf-8"><style>
html, body {{ margin: 0 }}
body {{ display: flex; gap: 12px; width: {width}px; height: {height}px; background: {gap} }}
iframe {{ flex: 1; height: 100%; border: 0 }}
</style>{frames}"""


def backs(folder: Path) -> Iterator[str]:
    """The backs of the cards as Anki makes them, with their style sheet."""
    library = load([HERE.parent / "decks" / f"{name}.yaml" for name in {name.split("/")[0] for name in SHOWN}])
    path = folder / "shown.apkg"
    package(list(library.decks.values()), path, mod=lambda note, content: 1_790_000_000)
    anki = Collection(str(folder / "collection.anki2"))
    try:
        options = ImportAnkiPackageOptions(with_scheduling=False)
        anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))
        for name in SHOWN:
            note = anki.get_note(anki.find_notes(f'"NoteId:{name}"')[0])
            # What is folded is opened, to be seen.
            yield re.sub(r"<details(?![^>]* open)", "<details open", note.cards()[0].answer())
    finally:
        anki.close()


def picture(cards: list[str], *, night: bool, folder: Path, to: Path) -> None:
    """Save cards, side by side, as one picture."""
    frames = ""
    for number, card in enumerate(cards):
        mode = "nightMode night_mode" if night else ""
        page = f'<!doctype html><meta charset="utf-8"><body class="card card1 {mode}">{card}</body>'
        (folder / f"{number}.html").write_text(page, "utf-8")
        frames += f'<iframe src="{number}.html"></iframe>'
    width = WIDTH * len(cards) + 12 * (len(cards) - 1)
    gap = "#0b0d10" if night else "#d9dce3"
    (folder / "page.html").write_text(_PAGE.format(width=width, height=HEIGHT, gap=gap, frames=frames), "utf-8")
    shot = folder / "shot.png"
    subprocess.run(
        [
            os.environ.get("CHROMIUM", "chromium"),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--hide-scrollbars",
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={width},{HEIGHT}",
            f"--screenshot={shot}",
            (folder / "page.html").as_uri(),
        ],
        check=True,
        capture_output=True,
    )
    with Image.open(shot) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(to, optimize=True)


def main() -> None:
    """Make both pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cards = list(backs(folder))
        for mode in ("light", "night"):
            picture(cards, night=mode == "night", folder=folder, to=HERE / f"anki-{mode}.png")


if __name__ == "__main__":
    main()
