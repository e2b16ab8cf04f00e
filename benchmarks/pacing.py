"""What a plan over twenty weeks costs, beside the same weeks simulated card by card with the scheduler, in one run.

    python benchmarks/pacing.py                # 3,000 cards met, 3,000 new ones over 20 weeks
    python benchmarks/pacing.py CARDS NEW RUNS

Besides it: the way out of a day and minutes that cannot both hold, and one question of a placement over as many topics
as the bundled roadmap has. Figures to quote are the median ratios, of processor time; how far the two simulations are
apart is printed too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.timing import seconds
from nlpcards.core.days import Moment
from nlpcards.core.memory import Model, Settings
from nlpcards.core.roadmap.affording import afford, load_until
from nlpcards.core.roadmap.pacing import Paced, Part, paced
from nlpcards.core.roadmap.placement import Answered, next_topic
from nlpcards.core.roadmap.workload import FIRST_AGAIN, Met, Workload
from nlpcards.core.state import CardState, Interval, Memory, Steps

TODAY, WEEKS = 20_000, 20
SETTINGS = Settings()


def met_cards(number: int) -> list[Met]:
    random = Random(1)
    return [
        Met(random.uniform(1, 120), random.uniform(1, 10), TODAY - random.randint(1, 40), TODAY + random.randint(0, 60))
        for _ in range(number)
    ]


def parts_of(new: int) -> list[Part]:
    each, over = divmod(new, WEEKS)
    return [Part(f"w{at}", each + (at < over), TODAY + 7 * at + 6) for at in range(WEEKS)]


def by_the_scheduler(met: list[Met], pace: Paced) -> float:
    """The same weeks, each answer through the scheduler itself; gives the number of reviews."""
    model, random, reviews = Model(SETTINGS), Random(2), 0
    states = {
        f"d/m{at}#qa": CardState(Interval(Memory(card.stability, card.difficulty), card.due, card.last_day), reps=3)
        for at, card in enumerate(met)
    }
    due: dict[int, list[str]] = {}
    for card, state in states.items():
        assert isinstance(state.schedule, Interval)
        due.setdefault(state.schedule.due, []).append(card)

    def answer(card: str, state: CardState, rating: int, now: Moment) -> None:
        state = model.answered(card, state, rating, now)
        while isinstance(state.schedule, Steps):
            state = model.answered(card, state, 3, now)
        states[card] = state
        assert isinstance(state.schedule, Interval)
        due.setdefault(state.schedule.due, []).append(card)

    for at, new in enumerate((*pace.new, *[0] * 7)):
        now = Moment((TODAY + at) * 86_400_000, TODAY + at)
        for card in due.pop(now.day, []):
            schedule = states[card].schedule
            assert isinstance(schedule, Interval)
            recall = model.retrievability(schedule.memory, now.day - schedule.last_day)
            answer(card, states[card], 3 if random.random() < recall else 1, now)
            reviews += 1
        for number in range(new):
            answer(f"d/n{at}x{number}#qa", CardState(), 1 if random.random() < FIRST_AGAIN else 3, now)
    return reviews


def main() -> None:
    given = [int(each) for each in sys.argv[1:]]
    cards, new, runs = (*given, *(3_000, 3_000, 5)[len(given) :])
    met, parts = met_cards(cards), parts_of(new)
    pace = paced(parts, TODAY)
    random = Random(3)
    needs = {f"t{at}": tuple({f"t{random.randrange(at)}" for _ in range(2)}) if at else () for at in range(83)}
    answers = [Answered(f"t{random.randrange(83)}", random.random() < 0.5) for _ in range(15)]

    def plan() -> float:
        work = Workload(SETTINGS, met, today=TODAY, days=7 * WEEKS + 7)
        return sum(load_until(work, paced(parts, TODAY)).reviews)

    def ways_out() -> object:
        work = Workload(SETTINGS, met, today=TODAY, days=1_300)
        enough = load_until(work, pace).busiest
        return afford(parts, work, TODAY, minutes=0.9 * enough).ways_out

    base = "the scheduler, card by card"
    work: dict[str, Callable[[], object]] = {
        base: lambda: by_the_scheduler(met, pace),
        "a plan with its work": plan,
        "its three ways out": ways_out,
        "one question of a placement": lambda: next_topic(needs, answers, dict.fromkeys(needs, 4), "seed"),
    }
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(runs):
        for name, what in work.items():
            taken[name].append(seconds(what))
    print(f"{cards} cards met, {new} new over {WEEKS} weeks, {runs} runs, medians; ratios to `{base}`")
    for name, times in taken.items():
        ratio = median(own / other for own, other in zip(times, taken[base], strict=True))
        print(f"{name:30} {1e3 * median(times):8.1f} ms  {ratio:7.4f}")
    foreseen, happened = plan(), by_the_scheduler(met, pace)
    print(f"reviews foreseen {foreseen:.0f}, by the scheduler {happened:.0f}: {foreseen / happened - 1:+.1%}")


if __name__ == "__main__":
    main()
