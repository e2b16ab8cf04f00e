"""The weekly practice: what the week came to, the weakest topics to review at once, what comes next on the track."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from nlpcards.collection.pacing_words import span_in_words
from nlpcards.collection.roadmap.printing import share
from nlpcards.collection.taste import WEEKDAYS
from nlpcards.collection.weekly import MOST_WEAK, WeekReview, week
from nlpcards.collection.weekly_words import day_of_practice
from nlpcards.core.errors import NlpcardsError
from nlpcards.core.roadmap.values import Milestone, Resource
from nlpcards.core.search.tree import These
from nlpcards.core.words import count, spent
from nlpcards.tui.keybar import KeyButton
from nlpcards.tui.page import SCROLLING, ScrollingPage
from nlpcards.tui.road_rows import BOXES, Thing
from nlpcards.tui.words import safe, sentence

if TYPE_CHECKING:
    from nlpcards.tui.app import NlpcardsApp


class PracticeScreen(ScrollingPage[None]):
    """Looks back on the last seven days, and offers what would help most."""

    SHEET = "#practice"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(n), f"weak({n})", f"Weakest {n}", show=False, tooltip=f"review weakest topic {n}")
            for n in range(1, MOST_WEAK + 1)
        ),
        Binding("d", "status('milestone')", "Milestone", tooltip="to do, doing or done, of the milestone"),
        Binding("r", "status('resource')", "Resource", tooltip="to do, doing or done, of the resource"),
        Binding("l", "link", "Link", tooltip="open the resource's link"),
        Binding("c", "choose", "Day", tooltip="choose the day of the weekly practice"),
        *SCROLLING,
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._week: WeekReview | None = None

    def body(self) -> Iterable[Widget]:
        """The week, the weakest topics, and what comes next."""
        yield Vertical(
            Horizontal(Static("Weekly practice", id="name", markup=False), Static(id="date", markup=False), id="top"),
            VerticalScroll(
                Static("Counting…", id="practice-week", markup=False),
                Static("Weakest by the recall to be expected now", id="practice-weak", classes="heading", markup=False),
                *(KeyButton(str(n), str(n), "", id=f"weak-{n}", classes="line") for n in range(1, MOST_WEAK + 1)),
                Static("Next on your track", id="practice-next", classes="heading", markup=False),
                KeyButton("d", "d", "", id="next-milestone", classes="line"),
                KeyButton("r", "r", "", id="next-resource", classes="line"),
                Static(id="practice-day", classes="quiet", markup=False),
                id="practice",
                can_focus=False,
            ),
            Static(id="notice", markup=False),
            classes="column",
        )

    def on_mount(self) -> None:
        """Hide what is not known yet."""
        for each in self.query("#practice > *"):
            each.display = each.id == "practice-week"

    def on_screen_resume(self) -> None:
        """Count, at first and after another screen."""
        if self.is_current:
            self.run_worker(partial(self._counted, self.nlpcards), thread=True, exclusive=True)

    def _counted(self, app: NlpcardsApp) -> None:
        worker = get_current_worker()
        found: WeekReview | NlpcardsError
        try:
            with app.collection.apart() as collection:
                found = week(collection)
        except NlpcardsError as error:
            found = error
        if not worker.is_cancelled:
            app.call_from_thread(self._show, found)

    def _show(self, found: WeekReview | NlpcardsError) -> None:
        if not self.is_whole:
            return
        if isinstance(found, NlpcardsError):
            self.say(sentence(found), failed=True)
            return
        self._week = found
        self.query_one("#date", Static).update(span_in_words(found.first, found.last))
        self.query_one("#practice-week", Static).update(_learned(found))
        self.query_one("#practice-weak").display = bool(found.weakest)
        for n in range(1, MOST_WEAK + 1):
            button = self.query_one(f"#weak-{n}", KeyButton)
            button.display = n <= len(found.weakest)
            if button.display:
                weak = found.weakest[n - 1]
                words = f"recall {share(weak.recall)} of {count(weak.met, 'card')}"
                button.does(str(n), str(n), f"{safe(weak.title)}: {words}; review it")
        self.query_one("#practice-next").display = bool(found.milestone or found.resource)
        for name, key, what in (("milestone", "d", found.milestone), ("resource", "r", found.resource)):
            button = self.query_one(f"#next-{name}", KeyButton)
            button.display = what is not None
            if what is not None:
                button.does(key, key, self._told(what))
        day = self.query_one("#practice-day", Static)
        day.display = True
        day.update(day_of_practice(found) or _NO_DAY)
        self.refresh_bindings()

    def _thing(self, what: Resource | Milestone) -> Thing:
        following = self.nlpcards.collection.knowing.following
        marked = following.milestones if isinstance(what, Milestone) else following.resources
        return Thing(what, marked.get(what.id))

    def _told(self, what: Resource | Milestone) -> str:
        words = [what.kind]
        if isinstance(what, Resource):
            words += [each for each in (what.platform, what.duration) if each]
        if what.url:
            words.append(what.url)
        return f"{BOXES[self._thing(what).status]} {safe(what.title)} ({safe(', '.join(words))})"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what there is can be reviewed, marked or opened."""
        found = self._week
        match action, parameters:
            case "weak", (int(n),):
                allowed = found is not None and n <= len(found.weakest)
            case "status", (name,):
                allowed = found is not None and getattr(found, str(name)) is not None
            case "link", _:
                allowed = found is not None and found.resource is not None and bool(found.resource.url)
            case _:
                allowed = True
        return allowed and super().check_action(action, parameters)

    def action_weak(self, n: int) -> None:
        """Review one of the weakest topics."""
        if self._week is not None:
            topic = self._week.weakest[n - 1].id
            cards = self.nlpcards.collection.knowing.cards.get(topic, ())
            self.nlpcards.review(query=These(frozenset(cards)))

    def action_status(self, name: str) -> None:
        """Say how far one is with the milestone or the resource."""
        from nlpcards.tui.road_actions import ask_status

        what = None if self._week is None else self._week.milestone if name == "milestone" else self._week.resource
        if what is not None:
            ask_status(self, self._thing(what), self._do)

    def _do(self, act: Callable[[], str]) -> None:
        def written() -> None:
            try:
                self.say(safe(act()))
            except NlpcardsError as error:
                self.say(sentence(error), failed=True)

        self.nlpcards.with_trusted_clock(written)

    def action_link(self) -> None:
        """Open the link of the resource."""
        from nlpcards.tui.road_actions import open_link

        if self._week is not None and self._week.resource is not None:
            self.say(open_link(self.app, self._week.resource.url))

    def action_choose(self) -> None:
        """Choose the weekday of the practice."""
        from nlpcards.tui.choosing import Choosing, Offer
        from nlpcards.tui.road_actions import set_practice_day

        now = self.nlpcards.collection.taste.practice_day
        offers = [Offer(name, Content(name.title())) for name in WEEKDAYS]
        offers.append(Offer("none", Content("no day")))

        def chosen(name: str | None) -> None:
            if name is not None:
                try:
                    set_practice_day(self.nlpcards.collection, name)
                except NlpcardsError as error:
                    self.say(sentence(error), failed=True)

        at = len(WEEKDAYS) if now is None else now
        hint = "On that day Today has a line and a key for this."
        self.app.push_screen(Choosing("On which day?", offers, hint=hint, at=at), chosen)

    def action_leave(self) -> None:
        """Go back to where one came from."""
        self.dismiss(None)


def _learned(found: WeekReview) -> str:
    if found.recalled is None:
        return "No card was answered in these seven days; today is as good a day as any."
    return (
        f"{count(found.introduced, 'card')} introduced. {count(found.answers, 'answer')} on "
        f"{count(found.studied, 'day')} in {spent(found.spent_ms)}, {share(found.recalled)} recalled."
    )


_NO_DAY = "No day of practice is chosen; c chooses one, and on it Today has a line for this."
