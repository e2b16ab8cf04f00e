"""Changes to the text of `config.toml`, which keep its comments, its order and its layout.

tomlkit changes values. A line of its own is put in and taken out here, since tomlkit takes the comments below it to be
part of its table. Either way the result is read again and compared before anyone gets it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from datetime import date
from typing import Any, cast

from nlpcards.core.errors import NlpcardsError

_HEADER = re.compile(r"\s*\[")
_BARE = re.compile(r"[A-Za-z0-9_-]+")

Plain = str | int | float | bool | date
"""What is written into the file."""


def with_value(text: str, path: Sequence[str], value: Plain, place: str) -> str:
    """The text of a TOML file with one value set; `path` are the keys that lead to it, `place` names the file.

    Raises:
        NlpcardsError: the text is no TOML, or no way was found to write the value and change nothing else.
    """
    before = parsed(text, place)
    found = _found(before, path)
    if type(found) is type(value) and found == value:
        return text
    wanted = _with(before, path, value)
    if found is None:
        inserted = _inserted(text, path, value)
        if _reads(inserted) == wanted:
            return inserted
    return _sure(_changed(text, path, value), wanted, path, place)


def without(text: str, path: Sequence[str], place: str) -> str:
    """The text of a TOML file with one value taken out; a table that only held it goes too, unless it has comments.

    Raises:
        NlpcardsError: the text is no TOML, or no way was found to take it out and change nothing else.
    """
    before = parsed(text, place)
    if _found(before, path) is None:
        return text
    wanted = _without_empty(_without(before, path))
    shorter = _taken_out(text, path, wanted)
    if shorter != text:
        return shorter
    return _sure(_deleted(text, path), wanted, path, place)


def _changed(text: str, path: Sequence[str], value: Plain) -> str:
    """The text with a value set by tomlkit; empty where it cannot."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError
    from tomlkit.items import InlineTable

    try:
        document = tomlkit.parse(text)
        table: MutableMapping[str, Any] = document
        for key in path[:-1]:
            below = tomlkit.inline_table() if isinstance(table, InlineTable) else tomlkit.table()
            table = cast("MutableMapping[str, Any]", table.setdefault(key, below))
        table[path[-1]] = value
        return _ended(tomlkit.dumps(document), text)
    except (TOMLKitError, TypeError, ValueError, KeyError, AttributeError):
        # It does not take every file that is TOML, nor a table where there is a number.
        return ""


def _deleted(text: str, path: Sequence[str]) -> str:
    """The text with a value taken out by tomlkit; empty where it cannot."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        tables: list[MutableMapping[str, Any]] = [document]
        for key in path[:-1]:
            tables.append(cast("MutableMapping[str, Any]", tables[-1][key]))
        del tables[-1][path[-1]]
        for depth in range(len(path) - 1, 0, -1):
            rest = tables[depth]
            shown = rest.as_string() if hasattr(rest, "as_string") else ""
            if rest or shown.strip():
                break
            del tables[depth - 1][path[depth - 1]]
        return _ended(tomlkit.dumps(document), text)
    except (TOMLKitError, TypeError, ValueError, KeyError, AttributeError):
        return ""


def parsed(text: str, place: str) -> dict[str, Any]:
    """The values in the text of a TOML file.

    Raises:
        NlpcardsError: it is no TOML; `place` names the file.
    """
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise NlpcardsError(
            f"the configuration cannot be read: {error}",
            place=place,
            remedy="Mend it with `nlpcards config edit`; nothing was changed.",
        ) from None


def _ended(text: str, before: str) -> str:
    """The text with the ends of lines that it had before: tomlkit ends its own with a line feed alone."""
    same = "\r\n" in before and before.count("\r\n") == before.count("\n")
    return re.sub(r"(?<!\r)\n", "\r\n", text) if same else text


def _sure(text: str, wanted: Mapping[str, Any], path: Sequence[str], place: str) -> str:
    if _without_empty(_reads(text)) != _without_empty(wanted):
        raise NlpcardsError(
            f"{'.'.join(path)} cannot be changed without touching what stands beside it",
            place=place,
            remedy="Change it with `nlpcards config edit`; nothing was changed.",
        )
    return text


def _reads(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except ValueError:
        return None


def _found(values: Mapping[str, Any], path: Sequence[str]) -> Any:
    found: Any = values
    for key in path:
        if not isinstance(found, Mapping) or key not in found:
            return None
        found = found[key]
    return found


def _with(values: Mapping[str, Any], path: Sequence[str], value: Plain) -> dict[str, Any]:
    if len(path) == 1:
        return {**values, path[0]: value}
    below = values.get(path[0], {})
    return {**values, path[0]: _with(below if isinstance(below, Mapping) else {}, path[1:], value)}


def _without(values: Mapping[str, Any], path: Sequence[str]) -> dict[str, Any]:
    if len(path) == 1:
        return {key: each for key, each in values.items() if key != path[0]}
    return {**values, path[0]: _without(values[path[0]], path[1:])}


def _inserted(text: str, path: Sequence[str], value: Plain) -> str:
    """The text with a line for a value that it lacks: below the comment that shows its default, below the other values
    of its table, or in a new table at the end.
    """
    lines, end = _lines(text)
    line = f"{_quoted(path[-1])} = {toml(value)}{end}"
    first, last = _table(lines, path[:-1])
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    if first is None:
        header = f"[{'.'.join(map(_quoted, path[:-1]))}]{end}"
        lines += [*([end] if lines and lines[-1].strip() else []), header, line]
    else:
        at = _place(lines, first, last, path[-1])
        lines.insert(at, line)
        if not path[:-1] and at + 1 < len(lines) and _HEADER.match(lines[at + 1]):
            lines.insert(at + 1, end)
    return "".join(lines)


def _lines(text: str) -> tuple[list[str], str]:
    """The lines of a text with their ends, and the end that a new one gets. Only what TOML ends a line with does so:
    `splitlines` would cut comments at every sign that Unicode calls a line's end.
    """
    return re.findall(r"[^\n]*\n|[^\n]+", text), "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"


def _taken_out(text: str, path: Sequence[str], wanted: Mapping[str, Any]) -> str:
    """The text without the line of a value, and without the header above it where nothing else stands below that. A
    comment beside the value stays, as a line of its own.
    """
    lines, _ = _lines(text)
    for at, line in enumerate(lines):
        if "=" not in line or path[-1] not in line:
            continue
        comment = _comment(line)
        rest = [*lines[:at], *([comment] if comment else []), *lines[at + 1 :]]
        if _without_empty(_reads("".join(rest))) == wanted:
            return "".join(rest if comment else _without_header(rest, at))
    return text


def _comment(line: str) -> str:
    """The comment at the end of a line with a value, empty where it has none."""
    marks = [at for at, char in enumerate(line) if char == "#"]
    return next((line[at:] for at in marks if _reads(line[:at]) is not None), "")


def _without_header(lines: Sequence[str], at: int) -> list[str]:
    """Lines without the header before line `at` and the blanks before it, where its table ends there."""
    end = next((number for number in range(at, len(lines)) if lines[number].strip()), len(lines))
    ends = end == len(lines) or _HEADER.match(lines[end])
    if not at or not ends or not _HEADER.match(lines[at - 1]) or "#" in lines[at - 1]:
        return list(lines)
    start = at - 1
    while start and not lines[start - 1].strip():
        start -= 1
    return [*lines[:start], *(lines[at:] if end < len(lines) else ())]


def _without_empty(values: Any) -> Any:
    """Values without tables that hold none."""
    if not isinstance(values, Mapping):
        return values
    rest = {key: _without_empty(each) for key, each in values.items()}
    return {key: each for key, each in rest.items() if each != {}}


def _table(lines: Sequence[str], path: Sequence[str]) -> tuple[int | None, int]:
    """The first line of a table's body and the line after its last; None where the text has no such header."""
    headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    if not path:
        return 0, headers[0] if headers else len(lines)
    for at, number in enumerate(headers):
        if _reads(lines[number]) == _nested(path):
            return number + 1, headers[at + 1] if at + 1 < len(headers) else len(lines)
    return None, len(lines)


def _nested(path: Sequence[str]) -> dict[str, Any]:
    return {path[0]: _nested(path[1:])} if path else {}


def _place(lines: Sequence[str], first: int, last: int, key: str) -> int:
    default = re.compile(rf"\s*#\s*{re.escape(key)}\s*=")
    shown = [number for number in range(first, last) if default.match(lines[number])]
    if shown:
        return shown[0] + 1
    values = [number for number in range(first, last) if lines[number].strip() and lines[number].lstrip()[0] != "#"]
    if values or first:
        return values[-1] + 1 if values else first
    # Of a file that begins with words about itself, those stay at its head.
    return next((number for number in range(last) if not lines[number].startswith("#")), 0)


def _quoted(key: str) -> str:
    return key if _BARE.fullmatch(key) else toml(key)


def toml(value: Plain) -> str:
    """A value as TOML writes it."""
    import tomlkit

    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case str():
            return tomlkit.string(value).as_string()
        case _:
            return repr(value)
