"""What both applications have in common: the style sheet, colours that can be read, how keys are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App
from textual.binding import Binding

from nlpcards.core.errors import NlpcardsError
from nlpcards.tui.ink import inks


def theme_names() -> tuple[str, ...]:
    """The themes there are, by their names."""
    from textual.theme import BUILTIN_THEMES

    return tuple(BUILTIN_THEMES)


class ThemedApp(App[None]):
    """An application in our looks."""

    CSS_PATH = Path(__file__).parent / "nlpcards.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._failure: BaseException | None = None

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

    def use_theme(self, name: str, place: str) -> None:
        """Take the configured theme; none where the name is empty.

        Raises:
            NlpcardsError: there is no such theme; `place` is where it was named.
        """
        if not name:
            return
        if name not in self.available_themes:
            remedy = f"Themes: {', '.join(sorted(self.available_themes))}."
            raise NlpcardsError(f"there is no theme {name}", place=place, remedy=remedy)
        self.theme = name

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, and those that text takes."""
        variables = super().get_css_variables()
        return variables | inks(variables)

    def get_key_display(self, binding: Binding) -> str:
        """How a key is written; in letters where Textual would draw a sign that many fonts lack."""
        return "enter" if binding.key == "enter" else super().get_key_display(binding)
