"""A browser without a window, where there is one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""The browser's path; None where there is none, and tests that need it skip themselves."""

_QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
_ALONE = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions")


def browse(folder: Path, page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Open a page in a browser of its own profile, below `folder`, and give back what it printed."""
    assert BROWSER is not None
    command: Sequence[str] = [BROWSER, *_QUIET, *_ALONE, f"--user-data-dir={folder / 'profile'}", *options]
    return subprocess.run([*command, page.as_uri()], capture_output=True, text=True, check=True)


def picture(folder: Path, page: Path, *, dark: bool, size: tuple[int, int] = (1200, 1000)) -> bytes:
    """A PNG of the top of a page, as a reader sees it who asked for dark or for light pages."""
    shot = folder / f"{'dark' if dark else 'light'}.png"
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    browse(folder, page, scheme, f"--window-size={size[0]},{size[1]}", f"--screenshot={shot}")
    return shot.read_bytes()
