"""Today in sentences, for every face alike."""

from __future__ import annotations

from nlpcards.collection.estimating import in_words
from nlpcards.collection.streak import Streak
from nlpcards.collection.today import Today
from nlpcards.core.days import date_of
from nlpcards.core.words import count, duration, long_date, wait


def headline(today: Today) -> str:
    """What is to be done today, and about how long it takes."""
    counts = today.counts
    if not today.rows:
        return "There is no deck yet."
    if not counts.total:
        return "Done for today." if today.answered else "Nothing is due today."
    parts = [
        f"{number:,} {name}"
        for number, name in ((counts.review, "review"), (counts.learning, "learning"), (counts.new, "new"))
        if number
    ]
    return f"{count(counts.total, 'card')} today: {', '.join(parts)}; {in_words(today.takes)}."


def waiting(today: Today) -> str:
    """What comes after what is asked now: the next card where nothing is due, tomorrow, what the limits hold back."""
    said = []
    if not today.counts.total:
        day = next((day for day, number in enumerate(today.ahead, 1) if number), None)
        if day is None:
            said.append(f"No review falls due in the next {len(today.ahead)} days.")
        else:
            when = "tomorrow" if day == 1 else f"on {long_date(date_of(today.moment.day + day))}"
            said.append(
                f"The next {count(today.ahead[day - 1], 'review')} come{'s' * (today.ahead[day - 1] == 1)} {when}."
            )
        fresh = today.cards - today.introduced
        if fresh > 0:
            said.append(f"{count(fresh, 'card')} not met yet.")
    else:
        asked = today.counts.new + today.counts.review
        if not asked and today.plan.learning:
            said.append(f"The first comes back in {wait(today.plan.learning[0][0] - today.moment.ms)}.")
        said.append(f"Tomorrow: {count(today.ahead[0], 'review')}.")
    if today.plan.held_back:
        said.append(f"{count(today.plan.held_back, 'due review')} left for later.")
    return " ".join(said)


def standing(today: Today) -> tuple[str, ...]:
    """What was done today, the streak, and how much was ever introduced: a few words each."""
    done = f"{count(today.answered, 'answer')} today" + (f", {duration(today.spent_ms)}" if today.answered else "")
    introduced = f"{today.introduced:,} of {count(today.cards, 'card')} introduced" if today.cards else ""
    return tuple(
        words for words in (done, streak_in_words(today.streak, begun=today.introduced > 0), introduced) if words
    )


def streak_in_words(streak: Streak, *, begun: bool = True) -> str:
    """The streak, with the days off that did not break it; `begun` says whether anything was ever answered."""
    if not streak.days:
        return "no streak now" if begun else "no streak yet"
    off = f" ({count(streak.off, 'day')} off)" if streak.off else ""
    return f"{count(streak.days, 'day')} in a row{off}"
