"""The terminal interface: Today, Review and what belongs to them, on Textual."""

from __future__ import annotations

from nlpcards.tui.app import NlpcardsApp, run

__all__ = ["NlpcardsApp", "run"]
