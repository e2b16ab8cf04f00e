"""Reading Anki's packages and collections, which are a stranger's until they are read."""
