"""What is here is in a running Anki, and what was answered there is here: AnkiConnect's API over a real collection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nlpcards.anki.connect.client import AnkiConnect
from nlpcards.anki.note_types import DESIGN_TIME, css
from nlpcards.collection.bringing_back import bring_back
from nlpcards.collection.exporting import export
from nlpcards.collection.running_anki import push
from nlpcards.collection.searching import select
from nlpcards.core.errors import NlpcardsError, NothingToDo
from nlpcards.core.journal import Flag, Review, SetDue, Suspend, Undo, Unsuspend
from tests.support.anki_connect import Served, served
from tests.support.learner import Learner
from tests.support.lives import Both, lived
from tests.support.phone import Phone
from tests.support.program import deck_of
from tests.support.pushes import NOTHING_NEW, answer, dump, new, note, pulled, pushed, synced

pytestmark = pytest.mark.usefixtures("anki_at_utc")


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Served]:
    phone = Phone(tmp_path / "phone")
    with served(phone) as running:
        yield running
    phone.col.close()


@pytest.fixture
def desk(tmp_path: Path) -> Learner:
    folder = tmp_path / "desk"
    (folder / "decks").mkdir(parents=True)
    (folder / "decks" / "made.yaml").write_text(deck_of(12), "utf-8")
    return Learner(folder, datetime.now(UTC), UTC)


def test_a_push_brings_all_that_there_is_and_a_second_one_nothing(tmp_path: Path, anki: Served) -> None:
    desk = lived(tmp_path / "desk", sets=4, reviews=400, seed=5)
    desk.zone = UTC
    first = pushed(desk, anki, write=False)
    assert first.added > 20
    assert anki.col.note_count() == 0
    assert pushed(desk, anki).added == first.added == anki.col.note_count()
    both = Both.of(desk, anki.col)
    assert both.differently_scheduled() == []
    assert max(both.worst()) <= 1
    before = dump(anki)
    again = pushed(desk, anki)
    assert (new(again), again.behind, again.edited, again.foreign, again.gone) == (NOTHING_NEW, 0, 0, 0, 0)
    assert dump(anki) == before


def test_what_is_learned_here_reaches_cards_that_anki_has(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    names = answer(desk, 6, 4) + answer(desk, 2, 1)
    found = pushed(desk, anki)
    assert (found.reviews, found.schedules, found.added) == (8, len(set(names)), 0)
    both = Both.of(desk, anki.col)
    assert both.differently_scheduled() == []
    assert max(both.worst()) <= 1
    assert anki.col.db.scalar("select count() from revlog") == 8
    anki.phone.forget_memory()
    anki.phone.use_fsrs()
    computed = Both.of(desk, anki.col)
    assert max(computed.worst()) <= 1
    assert new(pushed(desk, anki)) == NOTHING_NEW


def test_what_was_pushed_never_comes_back_whichever_way(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    answer(desk, 5, 4)
    pushed(desk, anki)
    anki.phone.without_limits()
    anki.phone.answer(3, "EASY")
    first = pulled(desk, anki)
    assert (first.reviews, first.ours) == (3, 5)
    assert pulled(desk, anki).reviews == 0
    with desk.open() as collection:
        for path in (anki.phone.closed(), anki.phone.package(), anki.phone.package(legacy=True)):
            found = bring_back(collection, path)
            assert (found.reviews, found.known, found.ours, found.undone) == (0, 3, 5, 0)
        reviews = [event for event in collection.journal.events() if isinstance(event.body, Review)]
        assert len(reviews) == 8


def test_a_file_and_the_running_anki_are_one_lineage_in_any_order(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    anki.phone.answer(4, "GOOD")
    with desk.open() as collection:
        assert bring_back(collection, anki.phone.package()).reviews == 4
    found = pulled(desk, anki)
    assert (found.reviews, found.known) == (0, 4)


def test_cards_answered_on_both_sides_become_one_history(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    anki.phone.without_limits()
    anki.phone.use_fsrs()
    anki.phone.answer(12, "EASY")
    here = answer(desk, 4, 4)
    waiting = pushed(desk, anki)
    assert waiting.behind == 12
    assert (waiting.reviews, waiting.schedules) == (0, 0)
    both = synced(desk, anki)
    assert both.pulled is not None
    assert both.pulled.reviews == 12
    assert (both.pushed.reviews, both.pushed.schedules, both.pushed.behind) == (4, len(here), 0)
    states = Both.of(desk, anki.col)
    assert states.differently_scheduled() == []
    again = synced(desk, anki)
    assert again.pulled is not None
    assert (again.pulled.reviews, again.pulled.rescheduled, new(again.pushed)) == (0, 0, NOTHING_NEW)


def test_anki_computes_from_both_sides_answers_the_memory_that_is_here(tmp_path: Path, anki: Served) -> None:
    desk = lived(tmp_path / "desk", sets=5, reviews=500, seed=7)
    pushed(desk, anki)
    anki.phone.without_limits()
    anki.phone.use_fsrs()
    assert [anki.phone.answer(20, rating) for rating in ("GOOD", "AGAIN", "EASY")] == [20, 20, 20]
    desk.at = datetime.now(UTC) + timedelta(seconds=1)  # nobody answers on both sides within milliseconds
    answer(desk, 15, 3)
    found = synced(desk, anki)
    assert found.pulled is not None
    assert (found.pulled.reviews, found.pushed.reviews) == (60, 15)
    both, compared = Both.of(desk, anki.col), 0
    for name, mine, _, _ in both.memories():
        theirs = anki.col.compute_memory_state(both.cards[name].id)
        assert abs(theirs.stability - mine.stability) <= 6e-5 + 2e-6 * mine.stability
        assert abs(theirs.difficulty - mine.difficulty) <= 6e-4
        compared += 1
    assert compared > 60


def test_an_edit_changes_the_note_that_anki_has_and_keeps_its_users_tags(desk: Learner, anki: Served) -> None:
    desk.write("made", deck_of(2).replace("a: Answer 0.", "a: Answer 0.\n    tags: [old, kept]"))
    pushed(desk, anki)
    mine = note(anki, "made/n0")
    mine.tags = [*mine.tags, "leech", "von-mir"]
    anki.col.update_note(mine)
    desk.waits(seconds=60)
    desk.write("made", deck_of(2).replace("a: Answer 0.", "a: Another answer.\n    tags: [kept, fresh]"))
    found = pushed(desk, anki)
    assert (found.updated, found.added, found.edited) == (1, 0, 0)
    after = note(anki, "made/n0")
    assert "Another answer." in after["Answer"]
    assert {"leech", "von-mir", "kept", "fresh"} <= set(after.tags)
    assert "old" not in after.tags
    assert new(pushed(desk, anki)) == NOTHING_NEW


def test_a_tag_that_is_taken_off_leaves_those_below_it_that_are_its_users_or_new(desk: Learner, anki: Served) -> None:
    tagged = [deck_of(1) + f"    tags: [{tags}]\n" for tags in ("nlp, kept", "'nlp::rnn', kept", "")]
    desk.write("made", tagged[0])
    pushed(desk, anki)
    anki.col.tags.bulk_add([note(anki, "made/n0").id], "nlp::mine von-mir")
    for now, tags in ((tagged[1], {"nlp::rnn", "kept", "nlp::mine", "von-mir"}), (tagged[2], {"nlp::mine", "von-mir"})):
        desk.waits(seconds=60)
        desk.write("made", now)
        assert pushed(desk, anki).updated == 1
        assert set(note(anki, "made/n0").tags) == tags
        assert new(pushed(desk, anki)) == NOTHING_NEW


def test_what_was_edited_in_anki_since_stays_and_is_told(desk: Learner, anki: Served) -> None:
    desk.waits(seconds=-60)
    pushed(desk, anki)
    desk.write("made", deck_of(12).replace("Answer 1.", "Something else."))
    with desk.open() as collection:
        export(collection, desk.folder / "seen.apkg")  # the new text is known from now on
    theirs = note(anki, "made/n1")
    theirs["Answer"] = "As I say it"
    anki.col.update_note(theirs)
    found = pushed(desk, anki)
    assert (found.edited, found.updated) == (1, 0)
    assert note(anki, "made/n1")["Answer"] == "As I say it"


def test_a_new_note_and_a_new_cloze_join_what_anki_has(desk: Learner, anki: Served) -> None:
    cloze = "deck: made\ntitle: Made\nnotes:\n  - id: c\n    cloze: '{{c1::one}} and two'\n"
    desk.write("made", cloze)
    pushed(desk, anki)
    desk.at += timedelta(seconds=5)
    more = "  - id: q\n    q: What?\n    a: That.\n"
    desk.write("made", cloze.replace("two", "{{c2::two}}") + more)
    found = pushed(desk, anki)
    assert (found.added, found.updated) == (1, 1)
    assert len(note(anki, "made/c").cards()) == 2
    assert new(pushed(desk, anki)) == NOTHING_NEW


def test_a_deck_that_anki_has_keeps_the_options_that_its_user_chose(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    decks = anki.col.decks
    assert decks.config_dict_for_deck_id(decks.id("nlpcards::Made made"))["name"] == "nlpcards"
    decks.set_config_id_for_deck_dict(decks.by_name("nlpcards::Made made"), decks.add_config("mine")["id"])
    desk.write("made", deck_of(13))
    desk.write("other", deck_of(1, "other"))
    assert pushed(desk, anki).added == 2
    names = [decks.config_dict_for_deck_id(decks.id(f"nlpcards::Made {name}"))["name"] for name in ("made", "other")]
    assert names == ["mine", "nlpcards"]


def test_flags_and_suspensions_of_both_sides_stay_where_they_were_set_last(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    theirs = note(anki, "made/n0").cards()[0]
    anki.col.sched.suspend_cards([theirs.id])
    assert new(pushed(desk, anki)) == NOTHING_NEW
    desk.at += timedelta(seconds=60)
    with desk.open() as collection:
        now = collection.now()
        collection.journal.append([Suspend("made/n1#qa"), Flag("made/n2#qa", 3), Unsuspend("made/n0#qa")], now)
    assert pushed(desk, anki).schedules == 3
    assert [note(anki, f"made/n{at}").cards()[0].queue for at in range(3)] == [0, -1, 0]
    assert note(anki, "made/n2").cards()[0].flags == 3
    assert new(pushed(desk, anki)) == NOTHING_NEW


def test_a_note_type_restyled_by_its_user_stays_and_an_old_one_is_renewed(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    model = anki.col.models.by_name("nlpcards Basic")
    model["css"] = "/* mine */"
    anki.col.models.update_dict(model)
    changed = anki.col.db.scalar("select mtime_secs from notetypes where id = ?", model["id"])
    assert pushed(desk, anki).note_types == (0 if changed >= DESIGN_TIME else 1)
    anki.col.db.execute("update notetypes set mtime_secs = ? where id = ?", DESIGN_TIME - 1, model["id"])
    anki.phone.reopen()
    old = anki.col.models.by_name("nlpcards Basic")
    assert old["css"] in ("/* mine */", css())
    pushed(desk, anki)
    assert anki.col.models.by_name("nlpcards Basic")["css"] == css()


def test_a_note_type_with_a_renamed_field_keeps_the_templates_that_know_it(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    model = anki.col.models.by_name("nlpcards Basic")
    anki.col.models.rename_field(model, model["flds"][1], "Reply")
    anki.col.models.update_dict(model)
    anki.col.db.execute("update notetypes set mtime_secs = ? where id = ?", DESIGN_TIME - 1, model["id"])
    anki.phone.reopen()
    assert pushed(desk, anki).note_types == 0
    assert "{{Reply}}" in anki.col.models.by_name("nlpcards Basic")["tmpls"][0]["afmt"]


def test_a_text_reaches_a_field_that_was_renamed_or_moved_in_anki(desk: Learner, anki: Served) -> None:
    desk.write("made", deck_of(2) + "    tags: [old]\n")
    pushed(desk, anki)
    models = anki.col.models
    model = models.by_name("nlpcards Basic")
    fields = {field["name"]: field for field in model["flds"]}
    models.rename_field(model, fields["Question"], "Asked")
    models.rename_field(model, fields["Answer"], "Question")
    models.rename_field(model, fields["SourceText"], "Text")
    models.reposition_field(model, fields["Why"], 0)
    models.add_field(model, models.new_field("Answer"))
    models.update_dict(model)
    desk.waits(seconds=60)
    desk.write("made", deck_of(2).replace("Answer 1.", "Something else."))
    assert pushed(desk, anki).updated == 1
    after = note(anki, "made/n1")
    assert (after["Asked"], after["Question"]) == ("<p>What is question 1?</p>", "<p>Something else.</p>")
    assert (after["Answer"], after.tags) == ("", [])
    assert new(pushed(desk, anki)) == NOTHING_NEW


def test_pictures_arrive_with_new_notes_and_with_changed_ones(desk: Learner, anki: Served) -> None:
    (desk.decks / "one.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (desk.decks / "two.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(65))
    text = "deck: made\ntitle: Made\nnotes:\n  - id: p\n    q: What is this?\n    a: '![It](one.png)'\n"
    desk.write("made", text)
    assert pushed(desk, anki).added == 1
    assert len(anki.do_getMediaFilesNames("nlpcards-one-*")) == 1
    desk.write("made", text.replace("one.png", "two.png"))
    desk.at += timedelta(seconds=5)
    found = pushed(desk, anki)
    assert (found.updated, found.media) == (1, 1)
    (name,) = anki.do_getMediaFilesNames("nlpcards-two-*")
    assert name in note(anki, "made/p")["Answer"]


def test_an_answer_taken_back_here_after_it_went_there_is_taken_back_on_the_card(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    answer(desk, 1, 4)
    assert pushed(desk, anki).schedules == 1
    with desk.open() as collection:
        last = collection.journal.last_event()
        assert last is not None
        collection.journal.append([Undo(last.id)], collection.now())
    assert pushed(desk, anki).schedules == 1
    assert Both.of(desk, anki.col).differently_scheduled() == []
    assert new(pushed(desk, anki)) == NOTHING_NEW
    assert pulled(desk, anki).reviews == 0


def test_a_push_that_is_cut_short_anywhere_is_finished_by_the_next(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    desk.waits(seconds=60)
    desk.write("made", deck_of(12).replace("Answer", "The answer is"))
    desk.write("other", deck_of(2, "other"))
    answer(desk, 3, 4)
    cut = 0
    for last in range(30):
        anki.last = last
        try:
            pushed(desk, anki)
            break
        except NlpcardsError:
            cut += 1
    assert cut >= 10
    anki.last = None
    assert Both.of(desk, anki.col).differently_scheduled() == []
    assert anki.col.db.scalar("select count() from revlog") == 3
    assert "The answer is 3." in note(anki, "made/n3")["Answer"]
    assert new(pushed(desk, anki)) == NOTHING_NEW


def test_a_text_arrives_wherever_a_push_of_text_and_tags_was_cut_short(desk: Learner, anki: Served) -> None:
    desk.waits(seconds=-120)  # so that whatever Anki changes, it changes after it was changed here
    desk.write("made", deck_of(3) + "    tags: [old]\n")
    pushed(desk, anki)
    desk.waits(seconds=60)
    changed = (deck_of(3) + "    tags: [fresh]\n").replace("Answer", "The answer is")
    desk.write("made", changed.replace("title", "topic: lstm\ntitle"))
    cut = 0
    for last in range(30):
        anki.last = last
        try:
            found = pushed(desk, anki)
            break
        except NlpcardsError:
            cut += 1
    assert cut >= 5
    anki.last = None
    assert found.edited == 0
    for at in range(3):
        assert f"The answer is {at}." in note(anki, f"made/n{at}")["Answer"]
    assert note(anki, "made/n2").tags == ["fresh", "nlpcards::topic::lstm"]
    assert new(pushed(desk, anki)) == NOTHING_NEW


def test_a_card_that_anki_asks_just_now_is_not_asked_on_as_it_was(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    names = answer(desk, 2, 4)
    anki.asking = next(card.id for card in note(anki, "made/n9").cards())
    pushed(desk, anki)
    assert anki.asking is not None
    anki.asking = note(anki, names[0].partition("#")[0]).cards()[0].id
    desk.waits(days=30)
    with desk.open() as collection:
        collection.journal.append([SetDue(names[0], collection.now().day)], collection.now())
    assert pushed(desk, anki).schedules == 1
    assert anki.asking is None


def test_a_card_that_was_new_keeps_the_place_to_which_anki_can_take_it_back(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    place = note(anki, "made/n0").cards()[0].due
    with desk.open() as collection:
        now = collection.now()
        collection.journal.append([Review("made/n0#qa", 4, 900, now.day + 8, 0)], now)
    pushed(desk, anki)
    card = note(anki, "made/n0").cards()[0]
    assert (card.type, card.original_position) == (2, place)
    anki.col.sched.schedule_cards_as_new([card.id], restore_position=True)
    assert note(anki, "made/n0").cards()[0].due == place


def test_cards_that_were_moved_to_another_deck_there_are_found_and_stay(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    moved = [note(anki, f"made/n{at}").cards()[0].id for at in range(3)]
    anki.col.set_deck(moved, anki.col.decks.id("Mine::too"))
    names = answer(desk, 12, 4)
    found = pushed(desk, anki)
    assert (found.added, found.schedules) == (0, len(set(names)))
    assert [anki.col.decks.name(anki.col.get_card(card).did) for card in moved] == ["Mine::too"] * 3
    assert Both.of(desk, anki.col).differently_scheduled() == []
    assert new(pushed(desk, anki)) == NOTHING_NEW


@pytest.mark.parametrize("theirs", ["nlpcards Basic", "Basic"])
def test_a_note_that_its_user_moved_away_under_another_note_type_stays_as_it_is(
    desk: Learner, anki: Served, theirs: str
) -> None:
    desk.write("made", deck_of(2).replace("title", "topic: lstm\ntitle"))
    pushed(desk, anki)
    moved, models = note(anki, "made/n1"), anki.col.models
    kind = models.copy(models.by_name(theirs))
    models.add_field(kind, models.new_field("Mine"))
    models.update_dict(kind)
    change = models.change_notetype_info(old_notetype_id=moved.mid, new_notetype_id=kind["id"]).input
    change.note_ids.append(moved.id)
    models.change_notetype_of_notes(change)
    moved = anki.col.get_note(moved.id)
    moved["Mine"] = "My own words"
    anki.col.update_note(moved)
    anki.col.set_deck(moved.card_ids(), anki.col.decks.id("Own"))
    for _ in range(2):
        desk.waits(seconds=60)
        assert new(pushed(desk, anki)) == NOTHING_NEW
        after = anki.col.get_note(moved.id)
        assert (after.mid, after["Mine"], after.fields) == (kind["id"], "My own words", moved.fields)


def test_a_note_that_was_deleted_in_anki_comes_again_with_its_answers_by_the_second_push(
    desk: Learner, anki: Served
) -> None:
    pushed(desk, anki)
    (name,) = answer(desk, 1, 4)
    pushed(desk, anki)
    anki.col.remove_notes([note(anki, name.partition("#")[0]).id])
    assert pushed(desk, anki).added == 1
    assert Both.of(desk, anki.col).differently_scheduled() == []
    pushed(desk, anki)
    card = note(anki, name.partition("#")[0]).cards()[0]
    assert anki.col.db.scalar("select count() from revlog where cid = ?", card.id) == 1
    assert new(pushed(desk, anki)) == NOTHING_NEW
    assert pulled(desk, anki).changes == 0


def test_an_anki_that_sees_none_of_our_files_gets_them_through_its_media(desk: Learner, anki: Served) -> None:
    anki.is_confined = True
    assert pushed(desk, anki).added == 12
    anki.phone.answer(2, "GOOD")
    assert pulled(desk, anki).reviews == 2
    assert anki.do_getMediaFilesNames("_nlpcards*") == []


@pytest.mark.parametrize("action", ["deckNames", "getDecks", "findCards", "getMediaFilesNames", "retrieveMediaFile"])
@pytest.mark.parametrize("result", [None, 7, "é", [None]])
def test_a_result_that_anki_never_gives_is_one_sentence(
    desk: Learner, anki: Served, monkeypatch: pytest.MonkeyPatch, action: str, result: object
) -> None:
    (desk.decks / "one.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    desk.write("made", deck_of(2).replace("Answer 1.", "'![It](one.png)'"))
    pushed(desk, anki)
    anki.col.set_deck([note(anki, "made/n0").cards()[0].id], anki.col.decks.id("elsewhere"))
    anki.is_confined = action == "retrieveMediaFile"
    monkeypatch.setattr(anki, f"do_{action}", lambda **_: result)
    with pytest.raises(NlpcardsError) as caught:
        pushed(desk, anki)
    assert caught.value.remedy


def test_a_row_that_another_card_has_the_millisecond_of_takes_the_next(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    (name,) = answer(desk, 1, 4)
    with desk.open() as collection:
        last = collection.journal.last_event()
        assert last is not None
    anki.col.db.execute("insert into revlog values (?, 1, -1, 3, 1, 1, 2500, 1000, 1)", last.at_ms)
    assert pushed(desk, anki).reviews == 1
    card = note(anki, name.partition("#")[0]).cards()[0]
    assert anki.col.db.list("select id from revlog where cid = ?", card.id) == [last.at_ms + 1]
    assert new(pushed(desk, anki)) == NOTHING_NEW


def test_answers_of_a_note_whose_cards_lie_in_two_decks_go_there_once(desk: Learner, anki: Served) -> None:
    desk.write("made", deck_of(2).replace("a: Answer 0.", "a: Answer 0.\n    both: true"))
    pushed(desk, anki)
    anki.col.set_deck([note(anki, "made/n0").cards()[1].id], anki.col.decks.id("Mine"))
    assert len(set(answer(desk, 3, 4))) == 3
    found = pushed(desk, anki)
    assert (found.reviews, found.schedules) == (3, 3)
    assert anki.col.db.scalar("select count() from revlog") == 3
    assert new(pushed(desk, anki)) == NOTHING_NEW
    assert pulled(desk, anki).reviews == 0


def test_answers_that_another_push_brings_meanwhile_are_there_once(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    answer(desk, 3, 4)
    others = []

    def meanwhile(what: str, done: int, total: int) -> None:
        if what == "schedule":
            others.append(pushed(desk, anki).reviews)

    with desk.open() as collection:
        push(collection, AnkiConnect(anki.url), select(collection, ()), meanwhile)
    assert others == [3]
    assert anki.col.db.scalar("select count() from revlog") == 3
    assert pulled(desk, anki).reviews == 0


def test_what_was_done_under_a_clock_that_was_ahead_waits_for_its_time(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    right = desk.at
    desk.waits(days=3)
    answer(desk, 1, 4)
    desk.write("made", deck_of(13))
    with desk.open() as collection:
        now = collection.now()
        collection.journal.append([Review("made/n12#qa", 4, 900, now.day + 8, 0)], now)
    desk.at = right + timedelta(seconds=60)
    assert pushed(desk, anki, write=False).held_back == 1
    found = pushed(desk, anki)
    assert (found.added, found.reviews, found.schedules, found.held_back) == (1, 0, 1, 2)
    anki.phone.package()  # which Anki does not write while it has a row of the day after tomorrow
    assert pulled(desk, anki).reviews == 0
    again = pushed(desk, anki)
    assert (new(again), again.held_back) == (NOTHING_NEW, 2)
    desk.waits(days=4)
    there = pushed(desk, anki)
    assert (there.reviews, there.held_back) == (2, 0)


@pytest.mark.parametrize("rating", ["EASY", None])
def test_a_card_that_is_answered_or_suspended_in_anki_meanwhile_stays_until_the_next_push(
    desk: Learner, anki: Served, rating: str | None
) -> None:
    pushed(desk, anki)
    anki.col.db.execute("update cards set mod = mod - 60")
    name, other = answer(desk, 2, 4)
    card = note(anki, name.partition("#")[0]).cards()[0].id

    def meanwhile(what: str, done: int, total: int) -> None:
        if what == "deck read" and rating is None:
            anki.col.sched.suspend_cards([card])
        elif what == "deck read" and rating is not None:
            anki.phone.answer(1, rating)

    with desk.open() as collection:
        found = push(collection, AnkiConnect(anki.url), select(collection, ()), meanwhile)
    assert (found.meanwhile, found.reviews, found.schedules) == (1, 1, 1)
    asked = [note(anki, each.partition("#")[0]).cards()[0] for each in (name, other)]
    assert [each.ivl > 0 for each in asked] == [rating is not None, True]
    desk.waits(seconds=60)
    both = synced(desk, anki)
    assert both.pulled is not None
    assert (both.pulled.changes, both.pushed.reviews, both.pushed.schedules, both.pushed.meanwhile) == (1, 1, 1, 0)
    assert Both.of(desk, anki.col).differently_scheduled() == []
    assert (anki.col.get_card(card).queue == -1) == (rating is None)


def test_cards_in_a_filtered_deck_wait_there_and_their_reviews_come_back(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    names = answer(desk, 3, 4)
    pushed(desk, anki)
    filtered = anki.col.sched.get_or_create_filtered_deck(0)
    filtered.name = "cram"
    filtered.config.search_terms[0].search = "is:review"
    anki.col.sched.add_or_update_filtered_deck(filtered)
    assert anki.col.db.scalar("select count() from cards where odid != 0") == len(names)
    found = pulled(desk, anki)
    assert (found.reviews, found.ours) == (0, 3)
    assert new(pushed(desk, anki)) == NOTHING_NEW


def test_only_what_was_chosen_goes_there(desk: Learner, anki: Served) -> None:
    desk.write("other", deck_of(3, "other"))
    assert pushed(desk, anki, "deck:other").added == 3
    assert pushed(desk, anki).added == 12
    (desk.decks / "other.yaml").unlink()
    assert pushed(desk, anki).gone == 3


def test_nothing_to_push_and_nothing_to_pull_is_said(desk: Learner, anki: Served) -> None:
    with pytest.raises(NothingToDo, match="Anki has no card of these decks"):
        pulled(desk, anki)
    with pytest.raises(NothingToDo, match="no card to export meets"):
        pushed(desk, anki, "is:suspended")


def test_a_card_that_goes_away_meanwhile_is_said_and_the_next_push_goes_on(desk: Learner, anki: Served) -> None:
    pushed(desk, anki)
    names = answer(desk, 2, 4)
    gone = note(anki, names[0].partition("#")[0]).id

    def meanwhile(what: str, done: int, total: int) -> None:
        if what == "deck read":
            anki.col.remove_notes([gone])

    with desk.open() as collection, pytest.raises(NlpcardsError, match="setSpecificValueOfCard"):
        push(collection, AnkiConnect(anki.url), select(collection, ()), meanwhile)
    found = pushed(desk, anki)
    assert (found.added, found.reviews) == (1, 1)
    assert Both.of(desk, anki.col).differently_scheduled() == []
    assert new(pushed(desk, anki)) == NOTHING_NEW
