"""Prints `docs/codes.md` from the table of codes: `python docs/make_codes.py > docs/codes.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from nlpcards.cli.explaining import shortened_example
from nlpcards.core.markup.safe import visible
from nlpcards.decks.codes import FAMILIES, Code

_HEAD = """\
# What `nlpcards check` says

Each problem has a code. A `D` code is of the file and its notes as data, a `Q` code of how well a card asks, an `R`
code of a roadmap, in which `D` codes are met too: where they say deck and note, read roadmap and entry.
`nlpcards check --explain CODE` prints an entry of this page, which `docs/make_codes.py` makes from the same table.

**Errors** say what must be mended; most leave the note concerned out until it is. **Advice** leaves it in its deck, and
a comment silences it:

```text
# nlpcards: ignore Q008, Q009       before `notes:`: for the whole file
notes:
  # nlpcards: ignore Q003           on the lines before a note, or inside it: for that note
  - id: is-it-linear
    q: Is a layer without an activation linear?
```

Errors cannot be silenced. A comment that silences nothing is told of, so that none is left behind."""


def page() -> Iterator[str]:
    """The page's paragraphs."""
    yield _HEAD
    for family, codes in FAMILIES.items():
        yield f"## {family}"
        for code in codes:
            yield from _entry(code)


def _entry(code: Code) -> Iterator[str]:
    yield f"### {code.code}: {code.title}"
    yield f"*{'Advice' if code.is_advice else 'Error'}.* {code.why}"
    if code.bad:
        for word, example in (("Instead of", code.bad), ("write", code.good)):
            yield f"{word}\n\n```text\n{visible(shortened_example(example, ''))}\n```"
    else:
        yield code.mend


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(page()) + "\n")
