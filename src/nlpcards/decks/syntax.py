"""What the author of a file that is not YAML probably did, and what to type instead.

libyaml says where its grammar broke, which is seldom where the mistake is and never what to do. The messages here come
from the line of the mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from yaml.error import MarkedYAMLError

from nlpcards.decks.keys import DECK_KEYS, NOTE_KEYS, SOURCE_KEYS
from nlpcards.decks.quoting import block_of, item_written_out, late_header_words, single_quoted, written_out
from nlpcards.decks.source import SourceText, shortened

_KNOWN = frozenset((*DECK_KEYS, *NOTE_KEYS, *SOURCE_KEYS))
_ENTRY = re.compile(r"(?P<lead>[ \t\xa0]*(?:-[ \t\xa0]+)*)(?P<key>[\w“”‘’\"'-]+)(?P<colon>:)(?P<gap>\s*)(?P<value>.*)")
_NO_COLON = re.compile(r"[ \t]*(?:-[ \t]+)*(?P<key>[a-z_]+)(?P<rest>.*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>(?P<quote>[\"']).*)")
_NOTE_LINE = re.compile(rf" *-( +)(?:{'|'.join(NOTE_KEYS)}):")
_STUCK_DASH = re.compile(rf"[ \t]*-(?P<rest>(?P<key>{'|'.join(NOTE_KEYS)}):(?:\s.*)?)")
_HEADER = re.compile(r" *(?:- +)*(?P<key>[\w-]+): *[|>][-+0-9]*[ \t]*(?:#.*)?")
_LATE_HEADER = re.compile(r" *(?:- +)*(?P<key>[\w-]+): +(?P<text>[^\s|>'\"\[{][^|]*?)[ \t]+(?P<mark>[|>]-?)[ \t]*")


class Explanation(NamedTuple):
    """A syntax error in an author's terms; `at` is an index of the whole source."""

    at: int
    code: str
    message: str
    hint: str


def explain(source: SourceText, error: MarkedYAMLError, base: int, end: int) -> Explanation:
    """What is wrong where libyaml gave up while it read the part of the source from `base` to `end`."""
    problem = str(error.problem or "")
    context = str(error.context or "")
    at = min(base + (error.problem_mark.index if error.problem_mark else 0), end)
    began = base + error.context_mark.index if error.context_mark else at
    if "quoted scalar" in context:
        return _in_quotes(source, problem, at, began)
    if "block scalar" in context:
        return _in_block(source, problem, at, began)
    if "tab" in problem or "\t" in _indentation(source, at):
        return _tab(source, at)
    if "scanning an alias" in context or "scanning an anchor" in context or " a tag" in context:
        return _special(source, began)
    if "cannot start any token" in problem or "expected node content" in problem:
        return _special(source, at)
    if "directive" in context:
        return _special(source, began)
    if "entries are not allowed" in problem or "keys are not allowed" in problem:
        return _special(source, at)
    if "flow" in context:
        return _in_flow(source, began)
    if "mapping values" in problem:
        return _second_colon(source, at)
    if "could not find expected ':'" in problem:
        return _no_colon(source, began)
    return _out_of_line(source, at)


def _indentation(source: SourceText, index: int) -> str:
    line = source.line_of(index)
    return line[: len(line) - len(line.lstrip())]


def _line_start(source: SourceText, index: int) -> int:
    return source.text.rfind("\n", 0, index) + 1


def _entry(source: SourceText, index: int) -> re.Match[str] | None:
    """The `key: value` on the line of an index."""
    return _ENTRY.fullmatch(source.line_of(index))


def _block_hint(key: str) -> str:
    return f"Write {block_of(key)}."


def stuck_dash(line: str) -> str:
    """What to say of a line whose dash has no space after it before a key of a note; empty for any other line."""
    found = _STUCK_DASH.fullmatch(line)
    return f"Write `- {shortened(found['rest'], 60)}`: a space follows the dash." if found else ""


def late_header(line: str) -> tuple[str, str] | None:
    """The key and the mark of a line in which the mark of a block ends a text, where it means nothing to YAML."""
    found = _LATE_HEADER.fullmatch(line)
    return (found["key"], found["mark"]) if found else None


_MOST_LINES_BACK = 200


def _lines_above(source: SourceText, index: int) -> Iterator[str]:
    """The lines before that of an index, the nearest first."""
    for _ in range(_MOST_LINES_BACK):
        index = _line_start(source, index) - 1
        if index < 0:
            return
        yield source.line_of(index)


def _column_of_keys(source: SourceText, index: int) -> int:
    """The column (from 1) of the keys of the note that an index is in, 0 where it is not known."""
    for line in _lines_above(source, index):
        found = _NOTE_LINE.match(line)
        if found:
            return found.end(1) + 1
    return 0


def _move(source: SourceText, index: int, key: str) -> str:
    """Where a key of a note belongs."""
    column = _column_of_keys(source, index)
    if not column or key not in NOTE_KEYS:
        return "Begin all keys of a note in the same column, and each note with `- `."
    return f"Move `{key}` to column {column}: all keys of a note begin in the same column."


def _quoted(source: SourceText, at: int, key: str) -> str:
    """How to write what stands from an index to the end of its line in single quotes."""
    text = source.quoted(at).rstrip()
    before = "- " if source.line_of(at).lstrip().startswith("- ") and not _entry(source, at) else f"{key}: "
    if len(text) > 60:
        return f"`{before}'…'`"
    return f"`{before}{single_quoted(text)}`"


def _in_quotes(source: SourceText, problem: str, at: int, began: int) -> Explanation:
    if "end of stream" in problem or "document indicator" in problem:
        quote = source.text[began : began + 1]
        return Explanation(
            began,
            "D107",
            f"the text that begins with {quote} has no closing {quote}",
            f"Write the closing {quote} at its end, or put the text in a `|-` block, where quotes are text.",
        )
    slash = source.text.rfind("\\", 0, at + 1)
    slash = at if slash < began else slash
    escape = _ESCAPE.match(source.quoted(slash))
    return Explanation(
        slash,
        "D104",
        f"`{escape[0] if escape else chr(92)}` stands in double quotes, where a backslash begins an escape",
        "Use single quotes or a `|-` block, where a backslash is a backslash.",
    )


def _in_block(source: SourceText, problem: str, at: int, began: int) -> Explanation:
    if "tab" in problem:
        return _tab(source, at)
    mark = source.text[began : began + 1]
    entry = _entry(source, began)
    key = entry["key"] if entry else "a"
    return Explanation(
        began,
        "D102",
        f"a text that begins with `{mark}` is read as a block, whose text must begin on the next line",
        _block_hint(key) + f" If `{mark}` is a part of the text, it belongs there too.",
    )


def _tab(source: SourceText, at: int) -> Explanation:
    start = _line_start(source, at)
    line = source.line_of(at)
    tab = source.text.find("\t", start, start + len(line))
    hint = "Indent with spaces: two before the dash of a note, four before its other keys."
    entry = _ENTRY.fullmatch(line)
    block, column = _block_above(source, at), _column_of_keys(source, at)
    if block and not (entry and entry["key"] in NOTE_KEYS):
        hint = f"Indent the text of `{block[0]}` with {block[1]} spaces."
    elif column and entry and entry["key"] in NOTE_KEYS and "-" not in entry["lead"]:
        hint = f"Put {column - 1} spaces before `{entry['key']}`, as before the other keys of the note."
    return Explanation(tab if tab >= 0 else at, "D103", "a tab stands in the indentation", hint)


def _block_above(source: SourceText, index: int) -> tuple[str, int] | None:
    """The key of the block that the line of an index goes on with, and with how many spaces its text is indented."""
    found = 0
    for line in _lines_above(source, index):
        header = _HEADER.fullmatch(line)
        if header:
            return header["key"], found or header.start("key") + 2
        if not line.strip() or "\t" in line[: len(line) - len(line.lstrip())]:
            continue
        if _ENTRY.fullmatch(line) and _ENTRY.fullmatch(line)["key"] in _KNOWN:  # type: ignore[index]
            return None
        found = len(line) - len(line.lstrip())
    return None


def _special(source: SourceText, at: int) -> Explanation:
    char = source.text[at : at + 1]
    if char == "\t":
        return _tab(source, at)
    entry = _entry(source, at)
    if char == "-" and entry:
        return Explanation(
            at,
            "D105",
            f"a list begins on the line of its key `{entry['key']}`",
            f"If the dash is a part of the text, put it in quotes: {_quoted(source, at, entry['key'])}. "
            "If not, begin the list on the next line.",
        )
    key = entry["key"] if entry else "a"
    shown = "a backtick" if char == "`" else "`{{`" if source.text.startswith("{{", at) else f"`{char}`"
    if char == "*" and source.line_of(at).lstrip().startswith("* "):
        return Explanation(at, "D102", "an item of a list begins with `*`", "Begin each item with `- `.")
    return Explanation(
        at,
        "D102",
        f"the text begins with {shown}, which means something else in YAML",
        f"Put all of the text in single quotes: {_quoted(source, at, key)}. Or write it as a block: {block_of(key)}.",
    )


def _in_flow(source: SourceText, began: int) -> Explanation:
    opening = source.text[began : began + 1]
    closing = {"[": "]", "{": "}"}.get(opening, "]")
    if source.text.startswith("{{", began) or source.text.startswith("{{", began - 1):
        return _special(source, began if source.text.startswith("{{", began) else began - 1)
    return Explanation(
        began,
        "D110",
        f"`{opening}` opens a list or a mapping that is not closed as it should be",
        f"Write the closing `{closing}`, and a comma between items; if it is text, put all of it in single quotes.",
    )


def _second_colon(source: SourceText, at: int) -> Explanation:
    entry = _entry(source, at)
    start = _line_start(source, at)
    if entry and start + entry.start("colon") < at:
        value = start + entry.start("value")
        if entry["value"][:1] in ("“", "”", "„", "‘", "«"):
            return Explanation(
                value,
                "D101",
                f"the typographic quote {entry['value'][0]} does not quote for YAML, so the `: ` after it begins a key",
                "Use straight quotes, or a block. " + _block_hint(entry["key"]),
            )
        if "-" in entry["lead"] and entry["key"] not in _KNOWN:
            text = source.line_of(at)[entry.start("key") :]
            message = "the text has a colon and a space in it, which YAML reads as a key"
            return Explanation(at, "D101", message, item_written_out(text))
        goes_on = _goes_on(source, at, entry.start("key")) or entry["value"][:1] in ("'", '"')
        hint = _block_hint(entry["key"]) if goes_on else written_out(entry["key"], entry["value"])
        message = f"the text of `{entry['key']}` has a colon and a space in it, which YAML reads as another key"
        return Explanation(at, "D101", message, hint)
    late = late_header(source.line_of(start - 1)) if start else None
    if late:
        return Explanation(start - 1 - len(late[1]), "D214", *late_header_words(*late))
    missing = _missing_colon(source, start - 1) if start else None
    if missing:
        return missing
    if entry and entry["key"] in _KNOWN:
        return Explanation(
            start + entry.start("key"),
            "D105",
            f"`{entry['key']}` is indented too far, so it is read as more of the text above it",
            _move(source, at, entry["key"]),
        )
    return Explanation(
        at,
        "D101",
        "the text has a colon and a space in it, which YAML reads as a key",
        "Put the text below its key in a `|-` block.",
    )


def _goes_on(source: SourceText, index: int, column: int) -> bool:
    """Whether the text in the line of an index, under a key in a column, goes on in the next line."""
    end = source.text.find("\n", index)
    following = source.line_of(end + 1) if end >= 0 else ""
    return bool(following.strip()) and len(following) - len(following.lstrip(" ")) > column


def _missing_colon(source: SourceText, index: int) -> Explanation | None:
    """Whether the line of an index is a known key whose colon, or the space after it, is missing."""
    line = source.line_of(index)
    start = _line_start(source, index)
    entry = _ENTRY.fullmatch(line)
    if entry and not entry["gap"] and entry["value"] and entry["key"] in _KNOWN:
        return Explanation(
            start + entry.start("colon"),
            "D109",
            f"no space follows the colon of `{entry['key']}`",
            f"Write `{entry['key']}: ` and then the text.",
        )
    if entry and "\xa0" in entry["gap"] + entry["lead"]:
        return Explanation(
            start + line.index("\xa0"),
            "D109",
            "a no-break space stands where YAML needs a common space",
            "Type the space again.",
        )
    bare = _NO_COLON.fullmatch(line)
    if bare and not entry and bare["key"] in _KNOWN and bare["rest"][:1] in (" ", ""):
        return Explanation(
            start + bare.end("key"),
            "D109",
            f"no colon follows `{bare['key']}`",
            f"Write `{bare['key']}: ` and then the text." if bare["rest"].strip() else f"Write `{bare['key']}:`.",
        )
    return None


def _no_colon(source: SourceText, at: int) -> Explanation:
    missing = _missing_colon(source, at)
    if missing:
        return missing
    return Explanation(
        at,
        "D105",
        f"`{shortened(source.quoted(at))}` is neither a key with its value nor a part of the text above",
        "Indent it if it goes on with the text above, or write it in a `|-` block.",
    )


_ESCAPE = re.compile(r"\\(?:[A-Za-z]+|.?)")
_AFTER_QUOTES = re.compile(r"""(?:'[^']*+'|"(?:[^"\\]|\\.)*+").""")


def _out_of_line(source: SourceText, at: int) -> Explanation:
    line, start = source.line_of(at), _line_start(source, at)
    entry = _ENTRY.fullmatch(line)
    if entry and start + entry.start("value") < at:
        value = entry["value"]
        if value[:1] in ("'", '"') and _AFTER_QUOTES.match(value):
            return Explanation(
                at,
                "D108",
                f"the text of `{entry['key']}` goes on after its closing {value[0]}",
                written_out(entry["key"], value),
            )
        if value[:1] in ("{", "["):
            return _special(source, start + entry.start("value"))
    item = _ITEM.fullmatch(line)
    if item and start + item.start("value") < at and _AFTER_QUOTES.match(item["value"]):
        message = f"the text of the item goes on after its closing {item['quote']}"
        return Explanation(at, "D108", message, item_written_out(item["value"]))
    stuck = stuck_dash(line)
    if stuck:
        return Explanation(start + line.index("-"), "D109", "no space follows the dash", stuck)
    missing = _missing_colon(source, at)
    if missing:
        return missing
    first = source.text[at : at + 1]
    if entry and "-" not in entry["lead"] and entry["key"] in _KNOWN:
        return Explanation(
            start + entry.start("key"),
            "D105",
            f"`{entry['key']}` stands in column {entry.start('key') + 1}, where no other key of the note begins",
            _move(source, at, entry["key"]),
        )
    above = source.line_of(start - 1) if start else ""
    if " #" in above and first not in "-":
        return Explanation(
            start - 1 - len(above) + above.index(" #") + 1,
            "D206",
            f"YAML drops `{shortened(above[above.index(' #') + 1 :])}` as a comment, and with it the rest of the text",
            "Put the text in a `|-` block.",
        )
    return Explanation(
        at,
        "D105",
        f"`{shortened(source.quoted(at)) or 'the end of the file'}` does not stand where YAML expects it",
        "Indent all keys of a note alike, begin each note with `- `, and put longer texts in `|-` blocks.",
    )
