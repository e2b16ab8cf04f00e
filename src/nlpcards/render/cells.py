"""Measuring and cutting text as a terminal does: in cells, of which a character takes none, one or two."""

from rich.cells import cell_len, chop_cells


def cell_width(text: str) -> int:
    """The cells that a text takes."""
    return len(text) if text.isascii() else cell_len(text)


def chop(text: str, width: int) -> list[str]:
    """The text in pieces that each fit the width, characters and their accents kept together."""
    if cell_width(text) <= width:
        return [text]
    return [piece for piece in chop_cells(text, max(width, 2)) if piece]
