"""A stranger's JSON: read only where it cannot grow to many times its size."""

from __future__ import annotations

import json
from typing import Any

from nlpcards.anki.reading.limits import MOST_VALUES


def loaded(text: str | bytes) -> Any:
    """What a JSON text says.

    Raises:
        ValueError: it is none, or has more than `MOST_VALUES` values.
        RecursionError: it is nested without end.
    """
    # Each value but the first of a list or a mapping has one of these before it; those within texts count too.
    marks = (b",", b"[", b"{") if isinstance(text, bytes) else (",", "[", "{")
    if sum(map(text.count, marks)) > MOST_VALUES:  # type: ignore[arg-type]
        raise ValueError(f"it has more than {MOST_VALUES:,} values")
    return json.loads(text)
