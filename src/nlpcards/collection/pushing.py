"""A push to a running Anki: what differs there from here, and the requests that mend it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from nlpcards.anki.connect.changes import note_type_actions
from nlpcards.anki.connect.client import Action, AnkiConnect
from nlpcards.anki.connect.packages import Has, Packages
from nlpcards.anki.export import Report, deck_names, package
from nlpcards.anki.history.identities import Origins
from nlpcards.anki.history.signs import Signs
from nlpcards.anki.media import PICTURES, Media, Missing
from nlpcards.anki.note_types import NOTE_TYPE
from nlpcards.anki.reading.collection import opened
from nlpcards.collection.bringing_back import Known, Work
from nlpcards.collection.collection import Collection
from nlpcards.collection.exporting import MADE_BEFORE, Times, history_of, notes_to_export, root_of
from nlpcards.collection.pushing_history import HistoryPush
from nlpcards.collection.pushing_notes import NotesPush
from nlpcards.collection.searching import Selection
from nlpcards.collection.signs import AnkiSigns, now_there_s, with_flags
from nlpcards.core.cards import Deck
from nlpcards.core.errors import NothingToDo

Progress = Callable[[str, int, int], None]
"""As `running_anki.Progress`."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What went to Anki, or would.

    `added` and `updated` are Anki's notes, `note_types` those made to look as here, `media` the pictures' files,
    `reviews` rows of the review log and `schedules` cards set, both of cards that Anki had before.

    The rest stayed as it is there: `edited` notes were changed in Anki since they changed here, `foreign` ones are of
    note types of Anki's own that have no place for what changed here, `behind` are cards with answers that are not here
    yet, `borrowed` are cards in a filtered deck, `gone` are notes that no deck here has any more. `meanwhile`
    are cards that changed in Anki while the push ran. `crowded_out` are rows that found no room in the log, `held_back`
    those whose time has not come, of what was done under a clock that was ahead. `missing` are pictures that could not
    be taken.
    """

    added: int = 0
    updated: int = 0
    note_types: int = 0
    media: int = 0
    reviews: int = 0
    schedules: int = 0
    edited: int = 0
    foreign: int = 0
    behind: int = 0
    borrowed: int = 0
    gone: int = 0
    meanwhile: int = 0
    crowded_out: int = 0
    held_back: int = 0
    missing: tuple[Missing, ...] = ()

    @property
    def changes(self) -> int:
        """How many things differ in Anki from before."""
        return self.added + self.updated + self.note_types + self.media + self.reviews + self.schedules


class Push:
    """One push: what Anki has, in packages that it wrote, beside the chosen notes."""

    def __init__(
        self,
        collection: Collection,
        anki: AnkiConnect,
        packages: Packages,
        has: Has,
        known: Known,
        chosen: Selection,
        progress: Progress,
    ) -> None:
        """`has` is what Anki wrote, `known` is by what it knows the cards."""
        self._collection, self._anki, self._packages, self._has = collection, anki, packages, has
        self._chosen, self._progress = chosen, progress
        self._known = known
        self._times = Times(collection)

    def run(self, *, write: bool) -> Pushed:
        """Do it, or only say what would be done.

        Raises:
            NothingToDo: no note is chosen.
            NlpcardsError: Anki cannot be reached, or refuses something; what was done before is done.
        """
        decks = notes_to_export(self._collection, self._chosen.decks, self._chosen.query)
        if not any(deck.notes for deck in decks):
            raise NothingToDo("there is no note to push", remedy="Choose decks or a search that has notes.")
        with ExitStack() as files:
            every = [files.enter_context(opened(path)) for path in self._has.paths]
            found = [(each, list(each.notes())) for each in every]
            notes = NotesPush(self._collection, found, self._known, self._times, decks)
            types = {number: kind for each in every for number, kind in each.note_types.items() if number in NOTE_TYPE}
            looks = {number: list(note_type_actions(kind)) for number, kind in types.items()}
            chosen = {note.full_id for deck in decks for note in deck.notes}
            history = HistoryPush(self._collection, self._anki, found, self._known, chosen, self._has)
            gone = {
                note.guid
                for _, stored in found
                for note in stored
                if note.note_type in NOTE_TYPE and note.guid not in self._known.guids
            }
        pictures = self._lacking(notes.media)
        held_back = history.held_back
        if write:
            self._times.note_down()
            self._do("note type", [action for actions in looks.values() for action in actions])
            if notes.fresh:
                held_back += self._add(decks, notes).held_back
                self._see_signs()
            self._do("change of notes", [action for change in notes.changes for action in change.actions()])
            # Those of new notes came with them.
            self._send(self._lacking(notes.media) if pictures and notes.fresh else pictures)
        crowded_out = history.write(self._progress) if write else 0
        return Pushed(
            added=notes.fresh,
            updated=len(notes.changes),
            note_types=sum(map(bool, looks.values())),
            media=len(pictures),
            reviews=len(history.rows) - crowded_out,
            schedules=len(history.schedules),
            edited=notes.edited,
            foreign=notes.foreign,
            behind=history.behind,
            borrowed=history.borrowed,
            gone=len(gone),
            meanwhile=history.meanwhile,
            crowded_out=crowded_out,
            held_back=held_back,
            missing=tuple(notes.media.missing),
        )

    def _do(self, what: str, actions: Sequence[Action]) -> None:
        self._anki.each(actions, lambda done: self._progress(what, done, len(actions)))

    def _add(self, decks: Sequence[Deck], notes: NotesPush) -> Report:
        """Have Anki take a package of the notes that it does not have."""
        # Of all decks, so that each has one name whatever is chosen.
        names = deck_names(self._collection.library.decks.values())
        there = {str(name).casefold() for name in self._anki.call("deckNames")}
        settled = frozenset(deck for deck, name in names.items() if name.casefold() in there)
        with tempfile.TemporaryDirectory(prefix="nlpcards-") as folder:
            path = Path(folder) / "new.apkg"
            report = package(
                decks,
                path,
                mod=lambda note, _: notes.mods[note],
                root_of=root_of(self._collection),
                history=replace(history_of(self._collection), settled=settled),
                names=names,
                cache=self._collection.home.cache / MADE_BEFORE,
                origins=Origins(self._known.names),
                leave_out=notes.there,
                progress=lambda done, total: self._progress("note written", done, total),
            )
            self._packages.take(path)
        return report

    def _see_signs(self) -> None:
        """Keep with which signs new notes came to Anki, by which it shows what is set there from now on."""
        journal = self._collection.journal
        ours = {name: Signs(s.suspended, s.flag) for name, s in journal.all_states().items() if s.suspended or s.flag}
        if not ours:
            return
        seen_s, flags = now_there_s(self._collection), self._packages.flags()
        for path in self._packages.written(every_deck=False):
            with opened(path) as found:
                cards = self._known.cards_of(found)
                work = Work(self._collection, found, cards)
                signs = AnkiSigns(self._collection, work.device, self._known.names, work.day_of, seen_s)
                journal.insert(signs.agreed(cards, ours, with_flags(found.schedules(), flags)))

    def _lacking(self, media: Media) -> dict[str, Path]:
        """The pictures that Anki does not have, by their names there."""
        if not media.files:
            return {}
        there = set(self._anki.listed(self._anki.call("getMediaFilesNames", pattern=f"{PICTURES}*"), str))
        return {name: path for name, path in media.files.items() if name not in there}

    def _send(self, pictures: dict[str, Path]) -> None:
        for done, (name, path) in enumerate(pictures.items(), 1):
            self._packages.store(name, path)
            self._progress("picture", done, len(pictures))
