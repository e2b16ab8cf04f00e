"""What the program can say of one kind of problem, whoever asks for it."""

from __future__ import annotations

from dataclasses import dataclass

_DECK = "deck: example\ntitle: An example\nsources:\n  gers2000:\n    title: Learning to Forget\nnotes:\n"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of problem.

    `title` names it, `why` says in whole sentences why it matters. `bad` has the problem and `good` is the same
    without it. Both are one entry under `notes:`, or a whole file where `whole` says so. They are empty where the
    problem is not in the text of one file but in the file or between files; then `mend` says what to do. `is_advice`
    tells advice, which a file may silence, from an error, which it may not. `of_roadmap` says that the file is a
    roadmap and no deck.
    """

    code: str
    title: str
    why: str
    bad: str = ""
    good: str = ""
    whole: bool = False
    mend: str = ""
    is_advice: bool = False
    of_roadmap: bool = False

    def file(self, example: str) -> str:
        """A whole deck file with one of the two examples in it."""
        if self.whole:
            return example
        return _DECK + "".join(f"  {line}\n" if line else "\n" for line in example.split("\n"))


def whole(code: str, title: str, why: str, bad: str, good: str, *, is_advice: bool = False) -> Code:
    """A code shown by a whole file."""
    return Code(code, title, why, bad, good, whole=True, is_advice=is_advice)


def field(code: str, title: str, why: str, bad: str, good: str) -> Code:
    """A code shown by one key of an otherwise sound note."""
    head = "- id: one\n  q: What is it?\n  a: This.\n  "
    return Code(code, title, why, f"{head}{bad}", f"{head}{good}")


def answer(code: str, title: str, why: str, bad: str, good: str, *, is_advice: bool = False) -> Code:
    """A code shown by the answer of an otherwise sound note."""
    head = "- id: one\n  q: What is it?\n  a: "
    return Code(code, title, why, f"{head}{bad}", f"{head}{good}", is_advice=is_advice)


ONE = "notes:\n  - id: one\n    q: What is it?\n    a: This.\n"
"""A sound list of notes, for examples that are whole files."""

HEAD = "deck: example\ntitle: An example\n"
"""A sound beginning of a deck, for examples that are whole files."""
