"""Prints the page of all settings: `python docs/make_configuration.py > docs/configuration.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from nlpcards.collection.setting_keys import KEYS, Keeper, Key, written
from nlpcards.collection.settings import default_file

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

All but `edit` take `--json`. In a name, `DECK` stands for the id of a deck."""

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
    yield _FILE
    yield f"```toml\n{default_file()}```"


def _row(key: Key) -> str:
    default = written(key.default)
    return f"| `{key.name}` | {key.about} | {key.takes} | {f'`{default}`' if default else 'empty'} |"


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(page()) + "\n")
