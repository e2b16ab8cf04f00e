"""What one can do to the card of a review besides answering it: its keys, and the dialogs that some of them open."""

from __future__ import annotations

from collections.abc import Callable

from textual.binding import Binding, BindingType

from nlpcards.collection.asked import Asked
from nlpcards.collection.reviewing import Reviewing
from nlpcards.core.days import date_of
from nlpcards.core.remarks import LONGEST_NOTE
from nlpcards.core.state import New
from nlpcards.core.words import long_date
from nlpcards.tui.page import ScrollingPage
from nlpcards.tui.words import safe

ACTIONS: list[BindingType] = [
    Binding("m", "change_meaning", "Meaning changed", tooltip="its meaning changed"),
    Binding("s", "skip", "Skip", tooltip="ask it after the others"),
    Binding("b", "bury", "Bury", tooltip="bury until tomorrow"),
    Binding("exclamation_mark", "suspend_card", "Suspend", tooltip="suspend"),
    Binding("f", "flag", "Flag", tooltip="flag"),
    Binding("n", "note", "Note", show=False, tooltip="a note of your own"),
    Binding("w", "wrong", "Wrong", show=False, tooltip="this card is wrong"),
    Binding("t", "tag", "Tag", show=False, tooltip="tags of your own"),
    Binding("d", "set_due", "Due", show=False, tooltip="set its due date"),
    Binding("R", "reset", "Reset", show=False, tooltip="make it new again"),
    Binding("p,f2", "pause", "Pause", show=False, tooltip="pause the clock"),
]
"""The keys of `CardActions`; the screen lists them where its help should name them."""


class CardActions(ScrollingPage[None]):
    """A screen over a session, whose card one can act on."""

    _reviewing: Reviewing

    @property
    def asked(self) -> Asked:
        """The card on the screen."""
        assert self._reviewing.asked is not None, "this screen is left as soon as no card is asked"
        return self._reviewing.asked

    def _do(self, act: Callable[[], object], said: str = "", *, anew: bool = False) -> bool:
        """Do something to the session and show what it led to; where it failed, say why and stay on the card. Where
        it leads to the same card, that is asked `anew` or stays as it is shown.
        """
        raise NotImplementedError

    def _follow(self, before: Asked | None, said: str, *, anew: bool = False) -> None:
        """Show where the session stands after something was done while `before` was the card."""
        raise NotImplementedError

    def can_change_meaning(self) -> bool:
        """Whether the card was edited since it was last seen, and there is a memory of it to lower."""
        asked = self._reviewing.asked
        return asked is not None and asked.changed and not isinstance(asked.before.schedule, New)

    # ---- put away

    def action_bury(self) -> None:
        """Put the card away until tomorrow."""
        self._do(self._reviewing.bury, "Buried until tomorrow; u brings it back.")

    def action_suspend_card(self) -> None:
        """Put the card away until it is unsuspended."""
        self._do(self._reviewing.suspend, "Suspended; u brings it back.")

    def action_skip(self) -> None:
        """Ask the card after the others."""
        self._do(self._reviewing.skip, "Skipped; it comes after the others.", anew=True)

    # ---- change the schedule

    def action_reset(self) -> None:
        """Make the card new again."""
        self._do(self._reviewing.reset, "New again, to come with the new cards; u takes that back.")

    def action_change_meaning(self) -> None:
        """Accept that the card means something else than it did."""
        before = self.asked.before.memory
        if self._do(self._reviewing.change_meaning) and before is not None:
            after = self.asked.before.memory
            assert after is not None
            fell = f"from {before.stability:.1f} to {after.stability:.1f} days"
            self.say(f"Its stability was lowered {fell}; u takes that back.")

    def action_set_due(self) -> None:
        """Ask for a due date."""
        set_to: list[int] = []
        self._enter(
            "When is this card due again?",
            "Days from today, such as 0 or 7, or a date, such as 2026-12-24.",
            lambda text: set_to.append(self._reviewing.set_due(text)),
            lambda: f"Due on {long_date(date_of(set_to[0]))}; u takes that back.",
            anew=True,
        )

    # ---- mark it, say something of it

    def action_flag(self) -> None:
        """Ask for a flag."""
        from nlpcards.tui.flags import FlagDialog

        def chosen(flag: int | None) -> None:
            if flag is not None:
                self.call_later(self._do, lambda: self._reviewing.flag(flag))

        self.app.push_screen(FlagDialog(self.asked.before.flag), chosen)

    def action_note(self) -> None:
        """Ask for a note of one's own."""
        note = self.asked.remarks.note
        away = " Empty takes it away." if note else ""
        self._enter(
            "Your note on this card",
            f"It stands under the answer. ctrl+j begins a new line; up to {LONGEST_NOTE:,} characters.{away}",
            self._reviewing.note,
            lambda: "Your note is kept; u takes that back." if self.asked.remarks.note else "Your note is gone.",
            text=note,
            lines=True,
        )

    def action_wrong(self) -> None:
        """Ask what is wrong with the card."""
        reports = self.asked.remarks.reports
        before = f"You reported: {safe(reports[-1].reason)} (an empty line settles that)" if reports else ""
        self._enter(
            "What is wrong with this card?",
            before or "`nlpcards reports` lists what you report, for the deck's author.",
            self._reviewing.report,
            lambda: "Reported; u takes that back." if self.asked.remarks.reports else "The report is settled.",
        )

    def action_tag(self) -> None:
        """Ask for tags of one's own."""
        self._enter(
            "Your own tags on this card",
            "Words divided by spaces; the deck stays as it is.",
            self._reviewing.tag,
            lambda: f"Your tags: {' '.join(self.asked.remarks.tags) or 'none'}.",
            text=" ".join(self.asked.remarks.tags),
        )

    def _enter(
        self,
        title: str,
        hint: str,
        act: Callable[[str], object],
        said: Callable[[], str],
        *,
        text: str = "",
        lines: bool = False,
        anew: bool = False,
    ) -> None:
        """Ask for words and do something to the card with them; `said` makes the sentence that follows. The card is
        then asked `anew`, or stays as it is shown.
        """
        from nlpcards.tui.entry import Entry

        before = self._reviewing.asked

        def done(kept: bool | None) -> None:
            if kept:
                # Later: the dialog is still the screen that would be left now.
                self.call_later(lambda: self._follow(before, said(), anew=anew))

        self.app.push_screen(Entry(title, hint, act, text=text, lines=lines), done)

    def action_pause(self) -> None:
        """Put the card out of sight, and let its clock stand still."""
        from nlpcards.tui.pause import PauseScreen

        self.app.push_screen(PauseScreen())
