"""Draws the tracks of the bundled roadmap: `python docs/make_tracks.py` writes `docs/tracks/*.svg`.

Each picture is a path from the first stage to the last, with the topics of each stage in the colour of their area. Its
colours follow the reader's choice of light or dark, and its background is its own, so that it is readable on any page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from nlpcards.core.roadmap.values import Roadmap, Stage, Track
from nlpcards.core.words import count
from nlpcards.decks.roadmaps import read_roadmap

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "tracks"

_WIDTH = 860
_LEFT = 64
_ROW = 26
_HUES = (210, 265, 130, 25, 0, 320, 180, 290, 80, 45, 160, 345, 235)
"""The hue of each area, in the roadmap's order, neighbours far apart."""

_STYLE = """\
  .page {{ fill: #ffffff; stroke: #d0d7de }}
  .title {{ font: bold 18px sans-serif; fill: #1f2328 }}
  .stage {{ font: bold 13px sans-serif; fill: #1f2328 }}
  .more, .number, .legend {{ font: 11px sans-serif; fill: #57606a }}
  .number {{ text-anchor: middle; font-weight: bold }}
  .path {{ stroke: #8c959f; stroke-width: 3 }}
  .stop {{ fill: #ffffff; stroke: #57606a; stroke-width: 2 }}
  .topic {{ font: 11px sans-serif; fill: #1f2328; text-anchor: middle }}
{light}
  @media (prefers-color-scheme: dark) {{
    .page {{ fill: #0d1117; stroke: #30363d }}
    .title, .stage, .topic {{ fill: #e6edf3 }}
    .more, .number, .legend {{ fill: #9da7b3 }}
    .path {{ stroke: #6e7681 }}
    .stop {{ fill: #0d1117; stroke: #9da7b3 }}
{dark}
  }}"""


def pictures(roadmap: Roadmap) -> dict[str, str]:
    """The picture of each track, by the name of its file."""
    return {f"{track.id}.svg": picture(roadmap, track) for track in roadmap.tracks.values()}


def picture(roadmap: Roadmap, track: Track) -> str:
    """The SVG of one track."""
    colours = {area: f"a{at}" for at, area in enumerate(roadmap.areas)}
    parts: list[str] = []
    y, stops = 60, []
    for number, stage in enumerate(track.stages, 1):
        stops.append(y)
        drawn, below = _stage(roadmap, stage, y, colours)
        parts += [f'<circle class="stop" cx="32" cy="{y}" r="13"/>']
        parts += [f'<text class="number" x="32" y="{y + 4}">{_number(stage, number)}</text>', *drawn]
        y = below + 22
    used = {roadmap.topics[topic].area for topic in track.topics}
    legend, bottom = _legend(
        {roadmap.areas[area].title: colours[area] for area in roadmap.areas if area in used}, y + 10
    )
    line = f'<line class="path" x1="32" y1="{stops[0]}" x2="32" y2="{stops[-1]}"/>'
    height = bottom + 16
    label = f"{track.title}: {', '.join(stage.title for stage in track.stages)}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
            f'aria-label="{escape(label)}">',
            f"<style>\n{_style()}\n</style>",
            f'<rect class="page" x="0.5" y="0.5" width="{_WIDTH - 1}" height="{height - 1}" rx="8"/>',
            f'<text class="title" x="18" y="30">{escape(track.title)}</text>',
            line,
            *parts,
            *legend,
            "</svg>\n",
        ]
    )


def _style() -> str:
    light = "\n".join(f"  .a{at} {{ fill: hsl({hue}, 70%, 88%) }}" for at, hue in enumerate(_HUES))
    dark = "\n".join(f"    .a{at} {{ fill: hsl({hue}, 40%, 26%) }}" for at, hue in enumerate(_HUES))
    return _STYLE.format(light=light, dark=dark)


def _number(stage: Stage, number: int) -> str:
    """What stands in the circle of a stage: its week, or its place."""
    if stage.weeks is None:
        return str(number)
    first, last = stage.weeks
    return str(first) if first == last else f"{first}-{last}"


def _stage(roadmap: Roadmap, stage: Stage, y: int, colours: Mapping[str, str]) -> tuple[list[str], int]:
    """The title, the topics and the counts of a stage that begins at a height; and the height of its last line."""
    chips = [(roadmap.topics[topic].title, colours[roadmap.topics[topic].area]) for topic in stage.topics]
    more = [count(len(stage.resources), "resource")] if stage.resources else []
    more += [count(len(stage.milestones), "milestone")] if stage.milestones else []
    text = f'<text class="stage" x="{_LEFT}" y="{y + 4}">{escape(stage.title)}</text>'
    if more:
        at = _LEFT + _width(stage.title, 14) + 12
        text += f'<text class="more" x="{at}" y="{y + 4}">{" · ".join(more)}</text>'
    if not chips:
        return [text], y
    drawn, below = _chips(chips, y + _ROW)
    return [text, *drawn], below


def _chips(chips: list[tuple[str, str]], y: int) -> tuple[list[str], int]:
    """Words on coloured grounds, in as many lines as they need from a height on; and the height of the last line."""
    drawn, x = [], _LEFT
    for title, colour in chips:
        width = _width(title, 11) + 16
        if x + width > _WIDTH - 16:
            x, y = _LEFT, y + _ROW
        drawn.append(f'<rect class="{colour}" x="{x}" y="{y - 14}" width="{width}" height="20" rx="10"/>')
        drawn.append(f'<text class="topic" x="{x + width / 2:g}" y="{y}">{escape(title)}</text>')
        x += width + 6
    return drawn, y


_NARROW = frozenset("fijlrt .,:-'()")


def _width(text: str, size: int) -> int:
    """About how wide a text is, in pixels, in a sans-serif type of a size."""
    halves = sum(1.3 if char.isupper() or char in "mw" else 0.65 if char in _NARROW else 1.05 for char in text)
    return round(halves * size * 0.55)


def _legend(areas: Mapping[str, str], y: int) -> tuple[list[str], int]:
    """Which colour is which area's, from a height on; and the height of the last line."""
    drawn, x = [], _LEFT
    for title, colour in areas.items():
        width = _width(title, 11) + 36
        if x + width > _WIDTH - 16:
            x, y = _LEFT, y + 20
        drawn.append(f'<rect class="{colour}" x="{x}" y="{y - 10}" width="12" height="12" rx="3"/>')
        drawn.append(f'<text class="legend" x="{x + 18}" y="{y}">{escape(title)}</text>')
        x += width
    return drawn, y


def bundled() -> Roadmap:
    """The roadmap that comes with the program."""
    return read_roadmap(ROOT / "decks" / "roadmap.yaml").roadmap


def written() -> Iterator[Path]:
    """Write all pictures; gives their paths."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pictures(bundled()).items():
        path = FOLDER / name
        path.write_text(text, "utf-8")
        yield path


if __name__ == "__main__":
    for path in written():
        print(path.relative_to(ROOT))
