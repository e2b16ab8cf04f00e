"""The note types that nlpcards brings into an Anki collection: their fields, their templates, their look.

Whoever imported a package owns a copy of these. Anki updates that copy in place only while ids stay what they are and
no field comes or goes, so ids and field lists here are decided once. A field or a template may be renamed and restyled
freely.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from nlpcards.anki.templates import also, answer, asked, back, block, field, folded, front, question, tolerance, where
from nlpcards.anki.templates import task as to_do
from nlpcards.render.html import pygments_css

if TYPE_CHECKING:
    import genanki

DESIGN_TIME = 1_795_275_000
"""When templates or CSS last changed, in unix seconds. Anki takes a restyled note type only where this number grew."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a note type. `id` is what Anki knows it by; `hidden` ones are collapsed in Anki's editor."""

    id: int
    name: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A card template: its front and its back in Anki's template language. `id` is what Anki knows it by."""

    id: int
    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type. `key` goes into GUIDs and `id` is what Anki knows it by, so neither may ever change."""

    key: str
    id: int
    name: str
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    cloze: bool = False


def _common(base: int) -> tuple[Field, ...]:
    """The fields that every note type has after its own.

    `NoteId` is the id of what the Anki note stands for (`deck/note`, or a card's id where a note becomes several), and
    `SourceText` the note's own text, so that a package can be read back.
    """
    return (
        Field(base + 10, "Why"),
        Field(base + 11, "Source"),
        Field(base + 12, "Topic"),
        Field(base + 13, "NoteId", hidden=True),
        Field(base + 14, "SourceText", hidden=True),
    )


def _fields(base: int, *names: str) -> tuple[Field, ...]:
    """A note type's own fields by their names, and those that all have."""
    return (*(Field(base + number, name) for number, name in enumerate(names, 1)), *_common(base))


def _card(id: int, name: str, ask: str, tell: str, task: str = "") -> Template:
    """A card that asks with the field `ask` and answers with the field `tell`."""
    return Template(
        id,
        name,
        front(to_do(task), question(field(ask))),
        back(to_do(task), asked(field(ask)), answer(field(tell))),
    )


BASIC = NoteType(
    "basic",
    1_642_871_301,
    "nlpcards Basic",
    _fields(7_301_442_000, "Question", "Answer"),
    (_card(7_301_442_101, "Question to answer", "Question", "Answer"),),
)
"""A question and its answer."""

BOTH_WAYS = NoteType(
    "basic-both",
    1_642_871_302,
    "nlpcards Basic (both ways)",
    _fields(7_301_443_000, "Question", "Answer"),
    (
        _card(7_301_443_101, "Question to answer", "Question", "Answer"),
        _card(7_301_443_102, "Answer to question", "Answer", "Question"),
    ),
)
"""A question and its answer, each asked for the other."""

CLOZE = NoteType(
    "cloze",
    1_642_871_303,
    "nlpcards Cloze",
    _fields(7_301_444_000, "Text"),
    (Template(7_301_444_101, "Cloze", front(question("{{cloze:Text}}")), back(question("{{cloze:Text}}"))),),
    cloze=True,
)
"""A text with spans to fill in."""

TERM = NoteType(
    "term",
    1_642_871_304,
    "nlpcards Term",
    _fields(7_301_445_000, "Term", "Definition"),
    (
        _card(7_301_445_101, "Define the term", "Term", "Definition", "Define the term"),
        _card(7_301_445_102, "Name the term", "Definition", "Term", "Name the term"),
    ),
)
"""A term and its definition, each asked for the other."""

TYPED = NoteType(
    "typed",
    1_642_871_305,
    "nlpcards Typed",
    _fields(7_301_446_000, "Question", "Answer", "Typed", "Accept", "Tolerance"),
    (
        Template(
            7_301_446_101,
            "Type the answer",
            front(question(field("Question")), block("typed", "{{type:Typed}}")),
            back(asked(field("Question")), block("typed", "{{type:Typed}}"), answer(field("Answer")), also()),
        ),
    ),
)
"""A question whose answer is typed; `Typed` is the answer without any mark-up, with which Anki compares."""

CONTRAST = NoteType(
    "contrast",
    1_642_871_306,
    "nlpcards Contrast",
    _fields(7_301_447_000, "Cell", "Table"),
    (
        Template(
            7_301_447_101,
            "Fill in the cell",
            front(to_do("Fill in the cell"), block("cell", field("Cell")), question("{{cloze:Table}}", "table")),
            back(to_do("Fill in the cell"), block("cell", field("Cell")), question("{{cloze:Table}}", "table")),
        ),
    ),
    cloze=True,
)
"""One cell of a table, which it hides; `Cell` names it by its row and its column."""

STEPS = NoteType(
    "steps",
    1_642_871_307,
    "nlpcards Step",
    _fields(7_301_448_000, "Step", "Title", "Before", "Task"),
    (
        Template(
            7_301_448_101,
            "Next step",
            front(to_do(field("Task")), question(field("Title"), "title"), where("Before", question(field("Before")))),
            back(
                to_do(field("Task")),
                question(field("Title"), "asked title"),
                where("Before", question(field("Before"), "asked")),
                '<hr id="answer">\n',
                answer(field("Step"), "step"),
            ),
        ),
    ),
)
"""One step of a procedure, after those before it."""

DRILL = NoteType(
    "drill",
    1_642_871_308,
    "nlpcards Drill",
    _fields(7_301_449_000, "Question", "Answer", "Tolerance", "Examples"),
    (
        Template(
            7_301_449_101,
            "Work it out",
            front(to_do("Work it out"), question(field("Question"))),
            back(
                to_do("Work it out"),
                asked(field("Question")),
                answer(field("Answer")),
                tolerance(),
                where("Examples", folded("examples", "With other numbers", field("Examples"))),
            ),
        ),
    ),
)
"""A question in numbers, worked out, with further examples in `Examples`."""

EXPLAIN = NoteType(
    "explain",
    1_642_871_309,
    "nlpcards Explain",
    _fields(7_301_450_000, "Question", "Points"),
    (
        Template(
            7_301_450_101,
            "Explain",
            front(to_do("Explain"), question(field("Question"))),
            back(
                to_do("Explain"),
                asked(field("Question")),
                block("also", "Did you make these points?"),
                answer(field("Points"), "points"),
            ),
        ),
    ),
)
"""Something to explain, and the points of a good explanation."""

NOTE_TYPES = (BASIC, BOTH_WAYS, CLOZE, TERM, TYPED, CONTRAST, STEPS, DRILL, EXPLAIN)
"""Every note type."""

NOTE_TYPE = {each.id: each for each in NOTE_TYPES}
"""Every note type by its id."""


def own_css() -> str:
    """The look of the cards, but for the colours of code."""
    return files("nlpcards.anki").joinpath("cards.css").read_text("utf-8")


@lru_cache(maxsize=1)
def css() -> str:
    """The whole style sheet of the note types, in light and in night mode."""
    return f"{own_css()}\n/* Code */\n{pygments_css()}"


def model(note_type: NoteType) -> genanki.Model:
    """The note type as genanki writes it, with the ids that keep it itself when it is renamed."""
    import genanki

    return genanki.Model(
        note_type.id,
        note_type.name,
        fields=[
            {
                "id": field.id,
                "name": field.name,
                "collapsed": field.hidden,
                "excludeFromSearch": field.name == "SourceText",
                "plainText": field.hidden,
                "font": "Arial",
            }
            for field in note_type.fields
        ],
        templates=[
            {"id": template.id, "name": template.name, "qfmt": template.front, "afmt": template.back}
            for template in note_type.templates
        ],
        css=css(),
        model_type=genanki.Model.CLOZE if note_type.cloze else genanki.Model.FRONT_BACK,
    )
