"""What a deck file says before its notes: which deck it is or extends, its title, its sources."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from nlpcards.core.cards import Source
from nlpcards.decks.keys import SOURCE_KEYS, slug_of
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, Unusable
from nlpcards.decks.source import SourceText, shortened
from nlpcards.decks.values import Values


class Head(NamedTuple):
    """What a deck file says before its notes; `id` is empty where there is none to use.

    `sources` is None where they could not be read: then nothing can be said of what cites them. `drop` and `was` are
    ids as written, each with its place.
    """

    id: str
    title: str
    topic: str
    sources: dict[str, Source] | None
    place: int
    extends: bool = False
    drop: tuple[Scalar, ...] = ()
    was: tuple[Scalar, ...] = ()


def read_head(source: SourceText, entries: dict[str, tuple[Scalar, Node]], folder: Path | None) -> Head:
    """The head of a deck file from its top keys; `folder` is the file's, None for a text that is in no file."""
    values = Values(source, "", {}, folder)
    deck = title = topic = None
    place = 0
    extends = "extends" in entries and "deck" not in entries
    if "deck" in entries or extends:
        key = "extends" if extends else "deck"
        place = entries[key][1].start
        deck = values.slug(key, entries[key][1])
    elif entries:
        name = slug_of(Path(source.path).stem) or "my-deck"
        source.error(0, "D303", "the file names no deck", f"Write its id in the first line: `deck: {name}`.")
    if "title" in entries:
        title = values.text("title", entries["title"][1])
    elif entries and not extends:
        source.advise(0, "D308", "the deck has no title", "Write `title: ` and what a learner should see in lists.")
    if "topic" in entries:
        topic = values.slug("topic", entries["topic"][1])
    sources = _read_sources(source, values, entries["sources"][1]) if "sources" in entries else {}
    _check_extension(source, entries)
    drop = _ids(values, "drop", entries) if extends else ()
    was = _ids(values, "was", entries) if not extends else ()
    for former in was:
        if former.value == deck:
            message = f"`{deck}` is the deck's present id, so it cannot be a former one"
            source.error(former.start, "D505", message, "Remove it from `was`.")
    was = tuple([former for former in was if former.value != deck])
    return Head(deck or "", title or "", topic or "", sources, place, extends, drop, was)


def _check_extension(source: SourceText, entries: dict[str, tuple[Scalar, Node]]) -> None:
    """Note keys of the head that do not go together."""
    if "extends" in entries and "deck" in entries:
        source.error(
            entries["extends"][0].start,
            "D310",
            "the file has a `deck` of its own and `extends` one too",
            "Remove `deck` to change notes of the deck that is named, or `extends` for a deck of its own.",
        )
    elif "extends" not in entries and "drop" in entries:
        source.error(
            entries["drop"][0].start,
            "D311",
            "`drop` leaves out notes of a deck that is extended, but this file extends none",
            "Remove the notes themselves, or write `extends: ` and a deck's id in the place of `deck`.",
        )
    elif "extends" in entries and "was" in entries:
        source.error(
            entries["was"][0].start,
            "D311",
            "`was` gives the former ids of a deck, but this file only extends one",
            "Write it in the deck's own file, or under a note for that note.",
        )


def _ids(values: Values, key: str, entries: dict[str, tuple[Scalar, Node]]) -> tuple[Scalar, ...]:
    """The ids listed under a key of the head."""
    if key not in entries:
        return ()
    node = entries[key][1]
    if isinstance(node, ListNode) and not node.items:
        return ()
    return tuple([scalar for scalar in values.items(key, node) or () if values.slug(key, scalar) is not None])


def _read_sources(source: SourceText, values: Values, node: Node) -> dict[str, Source] | None:
    """The sources by key; one with a mistake is there too, so that what cites it is not called wrong for it."""
    if not isinstance(node, MapNode):
        if isinstance(node, Scalar) and not node.value:
            return {}
        if not isinstance(node, Unusable):
            source.error(
                node.start,
                "D305",
                "`sources` is not a mapping of keys to sources",
                "Write each on lines of its own: `  vaswani2017:` and, below it, `    title: Attention`.",
            )
        return None
    sources: dict[str, Source] = {}
    for key, value in node.entries:
        values.slug("sources", key)
        said: dict[str, str] = {}
        if isinstance(value, MapNode):
            for field, content in value.entries:
                if field.value not in SOURCE_KEYS:
                    if field.value != "<<":
                        source.error(
                            field.start,
                            "D301",
                            f"a source has no key `{shortened(field.value)}`",
                            source.unknown_key(field.value, SOURCE_KEYS),
                        )
                    continue
                read = {"url": values.url, "year": values.word}.get(field.value, values.text)
                said.setdefault(field.value, read(field.value, content) or "")
                if field.value == "year" and (year := said["year"]) and not any(map(str.isdigit, year)):
                    message = f"the year of `{shortened(key.value)}` is `{shortened(year)}`, in which there is no digit"
                    source.advise(
                        content.start, "D312", message, "Write the year, as in `year: 1997`, or leave it out."
                    )
            if "title" not in said:
                source.error(
                    key.start, "D305", f"the source `{key.value}` has no title", "Write `title: ` below its key."
                )
        elif not isinstance(value, Unusable):
            source.error(
                value.start if isinstance(value, ListNode) or value.value else key.start,
                "D305",
                f"the source `{shortened(key.value)}` is not a mapping",
                "Write `title: ` and, where known, `authors: `, `year: ` and `url: ` on the lines below its key.",
            )
        sources.setdefault(key.value, Source(key.value, said.pop("title", "") or key.value, **said))
    return sources
