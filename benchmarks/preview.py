"""How soon the preview shows a saved change: `python benchmarks/preview.py [DECK.yaml] [SAVES]`.

Each save changes one question of a copy of the deck; the time runs from the end of the write until the sheet on the
screen shows the new text. The least, the median and the most are printed, in milliseconds; the target is 300.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from nlpcards.tui.preview import PreviewApp
from nlpcards.tui.sheet import Sheet


async def measured(deck: Path, saves: int) -> list[float]:
    """The delays of some saves, in seconds."""
    text = deck.read_text("utf-8")
    question = next(line for line in text.splitlines() if line.startswith("    q: "))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / deck.name
        path.write_text(text, "utf-8")
        app = PreviewApp(path, edit=lambda file, line: None, today=date(2026, 11, 21))
        delays = []
        async with app.run_test(size=(120, 40)) as pilot:
            sheet = app.screen.query_one(Sheet)
            for number in range(saves):
                await pilot.pause(0.4)
                path.write_text(text.replace(question, f"    q: Asked for the {number}th time?"), "utf-8")
                began = time.perf_counter()
                while not any(f" {number}th time?" in sheet.render_line(y).text for y in range(sheet.size.height)):
                    await asyncio.sleep(0.002)
                delays.append(time.perf_counter() - began)
        return delays


def main() -> None:
    deck = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "decks" / "attention.yaml"
    delays = [1000 * delay for delay in asyncio.run(measured(deck, int(sys.argv[2]) if len(sys.argv) > 2 else 20))]
    print(f"{deck.name}: {min(delays):.0f} ms, {statistics.median(delays):.0f} ms, {max(delays):.0f} ms")


if __name__ == "__main__":
    main()
