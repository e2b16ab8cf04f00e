"""The wheel and the sdist carry the decks; an installed program finds them without the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUNDLED = {path.name for path in (ROOT / "decks").glob("*.yaml")}
PICTURES = {path.name for path in (ROOT / "decks" / "media").iterdir()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_sdist_carries_decks_tests_and_documentation(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"decks/{name}" for name in BUNDLED} | {f"decks/media/{name}" for name in PICTURES} <= names
    assert {"README.md", "LICENSE", "check", "src/nlpcards/py.typed", "docs/deck-format.md"} <= names


def test_an_installed_program_finds_its_decks_without_the_repository(built: Path, tmp_path: Path) -> None:
    wheel = next(built.glob("*.whl"))
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    environment = {**os.environ, "PYTHONPATH": str(site), "NLPCARDS_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "nlpcards", "decks", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=True)
    paths = [Path(row["path"]) for row in json.loads(done.stdout)]
    assert {path.name for path in paths} == BUNDLED - {"roadmap.yaml"}
    assert (paths[0].parent / "roadmap.yaml").is_file()
    assert {path.name for path in (paths[0].parent / "media").iterdir()} == PICTURES
    assert all(path.is_relative_to(site) for path in paths)
