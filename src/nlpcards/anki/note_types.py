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

from nlpcards.render.html import pygments_css

if TYPE_CHECKING:
    import genanki

DESIGN_TIME = 1_795_000_000
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


def _label() -> str:
    return '<div class="label">{{Topic}}</div>'


def _below() -> str:
    """What stands under an answer on every card: why it is so, and who says so."""
    return (
        '{{#Why}}<div class="why">{{Why}}</div>{{/Why}}\n{{#Source}}<div class="source">{{Source}}</div>{{/Source}}\n'
    )


def _front(asked: str) -> str:
    return f'<div class="nlpcards">\n{_label()}\n<div class="question">{{{{{asked}}}}}</div>\n</div>'


def _back(asked: str, answer: str) -> str:
    """The question, small, above the answer. Not `FrontSide`: it would bring the front's label and size along."""
    return (
        f'<div class="nlpcards">\n{_label()}\n<div class="question asked">{{{{{asked}}}}}</div>\n<hr id="answer">\n'
        f'<div class="answer">{{{{{answer}}}}}</div>\n{_below()}</div>'
    )


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


_ASK = ("Question to answer", _front("Question"), _back("Question", "Answer"))
_REVERSE = ("Answer to question", _front("Answer"), _back("Answer", "Question"))

BASIC = NoteType(
    "basic",
    1_642_871_301,
    "nlpcards Basic",
    (Field(7_301_442_001, "Question"), Field(7_301_442_002, "Answer"), *_common(7_301_442_000)),
    (Template(7_301_442_101, *_ASK),),
)
"""A question and its answer."""

BOTH_WAYS = NoteType(
    "basic-both",
    1_642_871_302,
    "nlpcards Basic (both ways)",
    (Field(7_301_443_001, "Question"), Field(7_301_443_002, "Answer"), *_common(7_301_443_000)),
    (Template(7_301_443_101, *_ASK), Template(7_301_443_102, *_REVERSE)),
)
"""A question and its answer, each asked for the other."""

CLOZE = NoteType(
    "cloze",
    1_642_871_303,
    "nlpcards Cloze",
    (Field(7_301_444_001, "Text"), *_common(7_301_444_000)),
    (
        Template(
            7_301_444_101,
            "Cloze",
            f'<div class="nlpcards">\n{_label()}\n<div class="question">{{{{cloze:Text}}}}</div>\n</div>',
            f'<div class="nlpcards">\n{_label()}\n<div class="question">{{{{cloze:Text}}}}</div>\n{_below()}</div>',
        ),
    ),
    cloze=True,
)
"""A text with spans to fill in."""

NOTE_TYPES = (BASIC, BOTH_WAYS, CLOZE)
"""Every note type."""


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
