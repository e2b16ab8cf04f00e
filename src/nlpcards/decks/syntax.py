"""What the author of a file that is not YAML probably did, and what to type instead.

libyaml says where its grammar broke, which is seldom where the mistake is and never what to do. The messages here come
from the line of the mistake.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from yaml.error import MarkedYAMLError

from nlpcards.decks.keys import DECK_KEYS, LATER_DECK_KEYS, NOTE_KEYS, SOURCE_KEYS
from nlpcards.decks.source import SourceText, shortened

_KNOWN = frozenset((*DECK_KEYS, *NOTE_KEYS, *SOURCE_KEYS, *LATER_DECK_KEYS))
_ENTRY = re.compile(r"(?P<lead>[ \t\xa0]*(?:-[ \t\xa0]+)*)(?P<key>[\w“”‘’\"'-]+)(?P<colon>:)(?P<gap>\s*)(?P<value>.*)")
_NO_COLON = re.compile(r"[ \t]*(?:-[ \t]+)*(?P<key>[a-z_]+)(?P<rest>.*)")
_BLOCK_HINT = "Write `{key}: |-` and the text on the next line, indented by two more spaces."


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
        return _in_flow(source, at, began)
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
    return _BLOCK_HINT.format(key=key)


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
    return Explanation(
        slash,
        "D104",
        f"`{shortened(source.text[slash : slash + 12])}` stands in double quotes, where a backslash begins an escape",
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
    tab = source.text.find("\t", start, start + len(source.line_of(at)))
    return Explanation(
        tab if tab >= 0 else at,
        "D103",
        "a tab stands in the indentation",
        "Indent with spaces: two before the dash of a note, four before its other keys.",
    )


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
            "Begin the list on the next line, or put the text in quotes if the dash is a part of it.",
        )
    key = entry["key"] if entry else "a"
    shown = "{{" if source.text.startswith("{{", at) else char
    return Explanation(
        at,
        "D102",
        f"the text begins with `{shown}`, which means something else in YAML",
        "Put all of the text in single quotes, or write it as a block. " + _block_hint(key),
    )


def _in_flow(source: SourceText, at: int, began: int) -> Explanation:
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
        return Explanation(
            at,
            "D101",
            f"the text of `{entry['key']}` has a colon and a space in it, which YAML reads as another key",
            f"{_block_hint(entry['key'])} Single quotes around all of it do too.",
        )
    missing = _missing_colon(source, start - 1) if start else None
    if missing:
        return missing
    if entry and entry["key"] in _KNOWN:
        return Explanation(
            start + entry.start("key"),
            "D105",
            f"`{entry['key']}` is indented too far, so it is read as more of the text above it",
            "Begin all keys of a note in the same column.",
        )
    return Explanation(
        at,
        "D101",
        "the text has a colon and a space in it, which YAML reads as a key",
        "Put the text below its key in a `|-` block.",
    )


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
            f"Write `{bare['key']}: ` and then the text.",
        )
    return None


def _no_colon(source: SourceText, at: int) -> Explanation:
    missing = _missing_colon(source, at)
    if missing:
        return missing
    return Explanation(
        at,
        "D105",
        f"`{shortened(source.rest_of_line(at))}` is neither a key with its value nor a part of the text above",
        "Indent it if it goes on with the text above, or write it in a `|-` block.",
    )


_AFTER_QUOTES = re.compile(r"""(?P<quote>["'])(?:\\.|(?!(?P=quote)).)*(?P=quote)(?P<rest>.+)""")


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
                _block_hint(entry["key"]) + " There, quotes are text.",
            )
        if value[:1] in ("{", "["):
            return _special(source, start + entry.start("value"))
    missing = _missing_colon(source, at)
    if missing:
        return missing
    first = source.text[at : at + 1]
    if entry and "-" not in entry["lead"] and entry["key"] in _KNOWN:
        return Explanation(
            start + entry.start("key"),
            "D105",
            f"`{entry['key']}` stands in column {entry.start('key') + 1}, where no other key of the note begins",
            "Begin all keys of a note in the same column, and each note with `- `.",
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
        f"`{shortened(source.rest_of_line(at)) or 'the end of the file'}` does not stand where YAML expects it",
        "Indent all keys of a note alike, begin each note with `- `, and put longer texts in `|-` blocks.",
    )
