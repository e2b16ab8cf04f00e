"""Where the program keeps its files, and the learner's taste."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlpcards.core.errors import NlpcardsError
from nlpcards.core.queue import Limits


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one learner: `data` (precious), `config` and `cache`."""

    data: Path
    config: Path
    cache: Path

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Home:
        """The folders as `NLPCARDS_HOME` says (one folder for all three), or as the system does."""
        one = environment.get("NLPCARDS_HOME")
        if one:
            root = Path(one).expanduser().absolute()
            return cls(root, root, root / "cache")
        from platformdirs import PlatformDirs

        dirs = PlatformDirs("nlpcards", appauthor=False)
        return cls(dirs.user_data_path, dirs.user_config_path, dirs.user_cache_path)

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.data / "journal.sqlite"

    @property
    def decks(self) -> Path:
        """The learner's own decks."""
        return self.data / "decks"

    @property
    def settings(self) -> Path:
        """The file of taste."""
        return self.config / "config.toml"

    def deck_places(self) -> tuple[Path, ...]:
        """The learner's decks folder, then `./decks`, where they exist."""
        return tuple(path for path in (self.decks, Path("decks").absolute()) if path.is_dir())


@dataclass(frozen=True, slots=True)
class Taste:
    """What the learner prefers, from `config.toml`; nothing here shapes memory.

    `limits` are daily. `theme` is a Textual theme's name, empty for the default. `editor` is a command line, empty for
    `$VISUAL` or `$EDITOR`.
    """

    limits: Limits = field(default_factory=Limits)
    theme: str = ""
    editor: str = ""


def read_taste(path: Path) -> Taste:
    """The taste in a TOML file with `[limits] new, reviews`, `theme` and `editor`; the defaults where it is missing.

    Raises:
        NlpcardsError: the file is not TOML, or has a key or value that means nothing.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Taste()
    except (OSError, ValueError) as error:
        remedy = "Mend the file, or move it away to start from the defaults."
        raise NlpcardsError(f"the configuration cannot be read: {error}", place=str(path), remedy=remedy) from None

    def expect(key: str, value: Any, kind: type, what: str) -> Any:
        if not isinstance(value, kind) or isinstance(value, bool):
            raise NlpcardsError(f"{key} is {value!r}", place=str(path), remedy=f"Write {what}.")
        return value

    def only(table: Mapping[str, Any], known: tuple[str, ...], prefix: str = "") -> None:
        for key in table:
            if key not in known:
                names = ", ".join(prefix + each for each in known)
                raise NlpcardsError(f"there is no key {prefix}{key}", place=str(path), remedy=f"Known: {names}.")

    only(table, ("limits", "theme", "editor"))
    limits = expect("limits", table.get("limits", {}), dict, "a table: [limits]")
    only(limits, ("new", "reviews"), "limits.")
    counts: dict[str, int] = {}
    for key, default in (("new", Limits().new), ("reviews", Limits().reviews)):
        counts[key] = expect(f"limits.{key}", limits.get(key, default), int, "a whole number of cards, 0 or more")
        if counts[key] < 0:
            raise NlpcardsError(f"limits.{key} is {counts[key]}", place=str(path), remedy="Write 0 or more.")
    theme = expect("theme", table.get("theme", ""), str, "the name of a theme in quotes")
    editor = expect("editor", table.get("editor", ""), str, "a command line in quotes")
    return Taste(Limits(counts["new"], counts["reviews"]), theme, editor)


def default_home() -> Home:
    """The folders of whoever runs this process."""
    return Home.of(os.environ)
