"""Every code that a problem in a deck can carry, with an example of the mistake and of what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_DECK = "deck: example\ntitle: An example\nsources:\n  gers2000:\n    title: Learning to Forget\nnotes:\n"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of problem.

    `bad` has the problem and `good` is the same without it. Both are one entry under `notes:`, or a whole file where
    `whole` says so. They are empty where the problem is not in the text of one file but in the file or between files.
    """

    code: str
    title: str
    bad: str = ""
    good: str = ""
    whole: bool = False

    def file(self, example: str) -> str:
        """A whole deck file with one of the two examples in it."""
        if self.whole:
            return example
        return _DECK + "".join(f"  {line}\n" if line else "\n" for line in example.split("\n"))


def _whole(code: str, title: str, bad: str, good: str) -> Code:
    return Code(code, title, bad, good, whole=True)


def _field(code: str, title: str, bad: str, good: str) -> Code:
    """A code shown by one key of an otherwise sound note."""
    return Code(
        code,
        title,
        f"- id: one\n  q: What is it?\n  a: This.\n  {bad}",
        f"- id: one\n  q: What is it?\n  a: This.\n  {good}",
    )


def _answer(code: str, title: str, bad: str, good: str) -> Code:
    """A code shown by the answer of an otherwise sound note."""
    return Code(code, title, f"- id: one\n  q: What is it?\n  a: {bad}", f"- id: one\n  q: What is it?\n  a: {good}")


_ONE = "notes:\n  - id: one\n    q: What is it?\n    a: This.\n"
_HEAD = "deck: example\ntitle: An example\n"

_FILES = (
    Code("D001", "a file or folder that cannot be read"),
    Code("D002", "not a regular file"),
    Code("D003", "a file of more than 8 MiB"),
    Code("D004", "a file that changed while it was read"),
    _whole(
        "D005",
        "bytes that are not UTF-8",
        f"deck: example\ntitle: caf\udce9\n{_ONE}",
        f"deck: example\ntitle: café\n{_ONE}",
    ),
    _answer("D006", "a character that cannot be seen and acts on the text", "one\u2028other", "one other"),
    _whole("D007", "not a deck", "- q: What is it?\n  a: This.\n", f"{_HEAD}{_ONE}"),
    Code("D008", "a file with more than 10,000 problems"),
)

_SYNTAX = (
    _answer("D101", "a colon and a space in a text without quotes", "Because: it is.", "|-\n    Because: it is."),
    _answer("D102", "a text that begins with a character that YAML uses", "@user", "'@user'"),
    Code(
        "D103",
        "a tab in the indentation",
        "- id: one\n\tq: What is it?\n  a: This.",
        "- id: one\n  q: What is it?\n  a: This.",
    ),
    _answer("D104", "a backslash in double quotes", '"$\\sigma$"', "'$\\sigma$'"),
    Code(
        "D105",
        "a line that is indented wrongly",
        "- id: one\n  q: What is it?\n    a: This.",
        "- id: one\n  q: What is it?\n  a: This.",
    ),
    Code(
        "D106",
        "a note without a dash",
        "- id: one\n  q: What is it?\n  a: This.\n\n  id: two\n  q: And that?\n  a: That.",
        "- id: one\n  q: What is it?\n  a: This.\n\n- id: two\n  q: And that?\n  a: That.",
    ),
    _answer("D107", "a quote that is not closed", '"This.', '"This."'),
    _answer("D108", "text after the closing quote", '"This" and that.', "'\"This\" and that.'"),
    Code(
        "D109",
        "no colon after a key, or no space after it",
        "- id: one\n  q:What?\n  a: This.",
        "- id: one\n  q: What?\n  a: This.",
    ),
    _field("D110", "a bracket that is not closed", "tags: [one, other", "tags: [one, other]"),
    _field("D112", "more than 12 levels of lists and mappings", f"tags: {'[' * 13}{']' * 13}", "tags: [one]"),
    _whole("D113", "several documents", f"{_HEAD}---\n{_ONE}", f"---\n{_HEAD}{_ONE}"),
)

_CHANGES = (
    _field("D201", "a key that stands twice", "a: That.", "why: That."),
    _answer("D202", "an alias", "*this", "'*this'"),
    _answer("D203", "an anchor", "&this one", "'&this one'"),
    _answer("D204", "a tag", "!important", "'!important'"),
    _field("D205", "a merge key", "<<: {why: That.}", "why: That."),
    _answer("D206", "a text cut by a comment", "Use C # and not Java.", "'Use C # and not Java.'"),
    _answer("D207", "an escape that turns TeX into something else", '"$\\theta$"', "'$\\theta$'"),
    _answer("D208", "a list or a mapping where a text is meant", "[CLS]", "'[CLS]'"),
    _whole(
        "D209",
        "a comma that makes a key of half a text",
        f"{_HEAD}sources:\n  x: {{title: Attention, please}}\n{_ONE}",
        f"{_HEAD}sources:\n  x: {{title: 'Attention, please'}}\n{_ONE}",
    ),
    _field("D210", "a comma inside a number", "tags: [1,000, 2,000]", "tags: [1000, 2000]"),
    _answer(
        "D211",
        "lines joined that must stay apart",
        ">\n    Two:\n    - one\n    - other",
        "|-\n    Two:\n    - one\n    - other",
    ),
    _whole("D212", "a list or a mapping where a key is meant", f"{_HEAD}[a]: b\n{_ONE}", f"{_HEAD}topic: b\n{_ONE}"),
    _answer("D213", "typographic quotes around a text", "“This.”", "This."),
)

_DECKS = (
    _whole(
        "D301", "a key that decks or sources do not have", f"deck: example\ntitel: An example\n{_ONE}", f"{_HEAD}{_ONE}"
    ),
    _whole("D302", "a key of decks for later versions", f"{_HEAD}extends: lstm\n{_ONE}", f"{_HEAD}{_ONE}"),
    _whole("D303", "no `deck` with the deck's id", f"title: An example\n{_ONE}", f"{_HEAD}{_ONE}"),
    _field("D304", "something that is not an id", "topic: Neural Networks", "topic: neural-networks"),
    _whole(
        "D305",
        "a source that says too little",
        f"{_HEAD}sources:\n  gers2000:\n    year: 2000\n{_ONE}",
        f"{_HEAD}sources:\n  gers2000:\n    title: Learning to Forget\n    year: 2000\n{_ONE}",
    ),
    _whole("D306", "no list of notes", _HEAD, f"{_HEAD}{_ONE}"),
    _whole(
        "D307",
        "something that is not a web address",
        f"{_HEAD}sources:\n  x:\n    title: T\n    url: arxiv.org\n{_ONE}",
        f"{_HEAD}sources:\n  x:\n    title: T\n    url: https://arxiv.org\n{_ONE}",
    ),
    _whole("D308", "no title", f"deck: example\n{_ONE}", f"{_HEAD}{_ONE}"),
    _whole("D309", "no notes yet", f"{_HEAD}notes:\n", f"{_HEAD}{_ONE}"),
)

_NOTES = (
    _field("D401", "a key that notes do not have", "becuase: That.", "why: That."),
    Code(
        "D402",
        "a kind of note, or a way of writing, for later versions",
        "- id: one\n  was: {new: old}\n  q: What is it?\n  a: This.",
        "- id: one\n  was: [old]\n  q: What is it?\n  a: This.",
    ),
    Code(
        "D403",
        "a note that asks nothing",
        "- id: one\n  why: That.",
        "- id: one\n  q: What is it?\n  a: This.\n  why: That.",
    ),
    Code(
        "D404",
        "a question without its answer",
        "- id: one\n  q: What is it?",
        "- id: one\n  q: What is it?\n  a: This.",
    ),
    _field("D405", "two kinds of note in one", "cloze: '{{c1::This}} is it.'", "why: This is it."),
    _field("D406", "a key without a value", "why:", "why: That."),
    _field("D407", "neither `true` nor `false`", "both: yes", "both: true"),
    Code("D408", "something that is not a note", "- What is it?", "- id: one\n  q: What is it?\n  a: This."),
    _field("D409", "something that is not a list of words", "tags: {one: other}", "tags: [one, other]"),
    Code(
        "D410",
        "a cloze that cannot be read",
        "- id: one\n  cloze: This {{c1::is it.",
        "- id: one\n  cloze: This {{c1::is}} it.",
    ),
    Code(
        "D411",
        "a cloze note without a cloze",
        "- id: one\n  cloze: This is it.",
        "- id: one\n  cloze: This {{c1::is}} it.",
    ),
    _answer("D412", "a dollar that seems to begin maths", "It is $x and no more.", "It is $x$ and no more."),
    Code(
        "D413",
        "a cloze that goes on from one paragraph, item or cell to another, or hides nothing that is shown",
        "- id: one\n  cloze: |-\n    - This {{c1::is\n    - it}}.",
        "- id: one\n  cloze: |-\n    - This {{c1::is}}\n    - {{c1::it}}.",
    ),
    Code("D421", "a note without an id", "- q: What is it?\n  a: This.", "- id: one\n  q: What is it?\n  a: This."),
    Code(
        "D422",
        "an id that another note has",
        "- id: one\n  q: What is it?\n  a: This.\n- id: one\n  q: And that?\n  a: That.",
        "- id: one\n  q: What is it?\n  a: This.\n- id: two\n  q: And that?\n  a: That.",
    ),
    Code(
        "D423",
        "two notes without ids that ask the same",
        "- q: What is it?\n  a: This.\n- q: What is it?\n  a: That.",
        "- q: What is this?\n  a: This.\n- q: What is that?\n  a: That.",
    ),
    _field("D424", "a source that the deck does not have", "cite: gers200 §3", "cite: gers2000 §3"),
    _field("D425", "an empty citation", "cite: gers2000 §3;", "cite: gers2000 §3"),
    _field("D426", "something that is not a date", "as_of: 21.11.2026", "as_of: 2026-11-21"),
    _field(
        "D427",
        "a note that expires before it is true",
        "as_of: 2026-11-21\n  expires: 2025-11-21",
        "expires: 2027-11-21",
    ),
    _answer("D428", "a path that leaves the deck's folder", "'![A gate](../gate.png)'", "'![A gate](gate.png)'"),
    Code("D429", "an image or another file that is not there"),
    _field("D430", "a tag of several words", "tags: [forget gate]", "tags: [forget-gate]"),
)

_REFERENCES = (
    _field("D501", "an id that no note of the deck has", "needs: [two]", "needs: []"),
    _field("D502", "notes that need each other in a circle", "needs: [one]", "needs: []"),
    Code("D503", "an id that no note of the other decks has"),
    Code("D504", "notes of several decks that need each other in a circle"),
    Code(
        "D505",
        "a former id that two notes claim, or that is another's present one",
        "- id: one\n  was: [two]\n  q: What is it?\n  a: This.\n- id: two\n  q: And that?\n  a: That.",
        "- id: one\n  was: [old]\n  q: What is it?\n  a: This.\n- id: two\n  q: And that?\n  a: That.",
    ),
    Code("D506", "a note that has expired"),
    Code("D507", "a deck that replaces one of the same id from another place"),
    Code("D508", "two decks of the same id in one place"),
)

CODES: Mapping[str, Code] = {code.code: code for code in (*_FILES, *_SYNTAX, *_CHANGES, *_DECKS, *_NOTES, *_REFERENCES)}
"""Every code by its name."""
