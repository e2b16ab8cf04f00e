"""The preview follows its file: every card as it is asked, every mistake in its place, and the place kept."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nlpcards.tui.preview import KeysScreen, PreviewApp
from nlpcards.tui.sheet import Sheet
from nlpcards.tui.themed import ThemedApp

HEAD = "deck: made\ntitle: Made\nsources:\n  x:\n    title: X\nnotes:\n"


def note(name: str, question: str = "", answer: str = "Because.") -> str:
    question = question or f"Why is {name} so?"
    return f"  - id: {name}\n    q: {question}\n    a: {answer}\n    why: It is.\n    cite: x\n"


MANY = HEAD + "".join(note(f"n{number:02}") for number in range(30))


@asynccontextmanager
async def opened(path: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[PreviewApp, Pilot[None]]]:
    calls: list[tuple[Path, int]] = []
    app = PreviewApp(path, edit=lambda file, line: calls.append((file, line)), today=date(2026, 11, 21))
    app.edited = calls  # type: ignore[attr-defined]
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def lines(app: PreviewApp) -> list[str]:
    sheet = app.screen.query_one(Sheet)
    return [sheet.render_line(y).text.rstrip() for y in range(sheet.size.height)]


def text(app: PreviewApp) -> str:
    return "\n".join(lines(app))


def head(app: PreviewApp) -> str:
    return str(app.screen.query_one("#preview-head").render())


async def until(app: PreviewApp, pilot: Pilot[None], seen: str) -> None:
    """Wait until the sheet or its head shows something; a test that waits in vain fails on what it asserts next."""
    for _ in range(200):
        if seen in text(app) or seen in head(app):
            return
        await pilot.pause(0.05)
    assert seen in f"{head(app)}\n{text(app)}"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "made.yaml"
    path.write_text(MANY, "utf-8")
    return path


async def test_it_shows_every_card_of_every_note_with_its_answer(deck: Path) -> None:
    async with opened(deck, (80, 400)) as (app, _):
        shown = text(app)
        assert head(app).startswith("Made   30 notes, 30 cards")
        for number in range(30):
            assert f"Why is n{number:02} so?" in shown
        assert shown.count("Because.") == 30


async def test_a_saved_change_is_shown_and_the_place_is_kept(deck: Path) -> None:
    async with opened(deck) as (app, pilot):
        for _ in range(3):
            await pilot.press("n")
        await pilot.pause()
        before = lines(app)
        assert "n03" in before[0] + before[1]
        deck.write_text(MANY.replace("Why is n03 so?", "How is n03 known?"), "utf-8")
        await until(app, pilot, "How is n03 known?")
        after = lines(app)
        assert [line for line in after if "n03" not in line] == [line for line in before if "n03" not in line]


async def test_it_goes_to_what_was_changed_out_of_sight_unless_told_to_stay(deck: Path) -> None:
    async with opened(deck) as (app, pilot):
        deck.write_text(MANY.replace("Why is n20 so?", "How is n20 known?"), "utf-8")
        await until(app, pilot, "How is n20 known?")
        assert "n20" in "".join(lines(app)[:3])
        await pilot.press("f")
        here = lines(app)
        deck.write_text(MANY.replace("Why is n05 so?", "How is n05 known?"), "utf-8")
        await pilot.pause(0.6)
        assert [line for line in lines(app) if "n20" not in line] == [line for line in here if "n20" not in line]


async def test_a_note_added_above_does_not_move_what_is_read(deck: Path) -> None:
    async with opened(deck) as (app, pilot):
        for _ in range(5):
            await pilot.press("n")
        await pilot.press("f")
        await pilot.pause()
        deck.write_text(MANY.replace(HEAD, HEAD + note("first")), "utf-8")
        await until(app, pilot, "31 notes")
        await pilot.pause()
        assert any("n05" in line for line in lines(app)[:3])


async def test_a_mistake_stands_where_it_is_with_its_line_and_a_caret(deck: Path) -> None:
    async with opened(deck) as (app, pilot):
        broken = MANY.replace("    q: Why is n02 so?", "    q: Why is n02: so?")
        deck.write_text(broken, "utf-8")
        await until(app, pilot, "1 error")
        await pilot.press("x")
        await pilot.pause()
        shown = lines(app)
        at = next(number for number, line in enumerate(shown) if "D101" in line)
        source = next(number for number, line in enumerate(shown) if "q: Why is n02: so?" in line)
        assert source > at
        assert shown[source].index(": so?") == shown[source + 1].index("^")
        deck.write_text(MANY, "utf-8")
        await until(app, pilot, "30 notes, 30 cards")
        assert "error" not in head(app)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("    q: Why is n05 so?\n", "D404"),
        ("    bogus: x\n    q: Why is n05 so?\n    a: Because.\n", "D401"),
        ("    tags: [new]\n    q: Why is n05 so?\n    a: Because.\n", "tags new"),
    ],
)
async def test_a_change_above_is_gone_to_though_it_moves_every_line_below(deck: Path, written: str, seen: str) -> None:
    async with opened(deck) as (app, pilot):
        for _ in range(12):
            await pilot.press("n")
        await pilot.pause()
        deck.write_text(MANY.replace("    q: Why is n05 so?\n    a: Because.\n", written), "utf-8")
        await until(app, pilot, seen)
        assert seen in "".join(lines(app)[:3])


async def test_a_line_more_above_is_no_change_of_the_mistake_below_it(deck: Path) -> None:
    broken = MANY.replace("    q: Why is n20 so?", "    q: Why is n20: so?")
    deck.write_text(broken, "utf-8")
    async with opened(deck) as (app, pilot):
        deck.write_text(broken.replace("title: Made", "title: Made anew\ntopic: made"), "utf-8")
        await until(app, pilot, "Made anew")
        await pilot.pause()
        assert "n00" in "".join(lines(app)[:3])


async def test_the_next_mistake_after_one_on_the_last_page_is_the_first(deck: Path) -> None:
    broken = MANY
    for name in ("n05", "n28", "n29"):
        broken = broken.replace(f"    q: Why is {name} so?", f"    q: Why is {name}: so?")
    deck.write_text(broken, "utf-8")
    async with opened(deck) as (app, pilot):
        for _ in range(4):
            await pilot.press("x")
            await pilot.pause()
        assert "Why is n05: so?" in "".join(lines(app)[:5])


async def test_an_editor_that_puts_a_new_file_in_place_is_followed(deck: Path) -> None:
    async with opened(deck) as (app, pilot):
        for word in ("once", "twice"):
            draft = deck.with_suffix(".tmp")
            draft.write_text(MANY.replace("Why is n00 so?", f"Asked {word}?"), "utf-8")
            os.replace(draft, deck)
            await until(app, pilot, f"Asked {word}?")


async def test_a_deck_behind_a_link_is_followed(deck: Path, tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "linked.yaml"
    link.symlink_to(deck)
    async with opened(link) as (app, pilot):
        deck.write_text(MANY.replace("Why is n00 so?", "Asked anew?"), "utf-8")
        await until(app, pilot, "Asked anew?")


async def test_a_file_that_goes_away_leaves_what_was_shown_and_comes_back(deck: Path) -> None:
    async with opened(deck) as (app, pilot):
        deck.unlink()
        await until(app, pilot, "made.yaml is gone")
        assert "Why is n00 so?" in text(app)
        deck.write_text(MANY, "utf-8")
        await until(app, pilot, "30 notes")


async def test_answers_can_be_hidden_and_drills_drawn_anew(tmp_path: Path) -> None:
    path = tmp_path / "drill.yaml"
    numbers = ", ".join(map(str, range(2, 60)))
    path.write_text(
        f"{HEAD}  - id: square\n    drill:\n      ask: What is {{{{n}}}} squared?\n"
        f"      given: {{n: [{numbers}]}}\n      answer: n ** 2\n    why: It is.\n    cite: x\n",
        "utf-8",
    )
    async with opened(path) as (app, pilot):
        asked = {next(line for line in lines(app) if "squared?" in line)}
        assert "=" in text(app)
        for _ in range(6):
            await pilot.press("r")
            await pilot.pause()
            asked.add(next(line for line in lines(app) if "squared?" in line))
        assert len(asked) > 3
        await pilot.press("h")
        await pilot.pause()
        assert "=" not in text(app)


async def test_the_editor_opens_at_the_note_at_the_top(deck: Path) -> None:
    async with opened(deck) as (app, pilot):
        for _ in range(4):
            await pilot.press("n")
        await pilot.press("e")
        await pilot.pause()
        line = MANY.splitlines().index("  - id: n04") + 1
        assert app.edited == [(deck, line)]  # type: ignore[attr-defined]


async def test_another_width_keeps_the_place(deck: Path) -> None:
    async with opened(deck, (100, 30)) as (app, pilot):
        for _ in range(11):
            await pilot.press("n")
        await pilot.resize_terminal(62, 20)
        await pilot.pause()
        assert any("n11" in line for line in lines(app)[:3])
        assert all(len(line) <= 62 for line in lines(app))


async def test_hostile_text_is_shown_and_acts_on_nothing(tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(HEAD + note("one", "'[bold]Is[/bold] <script>x</script> shown?'", '"\\e[31mred"'), "utf-8")
    async with opened(path) as (app, _):
        assert "[bold]Is[/bold] <script>x</script> shown?" in text(app)
        assert "\x1b" not in text(app)


async def test_many_saves_in_a_row_end_in_the_last_one(deck: Path) -> None:
    async with opened(deck) as (app, pilot):
        for number in range(20):
            deck.write_text(MANY.replace("Why is n00 so?", f"Asked {number} times?"), "utf-8")
            await asyncio.sleep(0.01)
        await until(app, pilot, "Asked 19 times?")


class Failing(ThemedApp):
    def on_mount(self) -> None:
        raise ZeroDivisionError("nobody foresaw this")


def test_what_nobody_foresaw_gives_the_terminal_back_and_prints_no_traceback(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ZeroDivisionError):
        Failing().run(headless=True)
    printed = capfd.readouterr()
    assert "Traceback" not in printed.out + printed.err


async def test_every_key_is_told_and_any_key_leads_back(deck: Path) -> None:
    async with opened(deck, (60, 16)) as (app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, KeysScreen)
        await pilot.press("space")
        await pilot.pause()
        assert not isinstance(app.screen, KeysScreen)
        await pilot.press("q")
    assert app.return_code == 0


async def test_what_a_note_says_beside_its_text_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "said.yaml"
    typed = "  - id: two\n    q: Which?\n    typed: '1.5'\n    accept: [three halves, '`3/2`']\n    tolerance: 1%\n"
    typed += "    needs: [one]\n"
    path.write_text(HEAD + note("one") + typed, "utf-8")
    async with opened(path, (80, 60)) as (app, _):
        for said in ("needs said/one".replace("said", "made"), "also right: three halves, 3/2", "tolerance 1%"):
            assert said in text(app)
