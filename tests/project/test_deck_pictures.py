"""The bundled decks' pictures: made by their script, used and described, readable by day, by night and on a phone."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs.deck_pictures.__main__ import pictures
from nlpcards.anki.export import package
from nlpcards.decks.library import load
from tests.support.bundled import DECK_FILES
from tests.support.drawn import FOLDER, SVG

FILES = sorted(FOLDER.iterdir())
LONGEST_DESCRIPTION = 500
"""In characters: `check` looks no further for a description's end, and a listener forgets what came first."""

USED = re.compile(r"!\[([^\]]*)\]\(media/([\w-]+\.svg)\)")


def uses() -> list[tuple[str, str, str]]:
    """The deck, the description and the file of each picture in a note."""
    return [
        (path.stem, description, name)
        for path in DECK_FILES
        for description, name in USED.findall(path.read_text("utf-8"))
    ]


def brightness(colour: str) -> float:
    """The relative luminance of a colour, by WCAG 2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_files_are_what_the_script_draws() -> None:
    there = {path.name: path.read_text("utf-8") for path in FILES}
    assert there == pictures(), "run `python -m docs.deck_pictures`"


def test_every_picture_is_used_and_described() -> None:
    found = uses()
    assert {name for _, _, name in found} == {path.name for path in FILES}
    for deck, description, name in found:
        assert 60 < len(description) < LONGEST_DESCRIPTION, f"the description of {name} in {deck}"
    marks = sum(path.read_text("utf-8").count("](media/") for path in DECK_FILES)
    assert len(found) == marks, "a picture is described without brackets"


def test_a_description_says_which_letters_are_seen() -> None:
    for _, description, name in uses():
        letters = {"".join(each.itertext()) for each in ElementTree.parse(FOLDER / name).iter(f"{SVG}text")} & set(
            "ABCDPQp"
        )
        assert all(re.search(rf"\b{letter}\b", description) for letter in letters), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_picture_is_small_and_holds_shapes_and_words_only(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    assert path.stat().st_size < 20_000
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "g", "rect", "path", "circle", "ellipse", "text"
    }  # fmt: skip
    assert not [key for each in root.iter() for key in each.keys() if "href" in key or key.startswith("on")]
    assert float(root.get("width", "inf")) <= 400


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_picture_is_readable_on_any_page(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    ground = root[0]
    width, height = (float(root.get(key, "0")) for key in ("width", "height"))
    assert ground.get("fill") == "#ffffff"
    assert (float(ground.get("width", "0")), float(ground.get("height", "0"))) == (width - 1, height - 1)
    tints = {each.get("fill", "") for each in root.iter(f"{SVG}rect")} - {"none", ""}
    for words in root.iter(f"{SVG}text"):
        size = float(words.get("font-size", "0"))
        assert size >= 13
        colour = words.get("fill", root.get("fill", ""))
        # A word in its own colour stands on the ground; one in ink may stand on a tint.
        for tint in tints if "fill" not in words.keys() else {"#ffffff"}:
            assert contrast(colour, tint) >= 4.5, (words.text, tint)
        if "transform" not in words.keys():
            long = len(words.text or "") * size * 0.6
            start = (
                float(words.get("x", "0")) - {"start": 0, "middle": 0.5, "end": 1}[words.get("text-anchor", "")] * long
            )
            assert start >= 0, words.text
            assert start + long <= width, words.text
            assert size <= float(words.get("y", "0")) + 4 <= height, words.text
    for line in root.iter(f"{SVG}path"):
        if "id" in line.keys():
            assert contrast(line.get("stroke", ""), "#ffffff") >= 4.5, line.get("id")


def test_a_package_for_anki_carries_each_picture_once_with_its_description(tmp_path: Path) -> None:
    names = {deck for deck, _, _ in uses()}
    library = load([path for path in DECK_FILES if path.stem in names])
    report = package(list(library.decks.values()), tmp_path / "decks.apkg", mod=lambda note, content: 1_790_000_000)
    assert report.missing == ()
    assert report.media == len(FILES)
    with zipfile.ZipFile(tmp_path / "decks.apkg") as archive:
        packed = {archive.read(number) for number in json.loads(archive.read("media"))}
    assert packed == {path.read_bytes() for path in FILES}
