"""What stands under the keys of a note's kind, read by the shape that the kind declares for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias, assert_never

from nlpcards.core.cards import digest
from nlpcards.core.kinds import Entries, Fields, Flag, Shape, Text, Texts, Value, Word, Words
from nlpcards.decks import wrong_shapes
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar
from nlpcards.decks.source import shortened
from nlpcards.decks.values import Values
from nlpcards.decks.words import check_words, is_surely_sound, may_tear

VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
"""The name of a number of a drill."""

Reader: TypeAlias = "Callable[[Values, str, Node], Value | None]"
"""Gives the value under a key from its node, None where it noted an error."""


def reader_of(shape: Shape) -> Reader:
    """What reads the values of a shape; made once for each key, since a file has very many values."""
    match shape:
        case Text():
            return read_text
        case Word():
            return Values.word
        case Flag():
            return Values.flag
        case Texts():
            return _texts
        case Words():
            return _words
        case Fields(keys=keys, others=others):
            return partial(
                _fields,
                shape,
                {key: reader_of(within) for key, within in keys.items()},
                None if others is None else reader_of(others),
            )
        case Entries(of=of):
            return partial(_entries, shape, reader_of(of))
        case _:
            assert_never(shape)


def read_text(values: Values, key: str, node: Node) -> str | None:
    """A Markdown text."""
    if type(node) is Scalar and is_surely_sound(values.source, node):
        return node.value
    return _doubtful(values, key, node, cloze=False)


def read_cloze(values: Values, key: str, node: Node) -> str | None:
    """A Markdown text whose `{{c1::…}}` are clozes."""
    if type(node) is Scalar and is_surely_sound(values.source, node) and not may_tear(node.value):
        return node.value
    return _doubtful(values, key, node, cloze=True)


def _doubtful(values: Values, key: str, node: Node, *, cloze: bool) -> str | None:
    if key == "typed" and isinstance(node, ListNode) and len(node.items) > 1:
        wrong_shapes.several_answers(values.source, node)
        return None
    content = values.text(key, node)
    if content is not None and type(node) is Scalar:
        check_words(values.source, node, cloze=cloze)
    return content


def _words(values: Values, key: str, node: Node) -> tuple[str, ...] | None:
    scalars = values.items(key, node)
    return None if scalars is None else tuple([scalar.value.strip() for scalar in scalars])


def _texts(values: Values, key: str, node: Node) -> tuple[str, ...] | None:
    if isinstance(node, MapNode):
        wrong_shapes.mapping_for_a_list(values.source, key, node)
        return None
    if not isinstance(node, ListNode):
        content = read_text(values, key, node)
        return None if content is None else (content,)
    if not node.items:
        values.source.error(node.start, "D406", f"`{key}` is empty", "Write each text after a `- ` below it.")
        return None
    for item in node.items:
        if isinstance(item, MapNode) and not item.flow:
            wrong_shapes.colon_in_an_item(values.source, item)
    read = [read_text(values, key, item) for item in node.items if not isinstance(item, MapNode) or item.flow]
    texts = tuple([text for text in read if text is not None])
    return texts if len(texts) == len(node.items) else None


def _fields(
    shape: Fields, readers: Mapping[str, Reader], others: Reader | None, values: Values, key: str, node: Node
) -> Mapping[str, Value] | None:
    if not isinstance(node, MapNode):
        wrong_shapes.no_fields(values.source, shape, key, node)
        return None
    mapping = node
    source = values.source
    known = tuple(shape.keys)
    if wrong_shapes.is_all_entries(source, shape, mapping):
        wrong_shapes.entries_for_fields(source, shape, key, mapping)
        return None
    read: dict[str, Value] = {}
    sound = True
    for name, value in mapping.entries:
        if name.value in read:
            continue  # a repeated key, which was said
        reader = readers.get(name.value, others)
        if reader is None or (name.value not in readers and values.slug(key, name) is None):
            if reader is None and name.value != "<<":
                message = f"`{key}` has no key `{shortened(name.value)}`"
                source.error(name.start, "D401", message, source.unknown_key(name.value, known))
            sound = False
            continue
        content = reader(values, name.value, value)
        if content is None:
            sound = False
        else:
            read[name.value] = content
    present = {name.value for name, _ in mapping.entries}
    for wanted, within in shape.keys.items():
        if within.required and wanted not in present:
            message = f"`{key}` has no `{wanted}`"
            source.error(mapping.start, "D404", message, f"Add `{wanted}: ` in the column of its other keys.")
            sound = False
    return read if sound else None


def _entries(shape: Entries, reader: Reader, values: Values, key: str, node: Node) -> Mapping[str, Value] | None:
    if shape.listed and isinstance(node, ListNode) and not wrong_shapes.is_named_list(node):
        texts = _texts(values, key, node)
        if texts is None:
            return None
        values.source.advise(
            node.start,
            "D421",
            f"what is listed under `{key}` has no ids, so the history of one is lost when its text changes",
            "Give each an id, `first-words: ` before its text in the place of the dash; `nlpcards fmt` does it.",
        )
        return {f"h-{digest(text)}": text for text in texts}
    if not isinstance(node, MapNode):
        wrong_shapes.no_entries(values.source, shape, key, node)
        return None
    mapping = node
    read: dict[str, Value] = {}
    sound = True
    for name, value in mapping.entries:
        if name.value in read:
            continue
        if not _is_named(values, shape, key, name):
            sound = False
            continue
        content = reader(values, name.value, value)
        if content is None:
            sound = False
        else:
            read[name.value] = content
    return read if sound else None


def _is_named(values: Values, shape: Entries, key: str, name: Scalar) -> bool:
    if not shape.variables:
        return values.slug(key, name) is not None
    if VARIABLE.fullmatch(name.value):
        return True
    message = f"`{shortened(name.value)}` under `{key}` is no name of a number"
    remedy = "Begin with a letter and go on with letters, digits and `_`, as in `d_model`."
    values.source.error(name.start, "D304", message, remedy)
    return False


def node_at(node: Node, path: tuple[str | int, ...]) -> Node:
    """The node that a path of keys and list indexes leads to; the last one found where the path goes on."""
    for step in path:
        if isinstance(step, int):
            items = node.items if isinstance(node, ListNode) else []
            if step >= len(items):
                return node
            node = items[step]
        else:
            found = (
                next((each for name, each in node.entries if name.value == step), None)
                if isinstance(node, MapNode)
                else None
            )
            if found is None:
                return node
            node = found
    return node
