"""What the columns of a table are: as its first row names them, as Anki's export says, or as the learner does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nlpcards.core.errors import NlpcardsError, UsageError

_NAMES = {
    "q": "q question questions front prompt",
    "a": "a answer answers back response",
    "term": "term terms word",
    "definition": "definition definitions def meaning",
    "cloze": "cloze text",
    "why": "why extra notes note explanation comment comments remark remarks back_extra reason",
    "tags": "tags tag labels label keywords",
    "cite": "cite source sources reference references citation",
    "topic": "topic",
    "id": "id",
    "hint": "hint hints",
    "deck": "deck",
}
ROLES: Mapping[str, str] = {name.replace("_", " "): role for role, names in _NAMES.items() for name in names.split()}
"""What a column is for, by the names that people give it."""

KINDS = (("cloze",), ("q", "a"), ("term", "definition"))
"""The columns that make a note."""

SKIP = "-"
"""In `--columns`, a column that is left out."""

_ANKI = re.compile(r"#(separator|html|tags|columns|notetype|deck|guid|if matches)( column)?:(.*)", re.IGNORECASE)
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " "}


@dataclass(frozen=True, slots=True)
class AnkiHeader:
    """What the lines with `#` say at the top of a text file of Anki's; columns count from 0, None where not named."""

    lines: int
    separator: str
    html: bool
    tags: tuple[str, ...] = ()
    deck: str = ""
    note_type: str = ""
    columns: tuple[str, ...] = ()
    special: Mapping[str, int] = field(default_factory=dict)
    """The column of `tags`, `deck`, `notetype` and `guid`."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The role of each column, empty for one that is left out; `header` says that the first row only names them.

    `unused` are the names of columns that nobody said to leave out.
    """

    roles: tuple[str, ...]
    header: bool
    unused: tuple[str, ...]
    note_type: int | None = None


def anki_header(lines: Sequence[str]) -> AnkiHeader | None:
    """The header of a text file of Anki's, None for any other file."""
    said: dict[str, str] = {}
    count = 0
    for line in lines:
        found = _ANKI.fullmatch(line.strip("\r\n"))
        if found is None and not (said and line.startswith("#")):
            break
        count += 1
        if found:
            said[(found[1] + (found[2] or "")).lower()] = found[3]
    if not said:
        return None
    named = said.get("separator", "tab").strip().lower()
    separator = _SEPARATORS.get(named, said.get("separator", "\t")[:1] or "\t")
    special = {}
    for name in ("tags", "deck", "notetype", "guid"):
        number = said.get(f"{name} column", "").strip()
        if number.isdecimal() and 0 < int(number) < 1000:
            special[name] = int(number) - 1
    return AnkiHeader(
        count,
        separator,
        said.get("html", "").strip().lower() == "true",
        tuple(said.get("tags", "").split()),
        said.get("deck", "").strip(),
        said.get("notetype", "").strip(),
        tuple(said["columns"].split(separator)) if said.get("columns") else (),
        special,
    )


def named_columns(wanted: str) -> tuple[str, ...]:
    """The roles that `--columns` gives, in its order; empty for a column that is left out.

    Raises:
        UsageError: it has a name that means nothing, one twice, or too few for a note.
    """
    roles = []
    for name in wanted.split(","):
        role = "" if name.strip() in (SKIP, "") else _role(name)
        if role is None:
            raise UsageError(
                f"`{name.strip()}` is no column that a note can use",
                place="--columns",
                remedy=f"Name each column by one of {', '.join(_NAMES)}, or `-` to leave it out.",
            )
        if role and role in roles:
            raise UsageError(
                f"two columns are `{role}`", place="--columns", remedy="Leave one of them out with `-` in its place."
            )
        roles.append(role)
    if not _makes_notes(roles):
        raise UsageError(
            "these columns make no note",
            place="--columns",
            remedy="Name `q` and `a`, or `term` and `definition`, or `cloze`, as in `--columns q,a,-,tags`.",
        )
    return tuple(roles)


def columns_of(rows: Sequence[Sequence[str]], wanted: tuple[str, ...], anki: AnkiHeader | None, place: str) -> Columns:
    """The columns of a table from its first rows.

    Raises:
        NlpcardsError: they have no names that are known, and there are not just two.
    """
    first = rows[0] if rows else ()
    width = max((len(row) for row in rows), default=0)
    named = _with_partners([_role(name) or "" for name in first])
    if wanted:
        roles = [*wanted, *[""] * (width - len(wanted))]
        header = any(role and role == want for role, want in zip(named, wanted, strict=False)) and anki is None
        unused = tuple(_named(first, header, at) for at in range(len(wanted), width))
        return Columns(tuple(roles), header, unused, anki.special.get("notetype") if anki else None)
    if anki is not None:
        return _anki_columns(anki, width)
    if _makes_notes(named):
        return _columns(named, first, header=True)
    if width == 2:
        return _columns(["q", "a"], first, header=named[:1] == ["q"] or named[1:] == ["a"])
    if width == 1 and all("{{c" in row[0] for row in rows if row):
        return _columns(["cloze"], first, header=False)
    raise NlpcardsError(
        "the first row does not say which columns are question and answer",
        place=f"{place}:1",
        remedy=f"Say what the {width} columns are, as in `--columns q,a,-,tags`, or give them names in a first row."
        if width > 1
        else "Part question and answer by a comma, a semicolon or a tab.",
    )


def _columns(roles: Sequence[str], first: Sequence[str], *, header: bool) -> Columns:
    seen: list[str] = []
    for role in roles:
        seen.append("" if role in seen else role)
    unused = [_named(first, header, at) for at, role in enumerate(seen) if not role]
    return Columns(tuple(seen), header, tuple(unused))


def _anki_columns(anki: AnkiHeader, width: int) -> Columns:
    """Anki's own columns, then a note's fields in order: question, answer, and by their names what follows."""
    width = max(width, len(anki.columns), *(at + 1 for at in anki.special.values()), 0)
    names = [*anki.columns, *[""] * (width - len(anki.columns))]
    roles = [""] * width
    for name in ("tags", "deck"):
        if name in anki.special:
            roles[anki.special[name]] = name
    fields = [at for at in range(width) if at not in anki.special.values()]
    named = _with_partners([_role(names[at]) or "" for at in fields])
    if not _makes_notes(named):
        named = (["q", "a"] + [role if role in ("why", "hint", "cite") else "" for role in named[2:]])[: len(fields)]
    for at, role in zip(fields, named, strict=True):
        roles[at] = "" if role in roles else role
    # The note type decides what a note becomes, and a note is known again by its question: both are used up.
    used = {anki.special.get("notetype"), anki.special.get("guid")}
    unused = [names[at].strip() or f"column {at + 1}" for at in range(width) if not roles[at] and at not in used]
    return Columns(tuple(roles), False, tuple(unused), anki.special.get("notetype"))


def _role(name: str) -> str | None:
    return ROLES.get(" ".join(re.sub(r"[\s_:-]+", " ", name).split()).casefold())


def _with_partners(roles: list[str]) -> list[str]:
    """A term that has an answer is a question, and a question that has a definition has an answer."""
    if "term" in roles and "definition" not in roles and "a" in roles and "q" not in roles:
        return ["q" if role == "term" else role for role in roles]
    if "q" in roles and "a" not in roles and "definition" in roles:
        return ["a" if role == "definition" else role for role in roles]
    return roles


def _makes_notes(roles: Sequence[str]) -> bool:
    return any(all(role in roles for role in kind) for kind in KINDS)


def _named(first: Sequence[str], header: bool, at: int) -> str:
    name = first[at].strip() if header and at < len(first) else ""
    return name or f"column {at + 1}"
