"""What is wrong between deck files: ids that no note has, circles of prerequisites, ids that two files claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from nlpcards.core.cards import Place, deck_of
from nlpcards.decks.circles import MOST_CIRCLES, circles, describe_circle
from nlpcards.decks.deck_file import DeckFile, PlacedReference
from nlpcards.decks.extending import Member
from nlpcards.decks.problems import Problem, Severity

_MOST_NAMES = 5_000
"""Among more names than this none is looked for that may have been meant: each comparison takes time."""


def check_between(
    members: Mapping[str, Member], files: Iterable[DeckFile], elsewhere: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    """Everything that only shows once all files are read; `files` has those too that belong to no deck.

    `elsewhere` are ids of notes that exist in decks which were not read, so that others may name them.
    """
    names = tuple(members)
    for file in files:
        if file.extends and file.deck is not None and file.deck.id not in members:
            hint = _meant(file.deck.id, names) or "Mend the id, or add the deck that it is meant for."
            yield problem(file.deck_place, "D509", f"there is no deck `{file.deck.id}` to extend", hint)
    checking = _Checking(members, elsewhere)
    for member in members.values():
        yield from checking.check(member)
    yield from checking.circles()


class _Known:
    """The full ids of all notes, broken ones included: gathered deck by deck, since few decks are ever named."""

    def __init__(self, members: Mapping[str, Member]) -> None:
        self._members = members
        self._ids: dict[str, frozenset[str]] = {}

    def __contains__(self, full_id: str) -> bool:
        deck = deck_of(full_id)
        ids = self._ids.get(deck)
        if ids is None:
            member = self._members.get(deck)
            ids = self._ids[deck] = member.note_ids() if member else frozenset()
        return full_id in ids


class _Checking:
    def __init__(self, members: Mapping[str, Member], elsewhere: frozenset[str]) -> None:
        self.members = members
        self.known = _Known(members)
        self.elsewhere = elsewhere
        self.claimed: dict[str, PlacedReference] = {}
        self.places: dict[tuple[str, str], Place] = {}
        """Where a note says that it needs another, where a file by itself cannot see whether it does in a circle."""

    def check(self, member: Member) -> Iterator[Problem]:
        """What the files of one deck say of others."""
        standing = {}
        if member.extensions:
            standing = {note.full_id: note.place.path for note in member.deck().notes}
        for number, file in enumerate(member.files):
            for reference in file.references:
                is_of_note = "/" in reference.note
                if is_of_note and member.extensions and standing.get(reference.note) != file.path:
                    # The note was replaced or left out; or it is broken, and then another file's may stand for it.
                    if reference.note in standing or reference.note not in self.known:
                        continue
                yield from self._check(member, number, file, reference)

    def _check(self, member: Member, number: int, file: DeckFile, reference: PlacedReference) -> Iterator[Problem]:
        target, place = reference.target, reference.place
        match reference.key:
            case "was":
                yield from self._check_claim(file, reference)
            case "cite":
                sources = tuple(sorted(member.sources()))
                if target not in sources:
                    hint = _meant(target, sources) or "Add it under `sources`, or cite one of the extended deck."
                    yield problem(place, "D424", f"there is no source `{target}`", hint)
            case "drop":
                yield from self._check_drop(member, number, reference)
            case "extends":
                pass
            case _ if target not in self.known and file.extends and deck_of(target) == reference.note.split("/")[0]:
                name = target.split("/", 1)[1]
                hint = _meant(name, _names(member.note_ids())) or "Mend the id; one of another deck is `deck/note`."
                yield problem(place, "D501", f"there is no note `{name}` in this deck", hint)
            case _ if target not in self.known and target not in self.elsewhere:
                yield problem(
                    place,
                    "D503",
                    f"there is no note `{target}` in these decks; until there is, it counts as met",
                    "Mend the id, or add the deck that it is in.",
                    Severity.ADVICE,
                )
            case "needs":
                self.places[reference.note, target] = place

    def _check_claim(self, file: DeckFile, reference: PlacedReference) -> Iterator[Problem]:
        target = reference.target
        first = self.claimed.setdefault(target, reference)
        if (target in self.known and target not in file.note_ids) or target in self.members:
            what = "a note" if "/" in target else "a deck"
            yield problem(
                reference.place,
                "D505",
                f"`{target}` is the present id of {what}, so it cannot be a former one",
                f"Remove it from `was`, or rename the other {what.removeprefix('a ')}.",
            )
        elif first is not reference and first.place.path != reference.place.path:
            yield problem(
                reference.place,
                "D505",
                f"`{target}` is claimed as a former id at {first.place} already",
                "Keep it in one place: a history can go to one only.",
            )

    def _check_drop(self, member: Member, number: int, reference: PlacedReference) -> Iterator[Problem]:
        # The member's own file is number 0, its first extension number 1.
        before = member.known_before(number - 1)
        name = reference.target.split("/", 1)[1]
        if reference.target not in before:
            hint = _meant(name, _names(before)) or "Mend the id, or remove it from `drop`."
            yield problem(reference.place, "D510", f"there is no note `{name}` in the extended deck", hint)
        elif reference.target not in self.known:
            outline = member.deck().outline
            needing = [note for note, needs in outline.needs.items() if reference.target in needs]
            if needing:
                others = ", ".join(f"`{each}`" for each in needing[:5])
                yield problem(
                    reference.place,
                    "D511",
                    f"`{name}` is left out though it is needed by {others}; it counts as met",
                    "Leave out what needs it too, or replace that by a note that does not.",
                    Severity.ADVICE,
                )

    def circles(self) -> Iterator[Problem]:
        """Prerequisites that lead back to where they began, through more than one file."""
        if not self.places:
            return
        outlines = {name: member.deck().outline for name, member in self.members.items()}
        needs = {f"{deck}/{note}": them for deck, each in outlines.items() for note, them in each.needs.items()}
        for circle in islice(circles(needs), MOST_CIRCLES):
            # A circle within one file is reported with that file.
            steps = zip(circle, (*circle[1:], circle[0]), strict=True)
            place = next((self.places[step] for step in steps if step in self.places), None)
            if place is not None:
                message = describe_circle("notes", circle)
                yield problem(place, "D504", message, "Remove one of these from a note's `needs`.")


def replacement(later: DeckFile, earlier: DeckFile, *, same_place: bool) -> Problem:
    """A deck's file takes the place of an earlier one of the same id; an error where both are in one place."""
    assert later.deck is not None
    if same_place:
        return problem(
            later.deck_place,
            "D508",
            f"the deck `{later.deck.id}` is also in {earlier.path}, which this file replaces",
            "Give one of the two another id, or remove one.",
        )
    return problem(
        later.deck_place,
        "D507",
        f"this deck `{later.deck.id}` replaces the one in {earlier.path}",
        f"If that is not meant, give it another id; to change some of its notes, write `extends: {later.deck.id}`.",
        Severity.ADVICE,
    )


def problem(place: Place, code: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> Problem:
    """A problem at a place."""
    return Problem(place.path, place.line, place.column, severity, code, message, hint)


def _names(full_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(full.split("/", 1)[1] for full in full_ids))


def _meant(name: str, known: tuple[str, ...]) -> str:
    from nlpcards.decks.keys import nearest

    meant = nearest(name, known) if len(known) <= _MOST_NAMES else ""
    return f"Did you mean `{meant}`?" if meant else ""
