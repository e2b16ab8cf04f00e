"""Deck files that mean harm, each made only when it is asked for, since every one has up to 8 MiB."""

from __future__ import annotations

from collections.abc import Callable

SIZE = 8 * 1024 * 1024
"""The size in characters (all of them ASCII unless said otherwise) that a deck file may have."""

HEAD = "deck: d\ntitle: T\nnotes:\n"
_SOUND = "- {{id: a{0}, q: x, a: y}}\n"


def _filled(before: str, part: str, after: str = "") -> str:
    """A part over and over, to the size that a file may have."""
    width = len(part.encode("utf-8", "surrogatepass"))
    return before + part * ((SIZE - len(before) - len(after)) // width) + after


def _counted(before: str, part: str, after: str = "") -> str:
    """A part with a number in it (`{0}`), counting up."""
    parts, size, number = [], SIZE - len(before) - len(after), 0
    while size > 0:
        parts.append(part.format(number, number + 1))
        size -= len(parts[-1])
        number += 1
    return before + "".join(parts[:-1]) + after


def _answer(text: str) -> str:
    return HEAD + text


CASES: dict[str, Callable[[], str]] = {
    "dashes": lambda: _filled(HEAD, "- \n"),
    "dashes in a row": lambda: _filled(HEAD, "- "),
    "broken notes": lambda: _filled(HEAD, "- q: a: b\n"),
    "unclosed quotes": lambda: _filled(HEAD, "- q: 'x\n"),
    "one unclosed quote": lambda: _filled(HEAD + "- q: 'x\n", "  x\n"),
    "quoted lines": lambda: _filled(HEAD + "- q: 'x\n", "\n"),
    "brackets": lambda: _filled(HEAD + "- q: ", "["),
    "brackets each": lambda: _filled(HEAD, "- q: [[[[[[[[[[[[[[[\n"),
    "ten thousand levels": lambda: HEAD + "- q: " + "[" * 10_000 + "]" * 10_000 + "\n",
    "ten thousand levels of lines": lambda: HEAD + "".join(" " * level + "-\n" for level in range(3_900)),
    "keys": lambda: _counted("", "k{0}: x\n"),
    "note keys": lambda: _counted(HEAD + "- q: x\n", "  k{0}: x\n"),
    "one key each": lambda: _counted(HEAD, "- k{0}: x\n"),
    "source keys": lambda: _counted("deck: d\nsources:\n", "  k{0}: x\n"),
    "cycles": lambda: _counted(HEAD, "- {{id: a{0}, q: x, a: y, needs: [a0, a{1}]}}\n"),
    "needs of one note": lambda: _counted(HEAD + "- {id: a, q: x, a: y, needs: [", "b{0}, ", "]}\n"),
    "unknown needs": lambda: _counted(HEAD, "- {{id: a{0}, q: x, a: y, needs: [b{0}]}}\n"),
    "equal ids": lambda: _filled(HEAD, "- {id: a, q: x, a: y}\n"),
    "equal notes": lambda: _filled(HEAD, "- {q: x, a: y}\n"),
    "bad clozes": lambda: _filled(HEAD + "- cloze: '", "{{c0::x}} ", "'\n"),
    "bad clozes in lines": lambda: _filled(HEAD, "- {id: a, cloze: '" + "{{c0::x}} " * 1_900 + "'}\n"),
    "open clozes": lambda: _filled(HEAD + "- cloze: '", "{{c1::x ", "'\n"),
    "open clozes in lines": lambda: _filled(HEAD, "- {id: a, cloze: '" + "{{c1::`x " * 2_000 + "'}\n"),
    "torn clozes": lambda: _filled(HEAD, "- cloze: |-\n    {{c1::x\n\n    x}}\n"),
    "brackets in clozes": lambda: _filled(HEAD, "- cloze: '{{c1::x}}\n\n    ](" + "![" * 9_000 + "'\n"),
    "dollars": lambda: _filled(HEAD + "- {q: '", "$x ", "', a: y}\n"),
    "dollars in lines": lambda: _filled(HEAD, "- {q: '" + "$x " * 6_000 + "', a: y}\n"),
    "backticks in lines": lambda: _filled(HEAD, "- {q: '" + "$x ` `` " * 2_400 + "', a: y}\n"),
    "escapes": lambda: _filled(HEAD + '- {a: y, q: "', "\\t$", '"}\n'),
    "escapes in lines": lambda: _filled(HEAD, '- {a: y, q: "' + "\\t$" * 6_000 + '"}\n'),
    "no-break spaces": lambda: _filled(HEAD, "- q: x\n\xa0"),
    "comma lists": lambda: _filled(HEAD + "- {q: x, a: y, tags: [", "1,000,", "1]}\n"),
    "comma lists in lines": lambda: _filled(HEAD, "- {q: x, a: y, tags: [" + "1,000," * 9_000 + "1]}\n"),
    "long lists": lambda: _filled(HEAD + "- {q: x, a: y, tags: [", "a,", "a]}\n"),
    "long lists after a mistake": lambda: _filled(
        HEAD + "- q: a: b\n", "- {q: x, a: y, tags: [" + "a," * 40_000 + "a]}\n"
    ),
    "long broken lists": lambda: _filled(HEAD, "- {q: x, a: y, tags: [" + "a," * 40_000 + "\n"),
    "control": lambda: "\0" * SIZE,
    "bytes": lambda: "\udce9" * SIZE,
    "equal keys": lambda: _filled(HEAD + "- q: x\n", "  q: y\n"),
    "equal notes keys": lambda: _filled("deck: d\n", "notes:\n-\n"),
    "markers": lambda: _filled("", "---\n"),
    "markers with text": lambda: _filled("a: b\n", "---\n") + "x\n",
    "keys on one line": lambda: _filled("", "a: "),
    "a long plain text": lambda: _filled(HEAD + "- q: ", "x "),
    "a long word": lambda: _filled(HEAD + "- q: ", "x"),
    "blank lines": lambda: _filled(HEAD, "\n"),
    "lines of text": lambda: _filled("title: [\n", "a\n"),
    "lists in a broken note": lambda: _filled(HEAD + "- q: a: b\n", "    - x\n"),
    "comments": lambda: _filled(HEAD + "- q: x #", " #"),
    "lines of comments": lambda: _filled(HEAD, "#\n"),
    "aliases": lambda: _filled(HEAD, "- q: *a\n"),
    "aliases on one line": lambda: _filled(HEAD + "- [", "*a ,", "]\n"),
    "an alias bomb": lambda: (
        "a: &a [x, x]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(24))
    ),
    "anchors": lambda: _filled(HEAD + "- [", "&a x, ", "]\n"),
    "tags of YAML": lambda: _filled(HEAD + "- [", "!!a x,", "]\n"),
    "merge keys": lambda: _filled(HEAD, "- <<: x\n"),
    "ghosts": lambda: _filled(HEAD + "- {", "a,", "}\n"),
    "backslashes": lambda: _filled(HEAD + "- q: '", "\\", "'"),
    "backslashes before quotes": lambda: _filled(
        HEAD, "- q: '\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\' x\n"
    ),
    "images": lambda: _filled(HEAD + "- {q: '", "![a](../b)", "', a: y}\n"),
    "images in lines": lambda: _filled(HEAD, "- {q: '" + "![a](../b)" * 1_900 + "', a: y}\n"),
    "openings of images": lambda: _filled(HEAD, "- {q: '" + "![" * 9_900 + "', a: y}\n"),
    "tags": lambda: _filled(HEAD + "- {q: x, a: y, tags: '", "a b ", "'}\n"),
    "citations": lambda: _filled(HEAD + "- {q: x, a: y, cite: '", "a;", "'}\n"),
    "citations in lines": lambda: _filled(HEAD, "- {q: x, a: y, cite: '" + "a;" * 9_000 + "'}\n"),
    "top words": lambda: _filled("title: [\n", "foo: bar\n"),
    "top keys": lambda: _filled("title: [\n", "topic: x\n"),
    "indented": lambda: _answer("title: [\n" + "".join(" " * (n % 200) + "q: x\n" for n in range(80_000))),
    "columns": lambda: "title: [\n" + "".join(f"notes:\n{' ' * n}- x\n" for n in range(1, 4_000)),
    "typographic quotes": lambda: _filled(HEAD, "- {id: a, q: “x”, a: y}\n"),
    "notes on one line": lambda: _counted("deck: d\ntitle: T\nnotes: [", "{{id: a{0}, q: x, a: y}}, ", "]\n"),
    "wide characters": lambda: _filled(HEAD + "- q: ", "😀"),
    "questions": lambda: _filled(HEAD, "? "),
    "quoted keys": lambda: _filled(HEAD, "- 'q': x\n  \"a\": *y\n"),
    "a mistake after sound notes": lambda: _counted(HEAD, _SOUND, "- q: a: b\n"),
}
"""Each makes the text of a file that is an error; lone surrogates stand for bytes that are no UTF-8."""
