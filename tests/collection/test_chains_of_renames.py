"""However often decks, notes and cards get other ids, the files alone bring the history back on another machine."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlpcards.core.errors import NlpcardsError
from nlpcards.core.journal import Review
from nlpcards.decks.formatting import format_text
from nlpcards.decks.library import load
from nlpcards.decks.renaming import rename
from nlpcards.decks.saving import save
from tests.support.learner import Learner
from tests.support.tracing import untraced

DECKS = {
    name: f"deck: {name}\ntitle: Deck {name}\nnotes:\n"
    f"  - id: {name}-cloze\n    cloze: In {name} {{{{c1::one}}}} stands by {{{{c2::another}}}}.\n"
    f"  - id: {name}-way\n    steps:\n      title: A way through {name}\n      of:\n"
    "        start: Begin.\n        end: End.\n"
    for name in ("d1", "e1", "f1")
}


class Machine:
    """Someone's decks, renamed step by step, and every id that each card ever had, by the card's first id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count(2)
        for name, text in DECKS.items():
            (folder / f"{name}.yaml").write_text(text, "utf-8")
        self.ids = {card.id: [card.id] for card in load([folder]).cards()}

    def renamed(self, old: str, new: str) -> None:
        """Rename a deck, a note or a card, where that can be done."""
        before = {card.id: card for card in load([self.folder]).cards()}
        try:
            save(rename(load([self.folder]), old, new))
        except NlpcardsError:
            return
        now = {(card.note.deck, card.note.id, card.key) for card in load([self.folder]).cards()}
        for those in self.ids.values():
            card = before[those[-1]]
            names = [card.note.deck, card.note.id, card.key]
            if old == card.note.deck:
                names[0] = new
            elif old == card.note.full_id:
                names[:2] = new.split("/")
            elif old == card.id:
                names[2] = new
            assert tuple(names) in now
            those.append(f"{names[0]}/{names[1]}#{names[2]}")

    def step(self, data: st.DataObject) -> None:
        """Any rename of anything there is, to an id that was never used, or back to one that the thing had."""
        library = load([self.folder])
        chosen = data.draw(st.sampled_from(self.present()))
        card = next(each for each in library.cards() if each.id == chosen)
        had = next(those for those in self.ids.values() if those[-1] == card.id)
        parts = [each.replace("#", "/").split("/") for each in had]
        which, fresh = data.draw(st.sampled_from(["deck", "note", "move", "key"])), next(self.numbers)
        again = data.draw(st.sampled_from(parts)) if data.draw(st.booleans()) else None
        deck, name = card.note.deck, card.note.id
        if which == "deck":
            self.renamed(deck, again[0] if again else f"deck-{fresh}")
        elif which == "note":
            self.renamed(f"{deck}/{name}", f"{deck}/{again[1] if again else f'note-{fresh}'}")
        elif which == "move":
            target = data.draw(st.sampled_from(sorted(library.decks)))
            self.renamed(f"{deck}/{name}", f"{target}/{again[1] if again else name}")
        else:
            key = f"c{fresh}" if card.note.body.kind == "cloze" else f"step.s{fresh}"
            self.renamed(card.id, again[2] if again else key)

    def present(self) -> list[str]:
        """The present id of each card."""
        return sorted(those[-1] for those in self.ids.values())


def has_its_history(machine: Machine, folder: Path) -> None:
    """Another machine, whose journal has all reviews under the very first ids, reads the renamed decks."""
    learner = Learner(folder)
    for path in learner.decks.iterdir():
        path.unlink()
    for name, text in DECKS.items():
        learner.write(name, text)
    with learner.open() as collection:
        for card in machine.ids:
            collection.journal.append([Review(card, 3, 1_000, None, 0)], collection.now())
    for path in learner.decks.iterdir():
        path.unlink()
    for path in machine.folder.iterdir():
        shutil.copy(path, learner.decks)
    with learner.open() as collection:
        assert [str(problem) for problem in collection.library.problems if problem.is_error] == []
        names = collection.journal.present_names()
        for first, those in machine.ids.items():
            assert {former: names.get(former) for former in those if former != those[-1]} == {
                former: those[-1] for former in those if former != those[-1]
            }
            assert collection.state(those[-1]).reps == 1, (first, those)


@pytest.mark.parametrize(
    "chain",
    [
        [("d1/d1-cloze", "d1/n2"), ("d1", "d2"), ("d2/n2", "e1/n3")],
        [("d1", "d2"), ("d2/d1-cloze", "d2/n2"), ("d2", "d3"), ("d3/n2", "e1/n3"), ("e1", "e2")],
        [("d1/d1-cloze#c1", "c7"), ("d1/d1-cloze", "d1/n2"), ("d1", "d2"), ("d2/n2#c7", "c8"), ("d2/n2", "e1/n3")],
        [("d1/d1-cloze", "d1/n2"), ("d1/n2#c1", "c7"), ("d1/n2", "d1/n3"), ("d1", "d2"), ("d2/n3", "e1/n3")],
        [("d1/d1-cloze", "e1/n2"), ("e1", "e2"), ("e2/n2", "d1/n2"), ("d1", "d2"), ("d2/n2", "e2/n2"), ("e2", "e1")],
        [("d1/d1-way#step.end", "step.last"), ("d1", "d2"), ("d2/d1-way", "e1/way"), ("e1", "e2"), ("d2", "d1")],
    ],
)
def test_a_chain_of_renames_loses_no_history_on_another_machine(chain: list[tuple[str, str]], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    machine = Machine(tmp_path / "mine")
    for old, new in chain:
        before = {those[-1] for those in machine.ids.values()}
        machine.renamed(old, new)
        assert {those[-1] for those in machine.ids.values()} != before, (old, new)
    has_its_history(machine, tmp_path / "theirs")


@untraced
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data(), steps=st.integers(1, 7))
def test_every_id_that_a_card_ever_had_leads_to_it(data: st.DataObject, steps: int) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "mine").mkdir()
        machine = Machine(Path(folder) / "mine")
        for _ in range(steps):
            machine.step(data)
        has_its_history(machine, Path(folder) / "theirs")


def test_a_formatted_file_stays_formatted_when_something_in_it_is_renamed(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    (tmp_path / "a.png").write_bytes(b"x")
    text = DECKS["d1"].replace("another}}.\n", "another}}.\n    media: [a.png]\n")
    (tmp_path / "d1.yaml").write_text(text, "utf-8")
    for old, new in [
        ("d1/d1-cloze", "d1/n2"),
        ("d1/n2", "d1/n3"),
        ("d1/n3#c1", "c4"),
        ("d1/n3#c4", "c5"),
        ("d1", "d2"),
        ("d2/n3", "e1/n4"),
    ]:
        machine.renamed(old, new)
        for path in tmp_path.glob("*.yaml"):
            assert format_text(path.read_text("utf-8"), str(path)) == path.read_text("utf-8"), (old, new)
    assert "was:\n" in (tmp_path / "e1.yaml").read_text("utf-8")
