"""What the learner does under a question: types its answer, or explains and ticks the points made."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, assert_never

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nlpcards.collection.asked import Asked
from nlpcards.core.replies import Recall, TickPoints, WriteNumber, WriteText
from nlpcards.tui.words import safe

if TYPE_CHECKING:
    from nlpcards.tui.answering_area import AnswerArea
    from nlpcards.tui.answering_line import AnswerLine
    from nlpcards.tui.answering_points import PointList

Made = TypeVar("Made", bound=Widget)


class Answering(Vertical):
    """Holds what the reply to a card needs: a line or an area to write in, then a verdict or a list of points.

    Each is made when the first card needs it, and nothing of it is there for cards that ask for recall alone.
    """

    _line: AnswerLine | None = None
    _area: AnswerArea | None = None
    _points: PointList | None = None
    _verdict: Static | None = None

    def show(self, asked: Asked, *, revealed: bool, anew: bool) -> None:
        """Show what is needed before the answer (to write in), or with it; `anew` begins with nothing written."""
        if anew:
            self._empty()
        for child in self.children:
            child.display = False
        focus = self._reply_shown(asked, revealed=revealed)
        self.display = any(child.display for child in self.children)
        self.screen.set_focus(focus, scroll_visible=False)

    @property
    def typed(self) -> str:
        """What is written for the present card."""
        if self._line is not None and self._line.value:
            return self._line.value
        return self._area.text if self._area is not None else ""

    @property
    def points(self) -> tuple[str, ...]:
        """The points ticked for the present card."""
        return self._points.ticked if self._points is not None else ()

    def _empty(self) -> None:
        if self._line is not None:
            self._line.value = ""
        if self._area is not None:
            self._area.text = ""
        if self._points is not None:
            self._points.show(())

    def _reply_shown(self, asked: Asked, *, revealed: bool) -> Widget | None:
        """Show the widgets of a reply; gives the one that takes the keys."""
        match asked.face.reply:
            case Recall():
                return None
            case WriteText() | WriteNumber() if revealed:
                from nlpcards.tui.answering_verdict import verdict

                self._say(verdict(asked, self.typed))
                return None
            case WriteText():
                return self._open_line("type the answer")
            case WriteNumber(unit=unit):
                return self._open_line(f"type a number ({safe(unit)})" if unit else "type a number")
            case TickPoints(points=points) if revealed:
                from nlpcards.tui.answering_verdict import explanation

                if self.typed.strip():
                    self._say(explanation(self.typed))
                return self._open_points(points)
            case TickPoints():
                return self._open_area()
            case _:
                assert_never(asked.face.reply)

    def _open_line(self, placeholder: str) -> AnswerLine:
        if self._line is None:
            from nlpcards.tui.answering_line import AnswerLine

            self._line = self._make(AnswerLine())
        self._line.placeholder = placeholder
        self._line.display = True
        return self._line

    def _open_area(self) -> AnswerArea:
        if self._area is None:
            from nlpcards.tui.answering_area import AnswerArea

            self._area = self._make(AnswerArea())
        self._area.display = True
        return self._area

    def _open_points(self, points: tuple[str, ...]) -> PointList:
        if self._points is None:
            from nlpcards.tui.answering_points import PointList

            self._points = self._make(PointList())
        if self._points.points != points:
            self._points.show(points)
        self._points.display = True
        return self._points

    def _say(self, content: Content) -> None:
        if self._verdict is None:
            self._verdict = Static(id="verdict", markup=False)
            self.mount(self._verdict, before=0 if self.children else None)
        self._verdict.update(content)
        self._verdict.display = True

    def _make(self, widget: Made) -> Made:
        # Mounted, it is in the tree at once and can take the keys that come before its first paint.
        self.mount(widget)
        return widget

    def on_input_changed(self) -> None:
        """Bring the line into sight when something is typed under a long question."""
        if self._line is not None and self._line.value:
            self._line.scroll_visible(animate=False)

    def on_text_area_changed(self) -> None:
        """Bring the area into sight when something is typed under a long question."""
        if self._area is not None and self._area.text:
            self._area.scroll_visible(animate=False)
