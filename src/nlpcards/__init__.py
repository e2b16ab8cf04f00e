"""nlpcards: concept decks on NLP and language models, scheduled by FSRS, reviewed in the terminal, exported to Anki."""

__version__ = "0.1.0"
