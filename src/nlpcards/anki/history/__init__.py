"""One history in two programs: reviews made here as Anki's, and Anki's as reviews of the journal."""
