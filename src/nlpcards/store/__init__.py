"""The journal in SQLite: append-only events, the states that follow, copies, and the union of two journals."""

from nlpcards.store.cache import Difference
from nlpcards.store.identity import fingerprint
from nlpcards.store.journal_file import Journal
from nlpcards.store.reading import DayCounts

__all__ = ["DayCounts", "Difference", "Journal", "fingerprint"]
