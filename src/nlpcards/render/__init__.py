"""Markup to the terminal, to plain words and to Anki's HTML."""
