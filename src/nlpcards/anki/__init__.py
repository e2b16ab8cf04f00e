"""Anki: packages that Anki imports, and imports again without duplicates."""
