"""What one can do to the marked cards of the table, or to the one at the arrow: its keys, and the dialogs they open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from textual.binding import Binding, BindingType
from textual.content import Content

from nlpcards.collection import batch
from nlpcards.collection.batch import Acted
from nlpcards.collection.browser import Act, Browser
from nlpcards.core.cards import Card
from nlpcards.core.errors import NlpcardsError, UsageError
from nlpcards.core.queue import Purpose
from nlpcards.core.search.tree import Query
from nlpcards.core.words import FLAG_NAMES, count
from nlpcards.tui.page import Page
from nlpcards.tui.words import safe, sentence

MANY = 500
"""More cards than these are acted on in a thread: it takes a second for a few thousand."""

MENU: tuple[tuple[str, str, str], ...] = (
    ("!", "suspend", "suspend; where all are, unsuspend"),
    ("b", "bury", "bury until tomorrow"),
    ("f", "flag", "flag"),
    ("d", "set_due", "set their due date"),
    ("t", "tag", "tags of your own"),
    ("R", "reset", "make them new again"),
    ("e", "edit", "edit the note at the arrow"),
    ("r", "review", "review or practise them"),
    ("x", "export", "export them to Anki"),
    ("u", "undo", "undo what was done last"),
)
"""What can be done to cards, as the menu lists it: a key, its action, what it does."""

ACTIONS: list[BindingType] = [
    Binding("m", "menu", "Actions", tooltip="all that can be done to the marked cards"),
    *(
        Binding(
            "exclamation_mark" if key == "!" else key,
            action,
            action.replace("_", " ").capitalize() if action != "set_due" else "Due",
            show=action in ("suspend", "flag", "edit", "review", "undo"),
            tooltip=does,
        )
        for key, action, does in MENU
    ),
]
"""The keys of `BrowseActions`; the screen lists them where its help should name them."""

Said = Callable[[Acted], str]
"""Makes the sentence that says what was done."""


class BrowseActions(Page[None]):
    """A screen over a browser, whose marked cards one can act on."""

    browser: Browser
    _busy = False
    _done = 0

    def acted(self, cards: Sequence[str]) -> None:
        """Show what became of some cards."""
        raise NotImplementedError

    # ---- how an action is done

    def _chosen(self) -> list[Card]:
        """The marked cards, or the one at the arrow; says so where there is none."""
        chosen = self.browser.chosen()
        if not chosen:
            self.say("There is no card here.", failed=True)
        return chosen

    def _do(self, act: Act, cards: Sequence[Card], said: Said) -> None:
        """Do something to cards, once the clock is trusted, and say what came of it."""
        self.nlpcards.with_trusted_clock(lambda: self._begin(partial(self._act, act, cards, said), len(cards)))

    def _begin(self, work: Callable[[bool], tuple[Acted, str]], size: int) -> None:
        if size > MANY:
            self._busy = True
            self.say(f"Working on {count(size, 'card')}…")
            self.run_worker(self._working(work), group="acting")
            return
        try:
            acted, said = work(False)
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return
        self._after(acted, said)

    async def _working(self, work: Callable[[bool], tuple[Acted, str]]) -> None:
        try:
            acted, said = await asyncio.to_thread(work, True)
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return
        finally:
            self._busy = False
        self._after(acted, said)

    def _after(self, acted: Acted, said: str) -> None:
        self.browser.reread(acted.cards)
        self.say(said)
        self.acted(acted.cards)

    def _act(self, act: Act, cards: Sequence[Card], said: Said, elsewhere: bool) -> tuple[Acted, str]:
        acted = self.browser.act(act, cards, elsewhere=elsewhere)
        if not acted.events:
            return acted, "Nothing was to be changed."
        self._done += 1
        return acted, f"{said(acted)}; u takes that back."

    # ---- put away, mark, change the schedule

    def action_suspend(self) -> None:
        """Put the cards away until they are unsuspended."""

        def said(acted: Acted) -> str:
            un = "unsuspension" in acted.what
            return f"{'Unsuspended' if un else 'Suspended'} {count(len(acted.cards), 'card')}"

        if cards := self._chosen():
            self._do(batch.suspend, cards, said)

    def action_bury(self) -> None:
        """Put the cards away until tomorrow."""
        if cards := self._chosen():
            self._do(batch.bury, cards, lambda acted: f"Buried {count(len(acted.cards), 'card')} until tomorrow")

    def action_reset(self) -> None:
        """Make the cards new again."""
        if cards := self._chosen():
            self._do(batch.reset, cards, lambda acted: f"{count(len(acted.cards), 'card is', 'cards are')} new again")

    def action_flag(self) -> None:
        """Ask for a flag."""
        from nlpcards.tui.flags import FlagDialog

        if not (cards := self._chosen()):
            return
        flags = {self.browser.look(card).state.flag for card in cards[:MANY]}
        now = flags.pop() if len(flags) == 1 else 0

        def said(acted: Acted) -> str:
            on = count(len(acted.cards), "card")
            colour = next((name for name in FLAG_NAMES.values() if name in acted.what), "")
            return f"{colour.capitalize()} flag on {on}" if colour else f"No flag on {on} now"

        def chosen(flag: int | None) -> None:
            if flag is not None:
                # Later: the dialog is still the screen that would be left now.
                self.call_later(self._do, lambda own, ids: batch.flag(own, ids, flag), cards, said)

        self.app.push_screen(FlagDialog(now), chosen)

    def action_set_due(self) -> None:
        """Ask for a due date."""
        from nlpcards.core.due_dates import due_day

        if not (cards := self._chosen()):
            return

        def done(text: str) -> None:
            due_day(text, self.browser.collection.now().day)
            self.call_later(
                self._do,
                lambda own, ids: batch.set_due(own, ids, text),
                cards,
                lambda acted: f"New due date for {count(len(acted.cards), 'card')}",
            )

        self._enter(
            f"When {'is this card' if len(cards) == 1 else f'are these {len(cards):,} cards'} due again?",
            "Days from today, such as 0 or 7, or a date, such as 2026-12-24.",
            done,
        )

    def action_tag(self) -> None:
        """Ask for tags of one's own."""
        if not (cards := self._chosen()):
            return
        try:
            has = batch.tags_on(self.browser.collection, [card.id for card in cards])
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return
        some = ", ".join(f"{tag} on {number:,}" for tag, number in list(has.items())[:8])
        hint = "Words divided by spaces put tags on, -word takes one off; the deck stays as it is."

        def done(text: str) -> None:
            batch.tags_of(text)
            self.call_later(
                self._do,
                lambda own, ids: batch.tag(own, ids, text),
                cards,
                lambda acted: f"Changed your tags on {count(len(acted.cards), 'card')}",
            )

        self._enter(f"Your own tags on {count(len(cards), 'card')}", f"{hint} Now: {some}." if some else hint, done)

    def action_undo(self) -> None:
        """Take the last action back; one from before this screen only after asking."""
        try:
            last = batch.last_done(self.browser.collection)
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return
        if not last.events:
            self.say("There is nothing to undo.")
            return
        what = f"{last.what} of {count(len(last.cards), 'card')}" if len(last.cards) != 1 else last.what
        work = partial(self._undo, last, what)

        def undo() -> None:
            self.nlpcards.with_trusted_clock(lambda: self._begin(work, len(last.events)))

        if self._done:
            undo()
            return
        from nlpcards.tui.dialog import Question

        which = f" ({safe(last.cards[0])})" if len(last.cards) == 1 else ""

        def answered(yes: bool | None) -> None:
            if yes:
                self.call_later(undo)

        text = f"Nothing was done here yet. Undo {what}{which}, done before?"
        self.app.push_screen(Question(text, yes="undo it", no="leave it"), answered)

    def _undo(self, last: Acted, what: str, elsewhere: bool) -> tuple[Acted, str]:
        self.browser.undo(last, elsewhere=elsewhere)
        self._done = max(0, self._done - 1)
        return last, f"Undone: {what}."

    def _enter(self, title: str, hint: str, act: Callable[[str], object], text: str = "") -> None:
        from nlpcards.tui.entry import Entry

        self.app.push_screen(Entry(title, hint, act, text=text))

    # ---- elsewhere

    def action_menu(self) -> None:
        """List all that can be done."""
        from nlpcards.tui.choosing import Choosing, Offer

        cards = self.browser.chosen()
        if not cards:
            return
        which = safe(cards[0].id) if len(cards) == 1 else f"{len(cards):,} marked cards"

        def chosen(action: str | None) -> None:
            if action is not None:
                self.call_later(self.run_action, action)

        choices = [Offer(action, Content(does), key) for key, action, does in MENU]
        self.app.push_screen(Choosing(f"What to do with {which}", choices), chosen)

    def action_export(self) -> None:
        """Ask for the name of an Anki package, and write the notes of the cards into it."""
        if not (cards := self._chosen()):
            return
        notes = len({card.note.full_id for card in cards})
        confirmed: list[Path] = []

        def done(text: str) -> None:
            path = Path(text.strip()).expanduser()
            if path.suffix.lower() != ".apkg" or not path.stem:
                raise UsageError("an Anki package ends in .apkg", remedy="Write a name such as selection.apkg.")
            if path.exists() and path not in confirmed:
                confirmed.append(path)
                raise UsageError(f"{path} is there already", remedy="Enter again replaces it.")
            self.call_later(self.nlpcards.with_trusted_clock, partial(self._export, path, cards))

        self._enter(
            f"Export {count(notes, 'note')} to Anki",
            f"The package's file, in {safe(str(Path.cwd()))} unless you name another folder. All cards of a note go.",
            done,
            text="selection.apkg",
        )

    def _export(self, path: Path, cards: Sequence[Card]) -> None:
        self._begin(partial(self._exported, path, cards), len(cards))

    def _exported(self, path: Path, cards: Sequence[Card], elsewhere: bool) -> tuple[Acted, str]:
        from nlpcards.collection.apart import apart
        from nlpcards.collection.exporting import export

        wanted = frozenset(card.id for card in cards)
        if elsewhere:
            with apart(self.browser.collection) as own:
                report = export(own, path, cards=wanted)
        else:
            report = export(self.browser.collection, path, cards=wanted)
        told = "".join(f" {safe(str(missing))}" for missing in report.missing[:1])
        return Acted(), f"Exported {count(report.notes, 'note')} to {safe(str(path))}.{told}"

    def action_review(self) -> None:
        """Ask how to review the marked cards, or all that were found: what is due of them, or all as practice."""
        from nlpcards.core.queue import DAILY, Cram
        from nlpcards.tui.choosing import Choosing, Offer

        browser = self.browser
        if not browser.cards:
            self.say("There is no card here.", failed=True)
            return
        query, number = browser.query_of_chosen(), len(browser.marked) or len(browser.cards)
        which = f"{number:,} marked" if browser.marked else f"{number:,} found"

        def chosen(how: str | None) -> None:
            if how == "due":
                self.call_later(self._review, query, DAILY)
            elif how == "cram":
                self.call_later(self._review, query, Cram())

        self.app.push_screen(
            Choosing(
                f"Review the {which} {'card' if number == 1 else 'cards'}",
                [
                    Offer("due", Content("what is to be asked of them today"), "1"),
                    Offer("cram", Content("practise all of them; answers are not stored"), "2"),
                ],
            ),
            chosen,
        )

    def _review(self, query: Query, purpose: Purpose) -> None:
        from nlpcards.collection.practising import begin

        try:
            reviewing = begin(self.browser.collection, (), query, purpose)
        except NlpcardsError as error:
            self.say(sentence(error), failed=True)
            return
        if reviewing.asked is None:
            self.say("None of these cards is to be asked today; r and 2 practises them.")
        else:
            self.nlpcards.go_on(reviewing)

    def action_edit(self) -> None:
        """Open the note of the card at the arrow in the editor, and come back to it."""
        from nlpcards.tui.editing import edit

        card = next((each for each in self.browser.cards if each.id == self.browser.at), None)
        if card is None:
            self.say("There is no card here.", failed=True)
            return
        edit(
            self,
            self.browser.collection,
            card,
            follow=self._edited,
            failed=lambda why: self.say(why, failed=True),
            again=self.action_edit,
        )

    def _edited(self, said: str) -> bool:
        """Read the decks again after an edit, and search again."""
        raise NotImplementedError
