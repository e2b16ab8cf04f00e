"""Progress as data for scripts."""

from __future__ import annotations

from nlpcards.core.roadmap.progress import Progress


def progress_as_data(progress: Progress) -> dict[str, object]:
    """The figures of a progress, shares as numbers from 0 to 1; `recall` is None before the first card."""
    return {
        "notes": progress.notes,
        "cards": progress.cards,
        "met": progress.met,
        "introduced": round(progress.introduced, 4),
        "recall": None if progress.recall is None else round(progress.recall, 4),
        "mature": round(progress.mature, 4),
        "forgotten": round(progress.forgotten, 2),
    }
