"""What the plan of a day costs with 10,000 cards due, beside the plainest plan one could write, in one run.

    python benchmarks/plan.py [CARDS]
    python benchmarks/plan.py [CARDS] --against OLD.py     # a former `core/queue.py`, one file

The plain plan sorts what is due by its day and takes as many as the limit lets in. Figures to quote are the median
ratios.
"""

from __future__ import annotations

import gc
import importlib.util
import sys
import time
from collections.abc import Callable
from random import Random
from statistics import median

from nlpcards.core.cards import note_of
from nlpcards.core.gain import recall_gained
from nlpcards.core.memory import Settings
from nlpcards.core.queue import Ahead, Cram, Daily, Limits, Order, Plan, Purpose, Relations, Rules, both_ways, plan
from nlpcards.core.state import CardState, Interval, Memory

RUNS = 15
DAY = 20_000
ENDS = (DAY + 1) * 86_400_000 + 14_400_000
GAIN = recall_gained(Settings().parameters)


def made(cards: int) -> dict[str, CardState]:
    random = Random(1)
    states = {}
    for number in range(cards):
        last = DAY - random.randint(5, 200)
        memory = Memory(random.uniform(1, 300), random.uniform(1, 10))
        schedule = Interval(memory, random.randint(last + 1, DAY), last)
        card = f"deck{number % 20}/note{number // 2}#c{number % 2}"
        states[card] = CardState(schedule, reps=5, first_day=last, last_day=last)
    return states


def milliseconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - start)


def plainest(states: dict[str, CardState]) -> list[str]:
    due = [
        (state.schedule.due, card)
        for card, state in states.items()
        if isinstance(state.schedule, Interval) and state.schedule.due <= DAY
    ]
    return [card for _, card in sorted(due)[:200]]


def main() -> None:
    arguments = sys.argv[1:]
    former = arguments.pop(arguments.index("--against") + 1) if "--against" in arguments else None
    count = next((int(each) for each in arguments if each.isdigit()), 10_000)
    states = made(count)
    new = [f"fresh/note{number}#qa" for number in range(100)]
    topics = {note_of(card): f"topic{number % 12}" for number, card in enumerate(states)}
    pairs = ((f"deck{n % 20}/note{n}", [f"deck{(n + 1) % 20}/note{n + 1}"]) for n in range(0, count // 2, 5))
    relations = Relations(both_ways(pairs), lambda note: topics.get(note, ""))

    def planned(rules: Rules, purpose: Purpose) -> Callable[[], Plan]:
        return lambda: plan(
            states, new, day=DAY, day_ends_ms=ENDS, rules=rules, purpose=purpose, relations=relations, gain=GAIN
        )

    everything = Limits(reviews=count)
    work: dict[str, Callable[[], object]] = {
        "plainest": lambda: plainest(states),
        "today": planned(Rules(), Daily()),
        "weakest first": planned(Rules(order=Order.WEAKEST), Daily()),
        "catching up": planned(Rules(everything), Daily(catch_up=30)),
        "15 minutes": planned(Rules(everything), Daily(minutes=15)),
        "no limit": planned(Rules(everything), Daily()),
        "ahead": planned(Rules(), Ahead(7)),
        "cram": planned(Rules(), Cram()),
    }
    if former:
        specification = importlib.util.spec_from_file_location("former_queue", former)
        assert specification is not None
        assert specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        sys.modules["former_queue"] = module
        specification.loader.exec_module(module)
        limits = module.Limits()
        work["former"] = lambda: module.plan(states, new, day=DAY, day_ends_ms=ENDS, limits=limits)
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(RUNS):
        for name, what in work.items():
            taken[name].append(milliseconds(what))
    base = "former" if former else "plainest"
    print(f"{count} cards due, {RUNS} runs, medians; ratios to `{base}`")
    for name, times in taken.items():
        ratio = median(own / other for own, other in zip(times, taken[base], strict=True))
        print(f"{name:14} {median(times):7.1f} ms  {ratio:5.2f}")


if __name__ == "__main__":
    main()
