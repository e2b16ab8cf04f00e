"""What tests of a collection beside Anki's share."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def anki_at_utc() -> Iterator[None]:
    """Anki's days are those of a learner at UTC."""
    with pytest.MonkeyPatch.context() as here:
        here.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()
