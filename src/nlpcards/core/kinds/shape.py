"""What every note kind is made of: the keys it takes, the mistakes it finds, the face of a card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from nlpcards.core.dataclass import dataclass
from nlpcards.core.replies import RECALL, Reply

if TYPE_CHECKING:
    from nlpcards.core.markup.tree import Document


@dataclass(frozen=True, slots=True)
class Text:
    """A key whose value is Markdown text, never empty."""

    required: bool = True


@dataclass(frozen=True, slots=True)
class Word:
    """A key whose value is one short text that is no Markdown: a number, a unit, an expression."""

    required: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A key whose value is `true` or `false`; false where it is missing."""

    required: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """A key whose value is a list of Markdown texts, none of them empty; one text alone counts as a list of one."""

    required: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A key whose value is a list of short texts that are no Markdown."""

    required: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """A key whose value is a mapping with `keys` and no others, or with any slugs besides where `others` says of what
    shape their values are.
    """

    keys: Mapping[str, Shape]
    others: Shape | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class Entries:
    """A key whose value is a mapping that the author names: `names` are slugs, or `variables` of an expression.

    `listed` says that a plain list of texts will do too; each is then named by a hash of its text.
    """

    of: Shape
    variables: bool = False
    listed: bool = False
    required: bool = True


Shape: TypeAlias = Text | Word | Flag | Texts | Words | Fields | Entries
"""What may stand under a key of a kind."""

Value: TypeAlias = "str | bool | tuple[str, ...] | Mapping[str, Value]"
"""What a reader hands to a kind for a key, and what a body gives back as `written`: text for `Text` and `Word`, a bool
for `Flag`, texts for `Texts` and `Words`, a mapping in the file's order for `Fields` and `Entries`."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a note's values.

    `path` leads to the value: keys, and numbers (from 0) into lists. `offset` counts characters into that value (0
    where it is the whole of it).
    """

    path: tuple[str | int, ...]
    offset: int
    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Face:
    """What one card shows.

    `question` is asked, as Markdown or as a tree. `ask` is the cloze number hidden in it, or None where nothing is
    hidden. `answer` comes below the question once revealed; None where the answer is the question's own text with its
    cloze filled in. `task` says in a few words what to do, and is empty where the question says it itself. `reply` is
    what the learner does before the answer is shown. `given` are the numbers that a drill drew, by name, as written.
    """

    question: str | Document
    answer: str | Document | None
    ask: int | None = None
    task: str = ""
    reply: Reply = RECALL
    given: tuple[tuple[str, str], ...] = ()

    def question_tree(self) -> Document:
        """The question as a tree."""
        return _tree(self.question, cloze=self.ask is not None)

    def answer_tree(self) -> Document | None:
        """The answer as a tree, None where it is the question's own with its cloze filled in."""
        return None if self.answer is None else _tree(self.answer, cloze=False)


def _tree(content: str | Document, *, cloze: bool) -> Document:
    if not isinstance(content, str):
        return content
    from nlpcards.core.markup.parser import parse

    return parse(content, cloze=cloze)


@dataclass(frozen=True, slots=True)
class Kind:
    """A note kind.

    `keys` are the kind's own keys, in the order in which they are written; `marks` are those whose presence makes a
    note be of this kind. `build` gives the body, or the mistakes that stop it.
    """

    name: str
    keys: Mapping[str, Shape]
    marks: frozenset[str]
    build: Callable[[Mapping[str, Value]], Any | tuple[Mistake, ...]]
