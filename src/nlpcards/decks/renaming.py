"""Another id for a deck, a note or a card: what changes in which files, so that history and references follow.

The id changes where it stands, `was` says what it was, and `needs`, `confusable` and `extends` name the new one in all
files of the library. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from nlpcards.core.cards import Note
from nlpcards.core.errors import NlpcardsError, UsageError
from nlpcards.decks.card_keys import key_edits
from nlpcards.decks.deck_text import DeckText, Edit, NoteText, mistakes_of
from nlpcards.decks.files import Content, read_content
from nlpcards.decks.formatting import format_text
from nlpcards.decks.former import Was, edits_for, was_of
from nlpcards.decks.keys import SLUG, nearest, slug_of
from nlpcards.decks.library import Library
from nlpcards.decks.moving import moved_note, needed_sources
from nlpcards.decks.nodes import ListNode, Node, Scalar
from nlpcards.decks.reader import DeckFile, read_text
from nlpcards.decks.saving import Change
from nlpcards.decks.trial import new_errors


class _Texts:
    """The files of a library as texts, and the edits that were decided on for each."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._texts: dict[str, DeckText] = {}
        self._edits: dict[str, list[Edit]] = {}

    def text(self, path: str) -> DeckText:
        """A file that is to be changed.

        Raises:
            DeckErrors: it cannot be read, or has errors, so that nobody can say what a change would come to.
        """
        if path not in self._texts:
            content = read_content(Path(path))
            if not isinstance(content, Content):
                raise NlpcardsError(content.message, place=path, remedy=content.hint)
            self._texts[path] = DeckText(content.data, path)
        return self._texts[path]

    def edit(self, path: str, edits: Iterable[Edit]) -> None:
        """Decide on edits of a file."""
        found = [edit for edit in edits if self.text(path).text[edit.start : edit.end] != edit.text]
        if found:
            self._edits.setdefault(path, []).extend(found)

    def changes(self) -> tuple[Change, ...]:
        """What the edits come to.

        Raises:
            DeckErrors: a file to be changed has errors.
            NlpcardsError: there would be an error then.
        """
        made = []
        for path, edits in self._edits.items():
            text = self.text(path)
            if any(problem.is_error for problem in read_text(text.text, path).problems):
                raise mistakes_of(text.text, path)
            made.append(Change(Path(path), text.data, _formatted(text, text.edited(edits))))
        for error in new_errors(self._library, made):
            raise NlpcardsError(
                f"the change would leave a mistake: {error.message}",
                place=f"{error.path}:{error.line}:{error.column}",
                remedy=f"{error.hint} Nothing was changed.",
            )
        return tuple(made)

    def follow(self, renamed: Mapping[str, str], decks: Mapping[str, str] | None = None) -> None:
        """Let every reference to a renamed note, or to a note of a renamed deck, name it by its new id."""
        for file in self._library.files:
            if file.deck is None or self._library.ships(file.path):
                continue
            if not _may_name(file, renamed, decks or {}):
                continue
            text = self.text(file.path)
            own = file.deck.id
            # What is renamed with its own deck stays a bare id.
            now = (decks or {}).get(own, own)
            for note in text.notes:
                for key in ("needs", "confusable"):
                    self.edit(file.path, _followed(note.get(key), own, now, renamed, decks or {}))


def _formatted(text: DeckText, edited: bytes) -> bytes:
    """What becomes of a file: formatted where it was so before, since that is how its author keeps it."""
    try:
        before = format_text(text.text, text.path)
        return format_text(edited.decode("utf-8"), text.path).encode() if before.encode() == text.data else edited
    except NlpcardsError:
        return edited


def _may_name(file: DeckFile, renamed: Mapping[str, str], decks: Mapping[str, str]) -> bool:
    """Whether a note of a file names something that is renamed."""
    assert file.deck is not None
    names = [*renamed, *decks]
    try:
        text = Path(file.path).read_text("utf-8", "replace")
    except OSError:
        return False
    return any(name in text or name.split("/")[-1] in text for name in names)


def _followed(
    node: Node | None,
    own: str,
    now: str,
    renamed: Mapping[str, str],
    decks: Mapping[str, str],
) -> list[Edit]:
    scalars = [node] if isinstance(node, Scalar) else node.items if isinstance(node, ListNode) else []
    edits = []
    for scalar in scalars:
        if not isinstance(scalar, Scalar) or not scalar.value:
            continue
        written = scalar.value
        deck, _, name = (written if "/" in written else f"{own}/{written}").partition("/")
        full = renamed.get(f"{deck}/{name}") or (f"{decks[deck]}/{name}" if deck in decks else f"{deck}/{name}")
        if full == f"{deck}/{name}":
            continue
        bare = full.removeprefix(f"{now}/") if "/" not in written or full.startswith(f"{now}/") else full
        if bare != written:
            edits.append(Edit(scalar.start, scalar.end, bare))
    return edits


def rename(library: Library, old: str, new: str) -> tuple[Change, ...]:
    """The changes that give a deck (`lstm`), a note (`lstm/gates`) or a card (`lstm/gates#c1`) another id; for a note
    that may be one of another deck, which moves it there.

    Raises:
        UsageError: there is no such deck, note or card, or the new id is none or is taken.
        DeckErrors: a file that would be changed has errors.
        NlpcardsError: it came with the program; or it cannot be moved as it is.
    """
    texts = _Texts(library)
    if "#" in old:
        _rename_card(library, texts, old, new)
    elif "/" in old:
        _rename_note(library, texts, old, new)
    else:
        _rename_deck(library, texts, old, new)
    return texts.changes()


# ---- decks


def _rename_deck(library: Library, texts: _Texts, old: str, new: str) -> None:
    file = library.file(old)
    if file is None:
        raise UsageError(f"there is no deck {old}", remedy=_meant(old, library.decks) or "See `nlpcards decks`.")
    _check_slug(new, "a deck")
    if new in library.decks:
        raise UsageError(f"there is a deck {new} already", place=library.decks[new].path, remedy="Choose another id.")
    _refuse_shipped(library, file.path, old)
    others = [each for each in library.files if each.deck is not None and each.deck.id == old and not each.extends]
    if len(others) > 1:
        place = next(each.path for each in others if each is not file)
        raise NlpcardsError(
            f"the deck {old} stands in for another of that id, which would come back and have its history",
            place=place,
            remedy="Keep its id, or write the notes into a new deck.",
        )
    text = texts.text(file.path)
    node = text.get("deck")
    assert isinstance(node, Scalar)
    texts.edit(file.path, [Edit(node.start, node.end, new)])
    assert file.deck is not None
    formers = tuple(former for former in dict.fromkeys((*file.deck.was, old)) if former != new)
    texts.edit(file.path, [_deck_was(text, formers)])
    for found in text.notes:
        # Back under an old id of its deck a note may be called as it was before.
        note = library.note(f"{old}/{found.id}")
        was = was_of(found)
        left = was.without(f"{new}/{found.id}", note.body.card_keys() if note else ())
        if left != was:
            texts.edit(file.path, edits_for(text, found, left, found.id))
    for each in library.files_of(old)[1:]:
        extends = texts.text(each.path).get("extends")
        assert isinstance(extends, Scalar)
        _refuse_shipped(library, each.path, old)
        texts.edit(each.path, [Edit(extends.start, extends.end, new)])
    texts.follow({}, {old: new})


def _deck_was(text: DeckText, formers: Sequence[str]) -> Edit:
    value = f"was: [{', '.join(formers)}]"
    entry = next(((key, node) for key, node in text.root.entries if key.value == "was"), None)
    if entry is not None:
        return Edit(entry[0].start, text.content_end(entry[1]), value)
    ends = [text.content_end(node) for key, node in text.root.entries if key.value in ("deck", "title", "topic")]
    at = text.line_end(max(ends))
    return Edit(at, at, f"\n{value}")


# ---- notes


def _rename_note(library: Library, texts: _Texts, old: str, new: str) -> None:
    deck = old.split("/")[0]
    new = new if "/" in new else f"{deck}/{new}"
    new_deck, _, new_name = new.partition("/")
    note = _note(library, old)
    _check_slug(new_name, "a note")
    if new_deck not in library.decks:
        raise UsageError(
            f"there is no deck {new_deck}", remedy=_meant(new_deck, library.decks) or "See `nlpcards decks`."
        )
    if any(new in file.note_ids for file in library.files_of(new_deck)):
        taken = library.note(new)
        raise UsageError(
            f"there is a note {new} already", place=str(taken.place) if taken else "", remedy="Choose another id."
        )
    _refuse_shipped(library, note.place.path, old)
    if sum(old in file.note_ids for file in library.files_of(deck)) > 1:
        raise NlpcardsError(
            f"the note {old} corrects the one of the deck that its file extends, so its id is that one's",
            place=str(note.place),
            remedy="Keep its id; or write it as a new note, and that one's id under `drop`.",
        )
    text = texts.text(note.place.path)
    found = _found(text, note)
    was = was_of(found)
    if new_deck == deck:
        was = was.moved(deck, note.id, to=new)
        texts.edit(note.place.path, [_id_edit(found, new_name), *edits_for(text, found, was, new_name)])
    else:
        _move(library, texts, note, found, new)
    texts.follow({old: new})


def _id_edit(note: NoteText, name: str) -> Edit:
    node = note.get("id")
    if isinstance(node, Scalar):
        return Edit(node.start, node.end, name)
    first = note.node.entries[0][0].start
    return Edit(first, first, f"id: {name}, " if note.node.flow else f"id: {name}\n{'':{note.column}}")


def _move(library: Library, texts: _Texts, note: Note, found: NoteText, new: str) -> None:
    deck, new_deck = library.decks[note.deck], new.split("/")[0]
    target = next((each for each in reversed(library.files_of(new_deck)) if not library.ships(each.path)), None)
    if target is None:
        raise NlpcardsError(
            f"the deck {new_deck} came with the program, so no note is moved into its file",
            place=library.decks[new_deck].path,
            remedy=f"Begin a file of your own that extends it, with `nlpcards new note {new_deck}`.",
        )
    text, there = texts.text(note.place.path), texts.text(target.path)
    assert target.deck is not None
    topic = deck.topic if found.get("topic") is None and library.decks[new_deck].topic != deck.topic else ""
    lines = moved_note(text, found, note, new, topic=topic, decks=(deck.id, *deck.was))
    sources = needed_sources(library, texts.text, note, target)
    texts.edit(note.place.path, [text.removed(found)])
    texts.edit(target.path, [*sources, *there.appended(lines)])


# ---- cards


def _rename_card(library: Library, texts: _Texts, old: str, new: str) -> None:
    full, _, key = old.partition("#")
    new_full, has_note, new_key = new.rpartition("#")
    if has_note and new_full not in ("", full):
        raise UsageError(
            f"{new} is a card of another note than {old}",
            remedy=f"Rename the note with `nlpcards rename {full} {new_full}`, and its card by itself.",
        )
    note = _note(library, full)
    keys = note.body.card_keys()
    if key not in keys:
        raise UsageError(f"the note {full} has no card {key}", remedy=f"It has {', '.join(keys)}.")
    if new_key == key:
        raise UsageError(f"the card {old} is called so already", remedy="Choose another key.")
    _refuse_shipped(library, note.place.path, full)
    text = texts.text(note.place.path)
    found = _found(text, note)
    edits, renamed = key_edits(text, found, note, key, new_key)
    present = frozenset(keys).difference(renamed.values()) | renamed.keys()
    was: Was = was_of(found).with_cards(renamed, present)
    texts.edit(note.place.path, [*edits, *edits_for(text, found, was, note.id)])


# ---- what all of them need


def _note(library: Library, full: str) -> Note:
    note = library.note(full)
    if note is None:
        broken = library.broken_note(full)
        if broken is not None:
            raise UsageError(
                f"the note {full} has an error", place=str(broken), remedy="Mend it first (see `nlpcards check`)."
            )
        remedy = _meant(full, library.notes) or f"`nlpcards show {full.split('/')[0]}` lists a deck's notes."
        raise UsageError(f"there is no note {full}", remedy=remedy)
    return note


def _found(text: DeckText, note: Note) -> NoteText:
    start_line = note.place.line
    for each in text.notes:
        if (each.id == note.id and not note.id_is_hash) or (
            note.id_is_hash and text.text.count("\n", 0, each.node.start) + 1 == start_line
        ):
            return each
    raise NlpcardsError(
        f"the note {note.full_id} is no longer where it was",
        place=str(note.place),
        remedy="Do it again; the file changed meanwhile.",
    )


def _check_slug(name: str, what: str) -> None:
    if not SLUG.fullmatch(name):
        suggestion = slug_of(name)
        raise UsageError(
            f"{name or 'an empty text'} is not an id for {what}",
            remedy="Ids are lower-case letters, digits and hyphens" + (f", as in {suggestion}." if suggestion else "."),
        )


def _refuse_shipped(library: Library, path: str, name: str) -> None:
    if library.ships(path):
        raise NlpcardsError(
            f"{name} came with the program, and its next version would have the old id again",
            place=path,
            remedy="Ids of bundled decks stay; `nlpcards edit` lets you change what a note of one says.",
        )


def _meant(name: str, known: Iterable[str]) -> str:
    meant = nearest(name, tuple(known))
    return f"Did you mean {meant}?" if meant else ""
