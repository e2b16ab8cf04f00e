"""Compressing a large file in blocks, on all processors, to the same bytes however many there are.

Each block is compressed by itself, with the end of the block before as what it may point back to, and they are joined
to one stream such as any program that unpacks zip files reads.
"""

from __future__ import annotations

import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

BLOCK = 1 << 20
"""Bytes of a block: so many that its borders add nothing to the size, so few that all processors have some to do."""

_WINDOW = 1 << 15
"""So far back a stream may point."""


class Deflating:
    """What `zlib.compressobj` is to one processor, for a raw stream."""

    def __init__(self, pool: ThreadPoolExecutor, ahead: int, level: int, block: int = BLOCK) -> None:
        """`pool` compresses, and at most `ahead` blocks of `block` bytes wait for it."""
        self._pool, self._ahead, self._level, self._block = pool, ahead, level, block
        self._rest, self._before = b"", b""
        self._running: deque[Future[bytes]] = deque()

    def compress(self, data: bytes) -> bytes:
        """Take in more of the file; gives what is ready of the stream."""
        data = self._rest + data  # which copies nothing where nothing is left over
        whole = len(data) - len(data) % self._block
        for start in range(0, whole, self._block):
            self._begin(data[start : start + self._block], is_last=False)
        self._rest = data[whole:]
        return self._ready(self._ahead)

    def flush(self) -> bytes:
        """The rest of the stream."""
        self._begin(self._rest, is_last=True)
        self._rest = b""
        return self._ready(0)

    def _begin(self, block: bytes, *, is_last: bool) -> None:
        self._running.append(self._pool.submit(_deflated, block, self._before, self._level, is_last))
        self._before = block[-_WINDOW:]

    def _ready(self, waiting: int) -> bytes:
        done = []
        while len(self._running) > waiting:
            done.append(self._running.popleft().result())
        return b"".join(done)


def _deflated(block: bytes, before: bytes, level: int, is_last: bool) -> bytes:
    # zlib lets other threads work meanwhile.
    stream = zlib.compressobj(
        level, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_DEFAULT_STRATEGY, before
    )
    return stream.compress(block) + stream.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)
