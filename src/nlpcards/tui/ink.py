"""Colours for text that can be read in every theme: a theme's own, moved towards black or white where too faint."""

from __future__ import annotations

from collections.abc import Mapping

from textual.color import Color

ENOUGH = 4.5
"""The least contrast between text and what it stands on (WCAG 2, level AA)."""

MARKED = 0.1
"""How much of the foreground is in the ground of the line at the arrow."""

_NAMES = ("primary", "secondary", "accent", "success", "warning", "error")
_GROUNDS = ("background", "surface", "panel")


def inks(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables `ink-primary` … `ink-error`, `ink-muted`, and `ink-marked` for lines whose ground has a tenth of
    the foreground, for a theme's variables.

    A theme that leaves its colours to the terminal is left as it is: nobody knows its contrasts.
    """
    grounds = [Color.parse(variables[name]) for name in _GROUNDS]
    foreground = Color.parse(variables["foreground"])
    found = {f"ink-{name}": variables[f"text-{name}"] for name in _NAMES}
    found["ink-muted"] = found["ink-marked"] = variables["foreground"]
    if any(color.ansi is not None or color.a < 1 for color in (foreground, *grounds)):
        return found
    for name in _NAMES:
        found[f"ink-{name}"] = legible(Color.parse(variables[f"text-{name}"]), grounds).hex
    found["ink-muted"] = legible(foreground.blend(grounds[0], 0.38), grounds).hex
    marked = grounds[0].blend(foreground, MARKED)
    found["ink-marked"] = legible(foreground, [marked]).hex
    return found


def legible(color: Color, grounds: list[Color]) -> Color:
    """The colour, or the nearest to it on the way to black or white that has enough contrast on every ground."""
    goal = grounds[0].get_contrast_text(1.0)
    for step in range(21):
        mixed = color.blend(goal, step / 20, alpha=1.0)
        if all(contrast(mixed, ground) >= ENOUGH for ground in grounds):
            return mixed
    return goal


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two opaque colours, 1 to 21 (WCAG 2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = color.rgb
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
