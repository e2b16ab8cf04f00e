"""Where the program keeps its files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from nlpcards.core.dataclass import dataclass


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
    def deck_cache(self) -> Path:
        """The folder of what deck files said when they were last read; deleting it is always safe."""
        return self.cache / "decks"

    @property
    def settings(self) -> Path:
        """The file of taste (see `taste`)."""
        return self.config / "config.toml"

    def deck_places(self) -> tuple[Path, ...]:
        """The learner's decks folder, then `./decks`, where they exist."""
        return tuple(path for path in (self.decks, Path("decks").absolute()) if path.is_dir())


def default_home() -> Home:
    """The folders of whoever runs this process."""
    return Home.of(os.environ)
