"""Decks: YAML files to notes, with everything that is wrong in them, and the library of all decks."""
