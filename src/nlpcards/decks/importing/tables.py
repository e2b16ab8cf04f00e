"""CSV and tab-separated text, as spreadsheets and Anki write them, to drafts of notes: one row is one note."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from nlpcards.core.errors import NlpcardsError
from nlpcards.core.words import count
from nlpcards.decks.importing.columns import AnkiHeader, Columns, anki_header, columns_of
from nlpcards.decks.importing.plain import from_plain
from nlpcards.decks.importing.result import Draft, Reading, Skipped
from nlpcards.decks.keys import LONGEST_SLUG, SLUG, TAG, slug_of

LONGEST_CELL = csv.field_size_limit()
"""How many characters a cell may have; a spreadsheet's has at most 32,767."""

_MOST_TORN = 50
"""After so many rows whose quotes do not match, the file is no table: each costs a reading of what follows."""

_CLOZE = re.compile(r"\{\{c[0-9]+::")
_LOOKS_LIKE_MARKDOWN = re.compile(
    r"\*\*\S[^\n]*?\*\*|`[^`\n]+`|\$[^$\s][^$\n]*[\\^_{=][^$\n]*\$|!\[[^\]\n]*\]\(|\\\(.+?\\\)|^(?:[-*] |#{1,6} |```)",
    re.MULTILINE,
)
_LOOKS_LIKE_HTML = re.compile(
    r"<(?:br|/?div|/?b|/?i|/?p|/?span|/?li|/?ul|img\s[^<>]*)\s*/?>|&(?:nbsp|lt|gt|amp);", re.I
)


class Cells(StrEnum):
    """What the texts of a table are: text as it stands, Markdown, or HTML as in Anki's fields."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"


class _Row(NamedTuple):
    line: int
    cells: list[str]


def read_table(
    text: str, place: str, *, tabs: bool = False, columns: tuple[str, ...] = (), cells: Cells | None = None
) -> Reading:
    """The notes of a table; `place` is its file's name, for errors.

    `tabs` says that tabs part its columns unless the file says otherwise. `columns` are the roles of the columns in
    order, empty for those left out; without it the first row names them, or Anki's header does. `cells` says what the
    texts are; without it they are HTML where Anki's header says so, else plain.

    Raises:
        NlpcardsError: there is no row, or what the columns are cannot be told.
    """
    lines = list(io.StringIO(text, newline=""))
    anki = anki_header(lines)
    skipped: list[Skipped] = []
    remarks: list[str] = []
    separator = anki.separator if anki else _separator(lines, tabs=tabs)
    rows = _rows(lines, separator, anki.lines if anki else 0, skipped, remarks, place)
    if anki:
        rows = [row for row in rows if not lines[row.line - 1].startswith("#")]
    if not rows:
        if skipped:
            raise NlpcardsError(skipped[0].reason, place=f"{place}:{skipped[0].line}", remedy="Mend the row.")
        raise NlpcardsError("the table has no row", place=place, remedy="Write a question and an answer in each row.")
    usual = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
    found = columns_of(
        [rows[0].cells, *(row.cells for row in rows[1:] if len(row.cells) == usual)], columns, anki, place
    )
    if found.unused:
        remarks.append(f"Not imported: {', '.join(dict.fromkeys(found.unused))}. `--columns` says what a column is.")
    kind = cells or (Cells.HTML if anki and anki.html else Cells.PLAIN)
    reader = _Reader(found, _converter(kind, anki), anki, skipped)
    body = rows[found.header :]
    drafts = [draft for row in body if (draft := reader.read(row)) is not None]
    if kind is Cells.PLAIN and (hint := _hint(body)):
        remarks.append(hint)
    return Reading(tuple(drafts), tuple(sorted(skipped, key=lambda each: each.line)), tuple(remarks))


def _separator(lines: Sequence[str], *, tabs: bool) -> str:
    """What parts the columns: whatever makes columns with known names, else the same number of cells in every row."""
    best, best_score = "\t" if tabs else ",", (-1.0, 0)
    sample = lines[:200]
    for rank, separator in enumerate("\t,;" if tabs else ",;\t"):
        rows = [row for row in _parsed(sample, separator) if any(cell.strip() for cell in row)]
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, often = widths.most_common(1)[0]
        try:
            named = columns_of(rows[:1], (), None, "").header
        except NlpcardsError:
            named = False
        score = (2 * named + (often / len(rows) if width > 1 else 0) + (0.05 if width == 2 else 0), -rank)
        if score > best_score:
            best, best_score = separator, score
    return best


def _parsed(lines: Sequence[str], separator: str) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=separator)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue


def _rows(
    lines: list[str], separator: str, start: int, skipped: list[Skipped], remarks: list[str], place: str
) -> list[_Row]:
    """The rows that have anything in them, each with its line."""
    if separator == "\t" and any('"' in line for line in lines):
        torn: list[Skipped] = []
        rows = list(_quoted(lines, separator, start, torn, place))
        if not torn:
            return rows
        # Google Sheets writes tabs without quotes round the cells, so that a quote in one is a quote.
        remarks.append("Quotes in this table do not pair up, so they were read as part of the text.")
        bare = csv.reader(lines[start:], delimiter=separator, quoting=csv.QUOTE_NONE)
        return [_Row(start + bare.line_num, cells) for cells in bare if any(cell.strip() for cell in cells)]
    return list(_quoted(lines, separator, start, skipped, place))


def _quoted(lines: list[str], separator: str, start: int, skipped: list[Skipped], place: str) -> Iterator[_Row]:
    torn = 0
    while start < len(lines):
        reader = csv.reader(lines[start:] if start else lines, delimiter=separator, strict=True)
        at = 0
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield _Row(start + at + 1, cells)
                at = reader.line_num
            return
        except csv.Error as error:
            torn += 1
            reason = (
                f"a cell has more than {LONGEST_CELL:,} characters"
                if "limit" in str(error)
                else "a quote in it is not closed, or stands within a cell without being doubled"
            )
            skipped.append(Skipped(start + at + 1, reason))
            if torn > _MOST_TORN:
                raise NlpcardsError(
                    f"more than {_MOST_TORN} rows have quotes that do not match",
                    place=f"{place}:{start + at + 1}",
                    remedy="Export the table as CSV again, from a spreadsheet.",
                ) from None
            # Only the line on which the row begins is given up: an open quote would take all rows after it along.
            start += at + 1


def _converter(kind: Cells, anki: AnkiHeader | None) -> Callable[[str], str]:
    match kind:
        case Cells.PLAIN if anki is None:
            return from_plain
        case Cells.PLAIN:
            from nlpcards.decks.importing.anki_html import from_text_with_formulas

            return from_text_with_formulas
        case Cells.MARKDOWN:
            return lambda text: text.replace("\r\n", "\n").replace("\r", "\n").strip()
        case Cells.HTML:
            from nlpcards.decks.importing.anki_html import LONGEST, from_html

            def converted(html: str) -> str:
                if len(html) > LONGEST:
                    raise _LeftOut(f"a cell has more than {LONGEST:,} characters of HTML")
                return from_html(html)

            return converted


class _LeftOut(Exception):
    """A row cannot be carried; the text says why."""


class _Reader(NamedTuple):
    columns: Columns
    convert: Callable[[str], str]
    anki: AnkiHeader | None
    skipped: list[Skipped]

    def read(self, row: _Row) -> Draft | None:
        """The note of a row, None where it has none, which is then said in `skipped`."""
        try:
            return self._read(row)
        except _LeftOut as reason:
            self.skipped.append(Skipped(row.line, str(reason)))
            return None

    def _read(self, row: _Row) -> Draft:
        roles = self.columns.roles
        if any(cell.strip() for cell in row.cells[len(roles) :]):
            raise _LeftOut(
                f"the row has {count(len(row.cells), 'cell')} and the table {count(len(roles), 'column')}; text with a "
                "separator in it needs quotes"
            )
        raw = {role: cell.strip() for role, cell in zip(roles, row.cells, strict=False) if role and cell.strip()}
        body, why = self._body(raw, row)
        if hint := raw.get("hint"):
            text = body.get("cloze")
            if isinstance(text, str) and text.count("{{c") == 1 and text.count("::") == 1 and text.count("}}") == 1:
                body["cloze"] = text.replace("}}", f"::{' '.join(self.convert(hint).split())}}}}}")
            else:
                why.append(f"Hint: {self.convert(hint)}")
        why += [self.convert(raw[role]) for role in ("why",) if role in raw]
        anki = self.anki
        tags = tags_of(raw.get("tags", ""), anki=anki is not None)
        name, topic = raw.get("id", ""), slug_of(raw.get("topic", ""))
        if "topic" in raw and not SLUG.fullmatch(topic):
            self.skipped.append(Skipped(row.line, "its topic has no Latin letter, so the note is without one"))
        return Draft(
            row.line,
            body,
            "\n\n".join(why),
            tuple(dict.fromkeys((*(anki.tags if anki else ()), *tags))),
            " ".join(raw.get("cite", "").split()),
            topic,
            name if SLUG.fullmatch(name) else slug_of(name)[:LONGEST_SLUG],
            raw.get("deck", "") or (anki.deck if anki else ""),
        )

    def _body(self, raw: dict[str, str], row: _Row) -> tuple[dict[str, str | bool], list[str]]:
        """The keys of the note's kind, and what comes first under its `why`."""
        question = raw.get("q") or raw.get("term", "")
        answer = raw.get("a") or raw.get("definition", "")
        if _CLOZE.search(raw.get("cloze", "")):
            return {"cloze": self.convert(raw["cloze"])}, [self.convert(text) for text in (answer,) if text]
        if _CLOZE.search(question):
            return {"cloze": self.convert(question)}, [self.convert(answer)] if answer else []
        if _CLOZE.search(answer):
            return {"cloze": "\n\n".join(self.convert(text) for text in (question, answer) if text)}, []
        if "cloze" in raw and not question:
            raise _LeftOut("its text has no cloze such as {{c1::text}}")
        question, answer = self.convert(question), self.convert(answer)
        for what, text in (("question", question), ("answer", answer)):
            if not text:
                raise _LeftOut(f"it has no {what}")
        if "term" in raw and "definition" in raw:
            return {"term": question, "definition": answer}, []
        body: dict[str, str | bool] = {"q": question, "a": answer}
        if self._is_reversed(row):
            body["both"] = True
        return body, []

    def _is_reversed(self, row: _Row) -> bool:
        at = self.columns.note_type
        kind = row.cells[at] if at is not None and at < len(row.cells) else self.anki.note_type if self.anki else ""
        return "reversed" in kind.lower() and "optional" not in kind.lower()


def tags_of(cell: str, *, anki: bool) -> list[str]:
    """The tags in a cell: words, or, where there are commas or semicolons, what these part; Anki's have spaces only."""
    parts = cell.split() if anki or not re.search("[,;]", cell) else re.split("[,;]", cell)
    tags = ("-".join(TAG.findall("-".join(part.split()).lstrip("#"))) for part in parts)
    return [tag for tag in dict.fromkeys(tags) if tag and tag.isprintable()]


def _hint(rows: Sequence[_Row]) -> str:
    """Where plain cells look like something else, how to have them read so."""
    found: Counter[Cells] = Counter()
    lines: dict[Cells, int] = {}
    for row in rows:
        text = "\n".join(row.cells)
        for cells, pattern in ((Cells.HTML, _LOOKS_LIKE_HTML), (Cells.MARKDOWN, _LOOKS_LIKE_MARKDOWN)):
            if pattern.search(text):
                found[cells] += 1
                lines.setdefault(cells, row.line)
    if not found:
        return ""
    cells, number = found.most_common(1)[0]
    name = "HTML" if cells is Cells.HTML else "Markdown or maths"
    return (
        f"{count(number, 'row')} (first: line {lines[cells]}) {'looks' if number == 1 else 'look'} like {name} and "
        f"{'was' if number == 1 else 'were'} imported as the text it is; `--text {cells}` reads it as such."
    )
