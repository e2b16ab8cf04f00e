"""Ten weeks of a learner as a script: when they sit down and where, what they do to each card, what happens to decks.

Nothing here knows a face. What is done at a card follows from a seed, the sitting and the turn alone (and from what the
learner sees of the card), so two faces that ask the same cards at the same instants are led through the same weeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from nlpcards.core.cards import Card
from nlpcards.core.journal import Body, Setting
from nlpcards.core.queue import DAILY, Ahead, Cram, Daily, Purpose
from nlpcards.core.remarks import Remarks
from nlpcards.core.replies import Recall, Reply, TickPoints, WriteNumber
from nlpcards.core.state import CardState, New

BERLIN, TOKYO, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")

FIRST_DAY = date(2026, 3, 2)
"""A Monday; Berlin's clocks go forward on the 29th, New York's on the 8th."""

DAYS = 70

CONFIG = """[limits]
new = 2
reviews = 3

[limits.decks.verbs]
new = 1

[easy_days]
sunday = 0.3
"""


class Act(StrEnum):
    """What is done at a card; all but rating come before it, with the answer in sight."""

    RATE = "rate"
    UNDO = "undo"
    SKIP = "skip"
    BURY = "bury"
    SUSPEND = "suspend"
    FLAG = "flag"
    RESET = "reset"
    DUE = "due"
    MEANING = "meaning"
    NOTE = "note"
    TAG = "tag"
    WRONG = "wrong"
    PAUSE = "pause"
    QUIT = "quit"


@dataclass(frozen=True)
class Turn:
    """What the learner does at a card that is shown.

    `thinks` and `judges` are seconds before the answer is shown and before what follows. `typed` and `ticked` are the
    reply, where the card takes one (all points or the first). `rating` None takes what is suggested. `word` goes with
    the act: a flag's number, a due day. `rewrites` is the deck file that changes while the card is on.
    """

    act: Act
    thinks: int
    judges: int
    rating: int | None
    typed: str
    ticked: bool
    word: str = ""
    rewrites: bool = False


@dataclass(frozen=True)
class Sitting:
    """One session: `number` from 0, the local time at which it begins, its purpose, and after how many turns the
    learner has enough (None: not before all is done). `calm` ones see nothing but answers.
    """

    number: int
    at: datetime
    purpose: Purpose
    stops_after: int | None
    calm: bool


def sittings(seed: int) -> Iterator[Sitting]:
    """The sessions of ten weeks: none on some days, up to three on others."""
    random = Random(f"{seed} sittings")
    number = 0
    for offset in range(DAYS):
        on = FIRST_DAY + timedelta(offset)
        zone = TOKYO if 22 <= offset < 33 else NEW_YORK if 33 <= offset < 47 else BERLIN
        hours = sorted(random.sample((7, 12, 18, 23), random.choices((0, 1, 2), (18, 64, 18))[0]))
        if 50 <= offset < 55:
            hours = []  # away from it all
        if offset == 32:
            hours = [7]  # in Tokyo, hours before the flight
        if on == date(2026, 3, 28):
            hours = [
                23,
                27,
            ]  # before and after the clocks go forward, 27 being three in the morning, the same study day
        for hour in hours:
            at = datetime.combine(on + timedelta(hour // 24), time(hour % 24, random.randrange(40)), zone)
            if offset == 32:
                yield Sitting(number, at, DAILY, None, True)
                number += 1
                # On the other side of the date line it is the evening before.
                at = (at + timedelta(minutes=50)).astimezone(NEW_YORK)
            purpose: Purpose = DAILY
            if number % 9 == 5:
                purpose = random.choice((Ahead(3), Ahead(4, counts=True), Cram(minutes=1.0), Daily(minutes=2.0)))
            if number % 17 == 11:
                purpose = Daily(catch_up=3)
            stops = random.choices((None, random.randrange(2, 7)), (4, 1))[0]
            yield Sitting(number, at, purpose, stops, random.random() < 0.5)
            number += 1


def settings(number: int) -> Sequence[Body]:
    """What the learner sets before a sitting: steps that outlast a session, another desired retention."""
    known: dict[int, Sequence[Body]] = {
        8: [Setting("learning_steps", "[600]")],
        20: [Setting("learning_steps", "[60, 600, 5400]")],
        35: [Setting("desired_retention", "0.88"), Setting("desired_retention/verbs", "0.95")],
        50: [Setting("learning_steps", "[60]"), Setting("relearning_steps", "[]")],
    }
    return known.get(number, ())


def turn(seed: int, sitting: Sitting, number: int, card: Card, reply: Reply, state: CardState, said: Remarks) -> Turn:
    """What the learner does at the card shown at turn `number` of a sitting."""
    random = Random(f"{seed} {sitting.number} {number}")
    rating = random.choices((1, 2, 3, 4, None), (16, 8, 56, 12, 8))[0]
    if isinstance(reply, Recall) and rating is None:
        rating = 3
    acts = {
        Act.UNDO: 4,
        Act.SKIP: 4,
        Act.BURY: 2,
        Act.SUSPEND: 1,
        Act.FLAG: 3,
        Act.RESET: 1,
        Act.DUE: 3,
        Act.NOTE: 0 if said.note else 2,
        Act.TAG: 0 if said.tags else 2,
        Act.WRONG: 1,
        Act.PAUSE: 2,
        Act.RATE: 75,
    }
    act = Act.RATE if sitting.calm else random.choices(list(acts), list(acts.values()))[0]
    changed = bool(state.content) and state.content != card.content()
    if changed and not isinstance(state.schedule, New) and act is Act.RATE and random.random() < 0.5:
        act = Act.MEANING
    if sitting.stops_after == number:
        act = Act.QUIT
    typed = ""
    if not isinstance(reply, Recall | TickPoints):
        typed = random.choice(("7", "64", "128") if isinstance(reply, WriteNumber) else ("went", "gone", ""))
    word = {Act.FLAG: str(random.randrange(1, 4)), Act.DUE: random.choice(("0", "1", "6"))}.get(act, "")
    return Turn(
        act,
        random.randrange(2, 70),
        random.randrange(1, 5),
        rating,
        typed,
        random.random() < 0.6,
        word,
        not sitting.calm and random.random() < 0.03,
    )


# ---- the decks, and what their author does to them


@dataclass
class Author:
    """Writes the learner's decks into a folder, and changes them as the weeks go by."""

    folder: Path
    version: int = 0

    def write(self) -> None:
        """Write the decks as they stand at the present version."""
        for name, text in {"nouns": self._nouns(), "verbs": self._verbs(), "sums": self._sums()}.items():
            path = self.folder / f"{name}.yaml"
            if not path.exists() or path.read_text("utf-8") != text:
                path.write_text(text, "utf-8")

    def goes_on(self) -> None:
        """Make the next change: words are changed, notes come, go, come back, and get another id."""
        self.version += 1
        self.write()

    def _nouns(self) -> str:
        lines = ["deck: nouns", "title: Nouns", "topic: words", "notes:"]
        for number in range(24 + self.version):
            if self.version % 4 == 3 and number == 5:
                continue  # gone for a while
            newer = " now" * (self.version > number)
            lines += [f"  - id: n{number}", f"    q: What is noun {number}{newer}?", f"    a: Noun {number}."]
            if number % 5 == 0:
                lines.append("    both: true")
            if number % 7 == 3:
                lines.append(f"    needs: [n{number - 1}]")
            if number % 8 == 4:
                lines.append(f"    confusable: [n{number + 1}]")
        return "\n".join(lines) + "\n"

    def _verbs(self) -> str:
        renamed = self.version >= 5
        name, was = ("go-went", "\n    was: [go]") if renamed else ("go", "")
        lines = [
            "deck: verbs",
            "title: Verbs",
            "topic: words",
            "notes:",
            f"  - id: {name}{was}",
            "    q: What is the past of *to go*?",
            "    typed: went",
            "  - id: gone",
            "    q: What is the participle of *to go*?",
            "    typed: gone",
            f"    confusable: [{name}]",
            "  - id: forms",
            "    steps:",
            "      title: The forms of *to see*",
            "      of:",
            "        one: see",
            "        two: saw",
            "        three: seen",
            "        four: seeing",
            "  - id: why",
            "    explain: Why are some verbs irregular?",
            "    points:",
            "      - They are frequent.",
            "      - They are old.",
        ]
        for number in range(6):
            lines += [f"  - id: v{number}", f'    cloze: "Verb {number} is {{{{c1::one}}}} or {{{{c2::two}}}}."']
        return "\n".join(lines) + "\n"

    def _sums(self) -> str:
        return """deck: sums
title: Sums
notes:
  - id: product
    drill:
      ask: What is {{a}} times {{b}}?
      given:
        a: [8, 16, 32]
        b: [4, 8]
      answer: a * b
  - id: power
    q: What is $2^6$?
    typed: 64
    tolerance: 0
  - id: operations
    contrast:
      of: {sum: Sum, product: Product}
      by:
        neutral:
          ask: The neutral number
          sum: zero
          product: one
        sign:
          ask: The sign
          sum: plus
          product: times
  - id: lemma
    term: factor
    definition: A number that is multiplied.
"""


def utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
