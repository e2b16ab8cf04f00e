"""The `config.toml` that one begins with: every setting of taste as a comment that shows its default."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from nlpcards.collection.setting_file import Plain, toml
from nlpcards.collection.setting_keys import KEYS, Keeper, Named
from nlpcards.collection.taste import WEEKDAYS

_EXAMPLES: Mapping[str, Plain] = {"new": 5, "reviews": 50, "caught_up_by": date(2026, 12, 1), "undo": "u ctrl+z"}
"""What the file shows of settings that have no default."""

EXAMPLE_DECK, EXAMPLE_KEY = "lstm", "review.undo"
"""The deck and the key that the file shows settings of."""


def default_file() -> str:
    """A `config.toml` in which every setting is a comment that shows its default."""
    lines = [
        "# What you prefer of nlpcards. Lines that show a default are comments: take the mark away to change",
        "# one, or use `nlpcards config set`. What shapes memory (steps, desired retention) is elsewhere:",
        "# see `nlpcards config list`.",
    ]
    table: tuple[str, ...] = ()
    for key in KEYS:
        if key.keeper is Keeper.JOURNAL:
            continue
        path = Named(key, EXAMPLE_DECK if key.of_deck else EXAMPLE_KEY if key.of_key else "").path
        if path[:-1] != table:
            table = path[:-1]
            mark = "# " if key.of_deck or key.of_key else ""
            lines += ["", f"{mark}[{'.'.join(table)}]"]
        elif not table:
            lines.append("")
        example = _EXAMPLES.get(path[-1], 0) if key.default is None else key.default
        assert isinstance(example, (str, int, float, date))
        about = f"{key.about[0].upper()}{key.about[1:]}: {key.takes}."
        # One sentence for the seven days.
        lines += [f"# {about}"] if path[-1] not in WEEKDAYS[1:] else []
        lines.append(f"# {path[-1]} = {toml(example)}")
    return "\n".join(lines) + "\n"
