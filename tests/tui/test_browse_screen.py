"""Browse: the table, its search line, the card beside it, and what one does to many cards at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from nlpcards.collection.browsing import Column
from nlpcards.collection.saved_searches import place, save_search, saved_searches
from nlpcards.core.journal import Suspend, Undo
from nlpcards.tui import NlpcardsApp
from nlpcards.tui.browse import BrowseScreen
from nlpcards.tui.browse_card import BrowsedCard, CardSheet
from nlpcards.tui.help import HelpScreen
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.today import TodayScreen
from tests.support.program import deck_of
from tests.support.screens import Learner, settled, shown


@pytest.fixture
def studied(learner: Learner) -> Learner:
    """Thirty cards of two decks, some of which were answered on two mornings."""
    learner.write(deck_of(20))
    learner.write(deck_of(10, "other"), "other.yaml")
    learner.configure("[limits]\nnew = 6\n")
    learner.study(2)
    return learner


Browsing = tuple[NlpcardsApp, BrowseScreen, Pilot[None]]


@asynccontextmanager
async def browsing(learner: Learner, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Browsing]:
    async with learner.screen(size=size) as (app, pilot):
        await pilot.press("b")
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, BrowseScreen)
        await rested(pilot)
        yield app, screen, pilot


async def rested(pilot: Pilot[None]) -> None:
    """Wait until no search goes on, nothing is worked on, and the card beside the table is shown."""
    await settled(pilot)
    screen = pilot.app.screen
    while isinstance(screen, BrowseScreen) and (
        screen._preview_asked or screen._busy or any(not each.is_finished for each in screen.workers)
    ):
        await pilot.pause(0.01)
    await settled(pilot)


async def type_in(pilot: Pilot[None], text: str) -> None:
    names = {
        ":": "colon",
        " ": "space",
        "<": "less_than_sign",
        ">": "greater_than_sign",
        "-": "minus",
        '"': "quotation_mark",
    }
    await pilot.press(*(names.get(char, char) for char in text))
    await rested(pilot)


async def paste(pilot: Pilot[None], text: str) -> None:
    assert pilot.app.focused is not None
    pilot.app.focused.post_message(events.Paste(text))
    await rested(pilot)


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await rested(pilot)


def found(screen: BrowseScreen) -> list[str]:
    return [card.id for card in screen.browser.cards]


def sort_of(screen: BrowseScreen) -> Column | None:
    return screen.browser.sort


def bodies(learner: Learner) -> list[object]:
    with learner.open() as collection:
        done = [event.body for event in collection.journal.events(surviving=True)]
    return [body for body in done if not isinstance(body, Undo)]


# ---- the table


async def test_b_on_today_lists_every_card_with_its_question_state_and_due_date(studied: Learner) -> None:
    async with browsing(studied) as (app, _screen, pilot):
        text = shown(app)
        assert "30 cards" in text
        assert "▸" in text
        row = next(line for line in text.splitlines() if "What is question 0?" in line)
        assert row.split()[-3:-1] in (["review", "2026-11-13"], ["review", row.split()[-2]])
        assert "Answer 0." in text
        await press(pilot, "escape")
        assert isinstance(app.screen, TodayScreen)


async def test_the_arrow_goes_to_the_end_and_back_and_the_card_beside_it_follows(studied: Learner) -> None:
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "G")
        assert screen.table.card is not None
        assert screen.table.card.id == "other/n9#qa"
        assert "Answer 9." in shown(app)
        await press(pilot, "g", "j", "j", "k")
        assert screen.table.at == 1
        await press(pilot, "pagedown")
        assert screen.table.at > 5
        await press(pilot, "enter")
        assert isinstance(app.screen, BrowsedCard)
        assert "What happened" in shown(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, BrowseScreen)


async def test_a_key_and_a_click_on_a_heading_sort_and_sort_the_other_way_round(studied: Learner) -> None:
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "s", "j", "j", "j", "enter")
        assert sort_of(screen) is Column.DUE
        assert "due ▲" in shown(app)
        dues = [screen.browser.look(card).due for card in screen.browser.cards]
        known = [due for due in dues if due is not None]
        assert known == sorted(known)
        assert dues[: len(known)] == known
        await press(pilot, "S")
        assert "due ▼" in shown(app)
        heading = next(line for line in shown(app).splitlines() if "question" in line and "state" in line)
        await pilot.click("Heading", offset=(heading.index("question") - 1, 0))
        await rested(pilot)
        assert sort_of(screen) is Column.QUESTION
        assert found(screen)[0] == "made/n0#qa"
        await press(pilot, "greater_than_sign")
        assert sort_of(screen) is Column.STATE
        await press(pilot, "s", "home", "enter")
        assert sort_of(screen) is None
        assert found(screen)[-1] == "other/n9#qa"


async def test_sorting_keeps_the_arrow_at_its_card(studied: Learner) -> None:
    async with browsing(studied) as (_, screen, pilot):
        await press(pilot, *"jjj")
        card = screen.table.card
        await press(pilot, "less_than_sign", "S")
        assert screen.table.card is card


async def test_columns_are_chosen_and_those_without_room_said_to_have_none(studied: Learner) -> None:
    async with browsing(studied) as (app, screen, pilot):
        assert "recall" in shown(app)
        await press(pilot, "c")
        assert "[x] recall" in shown(app)
        assert "[x] deck  no room now" in shown(app)
        await press(pilot, "j", "j", "j", "space", "escape")
        assert Column.RECALL not in screen.browser.columns
        heading = next(line for line in shown(app).splitlines() if "question" in line and "state" in line)
        assert "recall" not in heading
        await pilot.resize_terminal(100, 24)
        await rested(pilot)
        heading = next(line for line in shown(app).splitlines() if "question" in line and "state" in line)
        assert "deck" in heading


# ---- searching


async def test_one_searches_as_one_types_and_comes_back_to_it(studied: Learner) -> None:
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "slash")
        await type_in(pilot, "deck:other 3")
        assert found(screen) == ["other/n3#qa"]
        assert "1 of 30 cards" in shown(app)
        await press(pilot, "enter", "escape")
        assert isinstance(app.screen, TodayScreen)
        await press(pilot, "b")
        assert "1 of 30 cards" in shown(app)
        assert "deck:other 3" in shown(app)


async def test_a_mistake_is_pointed_at_and_the_cards_stay(studied: Learner) -> None:
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "slash")
        await type_in(pilot, "deck:other is:duee")
        await press(pilot, "enter")
        lines = shown(app).splitlines()
        at = next(index for index, line in enumerate(lines) if "is:duee" in line)
        assert lines[at + 1].index("^") == lines[at].index("duee")
        assert "Did you mean `is:due`?" in lines[at + 1]
        assert {card.partition("/")[0] for card in found(screen)} == {"other"}


async def test_a_mistake_far_along_a_long_line_has_its_message_below(studied: Learner) -> None:
    async with browsing(studied) as (app, _, pilot):
        await press(pilot, "slash")
        await paste(pilot, "deck:other " * 8 + "prop:q>1")
        await press(pilot, "enter")
        lines = shown(app).splitlines()
        assert lines[2].strip() == "^"
        assert lines[1][lines[2].index("^") :].startswith("q>1")
        assert lines[3].strip().startswith("✗ There is no `prop:q`.")


async def test_a_name_that_nothing_has_is_told(studied: Learner) -> None:
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "slash")
        await type_in(pilot, "deck:othr")
        await press(pilot, "enter")
        assert found(screen) == []
        assert "There is no deck othr. Did you mean other?" in shown(app)
        for key in ("space", "exclamation_mark", "enter", "e", "r", "m", "v", "J", "x"):
            await press(pilot, key)
        assert app.screen is screen
        assert "There is no card here." in shown(app)


async def test_completions_are_listed_and_taken_by_key_and_mouse(studied: Learner) -> None:
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "slash")
        await type_in(pilot, "de")
        assert "the deck's id" in shown(app)
        await press(pilot, "tab")
        assert screen.bar.line.value == "deck:"
        await press(pilot, "down", "down")
        assert "▸ deck:other" in shown(app)
        await press(pilot, "enter")
        assert screen.bar.line.value == "deck:other"
        assert len(found(screen)) == 10
        await type_in(pilot, " is:n")
        lines = shown(app).splitlines()
        row = next(index for index, line in enumerate(lines) if "is:new" in line)
        await pilot.click(offset=(lines[row].index("is:new") + 1, row))
        await rested(pilot)
        assert screen.bar.line.value == "deck:other is:new"
        await press(pilot, "enter")
        assert screen.focused is screen.table


# ---- marks and actions


async def test_space_shift_v_and_a_mark_cards_and_escape_takes_the_marks_off(studied: Learner) -> None:
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "space", "j", "space")
        assert screen.browser.marked == {"made/n0#qa", "made/n2#qa"}
        assert "2 marked" in shown(app)
        assert shown(app).count("✓") == 2
        await press(pilot, "shift+down", "shift+down", "shift+up")
        assert screen.browser.marked == {f"made/n{n}#qa" for n in (0, 2, 3, 4)}
        await press(pilot, "escape", "j", "v", "j", "j")
        assert "range: v ends it" in shown(app)
        assert screen.browser.marked == {f"made/n{n}#qa" for n in (5, 6, 7)}
        await press(pilot, "k", "v", "j")
        assert screen.browser.marked == {f"made/n{n}#qa" for n in (5, 6)}
        await press(pilot, "a")
        assert "30 marked" in shown(app)
        await press(pilot, "a")
        assert screen.browser.marked == set()
        await press(pilot, "escape")
        assert isinstance(app.screen, TodayScreen)


async def test_clicks_go_to_a_card_mark_it_and_open_it(studied: Learner) -> None:
    async with browsing(studied) as (app, screen, pilot):
        await pilot.click("CardTable", offset=(20, 3))
        await rested(pilot)
        assert (screen.table.at, screen.browser.marked) == (3, set())
        await pilot.click("CardTable", offset=(1, 5))
        await pilot.click("CardTable", offset=(20, 6), control=True)
        await rested(pilot)
        assert screen.browser.marked == {"made/n5#qa", "made/n6#qa"}
        await pilot.click("CardTable", offset=(20, 8), shift=True)
        await rested(pilot)
        assert screen.browser.marked == {f"made/n{n}#qa" for n in (5, 6, 7, 8)}
        await pilot.click("CardTable", offset=(20, 2), button=3)
        await rested(pilot)
        assert "What to do with 4 marked cards" in shown(app)
        await press(pilot, "escape")
        await pilot.click("CardTable", offset=(20, 2), times=2)
        await rested(pilot)
        assert isinstance(app.screen, BrowsedCard)


ACTIONS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "suspend": (("exclamation_mark",), "Suspended 3 cards; u takes that back.", "is:suspended"),
    "bury": (("b",), "Buried 3 cards until tomorrow; u takes that back.", "is:buried"),
    "flag": (("f", "4"), "Blue flag on 3 cards; u takes that back.", "flag:4"),
    "due": (("d", "5", "0", "enter"), "New due date for 3 cards; u takes that back.", "prop:due=50"),
    "menu": (("m", "exclamation_mark"), "Suspended 3 cards; u takes that back.", "is:suspended"),
}


@pytest.mark.parametrize("name", ACTIONS)
async def test_an_action_reaches_all_marked_cards_and_one_undo_takes_it_back(studied: Learner, name: str) -> None:
    keys, said, query = ACTIONS[name]
    before = bodies(studied)
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "space", "space", "space", *keys)
        assert said in shown(app)
        await press(pilot, "slash")
        await type_in(pilot, query)
        assert found(screen) == ["made/n0#qa", "made/n1#qa", "made/n2#qa"]
        assert len(bodies(studied)) == len(before) + 3
        await press(pilot, "enter", "u")
        assert "Undone: " in shown(app)
        assert bodies(studied) == before
        await press(pilot, "slash", "end", "space", "backspace")
        screen._search(query)
        await rested(pilot)
        assert found(screen) == []


async def test_own_tags_are_put_on_many_cards_and_a_mistake_stays_in_its_dialog(studied: Learner) -> None:
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "space", "space", "t")
        await type_in(pilot, "bad,tag")
        await press(pilot, "enter")
        assert "cannot be a tag" in shown(app)
        await press(pilot, *["backspace"] * 7)
        await type_in(pilot, "exam")
        await press(pilot, "enter")
        assert "Changed your tags on 2 cards" in shown(app)
        await press(pilot, "t")
        assert "exam on 2" in shown(app)
        await press(pilot, "escape", "slash")
        await type_in(pilot, "tag:ex")
        assert "tag:exam" in shown(app)
        await press(pilot, "tab", "enter")
        assert found(screen) == ["made/n0#qa", "made/n1#qa"]
        await press(pilot, "g")
        assert "Your tags" in "".join(str(line) for line in screen.query_one("#browse-card", CardSheet)._lines(0))


async def test_without_marks_the_card_at_the_arrow_is_acted_on(studied: Learner) -> None:
    async with browsing(studied) as (app, _, pilot):
        await press(pilot, "j", "exclamation_mark")
        assert "Suspended 1 card;" in shown(app)
        assert bodies(studied)[-1] == Suspend("made/n1#qa")
        await press(pilot, "exclamation_mark")
        assert "Unsuspended 1 card;" in shown(app)
        await press(pilot, "R", "R")
        assert "Nothing was to be changed." in shown(app)


async def test_undo_of_what_was_done_before_is_asked_about_first(studied: Learner) -> None:
    before = bodies(studied)
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "u")
        assert "Undo the last answer" in shown(app)
        await press(pilot, "n")
        assert bodies(studied) == before
        await press(pilot, "u", "y")
        assert len(bodies(studied)) == len(before) - 1
        assert app.screen is screen


async def test_many_cards_are_worked_on_in_a_thread_as_one_action(learner: Learner) -> None:
    learner.write(deck_of(700))
    async with browsing(learner) as (app, screen, pilot):
        await press(pilot, "a", "exclamation_mark")
        assert "Suspended 700 cards; u takes that back." in shown(app)
        assert len(bodies(learner)) == 700
        await press(pilot, "u")
        assert bodies(learner) == []
        assert {screen.browser.cell(card, Column.STATE) for card in screen.browser.cards} == {"new"}


async def test_while_many_cards_are_worked_on_one_can_only_look(studied: Learner) -> None:
    before = bodies(studied)
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "space")
        screen._busy = True
        for key in ("exclamation_mark", "b", "u", "R", "slash", "escape"):
            await pilot.press(key)
        await settled(pilot)
        screen._busy = False
        assert app.screen is screen
        assert screen.focused is screen.table
        assert bodies(studied) == before


async def test_a_journal_that_cannot_be_written_is_one_sentence_and_nothing_changes(
    studied: Learner,
) -> None:
    async with browsing(studied) as (app, screen, pilot):
        screen.browser.collection.journal.readonly = True
        await press(pilot, "space", "exclamation_mark")
        assert "✗ The journal was opened for reading only" in shown(app)
        screen.browser.collection.journal.readonly = False
        await press(pilot, "exclamation_mark")
        assert "Suspended 1 card" in shown(app)


# ---- elsewhere


async def test_the_editor_opens_at_the_note_and_what_was_written_shows(studied: Learner, tmp_path: Path) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text(
        "#!/bin/sh\nfor last; do :; done\nsed -i 's/What is question 1?/Which is it?/' \"$last\"\n", "utf-8"
    )
    editor.chmod(0o755)
    studied.configure(f'editor = "{editor}"\n')
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "j", "e")
        assert "Which is it?" in shown(app)
        assert screen.table.card is not None
        assert screen.table.card.id == "made/n1#qa"


async def test_marked_cards_are_exported_and_a_file_is_replaced_only_when_asked_twice(
    studied: Learner, tmp_path: Path
) -> None:
    out = tmp_path / "some.apkg"
    async with browsing(studied) as (app, _, pilot):
        await press(pilot, "space", "space", "x")
        assert "Export 2 notes to Anki" in shown(app)
        entry = app.screen.query_one("#entry")
        entry.value = str(out.with_suffix(".zip"))  # type: ignore[attr-defined]
        await press(pilot, "enter")
        assert "ends in .apkg" in shown(app)
        entry.value = str(out)  # type: ignore[attr-defined]
        await press(pilot, "enter")
        assert "Exported 2 notes" in " ".join(shown(app).split())
        assert out.stat().st_size > 1_000
        await press(pilot, "x")
        app.screen.query_one("#entry").value = str(out)  # type: ignore[attr-defined]
        await press(pilot, "enter")
        assert "is there already" in " ".join(shown(app).split())
        await press(pilot, "enter")
        assert "Exported 2 notes" in " ".join(shown(app).split())


async def test_marked_cards_are_reviewed_or_practised(studied: Learner) -> None:
    async with browsing(studied) as (app, _, pilot):
        await press(pilot, "G", "space", "r")
        assert "Review the 1 marked card" in shown(app)
        await press(pilot, "1")
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.asked.card.id == "other/n9#qa"
    async with browsing(studied) as (app, _, pilot):
        await press(pilot, "space", "exclamation_mark", "r", "1")
        assert "None of these cards is to be asked today" in shown(app)
        await press(pilot, "u", "r", "2")
        assert isinstance(app.screen, ReviewScreen)
        assert not app.screen._reviewing.stores


async def test_searches_are_saved_taken_and_deleted(studied: Learner) -> None:
    save_search(studied.home, "fresh", "is:new")
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "slash")
        await type_in(pilot, "deck:other")
        await press(pilot, "enter", "l")
        assert "fresh   is:new" in shown(app)
        await press(pilot, "n")
        await type_in(pilot, "the other")
        await press(pilot, "enter")
        assert saved_searches(studied.home) == {"fresh": "is:new", "the other": "deck:other"}
        await press(pilot, "enter")
        assert screen.bar.line.value == "is:new"
        assert "of 30 cards" in shown(app)
        await press(pilot, "l", "j", "x")
        assert "Deleted the other, which was: deck:other" in shown(app)
        await press(pilot, "escape")
        assert saved_searches(studied.home) == {"fresh": "is:new"}
        screen.bar.put("")
        await press(pilot, "slash")
        assert "is:new" in shown(app)
        await press(pilot, "down", "enter")
        assert screen.bar.line.value == "is:new"


async def test_a_broken_file_of_searches_is_told_and_nothing_else_suffers(studied: Learner) -> None:
    place(studied.home).write_text("a = \n", "utf-8")
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "slash")
        assert "searches.toml" in "".join(shown(app).split())
        await type_in(pilot, "deck:other")
        assert len(found(screen)) == 10
        await press(pilot, "enter", "l")
        assert "Mend the file" in " ".join(shown(app).split())


async def test_the_palette_and_help_know_of_it(studied: Learner) -> None:
    async with browsing(studied, (100, 60)) as (app, _, pilot):
        assert "Browse" in [command.title for command in app.get_system_commands(app.screen)]
        await press(pilot, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        await press(pilot, "escape")
        app.action_browse()
        await settled(pilot)
        assert sum(isinstance(screen, BrowseScreen) for screen in app.screen_stack) == 1


async def test_it_is_resized_at_any_moment(studied: Learner) -> None:
    async with browsing(studied) as (app, screen, pilot):
        await press(pilot, "G")
        for size in ((120, 40), (60, 16), (40, 10), (200, 60), (80, 24)):
            await pilot.resize_terminal(*size)
            await rested(pilot)
            assert screen.too_small == (size == (40, 10))
            if not screen.too_small:
                row = screen.table.at - screen.table.scroll_offset.y
                assert 0 <= row < screen.table.size.height
                assert "▸" in shown(app)
