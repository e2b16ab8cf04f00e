"""YAML text to nodes, from the events of libyaml's parser.

Nodes are built by hand and not by PyYAML's composer, which silently drops repeated keys, follows aliases, converts
scalars and is four times slower. A scalar stays the text that was typed; every node knows where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise, repeat
from operator import length_hint
from typing import Any, NamedTuple, Protocol

from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from nlpcards.decks.bounds import (
    LONGEST_TEXT,
    MAXIMUM_DEPTH,
    MOST_ENTRIES,
    PARSER,
    count_values,
    too_long,
    too_many_entries,
)
from nlpcards.decks.keys import NOTE_KEYS, quoted_list
from nlpcards.decks.plainly import Stretch
from nlpcards.decks.source import SourceText, shortened

_STRETCH = 1_000
"""The bounds are looked at after each stretch of so many events, since looking after each event would be felt."""


class Scalar(NamedTuple):
    """A text as typed. `style` is YAML's: empty for plain, a quote, `|` or `>`; the indexes include the quotes."""

    value: str
    start: int
    end: int
    style: str


class ListNode(NamedTuple):
    """A YAML list; `flow` where it is written in brackets."""

    items: list[Node]
    start: int
    end: int
    flow: bool


class MapNode(NamedTuple):
    """A YAML mapping, its entries in order, repeated keys included; `flow` where it is written in braces."""

    entries: list[tuple[Scalar, Node]]
    start: int
    end: int
    flow: bool


class Unusable(NamedTuple):
    """Something already reported, such as an alias."""

    start: int
    end: int


Node = Scalar | ListNode | MapNode | Unusable


_Open = tuple[int, bool, bool, list[Node], Callable[[Node], None]]
"""Of an open list or mapping where it begins, whether in brackets, and whether it is a mapping; then the children of
what it is in, and what takes them.
"""


class TooDeep(Exception):
    """Lists and mappings nest deeper than `MAXIMUM_DEPTH` at `index`."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index


class SecondDocument(Exception):
    """Another YAML document begins."""


class Sink(Protocol):
    """Takes the notes of a file one by one as they are parsed, so that no more than one note's nodes are alive."""

    def begin(self, root: MapNode) -> Callable[[Node], None] | None:
        """What takes the items of the list under `notes`, given the entries before it; None to have them kept."""

    def glance(self, column: int) -> Callable[[Stretch], bool] | None:
        """After `begin`: what takes the lines of a note whose dash stands in a column if a glance is enough to read it,
        and says whether it did; None where all notes are to be parsed.
        """


def compose(
    source: SourceText, text: str | None = None, base: int = 0, sink: Sink | None = None, outside: int = 0
) -> Node | None:
    """The node of a text, None where it holds nothing; what YAML would silently change is noted as errors.

    `text` is a part of the source that begins at index `base`, or None for all of it. Notes that the `sink` takes are
    not in the node given. `outside` is how many lists and mappings a part lies in.

    Raises:
        yaml.MarkedYAMLError: it is not YAML; indexes of its marks count from the part's beginning.
        TooDeep: it nests too deep.
        SecondDocument: it holds several documents.
        GivenUp: it holds more than a deck may have.
    """
    count_values(source, PARSER)
    get_event = CParser(source.text if text is None else text).get_event
    new = tuple.__new__
    roots: list[Node] = []
    documents = 0
    open_nodes: list[_Open] = []
    here = roots
    put: Callable[[Node], None] = roots.append
    while True:
        stretch = repeat(None, _STRETCH)
        for _ in stretch:
            event: Any = get_event()
            kind = type(event)
            if kind is ScalarEvent:
                start = event.start_mark.index + base
                if event.tag is not None or event.anchor is not None:
                    _property(source, start, event.tag)
                end = event.end_mark.index + base
                if end - start > LONGEST_TEXT:
                    too_long(source, start, end)
                    put(Unusable(start, end))
                    continue
                # What NamedTuple's own constructor does, without a Python call for each of a file's scalars.
                put(new(Scalar, (event.value, start, end, event.style)))
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                start = event.start_mark.index + base
                if event.tag is not None or event.anchor is not None:
                    _property(source, start, event.tag)
                if len(open_nodes) + outside == MAXIMUM_DEPTH:
                    raise TooDeep(start)
                take = None
                if sink and len(open_nodes) == 1 and kind is SequenceStartEvent and _is_notes(here):
                    take = _taker(source, sink, open_nodes[0], here)
                    # Asked once: each time looks through all that stands before.
                    sink = None
                open_nodes.append((start, event.flow_style, kind is MappingStartEvent, here, put))
                here = []
                put = take or here.append
            elif kind is MappingEndEvent:
                children = here
                start, flow, _, here, put = open_nodes.pop()
                put(_mapping(source, children, start, event.end_mark.index + base, flow))
            elif kind is SequenceEndEvent:
                children = here
                start, flow, _, here, put = open_nodes.pop()
                if len(children) > MOST_ENTRIES:
                    too_many_entries(source, start)
                if flow and len(children) > 1:
                    _commas_in_numbers(source, children)
                put(ListNode(children, start, event.end_mark.index + base, flow))
            elif kind is AliasEvent:
                start = event.start_mark.index + base
                end = event.end_mark.index + base
                _alias(source, start, end)
                put(Unusable(start, end))
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise SecondDocument
            elif kind is StreamEndEvent:
                count_values(source, _STRETCH - length_hint(stretch))
                return roots[0] if roots else None
        count_values(source, _STRETCH)
        inner = (*(children for _, _, _, children, _ in open_nodes[1:]), here)
        _check_open(source, zip(inner, (is_mapping for _, _, is_mapping, _, _ in open_nodes), strict=False))


def _check_open(source: SourceText, open_lists: Iterable[tuple[list[Node], bool]]) -> None:
    """Give a file up for a list or a mapping that is too long, before it ends."""
    for children, is_mapping in open_lists:
        if len(children) > (2 if is_mapping else 1) * MOST_ENTRIES:
            too_many_entries(source, children[0].start)


def _is_notes(children: list[Node]) -> bool:
    """Whether the value that now begins is that of the key `notes`."""
    key = children[-1] if len(children) % 2 else None
    return type(key) is Scalar and key.value == "notes"


def _taker(
    source: SourceText,
    sink: Sink,
    opened: tuple[int, bool, bool, list[Node], Callable[[Node], None]],
    children: list[Node],
) -> Callable[[Node], None] | None:
    """What takes the notes where the list that now begins is the one under `notes` of a deck."""
    start, flow, _, _, _ = opened
    key = children[-1]
    if flow or type(key) is not Scalar or source.text[start - 1 : start] not in ("", "\n"):
        return None
    entries = [(key, value) for key, value in zip(children[::2], children[1::2], strict=False) if type(key) is Scalar]
    return sink.begin(MapNode(entries, start, key.start, flow))


def _mapping(source: SourceText, children: list[Node], start: int, end: int, flow: bool) -> MapNode:
    if len(children) > 2 * MOST_ENTRIES:
        too_many_entries(source, start)
    if not flow:
        end = _end_of_block(source, children, end)
    entries: list[tuple[Scalar, Node]] = []
    names = set()
    for key, value in zip(children[::2], children[1::2], strict=True):
        if type(key) is not Scalar:
            if type(key) is not Unusable:
                _complex_key(source, key, flow)
            continue
        entries.append((key, value))
        names.add(key.value)
        if flow and value.start == key.end and type(value) is Scalar and source.text[key.end : key.end + 1] != ":":
            _ghost(source, key, entries)
    if "<<" in names:
        _merge_key(source, entries)
    if len(names) != len(entries):
        return _repeated_keys(source, entries, MapNode(entries, start, end, flow))
    return MapNode(entries, start, end, flow)


def _end_of_block(source: SourceText, children: list[Node], end: int) -> int:
    """Where a mapping in lines ends, with the comment after its last value; YAML says where the next thing begins."""
    if children:
        end = children[-1].end
        if source.text[end - 1 : end] != "\n":
            line_end = source.text.find("\n", end)
            end = line_end if line_end >= 0 else len(source.text)
    return end


def _property(source: SourceText, index: int, tag: str | None) -> None:
    """An anchor or a tag stands before a node."""
    written = source.quoted(index)
    typed = shortened(written)
    if tag is not None and not written.startswith("&"):
        source.error(
            index,
            "D204",
            f"`{typed}` begins with `!`, which YAML reads as a tag and drops",
            "If it is text, put it in quotes or in a `|-` block; tags have no meaning in a deck.",
        )
    else:
        source.error(
            index,
            "D203",
            f"`{typed}` begins with `&`, which YAML reads as the name of an anchor and drops",
            "If it is text, put it in quotes or in a `|-` block; anchors have no meaning in a deck.",
        )


def _alias(source: SourceText, start: int, end: int) -> None:
    source.error(
        start,
        "D202",
        f"`{shortened(source.text[start:end])}` begins with `*`, which YAML reads as an alias of something else",
        "If it is text, put it in quotes or in a `|-` block; aliases have no meaning in a deck.",
    )


def _complex_key(source: SourceText, key: Node, flow: bool) -> None:
    outer = max(key.start - 1, 0)
    if source.text.startswith("{{", outer):
        source.error(
            outer,
            "D102",
            "the text begins with `{{`, which YAML reads as a mapping",
            "Put the text in single quotes, or below its key in a `|-` block.",
        )
        return
    source.error(
        key.start,
        "D212",
        "a list or a mapping stands where a key is meant",
        "Write keys as plain words; put text that begins with `[` or `{` in quotes."
        if flow
        else "Write keys as words.",
    )


def _ghost(source: SourceText, key: Scalar, entries: list[tuple[Scalar, Node]]) -> None:
    name = key.value
    before = entries[-2][1] if len(entries) > 1 else None
    if type(before) is Scalar and before.value.isdecimal() and name[:1].isdecimal():
        source.error(
            key.start,
            "D210",
            f"the comma ends the number: `{before.value},{name}` is read as `{before.value}` and a key `{name}`",
            f"Write `{before.value}{name}` without the comma, or put it in quotes.",
        )
    elif ":" in name:
        source.error(
            key.start,
            "D209",
            f"`{shortened(name)}` is read as a key without a value, since no space follows its colon",
            "Write a space after the colon.",
        )
    else:
        source.error(
            key.start,
            "D209",
            f"the comma ends the value, so `{shortened(name)}` is read as a key without a value",
            "Put a text with a comma in quotes, as in `{title: 'Attention, please'}`, or write it below its key.",
        )


def _merge_key(source: SourceText, entries: list[tuple[Scalar, Node]]) -> None:
    for key, _ in entries:
        if key.value == "<<" and not key.style:
            source.error(
                key.start,
                "D205",
                "`<<` is a merge key, which decks do not have",
                "Write the keys out where they belong.",
            )


def _repeated_keys(source: SourceText, entries: list[tuple[Scalar, Node]], node: MapNode) -> MapNode:
    """The mapping without what follows a forgotten dash; a key that stands twice for another reason stays in it."""
    first: dict[str, int] = {}
    again: list[int] = []
    for number, (key, _) in enumerate(entries):
        if key.value in first:
            again.append(number)
        first.setdefault(key.value, key.start)
    restart = entries[again[0]][0]
    if len(again) > 1 and restart.value in NOTE_KEYS and "notes" not in first and not node.flow:
        names = quoted_list(shortened(entries[number][0].value) for number in again[:3])
        source.error(
            restart.start,
            "D106",
            f"{names} stand here a second time, as if another note began without a dash",
            f"Write `- ` before `{shortened(restart.value)}:` if one begins, else remove what is there twice.",
        )
        return MapNode(entries[: again[0]], node.start, restart.start, node.flow)
    for number in again:
        key = entries[number][0]
        line, _ = source.position(first[key.value])
        source.error(
            key.start,
            "D201",
            f"the key `{shortened(key.value)}` stands here a second time; the first is on line {line}",
            "Remove one of the two; if a new note begins here, begin it with `- `.",
        )
    return node


_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def _commas_in_numbers(source: SourceText, items: list[Node]) -> None:
    """Note commas that look like a part of a number: `[1,000, 2,000]` is a list of four."""
    numbers = {
        item.start
        for item in items
        if type(item) is Scalar and not item.style and item.value[-1:].isdecimal() and _NUMBER.fullmatch(item.value)
    }
    tight = [
        (one, other)
        for one, other in pairwise(items)
        if type(one) is Scalar
        and type(other) is Scalar
        and one.start in numbers
        and other.start in numbers
        and source.text[one.end : other.start] == ","
    ]
    mixed = 0 < len(tight) < len(items) - 1
    for one, other in tight:
        thousands = len(other.value.split(".")[0]) == 3 and len(one.value.lstrip("-")) <= 3 and "." not in one.value
        if mixed or thousands:
            source.error(
                one.start,
                "D210",
                f"`{one.value},{other.value}` is read as the two numbers `{one.value}` and `{other.value}`",
                f"Write `{one.value}{other.value}` if it is one number, `{one.value}, {other.value}` if they are two.",
            )
