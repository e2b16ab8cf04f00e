"""Progress for a page of one's own: a Markdown table, and a badge in SVG that is made here and asks no server."""

from __future__ import annotations

from html import escape
from pathlib import Path

from nlpcards.collection.roadmap.standing import Standing
from nlpcards.core.days import date_of
from nlpcards.core.roadmap.progress import Progress
from nlpcards.decks.saving import put

_HEIGHT, _TEXT_AT, _PAD = 20, 14, 6
_WIDE, _NARROW = frozenset("mwMW@%—…"), frozenset("iljtfrI.,:;'|! ()[]")
_NAME_COLOUR, _EMPTY_COLOUR = "#4a4f57", "#6b7280"
# Each is readable under white text: 4.5 to 1 or more.
_COLOURS = ((0.9, "#1a7f37"), (0.6, "#3f7d20"), (0.3, "#8a6100"), (0.0, "#a3470c"))


def share(value: float | None) -> str:
    """A share as whole percents, `–` for none; what is short of all never reads as all, nor what is above none as none.

    >>> share(0.999), share(0.001), share(None)
    ('99 %', '1 %', '–')
    """
    if value is None:
        return "–"
    percent = round(100 * value)
    if 0 < value < 1:
        percent = min(max(percent, 1), 99)
    return f"{percent} %"


def tables(standing: Standing) -> list[list[tuple[str, ...]]]:
    """The progress as tables of words, each with a first row that names its columns and a last one for the whole: by
    the stages of the track followed, if any, and by area.
    """
    followed = standing.followed
    areas = [(each.area.title, each.progress) for each in standing.areas if each.progress.cards]
    found = [("Area", areas, standing.progress)]
    if followed is not None:
        stages = [(each.stage.title, each.progress) for each in followed.stages]
        found.insert(0, (followed.track.title, stages, followed.progress))
    return [
        [
            (first, "cards", "introduced", "recall", "mature"),
            *((name, *_figures(progress)) for name, progress in rows),
            ("All", *_figures(whole)),
        ]
        for first, rows, whole in found
    ]


def markdown(standing: Standing) -> str:
    """The progress as a table in Markdown: by the stages of the track followed, or by area where none is."""
    head, *rows = ([_cell(cell) for cell in row] for row in tables(standing)[0])
    lines = [
        f"| {' | '.join(head)} |",
        "|---|--:|--:|--:|--:|",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
        f"{date_of(standing.day).isoformat()}: introduced is the share of the cards met so far, recall how much of "
        "these FSRS expects to be recalled now, mature the share of the cards with an interval of 21 days or more.",
    ]
    return "\n".join(lines)


def badge(standing: Standing) -> str:
    """The progress as one SVG badge: the track followed (or all decks), the share introduced and the recall now."""
    followed = standing.followed
    name = followed.track.title if followed else "nlpcards"
    progress = followed.progress if followed else standing.progress
    said = share(progress.introduced)
    if progress.recall is not None:
        said += f" · recall {share(progress.recall)}"
    colour = next(colour for least, colour in _COLOURS if progress.introduced >= least)
    return _badge(name, said, colour if progress.met else _EMPTY_COLOUR)


def write_badge(path: Path, drawn: str) -> None:
    """Write a badge to a file, whole or not at all.

    Raises:
        NlpcardsError: it cannot be written.
    """
    put(path, f"{drawn}\n".encode(), "the badge")


def _badge(name: str, said: str, colour: str) -> str:
    name = "".join(char for char in name if char.isprintable())
    left, right = _width(name) + 2 * _PAD, _width(said) + 2 * _PAD
    whole = left + right
    title = escape(f"{name}: {said}")
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{_HEIGHT}" role="img" '
            f'aria-label="{title}">',
            f"<title>{title}</title>",
            f'<clipPath id="r"><rect width="{whole}" height="{_HEIGHT}" rx="3"/></clipPath>',
            '<g clip-path="url(#r)">',
            f'<rect width="{left}" height="{_HEIGHT}" fill="{_NAME_COLOUR}"/>',
            f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{colour}"/>',
            "</g>",
            '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">',
            # The text is fitted to the width that it was given, whatever font there is.
            f'<text x="{_PAD}" y="{_TEXT_AT}" textLength="{left - 2 * _PAD}">{escape(name)}</text>',
            f'<text x="{left + _PAD}" y="{_TEXT_AT}" textLength="{right - 2 * _PAD}">{escape(said)}</text>',
            "</g>",
            "</svg>",
        )
    )


def _width(text: str) -> int:
    """About how many pixels a text takes in Verdana at 11 pixels."""
    return round(sum(10.5 if char in _WIDE else 4.2 if char in _NARROW else 7.0 for char in text))


def _cell(text: str) -> str:
    """A title as text in a table's cell, whatever its author wrote into it."""
    return "".join(f"\\{char}" if char in "\\|`*_[]<" else char for char in " ".join(text.split()))


def _figures(progress: Progress) -> tuple[str, ...]:
    return f"{progress.cards:,}", share(progress.introduced), share(progress.recall), share(progress.mature)
