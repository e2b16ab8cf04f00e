"""The review screen on real decks and a real journal."""

from __future__ import annotations

import re
import resource
import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nlpcards.tui import NlpcardsApp
from nlpcards.tui.review import ReviewScreen
from nlpcards.tui.summary import SummaryScreen
from nlpcards.tui.today import TodayScreen
from tests.support.program import deck_of
from tests.support.screens import ALL, Learner, settled, shown


async def test_the_question_stays_visible_under_its_answer(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (app, pilot):
        assert "What is question 0?" in shown(app)
        assert "Answer 0." not in shown(app)
        assert "again" not in shown(app)
        await pilot.press("space")
        await settled(pilot)
        assert "What is question 0?" in shown(app)
        assert "Answer 0." in shown(app)
        for words in ("1 again 1m", "2 hard", "3 good 10m", "4 easy"):
            assert words in shown(app)


async def test_a_rating_is_on_disk_before_the_next_card_is_on_the_screen(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("space")
        learner.wait(seconds=5)
        seen: list[tuple[str, list[int]]] = []
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        await pilot.press("2")
        seen.append((screen.asked.card.id, learner.ratings()))
        assert seen == [("made/n1#qa", [2])]


async def test_space_reveals_and_then_means_good(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (_, pilot):
        await pilot.press("space")
        learner.wait(seconds=2)
        await pilot.press("enter")
        assert learner.ratings() == [3]


async def test_a_rating_before_the_answer_is_shown_does_nothing(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (_, pilot):
        learner.wait(seconds=2)
        await pilot.press("1", "2", "3", "4")
        assert learner.ratings() == []


@pytest.mark.parametrize(("after", "counts"), [(0.0, False), (0.149, False), (0.151, True)])
async def test_a_key_within_150_ms_of_a_card_s_appearing_does_not_rate_it(
    learner: Learner, after: float, counts: bool
) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (_, pilot):
        await learner.answer(pilot, "4")
        learner.seconds += after
        await pilot.press("space", "1")
        assert learner.ratings() == ([4, 1] if counts else [4])


async def test_the_time_taken_is_stored_and_time_in_help_is_not_counted(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (app, pilot):
        learner.wait(seconds=4)
        await pilot.press("question_mark")
        await settled(pilot)
        learner.wait(seconds=30)
        await pilot.press("escape")
        await settled(pilot)
        await learner.answer(pilot)
        (event,) = app.collection.journal.events()
        assert getattr(event.body, "duration_ms", None) == 9000


async def test_undo_brings_the_card_back_hidden(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (app, pilot):
        await learner.answer(pilot)
        assert "question 1?" in shown(app)
        await pilot.press("u")
        await settled(pilot)
        assert "question 0?" in shown(app)
        assert "Answer 0." not in shown(app)
        assert "Undone: the last answer." in shown(app)
        assert "0 answered" in shown(app)
        assert learner.ratings() == []


async def test_a_click_on_a_rating_rates(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (_, pilot):
        await pilot.click("#show")
        await settled(pilot)
        learner.wait(seconds=3)
        await pilot.click("#rate-4")
        await settled(pilot)
        assert learner.ratings() == [4]


async def test_resizing_keeps_the_card_and_its_answer(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("space")
        await pilot.resize_terminal(120, 40)
        await settled(pilot)
        assert "Answer 0." in shown(app)
        await pilot.resize_terminal(61, 17)
        await settled(pilot)
        assert "What is question 0?" in shown(app)
        assert "Answer 0." in shown(app)
        assert "3 good" in shown(app)


async def test_too_small_a_terminal_says_so_and_the_card_comes_back(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("space")
        await pilot.resize_terminal(50, 20)
        await settled(pilot)
        assert "needs 60x16, has 50x20: widen" in " ".join(shown(app).split())
        assert "question" not in shown(app)
        learner.wait(seconds=5)
        await pilot.press("3", "u", "exclamation_mark")
        assert learner.ratings() == []
        await pilot.resize_terminal(80, 12)
        await settled(pilot)
        assert "has 80x12: heighten" in shown(app)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "Answer 0." in shown(app)
        await pilot.press("3")
        assert learner.ratings() == [3]


UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

HOSTILE = """deck: bad
title: '[bold red]Title[/] \u202etitle'
notes:
  - id: one
    q: 'A [bold]b[/bold] {{x}} \u202eevil [@click=app.quit]q[/]'
    a: '[red]r[/red] [/closing]'
    why: '[link=file:///etc/passwd]why[/link]'
"""


async def test_hostile_text_is_shown_and_does_nothing(learner: Learner) -> None:
    learner.write(HOSTILE)
    async with learner.screen(start=ALL, size=(100, 30)) as (app, pilot):
        await pilot.press("space")
        await settled(pilot)
        text = shown(app)
        for words in ("[bold]b[/bold]", "{{x}}", "<U+202E>evil", "[@click=app.quit]q[/]", "[red]r[/red] [/closing]"):
            assert words in text
        assert "[bold red]Title[/] <U+202E>title" in text
        assert "[link=file:///etc/passwd]why[/link]" in text
        assert not UNSAFE.search(text.replace("\n", ""))


async def test_escape_sequences_in_a_file_reach_no_screen(learner: Learner) -> None:
    learner.write(deck_of(1) + "    why: 'clear \x1b[2J\x07'\n    [bold]key[/]\x1b]0;t\x07: 1\n", "broken.yaml")
    learner.write(deck_of(1, "other"), "other.yaml")
    async with learner.screen(size=(100, 30)) as (app, pilot):
        assert "error" in shown(app)
        assert not UNSAFE.search(shown(app).replace("\n", ""))
        await pilot.press("p")
        await settled(pilot)
        assert "broken.yaml" in "".join(shown(app).split())
        assert not UNSAFE.search(shown(app).replace("\n", ""))


def editor(tmp_path: Path, *replacements: tuple[str, str]) -> str:
    """An editor that makes one replacement each time it is run, and keeps what it was called with."""
    script = tmp_path / "nano"
    lines = "".join(f"    {number}: ({old!r}, {new!r}),\n" for number, (old, new) in enumerate(replacements))
    script.write_text(
        "#!/usr/bin/env python3\nimport sys\nfrom pathlib import Path\n"
        f"log = Path({str(tmp_path / 'calls')!r})\n"
        "number = len(log.read_text().splitlines()) if log.exists() else 0\n"
        "with log.open('a') as calls:\n    calls.write(' '.join(sys.argv[1:]) + '\\n')\n"
        f"old, new = {{\n{lines}}}[number]\n"
        "path = Path(sys.argv[-1])\npath.write_text(path.read_text().replace(old, new))\n"
    )
    script.chmod(0o755)
    return str(script)


async def test_an_edit_comes_back_to_the_same_card(
    learner: Learner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = learner.write(deck_of(3))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor(tmp_path, ("Answer 0.", "Better answer.")))
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("space", "e")
        await settled(pilot)
        assert "What is question 0?" in shown(app)
        assert "Better answer." in shown(app)
        assert (tmp_path / "calls").read_text() == f"+4 {path}\n"


async def test_errors_after_an_edit_are_shown_and_one_may_go_back_in(
    learner: Learner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.write(deck_of(3))
    monkeypatch.delenv("VISUAL", raising=False)
    wrong = ("a: Answer 1.", "answr: Answer 1.")
    monkeypatch.setenv("EDITOR", editor(tmp_path, wrong, (wrong[1], wrong[0])))
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("e")
        await settled(pilot)
        assert "made.yaml:9" in "".join(shown(app).split())
        assert "answr" in shown(app)
        await pilot.press("e")
        await settled(pilot)
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert "What is question 0?" in shown(app)
        assert not app.collection.library.broken


async def test_an_editor_that_is_missing_is_named_in_a_sentence(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.write(deck_of(3))
    monkeypatch.setenv("VISUAL", "no-such-editor-here")
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("e")
        await settled(pilot)
        assert "no-such-editor-here cannot be started" in " ".join(shown(app).split())
        assert "What is question 0?" in shown(app)


async def test_a_deck_deleted_while_reviewing_is_said_and_the_others_go_on(learner: Learner) -> None:
    first = learner.write(deck_of(2))
    learner.write(deck_of(2, "other"), "other.yaml")
    async with learner.screen(start=ALL) as (app, pilot):
        first.unlink()
        told = False
        while isinstance(app.screen, ReviewScreen) and not told:
            await learner.answer(pilot)
            told = "The deck made is gone" in shown(app)
        assert told
        assert learner.ratings()[0] == 3
        assert "Made other" in shown(app)


async def test_a_decks_folder_that_vanishes_ends_the_session_and_no_answer_is_stored_twice(learner: Learner) -> None:
    learner.write(deck_of(5))
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("space")
        learner.wait(seconds=5)
        shutil.rmtree(learner.decks)
        await pilot.press("3")
        await settled(pilot)
        learner.wait(seconds=5)
        await pilot.press("3")
        await settled(pilot)
        assert isinstance(app.screen, SummaryScreen)
        assert "there is no file or folder" in " ".join(shown(app).split())
        learner.decks.mkdir()
        assert learner.ratings() == [3]


async def test_a_full_disk_is_a_sentence_and_the_card_stays(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (app, pilot):
        await learner.answer(pilot)
        await pilot.press("space")
        learner.wait(seconds=5)
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        try:
            await pilot.press("3")
            await settled(pilot)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert "✗ The journal could not be written" in shown(app)
        assert "Answer 1." in shown(app)
        assert learner.ratings() == [3]
        await pilot.press("3")
        await settled(pilot)
        assert learner.ratings() == [3, 3]
        assert "✗ " not in shown(app)


def counted(app: NlpcardsApp) -> int:
    found = re.search(r"(\d+) new · (\d+) learning · (\d+) review", shown(app))
    assert found
    return sum(map(int, found.groups()))


async def test_the_counts_are_the_distinct_cards_that_are_then_asked(learner: Learner) -> None:
    learner.write(deck_of(12).replace("a: Answer 3.", "a: Answer 3.\n    both: true"))
    learner.study(3)
    async with learner.screen(start=ALL) as (app, pilot):
        announced = counted(app)
        asked = set()
        while isinstance(app.screen, ReviewScreen):
            asked.add(app.screen.asked.card.id)
            await learner.answer(pilot)
        assert len(asked) == announced > 0


async def test_the_summary_says_what_was_learned_and_undo_goes_back(learner: Learner) -> None:
    learner.write(deck_of(2))
    async with learner.screen(start=ALL) as (app, pilot):
        for rating in "4134":
            await learner.answer(pilot, rating)
        assert isinstance(app.screen, SummaryScreen)
        text = shown(app)
        assert "4 answers · 75% recalled · 20 s" in text
        assert "• What is question 0?" in text
        assert "Hardest" in text
        assert "Tomorrow:" in text
        await pilot.press("u")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)


async def test_the_summary_counts_down_and_goes_on_by_itself(learner: Learner) -> None:
    learner.write(deck_of(1))
    learner.open().journal  # noqa: B018 - makes the journal
    from nlpcards.core.journal import Setting

    collection = learner.opened[-1]
    collection.journal.append([Setting("learning_steps", "[3600]")], collection.now())
    async with learner.screen(start=ALL) as (app, pilot):
        await learner.answer(pilot, "1")
        assert isinstance(app.screen, SummaryScreen)
        assert "1 card comes back later today" in shown(app)
        assert "40:00" in shown(app)
        learner.wait(minutes=41)
        await pilot.pause(1.2)
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen)


async def test_bury_suspend_skip_and_flag_do_what_they_say(learner: Learner) -> None:
    learner.write(deck_of(5))
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("f", "1")
        await settled(pilot)
        assert "⚑ red flag" in shown(app)
        await pilot.press("b")
        await settled(pilot)
        assert "question 1?" in shown(app)
        await pilot.press("exclamation_mark")
        await settled(pilot)
        assert "question 2?" in shown(app)
        await pilot.press("s")
        await settled(pilot)
        assert "question 3?" in shown(app)
        assert counted(app) == 3
        today = app.collection.now().day
        assert app.collection.state("made/n0#qa").buried_until == today + 1
        assert app.collection.state("made/n0#qa").flag == 1
        assert app.collection.state("made/n1#qa").suspended
        await pilot.press("u")
        await settled(pilot)
        assert "question 1?" in shown(app)


async def test_a_long_card_scrolls_and_its_ratings_stay(learner: Learner) -> None:
    text = "\n".join(f"      paragraph {number}\n" for number in range(60))
    learner.write(deck_of(1).replace("a: Answer 0.", f"a: |-\n{text}"))
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("space")
        await settled(pilot)
        assert "paragraph 0" in shown(app)
        place = app.screen.query_one("#ratings").region
        for _ in range(12):
            await pilot.press("pagedown")
        await settled(pilot)
        assert "paragraph 59" in shown(app)
        assert app.screen.query_one("#ratings").region == place
        await pilot.press("pageup", "k", "j")


async def test_a_doubtful_clock_is_asked_about_before_anything_is_written(learner: Learner) -> None:
    learner.write(deck_of(40))
    learner.study(1)
    learner.wait(days=-3)
    given = len(learner.ratings())
    async with learner.screen(start=ALL) as (app, pilot):
        assert "behind your last answer" in shown(app)
        await pilot.press("n")
        await settled(pilot)
        assert isinstance(app.screen, TodayScreen)
        assert len(learner.ratings()) == given
        await pilot.press("space")
        await settled(pilot)
        assert "behind your last answer" in shown(app)
        await pilot.press("y")
        await settled(pilot)
        assert isinstance(app.screen, ReviewScreen | SummaryScreen)


CITED = """deck: cited
title: Cited
sources:
  good: {title: A paper, authors: Ng, year: 2020, url: "https://example.org/a"}
  bad: {title: A trap, authors: Eve, year: 2021}
notes:
  - id: one
    q: Which?
    a: This.
    cite: good §3; bad
    expires: 2026-01-01
"""


async def test_the_source_is_cited_and_o_opens_it(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(NlpcardsApp, "open_url", lambda _, url, **__: opened.append(url))
    learner.write(CITED)
    async with learner.screen(start=ALL) as (app, pilot):
        assert "may be out of date since 2026-01-01" in shown(app)
        await pilot.press("space")
        await settled(pilot)
        assert "Ng (2020). A paper. §3" in shown(app)
        await pilot.press("o", "o")
        assert opened == ["https://example.org/a"] * 2


async def leave(app: NlpcardsApp, pilot: Pilot[None]) -> None:
    await pilot.press("escape")
    await settled(pilot)
    assert isinstance(app.screen, TodayScreen)


async def test_escape_leads_to_today_and_q_ends(learner: Learner) -> None:
    learner.write(deck_of(3))
    async with learner.screen(start=ALL) as (app, pilot):
        await learner.answer(pilot)
        await leave(app, pilot)
        assert "1 answer today" in shown(app)
        await pilot.press("q")
        await pilot.pause()
        assert app.return_code == 0


async def test_i_tells_what_is_known_of_the_card_and_leads_back_to_it(learner: Learner) -> None:
    learner.write(deck_of(2))
    async with learner.screen(start=ALL) as (app, pilot):
        await pilot.press("f", "1")
        await settled(pilot)
        await pilot.press("i")
        await settled(pilot)
        assert "Standing" in shown(app)
        assert "flagged red" in shown(app)
        assert "made/n0#qa" in shown(app)
        await pilot.press("i")
        await settled(pilot)
        assert "What is question 0?" in shown(app)
