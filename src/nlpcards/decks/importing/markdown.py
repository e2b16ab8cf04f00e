"""Markdown with `Q:`, `A:` and `C:` at the beginning of lines, as hashcards and repeater read it, to drafts of notes.

The two agree on the marks, on `---` between cards and on brackets for clozes. They differ in what stands between
cards: to one it is a mistake, to the other a note to oneself. Here it is left out and named. A mark within a code fence
is code, as one of them has it. Lines of repeater's `question::answer` are not taken for cards, since `::` is also what
code and prose have; they are named too.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

from nlpcards.decks.importing.brackets import NoCloze, with_spans
from nlpcards.decks.importing.result import Draft, Reading, Skipped

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_FENCE_END = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*$")
_MARK = re.compile(r"([QAC]):[ \t]?(.*)", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")

MARKED = re.compile(r"^[QC]:", re.MULTILINE)
"""What a text of cards has somewhere."""


def read_markdown(text: str) -> Reading:
    """The notes of a Markdown text with `Q:`, `A:` and `C:`; its front matter (TOML) may give the deck's `name`."""
    lines = _LINE_END.split(text)
    reader = _Reader()
    start, title, remarks = _front_matter(lines, reader.skipped)
    fenced = _fenced(lines)
    for number in range(start, len(lines)):
        reader.take(number + 1, lines[number], fenced=fenced[number])
    reader.finish()
    return Reading(tuple(reader.drafts), tuple(sorted(reader.skipped, key=lambda each: each.line)), remarks, title)


def _front_matter(lines: list[str], skipped: list[Skipped]) -> tuple[int, str, tuple[str, ...]]:
    """The index of the first line after the front matter, the name in it, and what is to be said about it."""
    if not lines or lines[0].strip() != "---":
        return 0, "", ()
    end = next((at for at, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None or any(_MARK.match(line) for line in lines[1:end]) or not any(line.strip() for line in lines[1:end]):
        return 0, "", ()
    try:
        table = tomllib.loads("\n".join(lines[1:end]))
    except (tomllib.TOMLDecodeError, RecursionError):
        skipped.append(Skipped(1, "the front matter is not TOML, so no name is taken from it"))
        return end + 1, "", ()
    name = table.pop("name", "")
    remark = f"Not imported: {', '.join(table)} of the front matter." if table else ""
    return end + 1, name if isinstance(name, str) else "", (remark,) if remark else ()


def _fenced(lines: list[str]) -> list[bool]:
    """Which lines stand within a code fence that is closed; one that never is would swallow all later cards."""
    longest: dict[str, list[int]] = {"`": [0] * (len(lines) + 1), "~": [0] * (len(lines) + 1)}
    for at in range(len(lines) - 1, -1, -1):
        found = _FENCE_END.match(lines[at])
        for char, lengths in longest.items():
            here = len(found[1]) if found and found[1][0] == char else 0
            lengths[at] = max(lengths[at + 1], here)
    fenced = []
    fence = ""
    for at, line in enumerate(lines):
        if fence:
            fenced.append(True)
            end = _FENCE_END.match(line)
            if end and end[1].startswith(fence):
                fence = ""
            continue
        found = _FENCE.match(line)
        if found is None and (mark := _MARK.match(line)):
            found = _FENCE.match(mark[2])
        if found and longest[found[1][0]][at + 1] >= len(found[1]):
            fence = found[1]
        fenced.append(False)
    return fenced


@dataclass(slots=True)
class _Part:
    """A card that is being read: the text after each mark, and why it cannot be carried (empty where it can)."""

    kind: str
    line: int
    texts: dict[str, list[str]]
    current: str
    wrong: str = ""


@dataclass(slots=True)
class _Reader:
    drafts: list[Draft] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    _part: _Part | None = None
    _stray: int = 0
    """The first line of the text outside of cards that is being passed over, 0 where none is."""
    _stray_reason: str = ""

    def take(self, number: int, line: str, *, fenced: bool) -> None:
        """Take the next line."""
        mark = None if fenced else _MARK.match(line)
        if mark and mark[1] != "A":
            self.finish()
            self._part = _Part(mark[1], number, {mark[1]: [mark[2]]}, mark[1])
        elif mark:
            self._answer(number, mark[2])
        elif not fenced and line.rstrip() == "---":
            self.finish()
        elif self._part is not None:
            self._part.texts[self._part.current].append(line)
        elif line.strip():
            self._pass_over(number, line)

    def _answer(self, number: int, text: str) -> None:
        part = self._part
        if part is None:
            self._end_stray()
            part = self._part = _Part("A", number, {}, "A", "an answer without a question")
        elif part.kind == "C":
            part.wrong = "a cloze card has no answer of its own"
        elif "A" in part.texts:
            part.wrong = part.wrong or "it has two answers"
        part.texts.setdefault("A", []).append(text)
        part.current = "A"

    def _pass_over(self, number: int, line: str) -> None:
        if not self._stray:
            self._stray, self._stray_reason = number, "text outside of a card"
        if "::" in line:
            self._stray_reason = (
                "text outside of a card; a line with `::` may as well be code: write `Q:` and `A:` for a card"
            )

    def _end_stray(self) -> None:
        if self._stray:
            self.skipped.append(Skipped(self._stray, self._stray_reason))
            self._stray = 0

    def finish(self) -> None:
        """End the card, or the text outside of cards, that is being read."""
        self._end_stray()
        part, self._part = self._part, None
        if part is None:
            return
        texts = {mark: _stripped(lines) for mark, lines in part.texts.items()}
        if not part.wrong and part.kind == "Q":
            missing = [what for mark, what in (("Q", "question"), ("A", "answer")) if not texts.get(mark)]
            part.wrong = f"it has no {missing[0]}" if missing else ""
        if part.wrong:
            self.skipped.append(Skipped(part.line, part.wrong))
        elif part.kind == "Q":
            self.drafts.append(Draft(part.line, {"q": texts["Q"], "a": texts["A"]}))
        else:
            try:
                self.drafts.append(Draft(part.line, {"cloze": with_spans(texts["C"])}))
            except NoCloze as reason:
                self.skipped.append(Skipped(part.line, str(reason)))


def _stripped(lines: list[str]) -> str:
    """Lines as one text without blank lines around it; the indentation of the first line is that of a block."""
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    return "\n".join(lines[first:]).rstrip()
