"""Markdown to the HTML of an Anki field: pictures renamed, and nothing left that Anki, LaTeX or MathJax acts on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import unescape

from nlpcards.anki.media import Media
from nlpcards.anki.rewrite import rewrite
from nlpcards.core.cards import Citation, Note
from nlpcards.core.kinds.trees import inline as inline_tree
from nlpcards.core.markup.cloze import scan
from nlpcards.core.markup.parser import parse
from nlpcards.core.markup.safe import visible
from nlpcards.core.markup.simple import words_alone
from nlpcards.core.markup.tree import Break, Cloze, Document, Emphasis, Image, Inline, Link, Paragraph, Table, Text
from nlpcards.render.html import hiding_to_html, to_html, words_to_html

_ANKI_TAG = re.compile(r"\[(/?)(sound:|anki:|latex\]|\$\$?\])", re.IGNORECASE)
"""What Anki takes for a sound, speech or LaTeX to run, wherever in a field it stands."""

_ACTING_TEX = re.compile(
    r"\\(href|url|class|style|cssId|data|require|includegraphics|csname|unicode|htmlClass|htmlId|htmlStyle|htmlData|texttip"
    r"|mmlToken|toggle|tooltip|def|gdef|edef|xdef|let|newcommand|renewcommand|providecommand|newenvironment|renewenvironment"
    r"|DeclareMathOperator)(?![A-Za-z])"
)
"""TeX commands with which MathJax makes links, styles and lasting definitions: they do more than show a formula."""

_ID = re.compile(r"[a-z0-9./#-]+")
_BEGINS = re.compile(r"<p>\w")
_TAG = re.compile(r"<[^>]*>")
_NOT_SHOWN = re.compile(r"<(?!img\b)[^>]*>|\\[()\[\]]|\s+")
_CLOZE_NUMBER = re.compile(r"\{\{c(\d+)::")


class Fields:
    """Makes the fields of one package's notes, and gathers their pictures."""

    def __init__(self, media: Media) -> None:
        self._media = media

    def html(self, note: Note, markdown: str) -> str:
        """A text as a field; never empty where the text is not, since Anki cannot ask a card without a front."""
        if (words := words_alone(markdown)) is not None:
            return words_to_html(words)
        field = self._html(note, markdown, parse(markdown))
        return field if _shows(field) else _inert(to_html(_verbatim(markdown)))

    def cloze(self, note: Note, markdown: str, numbers: tuple[int, ...]) -> str:
        """A cloze text as a field that holds a cloze of each of `numbers` and of no other.

        Where Markdown would swallow one (a cloze inside an address, say) the text goes out as it was written.
        """
        field = self._html(note, markdown, parse(markdown, cloze=True))
        if {int(number) for number in _CLOZE_NUMBER.findall(field)} != set(numbers):
            field = _inert(to_html(_verbatim_cloze(markdown)))
        return field

    def source(self, note: Note) -> str:
        """Who says so, and from when the fact is; empty where the note says neither."""
        return _source(note.cite, note.as_of) if note.cite or note.as_of is not None else ""

    def label(self, deck_title: str, topic: str) -> str:
        """The quiet line above a question: the deck, and the topic where it is not the deck's own (else empty)."""
        return _label(deck_title, topic)

    def tree(self, note: Note, document: Document) -> str:
        """A text that is already a tree, as a field."""
        return _inert(to_html(self._rewritten(note, document)))

    def hiding(self, note: Note, table: Table, number: int, places: Iterable[tuple[int, int]]) -> list[str]:
        """A table as a field for each of some places (row and column from 0), whose cell is a cloze there."""
        (own,) = self._rewritten(note, Document((table,))).blocks
        assert isinstance(own, Table)
        return [_inert(each) for each in hiding_to_html(own, number, places)]

    def line(self, note: Note, *texts: str) -> str:
        """Texts, shown one after the other on a line, as a field; empty where there is none."""
        between: Inline = Text(" · ")
        inlines = tuple(inline for text in texts for inline in (between, *inline_tree(text)))[1:]
        html = self.tree(note, Document((Paragraph(inlines),))) if inlines else ""
        return html.removeprefix("<p>").removesuffix("</p>")

    def _html(self, note: Note, markdown: str, document: Document) -> str:
        if "$" not in markdown and "![" not in markdown:
            return _inert(to_html(document))
        return _inert(to_html(rewrite(document, image=lambda image: self._picture(note, image), tex=_tame)))

    def _rewritten(self, note: Note, document: Document) -> Document:
        def picture(image: Image) -> Image:
            # One without words must not leave an item of a list or a cell of a table empty.
            taken = self._picture(note, image)
            return taken if taken.path or taken.pieces else Image(None, (visible(image.path or ""),))

        return rewrite(document, image=picture, tex=_tame)

    def _picture(self, note: Note, image: Image) -> Image:
        """The picture under its name in the package, or its words where it cannot be taken."""
        return Image(None if image.path is None else self._media.take(note, image.path), image.pieces)


def text_field(text: str) -> str:
    """A plain text as a field, on one line."""
    return text if _ID.fullmatch(text) else _text_field(text)


@lru_cache(maxsize=256)
def _text_field(text: str) -> str:
    field = to_html(Document((Paragraph((Text(visible(text)),)),))) if text else ""
    return _inert(field.removeprefix("<p>").removesuffix("</p>"))


@lru_cache(maxsize=256)
def _label(deck_title: str, topic: str) -> str:
    return text_field(" · ".join(filter(None, (deck_title.strip(), topic.replace("-", " ")))))


def plain(field: str) -> str:
    """A field's words alone, by which Anki sorts notes."""
    words = field.removeprefix("<p>").removesuffix("</p>")
    if "<" not in words and "&" not in words and "  " not in words and words.isprintable():
        return words.strip()
    return " ".join(unescape(_TAG.sub(" ", field)).split())


@lru_cache(maxsize=4096)  # many notes of a deck cite the same
def _source(cite: tuple[Citation, ...], as_of: date | None) -> str:
    lines = [_citation(each) for each in cite]
    if as_of is not None:
        lines.append((Text(f"As of {as_of.isoformat()}"),))
    inlines = [inline for line in lines for inline in (Break(), *line)][1:]
    return _inert(to_html(Document((Paragraph(tuple(inlines)),))))


def _shows(field: str) -> bool:
    return bool(_BEGINS.match(field) or _NOT_SHOWN.sub("", field))


def _tame(tex: str) -> str:
    return _ACTING_TEX.sub(r"\\backslash \\mathrm{\1}", tex)


def _inert(field: str) -> str:
    """The field without anything that Anki would play, speak or hand to LaTeX: one character becomes its entity.

    Never the bracket itself, which may be half of a formula's delimiter.
    """
    return _ANKI_TAG.sub(lambda found: f"[{found[1]}&#{ord(found[2][0])};{found[2][1:]}", field)


def _citation(cited: Citation) -> tuple[Inline, ...]:
    source = cited.source
    who = visible(source.authors or source.title)
    year = f" ({visible(source.year)})" if source.year else ""
    title: tuple[Inline, ...] = (Text(": "), Emphasis((Text(visible(source.title)),))) if source.authors else ()
    where: tuple[Inline, ...] = (Text(f", {visible(cited.where)}"),) if cited.where else ()
    url = visible(source.url)
    name = Text(f"{who}{year}")
    return (Link(url, (name,)) if re.fullmatch(r"https?://[^\s<>\"']+", url) else name, *title, *where)


def _verbatim(text: str) -> Document:
    return Document((Paragraph(_lines(text)),))


def _lines(text: str) -> tuple[Inline, ...]:
    lines = visible(text).split("\n")
    return tuple(inline for line in lines for inline in (Break(), Text(line)))[1:]


def _verbatim_cloze(text: str) -> Document:
    """The author's own text, its clozes marked and nothing else read in it."""
    inlines: list[Inline] = []
    end = 0
    for span in scan(text).spans:
        inlines += _lines(text[end : span.start])
        inlines.append(Cloze(span.number, span.hint, _lines(span.text)))
        end = span.end
    inlines += _lines(text[end:])
    return Document((Paragraph(tuple(inlines)),))
