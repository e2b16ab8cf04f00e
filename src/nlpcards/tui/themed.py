"""What both applications have in common: the style sheet, colours that can be read, how keys are written, what the
terminal can show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.color import Color
from textual.constants import DEFAULT_THEME
from textual.filter import LineFilter, Monochrome, NoColor

from nlpcards.collection.taste import Taste
from nlpcards.core.errors import NlpcardsError
from nlpcards.tui.ink import inks
from nlpcards.tui.terminal import Letters, NoColours, SixteenColours, shows


def theme_names() -> tuple[str, ...]:
    """The themes there are, by their names."""
    from textual.theme import BUILTIN_THEMES

    return tuple(BUILTIN_THEMES)


class ThemedApp(App[None]):
    """An application in our looks. `environment` says what the terminal can show: `TERM`, the locale, `NO_COLOR`;
    empty, it shows everything.
    """

    CSS_PATH = Path(__file__).parent / "nlpcards.tcss"

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.environment = environment or {}
        self.rebound: Mapping[str, str] = {}
        self.shows_all = True
        self._failure: BaseException | None = None
        self._fitted: tuple[LineFilter, ...] = ()

    def run(self, **options: Any) -> None:
        """Run until it is left.

        Raises:
            Exception: what nobody foresaw, once the terminal is given back; the caller makes a sentence of it.
        """
        super().run(**options)
        if self._failure is not None:
            raise self._failure

    def _fatal_error(self) -> None:
        """Keep what went wrong, for `run` to raise, where Textual would print a traceback."""
        self._failure = self._exception
        self._close_messages_no_wait()

    def use(self, taste: Taste, place: str) -> None:
        """Look and act as the learner prefers: theme, keys, symbols. Where one of these is wrong, nothing changes.

        Raises:
            NlpcardsError: there is no such theme or key; `place` is where it was named.
        """
        rebound = self._rebound(taste.keys, place)
        self._use_theme(taste.theme, place)
        self.rebound = rebound
        self.set_keymap(dict(rebound))
        letters = shows(taste.symbols, self.environment)
        self.shows_all = letters is None
        filters: list[LineFilter] = [] if letters is None else [Letters(letters)]
        if self.environment.get("NO_COLOR"):
            filters.append(NoColours(self._ground))
        elif self.environment and self.console.color_system == "standard":
            filters.append(SixteenColours(self._ground))
        self._fitted = tuple(filters)

    @staticmethod
    def _rebound(keys: Mapping[str, str], place: str) -> Mapping[str, str]:
        if not keys:
            return {}  # knowing all keys takes every screen's module, which few learners need at the start
        from nlpcards.tui.rebinding import keymap

        return keymap(keys, place)

    def _use_theme(self, name: str, place: str) -> None:
        name = name or DEFAULT_THEME
        if name not in self.available_themes:
            remedy = f"Themes: {', '.join(sorted(self.available_themes))}."
            raise NlpcardsError(f"there is no theme {name}", place=place, remedy=remedy)
        if name != self.theme:
            self.theme = name

    def _ground(self) -> Color:
        return Color.parse(self.theme_variables["background"])

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, then those that fit the screen to the terminal. Textual's way to leave colours out keeps
        shades of grey, which are colours to a terminal.
        """
        own = super().get_line_filters()
        if not self._fitted:
            return own
        return [*(each for each in own if not isinstance(each, (Monochrome, NoColor))), *self._fitted]

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, and those that text takes."""
        variables = super().get_css_variables()
        return variables | inks(variables)

    def get_key_display(self, binding: Binding) -> str:
        """How a key is written; in letters where Textual would draw a sign that many fonts lack."""
        return "enter" if binding.key == "enter" else super().get_key_display(binding)


def rebound_of(app: App[Any]) -> Mapping[str, str]:
    """The keys that the learner chose in an application of ours: Textual's keymap, by the names of bindings."""
    return app.rebound if isinstance(app, ThemedApp) else {}


def shows_all(app: App[Any]) -> bool:
    """Whether the terminal of an application shows every character, mathematics too."""
    return app.shows_all if isinstance(app, ThemedApp) else True
