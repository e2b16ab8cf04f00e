"""The HTML of a card's side as Markdown that a deck can hold: what acts or cannot be read is left out, and named."""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_left
from hashlib import blake2b

from nlpcards.core.markup.cloze import scan_within
from nlpcards.core.markup.source import Kind, Region, regions
from nlpcards.core.markup.tex.problems import tex_problems
from nlpcards.decks.importing.anki_html import LONGEST, from_html

_SILENT = re.compile(
    r"<(?P<tag>script|style|head|noscript|template|object|iframe|canvas|select|textarea|math|title)\b[^<>]*>"
    r".*?(?:</(?P=tag)\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_DRAWING = re.compile(r"<svg\b[^<>]*>.*?(?:</svg\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_SOUND = re.compile(r"<(?:audio|video|source|embed)\b[^<>]*>", re.IGNORECASE)
_FILE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s<>]+))", re.IGNORECASE)
_FIELD = re.compile(r"<(?P<tag>rt|rp)\b[^<>]*>(?P<text>[^<]*)</(?P=tag)\s*>", re.IGNORECASE)
_SHOWN_AS_TEXT = re.compile(
    r"</?(?:audio|video|source|embed|track|button|input|details|summary|ruby|rb|rt|rp|bdi|bdo|data|time|dialog|fieldset"
    r"|legend|form|option|optgroup|output|progress|meter|nav|aside|hgroup|link|meta|base|doctype|body|html|colgroup|col"
    r"|picture|map|area|param|q|var|blink|marquee|nobr|acronym|basefont|frame|frameset|noframes|applet|font|slot|main"
    r"|label|search|menu|object|dir|o:p|v:[a-z]+|w:[a-z]+|c-wiz|g-[a-z-]+|x-[a-z-]+)\b[^<>]*>|<![a-z][^<>]*>|<\?[^<>]*>",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_INLINE = re.compile(
    r"""\bsrc\s*=\s*(?P<quote>["'])?data:image/(?P<kind>png|jpe?g|gif|webp|svg\+xml|bmp);base64,"""
    r"""(?P<data>(?(quote)[A-Za-z0-9+/=\s%]+|[A-Za-z0-9+/=%]+))(?(quote)(?P=quote))""",
    re.IGNORECASE,
)
"""An attribute is looked for within its tag alone: a search for both at once takes the square of a tag's length."""


class CannotCarry(Exception):
    """Something cannot be carried over; the text says why, as a clause."""


class Converter:
    """Makes Markdown of HTML; `lost` gathers, as clauses, what did not come through of the note at hand.

    `pictures` are those that stood within texts, by the names that they got.
    """

    def __init__(self) -> None:
        self.lost: list[str] = []
        self.pictures: dict[str, bytes] = {}

    def markdown(self, html: str, *, cloze: bool = False) -> str:
        """The HTML as Markdown; with `cloze`, of a text with clozes in it.

        Raises:
            CannotCarry: it is too long to be read.
        """
        if "<" in html:
            html = self._harmless(html)
        if len(html) > LONGEST:
            raise CannotCarry(f"a side of its card has more than {LONGEST:,} characters")
        return self._readable(from_html(html).strip(), cloze=cloze)

    def _harmless(self, html: str) -> str:
        html = _PICTURE.sub(self._taken_out, html)
        html = _SILENT.sub("", html)
        if _DRAWING.search(html):
            self._lose("a drawing in it (SVG) was left out")
            html = _DRAWING.sub("", html)
        html = _SOUND.sub(_sound, html)
        html = _FIELD.sub(lambda found: f" ({found['text'].strip()})" if found["tag"].lower() == "rt" else "", html)
        return _SHOWN_AS_TEXT.sub("", html)

    def _taken_out(self, found: re.Match[str]) -> str:
        """The tag of a picture, of which the content stands within the text, with the name of a file in its place."""
        tag = found.group()
        inline = _INLINE.search(tag)
        if inline is None:
            return tag
        try:
            data = base64.b64decode(re.sub(r"\s|%0A", "", inline["data"]), validate=True)
        except (binascii.Error, ValueError):
            self._lose("a picture within its text is damaged")
            return ""
        ending = {"svg+xml": "svg", "jpeg": "jpg"}.get(inline["kind"].lower(), inline["kind"].lower())
        name = f"picture-{blake2b(data, digest_size=8).hexdigest()}.{ending}"
        self.pictures[name] = data
        return f'{tag[: inline.start()]}src="{name}"{tag[inline.end() :]}'

    def _readable(self, markdown: str, *, cloze: bool) -> str:
        """The Markdown with formulas that cannot be read shown as their source, since a deck with such has an error."""
        if "$" not in markdown:
            return markdown
        found = regions(markdown)
        marks: list[tuple[int, int]] = []
        if cloze:
            for span in scan_within(markdown, found).spans:
                marks += [(span.start, span.text_start), (span.text_end, span.end)]
        marks.sort()
        for region in reversed(found.found):
            if region.kind is Kind.MATHS and (why := _problem(markdown, region, marks)):
                source = markdown[region.start : region.end]
                tex = " ".join(source.strip("$").split())
                fence = "``" if "`" in tex else "`"
                self._lose(f"the formula `{tex[:60]}` is shown as its source, since {why}")
                markdown = f"{markdown[: region.start]}{fence}{tex}{fence}{markdown[region.end :]}"
        return markdown

    def _lose(self, what: str) -> None:
        if what not in self.lost:
            self.lost.append(what)


def _sound(tag: re.Match[str]) -> str:
    """What plays, as Anki's own mark of a sound; a player that names no file goes with the other tags."""
    found = _FILE.search(tag.group())
    return f"[sound:{next(filter(None, found.groups()), '')}]" if found else tag.group()


def _problem(markdown: str, region: Region, marks: list[tuple[int, int]]) -> str:
    """What is wrong with a formula, empty where nothing is; the marks of clozes, sorted, are no part of it."""
    width = 2 if markdown.startswith("$$", region.start) else 1
    start, end = region.start + width, region.end - width
    tex = markdown[start:end]
    # No two marks overlap, so those before the last that begins before the formula end before it too.
    at = max(0, bisect_left(marks, (start, 0)) - 1)
    while at < len(marks) and marks[at][0] < end:
        first, last = max(marks[at][0], start), min(marks[at][1], end)
        if first < last:
            tex = f"{tex[: first - start]}{' ' * (last - first)}{tex[last - start :]}"
        at += 1
    found = tex_problems(tex)
    return found[0].message if found else ""
