"""The marks in the journal that the roadmap is followed by: a subject, and a value as JSON."""

from __future__ import annotations

import json
from typing import Any

from nlpcards.core.journal import Event, Mark


def mark(subject: str, value: Any) -> Mark:
    """The mark that gives a subject a value of JSON's kinds; the same value is always the same text."""
    return Mark(subject, json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True))


def value_of(event: Event) -> Any:
    """The value that a mark gives its subject, None where it cannot be read."""
    assert isinstance(event.body, Mark)
    try:
        return json.loads(event.body.value)
    except (ValueError, RecursionError):
        return None
