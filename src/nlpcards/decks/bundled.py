"""Where the decks are that come with the program."""

from __future__ import annotations

from pathlib import Path

import nlpcards


def bundled_folder() -> Path | None:
    """The folder of the bundled decks: in the installed package, or at the top of the repository it is run from.

    None where there is neither (a package inside a zip file).
    """
    package = Path(nlpcards.__file__).parent
    installed = package / "bundled"
    if installed.is_dir():
        return installed
    # An editable installation: src/nlpcards in a checkout that has the decks beside src.
    root = package.parent.parent
    checkout = root / "decks"
    return checkout if (root / "pyproject.toml").is_file() and checkout.is_dir() else None
