"""What is to be asked on a study day, and in which order. Pure: the day, the states and the decks' words are arguments.

Each rule has a module: `limits` how many a day, `order` which reviews first, `catching_up` how a backlog is spread,
`budget` what fits into some minutes, `introducing` which new cards, `arranging` who may follow whom; `planning` applies
them in turn.
"""

from __future__ import annotations

from nlpcards.core.queue.arranging import Relations, arranged, both_ways
from nlpcards.core.queue.budget import Pace, Sort, estimated_seconds, pace_of
from nlpcards.core.queue.limits import DeckLimits, Limits
from nlpcards.core.queue.order import Order
from nlpcards.core.queue.planning import plan
from nlpcards.core.queue.values import DAILY, Ahead, Counts, Cram, Daily, Plan, Purpose, Rules

__all__ = [
    "DAILY",
    "Ahead",
    "Counts",
    "Cram",
    "Daily",
    "DeckLimits",
    "Limits",
    "Order",
    "Pace",
    "Plan",
    "Purpose",
    "Relations",
    "Rules",
    "Sort",
    "arranged",
    "both_ways",
    "estimated_seconds",
    "pace_of",
    "plan",
]
