"""Files tried one after the other in a process of its own, whose memory is bounded.

    python -m tests.fuzz.replay FOLDER

Prints JSON: what became of each file, and the most memory that was held, in bytes. Ends with a traceback where a
promise was broken. Linux alone, since elsewhere the system neither bounds nor tells memory so.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from pathlib import Path

from tests.fuzz.basics import MOST, memory
from tests.fuzz.trial import tried


def main() -> None:
    """Try all files of a folder."""
    most = MOST - memory("VmRSS") + memory("VmSize")
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    outcomes = {}
    with tempfile.TemporaryDirectory() as desk:
        for path in sorted(Path(sys.argv[1]).iterdir()):
            try:
                outcomes[path.name] = tried(path, Path(desk) / "desk").value
            except BaseException as error:
                error.add_note(f"while reading {path.name}")
                raise
    print(json.dumps({"outcomes": outcomes, "peak": memory("VmHWM")}))


if __name__ == "__main__":
    main()
