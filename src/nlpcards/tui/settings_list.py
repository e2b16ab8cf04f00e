"""The settings as lines of a list, by group, and what is said of the one at the arrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content

from nlpcards.collection.setting_keys import KEYS, Keeper, Key, Named, written
from nlpcards.collection.settings import Held, shown
from nlpcards.tui.words import clipped, safe

_GROUPS = (
    ("Looks and tools", ("theme", "symbols", "editor")),
    ("Limits", ("limits.",)),
    ("Review", ("review.",)),
    ("Easy days", ("easy_days.",)),
    ("Memory", ()),
    ("Roadmap", ("roadmap.",)),
    ("Anki", ("anki.",)),
    ("Keys", ("keys.",)),
)
"""Groups and how the names in them begin; what shapes memory is a group whatever its name."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: a setting, one that each deck has (`held` is None), or a heading (`key` is None too)."""

    title: str
    key: Key | None = None
    held: Held | None = None

    @property
    def words(self) -> str:
        """What a search looks at."""
        about = self.held.about if self.held else self.key.about if self.key else ""
        value = shown(self.held.value) if self.held else ""
        return f"{self.title} {about} {value}".lower()


def rows(settings: Iterable[Held], search: str = "") -> tuple[Row, ...]:
    """The lines for some settings under their headings, only those in which every word of a search stands."""
    wanted = search.lower().split()
    groups: dict[str, list[Row]] = {title: [] for title, _ in _GROUPS}
    for held in settings:
        groups[_group(held.named)].append(Row(held.name, held.key, held))
    for key in KEYS:
        if key.of_deck:
            groups[_group(Named(key))].append(Row(key.name, key))
    found: list[Row] = []
    for title, own in groups.items():
        there = [row for row in own if all(word in f"{title.lower()} {row.words}" for word in wanted)]
        found += [Row(title), *there] if there else []
    return tuple(found)


def _group(of: Named) -> str:
    if of.key.keeper is Keeper.JOURNAL:
        return "Memory"
    return next(title for title, starts in _GROUPS if starts and of.name.startswith(starts))


WIDE = 88
"""Cells from which on a line has room for the day of the last change."""


def columns(width: int) -> tuple[int, int, int, int]:
    """How many cells each column has on lines of a width: name, value, default, where it is kept."""
    kept = 23 if width >= WIDE else 11
    name = 30
    rest = max(16, width - name - kept - 8)
    return name, rest - rest * 2 // 5, rest * 2 // 5, kept


def line(row: Row, width: int) -> Content:
    """A row as it stands in the list."""
    if row.key is None:
        return Content.styled(row.title, "bold $ink-accent")
    name, value, default, kept = columns(width)
    title = _cell(row.title, name)
    if row.held is None:
        return Content.assemble(title, "  ", ("enter chooses a deck", "$ink-muted"))
    held = row.held
    look = "bold" if held.is_set else ""
    return Content.assemble(
        (title, look),
        "  ",
        (_cell(shown(held.value), value), look),
        "  ",
        (_cell(shown(held.default), default), "$ink-muted"),
        "  ",
        (clipped(_kept(held, wide=kept > 11), kept), "$ink-muted"),
    )


def head(width: int) -> str:
    """The heads of the columns."""
    heads = ("setting", "value", "default", "kept in")
    return "  " + "  ".join(_cell(head, cells) for head, cells in zip(heads, columns(width), strict=True)).rstrip()


def _cell(text: str, cells: int) -> str:
    short = clipped(safe(text), cells)
    return short + " " * (cells - Content(short).cell_length)


def _kept(held: Held, *, wide: bool) -> str:
    if held.changed is not None:
        return f"{held.key.keeper.value}, {held.changed.isoformat()}" if wide else held.key.keeper.value
    return held.key.keeper.value if held.is_set else ""


def told(row: Row | None) -> str:
    """What there is to know of the setting at the arrow, in two sentences: what it is for, and what holds."""
    if row is None or row.key is None:
        return ""
    about = row.held.about if row.held else row.key.about
    first = f"{about[:1].upper()}{about[1:]}: {row.key.takes}."
    held = row.held
    if held is None:
        return first
    where = "the journal" if held.key.keeper is Keeper.JOURNAL else held.key.keeper.value
    if held.changed is not None:
        state = f"Set on {held.changed.isoformat()} in {where}; the default is {written(held.default) or 'empty'}."
    elif held.is_set:
        state = f"Set in {where}; the default is {written(held.default) or 'empty'}."
    else:
        state = f"The default; what you set is kept in {where}."
    return f"{first}\n{state}{_holds(held)}"


def _holds(held: Held) -> str:
    if held.key.keeper is not Keeper.JOURNAL:
        return ""
    if held.name == "parameters":
        return " A change works every card's memory out anew."
    return " A change holds from then on; cards keep the due days they have."


def first_choice(found: Sequence[Row], name: str = "") -> int | None:
    """The line to begin at: that of a setting, else the first that can be chosen."""
    named = next((at for at, row in enumerate(found) if row.title == name and row.key is not None), None)
    return named if named is not None else next((at for at, row in enumerate(found) if row.key is not None), None)
