"""Texts as a stranger may have written them: by the grammar of Anki's fields and templates, and against it."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

_TAGS = (
    "b i s u em div p br hr ul ol li table tr td th tbody pre code a img span sub sup blockquote h1 dl dt dd ruby rt "
    "rp svg script style math textarea select audio video source title object font anki-mathjax details o:p x-y "
    "section".split()
)
_ATTRIBUTES: tuple[str, ...] = (
    'src="p.png"',
    "src='a b'",
    "src=x",
    'href="http://x.org/a b)"',
    'href="javascript:x"',
    "start=3",
    'alt="]("',
)
_ATTRIBUTES += (
    'class="language-python"',
    "start=99999999",
    "style=x",
    'src="data:image/png;base64,aGk="',
    "onerror=x",
    "=",
    '"',
)
_ENTITIES = (
    "&amp;",
    "&lt;",
    "&#0;",
    "&#xD800;",
    "&#x110000;",
    "&#99999999999999999999;",
    "&nbsp;",
    "&",
    "&bogus;",
    "&#125;",
)
_MARKS = (
    "{{c1::",
    "{{c2::",
    "{{c3::",
    "{{c1,2::",
    "{{c0::",
    "{{c501::",
    "}}",
    "::",
    "{",
    "}",
    "{{",
    "::hint}}",
    "{{c1::}}",
)
_FORMULAS: tuple[str, ...] = (
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "[$]",
    "[/$]",
    "[$$]",
    "[/$$]",
    "[latex]",
    "[/latex]",
    "$",
    "$$",
    "\\frac{a}{b}",
)
_FORMULAS += ("\\begin{matrix}", "\\end{matrix}", "\\left(", "x_{1}^2", "\\\\", "&", "\\text{", "\\sqrt[", "\\def\\x{")
_MARKDOWN = (
    "*",
    "**",
    "~~",
    "`",
    "```",
    "\n",
    "\n\n",
    "# ",
    "- ",
    "1. ",
    "> ",
    "|",
    "[",
    "](",
    "![",
    "]",
    ")",
    "<",
    ">",
    "\\",
)
_WORDS: tuple[str, ...] = (
    "word",
    "a",
    " ",
    "é",
    "語",
    "😀",
    "\u202e",
    "\x00",
    "\x1b[2J",
    "\ufdd0",
    "\ufdd1",
    "\ufffd",
    "\ud800",
    "\xa0",
    "\x85",
)
_WORDS += (
    "[sound:a.mp3]",
    "[sound:",
    "漢[かん]",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?x",
    "<!DOCTYPE x>",
    "image-occlusion:",
    "\u2028",
)
_NAMES = (
    "Front",
    "Back",
    "Text",
    "Extra",
    "Hint",
    "FrontSide",
    "Tags",
    "Deck",
    "Subdeck",
    "Type",
    "Card",
    "",
    "a:b",
    "No",
)
_FILTERS = (
    "cloze",
    "type",
    "hint",
    "text",
    "kanji",
    "kana",
    "furigana",
    "tts en_US voices=x",
    "type:cloze",
    "edit",
    "",
)


def field(chance: Random) -> str:
    """The HTML of a field, with formulas and clozes."""
    return _nested(chance, chance.randrange(5)) if chance.random() < 0.8 else _long(chance)


def template(chance: Random) -> str:
    """The HTML of a side of a card, with fields, filters and conditions."""
    parts = [_template_part(chance) for _ in range(chance.randrange(1, 12))]
    if chance.random() < 0.1:
        parts *= chance.choice((20, 300, 5_000))
    return "".join(parts)


def note(chance: Random, said: dict[str, object]) -> dict[str, object]:
    """A single note (see `seeds.NOTES`), with a text in it changed."""
    fields, sides = said.get("fields"), said.get("templates")
    if not isinstance(fields, dict) or not isinstance(sides, list) or not fields or not sides:
        return said
    match chance.randrange(6):
        case 0:
            side = sides[chance.randrange(len(sides))]
            if isinstance(side, list) and side:
                at = chance.randrange(len(side))
                side[at] = changed(chance, str(side[at]), template)
        case 1:
            said["cloze"] = not said.get("cloze")
        case 2 if len(fields) < 6:
            fields[chance.choice(_NAMES)] = field(chance)
        case _:
            name = chance.choice(list(fields))
            fields[name] = changed(chance, str(fields[name]), field)
    return said


def changed(chance: Random, text: str, fresh: Callable[[Random], str] = field) -> str:
    """A text with something in it doubled, dropped, moved, replaced or put in by the grammar."""
    if not text or chance.random() < 0.15:
        return fresh(chance)
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + chance.choice((0, 1, 2, 5, 20, 100)))
    match chance.randrange(7):
        case 0:
            return text[:start] + text[end:]
        case 1:
            return text[:start] + text[start:end] * chance.choice((2, 3, 10, 100)) + text[end:]
        case 2:
            at = chance.randrange(len(text) + 1)
            return text[:at] + text[start:end] + text[at:]
        case 3:
            return text[:start] + fresh(chance)[:200] + text[end:]
        case 4:
            return text[:start] + _piece(chance) + text[end:]
        case 5 if len(text) < 20_000:
            return text * chance.choice((2, 5, 50))
        case _:
            return text[:start] + _piece(chance) + text[start:end] + _piece(chance) + text[end:]


def _nested(chance: Random, depth: int) -> str:
    parts = []
    for _ in range(chance.randrange(1, 6)):
        if depth and chance.random() < 0.6:
            inner = _nested(chance, depth - 1)
            match chance.randrange(5):
                case 0 | 1:
                    tag = chance.choice(_TAGS)
                    parts.append(f"{_open(chance, tag)}{inner}{f'</{tag}>' if chance.random() < 0.9 else ''}")
                case 2:
                    hint = f"::{_piece(chance)}" if chance.random() < 0.3 else ""
                    parts.append(f"{{{{c{chance.randrange(1, 5)}::{inner}{hint}}}}}")
                case 3:
                    before, after = chance.choice(
                        (("\\(", "\\)"), ("\\[", "\\]"), ("[latex]", "[/latex]"), ("[$]", "[/$]"))
                    )
                    parts.append(f"{before}{inner}{after}")
                case _:
                    parts.append(f"`{inner}`" if chance.random() < 0.5 else f"<pre><code>{inner}</code></pre>")
        else:
            parts.append(_piece(chance))
    return "".join(parts)


def _open(chance: Random, tag: str) -> str:
    attributes = "".join(f" {chance.choice(_ATTRIBUTES)}" for _ in range(chance.choice((0, 0, 1, 2))))
    return f"<{tag}{attributes}{chance.choice(('', '', '', '/', ' '))}>"


def _piece(chance: Random) -> str:
    every = chance.choice((_ENTITIES, _MARKS, _FORMULAS, _MARKDOWN, _WORDS, _WORDS))
    if chance.random() < 0.2:
        tag = chance.choice(_TAGS)
        return _open(chance, tag) if chance.random() < 0.6 else f"</{tag}>"
    return chance.choice(every)


def _long(chance: Random) -> str:
    """A few pieces over and over: what takes time, or runs deep."""
    unit = "".join(_piece(chance) for _ in range(chance.randrange(1, 4)))
    end = "".join(_piece(chance) for _ in range(chance.randrange(3)))
    times = max(1, chance.choice((50, 1_000, 10_000, 49_000)) // max(1, len(unit)))
    if chance.random() < 0.3:
        tag = chance.choice(_TAGS)
        times = min(times, 3_000)
        return f"{f'<{tag}>' * times}{unit}{f'</{tag}>' * times}{end}"
    if chance.random() < 0.1:
        return f'<img alt="{unit * times}" {" x" * times} src="p.png">{end}'
    return unit * times + end


def _template_part(chance: Random) -> str:
    name = chance.choice(_NAMES)
    match chance.randrange(6):
        case 0:
            return f"{{{{{chance.choice('#^/')}{name}}}}}"
        case 1:
            return f"{{{{#{name}}}}}{_template_part(chance)}{{{{/{name}}}}}"
        case 2:
            filters = ":".join(chance.choice(_FILTERS) for _ in range(chance.randrange(1, 4)))
            return f"{{{{{filters}:{name}}}}}"
        case 3:
            return chance.choice(
                ("<hr id=answer>", "{{FrontSide}}", "{{!x}}", "{{=<% %>=}}", "{{{x}}}", "<!-- {{Front}} -->")
            )
        case 4:
            return _piece(chance)
        case _:
            return f"{{{{{name}}}}}"


_JSON: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    1,
    2**70,
    1e308,
    float("inf"),
    float("nan"),
    "",
    "1",
    "x",
    [],
    {},
    [[]],
    {"": 0},
)


def json_changed(chance: Random, text: str) -> str:
    """A JSON text with one value in it changed, or cut, or nested without end."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return changed(chance, text)
    if chance.random() < 0.05:
        return chance.choice(
            ("", "{", "[" * 200_000, '{"a":' * 50_000, "1" * 5_000, "null", "[1]", '"x"', '{"1":null}')
        )
    return json.dumps(_value_changed(chance, value))


def _value_changed(chance: Random, value: object) -> object:
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        match chance.randrange(8):
            case 0:
                return {name: each for name, each in value.items() if name != key}
            case 1:
                return {**value, chance.choice((f"{key}x", "-1", "99999999999999999999", "1")): value[key]}
            case _:
                return {**value, key: _value_changed(chance, value[key])}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        match chance.randrange(6):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return value + [value[at]] * chance.choice((1, 50))
            case _:
                return [*value[:at], _value_changed(chance, value[at]), *value[at + 1 :]]
    if isinstance(value, str) and chance.random() < 0.6:
        return changed(chance, value, template if "{{" in value else field)
    if isinstance(value, int) and not isinstance(value, bool) and chance.random() < 0.5:
        return value + chance.choice((-1, 1, 2**31, -(2**31), 2**63, -(2**63), 10**20))
    return chance.choice(_JSON)
