"""How long something takes, for the measurements beside this file."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Seconds that something takes by a clock: the processor's, to which other work on the machine adds less."""
    gc.collect()  # lest it pay for what was left before
    start = clock()
    work()
    return clock() - start
