"""What the tests of facts read of a note, with nothing of ours between them and what the author wrote."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

_OPENING = re.compile(r"\{\{c\d+::")
_FENCE = r"```{}\n(.*?)```"

NOT_SHOWN = frozenset(
    {"id", "cite", "tags", "topic", "concepts", "needs", "confusable", "was", "media", "as_of", "expires"}
)
"""Keys of a note that say nothing about its subject."""

FUNCTIONS: dict[str, Any] = {
    **{name: getattr(math, name) for name in ("sqrt", "log", "log2", "log10", "exp", "ceil", "floor", "pi", "e")},
    **{each.__name__: each for each in (abs, min, max, round)},
    "sum": lambda *numbers: sum(numbers),
}
"""What the expression of a drill may call."""


def prose(text: str) -> str:
    """A text on one line, so that no fact hangs on where a line breaks."""
    return " ".join(text.split())


def filled(cloze: str) -> str:
    """A text with its clozes filled in and their hints left out; a cloze ends where its own braces balance."""
    out: list[str] = []
    at = 0
    while (mark := _OPENING.search(cloze, at)) is not None:
        out.append(cloze[at : mark.start()])
        end, depth = mark.end(), 0
        while depth or not cloze.startswith("}}", end):
            depth += {"{": 1, "}": -1}.get(cloze[end], 0)
            end += 1
        within = cloze[mark.end() : end]
        out.append(within if _is_code(cloze[: mark.start()]) else re.split(r"(?<!\\)::", within)[0])
        at = end + 2
    return "".join([*out, cloze[at:]])


def _is_code(before: str) -> bool:
    """Whether a text ends within a fence or a code span, where `::` begins no hint."""
    fences = len(re.findall(r"^ *```", before, re.MULTILINE))
    return fences % 2 == 1 or before.rpartition("\n")[2].count("`") % 2 == 1


def program(text: str, language: str = "python") -> str:
    """The code in the first fence of a language, as it stands when all clozes are filled in."""
    found = re.search(_FENCE.format(language), filled(text), re.DOTALL)
    assert found is not None, f"no fence of {language}"
    return found[1]


def printed(code: str, **names: Any) -> str:
    """What a program prints, given some names that it uses; without the last line's end."""
    out = io.StringIO()
    with redirect_stdout(out):
        exec(code, dict(names))
    return out.getvalue().rstrip("\n")


def drilled(note: dict[str, Any], **given: float) -> float:
    """What a drill's expression comes to for some numbers, which must be among those that it draws from."""
    drill = note["drill"]
    for name, value in given.items():
        assert value in [float(each) for each in drill["given"][name]], f"{name} is never {value}"
    names: dict[str, Any] = {**FUNCTIONS, **given}
    assert eval(drill.get("where", "True"), {"__builtins__": {}}, names), "`where` leaves these numbers out"
    return float(eval(drill["answer"], {"__builtins__": {}}, names))


def field(note: dict[str, Any], path: str) -> str:
    """What a note says under a key; dots lead into lists and mappings: `contrast.by.mask.bert`, `points.0`."""
    value: Any = note
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    assert isinstance(value, str), f"{path} is no text"
    return value


def shown(note: dict[str, Any]) -> Iterator[str]:
    """Every text of a note that a learner reads."""
    for key, value in note.items():
        if key not in NOT_SHOWN:
            yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
