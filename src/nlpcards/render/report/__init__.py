"""Statistics as one HTML file that needs nothing else: no script, no font, no network."""

from __future__ import annotations

from nlpcards.render.report.page import report

__all__ = ["report"]
