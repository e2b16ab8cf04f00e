"""Prints the page of all settings: `python docs/make_configuration.py > docs/configuration.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from nlpcards.collection.default_file import default_file
from nlpcards.collection.setting_keys import KEYS, Keeper, Key, written
from nlpcards.tui.rebinding import defaults

_HEAD = """\
# Settings

`nlpcards config list` shows all of them as one, with what holds, the default, and where each is kept:

| command | what it does |
|---|---|
| `nlpcards config list` | every setting; those of decks where they are set |
| `nlpcards config get KEY` | the value alone |
| `nlpcards config set KEY VALUE` | checks a value and sets it |
| `nlpcards config unset KEY` | gives a setting its default again |
| `nlpcards config edit` | opens `config.toml` in the editor, checks it on return, and offers to go back in |

All but `edit` take `--json`. In a name, `DECK` stands for the id of a deck. The same list is a screen of the program:
`,` on Today opens it, enter changes a setting, `u` gives it its default, `/` searches."""

_TASTE = """\
## Taste, in `config.toml`

It changes what is asked and how it looks, never what the journal says. The file lies in the configuration folder
(`~/.config/nlpcards` on Linux, or `NLPCARDS_HOME`). `set` and `unset` keep its comments, order and layout, and replace
it whole. [The day's queue](queue.md) says what limits, order and easy days do."""

_MEMORY = """\
## What shapes memory, in the journal

Each change is an event of the journal, so that every device that has the same events has the same memory. It is
undone by setting it back; `config list` says when it was set last. A change holds for answers from then on, and a
card keeps the due day that it has. `parameters` are the exception: as in Anki, stability and difficulty of all cards
are worked out anew with them."""

_KEYS = """\
## Keys

`keys.SCREEN.ACTION` gives other keys to what a key does on a screen, instead of those it has:
`nlpcards config set keys.review.undo "z ctrl+z"`. Keys are divided by spaces and written as here. A key that does
something else on the same screen is refused. While an answer is written (`writing`), letters are text, so commands
take ctrl or function keys. Help (`?`) and the line of keys show the keys as they are."""

_SCREEN = """\
## The terminal

`symbols` is for terminals and fonts that lack Unicode: with `ascii`, lines and signs are drawn with what looks like
them, and formulas are shown as they are written. `auto` does so where the locale (`LC_ALL`, `LC_CTYPE`, `LANG`) is `C`
or no UTF-8 one, and on the console of Linux. Where a terminal has sixteen colours, each text gets the nearest of them
that can be read; with `NO_COLOR` there are none. Nothing is shown by colour alone."""

_FILE = """\
## The file

`config edit` and `config set` begin with this one where there is none:"""


def page() -> Iterator[str]:
    """The page's paragraphs."""
    yield _HEAD
    for head, keeper in ((_TASTE, Keeper.FILE), (_MEMORY, Keeper.JOURNAL)):
        yield head
        rows = [_row(key) for key in KEYS if key.keeper is keeper]
        yield "\n".join(["| setting | what it is for | what it takes | default |", "|---|---|---|---|", *rows])
    yield _KEYS
    keys = [f"| `{name}` | {does} | `{chosen}` |" for name, (does, chosen) in defaults().items()]
    yield "\n".join(["| action | what it does | keys |", "|---|---|---|", *keys])
    yield _SCREEN
    yield _FILE
    yield f"```toml\n{default_file()}```"


def _row(key: Key) -> str:
    default = written(key.default)
    return f"| `{key.name}` | {key.about} | {key.takes} | {f'`{default}`' if default else 'empty'} |"


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(page()) + "\n")
