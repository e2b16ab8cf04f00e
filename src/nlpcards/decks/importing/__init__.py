"""Other programs' cards as decks: tables from spreadsheets and Anki, and Markdown of `Q:`, `A:` and `C:`.

A reader of a format gives drafts of notes in our Markdown and names every row that it could not carry (`result`);
`formats` finds the reader for a file, `deck_files` puts the drafts into decks.
"""
