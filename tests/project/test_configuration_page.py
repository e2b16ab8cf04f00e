"""The page of settings is made from what the program knows, so that it cannot say anything else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from nlpcards.collection.setting_keys import KEYS
from nlpcards.tui.rebinding import defaults

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text("utf-8")


def test_the_page_of_settings_is_what_its_program_prints() -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_configuration.py")],
        capture_output=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=True,
    )
    assert made.stdout.decode("utf-8") == PAGE, "run `python docs/make_configuration.py > docs/configuration.md`"


def test_the_page_names_every_setting_and_every_key() -> None:
    assert not [key.name for key in KEYS if f"| `{key.name}` |" not in PAGE]
    assert not [name for name in defaults() if f"| `{name}` |" not in PAGE]
