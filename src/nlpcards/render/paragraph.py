"""Paragraphs in a terminal, with room for the pictures that stand on lines of their own.

A picture has a line of its own where only white space, a line break or the paragraph's end stands beside it. One amid a
sentence is named in the sentence, as all are where the face shows none.
"""

from collections.abc import Sequence

from nlpcards.core.markup.tree import Break, Cloze, Image, Inline, Text
from nlpcards.render.spans import Side, spans
from nlpcards.render.style import Line, Span, Style
from nlpcards.render.view import View, view
from nlpcards.render.wrap import wrap


def paragraph(children: Sequence[Inline], width: int, side: Side) -> list[Line]:
    """A paragraph in lines no wider than `width`."""
    if side.picture is None or not any(_image(child, side) for child in children):
        return wrap(spans(children, side), width)
    lines: list[Line] = []
    for part in _broken(children):
        before, middle, after = _parted(part, side)
        lines += [line for image in before for line in _picture(image, width, side)]
        if middle:
            lines += wrap(spans(middle, side), width)
        lines += [line for image in after for line in _picture(image, width, side)]
    return lines


def _image(inline: Inline, side: Side) -> Image | None:
    """The image that an inline is, unless something of it is hidden."""
    match inline:
        case Image(path=str(), pieces=pieces):
            hidden = any(
                isinstance(piece, Cloze) and view(piece, side.ask, side.reveal) is View.HIDDEN for piece in pieces
            )
            return None if hidden else inline
        case Cloze(children=(Image() as image,)) if view(inline, side.ask, side.reveal) is not View.HIDDEN:
            return _image(image, side)
        case _:
            return None


def _broken(children: Sequence[Inline]) -> list[list[Inline]]:
    """The paragraph's parts between the line breaks that the author asked for."""
    parts: list[list[Inline]] = [[]]
    for child in children:
        if isinstance(child, Break):
            parts.append([])
        else:
            parts[-1].append(child)
    return parts


def _parted(part: list[Inline], side: Side) -> tuple[list[Image], list[Inline], list[Image]]:
    """The images at the edges of a line, and what stands between them."""
    before: list[Image] = []
    after: list[Image] = []
    start, end = 0, len(part)
    while start < end:
        image = _image(part[start], side)
        if image is not None and (start + 1 == end or _text(part[start + 1])[:1].isspace()):
            before.append(image)
        elif not _is_space(part[start]):
            break
        start += 1
    while end > start:
        image = _image(part[end - 1], side)
        if image is not None and _text(part[end - 2])[-1:].isspace():
            after.insert(0, image)
        elif not _is_space(part[end - 1]):
            break
        end -= 1
    return before, part[start:end], after


def _text(inline: Inline) -> str:
    return inline.text if isinstance(inline, Text) else ""


def _is_space(inline: Inline) -> bool:
    return isinstance(inline, Text) and not inline.text.strip()


def _picture(image: Image, width: int, side: Side) -> list[Line]:
    """The free cells for a picture and its description; the description alone if it cannot be shown."""
    words = spans((image,), side)
    size = side.picture(image.path, width) if side.picture is not None and image.path is not None else None
    if size is None:
        return wrap(words, width)
    columns, rows = min(size[0], width), size[1]
    row: Line = (Span(" " * columns, Style.PICTURE, image.path),)
    return [*([row] * rows), *wrap(words[1:-1], width)]
