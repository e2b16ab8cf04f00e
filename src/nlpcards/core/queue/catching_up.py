"""Catching up: a backlog is spread over days instead of falling on one."""

from __future__ import annotations


def share(due: int, reviewed: int, days: int) -> int:
    """How many further reviews today takes of a backlog that is to be gone after `days` days, today being the first.

    Today's part is an equal one of all that was due this morning: what is `due` now and what was `reviewed` today
    already. So a second look on the same day asks for no more, and on the last day (`days` 1) everything is asked.
    """
    if days <= 1:
        return due
    return max(0, -(-(due + reviewed) // days) - reviewed)
