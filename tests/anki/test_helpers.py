"""A package is the same however many processes made its notes, and whatever became of them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from multiprocessing import active_children
from pathlib import Path

import pytest

from nlpcards.anki import helpers as helping
from nlpcards.anki.export import package
from nlpcards.anki.helpers import Ask, Helpers, may_fork
from nlpcards.anki.made_before import Together
from nlpcards.anki.making import BATCH, maker
from nlpcards.core.cards import Deck
from nlpcards.decks.reader import read_text
from tests.support.lives import all_kinds
from tests.support.tracing import untraced

THEN = 1_790_000_000

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks safely"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the threads of whatever runs the tests, which only wait, for none."""
    monkeypatch.setattr(helping, "may_fork", lambda: True)


def decks(folder: Path) -> list[Deck]:
    """Notes of all kinds in two decks, more of one than are made at a time, and some with pictures."""
    (folder / "gate.png").write_bytes(b"drawn")
    note = "  - id: n{0}\n    q: '![gate {0}](gate.png)'\n    a: A gate.\n  - id: m{0}\n    q: Gate {0}?\n    a: Yes.\n"
    pictured = "deck: two\ntitle: Two\nnotes:\n" + "".join(note.format(at) for at in range(20))
    found = [read_text(all_kinds("one", 330)).deck, read_text(pictured, str(folder / "two.yaml")).deck]
    return [deck for deck in found if deck is not None]


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Deck], bytes]:
    """Decks, and the package that one process makes of them."""
    folder = tmp_path_factory.mktemp("alone")
    made = decks(folder)
    package(made, folder / "out.apkg", mod=lambda _, __: THEN, processes=1)
    return made, (folder / "out.apkg").read_bytes()


def written(made: Sequence[Deck], folder: Path, processes: int, cache: Path | None = None) -> bytes:
    package(made, folder / "out.apkg", mod=lambda _, __: THEN, processes=processes, cache=cache)
    return (folder / "out.apkg").read_bytes()


@untraced
@pytest.mark.parametrize("processes", [2, 3])
def test_the_bytes_are_the_same_however_many_help(
    tmp_path: Path, right: tuple[list[Deck], bytes], processes: int
) -> None:
    made, whole = right
    assert written(made, tmp_path, processes) == whole
    cache = tmp_path / "fields.sqlite"
    assert written(made[:1], tmp_path, processes, cache) != whole
    for _ in range(2):  # with some notes remembered, then all
        assert written(made, tmp_path, processes, cache) == whole


def test_what_a_helper_that_died_was_asked_for_is_made_here(
    tmp_path: Path, right: tuple[list[Deck], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, whole = right
    asked = maker(made, "")
    parent = os.getpid()

    def dying(decks: Sequence[Deck], code: str) -> Ask:
        def ask(deck: int, start: int, places: Sequence[int] | None) -> Together:
            if start == BATCH and os.getpid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)
            return asked(deck, start, places)

        return ask

    monkeypatch.setattr("nlpcards.anki.export.maker", dying)
    assert written(made, tmp_path, 2) == whole


def test_where_the_export_fails_the_helpers_end_and_nothing_is_left(
    tmp_path: Path, right: tuple[list[Deck], bytes]
) -> None:
    made, _ = right

    def wrong(note: str, content: str) -> int:
        raise KeyError(note)

    with pytest.raises(KeyError):
        package(made, tmp_path / "out.apkg", mod=wrong, processes=2)
    assert list(tmp_path.iterdir()) == []
    assert active_children() == []


def pids(helpers: Helpers) -> list[int]:
    return [each.process.pid for each in helpers._running if each.process.pid is not None]


def test_helpers_are_asked_only_where_there_is_much_to_do_and_are_gone_at_the_end(
    right: tuple[list[Deck], bytes],
) -> None:
    made, _ = right
    for notes, processes, are_there in ((helping.LEAST - 1, None, False), (helping.LEAST, 1, False), (9, 2, True)):
        with Helpers(maker(made, ""), notes, processes) as helpers:
            answer = helpers.make(0, 0, [1, 5], 2)
            running = pids(helpers)
            assert (answer is not None, len(running)) == (are_there, 2 * are_there)
            if answer is not None:
                came = answer.take()
                assert came is not None
                assert [each is not None for each in came.notes()] == [True, True]
        for pid in running:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


def test_many_notes_are_helped_with_once_it_shows_that_many_are_to_be_made(
    right: tuple[list[Deck], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = right
    monkeypatch.setattr(helping, "processors", lambda: 2)
    with Helpers(maker(made, ""), 10_000) as helpers:
        assert helpers.make(0, 0, [0], BATCH) is None
        assert helpers.ahead == 0
        assert helpers.make(0, 0, [0], BATCH) is not None
        assert helpers.ahead > 2


def test_a_process_with_threads_is_not_forked(right: tuple[list[Deck], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = right
    monkeypatch.setattr(helping, "may_fork", may_fork)
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert not may_fork()
        with Helpers(maker(made, ""), 10_000, 2) as helpers:
            assert helpers.make(0, 0, None, BATCH) is None
    finally:
        done.set()
        thread.join()


def test_a_helper_ends_when_nobody_can_ask_it_any_more(right: tuple[list[Deck], bytes]) -> None:
    made, _ = right
    with Helpers(maker(made, ""), 9, 2) as helpers:
        assert helpers.make(0, 0, [0], 1) is not None
        running = list(helpers._running)
        for each in running:
            each.connection.close()  # as when this process is killed
        for each in running:
            each.process.join(60)
            assert each.process.exitcode == 0
