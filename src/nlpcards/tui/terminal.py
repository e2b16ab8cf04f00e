"""What the terminal can show, and the screen made to fit: letters, sixteen colours, or none.

Textual draws as if there were Unicode and millions of colours. Each filter here changes what is drawn cell by cell, so
that nothing moves and no screen need know.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from nlpcards.collection.taste import Symbols
from nlpcards.tui.ink import ENOUGH, contrast

Shows = Callable[[str], bool]
"""Says whether a terminal shows a character."""

_UTF8 = "utf-8"
_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
_LINES_OF_THE_CONSOLE = frozenset("─│┌┐└┘├┤┬┴┼═║█▄▀")
_STANDS_OUT = 3.0
"""From this contrast to the screen's own ground on, a ground means something: a cursor, a selection."""

_ALIKE: Mapping[str, str] = {
    **dict.fromkeys("─╌┄┈╴╶‐‑‒–—―−▔▁", "-"),
    **dict.fromkeys("│┃╎╏┆┇┊┋╵╷╹╻▏▎▍▌▐▕‖∥", "|"),
    **dict.fromkeys("┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝┞┟┠┡┢┣┤┥┦┧┨┩┪┫┬┭┮┯┰┱┲┳┴┵┶┷┸┹┺┻┼┽┾┿╀╁╂╃╄╅╆╇╈╉╊╋╭╮╯╰", "+"),
    **dict.fromkeys("═━╍┅┉╸╺", "="),
    **dict.fromkeys("║", "|"),
    **dict.fromkeys("╔╗╚╝╠╣╦╩╬", "+"),
    **dict.fromkeys("█▇▆▓", "#"),
    **dict.fromkeys("▅▄▃▀▒", "="),
    **dict.fromkeys("▂░▖▗▘▙▚▛▜▝▞▟", "."),
    **dict.fromkeys("▊▋▉", "#"),
    **dict.fromkeys("▸▶►❯›»→", ">"),
    **dict.fromkeys("◂◀◄❮‹«←", "<"),
    **dict.fromkeys("▴▲↑", "^"),
    **dict.fromkeys("▾▼↓", "v"),
    **dict.fromkeys("•●◆▪◦○◌", "*"),
    **dict.fromkeys("·∙⋅…", "."),
    **dict.fromkeys("‘’′", "'"),
    **dict.fromkeys("“”„″", '"'),
    "✗": "x",
    "✓": "+",
    "✎": "~",
    "⚑": "!",
    "⧗": "!",
    "×": "x",
    "␣": "_",
    "↪": ">",
    "⏎": ">",
    "⭘": "o",
}


def charset(environment: Mapping[str, str]) -> str:
    """The character set that the locale in the environment asks for, by Python's name; UTF-8 where none is named."""
    named = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or ""
    language = environment.get("LANG")
    # Python itself gives such a locale to its process in place of C: what the learner set is still in `LANG`.
    if not environment.get("LC_ALL") and named in _COERCED and language in ("C", "POSIX"):
        named = language
    if named in ("C", "POSIX"):
        return "ascii"
    _, dot, encoding = named.partition(".")
    if not dot:
        return _UTF8
    try:
        return codecs.lookup(encoding.partition("@")[0]).name
    except LookupError:
        return _UTF8


def shows(symbols: Symbols, environment: Mapping[str, str]) -> Shows | None:
    """Which characters the terminal shows, by the configuration or by what the terminal says; None for all."""
    match symbols:
        case Symbols.UNICODE:
            return None
        case Symbols.ASCII:
            return str.isascii
        case Symbols.AUTO:
            encoding = charset(environment)
            if encoding != _UTF8:
                return lambda char: _encodes(char, encoding)
            # The console of Linux has room for 256 or 512 characters, whatever the locale.
            return _console if environment.get("TERM") == "linux" else None


@lru_cache(4096)
def _encodes(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _console(char: str) -> bool:
    return char <= "\xff" or char in _LINES_OF_THE_CONSOLE


class Letters(LineFilter):
    """Draws with the characters that a terminal shows; others by what looks like them, by their letter without its
    accent, or as a question mark for each of their cells.
    """

    def __init__(self, shows: Shows) -> None:
        super().__init__()
        self._shows = shows
        self._text = lru_cache(4096)(self._shown)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line in other characters."""
        return [
            segment if segment.text.isascii() else Segment(self._text(segment.text), segment.style, segment.control)
            for segment in segments
        ]

    def _shown(self, text: str) -> str:
        return "".join(char if self._shows(char) else self._alike(char) for char in text)

    def _alike(self, char: str) -> str:
        width = cell_len(char)
        found = _ALIKE.get(char, "")
        if not found:
            plain = unicodedata.normalize("NFKD", char)
            found = "".join(each for each in plain if each.isascii() and each.isprintable())
        return found if len(found) == width and all(map(self._shows, found)) else "?" * width


class NoColours(LineFilter):
    """Takes all colours away; what only a ground told (a cursor, a selection) is drawn in reverse. `ground` gives the
    screen's own.
    """

    def __init__(self, ground: Callable[[], Color]) -> None:
        super().__init__()
        self._ground = ground

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line in the terminal's own two colours."""
        ground = self._ground()
        return [_styled(segment, _without_colours, ground) for segment in segments]


class SixteenColours(LineFilter):
    """Draws with the sixteen colours that every terminal has, each text in the nearest that can be read on its
    ground: black or white, by the theme. `ground` gives the screen's own.
    """

    def __init__(self, ground: Callable[[], Color]) -> None:
        super().__init__()
        self._ground = ground

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line in those colours."""
        ground = self._ground()
        return [_styled(segment, _in_sixteen, ground) for segment in segments]


def _styled(segment: Segment, change: Callable[[Style, Color], Style], ground: Color) -> Segment:
    return segment if segment.style is None else Segment(segment.text, change(segment.style, ground), segment.control)


_SIXTEEN: tuple[Color, ...] = tuple(
    Color(*rgb)
    for rgb in (
        (0, 0, 0),
        (170, 0, 0),
        (0, 170, 0),
        (170, 85, 0),
        (0, 0, 170),
        (170, 0, 170),
        (0, 170, 170),
        (170, 170, 170),
        (85, 85, 85),
        (255, 85, 85),
        (85, 255, 85),
        (255, 255, 85),
        (85, 85, 255),
        (255, 85, 255),
        (85, 255, 255),
        (255, 255, 255),
    )
)
"""The colours as the console of Linux and VGA have them; terminals differ, though not by much."""

_BLACK, _WHITE = 0, 15


@lru_cache(4096)
def _without_colours(style: Style, ground: Color) -> Style:
    plain = Style(color="default", bgcolor="default")
    return style + plain + Style(reverse=bool(style.reverse) != _stands_out(style, ground))


@lru_cache(4096)
def _in_sixteen(style: Style, ground: Color) -> Style:
    dark = ground.brightness < 0.5
    own = (_BLACK if dark else _WHITE) if not _stands_out(style, ground) else (_WHITE if dark else _BLACK)
    under = _SIXTEEN[own]
    readable = [number for number, each in enumerate(_SIXTEEN) if contrast(each, under) >= ENOUGH]
    ink = _colour(style.color)
    number = _WHITE - own
    if ink is not None:
        # A grey has no hue that the nearest colour could be thought to tell.
        alike = [each for each in readable if _is_grey(_SIXTEEN[each])] if _is_grey(ink) else readable
        number = min(alike, key=lambda each: _distance(_SIXTEEN[each], ink))
    return style + Style(color=RichColor.from_ansi(number), bgcolor=RichColor.from_ansi(own))


def _stands_out(style: Style, ground: Color) -> bool:
    own = _colour(style.bgcolor)
    return own is not None and contrast(own, ground) >= _STANDS_OUT


def _colour(color: RichColor | None) -> Color | None:
    """A colour that is known; None of what the terminal decides."""
    if color is None or color.is_default:
        return None
    found = Color.from_rich_color(color)
    return None if found.ansi is not None else found


def _is_grey(color: Color) -> bool:
    return max(color.rgb) - min(color.rgb) < 32


def _distance(one: Color, other: Color) -> int:
    """How far two colours are from each other, as the eye weighs red, green and blue."""
    weights = (2, 4, 3)
    return sum(weight * (a - b) ** 2 for weight, a, b in zip(weights, one.rgb, other.rgb, strict=True))
