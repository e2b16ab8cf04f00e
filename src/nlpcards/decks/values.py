"""What stands under the keys of a note or a deck, read as text, slugs, dates, citations (see `citing`) and paths."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple, assert_never

from nlpcards.core.cards import Citation, Source
from nlpcards.decks.citing import read_citations, second_source
from nlpcards.decks.deck_file import look_for
from nlpcards.decks.keys import FORMER, LONGEST_SLUG, SLUG, TAG, slug_of
from nlpcards.decks.nodes import ListNode, MapNode, Node, Scalar, Unusable
from nlpcards.decks.scalars import check_text, index_of
from nlpcards.decks.source import SourceText, shortened

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
"""A date as a deck has it."""

_IMAGE = re.compile(r"!\[(?>[^\[\]\\]++|\\.|\[[^\[\]]*+\])*+\]\(\s*+<?([^)\s>]+)", re.DOTALL)

MOST_MEDIA = 10_000
"""How many different files a deck may name: each is looked for on the disk."""


class Reference(NamedTuple):
    """A note that a note names under `needs`, `confusable` or `was`; `target` is a full id, `at` its place.

    Under `cite`, `target` is a source that the deck may have that the file extends.
    """

    key: str
    target: str
    at: int


class Former(NamedTuple):
    """What stands under `was`: former ids (`deck/note`), or pairs of a key and what it was called, still as written."""

    notes: tuple[str, ...]
    pairs: tuple[tuple[Scalar, Scalar], ...]


@dataclass(slots=True)
class Values:
    """Reads values for one note or for the head of a deck.

    Each method takes a key's name and node, and gives what is meant, or None where it noted an error. `deck` is the
    deck's id, empty where it is not known; `sources` is None where those of the deck could not be read; `folder` is the
    deck file's, None for a text that is in no file. `inherits` says that the file extends a deck, whose sources may be
    cited too. `media_seen` are the files named so far, as they were looked for.
    """

    source: SourceText
    deck: str
    sources: Mapping[str, Source] | None
    folder: Path | None
    inherits: bool = False
    references: list[Reference] = field(default_factory=list)
    _cited: dict[str, tuple[Citation, ...]] = field(default_factory=dict)
    media_seen: dict[str, tuple[bool, bool]] = field(default_factory=dict)

    def scalar(self, key: str, node: Node) -> Scalar | None:
        """The scalar under a key, whatever its text."""
        match node:
            case Scalar():
                return node
            case ListNode() | MapNode():
                what = "a list" if isinstance(node, ListNode) else "a mapping"
                written = shortened(self.source.text[node.start : node.end])
                hint = f"Write the text below `{key}: |-`, indented."
                if node.flow and "'" not in written and "…" not in written and "\n" not in written:
                    if written.startswith("{{c") and key in ("q", "a"):
                        hint = f"Quote it: `{key}: '{written}'`; for a cloze write `cloze: '{written}'`."
                    else:
                        hint = f"Quote it: `{key}: '{written}'`."
                self.source.forget(node.start, node.end)
                self.source.error(node.start, "D208", f"`{key}` is a text, but `{written}` is read as {what}", hint)
            case Unusable():
                pass
            case _:
                assert_never(node)
        return None

    def text(self, key: str, node: Node) -> str | None:
        """A text that is not empty, without white space at its end."""
        scalar = node if type(node) is Scalar else self.scalar(key, node)
        if scalar is None:
            return None
        check_text(self.source, scalar, key)
        value = scalar.value.rstrip()
        if not value:
            if self.source.has_error(scalar.start, scalar.end + 2):
                # All of it was taken for a comment, which is said already.
                return None
            hint = f"Write its text after `{key}: `, or remove the key."
            if scalar.style in ("|", ">"):
                hint = f"Indent its text by two more spaces than `{key}`, on the lines below."
            self.source.error(scalar.start, "D406", f"`{key}` is empty", hint)
            return None
        first = value.find("![")
        if first >= 0 and value.find("](", first) > 0:
            for image in _IMAGE.finditer(value):
                if "://" not in image.group(1):
                    self._media(image.group(1), index_of(self.source, scalar, image.start(1)))
        return value

    def word(self, key: str, node: Node) -> str | None:
        """A short text such as a year, after which a comment may stand."""
        scalar = self.scalar(key, node)
        if scalar is None:
            return None
        if not scalar.value.strip():
            self.source.error(
                scalar.start, "D406", f"`{key}` is empty", f"Write its text after `{key}: `, or remove the key."
            )
            return None
        return scalar.value.strip()

    def flag(self, key: str, node: Node) -> bool | None:
        """`true` or `false`."""
        scalar = self.scalar(key, node)
        if scalar is None:
            return None
        if scalar.value in ("true", "false"):
            return scalar.value == "true"
        self.source.error(
            scalar.start,
            "D407",
            f"`{key}` is `{shortened(scalar.value)}`, but can only be `true` or `false`",
            f"Write `{key}: true`, or remove the key for false.",
        )
        return None

    def slug(self, key: str, node: Node) -> str | None:
        """A slug."""
        scalar = node if type(node) is Scalar else self.scalar(key, node)
        return None if scalar is None else self._slug(key, scalar)

    def _slug(self, key: str, scalar: Scalar) -> str | None:
        value = scalar.value
        if SLUG.fullmatch(value):
            return value
        if not value.strip():
            self.source.error(scalar.start, "D406", f"`{key}` is empty", f"Write a word after `{key}: `.")
            return None
        suggestion = slug_of(value)
        long = f" of at most {LONGEST_SLUG}" if len(value) > LONGEST_SLUG else ""
        self.source.error(
            scalar.start,
            "D304",
            f"`{shortened(value)}` under `{key}` is not an id",
            f"Ids are lower-case letters, digits and hyphens{long or ' only'}"
            + (f", as in `{suggestion}`." if suggestion else "."),
        )
        return None

    def items(self, key: str, node: Node) -> list[Scalar] | None:
        """The scalars of a list; one scalar alone counts as a list of one."""
        if isinstance(node, Scalar):
            if node.value:
                return [node]
            check_text(self.source, node, key)
            if self.source.has_error(node.start, node.end + 2):
                return None
            self.source.error(node.start, "D406", f"`{key}` is empty", f"Write `{key}: [one, other]`, or remove it.")
            return None
        if isinstance(node, ListNode):
            scalars = [item for item in node.items if type(item) is Scalar]
            if len(scalars) == len(node.items):
                return scalars
            for item in node.items:
                if isinstance(item, ListNode | MapNode):
                    what = "a list" if isinstance(item, ListNode) else "a mapping"
                    self.source.error(
                        item.start,
                        "D409",
                        f"an item of `{key}` is {what} and not a word",
                        f"Write `{key}` as a list of words: `{key}: [one, other]`.",
                    )
            return None
        if isinstance(node, MapNode):
            self.source.error(
                node.start,
                "D409",
                f"`{key}` is a list, but this is a mapping",
                f"Write `{key}: [one, other]`.",
            )
        return None

    def slugs(self, key: str, node: Node) -> tuple[str, ...] | None:
        """A list of slugs."""
        scalars = self.items(key, node)
        if scalars is None:
            return None
        read = [self._slug(key, scalar) for scalar in scalars]
        return tuple([slug for slug in read if slug is not None])

    def tags(self, key: str, node: Node) -> tuple[str, ...] | None:
        """A list of tags: words without spaces, commas, brackets and quotes."""
        scalars = self.items(key, node)
        if scalars is None:
            return None
        for scalar in scalars:
            if not TAG.fullmatch(scalar.value):
                words = ", ".join(re.findall(TAG, scalar.value)) or "one, other"
                self.source.error(
                    scalar.start,
                    "D430",
                    f"`{shortened(scalar.value)}` is not one tag",
                    f"Tags are words without spaces: `{key}: [{shortened(words)}]`.",
                )
        return tuple([scalar.value for scalar in scalars])

    def citations(self, key: str, node: Node) -> tuple[Citation, ...] | None:
        """`key place`, several of them parted by `;` or as a list."""
        found: list[Citation] = []
        for scalar in self.items(key, node) or ():
            check_text(self.source, scalar, key)
            known = self._cited.get(scalar.value)
            if known is None:
                read = read_citations(self.source, key, scalar, self.sources, inherits=self.inherits)
                self.references += [Reference(key, name, at) for name, at in read.inherited]
                known = read.citations
                if read.is_sound and not read.inherited:
                    # The same few places are cited by many notes.
                    self._cited[scalar.value] = known
            found += known
        return tuple(found)

    def second_source(self, part: str) -> re.Match[str] | None:
        """Where a citation after a comma names another source, or what looks like one."""
        return second_source(part, self.sources or ())

    def note_ids(self, key: str, node: Node) -> tuple[str, ...] | None:
        """A list of note ids as full ids; a bare one is of the same deck."""
        scalars = self.items(key, node)
        if scalars is None:
            return None
        full = []
        for scalar in scalars:
            deck, slash, name = scalar.value.rpartition("/")
            if SLUG.fullmatch(name) and (SLUG.fullmatch(deck) if slash else not deck):
                full.append(f"{deck or self.deck}/{name}")
                self.references.append(Reference(key, full[-1], scalar.start))
            else:
                self.source.error(
                    scalar.start,
                    "D304",
                    f"`{shortened(scalar.value)}` under `{key}` is not the id of a note",
                    "Write the note's id, as in `forget-gate`, or with its deck, as in `lstm/forget-gate`.",
                )
        return tuple(full)

    def former(self, key: str, node: Node) -> Former | None:
        """The former ids of a note, or a mapping of its keys to what these were called."""
        if not isinstance(node, MapNode):
            ids = self.note_ids(key, node)
            return None if ids is None else Former(ids, ())
        pairs = []
        for new, old in node.entries:
            for scalar in self.items(new.value, old) or ():
                if FORMER.fullmatch(scalar.value):
                    pairs.append((new, scalar))
                    continue
                self.source.error(
                    scalar.start,
                    "D304",
                    f"`{shortened(scalar.value)}` under `{key}` is not a former id or key",
                    "Write what it was called: a key (`c1`), a card (`note#c1`) or, for the note, its id (`note`).",
                )
        return Former((), tuple(pairs))

    def date(self, key: str, node: Node) -> date | None:
        """A calendar date, `2026-11-21`."""
        scalar = self.scalar(key, node)
        if scalar is None:
            return None
        try:
            if ISO_DATE.fullmatch(scalar.value):
                return date.fromisoformat(scalar.value)
        except ValueError:
            pass
        self.source.error(
            scalar.start,
            "D426",
            f"`{shortened(scalar.value)}` under `{key}` is not a date",
            "Write year, month and day: `2026-11-21`.",
        )
        return None

    def media(self, key: str, node: Node) -> tuple[str, ...] | None:
        """Paths of files below the deck's folder."""
        scalars = self.items(key, node)
        if scalars is None:
            return None
        for scalar in scalars:
            self._media(scalar.value, scalar.start)
        return tuple(scalar.value for scalar in scalars)

    def _media(self, path: str, index: int) -> None:
        parts = path.split("/")
        if not path or path.startswith(("/", "~")) or ".." in parts or "\\" in path or ":" in path:
            self.source.error(
                index,
                "D428",
                f"`{shortened(path)}` is not a path below the deck's folder",
                "Put the file beside the deck or in a folder there, and write its path, as in `img/gates.png`.",
            )
            return
        if self.folder is None:
            return
        state = self.media_seen.get(path)
        if state is None:
            if len(self.media_seen) == MOST_MEDIA:
                self.source.give_up(
                    index,
                    "D009",
                    f"the deck names more than {MOST_MEDIA:,} files, which is too many for one deck",
                    "Split it into several decks.",
                )
            state = self.media_seen[path] = look_for(self.folder, path)
        inside, there = state
        if not inside:
            self.source.error(
                index,
                "D428",
                f"`{shortened(path)}` leads out of the deck's folder",
                "Put the file itself beside the deck, not a link to it.",
            )
        elif not there:
            self.source.error(
                index, "D429", f"there is no file `{shortened(path)}`", f"Put it into {self.folder}, or mend the path."
            )

    def url(self, key: str, node: Node) -> str | None:
        """A web address."""
        value = self.word(key, node)
        if value is not None and not re.fullmatch(r"https?://\S+", value):
            assert isinstance(node, Scalar)
            self.source.error(
                node.start,
                "D307",
                f"`{shortened(value)}` under `{key}` is not a web address",
                "Write all of it, as in `https://arxiv.org/abs/1706.03762`.",
            )
            return None
        return value


COMMON: Mapping[str, Callable[[Values, str, Node], object]] = {
    "id": Values.slug,
    "why": Values.text,
    "cite": Values.citations,
    "tags": Values.tags,
    "topic": Values.slug,
    "concepts": Values.slugs,
    "needs": Values.note_ids,
    "confusable": Values.note_ids,
    "as_of": Values.date,
    "expires": Values.date,
    "was": Values.former,
    "media": Values.media,
}
"""How the value of each key is read that every note may carry."""
