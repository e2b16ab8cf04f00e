"""Collections of real Anki become decks that `check` passes, with their reviews, states and media; once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from anki.collection import Collection as AnkiFile
from anki.collection import ExportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.scheduler.v3 import CardAnswer

from nlpcards.anki.history.identities import AnkiCard
from nlpcards.collection.bringing_back import bring_back
from nlpcards.collection.clock import Clock
from nlpcards.collection.collection import Collection
from nlpcards.collection.importing_packages import Imported, import_package
from nlpcards.core.errors import NlpcardsError, NothingToDo
from nlpcards.core.state import CardState, Interval
from nlpcards.decks.check import examine
from nlpcards.decks.importing.deck_files import Wanted
from nlpcards.decks.library import load
from tests.support.learner import Learner
from tests.support.tracing import untraced

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
EVERY_WAY = ("apkg-modern", "apkg-legacy", "colpkg-modern", "colpkg-legacy", "closed")


class Theirs:
    """Somebody's collection of Anki's."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.col: Any = AnkiFile(str(folder / "collection.anki2"))

    def add(self, kind: str, deck: str, *fields: str, tags: tuple[str, ...] = ()) -> Any:
        note = self.col.new_note(self.col.models.by_name(kind))
        note.fields[: len(fields)] = fields
        note.tags = list(tags)
        self.col.add_note(note, self.col.decks.id(deck))
        return note

    def answer(self, number: int, deck: str, ratings: str = "AHGE") -> None:
        words = {"A": "AGAIN", "H": "HARD", "G": "GOOD", "E": "EASY"}
        self.col.decks.select(self.col.decks.id(deck))
        for at in range(number):
            queued = self.col.sched.get_queued_cards()
            if not queued.cards:
                return
            card = self.col.get_card(queued.cards[0].card.id)
            card.start_timer()
            states = queued.cards[0].states
            rating = CardAnswer.Rating.Value(words[ratings[at % len(ratings)]])
            self.col.sched.answer_card(self.col.sched.build_answer(card=card, states=states, rating=rating))

    def days_pass(self, days: int) -> None:
        self.col.db.execute("update revlog set id = id - ?", days * 86_400_000)
        self.col.db.execute("update col set crt = crt - ?", days * 86_400)
        self.col.close()
        self.col = AnkiFile(str(self.folder / "collection.anki2"))

    def written(self, how: str = "apkg-modern") -> Path:
        if how == "closed":
            path = self.folder / f"copy-{len(list(self.folder.iterdir()))}.anki2"
            self.col.db.execute("vacuum into ?", str(path))
            return path
        path = self.folder / f"out-{len(list(self.folder.iterdir()))}.{how.split('-')[0]}"
        legacy = how.endswith("legacy")
        if how.startswith("colpkg"):
            self.col.export_collection_package(str(path), include_media=True, legacy=legacy)
            self.col.reopen(after_full_sync=False)
        else:
            options = ExportAnkiPackageOptions(
                with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy
            )
            self.col.export_anki_package(out_path=str(path), options=options, limit=None)
        return path


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Theirs]:
    made = Theirs(tmp_path / "anki")
    yield made
    made.col.close()


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    learner = Learner(tmp_path / "desk")
    learner.zone = ZoneInfo("UTC")
    learner.at = datetime.now(UTC)
    return learner


def taken(learner: Learner, path: Path, into: Path | None = None, **options: Any) -> Imported:
    with learner.open() as collection:
        return import_package(collection, path, Wanted(into or learner.decks), **options)


def states(learner: Learner) -> dict[str, CardState]:
    with learner.open() as collection:
        return collection.journal.all_states()


def reasons(report: Imported) -> list[tuple[str, str]]:
    return [(each.note, each.reason) for each in report.skipped]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def bodies(learner: Learner, deck: str) -> dict[str, dict[str, object]]:
    return {note.id: dict(note.body.written()) for note in load([learner.decks]).decks[deck].notes}


def filled(theirs: Theirs) -> None:
    """Every stock note type, nested and filtered decks, media, and cards in every state."""
    theirs.col.media.write_data("a picture.png", PICTURE)
    theirs.col.media.write_data("say.mp3", b"ID3" + PICTURE)
    theirs.col.media.write_data("unused.png", PICTURE)
    theirs.add(
        "Basic", "NLP::Attention::Heads ß", "Which <b>scale</b>?", "\\(\\sqrt{d_k}\\)[sound:say.mp3]", tags=("a::b",)
    )
    theirs.add("Basic", "NLP", 'What is this? <img src="a picture.png">', "A picture")
    for number in range(12):
        theirs.add("Basic", "NLP", f"Question {number}?", f"Answer {number}.")
    theirs.add("Basic (and reversed card)", "NLP", "front", "back")
    theirs.add("Basic (optional reversed card)", "NLP", "one way", "only", "")
    theirs.add("Basic (optional reversed card)", "NLP", "there", "and back", "y")
    theirs.add("Basic (type in the answer)", "NLP", "Which name?", "layer <b>norm</b>")
    theirs.add("Cloze", "NLP", "An LSTM has {{c1::three::how many?}} {{c2::gates}}", "Extra")
    theirs.add("Cloze", "NLP", "\\(f_t = {{c1::\\sigma(x_{t})}}\\)", "")
    theirs.add(
        "Image Occlusion",
        "NLP",
        "{{c1::image-occlusion:rect:left=.1:top=.1:width=.2:height=.2}}",
        '<img src="a picture.png">',
        "The brain",
    )
    theirs.answer(16, "NLP", "EGAHE")
    theirs.days_pass(3)
    theirs.answer(8, "NLP", "GAEH")
    assert theirs.col.sched.today  # what was buried on an earlier day is so no longer
    cards = sorted(theirs.col.find_cards("Question"))
    theirs.col.sched.suspend_cards(cards[:2])
    theirs.col.sched.bury_cards(cards[2:4])
    theirs.col.set_user_flag_for_cards(5, cards[4:6])
    theirs.col.sched.set_due_date(cards[6:8], "9")
    theirs.col.sched.schedule_cards_as_new(cards[8:9])
    did = theirs.col.decks.new_filtered("Cramming")
    deck = theirs.col.decks.get(did)
    deck["terms"] = [["is:review", 5, 0]]
    theirs.col.decks.save(deck)
    theirs.col.sched.rebuild_filtered_deck(did)


@pytest.mark.parametrize("how", EVERY_WAY)
def test_every_kind_of_note_and_every_state_comes_once(theirs: Theirs, learner: Learner, how: str) -> None:
    filled(theirs)
    path = theirs.written(how)
    report = taken(learner, path)
    assert (report.notes, report.known, report.media) == (20, 0, 2)
    assert reasons(report) == [
        (
            "The brain",
            "it hides parts of a picture (image occlusion), which no note here can; what was reviewed of it stays in "
            "the file (1 review); "
            "its picture is kept as nlp/a-picture.png",
        )
    ]
    library = load([learner.decks])
    assert not [each for each in examine(library).problems if each.is_error]
    assert library.decks["nlp-attention-heads"].title == "NLP › Attention › Heads ß"
    basic, *_ = bodies(learner, "nlp-attention-heads").values()
    assert basic["q"] == "Which **scale**?"
    notes = bodies(learner, "nlp")
    assert notes["front"] == {"q": "front", "a": "back", "both": True}
    assert notes["one-way"] == {"q": "one way", "a": "only"}
    assert notes["there"] == {"q": "there", "a": "and back", "both": True}
    assert notes["which-name"] == {"q": "Which name?", "typed": "layer norm"}
    assert {"cloze": "An LSTM has {{c1::three::how many?}} {{c2::gates}}"} in notes.values()
    assert {"cloze": "$f_t = {{c1::\\sigma(x_{t})}}$"} in notes.values()
    assert (learner.decks / "nlp" / "a-picture.png").read_bytes() == PICTURE
    assert not list(learner.decks.rglob("unused*"))
    compare(theirs, learner)
    before, states_before = files(learner.decks), states(learner)
    again = taken(learner, path)
    assert (again.notes, again.cards, again.reviews, again.media, again.undone) == (0, 0, 0, 0, 0)
    assert (again.known, again.known_reviews) == (20, report.reviews)
    assert files(learner.decks) == before
    assert states(learner) == states_before
    with learner.open() as collection:
        assert collection.journal.rebuild() == []


def compare(theirs: Theirs, learner: Learner) -> None:
    """Each card stands here as it stands in Anki."""
    mine = states(learner)
    with learner.open() as collection:
        today = collection.now().day
        names = collection.journal.present_names()
    compared = 0
    for number in theirs.col.find_cards("-note:Image*"):
        card = theirs.col.get_card(number)
        name = names[AnkiCard(card.note().guid, card.ord).former_id]
        state = mine.get(name, CardState())
        assert state.suspended == (card.queue == -1), name
        assert (state.buried_until > today) == (card.queue in (-2, -3)), name
        assert state.flag == card.user_flag(), name
        logged = theirs.col.db.scalar("select count() from revlog where cid = ? and ease > 0", number)
        if card.type == 2 and logged:
            assert isinstance(state.schedule, Interval), name
            due = card.odue if card.odid else card.due
            assert state.schedule.due - today == due - theirs.col.sched.today, name
            assert (state.reps, state.lapses) == (card.reps, card.lapses), name
            compared += 1
    assert compared >= 5


def test_a_later_export_brings_only_what_is_new(theirs: Theirs, learner: Learner) -> None:
    theirs.add("Basic", "NLP", "First?", "1")
    theirs.add("Cloze", "NLP", "{{c1::a}} b")
    theirs.answer(1, "NLP", "E")
    assert taken(learner, theirs.written()).notes == 2
    before = (learner.decks / "nlp.yaml").read_text("utf-8")
    theirs.add("Basic", "NLP", "First?", "Another note with the same question")
    theirs.add("Basic", "Other", "Second?", "2")
    old = theirs.col.get_note(theirs.col.find_notes("note:Cloze")[0])
    old.fields[0] = "{{c1::a}} {{c2::b}}"
    theirs.col.update_note(old)
    theirs.answer(1, "NLP", "E")
    report = taken(learner, theirs.written())
    assert (report.notes, report.known, report.reviews) == (2, 2, 1)
    reason = "its card 2 is new in Anki, and the note nlp/a-b was left as it is"
    assert reasons(report) == [("{{c1::a}} {{c2::b}}", reason)]
    assert (learner.decks / "nlp.yaml").read_text("utf-8").startswith(before)
    assert (learner.decks / "other.yaml").is_file()
    assert len(bodies(learner, "nlp")) == 3


def test_new_notes_follow_the_old_ones_whatever_the_deck_is_called_since(theirs: Theirs, learner: Learner) -> None:
    theirs.add("Basic", "NLP", "First?", "1")
    taken(learner, theirs.written())
    theirs.col.decks.rename(theirs.col.decks.id("NLP"), "Language")
    theirs.add("Basic", "Language", "Second?", "2")
    assert taken(learner, theirs.written()).files == (str(learner.decks / "nlp.yaml"),)
    assert list(bodies(learner, "nlp")) == ["first", "second"]


def test_a_card_stays_known_when_its_note_and_its_deck_are_called_otherwise(theirs: Theirs, learner: Learner) -> None:
    theirs.add("Basic (and reversed card)", "NLP", "First?", "1")
    theirs.answer(2, "NLP", "E")
    theirs.days_pass(30)
    assert taken(learner, theirs.written()).reviews == 2
    text = (learner.decks / "nlp.yaml").read_text("utf-8")
    learner.write("nlp", text.replace("deck: nlp\n", "deck: language\nwas: [nlp]\n"))
    assert taken(learner, theirs.written()).notes == 0
    text = (learner.decks / "nlp.yaml").read_text("utf-8")
    learner.write("nlp", text.replace("id: first\n", "id: renamed\n    was: [first]\n").replace("q: First?", "q: So?"))
    theirs.answer(2, "NLP", "G")
    with learner.open() as collection:
        brought = bring_back(collection, theirs.written("closed"))
    assert brought.reviews == 2
    again = taken(learner, theirs.written())
    assert (again.notes, again.known, again.reviews, again.files) == (0, 1, 0, ())
    mine = states(learner)
    assert mine["language/renamed#qa"].reps == 2
    assert mine["language/renamed#aq"].reps == 2


def test_a_note_that_was_removed_comes_back_with_its_history(theirs: Theirs, learner: Learner) -> None:
    theirs.add("Basic", "NLP", "First?", "1")
    theirs.add("Basic", "NLP", "Second?", "2")
    theirs.answer(2, "NLP", "E")
    taken(learner, theirs.written())
    before = states(learner)
    (learner.decks / "nlp.yaml").unlink()
    report = taken(learner, theirs.written())
    assert (report.notes, report.reviews) == (2, 0)
    assert states(learner) == before
    assert list(bodies(learner, "nlp")) == ["first", "second"]


def test_an_import_that_was_cut_off_between_decks_and_journal_is_made_up_for(theirs: Theirs, learner: Learner) -> None:
    theirs.add("Basic", "NLP", "First?", "1")
    theirs.add("Basic", "NLP", "First?", "1")
    theirs.answer(2, "NLP", "E")
    path = theirs.written()
    other = Learner(learner.folder.parent / "other")
    other.zone, other.at = learner.zone, learner.at
    taken(other, path)
    learner.write("nlp", (other.decks / "nlp.yaml").read_text("utf-8"))
    report = taken(learner, path)
    assert (report.notes, report.known, report.reviews) == (0, 1, 1)
    assert states(learner) == states(other)
    again = taken(learner, path)
    assert (again.known, again.reviews) == (1, 0)
    assert len(again.skipped) == 1


def test_a_journal_that_cannot_be_written_leaves_the_decks_as_they_were(theirs: Theirs, learner: Learner) -> None:
    theirs.col.media.write_data("a.png", PICTURE)
    theirs.add("Basic", "NLP", "First? <img src=a.png>", "1")
    taken(learner, theirs.written())
    theirs.add("Basic", "NLP", "Second?", "2")
    theirs.add("Basic", "Other", "Third? <img src=a.png>", "3")
    before = files(learner.decks)
    clock = Clock(lambda: learner.at, learner.zone)
    with (
        Collection.open(learner.home, [learner.decks], clock, read_only=True) as collection,
        pytest.raises(NlpcardsError, match="reading only"),
    ):
        import_package(collection, theirs.written(), Wanted(learner.decks))
    assert files(learner.decks) == before
    assert not (learner.decks / "other").exists()


def test_a_deck_that_cannot_be_written_leaves_all_others_and_the_journal_as_they_were(
    theirs: Theirs, learner: Learner
) -> None:
    theirs.add("Basic", "First", "First?", "1")
    theirs.add("Basic", "Second", "Second?", "2")
    theirs.answer(1, "First", "E")
    path = theirs.written()
    (learner.decks / "second.yaml").symlink_to(learner.folder / "nowhere" / "second.yaml")
    before = files(learner.decks)
    with pytest.raises(NlpcardsError):
        taken(learner, path)
    assert files(learner.decks) == before
    assert states(learner) == {}
    with learner.open() as collection:
        assert not list(collection.journal.events())


def test_a_dry_run_says_the_same_and_changes_nothing(theirs: Theirs, learner: Learner) -> None:
    filled(theirs)
    path = theirs.written()
    before = files(learner.decks)
    tried = taken(learner, path, write=False)
    assert files(learner.decks) == before
    assert states(learner) == {}
    assert taken(learner, path) == tried


def test_settings_are_offered_and_taken_only_when_asked_for(theirs: Theirs, learner: Learner) -> None:
    config = theirs.col.decks.add_config("Mine")
    config["new"]["delays"], config["lapse"]["delays"] = [2, 15], [20]
    config["fsrsParams6"] = [0.3, 2.0, 3.0, 9.0, *DEFAULTS[4:]]
    config["desiredRetention"] = 0.87
    theirs.col.decks.update_config(config)
    theirs.add("Basic", "Deep", "First?", "1")
    deck = theirs.col.decks.get(theirs.col.decks.id("Deep"))
    deck["conf"] = config["id"]
    theirs.col.decks.save(deck)
    path = theirs.written()
    report = taken(learner, path)
    assert report.settings.left == ()
    assert report.settings.words == (
        "learning steps of 2m 15m",
        "relearning steps of 20m",
        "FSRS parameters",
        "a desired retention of 87%",
    )
    with learner.open() as collection:
        assert collection.settings.learning_steps == (60, 600)
    assert taken(learner, path, with_settings=True).took_settings
    with learner.open() as collection:
        now = collection.settings
    assert (now.learning_steps, now.relearning_steps, now.desired_retention) == ((120, 900), (1200,), 0.87)
    assert now.parameters[:4] == (0.3, 2.0, 3.0, 9.0)
    assert taken(learner, path).settings.settings == ()


DEFAULTS = (
    *(0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835),
    *(0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542),
)


def test_a_deck_never_takes_the_id_of_another(theirs: Theirs, learner: Learner) -> None:
    learner.write("mine", "deck: nlp\ntitle: Something else\nnotes:\n  - id: n\n    q: q\n    a: a\n")
    theirs.add("Basic", "N-L-P", "First?", "1")
    theirs.add("Basic", "N L P", "Second?", "2")
    theirs.add("Basic", "NLP", "Third?", "3")
    for added in (3, 0):
        assert taken(learner, theirs.written()).notes == added
    assert sorted(load([learner.decks]).decks) == ["made", "n-l-p", "n-l-p-2", "nlp", "nlp-2"]
    assert list(bodies(learner, "nlp-2")) == ["third"]


def test_a_deck_of_the_same_title_takes_the_notes(theirs: Theirs, learner: Learner) -> None:
    learner.write("mine", "deck: mine\ntitle: NLP\nnotes:\n  - id: n\n    q: q\n    a: a\n")
    theirs.add("Basic", "NLP", "Third?", "3")
    taken(learner, theirs.written())
    assert list(bodies(learner, "mine")) == ["n", "third"]


def test_notes_go_into_one_deck_where_that_is_asked_for(theirs: Theirs, learner: Learner, tmp_path: Path) -> None:
    theirs.add("Basic", "One", "First?", "1")
    theirs.add("Basic", "Two", "Second?", "2")
    into = tmp_path / "apart"
    for expected in (2, 0):
        with learner.open() as collection:
            report = import_package(collection, theirs.written(), Wanted(into, "mine", "Mine"))
        assert report.notes == expected
    assert [path.name for path in into.iterdir()] == ["mine.yaml"]


def test_cards_with_a_schedule_and_no_review_rest_until_they_are_due(theirs: Theirs, learner: Learner) -> None:
    theirs.add("Basic", "NLP", "First?", "1")
    theirs.answer(1, "NLP", "E")
    theirs.col.db.execute("delete from revlog")
    report = taken(learner, theirs.written())
    assert reasons(report) == [
        ("First?", "the file has no review of its card, which therefore begins as a new one, when it is due")
    ]
    with learner.open() as collection:
        card = theirs.col.get_card(theirs.col.find_cards("")[0])
        days = card.due - theirs.col.sched.today
        state = collection.state("nlp/first#qa")
        assert state.buried_until == collection.now().day + days


def test_reviews_of_notes_that_were_removed_in_anki_are_not_taken_for_undone(theirs: Theirs, learner: Learner) -> None:
    first = theirs.add("Basic", "NLP", "First?", "1")
    theirs.add("Basic", "NLP", "Second?", "2")
    theirs.answer(2, "NLP", "E")
    taken(learner, theirs.written("colpkg-modern"))
    theirs.col.remove_notes([first.id])
    theirs.add("Basic", "NLP", "Third?", "3")
    report = taken(learner, theirs.written("closed"))
    assert (report.notes, report.undone) == (1, 0)
    assert states(learner)["nlp/first#qa"].reps == 1


def test_tags_given_in_anki_to_notes_of_ours_become_own_tags(theirs: Theirs, learner: Learner) -> None:
    from nlpcards.collection.exporting import export

    package = learner.folder / "out.apkg"
    with learner.open() as collection:
        export(collection, package, ["made"])
    theirs.col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package)))
    theirs.col.tags.bulk_add(theirs.col.find_notes("n7"), "hard::one")
    note = theirs.col.get_note(theirs.col.find_notes("NoteId:made/n8")[0])
    note["Question"] = "<p>Somebody wrote something else</p>"
    theirs.col.update_note(note)
    other = Learner(learner.folder.parent / "other")
    other.write("made", "deck: own\ntitle: Own\nnotes:\n  - id: n\n    q: q\n    a: a\n")
    report = taken(other, theirs.written(), other.decks / "below")
    assert report.notes == 40
    assert reasons(report) == [("made/n8", "its fields were edited in Anki, and the text that nlpcards knew was taken")]
    with other.open() as collection:
        assert collection.journal.own_tags() == {"made/n7#qa": ("hard::one",)}


def test_a_file_without_a_note_says_so(theirs: Theirs, learner: Learner) -> None:
    with pytest.raises(NothingToDo, match="there is no note in it"):
        taken(learner, theirs.written("closed"))


@untraced
def test_a_deck_that_grew_too_large_is_parted(theirs: Theirs, learner: Learner) -> None:
    long = "word " * 3_000
    for number in range(600):
        theirs.add("Basic", "NLP", f"Question {number}?", f"{number} {long}")
    report = taken(learner, theirs.written())
    assert report.notes == 600
    assert sorted(path.name for path in learner.decks.iterdir()) == ["made.yaml", "nlp-2.yaml", "nlp.yaml"]
    theirs.add("Basic", "NLP", "One more?", "yes")
    assert taken(learner, theirs.written()).notes == 1
