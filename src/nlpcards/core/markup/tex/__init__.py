"""The TeX that decks may use: its symbols, its tree, its parser, and what is wrong with a formula."""
