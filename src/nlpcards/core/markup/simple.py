r"""Reading at once what most answers are: one paragraph of words, `code` and $maths$, with nothing else in it.

It takes a thirtieth of the time of the whole grammar for words, a seventh with code and maths. It is never a reading of
its own: whatever it reads, the whole grammar reads the same, and what might be anything else it leaves to that.
"""

import re

from nlpcards.core.markup.tree import Code, Document, Inline, Math, Paragraph, Text

_SIGNS = "¡-¬®-ʯΑ-ω‘’“”–—…⁰-₎←-⇿∀-⋿%@"
"""Letters and signs, from `²` to `→` and `≤`, that mean nothing to Markdown anywhere, and are shown as they are."""
_WORDS = rf"[A-Za-z0-9 ,;:'\"?()./=+#{_SIGNS}-]"
"""Characters that mean nothing to Markdown but where a line begins, and that are shown as they are."""
_INSIDE = r"(?! )[A-Za-z0-9 ,;:'\"?()./=+*_^|<>!@#%&~{}\[\]\\-]++(?<! )"
"""What code and maths may hold: neither a backtick nor a dollar, by which their ends are found."""
_CODE = rf"`{_INSIDE}`(?!`)"
_MATHS = rf"\${_INSIDE}(?<!\\)\$(?![0-9²³¹⁰-₎$])"
# A line may not begin as a list does, and not with the spaces of code; two spaces at its end would break it.
_LINE = rf"(?![0-9]+[.)](?:[ \n]|\Z))(?=[A-Za-z0-9{_SIGNS}'\"(`$])(?:{_WORDS}++|{_CODE}|{_MATHS})++(?<! )"
# Possessive quantifiers, so that a text which is not simple is seen not to be so in one pass.
_SIMPLE = re.compile(rf"{_LINE}(?:\n{_LINE})*+")
_SPAN = re.compile(rf"({_CODE}|{_MATHS})")


def words_alone(text: str) -> str | None:
    """The words, on one line, of a text in which there is nothing but words; None where there may be more."""
    if "`" in text or "$" in text or not _SIMPLE.fullmatch(text):
        return None
    return " ".join(text.split()) if "  " in text or "\n" in text else text


def simple(text: str) -> Document | None:
    """The document that a text is, None where it needs the whole grammar; a cloze always does."""
    if (words := words_alone(text)) is not None:
        return Document((Paragraph((Text(words),)),))
    if "{{" in text or not _SIMPLE.fullmatch(text):
        return None
    children: list[Inline] = []
    for part in _SPAN.split(text):
        if part[:1] == "`":
            children.append(Code((part[1:-1],)))
        elif part[:1] == "$":
            children.append(Math((part[1:-1],)))
        elif part:
            children.append(Text(re.sub(r"[ \n]+", " ", part)))
    return Document((Paragraph(tuple(children)),))
