"""What needs nothing of the program, so that a fuzzer may have it before it looks at how the program is loaded."""

from __future__ import annotations

from pathlib import Path

ENDINGS = (".apkg", ".colpkg", ".anki2", ".json")
"""What kinds of inputs there are, by the endings of their files; the last is a single note (see `seeds.NOTES`)."""

MOST = 500 << 20
"""Bytes that a process may hold while it reads a file of anybody's, the program itself included."""


def memory(name: str) -> int:
    """Bytes of this process, as Linux counts them.

    `VmRSS` is what it holds now, `VmHWM` the most that it held since that was last reset, `VmSize` what it asked for.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) << 10
    return 0
