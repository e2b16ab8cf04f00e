"""Pictures on cards: shown where the terminal can, named where it cannot, and never a reason to fail."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from nlpcards.core.markup import parse
from nlpcards.render.layout import layout
from nlpcards.render.style import Style
from nlpcards.tui.card import CardView, Placed, picture_files, places
from nlpcards.tui.pictures import MOST_BYTES, Gallery, Protocol, find, load, protocol
from nlpcards.tui.review import ReviewScreen
from tests.support.bundled import FOLDER
from tests.support.screens import Learner, settled, shown

DECK = """deck: pictures
title: Pictures
notes:
  - id: shapes
    q: What is shown?
    a: |-
      Look:
      ![a red circle](shapes.png)
"""


def paint(file: Path, size: tuple[int, int] = (400, 200)) -> None:
    image = Image.new("RGB", size, "white")
    image.paste((255, 0, 0), (20, 20, size[0] // 2, size[1] - 20))
    image.save(file)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-kitty"}, Protocol.KITTY),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, Protocol.KITTY),
        ({"TERM": "foot"}, Protocol.SIXEL),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Protocol.SIXEL),
        ({"TERM": "xterm-256color"}, Protocol.NONE),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, Protocol.NONE),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/x"}, Protocol.NONE),
        ({"TERM": "xterm-kitty", "NLPCARDS_IMAGES": "none"}, Protocol.NONE),
        ({"TERM": "xterm", "NLPCARDS_IMAGES": "sixel"}, Protocol.SIXEL),
        ({"TERM": "xterm", "NLPCARDS_IMAGES": "nonsense"}, Protocol.NONE),
        ({}, Protocol.NONE),
    ],
)
def test_the_environment_tells_how_a_terminal_shows_pictures(environ: dict[str, str], expected: Protocol) -> None:
    assert protocol(environ, terminal=True) is expected
    assert protocol(environ, terminal=False) is Protocol.NONE


async def test_a_picture_stands_in_the_answer_with_its_description_below(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NLPCARDS_IMAGES", "blocks")
    learner.write(DECK)
    paint(learner.decks / "shapes.png")
    async with learner.screen(start=frozenset()) as (app, pilot):
        assert isinstance(app.screen, ReviewScreen)
        assert "▄" not in shown(app)
        await pilot.press("space")
        await settled(pilot)
        lines = shown(app).splitlines()
        drawn = [number for number, line in enumerate(lines) if "▄" in line]
        assert drawn
        assert lines[drawn[0] - 1].strip() == "Look:"
        assert lines[drawn[-1] + 1].strip() == "a red circle"
        await pilot.resize_terminal(60, 40)
        await settled(pilot)
        assert "▄" in shown(app)
        await pilot.press("3")


async def test_a_picture_that_cannot_be_shown_is_named(learner: Learner) -> None:
    learner.write(DECK)
    paint(learner.decks / "shapes.png")
    async with learner.screen(start=frozenset()) as (app, pilot):
        await pilot.press("space")
        await settled(pilot)
        assert "Look: [image: a red circle]" in shown(app)
        assert not app.screen.query("#answer > *")


async def test_the_next_card_has_nothing_left_of_a_picture(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NLPCARDS_IMAGES", "blocks")
    learner.write(DECK + "  - id: words\n    q: And now?\n    a: Only words.\n")
    paint(learner.decks / "shapes.png")
    async with learner.screen(start=frozenset()) as (app, pilot):
        await learner.answer(pilot)
        await pilot.press("space")
        await settled(pilot)
        assert "Only words." in shown(app)
        assert "▄" not in shown(app)


async def test_o_opens_the_picture_once_it_may_be_seen(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    learner.write(DECK)
    paint(learner.decks / "shapes.png")
    opened: list[str] = []
    async with learner.screen(start=frozenset()) as (app, pilot):
        monkeypatch.setattr(app, "open_url", lambda url, **_: opened.append(url))
        await pilot.press("o")
        assert opened == []
        await pilot.press("space", "o")
        assert opened == [(learner.decks / "shapes.png").as_uri()]


def bomb(file: Path) -> None:
    """A small PNG that says it has ten thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b""))


def test_hostile_files_are_no_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "decks"
    folder.mkdir()
    paint(folder / "good.png")
    paint(tmp_path / "outside.png")
    bomb(folder / "bomb.png")
    (folder / "huge.png").touch()
    os.truncate(folder / "huge.png", MOST_BYTES * 5)
    (folder / "cut.png").write_bytes((folder / "good.png").read_bytes()[:200])
    (folder / "text.png").write_text("not a picture")
    (folder / "empty.png").touch()
    (folder / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    (folder / "folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    paint(folder / "thin.png", (30_000, 50))
    assert load(folder, "good.png") is not None
    for name in "bomb huge cut text empty link loop folder pipe missing".split():
        assert load(folder, f"{name}.png") is None, name
    for path in ("drawing.svg", "../outside.png", str(tmp_path / "outside.png"), "a\0b.png", "x" * 5000 + ".png", ""):
        assert load(folder, path) is None, path
    thin = load(folder, "thin.png")
    assert thin is not None
    assert max(thin.size) <= 1600
    assert find(folder, "drawing.svg") == (folder / "drawing.svg").resolve()
    assert find(folder, "link.png") is None


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (4000, 3000), (20, 20)])
@pytest.mark.parametrize("width", [20, 60, 96])
def test_a_picture_takes_no_more_room_than_there_is(tmp_path: Path, size: tuple[int, int], width: int) -> None:
    Image.new("L", size).save(tmp_path / "a.png")
    found = Gallery(Protocol.BLOCKS).size(tmp_path, "a.png", width)
    assert found is not None
    assert 1 <= found[0] <= width
    assert 1 <= found[1] <= 16


def test_only_a_picture_on_a_line_of_its_own_gets_room(tmp_path: Path) -> None:
    paint(tmp_path / "a.png")
    gallery = Gallery(Protocol.BLOCKS)

    def found(source: str, *, reveal: bool = True) -> tuple[Placed, ...]:
        document = parse(source, cloze=True)
        lines = layout(
            document, 40, ask=1, reveal=reveal, picture=lambda path, width: gallery.size(tmp_path, path, width)
        )
        assert all(
            "a.png" in {span.target for span in line} for line in lines if any(Style.PICTURE in s.style for s in line)
        )
        return places(lines)

    assert found("![x](a.png)") == (Placed("a.png", 0, 0, 40, 10),)
    assert found("Look:\n![x](a.png)") == (Placed("a.png", 0, 1, 40, 10),)
    assert [each.row for each in found("![x](a.png)  \n![y](a.png)")] == [0, 11]
    assert found("- item\n\n  ![x](a.png)")[0].column == 2
    assert found("before ![x](a.png) after") == ()
    assert found("![x](b.png)") == ()
    assert found("![{{c1::x}}](a.png)", reveal=False) == ()
    assert found("{{c1::![x](a.png)}}", reveal=False) == ()
    assert len(found("{{c1::![x](a.png)}}")) == 1


def test_files_of_a_text_are_pictures_inside_the_folder(tmp_path: Path) -> None:
    paint(tmp_path / "a.png")
    (tmp_path / "run.sh").write_text("#!/bin/sh")
    texts = [parse("![x](a.png) ![y](a.png)"), parse("![z](run.sh) ![w](../b.png)")]
    assert picture_files(tmp_path, texts) == ((tmp_path / "a.png").as_uri(),)


def test_a_drawing_is_opened_only_if_it_came_with_the_program(tmp_path: Path) -> None:
    drawing = sorted((FOLDER / "media").glob("*.svg"))[0]
    texts = [parse(f"![x](media/{drawing.name})")]
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / drawing.name).write_bytes(drawing.read_bytes())
    assert picture_files(tmp_path, texts) == ()
    assert picture_files(FOLDER, texts) == (drawing.as_uri(),)


def test_nothing_of_pictures_is_imported_and_nothing_asked_of_a_pipe_until_a_card_has_one(tmp_path: Path) -> None:
    paint(tmp_path / "a.png")
    program = f"""
import sys
from pathlib import Path
import nlpcards.tui.app, nlpcards.tui.review
assert not {{"PIL", "textual_image", "nlpcards.tui.pictures"}} & set(sys.modules)
from nlpcards.tui.pictures import Gallery, Protocol
gallery = Gallery(Protocol.KITTY)
assert gallery.size(Path({str(tmp_path)!r}), "a.png", 40) == (40, 10)
assert gallery.widget(Path({str(tmp_path)!r}), "a.png") is not None
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_card_view_names_pictures_without_a_folder() -> None:
    assert CardView().lines(40) == ()
