"""Code by tokens, with clozes in it: Pygments names the tokens, the clozes keep their borders."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from nlpcards.core.markup.tree import Cloze, Piece, full_source

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_LONGEST = 20_000
"""Longer code is shown plain: a lexer may need long for what a stranger wrote."""

Token: TypeAlias = tuple[Any, str]
"""Pygments' type of a token, and its text."""


def tokens(source: str, language: str | None) -> list[Token]:
    """The tokens of some code, which together are the code; one plain token if the language is not known."""
    from pygments.token import Text

    lexer = _lexer(language.lower()) if language and len(source) <= _LONGEST else None
    if lexer is None:
        return [(Text, source)]
    found = [(kind, text) for kind, text in lexer.get_tokens(source) if text]
    return found if "".join(text for _, text in found) == source else [(Text, source)]


@lru_cache(maxsize=32)
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if language in ("text", "plain", "txt", "none"):
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def segments(pieces: Sequence[Piece], language: str | None) -> Iterator[tuple[Cloze[str] | None, list[Token]]]:
    """Each piece of a code block with its tokens, cut where clozes begin and end.

    The code is lexed as a whole, so that a cloze inside a string is coloured as part of one.
    """
    pending = tokens(full_source(tuple(pieces)), language)
    pending.reverse()
    for piece in pieces:
        left = len(piece if isinstance(piece, str) else "".join(piece.children))
        taken: list[Token] = []
        while left:
            kind, text = pending.pop()
            taken.append((kind, text[:left]))
            if len(text) > left:
                pending.append((kind, text[left:]))
            left -= min(left, len(text))
        yield (piece if isinstance(piece, Cloze) else None), taken
