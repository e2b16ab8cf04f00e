"""What stands under `cite`: sources with the place in each, parted by `;`, and what a comma may hide."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from nlpcards.core.cards import Citation, Source
from nlpcards.core.dataclass import dataclass
from nlpcards.decks.keys import SLUG, slug_of
from nlpcards.decks.nodes import Scalar
from nlpcards.decks.scalars import index_of
from nlpcards.decks.source import SourceText, shortened

_AFTER_COMMA = re.compile(r",\s*([a-z][a-z0-9-]*)(?![\w.])(\s*§)?")
_WITH_YEAR = re.compile(r"[a-z][a-z-]*(?:19|20)\d\d[a-z]?")
_PARTS = frozenset(
    "and also see sec section eq eqs equation table tab fig figure ch chapter app appendix p pp page".split()
)
"""Words before a `§` in one citation, which are no source."""


@dataclass(frozen=True, slots=True)
class ReadCitations:
    """The citations of one text. `inherited` are the names in it that may be sources of the deck that the file extends,
    each with its place in the file. `is_sound` says that no error was noted.
    """

    citations: tuple[Citation, ...]
    inherited: tuple[tuple[str, int], ...]
    is_sound: bool


def read_citations(
    source: SourceText, key: str, scalar: Scalar, sources: Mapping[str, Source] | None, *, inherits: bool
) -> ReadCitations:
    """The citations in a scalar under a key; errors are noted in the `source` text. `sources` is None where the deck's
    could not be read: then any name may be one. `inherits` says that those of another deck may be cited too.
    """
    found: list[Citation] = []
    inherited: list[tuple[str, int]] = []
    offset = 0
    is_sound = True
    for part in scalar.value.split(";"):
        name, _, where = part.strip().partition(" ")
        name = name.rstrip(",:")
        at = offset + len(part) - len(part.lstrip())
        second = second_source(part, sources or ()) if "," in part else None
        if second is not None:
            is_sound = False
            written = f"{part[: second.start()].strip()}; {part[second.start(1) :].strip()}"
            source.error(
                index_of(source, scalar, offset + second.start(1)),
                "D431",
                f"a comma stands before `{shortened(second[1])}`, which looks like another source",
                f"Several are separated by `;`: `{key}: {shortened(written, 80)}`.",
            )
        offset += len(part) + 1
        cited = sources.get(name) if sources is not None else Source(name, name)
        if cited is not None and name:
            found.append(Citation(cited, " ".join(where.split())))
            continue
        if inherits and SLUG.fullmatch(name):
            inherited.append((name, index_of(source, scalar, at)))
            found.append(Citation(Source(name, name), " ".join(where.split())))
            continue
        is_sound = False
        if name:
            _unknown_source(source, name, tuple(sources or ()), index_of(source, scalar, at))
        else:
            source.error(
                scalar.start,
                "D425",
                "a citation is empty",
                f"Write a key of `sources` and the place in it: `{key}: vaswani2017 §3.2`.",
            )
    return ReadCitations(tuple(found), tuple(inherited), is_sound)


def second_source(part: str, sources: Container[str]) -> re.Match[str] | None:
    """Where a citation after a comma names another of some sources, or what looks like one."""
    for found in _AFTER_COMMA.finditer(part):
        name = found[1]
        if name in sources or _WITH_YEAR.fullmatch(name) or (found[2] and name not in _PARTS):
            return found
    return None


def _unknown_source(source: SourceText, name: str, sources: tuple[str, ...], index: int) -> None:
    meant = source.nearest(name, sources)
    if meant:
        hint = f"Did you mean `{meant}`?"
    elif sources:
        hint = f"Add it under `sources`, or cite one of: {', '.join(sources[:8])}."
    else:
        hint = f"Add it at the top of the file: `sources:`, below it `  {slug_of(name) or 'key'}:`, and its `title`."
    source.error(index, "D424", f"there is no source `{shortened(name)}`", hint)
