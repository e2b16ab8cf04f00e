"""The rules of the program as pure values and functions: no files, no clock, no randomness, no screen, no network."""
