"""The YAML of a roadmap file to nodes; after a syntax error each entry is read by itself, so that a mistake costs the
entry that it is in and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from yaml.error import MarkedYAMLError

from nlpcards.decks.bounds import MAXIMUM_DEPTH, MOST_ENTRIES, check_lines, too_many_entries
from nlpcards.decks.nodes import (
    ListNode,
    MapNode,
    Node,
    Scalar,
    SecondDocument,
    TooDeep,
    Unusable,
    compose,
)
from nlpcards.decks.roadmaps.keys import LISTS, SECTIONS
from nlpcards.decks.source import SourceText
from nlpcards.decks.syntax import Explanation, explain

_TOP = re.compile(r"^(?P<key>[^\s\-#'\"\[{:][^\n:]{0,60}?)[ \t]*:(?=[ \t\n]|\Z)(?P<rest>[^\n]*)", re.MULTILINE)
_BARE_TOP = re.compile(rf"^(?P<lead> ?)(?P<key>{'|'.join(LISTS)})(?P<colon>[ \t]*:)?[ \t]*$", re.MULTILINE)
_KEY = "|".join(sorted({key for keys in SECTIONS.values() for key in keys}))
_DASH = rf"-(?=\s|(?:{_KEY}):\s)"
_FIRST_DASH = re.compile(rf"^(?P<indent> *){_DASH}", re.MULTILINE)
_NO_DASH = re.compile(rf"^ *(?P<key>{_KEY})[ \t]*:(?=\s)", re.MULTILINE)
_STAGES = re.compile(r"^(?P<indent> +)stages[ \t]*:[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_NOTHING = re.compile(r"[ \t]*(?:#[^\n]*)?")
_MARKER = re.compile(r"^(?:---|\.\.\.)(?=\s|$)", re.MULTILINE)
_CONTENT = re.compile(r"^(?![ \t]*$|[ \t]*#|%|---[ \t]*$)", re.MULTILINE)


def read_nodes(source: SourceText) -> Node | None:
    """The node of the whole text, of what can be read of it; everything else is noted as errors in `source`.

    Raises:
        GivenUp: the file is not worth reading any further.
    """
    check_lines(source)
    mark = source.mark()
    known = len(source.found)
    try:
        return compose(source)
    except (MarkedYAMLError, TooDeep, SecondDocument):
        # The pieces below report it again, each in its own place.
        source.back_to(mark)
    node = _in_pieces(source)
    if len(source.found) == known:
        # Cut up it looks sound, so that only the whole says what is wrong.
        _read(source, source.text, 0, len(source.text), 0)
    return node


def _in_pieces(source: SourceText) -> MapNode:
    text = _without_markers(source)
    tops = _tops(source, text)
    if len(tops) > MOST_ENTRIES:
        too_many_entries(source, tops[MOST_ENTRIES].start(), "keys")
    entries: list[tuple[Scalar, Node]] = []
    names: set[str] = set()
    before = text[: tops[0].start()] if tops else text
    if before.strip() and any(line.strip() and line.lstrip()[0] != "#" for line in before.split("\n")):
        _read(source, text, 0, len(before), 0)
    for top, following in pairwise((*tops, None)):
        assert top is not None
        end = following.start() if following else len(text)
        key = Scalar(top["key"], top.start("key"), top.end("key"), "")
        if key.value in names:
            message = f"the key `{key.value}` stands here a second time"
            source.error(key.start, "D201", message, "Remove one of the two, or join them.")
            continue
        names.add(key.value)
        entries.append((key, _value(source, text, top, end)))
    return MapNode(entries, 0, len(text), False)


def _tops(source: SourceText, text: str) -> list[re.Match[str]]:
    """The lines with the keys at the top, those of lists without a colon or a little out of line included."""
    tops = {found.start(): found for found in _TOP.finditer(text)}
    for found in _BARE_TOP.finditer(text):
        key = found["key"]
        if found["colon"] is None:
            source.error(found.end("key"), "D109", f"no colon follows `{key}`", f"Write `{key}:`.")
        elif found["lead"]:
            message = f"`{key}` is indented, though the lists of a roadmap begin at the margin"
            source.error(found.start("key"), "D105", message, f"Remove the space before `{key}:`.")
        tops.setdefault(found.start(), found)
    return [tops[at] for at in sorted(tops)]


def _value(source: SourceText, text: str, top: re.Match[str], end: int) -> Node:
    """What stands below a key at the top, its items each by itself."""
    if _NOTHING.fullmatch(top.groupdict().get("rest") or ""):
        items = _items(source, text, top.end(), end)
        if items is not None:
            return items
        if key := _NO_DASH.search(text, top.end(), end):
            message = f"the list below `{top['key']}` begins without a dash"
            source.error(
                key.start("key"), "D106", message, f"Write `- ` before `{key['key']}:`, and so for each entry."
            )
            return Unusable(top.end(), end)
    if top.re is _BARE_TOP:
        return Unusable(top.end(), end)
    node = _read(source, text, top.start(), end, 0)
    return node.entries[0][1] if isinstance(node, MapNode) and node.entries else Unusable(top.end(), end)


def _items(source: SourceText, text: str, start: int, end: int) -> ListNode | None:
    """The items of the list between two indexes, None where there is none; a broken one is `Unusable`."""
    bounds = [*_dashes(source, text, start, end), end]
    if len(bounds) == 1:
        return None
    items: list[Node] = []
    before = _CONTENT.search(text, min(start + 1, bounds[0]), bounds[0])
    if before:
        line = source.line_of(before.start())
        at = before.start() + len(line) - len(line.lstrip(" "))
        message = "this stands before the first entry, without a dash"
        source.error(at, "D106", message, "Begin each entry with `- `.")
        items.append(Unusable(before.start(), bounds[0]))
    for at, until in pairwise(bounds):
        node = _item(source, text, at, until)
        items.append(node if node is not None else Unusable(at, until))
    return ListNode(items, bounds[0], end, False)


def _dashes(source: SourceText, text: str, start: int, end: int) -> Iterator[int]:
    """Where the lines begin that begin an item of a list."""
    first = _FIRST_DASH.search(text, start, end)
    if first is None:
        return
    column = len(first["indent"])
    # A dash a little out of line still begins an item: what is wrong is said of it alone.
    dash = re.compile(rf"^ {{0,{column + 1}}}{_DASH}", re.MULTILINE)
    for number, found in enumerate(dash.finditer(text, first.start(), end)):
        if number == MOST_ENTRIES:
            too_many_entries(source, found.start())
        yield found.start()


def _item(source: SourceText, text: str, start: int, end: int) -> Node | None:
    """One item; that of a track is cut further, at its stages, where it is not YAML as a whole."""
    dash = text.index("-", start)
    if text[dash + 1 : dash + 2] not in (" ", "\t", "\n", ""):
        source.error(dash, "D109", "no space follows the dash", "Write a space after it: the dash begins an entry.")
        return None
    stages = _STAGES.search(text, start, end)
    mark = source.mark()
    node = _only(_read(source, text, start, end, 1))
    if stages is None or node is not None:
        return node
    noted = source.found[mark[0] :]
    source.back_to(mark)
    head = _only(_read(source, text, start, stages.start(), 1))
    below = _items(source, text, stages.end(), end)
    if not isinstance(head, MapNode) or below is None or len(source.found) == mark[0]:
        # Cut up, it says nothing or less of what is wrong.
        source.back_to(mark)
        for each in noted:
            source.error(each.at, each.code, each.message, each.hint)
        return None
    key = Scalar("stages", stages.end("indent"), stages.end("indent") + len("stages"), "")
    return head._replace(entries=[*head.entries, (key, below)], end=end)


def _only(node: Node | None) -> Node | None:
    return node.items[0] if isinstance(node, ListNode) and len(node.items) == 1 else None


def _read(source: SourceText, text: str, start: int, end: int, outside: int) -> Node | None:
    """The node of a part, None where it is not YAML."""
    known = len(source.found)
    try:
        return compose(source, text[start:end], start, outside=outside)
    except MarkedYAMLError as error:
        failed = explain(source, error, start, end)
    except TooDeep as deep:
        failed = Explanation(
            deep.index,
            "D112",
            f"lists and mappings nest more than {MAXIMUM_DEPTH} deep here",
            "No deck needs that; if these brackets are text, put it in quotes.",
        )
    except SecondDocument:
        failed = Explanation(start, "D113", "several YAML documents stand here", "Remove the lines `---` and `...`.")
    # What was found before the parser gave up may come from the same mistake.
    del source.found[known:]
    source.error(*failed)
    return None


def _without_markers(source: SourceText) -> str:
    """The text with its document markers blanked; those after the beginning are errors."""
    text = source.text
    content = _CONTENT.search(text)
    filled = len(text.rstrip())
    for marker in _MARKER.finditer(text, content.start() if content else len(text)):
        if marker.end() < filled:
            message = f"`{marker.group()}` begins another YAML document, which would never be read"
            hint = f"Remove the line `{marker.group()}`; a deck is one document."
            source.error(marker.start(), "D113", message, hint)
    return _MARKER.sub("   ", text)
