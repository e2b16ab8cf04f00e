"""Anki's card templates, rendered to the HTML of both sides: fields, conditions and filters, as its manual says.

Nothing is run: what a template would have a script or a style do is left out later, with the tags that hold them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

LONGEST_SIDE = 200_000
"""How many characters of HTML one side may have; a hostile template makes any number of them."""

_TAG = re.compile(r"\{\{([^{}]{0,1000})\}\}")
_EMPTY = re.compile(r"(?:\s|&nbsp;|</?(?:br|div)\s*/?>)*", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")
_READING = re.compile(r" ?([^ \[\]<>&;]{1,40})\[([^\[\]]{1,100})\]")
_SPEECH = re.compile(r"\[/?anki:tts[^\[\]]{0,300}\]", re.IGNORECASE)


class TooLong(Exception):
    """A side is longer than any that is read."""


@dataclass(slots=True)
class Side:
    """One side of a card. `hints` are the fields that are shown on demand, with their HTML; `typed` is the field that
    the learner types, empty where there is none.
    """

    html: str = ""
    hints: dict[str, str] = field(default_factory=dict)
    typed: str = ""
    has_cloze: bool = False


def is_empty(html: str) -> bool:
    """Whether a field counts as empty in a condition; one that is too long for a card never does."""
    return len(html) <= LONGEST_SIDE and _EMPTY.fullmatch(html) is not None


def bare(html: str) -> str:
    """The words of a field's HTML, in one line."""
    return " ".join(unescape(_MARKUP.sub(" ", html.replace("<br>", " "))).replace("\xa0", " ").split())


def front(template: str, fields: Mapping[str, str]) -> Side:
    """The question side. Fields filtered by `cloze` stand in it with their clozes; what is typed is only named."""
    return _Rendering(fields, is_front=True).render(template)


def back(template: str, fields: Mapping[str, str]) -> Side:
    """The answer side without the question in it: `FrontSide`, what is typed and clozes are left out."""
    return _Rendering(fields, is_front=False).render(template)


class _Rendering:
    def __init__(self, fields: Mapping[str, str], *, is_front: bool) -> None:
        self._fields = fields
        self._is_front = is_front
        self._side = Side()
        self._empty: dict[str, bool] = {}

    def render(self, template: str) -> Side:
        parts: list[str] = []
        size = 0
        conditions: list[tuple[str, bool]] = []
        hidden = 0
        template = _without_comments(template)
        position = 0

        def put(text: str) -> None:
            nonlocal size
            size += len(text)
            if size > LONGEST_SIDE:
                raise TooLong
            parts.append(text)

        for tag in _TAG.finditer(template):
            if not hidden:
                put(template[position : tag.start()])
            position = tag.end()
            name = tag[1].strip()
            sign, key = name[:1], name[1:].strip()
            if sign and sign in "#^":
                shown = self._is_empty(key) == (sign == "^")
                conditions.append((key, shown))
                hidden += not shown
            elif sign == "/":
                if conditions and conditions[-1][0] == key:
                    hidden -= not conditions.pop()[1]
            elif not hidden and sign != "!":
                put(self._field(name))
        if not hidden:
            put(template[position:])
        self._side.html = _SPEECH.sub("", "".join(parts))
        return self._side

    def _is_empty(self, name: str) -> bool:
        # Any number of conditions may ask for one long field.
        if name not in self._empty:
            self._empty[name] = is_empty(self._fields.get(name, ""))
        return self._empty[name]

    def _field(self, written: str) -> str:
        *filters, name = (part.strip() for part in written.split(":"))
        kinds = [each.split(" ")[0] for each in filters]
        if "tts" in kinds or name == "FrontSide":
            return ""
        value = self._fields.get(name, "")
        if "cloze" in kinds:
            self._side.has_cloze = True
            return value if self._is_front else ""
        if "type" in kinds:
            self._side.typed = self._side.typed or name
            return ""
        if "hint" in kinds and self._is_front:
            if not is_empty(value):
                self._side.hints[name] = value
            return ""
        for kind in reversed(kinds):
            value = _filtered(value, kind)
        return value


def _without_comments(template: str) -> str:
    if len(template) > LONGEST_SIDE:
        raise TooLong
    parts: list[str] = []
    position = 0
    while (start := template.find("<!--", position)) >= 0 and (end := template.find("-->", start)) >= 0:
        parts.append(template[position:start])
        position = end + 3
    return "".join((*parts, template[position:]))


def _filtered(value: str, kind: str) -> str:
    """A field's HTML through one filter; the filters of add-ons leave it as it is."""
    match kind:
        case "text":
            return _MARKUP.sub("", value)
        case "kanji":
            return _READING.sub(r"\1", value)
        case "kana":
            return _READING.sub(r"\2", value)
        case "furigana":
            return _READING.sub(r"\1 (\2)", value)
        case _:
            return value
