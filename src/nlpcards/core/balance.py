"""Load balancing: within the range of fuzz, a card goes to a day on which less is due, and seldom to an easy day.

It is done once, when the buttons are shown, and the day found is stored with the answer. A fold that must compute a due
day anew uses plain fuzz, since what else was due then is no longer known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from math import exp, log

from nlpcards.core.days import date_of
from nlpcards.core.fuzz import evenly

EasyDays = tuple[float, float, float, float, float, float, float]
"""How much one wants to have due on each weekday, Monday first: 1 as on any other, 0 nothing where it can be helped."""

NO_EASY_DAYS: EasyDays = (1.0,) * 7
"""All weekdays alike."""

Place = Callable[[int, int, float], int]
"""Chooses an interval from the shortest to the longest that fuzz allows, in days, by a draw from 0 to below 1."""


def balanced(day: int, due: Callable[[int, int], Mapping[int, int]], easy: EasyDays = NO_EASY_DAYS) -> Place:
    """How intervals are placed on a study day; `due` counts the cards that fall due from one day to another, by day.

    A day is the likelier the fewer cards are due on it, by the square, in proportion to its weekday's weight. The
    chances are tilted so that the interval expected is the middle of the range, as in plain fuzz: fewer cards are due
    the further one looks ahead, and without the tilt all intervals would grow. Where nothing is due it is plain fuzz.
    """

    def place(shortest: int, longest: int, draw: float) -> int:
        if shortest == longest:
            return shortest
        load = due(day + shortest, day + longest)
        chances = [
            easy[date_of(day + interval).weekday()] / (1 + load.get(day + interval, 0)) ** 2
            for interval in range(shortest, longest + 1)
        ]
        if min(chances) == max(chances):
            return evenly(shortest, longest, draw)
        return shortest + _chosen(_centred(chances), draw)

    return place


def _chosen(chances: Sequence[float], draw: float) -> int:
    """The index that a draw chooses, each with its chance."""
    sums = list(accumulate(chances))
    return next(index for index, reached in enumerate(sums) if draw * sums[-1] < reached or reached == sums[-1])


def _centred(chances: Sequence[float]) -> Sequence[float]:
    """The chances times an exponential of the index that brings their mean to the middle, as far as that can be.

    Of all distributions with that mean it is the nearest to the one given, in relative entropy.
    """
    half = (len(chances) - 1) / 2
    # A day of chance 0 stays one; of the others logarithms, since over a long range the exponential leaves all bounds.
    known = [(index - half, log(chance)) for index, chance in enumerate(chances) if chance > 0]
    # No slope beyond the steepest between two days is ever needed, and a little more for the bisection to end within.
    steepest = max(chance for _, chance in known) - min(chance for _, chance in known) + 1
    low, high = -steepest, steepest
    slope = 0.0
    for _ in range(40):
        slope = (low + high) / 2
        tilted = _tilted(known, slope)
        mean = sum(chance * place for (place, _), chance in zip(known, tilted, strict=True)) / sum(tilted)
        if abs(mean) < 0.002:
            break
        if mean > 0:
            high = slope
        else:
            low = slope
    found = iter(_tilted(known, slope))
    return [next(found) if chance > 0 else 0.0 for chance in chances]


def _tilted(known: Sequence[tuple[float, float]], slope: float) -> Sequence[float]:
    """Chances by their places and logarithms, times an exponential of the place; the greatest of them is 1."""
    raised = [chance + slope * place for place, chance in known]
    top = max(raised)
    return [exp(each - top) for each in raised]
