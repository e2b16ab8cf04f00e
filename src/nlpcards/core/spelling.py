r"""Characters in words, for a terminal or a pipe that cannot carry them: `x ≥ β²` becomes `x >= beta^2`.

What is read aloud has to stay readable: an escape such as `\u03b2` is noise. Text that a program reads back (JSON) is
never spelled.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

_SIGNS = {
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "≈": "~=",
    "→": "->",
    "←": "<-",
    "⇒": "=>",
    "↦": "|->",
    "×": "x",
    "·": "*",
    "⋅": "*",
    "∗": "*",
    "−": "-",
    "±": "+-",
    "÷": "/",
    "′": "'",
    "…": "...",
    "•": "*",
    "∑": "sum",
    "∏": "product",
    "√": "sqrt",
    "∫": "integral",
    "∞": "infinity",
    "∂": "d",
    "∇": "nabla",
    "∈": "in",
    "∉": "not in",
    "∀": "for all",
    "∃": "exists",
    "∝": "proportional to",
    "∼": "~",
    "‖": "||",
    "∣": "|",
    "⟨": "<",
    "⟩": ">",
    "⊙": "(.)",
    "⊕": "(+)",
    "⊗": "(x)",
    "⊤": "^T",
    "∘": "o",
    **dict.fromkeys("‐‑‒–—―─━╌", "-"),
    **dict.fromkeys("│┃", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╯╰", "+"),
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f", " "),
}


def spelled(text: str, encodes: Callable[[str], bool]) -> str:
    """The text with each character that cannot be encoded in signs that most terminals have, or in words; words stand
    apart from the letters around them.
    """
    parts: list[str] = []
    word_before = False
    for char in text:
        if encodes(char):
            if word_before and char.isalnum():
                parts.append(" ")
            parts.append(char)
            word_before = False
            continue
        said = _said(char)
        if not all(map(encodes, said)):
            said = char.encode("ascii", "backslashreplace").decode()
        is_word = said[0].isalpha() and len(said) > 1
        if is_word and parts and (parts[-1][-1].isalnum() or word_before):
            parts.append(" ")
        parts.append(said)
        word_before = is_word
    return "".join(parts)


@lru_cache(4096)
def _said(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    name = unicodedata.name(char, "")
    if not name:
        return char
    if name.startswith("COMBINING "):
        return f" {name.removeprefix('COMBINING ').lower()}"
    base = "".join(each for each in unicodedata.normalize("NFKD", char) if not unicodedata.combining(each))
    sign = "_" if "SUBSCRIPT" in name else "^" if "SUPERSCRIPT" in name or "MODIFIER LETTER" in name else ""
    if base != char and base:
        return sign + "".join(each if each.isascii() else _said(each) for each in base)
    if name.startswith("GREEK "):
        letter = name.split(" WITH ")[0].rsplit(" ", 1)[-1]
        return sign + (letter.capitalize() if "CAPITAL" in name else letter.lower())
    if sign:
        return sign + name.rsplit(" ", 1)[-1].lower()
    return f"[{name.lower()}]"
