"""The entries of a roadmap file: each list read by its table of keys, with the place of whatever names something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, assert_never

from nlpcards.decks.keys import SLUG, slug_of
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, Unusable
from nlpcards.decks.roadmaps.keys import NOUNS, OTHER_WORDS, SECTIONS, Key, Shape
from nlpcards.decks.source import SourceText, shortened
from nlpcards.decks.values import Values

_WEEKS = re.compile(r"0*([1-9]\d{0,2})(?:\s*[-–]\s*0*([1-9]\d{0,2}))?")

_ID = re.compile(rf"(?:^[ \t]*-?[ \t]*|[{{,][ \t]*)id:[ \t]+({SLUG.pattern})(?=[ \t]*(?:$|[,}}#]))", re.MULTILINE)


class Named(NamedTuple):
    """An id of another entry, and where it is named."""

    id: str
    at: int


Said = str | bool | tuple[Named, ...] | tuple[int, int] | Mapping[str, str] | tuple["Entry", ...]
"""What stands under a key."""


@dataclass(slots=True)
class Entry:
    """One entry as read: its id (empty where it has none to use), and what its sound keys say and name, with places.

    `is_sound` says that it has all that it needs, so that something can be made of it; `is_torn` that it is not YAML,
    and nothing but its id is known.
    """

    section: str
    id: str
    at: int
    node: MapNode
    said: dict[str, Said] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    names: dict[str, tuple[Named, ...]] = field(default_factory=dict)
    is_sound: bool = True
    is_torn: bool = False

    def text(self, key: str) -> str:
        """The text under a key, empty where there is none."""
        said = self.said.get(key, "")
        return said if isinstance(said, str) else ""

    def named(self, key: str) -> tuple[Named, ...]:
        """What is named under a key, each with its place."""
        return self.names.get(key, ())

    def weeks(self) -> tuple[int, int] | None:
        """The first and the last week."""
        said = self.said.get("weeks")
        if isinstance(said, tuple) and len(said) == 2 and isinstance(said[0], int) and isinstance(said[1], int):
            return said[0], said[1]
        return None

    def stages(self) -> tuple[Entry, ...]:
        """The stages of a track, broken ones included."""
        said = self.said.get("stages")
        return tuple([each for each in said if isinstance(each, Entry)]) if isinstance(said, tuple) else ()


def read_list(source: SourceText, section: str, node: Node) -> list[Entry]:
    """The entries of a list, those with a mistake included, of one id only the first."""
    noun = NOUNS[section]
    if isinstance(node, Unusable) or (isinstance(node, Scalar) and not node.value and not node.style):
        return []
    if not isinstance(node, ListNode):
        what = "a mapping" if isinstance(node, MapNode) else "a text"
        message = f"`{section}` is {what} and not a list"
        source.error(node.start, "R003", message, f"Begin each {noun} with a dash: `  - id: ` and its id.")
        return []
    entries: list[Entry] = []
    first: dict[str, int] = {}
    values = Values(source, "", {}, None)
    for item in node.items:
        entry = _read_entry(values, section, item)
        if entry is None:
            continue
        if entry.id and entry.id in first:
            line, _ = source.position(first[entry.id])
            message = f"the id `{entry.id}` belongs to the {noun} on line {line} already"
            source.error(entry.places["id"], "R005", message, f"Give this {noun} another `id`, or remove it.")
            continue
        if entry.id:
            first[entry.id] = entry.places["id"]
        entries.append(entry)
    return entries


def _read_entry(values: Values, section: str, node: Node) -> Entry | None:
    source = values.source
    if isinstance(node, Unusable):
        return _torn(source, section, node)
    noun, keys = NOUNS[section], SECTIONS[section]
    if not isinstance(node, MapNode):
        message = f"this {noun} is {'a list' if isinstance(node, ListNode) else 'a text'} and has no keys"
        needed = ", ".join(f"`{name}: `" for name, key in keys.items() if key.needed)
        source.error(node.start, "R003", message, f"Write its keys below each other: {needed}.")
        return None
    entry = Entry(section, "", node.start, node)
    there = set()
    for name, value in node.entries:
        key = keys.get(name.value)
        if key is None:
            if name.value != "<<" and not source.has_error(name.start, name.start + 1):
                message = f"{'an' if noun[0] in 'aeiou' else 'a'} {noun} has no key `{shortened(name.value)}`"
                meant = OTHER_WORDS.get(name.value.lower())
                hint = f"Did you mean `{meant}`?" if meant in keys else source.unknown_key(name.value, tuple(keys))
                source.error(name.start, "R002", message, hint)
            continue
        if name.value in there:
            continue  # a repeated key, which was said
        there.add(name.value)
        entry.places[name.value] = value.start
        said = _read(values, name.value, key, value)
        if said is not None:
            entry.said[name.value] = said
            if key.of:
                # One id or several, as `_slugs` gives them.
                entry.names[name.value] = (Named(said, value.start),) if isinstance(said, str) else _all_named(said)
        elif key.needed:
            entry.is_sound = False
    for name_needed, key in keys.items():
        if key.needed and name_needed not in there:
            entry.is_sound = False
            if name_needed == "stages":
                _no_stages(source, entry)
                continue
            who = f"the {noun} `{shortened(_written_id(node))}`" if "id" in there else f"this {noun}"
            message = f"{who} has no `{name_needed}`"
            source.error(node.start, "R004", message, f"Add `{name_needed}: ` in the column of its other keys.")
    entry.id = entry.text("id")
    if section == "tracks" and entry.said.get("stages") == ():
        entry.is_sound = False
        _no_stages(source, entry)
    return entry


def _torn(source: SourceText, section: str, node: Unusable) -> Entry:
    """What is left of an entry that is not YAML: its id if it says one, so that what names it is not called wrong."""
    found = _ID.search(source.text, node.start, node.end)
    name, at = (found[1], found.start(1)) if found else ("", node.start)
    entry = Entry(section, name, node.start, MapNode([], node.start, node.end, False), is_sound=False, is_torn=True)
    entry.places["id"] = at
    return entry


def _all_named(said: Said) -> tuple[Named, ...]:
    return tuple([each for each in said if isinstance(each, Named)]) if isinstance(said, tuple) else ()


def _written_id(node: MapNode) -> str:
    return next((value.value for key, value in node.entries if key.value == "id" and isinstance(value, Scalar)), "")


def _no_stages(source: SourceText, entry: Entry) -> None:
    source.error(
        entry.places.get("stages", entry.at),
        "R012",
        "the track has no stages",
        "Write `stages:` and, below it, each stage after a `- `, from the first to the last.",
    )


def _read(values: Values, name: str, key: Key, node: Node) -> Said | None:
    """What stands under a key; None where it noted an error."""
    match key.shape:
        case Shape.SLUG:
            return values.slug(name, node)
        case Shape.SLUGS:
            return _slugs(values, name, node)
        case Shape.TEXT:
            return values.text(name, node)
        case Shape.URL:
            return values.url(name, node)
        case Shape.FLAG:
            return values.flag(name, node)
        case Shape.CHOICE:
            return _choice(values, name, key, node)
        case Shape.CONCEPTS:
            return _concepts(values, name, node)
        case Shape.WEEKS:
            return _weeks(values, node)
        case Shape.STAGES:
            if isinstance(node, Unusable):
                return None
            return tuple(read_list(values.source, "stages", node))
        case _:
            assert_never(key.shape)


def _slugs(values: Values, name: str, node: Node) -> tuple[Named, ...] | None:
    if isinstance(node, ListNode) and not node.items:
        return ()
    if isinstance(node, Scalar) and "," in node.value:
        ids = ", ".join(filter(None, map(slug_of, node.value.split(","))))
        message = f"`{shortened(node.value)}` under `{name}` is one text and not several ids"
        values.source.error(
            node.start, "D304", message, f"Write several in brackets: `{name}: [{shortened(ids, 80)}]`."
        )
        return None
    scalars = values.items(name, node)
    if scalars is None:
        return None
    named: dict[str, Named] = {}
    for scalar in scalars:
        slug = values.slug(name, scalar)
        if slug is None:
            continue
        if slug in named:
            values.source.advise(
                scalar.start, "R024", f"`{slug}` stands under `{name}` a second time", "Remove one of the two."
            )
        named.setdefault(slug, Named(slug, scalar.start))
    return tuple(named.values())


def _choice(values: Values, name: str, key: Key, node: Node) -> str | None:
    word = values.word(name, node)
    if word is None or word in key.choices:
        return word
    meant = values.source.nearest(word, key.choices)
    hint = f"Did you mean `{meant}`?" if meant else f"Write one of: {', '.join(key.choices)}."
    values.source.error(node.start, "R007", f"`{name}` cannot be `{shortened(word)}`", hint)
    return None


def _concepts(values: Values, name: str, node: Node) -> Mapping[str, str] | None:
    if isinstance(node, Unusable):
        return None
    if not isinstance(node, MapNode):
        if isinstance(node, Scalar) and not node.value and not node.style:
            return {}
        message = f"`{name}` is not a mapping of slugs to titles"
        hint = "Write each on a line of its own below the key: `      forget-gate: forget gate`."
        values.source.error(node.start, "R003", message, hint)
        return None
    concepts: dict[str, str] = {}
    for slug, title in node.entries:
        if slug.value not in concepts and values.slug(name, slug) is not None:
            text = values.text(slug.value, title)
            if text is not None:
                concepts[slug.value] = text
    return concepts


def _weeks(values: Values, node: Node) -> tuple[int, int] | None:
    source = values.source
    if isinstance(node, Unusable):
        return None
    found = _WEEKS.fullmatch(node.value.strip()) if isinstance(node, Scalar) else None
    if found is None:
        written = shortened(source.text[node.start : node.end])
        message = f"`{written}` under `weeks` is neither a week nor a stretch of weeks"
        source.error(node.start, "R009", message, "Write the week, as in `weeks: 5`, or the weeks: `weeks: 17-20`.")
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        message = f"the weeks run backwards, from {first} to {last}"
        source.error(node.start, "R009", message, f"Write `weeks: {last}-{first}`.")
        return None
    return first, last
