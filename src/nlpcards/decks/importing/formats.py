"""Which reader a file is for, by its ending and, where that says little, by what is in it."""

from __future__ import annotations

from pathlib import Path

from nlpcards.core.errors import UsageError
from nlpcards.decks.importing.decoding import read_text_file
from nlpcards.decks.importing.result import Reading
from nlpcards.decks.importing.tables import Cells

_REMEDIES = {
    **dict.fromkeys((".xlsx", ".xls", ".ods", ".numbers"), "In the spreadsheet, save the sheet as CSV (in UTF-8)."),
    **dict.fromkeys((".yaml", ".yml"), "It is a deck already if it is ours: put it into the folder of your decks."),
}
_KNOWN = (
    "Anki's packages (.apkg, .colpkg), tables (.csv, .tsv), Anki's notes in plain text (.txt) and Markdown with `Q:` "
    "and `A:` (.md) can."
)


def read_file(path: Path, *, columns: tuple[str, ...] = (), cells: Cells | None = None) -> Reading:
    """The notes of a file of any format that can be imported; `columns` and `cells` are for tables, as `read_table`.

    Raises:
        UsageError: no reader is for such files.
        NlpcardsError: the file cannot be read, or has nothing that its reader knows.
    """
    from nlpcards.decks.importing.markdown import MARKED, read_markdown
    from nlpcards.decks.importing.tables import read_table

    suffix = path.suffix.lower()
    if suffix not in (".csv", ".tsv", ".tab", ".txt", ".md", ".markdown"):
        raise UsageError(
            f"a file that ends in `{path.suffix}` cannot be imported"
            if suffix
            else "a file without an ending cannot be imported",
            place=str(path),
            remedy=_REMEDIES.get(suffix, _KNOWN),
        )
    text, remark = read_text_file(path)
    is_table = suffix in (".csv", ".tsv", ".tab")
    if suffix == ".txt":
        is_table = text.startswith("#") or "\t" in text or not MARKED.search(text)
    if is_table:
        tabs = suffix != ".csv"
        reading = read_table(text, str(path), tabs=tabs, columns=columns, cells=cells)
    elif columns or cells:
        raise UsageError(
            "only a table has columns and cells, and this is Markdown",
            place=str(path),
            remedy="Leave `--columns` and `--text` out.",
        )
    else:
        reading = read_markdown(text)
    if not remark:
        return reading
    return Reading(reading.drafts, reading.skipped, (remark, *reading.remarks), reading.title)
