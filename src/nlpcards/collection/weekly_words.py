"""The weekly practice in sentences, for every face alike."""

from __future__ import annotations

from nlpcards.collection.pacing_words import span_in_words
from nlpcards.collection.taste import WEEKDAYS
from nlpcards.collection.weekly import WeekReview
from nlpcards.core.words import count, spent


def sentences(found: WeekReview) -> list[str]:
    """The week in sentences: what was learned, what is weakest, what comes next."""
    said = [f"The week of {span_in_words(found.first, found.last)}."]
    if found.recalled is None:
        said.append("No card was answered; today is as good a day as any.")
    else:
        said.append(
            f"{count(found.introduced, 'card')} introduced, {count(found.answers, 'answer')} on "
            f"{count(found.studied, 'day')} in {spent(found.spent_ms)}; {found.recalled:.0%} recalled."
        )
    if found.weakest:
        weak = ", ".join(f"{each.title} {each.recall:.0%}" for each in found.weakest)
        said.append(f"Weakest by the recall to be expected now: {weak}.")
    if found.stage is not None:
        said.append(f"Stage: {found.stage.title}.")
    if found.milestone is not None:
        where = f" ({found.milestone.url})" if found.milestone.url else ""
        said.append(
            f"Next milestone: {found.milestone.title}{where}. `nlpcards mark {found.milestone.id} done` ticks it."
        )
    if found.resource is not None:
        what = ", ".join(filter(None, (found.resource.platform, found.resource.duration, found.resource.url)))
        said.append(
            f"To read or do: {found.resource.title}{f' ({what})' if what else ''}. "
            f"`nlpcards mark {found.resource.id} done` ticks it."
        )
    said.append(day_of_practice(found) or _NO_DAY)
    return said


_NO_DAY = "`nlpcards config set roadmap.practice_day sunday` shows this on Today once a week."


def day_of_practice(found: WeekReview) -> str:
    """On which day the weekly practice is; empty where none is chosen."""
    if found.practice_day is None:
        return ""
    name = WEEKDAYS[found.practice_day].title()
    return f"Today is {name}, your day of practice." if found.is_today else f"Your day of practice is {name}."
