"""A question in numbers that are drawn anew at each review, and whose answer is worked out.

The numbers follow from a BLAKE2 hash of the card's id and the count of its reviews, so that every machine asks the
same. The answer is an arithmetic expression, checked name by name before it is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING

from nlpcards.core import arithmetic
from nlpcards.core.dataclass import dataclass
from nlpcards.core.hashing import blake2b
from nlpcards.core.intervals import bounds, is_total_condition
from nlpcards.core.kinds.shape import Entries, Face, Fields, Kind, Mistake, Text, Value, Word, Words
from nlpcards.core.numbers import TOLERANCES, Tolerance, as_shown, number_in, shown, singular, tolerance_in
from nlpcards.core.replies import WriteNumber

if TYPE_CHECKING:
    from nlpcards.core.markup.tree import Document

MOST_DRAWS = 10_000
"""How many combinations of numbers a drill may have."""

TRIED = 2
"""How many combinations are worked out when a deck is read, which every start waits for; `flaw` tries all."""

EXACT = Tolerance(0.0)
"""What is allowed by default where the answer is a whole number."""

ROUNDED = Tolerance(0.005, relative=True)
"""What is allowed by default where it is none: half a percent, the rounding to three digits."""

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z]\w*)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Draw:
    """One set of numbers: by name as the deck has them, and as values, with the answer that they give."""

    given: tuple[tuple[str, str], ...]
    values: Mapping[str, float]
    answer: float


@dataclass(frozen=True, slots=True)
class Drill:
    """`drill`.

    `ask` is Markdown with `{{name}}` for each number, `given` the choices for each name as written, `answer` and
    `where` are expressions; `tolerance` and `unit` may be empty.
    """

    ask: str
    given: tuple[tuple[str, tuple[str, ...]], ...]
    answer: str
    where: str = ""
    tolerance: str = ""
    unit: str = ""

    @property
    def kind(self) -> str:
        """The kind's name."""
        return "drill"

    @property
    def identity(self) -> str:
        """The text that tells this note from others where its author gave it no id."""
        return self.ask

    def card_keys(self) -> tuple[str, ...]:
        """`drill`."""
        return ("drill",)

    def content(self, key: str) -> tuple[str, ...]:
        """All that shapes what a card asks, whatever numbers it draws."""
        choices = [text for name, numbers in self.given for text in (name, *numbers, "")]
        return (self.ask, self.answer, self.where, self.tolerance, self.unit, *choices)

    def face(self, key: str, seed: str) -> Face:
        """The face with the numbers that a seed draws; it says so where no numbers give an answer."""
        draw = self.draw(seed)
        if draw is None:
            return Face(self.ask, "No numbers of this drill give an answer; `nlpcards check` says why.")
        off = tolerance_in(self.tolerance) if self.tolerance else None
        if off is None:
            off = EXACT if draw.answer == int(draw.answer) else ROUNDED
        reply = WriteNumber(draw.answer, off, self.right(draw), unit=self.unit)
        return Face(self.asked(draw), self.worked(draw), reply=reply, given=draw.given)

    def right(self, draw: Draw) -> str:
        """The answer to some numbers, with its unit, as plain text."""
        unit = singular(self.unit) if draw.answer == 1 else self.unit
        return f"{shown(draw.answer)} {unit}".rstrip()

    def worked(self, draw: Draw) -> Document:
        """The answer to some numbers and, where any were drawn, how it is worked out."""
        from nlpcards.core.markup.safe import visible
        from nlpcards.core.markup.tree import Break, Code, Document, Paragraph, Strong, Text

        right = Paragraph((Strong((Text(visible(self.right(draw))),)),))
        if not draw.given:
            return Document((right,))
        worked = f"{arithmetic.substituted(self.answer, dict(draw.given))} = {shown(draw.answer)}"
        return Document((right, Paragraph((Code((visible(self.answer),)), Break(), Code((visible(worked),))))))

    def asked(self, draw: Draw) -> str:
        """The question with its numbers in place."""
        given = {name: as_shown(text) for name, text in draw.given}
        return _VARIABLE.sub(lambda name: given.get(name[1], name[0]), self.ask)

    def draw(self, seed: str) -> Draw | None:
        """The numbers that a seed draws: those its hash points at, or the next that meet `where` and give an answer.

        None where none do.
        """
        number = int.from_bytes(blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
        size = self.size
        return next((draw for at in range(size) if (draw := self._try((number + at) % size)) is not None), None)

    def draws(self, seed: str, number: int) -> tuple[Draw, ...]:
        """At most `number` different draws, the same for a seed, such as a package's worked examples."""
        found: dict[tuple[tuple[str, str], ...], Draw] = {}
        for at in range(4 * number):
            draw = self.draw(f"{seed}\n{at}")
            if draw is not None:
                found.setdefault(draw.given, draw)
            if len(found) == number:
                break
        return tuple(found.values())

    def sample(self, tried: int) -> tuple[Draw, ...]:
        """The draws that `tried` combinations, evenly spaced, give; those that `where` refuses are left out."""
        return tuple(draw for at in _spread(self.size, tried) if (draw := self._try(at)) is not None)

    @property
    def size(self) -> int:
        """How many combinations of numbers there are, whether or not they meet `where`."""
        return prod(len(numbers) for _, numbers in self.given)

    @property
    def is_surely_sound(self) -> bool:
        """Whether a glance shows that the expressions are sound and all combinations give an answer, for one whose
        numbers are numbers.
        """
        ranges: dict[str, tuple[float, float]] = {}
        for name, numbers in self.given:
            values = [_value(text) for text in numbers]
            ranges[name] = min(values), max(values)
        if self.where and (self.size <= TRIED or not is_total_condition(self.where, ranges)):
            return False
        return bounds(self.answer, ranges) is not None

    def flaw(self, tried: int = MOST_DRAWS) -> Mistake | None:
        """The first mistake that shows when `tried` combinations, evenly spaced, are worked out; None where all are
        sound.
        """
        met = 0
        for at in _spread(self.size, tried):
            values = self._values(at)
            where, expression = "where", self.where
            try:
                if self.where and not arithmetic.evaluate(self.where, values):
                    continue
                met += 1
                where, expression = "answer", self.answer
                arithmetic.number(self.answer, values)
            except arithmetic.Unsolvable as error:
                numbers = ", ".join(f"{name} = {text}" for name, text in self._given(at))
                message = f"`{expression}` has no value for {numbers}: {error}"
                remedy = "Mend the expression, or leave these numbers out with a condition under `where`."
                return Mistake(("drill", where), 0, "D443", message, remedy)
        if not met and tried >= self.size:
            message = f"no numbers under `given` meet `{self.where}`"
            return Mistake(("drill", "where"), 0, "D443", message, "Loosen the condition, or give other numbers.")
        return None

    def _given(self, at: int) -> tuple[tuple[str, str], ...]:
        chosen = []
        for name, numbers in self.given:
            at, index = divmod(at, len(numbers))
            chosen.append((name, numbers[index]))
        return tuple(chosen)

    def _values(self, at: int) -> dict[str, float]:
        return {name: _value(text) for name, text in self._given(at)}

    def _try(self, at: int) -> Draw | None:
        values = self._values(at)
        try:
            if self.where and not arithmetic.evaluate(self.where, values):
                return None
            return Draw(self._given(at), values, arithmetic.number(self.answer, values))
        except arithmetic.Unsolvable:
            return None

    def written(self) -> Mapping[str, Value]:
        """The kind's own keys as in a deck file."""
        own: dict[str, Value] = {"ask": self.ask, "given": dict(self.given), "answer": self.answer}
        further = {"where": self.where, "tolerance": self.tolerance, "unit": self.unit}
        return {"drill": own | {name: text for name, text in further.items() if text}}


def _spread(size: int, most: int) -> Iterator[int]:
    if size <= most:
        yield from range(size)
    else:
        yield from (at * (size - 1) // (most - 1) for at in range(most))


def _value(text: str) -> float:
    """The number a text is; a whole one as an `int`, with which arithmetic is exact."""
    number = number_in(text)
    assert number is not None, "`build` has read it"
    return int(number) if number == int(number) else number


def build(values: Mapping[str, Value]) -> Drill | tuple[Mistake, ...]:
    """The body of a note with `drill`, or what is wrong with its numbers and expressions."""
    own = values["drill"]
    assert isinstance(own, Mapping)
    given = own["given"]
    assert isinstance(given, Mapping)
    choices = tuple((name, numbers) for name, numbers in given.items() if isinstance(numbers, tuple))
    drill = Drill(
        str(own["ask"]),
        choices,
        str(own["answer"]),
        str(own.get("where", "")),
        str(own.get("tolerance", "")),
        str(own.get("unit", "")),
    )
    mistakes = list(_numbers(choices))
    is_sound = not mistakes and drill.is_surely_sound
    if not is_sound:
        mistakes += _expressions(drill)
    mistakes += _asked(drill)
    if drill.tolerance and tolerance_in(drill.tolerance) is None:
        message = f"`{drill.tolerance}` is no tolerance"
        mistakes.append(Mistake(("drill", "tolerance"), 0, "D440", message, TOLERANCES))
    if not mistakes and drill.size > MOST_DRAWS:
        message = f"the numbers under `given` make {drill.size:,} combinations, and at most {MOST_DRAWS:,} can be used"
        mistakes.append(
            Mistake(("drill", "given"), 0, "D444", message, "Give fewer numbers; a dozen for each is plenty.")
        )
    if not mistakes and not is_sound and (flaw := drill.flaw(TRIED)) is not None:
        mistakes.append(flaw)
    return tuple(mistakes) or drill


_BETWEEN_NUMBERS = re.compile(r",\s+|\s*;\s*|\s+")


def _numbers(choices: tuple[tuple[str, tuple[str, ...]], ...]) -> Iterator[Mistake]:
    for name, numbers in choices:
        if not numbers:
            remedy = f"List what may be drawn, as in `{name}: [64, 128]`."
            yield Mistake(("drill", "given", name), 0, "D444", f"`{name}` has no numbers", remedy)
        if name in arithmetic.NAMES:
            message = f"`{name}` is the name of a function or a constant"
            yield Mistake(("drill", "given", name), 0, "D444", message, "Give the number another name.")
        for at, text in enumerate(numbers):
            if number_in(text) is None:
                message = f"`{text}` under `{name}` is no number"
                remedy = (
                    "Write digits, with a point for decimals, no units and no words; several in a list: `[1, 2, 3]`."
                )
                several = _BETWEEN_NUMBERS.split(text.strip())
                if len(several) > 1 and all(number_in(each) is not None for each in several):
                    remedy = f"Write a list: `{name}: [{', '.join(several)}]`."
                yield Mistake(("drill", "given", name, at), 0, "D444", message, remedy)


def _expressions(drill: Drill) -> Iterator[Mistake]:
    names = frozenset(name for name, _ in drill.given)
    for key, expression in (("answer", drill.answer), ("where", drill.where)):
        if expression and (wrong := arithmetic.mistake(expression, names)) is not None:
            yield Mistake(("drill", key), wrong.offset, "D443", wrong.message, wrong.remedy)


def _asked(drill: Drill) -> Iterator[Mistake]:
    names = {name for name, _ in drill.given}
    shown_names = set()
    for found in _VARIABLE.finditer(drill.ask):
        shown_names.add(found[1])
        if found[1] not in names:
            message = f"the question asks with `{{{{{found[1]}}}}}`, which is not under `given`"
            remedy = f"Add `{found[1]}: ` and its numbers under `given`, or mend the name."
            yield Mistake(("drill", "ask"), found.start(), "D444", message, remedy)
    for name in sorted(names - shown_names):
        message = f"the number `{name}` is drawn but not shown"
        remedy = f"Write `{{{{{name}}}}}` where it belongs in `ask`, or take it out of `given`."
        yield Mistake(("drill", "given", name), 0, "D444", message, remedy)


KIND = Kind(
    "drill",
    {
        "drill": Fields(
            {
                "ask": Text(),
                "given": Entries(Words(required=True), variables=True),
                "answer": Word(required=True),
                "where": Word(),
                "tolerance": Word(),
                "unit": Word(),
            }
        )
    },
    frozenset({"drill"}),
    build,
)
"""`drill`."""
