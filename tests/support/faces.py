"""Two faces over one script: the screens driven by Pilot, and a review line by line that is typed to.

Both keep what was on show at each turn, so that what a session promised can be held against what it then asked.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TextIO, cast

from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen

from nlpcards.cli.plain import review_plainly
from nlpcards.collection.collection import Collection
from nlpcards.core.cards import Card
from nlpcards.core.errors import NothingToDo
from nlpcards.core.queue import DAILY
from nlpcards.core.replies import Recall, TickPoints
from nlpcards.core.state import CardState
from nlpcards.tui import NlpcardsApp
from nlpcards.tui.review import ReviewScreen
from tests.support.diary import Act, Author, Sitting, Turn, settings, turn, utc
from tests.support.in_folder import InFolder
from tests.support.screens import ALL, shown

_ON_SCREEN = re.compile(r"(\d+) answered · (\d+) new · (\d+) learning · (\d+) review")
_IN_WORDS = re.compile(r"^(\S+)\. To ask: (\d+) new, (\d+) learning, (\d+) review\.$", re.MULTILINE)

PAUSE_S = 300
"""How long a pause lasts."""

Counts = tuple[int, int, int]
"""New, learning and review, as a face shows them."""


@dataclass(frozen=True)
class Shown:
    """A turn: the card, where it stood, the counts on show with it, and what was then done."""

    card: str
    before: CardState
    counts: Counts
    turn: Turn


@dataclass
class Session:
    """What a sitting showed.

    `ended` says that nothing was left to be asked, `later` how many cards were said to come back that day, and
    `waiting` which cards wait for a step of that day then. `promised` is what Today promised, where it was looked at.
    """

    sitting: Sitting
    turns: list[Shown] = field(default_factory=list)
    ended: bool = False
    later: int = 0
    waiting: frozenset[str] = frozenset()
    promised: int | None = field(default=None, compare=False)


@dataclass
class Walker(InFolder):
    """A learner with a folder, a clock and a zone of their own, who goes through the script."""

    folder: Path
    seed: int
    at: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    zone: tzinfo = UTC
    seconds: float = 1000.0

    def __post_init__(self) -> None:
        self.decks.mkdir(parents=True)
        self.author = Author(self.decks)
        self.author.write()

    def sits_down(self, sitting: Sitting) -> None:
        """Go to the time and place of a sitting, and do what is done before it."""
        assert utc(sitting.at) >= self.at, "the sitting before took too long"
        assert sitting.at.tzinfo is not None
        self.at, self.zone = utc(sitting.at), sitting.at.tzinfo
        if sitting.number % 6 == 4:
            self.author.goes_on()
        if bodies := settings(sitting.number):
            with self.open() as collection:
                collection.journal.append(bodies, collection.now())

    def ends(self, collection: Collection, session: Session, later: str | None) -> None:
        """Nothing is left to be asked, and so many cards come back, as a face said."""
        day = collection.now().day
        session.ended, session.later = True, int(later or 0)
        session.waiting = frozenset(collection.journal.learning(day, collection.day_ends_ms(day)))

    def waits(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds

    def decides(self, collection: Collection, session: Session, card: Card, counts: Counts) -> Turn:
        """What to do at a card; it is written down."""
        state = collection.state(card.id)
        said = collection.journal.remarks_of(card.id)
        number = len(session.turns)
        found = turn(self.seed, session.sitting, number, card, card.face(state.reps).reply, state, said)
        session.turns.append(Shown(card.id, replace(state, chain=0), counts, found))
        if found.rewrites:
            self.author.goes_on()
        return found


# ---- the screens


async def on_screen(walker: Walker, sitting: Sitting) -> Session:
    """A sitting at the screens."""
    walker.sits_down(sitting)
    session = Session(sitting)
    with walker.open() as collection:
        by_today = sitting.purpose == DAILY and sitting.number % 7 == 0
        start = None if by_today else ALL
        app = NlpcardsApp(collection, start=start, purpose=sitting.purpose, monotonic=lambda: walker.seconds)
        async with app.run_test(size=(80, 24)) as pilot:
            await _settled(pilot)
            if by_today:
                await app.workers.wait_for_complete()
                await _settled(pilot)
                promised = re.search(r"(\d+) cards? today", shown(app))
                session.promised = int(promised[1]) if promised else 0
                await _press(pilot, "space")
            while isinstance(app.screen, ReviewScreen):
                if not await _one_card(walker, session, app, pilot):
                    return session
            back = re.search(r"(\d+) cards? comes? back later today", shown(app))
            walker.ends(collection, session, back and back[1])
    return session


async def _one_card(walker: Walker, session: Session, app: NlpcardsApp, pilot: Pilot[None]) -> bool:
    """Do at the card on the screen what the script says; False where the learner has enough."""
    screen = app.screen
    assert isinstance(screen, ReviewScreen)
    found = _ON_SCREEN.search(shown(app))
    assert found is not None, shown(app)
    counts = (int(found[2]), int(found[3]), int(found[4]))
    asked = screen.asked
    act = walker.decides(app.collection, session, asked.card, counts)
    if act.act is Act.QUIT:
        return False
    walker.waits(act.thinks)
    written = not isinstance(asked.face.reply, Recall)
    if act.typed:
        await _press(pilot, *act.typed)
    await _press(pilot, "enter" if written else "space")
    if isinstance(asked.face.reply, TickPoints):
        await _press(pilot, "a" if act.ticked else "space")
    walker.waits(act.judges)
    marks = await _act(walker, act, app, pilot)
    same = isinstance(app.screen, ReviewScreen) and app.screen.asked.card.id == asked.card.id
    if marks and same:
        await _press(pilot, "enter" if act.rating is None else str(act.rating))
    return True


async def _act(walker: Walker, act: Turn, app: NlpcardsApp, pilot: Pilot[None]) -> bool:
    """Do what comes before a rating; says whether one follows."""
    match act.act:
        case Act.RATE:
            return True
        case Act.UNDO | Act.SKIP | Act.BURY | Act.SUSPEND | Act.RESET:
            keys = {Act.UNDO: "u", Act.SKIP: "s", Act.BURY: "b", Act.SUSPEND: "exclamation_mark", Act.RESET: "R"}
            await _press(pilot, keys[act.act])
            # An undo that took back no more than a mark leaves the card as it is on show.
            return act.act is Act.UNDO and _is_revealed(app.screen)
        case Act.MEANING:
            await _press(pilot, "m")
        case Act.FLAG:
            await _press(pilot, "f")
            await _press(pilot, act.word)
        case Act.NOTE | Act.TAG | Act.WRONG | Act.DUE:
            keys = {Act.NOTE: "n", Act.TAG: "t", Act.WRONG: "w", Act.DUE: "d"}
            await _press(pilot, keys[act.act])
            await _press(pilot, *(act.word if act.act is Act.DUE else "hard"))
            await _press(pilot, "enter")
            return act.act is not Act.DUE
        case Act.PAUSE:
            await _press(pilot, "p")
            walker.waits(PAUSE_S)
            await _press(pilot, "space")
    return True


async def _press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after another, each when all that came before is done.

    Pilot's own waits for an idle processor, a tenth of a second a key; the weeks have some thousand.
    """
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await _settled(pilot)


async def _settled(pilot: Pilot[None]) -> None:
    """Wait until all that was asked of the screens is done: until nothing is another after some rounds of messages."""
    before, quiet = _standing(pilot), 0
    while quiet < 3:
        await pilot.pause(0)
        now = _standing(pilot)
        quiet = quiet + 1 if now == before else 0
        before = now


def _standing(pilot: Pilot[None]) -> tuple[object, ...]:
    screen = pilot.app.screen
    # The session's own, since a dialog that put the last card away leaves the screen for a moment without one.
    asked = screen._reviewing.asked if isinstance(screen, ReviewScreen) else None
    return screen, _is_revealed(screen), screen.focused, id(asked), len(pilot.app.screen_stack)


def _is_revealed(screen: Screen[object]) -> bool:
    return isinstance(screen, ReviewScreen) and screen._revealed


# ---- line by line


def line_by_line(walker: Walker, sitting: Sitting) -> Session:
    """A sitting at a review line by line."""
    walker.sits_down(sitting)
    session = Session(sitting)
    with walker.open() as collection:
        typist = _Typist(walker, session, collection)
        with _standard_streams(typist):
            try:
                review_plainly(collection, (), purpose=sitting.purpose, monotonic=lambda: walker.seconds)
            except NothingToDo as error:
                typist.said.write(f"Done: {error}")
        said = typist.said.getvalue()
        if "\nDone: " in f"\n{said}":
            back = re.search(r"(\d+) cards? on the learning steps, the first in", said)
            walker.ends(collection, session, back and back[1])
    return session


class _Typist(io.TextIOBase):
    """Reads what was said since the last line it typed, and types the next one."""

    def __init__(self, walker: Walker, session: Session, collection: Collection) -> None:
        self.said = io.StringIO()
        self._walker, self._session, self._collection = walker, session, collection
        self._read = 0
        self._next: list[Callable[[], str]] = []

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        text = self.said.getvalue()
        new, self._read = text[self._read :], len(text)
        found = list(_IN_WORDS.finditer(new))
        if found:
            self._begins(found[-1])
        assert self._next, f"nothing is left to type after: {new}"
        return f"{self._next.pop(0)()}\n"

    def _begins(self, found: re.Match[str]) -> None:
        """A card is shown: settle what is typed until it is done with."""
        card = self._collection.library.card(found[1])
        assert card is not None
        counts = (int(found[2]), int(found[3]), int(found[4]))
        reply = card.face(self._collection.state(card.id).reps).reply
        act = self._walker.decides(self._collection, self._session, card, counts)
        if act.act is Act.QUIT:
            self._next = [lambda: ":q"]
            return
        self._next = [self._after(act.thinks, act.typed)]
        points = isinstance(reply, TickPoints)
        if points:
            self._next.append(lambda: "all" if act.ticked else "1")
        rating = "" if act.rating is None else str(act.rating)
        match act.act:
            case Act.RATE | Act.QUIT:
                lines = [rating]
            case Act.PAUSE:
                lines = [":pause", "", rating]
            case Act.NOTE | Act.WRONG:
                lines = [f":{act.act} hard", rating]
            case Act.TAG:
                lines = [":tags hard", rating]
            case _:
                # Where the card leaves, or is asked anew, the rating is not typed any more.
                lines = [f":{act.act} {act.word}".strip(), rating]
        self._next.append(self._after(act.judges, lines[0]))
        self._next += [self._after(0 if line else PAUSE_S, line) for line in lines[1:-1]]
        self._next += [self._after(0, line) for line in lines[1:][-1:]]

    def _after(self, seconds: int, line: str) -> Callable[[], str]:
        def typed() -> str:
            self._walker.waits(seconds)
            return line

        return typed


@contextmanager
def _standard_streams(typist: _Typist) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = cast(TextIO, typist)
    try:
        with redirect_stdout(typist.said), redirect_stderr(typist.said):
            yield
    finally:
        sys.stdin = before
