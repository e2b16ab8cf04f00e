"""What tells of a file whether it changed, without a look at what it holds."""

from __future__ import annotations

import os

COARSEST_NS = 2_000_000_000
"""How coarse a file system's clock may be (FAT's is the coarsest). A file that changed within this time before it was
looked at may change again without its stamp's telling, so nothing is kept of it."""

Times = tuple[int, int, int, int]
"""Inode, size, and the times of the last change of content and of status in ns since 1970 UTC."""


def times(status: os.stat_result) -> Times:
    """What tells of a file whether it changed, by its status."""
    # Neither the device, which some systems number anew at each start, nor the mode, which says nothing of the text.
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def times_at(path: str | os.PathLike[str]) -> Times | None:
    """What tells of the file or folder at a path whether it changed, None where there is none.

    SQLite's `-wal` counts as none while it is empty: whoever only reads may make such a one, or take it away.
    """
    try:
        status = os.stat(path)
    except OSError:
        return None
    return times(status) if status.st_size or not os.fspath(path).endswith("-wal") else None


def is_settled(seen: Times | None, now_ns: int) -> bool:
    """Whether a file's last change is so long before an instant (ns since 1970 UTC) that any later one will show."""
    return seen is None or max(seen[2:]) <= now_ns - COARSEST_NS
