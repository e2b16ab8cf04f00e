"""Statistics: what a history of answers and the cards' memory states come to; `docs/statistics.md` defines each."""
