"""What a fuzzer found worth keeping: inputs that together reach what it reached, and each that once broke a promise.

`tests.fuzz` says how they were found. A file that is named `reaches-…` is there for what of the reader it runs through,
a file that is named `found-…` for what it once did.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.basics import ENDINGS, MOST

CORPUS = Path(__file__).parent / "fuzz_corpus"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded and told as Linux does")
def test_no_kept_input_crashes_the_reader_is_half_imported_or_takes_500_megabytes() -> None:
    command = [sys.executable, "-m", "tests.fuzz.replay", str(CORPUS)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["outcomes"].keys() == {path.name for path in CORPUS.iterdir()}
    assert set(said["outcomes"].values()) == {"taken", "refused"}
    assert said["peak"] < MOST


def test_the_kept_inputs_are_small_and_say_why_they_are_kept() -> None:
    files = list(CORPUS.iterdir())
    assert all(path.suffix in ENDINGS and path.name.startswith(("found-", "reaches-")) for path in files)
    assert sum(path.stat().st_size for path in files) < 1 << 19
