"""What a file of Anki's says of memory is offered where it differs, and named where it cannot be taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nlpcards.anki.reading.collection import AnkiCollection
from nlpcards.anki.reading.values import AnkiDeck, Preset
from nlpcards.collection.package_files import PackageFiles
from nlpcards.collection.package_settings import offered
from nlpcards.core.memory import Settings

NOW = Settings()


def found(*decks: AnkiDeck, **more: Any) -> AnkiCollection:
    of_id = {deck.id: deck for deck in decks}
    given: dict[str, Any] = {"is_whole": False, "settings": {}, "media": {}, **more}
    return AnkiCollection(
        path=Path("x.apkg"),
        created_s=1,
        changed_ms=1,
        synchronised_ms=0,
        note_types={},
        decks=of_id,
        _database=None,  # type: ignore[arg-type]
        _archive=None,
        **given,
    )


def usual(**more: Any) -> Preset:
    return Preset(**{"learning_steps": (60, 600), "relearning_steps": (600,), "retention": 0.9, **more})


def test_what_most_cards_have_is_offered_and_decks_keep_their_own_recall() -> None:
    file = found(
        AnkiDeck(1, "Many", usual(retention=0.85)),
        AnkiDeck(2, "Few", usual(retention=0.95, parameters=(1.0,) * 21)),
        AnkiDeck(3, "Own", usual(retention=0.85), retention=0.8),
        AnkiDeck(4, "Filtered"),
    )
    offer = offered(file, {1: 10, 2: 2, 3: 1, 4: 50}, {1: "many", 2: "few", 3: "own"}, NOW)
    assert {each.subject: each.value for each in offer.settings} == {
        "desired_retention": "0.85",
        "desired_retention/few": "0.95",
        "desired_retention/own": "0.8",
    }
    assert offer.left == ("other decks of the file have other FSRS parameters, and here all have the same",)


def test_what_is_the_same_here_is_not_offered() -> None:
    assert offered(found(AnkiDeck(1, "D", usual())), {1: 1}, {1: "d"}, NOW).settings == ()
    assert offered(found(), {1: 1}, {}, NOW).settings == ()


def test_what_cannot_be_taken_is_named() -> None:
    preset = usual(learning_steps=(86_400 * 30,), parameters=(1.0,) * 19, retention=0.2)
    offer = offered(found(AnkiDeck(1, "D", preset)), {1: 1}, {}, NOW)
    assert offer.settings == ()
    assert len(offer.left) == 3


def test_parameters_of_a_collection_without_fsrs_are_not_in_use() -> None:
    deck = AnkiDeck(1, "D", usual(retention=0.8, learning_steps=(120,)))
    off = offered(found(deck, is_whole=True), {1: 1}, {1: "d"}, NOW)
    assert [each.subject for each in off.settings] == ["learning_steps"]
    on = offered(found(deck, is_whole=True, settings={"fsrs": True}), {1: 1}, {1: "d"}, NOW)
    assert [each.subject for each in on.settings] == ["learning_steps", "desired_retention"]


@pytest.mark.parametrize(
    "name", ["../../up.png", "/etc/x.png", "a\\b.png", "..", ".png", "x" * 300 + ".png", "\ud800.png", "a\x00.png"]
)
def test_no_name_of_a_medium_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in" / "it"
    folder.mkdir(parents=True)
    files = PackageFiles(found(), {name: b"picture"}, folder)
    path = files(name)
    if isinstance(path, Path):
        assert path.parent == folder
        assert path.read_bytes() == b"picture"
        assert files(name) == path
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == ([path] if isinstance(path, Path) else [])


def test_only_pictures_sounds_and_films_are_taken(tmp_path: Path) -> None:
    files = PackageFiles(found(), {"run.exe": b"x", "é a.png": b"y"}, tmp_path)
    assert files("run.exe") == "is no picture, sound or film"
    assert files("nobody.png") == "is not in the file that was imported"
    assert isinstance(files("e\u0301%20a.png"), Path)
