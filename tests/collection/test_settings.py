"""Settings by name: taste in its file, memory in the journal, shown and changed as one."""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.default_file import EXAMPLE_DECK, EXAMPLE_KEY, default_file
from nlpcards.collection.home import Home
from nlpcards.collection.setting_file import with_value, without
from nlpcards.collection.setting_keys import DECK, KEYS, Keeper, Named, Value, written
from nlpcards.collection.settings import Configuration
from nlpcards.collection.taste import Taste, read_taste, taste_of
from nlpcards.core.errors import NlpcardsError, UsageError
from nlpcards.core.journal import Setting
from nlpcards.core.memory import Settings
from nlpcards.tui import rebinding

MINE = """\
# Mine, since 2024
theme = "nord"  # at night

[limits]  # not too many
# new cards cost most
new = 5   # was 20
reviews = 50

# The order of things
[review]
order = "due"
"""

START = datetime(2026, 11, 10, 9, tzinfo=UTC)


class Desk:
    """A configuration in a folder, with two decks and two themes, and a clock that the test moves."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder, folder, folder / "cache")
        self.at = START
        self.configuration = Configuration(
            self.home,
            Clock(lambda: self.at, UTC),
            themes=lambda: ("nord", "textual-light"),
            decks=lambda: ("lstm", "attention"),
            bindings=lambda: rebinding,
        )

    def write(self, text: str) -> None:
        self.home.settings.write_text(text, "utf-8")

    @property
    def text(self) -> str:
        return self.home.settings.read_text("utf-8")

    def set_events(self) -> list[Setting]:
        with Collection.open(self.home, (), Clock(lambda: self.at, UTC)) as collection:
            bodies = [event.body for event in collection.journal.events()]
        return [body for body in bodies if isinstance(body, Setting)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    with desk.configuration:
        yield desk


def test_without_a_file_or_a_journal_everything_has_its_default_and_nothing_is_written(desk: Desk) -> None:
    held = desk.configuration.all()
    assert [each.name for each in held] == [key.name for key in KEYS if not key.of_deck and not key.of_key]
    assert all(each.value == each.key.default and not each.is_set for each in held)
    assert list(desk.home.data.iterdir()) == []


def test_the_defaults_are_those_of_taste_and_memory(desk: Desk) -> None:
    assert taste_of(default_file(), "") == Taste()
    for held in desk.configuration.all():
        if held.key.keeper is Keeper.JOURNAL:
            assert held.value == getattr(Settings(), held.name)


def test_the_default_file_shows_every_setting_of_taste_as_a_comment_that_may_be_taken_in() -> None:
    lines = default_file().splitlines()
    assert all(line.startswith(("#", "[")) or not line for line in lines)
    bare = [line.removeprefix("# ") if " = " in line or line.startswith("# [") else line for line in lines]
    taste = taste_of("\n".join(bare), "")
    assert taste.rules.decks
    assert taste.rules.caught_up_by is not None
    values = tomllib.loads("\n".join(bare))
    for key in KEYS:
        if key.keeper is Keeper.FILE:
            at = values
            path = Named(key, EXAMPLE_KEY if key.of_key else EXAMPLE_DECK).path
            for part in path[:-1]:
                at = at[part]
            assert path[-1] in at


def test_taste_is_set_in_its_file_and_keeps_comments_order_and_layout(desk: Desk) -> None:
    desk.write(MINE)
    before, after = desk.configuration.set("limits.new", "15")
    assert (before.value, after.value, after.is_set, after.changed) == (5, 15, True, None)
    assert desk.text == MINE.replace("new = 5 ", "new = 15 ")
    desk.configuration.set("theme", "textual-light")
    desk.configuration.set("editor", "code --wait")
    desk.configuration.set("review.balance", "no")
    desk.configuration.set("limits.decks.lstm.new", "2")
    desk.configuration.set("easy_days.sunday", "50%")
    changed = MINE.replace("new = 5 ", "new = 15 ").replace(
        '"nord"  # at night', '"textual-light"  # at night\neditor = "code --wait"'
    )
    added = "balance = false\n\n[limits.decks.lstm]\nnew = 2\n\n[easy_days]\nsunday = 0.5\n"
    assert desk.text == changed + added
    taste = read_taste(desk.home.settings)
    assert (taste.theme, taste.editor, taste.balance) == ("textual-light", "code --wait", False)
    assert (taste.limits.new, taste.rules.decks["lstm"].new, taste.easy_days[6]) == (15, 2, 0.5)


def test_a_first_value_stands_below_the_comment_that_shows_its_default(desk: Desk) -> None:
    desk.configuration.set("limits.reviews", "100")
    assert desk.text == default_file().replace("# reviews = 200\n", "# reviews = 200\nreviews = 100\n")
    desk.configuration.unset("limits.reviews")
    assert desk.text == default_file()


def test_unsetting_takes_the_line_and_nothing_else(desk: Desk) -> None:
    desk.write(MINE)
    before, after = desk.configuration.unset("limits.reviews")
    assert (before.value, after.value, after.is_set) == (50, 200, False)
    assert desk.text == MINE.replace("reviews = 50\n", "")
    desk.configuration.unset("limits.reviews")
    desk.configuration.unset("limits.decks.lstm.new")
    assert desk.text == MINE.replace("reviews = 50\n", "")


def test_memory_is_set_by_events_and_shown_with_the_day_of_the_last_change(desk: Desk) -> None:
    desk.configuration.set("desired_retention", "85%")
    desk.at += timedelta(days=3)
    desk.configuration.set("learning_steps", "30s 10m 1d")
    desk.configuration.set("desired_retention/lstm", "0.95")
    desk.configuration.set("rollover", "3")
    assert not desk.home.settings.exists()
    held = {each.name: each for each in desk.configuration.all() if each.is_set}
    assert {name: (each.value, each.changed) for name, each in held.items()} == {
        "desired_retention": (0.85, date(2026, 11, 10)),
        "learning_steps": ((30, 600, 86_400), date(2026, 11, 13)),
        "desired_retention/lstm": (0.95, date(2026, 11, 13)),
        "rollover": (3, date(2026, 11, 13)),
    }
    with Collection.open(desk.home, (), Clock(lambda: desk.at, UTC)) as collection:
        settings = collection.settings
    assert (settings.desired_retention, settings.rollover) == (0.85, 3)
    assert settings.deck_retention == (("lstm", 0.95),)


def test_memory_is_undone_by_setting_it_back_and_the_same_value_writes_no_event(desk: Desk) -> None:
    desk.configuration.set("desired_retention/lstm", "0.95")
    desk.configuration.set("desired_retention/lstm", "95%")
    _, after = desk.configuration.unset("desired_retention/lstm")
    assert (after.value, after.changed) == (None, date(2026, 11, 10))
    desk.configuration.unset("desired_retention/lstm")
    desk.configuration.set("learning_steps", "none")
    desk.configuration.unset("learning_steps")
    assert [(each.subject, each.value) for each in desk.set_events()] == [
        ("desired_retention/lstm", "0.95"),
        ("desired_retention/lstm", "null"),
        ("learning_steps", "[]"),
        ("learning_steps", "[60, 600]"),
    ]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("limits.new", "-1"),
        ("limits.new", "1.5"),
        ("limits.new", "many"),
        ("limits.new", "1_0"),
        ("limits.decks.lstm.reviews", "-1"),
        ("review.order", "oldest"),
        ("review.balance", "1"),
        ("review.caught_up_by", "tomorrow"),
        ("review.caught_up_by", "2026-02-30"),
        ("easy_days.sunday", "2"),
        ("easy_days.sunday", "nan"),
        ("editor", 'vim "x'),
        ("desired_retention", "0.5"),
        ("desired_retention", "90"),
        ("desired_retention/lstm", "1"),
        ("learning_steps", "0m"),
        ("learning_steps", "7d"),
        ("learning_steps", "10"),
        ("learning_steps", ""),
        ("maximum_interval", "0"),
        ("rollover", "24"),
        ("parameters", "1 2 3"),
        ("parameters", " ".join(["nan"] * 21)),
    ],
)
def test_a_value_out_of_its_range_is_one_sentence_and_writes_nothing(desk: Desk, name: str, typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        desk.configuration.set(name, typed)
    assert caught.value.message.startswith(f"the setting {name} cannot be ")
    assert caught.value.remedy
    assert list(desk.home.data.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("limits.news", "Did you mean limits.new?"),
        ("new", "Did you mean limits.new?"),
        ("retention", "Did you mean desired_retention?"),
        ("learning-steps", "Did you mean learning_steps?"),
        ("limits.decks.lstm.old", "Did you mean limits.decks.DECK.new?"),
        ("Theme", "Did you mean theme?"),
        ("colour of the sky", "`nlpcards config list` shows all of them."),
        ("limits.decks..new", "Did you mean limits.decks.DECK.new?"),
    ],
)
def test_an_unknown_setting_is_answered_with_the_one_that_was_meant(desk: Desk, name: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        desk.configuration.set(name, "1")
    assert (caught.value.message, caught.value.remedy) == (f"there is no setting {name}", remedy)


def test_a_deck_and_a_theme_that_do_not_exist_are_refused(desk: Desk) -> None:
    for name, typed in (("limits.decks.lstn.new", "1"), ("desired_retention/lstn", "0.9")):
        with pytest.raises(UsageError, match=r"there is no deck lstn. Did you mean lstm\?"):
            desk.configuration.set(name, typed)
    with pytest.raises(UsageError, match=r"there is no theme norf. Did you mean nord\?"):
        desk.configuration.set("theme", "norf")
    assert list(desk.home.data.iterdir()) == []


def test_a_wrong_value_in_the_file_is_mended_by_setting_it(desk: Desk) -> None:
    desk.write("[limits]\nnew = -4  # oh\n")
    with pytest.raises(NlpcardsError, match=r"config.toml: limits.new is -4"):
        desk.configuration.all()
    desk.configuration.set("limits.new", "4")
    assert desk.text == "[limits]\nnew = 4  # oh\n"


@pytest.mark.parametrize("text", ["[limits\nnew = 1\n", "[limits]\nnews = 1\n"])
def test_a_file_with_another_mistake_stays_as_it_is(desk: Desk, text: str) -> None:
    desk.write(text)
    with pytest.raises(NlpcardsError) as caught:
        desk.configuration.set("review.order", "random")
    assert str(desk.home.settings) in caught.value.place
    assert caught.value.remedy
    assert desk.text == text


def test_a_file_that_may_not_be_written_stays_as_it_is(desk: Desk) -> None:
    desk.write(MINE)
    if os.geteuid() == 0:
        desk.home.settings.unlink()
        desk.home.settings.mkdir()
    else:
        desk.home.settings.chmod(0o400)
    with pytest.raises(NlpcardsError, match="configuration cannot be"):
        desk.configuration.set("limits.new", "9")
    assert len(list(desk.home.config.iterdir())) == 1


@pytest.mark.parametrize(
    "text",
    [
        "limits = {new = 3, reviews = 4}  # inline\n",
        "limits.new = 3 # dotted\nlimits.reviews = 4\n",
        "[limits]\r\nnew = 3\r\n# the end\r\n",
        "[ limits ]\nreviews = 4\n[review]\n[limits.decks.x]\nnew = 1",
        "",
        'editor = """\n[limits]\n"""\n',
    ],
)
def test_every_way_to_write_toml_can_be_changed(text: str) -> None:
    changed = with_value(text, ("limits", "new"), 7, "here")
    values = tomllib.loads(text)
    assert tomllib.loads(changed) == {**values, "limits": {**values.get("limits", {}), "new": 7}}
    assert all(comment in changed for comment in ("# inline", "# dotted", "# the end") if comment in text)
    assert changed.count("\r\n") == (changed.count("\n") if "\r" in text else 0)
    gone = without(changed, ("limits", "new"), "here")
    assert "new" not in tomllib.loads(gone).get("limits", {})


PLACES = st.sampled_from(
    [Named(key, EXAMPLE_KEY if key.of_key else "lstm").path for key in KEYS if key.keeper is Keeper.FILE]
)


@given(st.lists(st.tuples(PLACES, st.integers(0, 999)), max_size=8), st.booleans())
def test_whatever_is_set_is_read_back_and_whatever_is_unset_leaves_the_rest(
    changes: list[tuple[tuple[str, ...], int]], commented: bool
) -> None:
    text = default_file() if commented else MINE
    comments = list(dict.fromkeys(line for line in text.splitlines() if line.startswith("#")))
    wanted: dict[tuple[str, ...], int] = {}
    for path, value in changes:
        text = with_value(text, path, value, "here")
        wanted[path] = value
    for path, value in wanted.items():
        found: Any = tomllib.loads(text)
        for part in path:
            found = found[part]
        assert found == value
    for path in wanted:
        text = without(text, path, "here")
    assert list(dict.fromkeys(line for line in text.splitlines() if line in comments)) == comments


@st.composite
def layouts(draw: st.DrawFn) -> str:
    """A sound file in any layout: inline, dotted, quoted and split tables, odd blanks, comments with odd signs, several
    ends of lines, strings that look like something else.
    """
    end = draw(st.sampled_from(["\n", "\r\n"]))
    sign = draw(st.sampled_from(["", " # why", "  # a\u2028b", "\t# [limits]", " # new = 3", " # é\x85"]))
    number = draw(st.integers(0, 99))
    limits = draw(
        st.sampled_from(
            [
                f"[limits]{sign}§new = {number}{sign}§# reviews = 9§reviews = 4",
                f"[ limits ]§  reviews=4{sign}§§§  # new cards§  'new'\t= {number}{sign}",
                f'["limits"]§"new"={number}§[limits.decks]{sign}§x.new = 1',
                f"[limits]§decks = {{x = {{new = 1}}}}{sign}§new = {number}",
                f"[limits.decks.x]{sign}§new = 1§§[limits]§new = {number}{sign}",
                f"[limits.decks.lstm]§[limits]{sign}§[limits.decks.x]§reviews = {number}",
                "",
            ]
        )
    )
    top = draw(
        st.sampled_from(
            [
                "",
                f"# mine{sign}§",
                f"limits.new = {number}{sign}§limits.reviews = 3§" if not limits else f"theme = 'nord'{sign}§",
                f"limits = {{new = {number}, reviews = 2}}{sign}§" if not limits else "§§",
                f'editor = """§[limits]§new = 3§"""{sign}§',
                "theme = '# no comment'§review.order = 'due'§",
                "editor = 'a\\[limits]'§",
            ]
        )
    )
    rest = draw(st.sampled_from(["", f"§[review]{sign}§", "§[review]§balance = true", "§# the end", "§[easy_days]§§§"]))
    rest = "" if "review.order" in top and "[review]" in rest else rest
    return (top + limits + rest).replace("§", end)


def comments(text: str) -> list[str]:
    """The comments of a file: whatever follows a mark outside of quotes."""
    found = re.findall(r"(?m)^(?:[^#'\"\r\n]|'[^'\r\n]*'|\"[^\"\r\n]*\")*(#[^\r\n]*)", text)
    return [each for each in found if each]


@given(layouts(), PLACES, st.integers(0, 999))
def test_in_any_layout_a_value_is_set_and_unset_and_all_else_stays(
    text: str, path: tuple[str, ...], value: int
) -> None:
    before = tomllib.loads(text)
    changed = with_value(text, path, value, "here")
    after = tomllib.loads(changed)
    found: Any = after
    for part in path:
        found = found[part]
    assert found == value
    assert not Counter(comments(text)) - Counter(comments(changed))
    assert changed.count("\r\n") in (0, changed.count("\n"))
    gone = without(changed, path, "here")
    assert not Counter(comments(text)) - Counter(comments(gone))
    assert filled(tomllib.loads(gone)) == filled(removed(before, path))


def filled(values: Any) -> Any:
    """Values without tables that hold none."""
    if not isinstance(values, dict):
        return values
    rest = {key: filled(each) for key, each in values.items()}
    return {key: each for key, each in rest.items() if each != {}}


def removed(values: Any, path: tuple[str, ...]) -> Any:
    if not isinstance(values, dict) or path[0] not in values:
        return values
    if len(path) == 1:
        return {key: each for key, each in values.items() if key != path[0]}
    return {**values, path[0]: removed(values[path[0]], path[1:])}


@pytest.mark.parametrize(
    "text", ["limits = 3\n", "limits = [1]\n", "[[limits]]\nnew = 1\n", "[limits]\nnew = {a = 1}\n"]
)
def test_a_table_where_there_is_none_is_refused_and_the_file_stays(desk: Desk, text: str) -> None:
    desk.write(text)
    with suppress(NlpcardsError):
        desk.configuration.set("limits.new", "4")
        assert read_taste(desk.home.settings).limits.new == 4
        return
    assert desk.text == text


def test_a_file_that_changes_meanwhile_is_not_overwritten(desk: Desk) -> None:
    desk.write(MINE)

    def decks() -> tuple[str, ...]:
        return ("lstm",)

    class Racing(Configuration):
        """Another program writes the file between the reading and the saving."""

        def _save(self, before: str | None, after: str) -> None:
            desk.write("theme = 'nord'\n")
            super()._save(before, after)

    racing = Racing(desk.home, themes=tuple, decks=decks, bindings=lambda: rebinding)
    with pytest.raises(NlpcardsError, match="changed while this was being done"):
        racing.set("limits.new", "4")
    assert desk.text == "theme = 'nord'\n"


@given(st.data())
def test_a_value_that_is_written_is_read_as_itself(data: st.DataObject) -> None:
    steps = st.lists(st.integers(1, 7 * 86_400 - 1), max_size=5).map(tuple)
    share = st.integers(0, 1000).map(lambda each: each / 1000)
    whole = st.integers(0, 40_000)
    drawn: dict[str, st.SearchStrategy[Value]] = {"learning_steps": steps, "desired_retention": share}
    drawn |= {"easy_days.monday": share, "limits.new": whole}
    drawn |= {"review.balance": st.booleans(), "review.caught_up_by": st.dates(date(1970, 1, 1))}
    key = data.draw(st.sampled_from([key for key in KEYS if key.name in drawn]))
    value = data.draw(drawn[key.name])
    assert key.read(written(value)) == value
    parameters = next(key for key in KEYS if key.name == "parameters")
    assert parameters.read(written(Settings().parameters)) == Settings().parameters
    assert DECK not in key.name
