"""Python's garbage collector, held back while a deck is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Reading a deck makes very many objects and no cycles, so the collector would search them in vain: a fifth of the
    time where they are forgotten as they come, a third where all of them are kept.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
