"""A running Anki, through the HTTP API of its add-on AnkiConnect."""
