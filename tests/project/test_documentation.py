"""What the documentation says is true: its examples are read, its commands exist, its links lead somewhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from nlpcards.cli.main import code_of
from nlpcards.core.kinds import KINDS
from nlpcards.decks.library import load

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = [
    pytest.param(page, block, id=f"{page.name}-{index}")
    for page in PAGES
    if page.name != "roadmaps.md"  # whose example is a roadmap, which its own tests read
    for index, block in enumerate(re.findall(r"```yaml\n(.*?)\n```\n", page.read_text("utf-8"), re.DOTALL))
]


@pytest.mark.parametrize(("page", "block"), EXAMPLES)
def test_every_deck_in_the_documentation_is_read_without_a_problem(page: Path, block: str, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(block + "\n", "utf-8")
    library = load([path])
    assert [problem for problem in library.problems if problem.is_error] == []
    assert sum(len(deck.notes) for deck in library.decks.values()) >= 1


def test_the_deck_format_page_shows_the_cards_of_its_examples_as_they_are() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "make_deck_format.py"))["page"]
    text = (ROOT / "docs" / "deck-format.md").read_text("utf-8")
    assert text.count("```text\n") >= len(KINDS)
    assert page(text) == text, "run `python docs/make_deck_format.py`"


def test_the_deck_format_page_names_every_key_of_every_kind() -> None:
    text = (ROOT / "docs" / "deck-format.md").read_text("utf-8")
    assert not [key for kind in KINDS.values() for key in kind.keys if f"`{key}" not in text]


def test_the_readme_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(["--help"]) == 0
    listed = re.findall(r"^  (\w+)  ", capsys.readouterr().out.partition("Commands")[2], re.MULTILINE)
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(listed) >= 9
    assert not [name for name in listed if not re.search(rf"`(nlpcards )?{name}\b", text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", re.sub(r"(?s)```.*?```|`[^`\n]*`", "", page.read_text("utf-8")))
    assert not [link for link in links if not (page.parent / link).exists()]
