"""The application layer: a learner's decks and journal, and everything a face can ask of them, as values."""
