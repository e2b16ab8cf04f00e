"""What each hostile deck file costs: the time until its errors are known, and the most memory held by then.

    python benchmarks/hostile.py              # all
    python benchmarks/hostile.py dashes keys  # these

Each is written to a file and checked by a process of its own; the time has the start of Python and the imports in it,
from bytecode as in an installed program.
The second time is that of the processor alone, which other work on the machine does not add to.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support.hostile import CASES

CHECK = """
import json, sys
from pathlib import Path
from nlpcards.decks.check import check
problems = check([Path(sys.argv[1])])
# Not `ru_maxrss`, which begins with what the process that started this one held.
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(json.dumps([peak, len(problems), sum(each.is_error for each in problems), problems[-1].code if problems else ""]))
"""


def used() -> float:
    """The processor's seconds that all processes started from here took."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.yaml"
        environment = dict(os.environ)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        subprocess.run([sys.executable, "-c", CHECK, str(path)], env=environment, capture_output=True, check=False)
        for name in sys.argv[1:] or CASES:
            path.write_bytes(CASES[name]().encode("utf-8", "surrogateescape"))
            start, before = time.perf_counter(), used()
            done = subprocess.run(
                [sys.executable, "-c", CHECK, str(path)], env=environment, capture_output=True, text=True, check=False
            )
            seconds, processor = time.perf_counter() - start, used() - before
            if done.returncode:
                print(f"{name:30} failed: {done.stderr.strip().splitlines()[-1]}")
                continue
            peak, problems, errors, last = json.loads(done.stdout)
            print(
                f"{name:30} {seconds:6.2f} s {processor:6.2f} s {peak / 1024:6.0f} MB "
                f"{problems:6} problems, {errors} errors, last {last}",
                flush=True,
            )


if __name__ == "__main__":
    main()
