"""Making harmless what could act on a terminal or deceive a reader's eyes.

A deck may come from a stranger. Characters that move the cursor, turn the direction of writing round or take no room
are shown as what they are, so that text can do nothing but be read.
"""

import re

_SUSPECTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

_ZERO_WIDTH_NON_JOINER = "\u200c"
_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"


def visible(text: str) -> str:
    """The same text with every character that acts rather than shows replaced by visible, harmless text.

    Newlines and tabs stay, for layout to deal with. So do the joiners and variation selectors that emoji and some
    scripts are written with, where they stand between such characters.
    """
    if text.isascii() and text.isprintable():
        return text
    return _SUSPECTS.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    char = found.group()
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xD800 <= code <= 0xDFFF or 0xFDD0 <= code <= 0xFDEF:
        return "\ufffd"
    before = found.string[found.start() - 1] if found.start() else ""
    after = found.string[found.end() : found.end() + 1]
    if _belongs(char, before, after):
        return char
    return f"<U+{code:04X}>"


def _belongs(char: str, before: str, after: str) -> bool:
    """Whether an invisible character does its proper work between these two neighbours."""
    if not before:
        return False
    if char == _ZERO_WIDTH_JOINER:
        return bool(after) and ((_emoji(before) and _emoji(after)) or _joining(before))
    if char == _ZERO_WIDTH_NON_JOINER:
        return bool(after) and _joining(before) and _joining(after)
    if "\ufe00" <= char <= _EMOJI_STYLE:
        return _emoji(before) or before in "0123456789#*"
    return False


def _emoji(char: str) -> bool:
    code = ord(char)
    return 0x1F000 <= code < 0x20000 or 0x2190 <= code <= 0x3299 or char in "©®\u203c\u2049\ufe0f"


def _joining(char: str) -> bool:
    """Whether a character is of a script whose spelling needs joiners: Arabic, Syriac and the scripts of India."""
    return 0x0620 <= ord(char) <= 0x0DFF or 0x1000 <= ord(char) <= 0x109F or 0x1780 <= ord(char) <= 0x17D3
