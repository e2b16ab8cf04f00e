"""Anki's notes as notes of ours: their cards rendered, their HTML as Markdown, what came from here text for text."""
