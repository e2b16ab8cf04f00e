"""The cards' HTML in Anki's template language, piece by piece, so that all note types look like one family.

A card is a label (the deck and the topic), a task where the question does not say itself what to do, and the question;
its back repeats those and adds the answer and, folded, why it is so and who says so.
"""

from __future__ import annotations


def field(name: str) -> str:
    """A field's content."""
    return f"{{{{{name}}}}}"


def block(css_class: str, content: str) -> str:
    """A part of a card."""
    return f'<div class="{css_class}">{content}</div>\n'


def where(name: str, content: str) -> str:
    """Something that stands on a card only where the field `name` says something."""
    return f"{{{{#{name}}}}}{content.rstrip()}{{{{/{name}}}}}\n"


def task(text: str) -> str:
    """What to do, in a few words; nothing for an empty text."""
    return block("task", text) if text else ""


def folded(css_class: str, summary: str, content: str) -> str:
    """Something that opens when it is asked for."""
    return f'<details class="{css_class}"><summary>{summary}</summary><div>{content}</div></details>\n'


def front(*parts: str) -> str:
    """The front of a card."""
    return f'<div class="nlpcards">\n{block("label", field("Topic"))}{"".join(parts)}</div>'


def back(*parts: str) -> str:
    """The back of a card: not Anki's `FrontSide`, which would bring the front's size along."""
    return front(*parts, below())


def question(content: str, kind: str = "") -> str:
    """What is asked, on the front; `kind` is a further class."""
    return block(f"question {kind}".rstrip(), content)


def asked(content: str, kind: str = "") -> str:
    """What was asked, quietly, above the answer."""
    return question(content, f"asked {kind}".rstrip()) + '<hr id="answer">\n'


def answer(content: str, kind: str = "") -> str:
    """The answer; `kind` is a further class."""
    return block(f"answer {kind}".rstrip(), content)


def below() -> str:
    """What stands under the answer of every card."""
    return "".join(where(name, folded(name.lower(), name, field(name))) for name in ("Why", "Source"))


def also() -> str:
    """What else counts as right, of a typed answer."""
    return where("Accept", block("also", f"Also right: {field('Accept')}")) + tolerance()


def tolerance() -> str:
    """How far off a number may be."""
    return where("Tolerance", block("also", f"Right within {field('Tolerance')}"))
