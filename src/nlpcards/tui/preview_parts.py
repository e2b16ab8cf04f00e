"""What the parts of a preview look like: the heading of a note, its cards, and mistakes as a compiler shows them."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from nlpcards.collection.previewing import Heading, Part, Shown, Wrong
from nlpcards.core.cards import Note
from nlpcards.core.kinds import Face
from nlpcards.core.kinds.drill import Drill
from nlpcards.core.kinds.typed import Typed, literal
from nlpcards.core.markup import Document, parse
from nlpcards.core.markup.safe import visible
from nlpcards.render.layout import layout
from nlpcards.tui.card import styled
from nlpcards.tui.headline import citations, links
from nlpcards.tui.sheet import Lines
from nlpcards.tui.words import safe

_ONE_LINE = 10_000
"""More cells than an answer to type ever takes."""


def note_of(part: Heading | Shown) -> Note:
    """The note that a part shows."""
    return part.note if isinstance(part, Heading) else part.card.note


def key_of(part: Part) -> tuple[object, ...]:
    """What names a part: the same one has the same key after an edit."""
    match part:
        case Heading(note=note):
            return ("note", note.id)
        case Shown(card=card):
            return ("card", card.id)
        case Wrong(problem=problem):
            return ("wrong", problem.line, problem.code)


def content_of(part: Part) -> tuple[object, ...]:
    """All that decides what a part looks like; not where it stands but for what it says of that."""
    match part:
        case Heading(note=note):
            return ("note", note.id, note.id_is_hash, note.place.line, _said(note))
        case Shown(card=card, last=last):
            cited = tuple(str(each) for each in card.note.cite) if last else ()
            return ("card", card.key, card.content(), part.face.given, last, cited)
        case Wrong(problem=problem, source=source):
            return ("wrong", problem, source)


def meaning_of(part: Part) -> tuple[object, ...]:
    """What a part says, wherever in the file it stands: a line more above it changes nothing of that."""
    match part:
        case Heading(note=note):
            return ("note", note.id, note.id_is_hash, _said(note))
        case Shown(card=card):
            return (*content_of(part), card.id)
        case Wrong(problem=problem, source=source):
            return ("wrong", problem.code, problem.message, source)


def lay(part: Part, hidden: bool, width: int) -> Lines:
    """The lines of a part at a width in cells; `hidden` leaves answers out."""
    match part:
        case Heading(note=note):
            name = "no id yet" if note.id_is_hash else safe(note.id)
            place = f"line {note.place.line}"
            rule = "─" * max(2, width - len(name) - len(place) - 6)
            head = Content.assemble(
                ("─ ", "$ink-muted"), (name, "bold $ink-accent"), (f" {rule} {place} ─", "$ink-muted")
            )
            said = Content.styled(_said(note), "$ink-muted").wrap(width) if _said(note) else ()
            return (Content(""), head, *said)
        case Wrong():
            return tuple(_wrong(part, width))
        case Shown(card=card, face=face, last=last):
            return (*_card(face, card.key, hidden, width), *(_below(part, width) if last and not hidden else ()))


def _said(note: Note) -> str:
    """What a note says beside its cards' text, in words."""
    parts = [
        f"{word} {safe(', '.join(values))}"
        for word, values in (
            ("needs", note.needs),
            ("kept apart from", note.confusable),
            ("tags", note.tags),
            ("concepts", note.concepts),
            ("was", note.was),
        )
        if values
    ]
    if isinstance(note.body, Typed):
        parts += [f"also right: {', '.join(map(_in_line, note.body.accept))}"] if note.body.accept else []
        parts += [f"tolerance {safe(note.body.tolerance)}"] if note.body.tolerance else []
    if isinstance(note.body, Drill) and note.body.tolerance:
        parts.append(f"tolerance {safe(note.body.tolerance)}")
    parts += [f"as of {note.as_of}"] if note.as_of else []
    parts += [f"expires {note.expires}"] if note.expires else []
    return " · ".join(parts)


def _in_line(answer: str) -> str:
    """An answer to type as its card would show it, in one line and without colours."""
    shown = literal(answer)
    lines = layout(parse(shown) if isinstance(shown, str) else shown, _ONE_LINE, ask=None, reveal=True)
    return safe(" ".join("".join(span.text for span in line).strip() for line in lines))


def _card(face: Face, key: str, hidden: bool, width: int) -> Iterator[Content]:
    task = f"  {face.task}" if face.task and face.task.lower() != key else ""
    yield Content("")
    yield Content.assemble((f"#{safe(key)}", "$ink-muted"), (task, "italic $ink-muted"))
    yield from _text(face.question_tree(), width, face.ask, reveal=False)
    if hidden:
        return
    yield Content.styled("╌" * min(24, width), "$ink-muted")
    answer = face.answer_tree()
    yield from _text(face.question_tree() if answer is None else answer, width, face.ask, reveal=True)


def _text(document: Document, width: int, ask: int | None, *, reveal: bool) -> Iterator[Content]:
    for line in layout(document, max(20, width - 2), ask=ask, reveal=reveal):
        yield Content("  ") + styled(line)


def _below(part: Shown, width: int) -> Iterator[Content]:
    """What stands under the answer of every card of a note; here once, below its last."""
    note = part.card.note
    if note.why:
        yield Content("")
        yield Content.styled("Why", "bold $ink-muted")
        yield from _text(parse(note.why), width, None, reveal=True)
    word, sources = citations(note)
    if sources:
        yield Content("")
        for number, line in enumerate(sources.split("\n")):
            label = word.partition(" (")[0] if number == 0 else ""
            yield from Content.styled(f"{label:8} {line}".rstrip(), "$ink-muted").wrap(width)
        for url in links(note):
            yield Content.styled(f"{'':8} {safe(url)}", "$ink-muted").truncate(width, ellipsis=True)


def _wrong(part: Wrong, width: int) -> Iterator[Content]:
    """A mistake as a compiler shows it: what, the line, a caret under the place, what to do."""
    problem = part.problem
    look = "$ink-error" if problem.is_error else "$ink-warning"
    sign = "✗" if problem.is_error else "•"
    message = safe(problem.message)
    yield Content("")
    head = Content.assemble(
        (f"{sign} {problem.code} ", f"bold {look}"),
        f"{message[:1].upper()}{message[1:]}. ",
        (f"line {problem.line}", "$ink-muted"),
    )
    yield from head.wrap(width)
    if problem.is_error:
        yield from _excerpt(part, width)
    yield from Content.styled(safe(problem.hint), "$ink-muted").wrap(width)


def _excerpt(part: Wrong, width: int) -> Iterator[Content]:
    problem = part.problem
    number = f"{problem.line:>5} │ "
    room = max(10, width - len(number))
    start = max(0, min(problem.column - 1, len(part.source)) - room + 10)
    source = part.source[start : start + room].replace("\t", "→")
    yield Content.assemble((number, "$ink-muted"), safe_line(source))
    before = Content(safe_line(source[: max(0, problem.column - 1 - start)])).cell_length
    yield Content.assemble((f"{'':5} │ ", "$ink-muted"), " " * before, ("^", "bold $ink-error"))


def safe_line(text: str) -> str:
    """A line of a file with its spaces kept and nothing in it that acts on the terminal."""
    return visible(text)
