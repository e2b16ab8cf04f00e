"""What to write where a list, a mapping or a text stands and another of the three is meant.

Each function notes an error and gives None, the value that could not be read.
"""

from __future__ import annotations

from nlpcards.core.kinds import Entries, Fields
from nlpcards.decks.keys import SLUG, quoted_list, slug_of
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, Unusable
from nlpcards.decks.quoting import item_written_out
from nlpcards.decks.source import SourceText, shortened

_LONGEST = 60
"""A remedy quotes text of at most so many characters, so that it can be read in one glance."""


def no_fields(source: SourceText, shape: Fields, key: str, node: Node) -> None:
    """Something else stands where a mapping with known keys is meant."""
    wanted = quoted_list(f"{name}:" for name, within in shape.keys.items() if within.required)
    hint = f"Write below `{key}:`, indented by two more spaces, {wanted}, each on a line of its own with its value."
    if shape.others is not None:
        hint = (
            f"Write below `{key}:`, indented by two more spaces, {wanted} and its text, then each name with its text."
        )
    _expected_keys(source, key, node, hint)


def no_entries(source: SourceText, shape: Entries, key: str, node: Node) -> None:
    """Something else stands where a mapping that the author names is meant."""
    hint = f"Write below `{key}:`, indented by two more spaces, a line `name: ` and its value for each."
    if isinstance(node, ListNode):
        written = shortened(source.text[node.start : node.end], _LONGEST + 1)
        texts = [item.value for item in node.items if isinstance(item, Scalar)]
        named = [f"{slug_of(text)}: {text}" for text in texts]
        if shape.variables and node.flow and len(written) <= _LONGEST:
            hint = f"Give the numbers a name: `{key}: {{n: {written}}}`."
        elif is_named_list(node):
            first = next(name for item in node.items if isinstance(item, MapNode) for name, _ in item.entries)
            hint = f"Leave the dashes out: below `{key}:`, indented by two more spaces, `{shortened(first.value)}: ` …"
        elif any(isinstance(item, MapNode) for item in node.items):
            hint = "Give each a name, such as `first:`, in the place of its dash, and its keys below, indented."
        elif texts and len("".join(named)) <= _LONGEST and not any("," in text for text in texts):
            hint = f"Give each a name: `{key}: {{{', '.join(named)}}}`."
    _expected_keys(source, key, node, hint)


def _expected_keys(source: SourceText, key: str, node: Node, hint: str) -> None:
    if isinstance(node, Unusable):
        return
    what = "a list" if isinstance(node, ListNode) else "a text"
    if isinstance(node, Scalar) and not node.value:
        what = "empty"
    source.error(node.start, "D445", f"`{key}` is {what}, where keys and their values are expected", hint)


def is_named_list(node: ListNode) -> bool:
    """Whether each item of a list is a mapping of one slug, as if dashes stood before the keys of a mapping."""
    return bool(node.items) and all(
        isinstance(item, MapNode) and len(item.entries) == 1 and SLUG.fullmatch(item.entries[0][0].value)
        for item in node.items
    )


def is_all_entries(source: SourceText, shape: Fields, mapping: MapNode) -> bool:
    """Whether a mapping has none of its known keys nor one like them, so that these were probably left out."""
    known = tuple(shape.keys)
    names = [name.value for name, _ in mapping.entries]
    return (
        bool(names) and shape.others is None and not any(name in known or source.nearest(name, known) for name in names)
    )


def entries_for_fields(source: SourceText, shape: Fields, key: str, mapping: MapNode) -> None:
    """The entries of a mapping stand one level too high."""
    missing = quoted_list(name for name, within in shape.keys.items() if within.required)
    inner = next((name for name, within in shape.keys.items() if isinstance(within, Entries)), "")
    below = f" What stands there now belongs below `{inner}:`, indented by two more spaces." if inner else ""
    hint = f"Write {missing} below `{key}:`.{below}"
    source.error(mapping.start, "D404", f"`{key}` has no {missing}", hint)


def several_answers(source: SourceText, node: ListNode) -> None:
    """A list of right answers stands under `typed`."""
    texts = [item.value for item in node.items if isinstance(item, Scalar)]
    first, others = texts[0] if texts else "one", ", ".join(texts[1:])
    hint = f"Write one of them under it, and the others under `accept`: `typed: {first}`, `accept: [{others}]`."
    source.forget(node.start, node.end)
    source.error(node.start, "D208", "`typed` is one text, but this is a list", hint)


def mapping_for_a_list(source: SourceText, key: str, node: MapNode) -> None:
    """A mapping stands where a list of texts is meant."""
    hint = f"Write each text after a dash, on lines below `{key}:`: `- ` and the text."
    source.error(node.start, "D409", f"`{key}` is a list, but this is a mapping", hint)


def colon_in_an_item(source: SourceText, item: MapNode) -> None:
    """A text in a list has a colon and a space in it."""
    hint = item_written_out(source.text[item.start : item.end].rstrip())
    source.error(item.start, "D101", "the text has a colon and a space in it, which YAML reads as a key", hint)
