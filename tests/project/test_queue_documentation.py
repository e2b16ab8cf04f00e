"""The page about the queue states the defaults that hold, and every order and option that there is."""

from __future__ import annotations

import re
from pathlib import Path

import click

from nlpcards.cli.reviewing import review
from nlpcards.collection.planning import PACE_ANSWERS
from nlpcards.collection.taste import Taste, read_taste
from nlpcards.core.days import ROLLOVER_HOUR
from nlpcards.core.gain import HORIZON_DAYS
from nlpcards.core.queue import Limits, Order, Pace
from nlpcards.core.queue.budget import FEWEST_ANSWERS
from nlpcards.core.queue.introducing import CONFUSABLE_DAYS, NEW_SIBLINGS_A_DAY
from nlpcards.core.roadmap.following import Thresholds
from nlpcards.core.roadmap.progress import FORGETTING_DAYS
from nlpcards.core.session import LEARN_AHEAD_MS
from nlpcards.core.state import LEECH_AGAIN, LEECH_LAPSES
from nlpcards.core.stats.answers import MATURE_DAYS

THRESHOLDS = Thresholds()
PAGE = (Path(__file__).parents[2] / "docs" / "queue.md").read_text("utf-8")


def test_the_page_shows_the_configuration_with_its_defaults(tmp_path: Path) -> None:
    shown = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(shown) == 1
    path = tmp_path / "config.toml"
    path.write_text(shown[0], "utf-8")
    assert read_taste(path) == Taste()
    path.write_text(re.sub(r"(?m)^# ", "", shown[0]), "utf-8")
    taste = read_taste(path)
    assert taste.rules.decks
    assert taste.rules.caught_up_by is not None


def test_the_page_states_every_number_as_it_is() -> None:
    pace = Pace()
    for sentence in (
        f"begins at {ROLLOVER_HOUR:02}:00",
        f"up to {LEARN_AHEAD_MS // 60_000} minutes early",
        f"{Limits().reviews} reviews a day",
        f"until {Limits().new} were introduced",
        f"once {NEW_SIBLINGS_A_DAY} new cards of its note",
        f"within the last {CONFUSABLE_DAYS} days",
        f"from its {LEECH_LAPSES}th lapse on",
        f"after every {LEECH_AGAIN} further ones",
        f"median of your last {PACE_ANSWERS:,} ",
        f"({pace.new:.0f}, {pace.steps:.0f} and {pace.review:.0f} seconds, until there are {FEWEST_ANSWERS} of a sort)",
        f"expected in {HORIZON_DAYS} days",
        f"at least {THRESHOLDS.introduced:.0%}".replace("%", " %") + " of its cards",
        f"mean retrievability is {THRESHOLDS.recall:.2f} or more",
        f"after {FORGETTING_DAYS} days without a review",
        f"interval is {MATURE_DAYS} days or more",
    ):
        assert sentence in PAGE, sentence


def test_the_page_names_every_order_and_every_option() -> None:
    assert not [order for order in Order if f'| `"{order.value}"` |' not in PAGE]
    options = {name for each in review.params if isinstance(each, click.Option) for name in each.opts}
    assert not [name for name in options - {"--plain", "--decks"} if f"| `{name}" not in PAGE]
