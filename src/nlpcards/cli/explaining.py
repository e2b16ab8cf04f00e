"""What a code of a problem means, for `nlpcards check --explain`."""

from __future__ import annotations

from difflib import get_close_matches

from nlpcards.cli.context import print_json, put
from nlpcards.core.errors import UsageError
from nlpcards.decks.codes import CODES, FAMILIES, Code

_WIDEST = 100
"""Characters of a line of an example that are shown."""


def explain(name: str, *, as_json: bool) -> int:
    """Print what a code means, or all codes with their titles where the name is empty; gives the exit code.

    Raises:
        UsageError: there is no such code.
    """
    if not name:
        if as_json:
            print_json([_as_json(code) for code in CODES.values()])
            return 0
        for family, codes in FAMILIES.items():
            put(f"{family}\n")
            for each in codes:
                put(f"  {each.code}  {each.title}")
            put()
        return 0
    code = CODES.get(name.upper())
    if code is None:
        near = get_close_matches(name.upper(), CODES, 1)
        remedy = f"Did you mean {near[0]}?" if near else "`nlpcards check --explain` lists all."
        raise UsageError(f"there is no code {name}", remedy=remedy)
    if as_json:
        print_json(_as_json(code))
        return 0
    put(f"{code.code}, {_severity(code)}: {code.title}\n\n{code.why}\n")
    if code.bad:
        put(f"Instead of\n\n{shortened_example(code.bad, '    ')}\n\nwrite\n\n{shortened_example(code.good, '    ')}\n")
    else:
        put(f"{code.mend}\n")
    if code.is_advice:
        what = "an entry" if code.of_roadmap else "a note"
        put(f"To silence it for {what} or a file, write the comment `# nlpcards: ignore {code.code}` there.")
    else:
        put("It is an error, so no comment silences it.")
    return 0


def shortened_example(text: str, indent: str) -> str:
    """An example with its lines cut to a width and indented."""
    lines = text.rstrip("\n").split("\n")
    return "\n".join(
        f"{indent}{line if len(line) <= _WIDEST + 40 else line[:_WIDEST] + '…'}".rstrip() for line in lines
    )


def _severity(code: Code) -> str:
    return "advice" if code.is_advice else "error"


def _as_json(code: Code) -> dict[str, str]:
    return {
        "code": code.code,
        "severity": _severity(code),
        "title": code.title,
        "why": code.why,
        "bad": code.bad,
        "good": code.good,
        "mend": code.mend,
    }
