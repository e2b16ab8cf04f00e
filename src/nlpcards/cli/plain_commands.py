"""The commands of a review line by line: their letters, their words, and what they do to the present card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nlpcards.collection.asked import Asked
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.days import date_of
from nlpcards.core.errors import UsageError
from nlpcards.core.markup import parse
from nlpcards.core.remarks import Remarks
from nlpcards.core.state import New
from nlpcards.core.words import FLAG_NAMES
from nlpcards.render.plain import plain

KEYS = "Enter reveals; 1 again, 2 hard, 3 good, 4 easy; u undo, q quit, ? or :? help."
"""The keys that every session needs, in one short line."""

HELP = (
    "An empty line reveals the answer; 1 again, 2 hard, 3 good and 4 easy rate it; u undoes, s skips, "
    "b buries until tomorrow, ! suspends, f flags, m says that the meaning changed, R makes new again, p pauses, "
    "i informs, e edits, o names the source, ? says this again, q quits; d, n, w and t are for a due date, a note of "
    "your own, what is wrong and tags of your own. "
    "With words after them: :flag green, :due 7 or :due 2026-12-24, :note TEXT, :wrong REASON, :tags exam hard; "
    ":resolved settles a report, and a minus sign takes a note or tags away. "
    "Where an answer is typed, commands follow a colon, such as :u and :q."
)
"""Every command."""

LETTERS: Mapping[str, str] = {
    "u": "undo",
    "s": "skip",
    "b": "bury",
    "!": "suspend",
    "f": "flag",
    "m": "meaning",
    "R": "reset",
    "d": "due",
    "n": "note",
    "w": "wrong",
    "t": "tags",
    "p": "pause",
    "i": "info",
    "e": "edit",
    "o": "source",
    "q": "quit",
    "?": "help",
}
"""The command of each letter; with a colon before it, it is one also where a text is awaited."""

NAMES = frozenset({*LETTERS.values(), "resolved"})
"""The commands by their words, which always follow a colon."""

WITH_WORDS = frozenset({"flag", "due", "note", "wrong", "tags", "edit", "suspend"})
"""The commands that more words may follow."""

MARKS = frozenset({"flag", "note", "wrong", "resolved", "tags", "meaning"})
"""The commands after which the same card is still being asked."""

_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its word, with the words after it."""

    name: str
    words: str = ""


def command_of(line: str, *, text: bool) -> Command | None:
    """The command that a line is, None where it is none; while a `text` is awaited only a colon makes one."""
    bare = line.removeprefix(":")
    if bare == line:
        return Command(LETTERS[line]) if line in LETTERS and not text else None
    first, _, words = bare.partition(" ")
    name = LETTERS.get(first, first)
    words = words.strip()
    return Command(name, words) if name in NAMES and (not words or name in WITH_WORDS) else None


def done(reviewing: Reviewing, asked: Asked, command: Command) -> str:
    """Do to the present card what a command says; gives a sentence about it.

    Raises:
        NlpcardsError: it cannot be done, or could not be stored; the card stays as it was.
    """
    words = command.words
    match command.name:
        case "skip":
            reviewing.skip()
            return "Skipped; it comes after the others."
        case "bury":
            reviewing.bury()
            return "Buried until tomorrow."
        case "suspend" if words:
            card = reviewing.collection.card(words).id
            reviewing.suspend(card)
            return f"Suspended {card}."
        case "suspend":
            reviewing.suspend()
            return "Suspended."
        case "reset":
            reviewing.reset()
            return "New again, to come with the new cards."
        case "due" if words:
            return f"Due on {date_of(reviewing.set_due(words))}."
        case "due":
            return "Type :due and days from today, or a date: :due 7, :due 2026-12-24."
        case "meaning":
            before, after = asked.before.memory, reviewing.change_meaning().before.memory
            assert before is not None
            assert after is not None
            return f"Its stability was lowered from {before.stability:.1f} to {after.stability:.1f} days."
        case "flag":
            flag = reviewing.flag(_flag(words) if words else asked.before.flag or 1)
            return f"Flagged {FLAG_NAMES[flag]}." if flag else "The flag is off."
        case "note" if words:
            reviewing.note("" if words == _NOTHING else words)
            return "Your note is gone." if words == _NOTHING else "Your note is kept."
        case "wrong" if words:
            reviewing.report(words)
            return "Reported; nlpcards reports lists it."
        case "resolved":
            if not asked.remarks.reports:
                return "This card is not reported."
            reviewing.report("")
            return "The report is settled."
        case "tags" if words:
            tags = reviewing.tag("" if words == _NOTHING else words).remarks.tags
            return f"Your tags: {' '.join(tags) or 'none'}."
        case name:
            return _told(name, asked.remarks)


def _told(name: str, remarks: Remarks) -> str:
    """What a command without its words tells instead of doing something."""
    match name:
        case "note":
            return f"Your note: {in_words(remarks.note)}" if remarks.note else "Type :note and your note on this card."
        case "wrong":
            reasons = "; ".join(report.reason.rstrip(".") for report in remarks.reports)
            how = "Type :wrong and what is wrong with this card."
            return f"You reported: {reasons}. Type :resolved where that is settled." if reasons else how
        case "tags":
            how = "Type :tags and your own tags, divided by spaces."
            return f"Your tags: {' '.join(remarks.tags)}." if remarks.tags else how
        case _:
            return HELP


def _flag(words: str) -> int:
    """The flag that a word names: a number from 0 to 7, a colour, or `none`.

    Raises:
        UsageError: it names none.
    """
    named = {"0": 0, "none": 0, _NOTHING: 0}
    for number, name in FLAG_NAMES.items():
        named |= {str(number): number, name: number}
    flag = named.get(words.casefold())
    if flag is None:
        colours = ", ".join(f"{number} {name}" for number, name in FLAG_NAMES.items())
        raise UsageError(f"there is no flag {words}", remedy=f"Flags are {colours}, and 0 or none.")
    return flag


def in_words(text: str) -> str:
    """A text of the learner's own as it is read aloud: Markdown and maths in words."""
    return plain(parse(text), ask=None, reveal=True)


def standing(asked: Asked) -> list[str]:
    """What is special about a card, each in a sentence, before its question."""
    state, said = asked.before, []
    if state.flag:
        said.append(f"Flag: {FLAG_NAMES[state.flag]}.")
    if asked.changed:
        more = "" if isinstance(state.schedule, New) else " Type m if it now means something else."
        said.append(f"This card has changed since you last saw it.{more}")
    if asked.remarks.reports:
        said.append("You reported this card.")
    if state.leech:
        said.append(f"Leech: forgotten {state.lapses} times, its words may need mending.")
    return said


def own_words(remarks: Remarks) -> list[str]:
    """What the learner says of a card, after its answer."""
    note = [f"Your note: {in_words(remarks.note)}"] if remarks.note else []
    return [*note, *(f"You reported on {date_of(report.day)}: {report.reason}" for report in remarks.reports)]
