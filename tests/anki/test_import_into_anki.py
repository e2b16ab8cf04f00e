"""What real Anki makes of our packages."""

from __future__ import annotations

import dataclasses
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nlpcards.anki.source_text import decode
from nlpcards.core.cards import Citation, Source
from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.reader import read_deck
from tests.support.bundled import DECK_FILES
from tests.support.tracing import untraced

pytestmark = untraced

if TYPE_CHECKING:
    from tests.anki.conftest import Anki

THEN = 1_790_000_000


def shown(page: str) -> str:
    """A rendered card without its code, where dollars and backquotes are what they say."""
    return re.sub(r"<(pre|code)\b.*?</\1>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("path", DECK_FILES, ids=lambda path: str(path.stem))
def test_every_card_of_a_bundled_deck_has_a_front_and_a_back_without_raw_source(anki: Anki, path: Path) -> None:
    deck = read_deck(path).deck
    assert deck is not None
    report = anki.export_decks(deck)
    log = anki.take()

    assert len(log.new) == report.notes >= len(deck.notes)
    cards = anki.every_card()
    assert len(cards) == report.cards == len(list(deck.cards()))
    for card in cards:
        question, answer = anki.question(card), anki.answer(card)
        assert re.search(r'class="(?:question|cell|steps|title)[^"]*">.*\w', question, re.DOTALL)
        assert question != answer
        for page in (shown(question), shown(answer)):
            assert "$" not in page
            assert "{{" not in page
            assert "```" not in page
            assert "no-more-cards" not in page
    assert not anki.col.get_empty_cards().notes


@untraced
def test_importing_all_bundled_decks_twice_adds_nothing(anki: Anki) -> None:
    decks = [deck for path in DECK_FILES if (deck := read_deck(path).deck)]
    report = anki.export_decks(*decks)
    anki.take()
    log = anki.take()
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 0, 0)
    assert len(log.duplicate) == report.notes
    assert anki.col.card_count() == report.cards


def test_a_cloze_has_a_card_for_each_number_and_gaps_stay_gaps(anki: Anki) -> None:
    anki.bring(anki.cloze("gaps", "The {{c2::forget}} gate and the {{c5::input::which?}} gate and {{c2::more}}"))
    cards = anki.cards("gaps")
    assert [card.ord for card in cards] == [1, 4]
    assert anki.question(cards[0]).count("[...]") == 2
    assert "[which?]" in anki.question(cards[1])
    assert "forget" in anki.question(cards[1])
    assert "input" in anki.answer(cards[1])


def test_a_cloze_in_maths_keeps_its_braces(anki: Anki) -> None:
    anki.bring(anki.cloze("maths", r"$c_t = {{c1::\tilde{c}_{t}}} + {{c2::\frac{a}{b}}}$ where {{c3::$x_{i}$}} is"))
    first, second, third = anki.cards("maths")
    assert "tilde" not in anki.question(first)
    assert r"\tilde{c}_{t" in anki.answer(first)
    assert r"\frac{a}{b" in anki.answer(second)
    assert r"\(c_t = " in anki.question(third)
    for card in (first, second, third):
        assert "::" not in anki.answer(card)


def test_a_cloze_in_a_code_block_hides_just_its_text(anki: Anki) -> None:
    text = "```python\nscores = q @ {{c1::k.T}} / math.sqrt({{c2::d_k}})\n```"
    anki.bring(anki.cloze("code", text))
    first, second = anki.cards("code")
    assert "k.T" not in re.sub(r"<[^>]*>", "", anki.question(first))
    assert "d_k" in re.sub(r"<[^>]*>", "", anki.question(first))
    assert "d_k" not in re.sub(r"<[^>]*>", "", anki.question(second))


def test_both_ways_makes_two_cards_that_ask_for_each_other(anki: Anki) -> None:
    anki.bring(anki.basic("both", "the query", "the answer", both=True))
    ask, reverse = anki.cards("both")
    assert "the query" in anki.question(ask)
    assert "the answer" not in anki.question(ask)
    assert "the answer" in anki.question(reverse)
    assert "the query" not in anki.question(reverse)
    assert "the query" in anki.answer(reverse)


def test_code_is_highlighted(anki: Anki) -> None:
    anki.bring(anki.basic("code", "What does it print?", "```python\nfor x in range(3):\n    print(x < 2)\n```"))
    answer = anki.answer(anki.cards("code")[0])
    assert 'class="hl"' in answer
    assert re.search(r'<span class="k">for</span>', answer)
    assert "x &lt; 2" in re.sub(r"</?span[^>]*>", "", answer)


def test_why_and_source_stand_under_the_answer_only(anki: Anki) -> None:
    gers = Source("gers2000", "Learning to Forget", "Gers & Cummins", "2000", "https://doi.org/10.1162/1")
    note = anki.basic(
        "full", "What?", "That.", why="Since $a<b$.", cite=(Citation(gers, "§3"),), as_of=date(2026, 5, 1)
    )
    anki.bring(note)
    card = anki.cards("full")[0]
    for words in ("Since", "Gers &amp; Cummins", "Learning to Forget", "§3", "As of 2026-05-01"):
        assert words in anki.answer(card)
        assert words not in anki.question(card)
    assert r"\(a&lt;b\)" in anki.answer(card)
    assert 'href="https://doi.org/10.1162/1"' in anki.answer(card)


def test_a_note_without_why_or_source_shows_no_empty_boxes(anki: Anki) -> None:
    anki.bring(anki.basic("bare", "What?", "That."))
    answer = anki.answer(anki.cards("bare")[0])
    assert 'class="why"' not in answer
    assert 'class="source"' not in answer


def test_tags_and_topic_arrive_without_spaces(anki: Anki) -> None:
    anki.bring(anki.basic("tagged", "q", "a", tags=("gates", "long short term", "a::b", " "), topic="lstm"))
    assert sorted(anki.note("tagged").tags) == ["a::b", "gates", "long_short_term", "nlpcards::topic::lstm"]


def test_each_deck_becomes_a_sub_deck_named_by_its_title(anki: Anki) -> None:
    one = anki.deck(anki.basic("a", "q", "a"), title='Gates :: "deep" <b>')
    two = anki.deck(dataclasses.replace(anki.basic("b", "q", "a"), deck="other"), id="other", title="  ")
    three = anki.deck(dataclasses.replace(anki.basic("c", "q", "a"), deck="third"), id="third", title="OTHER")
    anki.export_decks(one, two, three)
    anki.take()
    names = {each.name for each in anki.col.decks.all_names_and_ids()} - {"Default"}
    assert names == {"nlpcards", "nlpcards::Gates : 'deep' ‹b›", "nlpcards::other", "nlpcards::OTHER (third)"}


def test_new_cards_come_in_the_order_of_the_notes(anki: Anki) -> None:
    names = ["zeta", "alpha", "mid", "beta"]
    anki.bring(*[anki.basic(name, f"about {name}?", "yes", both=name == "mid") for name in names])
    order = sorted(anki.every_card(), key=lambda card: card.due)
    assert [card.note()["NoteId"] for card in order] == ["demo/zeta", "demo/alpha", "demo/mid", "demo/mid", "demo/beta"]


def enable_fsrs(col: Any) -> None:
    from anki.deck_config_pb2 import UpdateDeckConfigsRequest

    current = col._backend.get_deck_configs_for_update(1)
    config = current.all_config[0].config
    request = UpdateDeckConfigsRequest(
        target_deck_id=1, configs=[config], limits=current.current_deck.limits, fsrs=True
    )
    col.decks.update_deck_configs(request)


def test_an_edited_note_is_updated_in_place_and_keeps_its_schedule_and_memory(anki: Anki) -> None:
    anki.bring(anki.basic("n", "What is teh gate?", "A sigmoid."), anki.basic("other", "q", "a"))
    enable_fsrs(anki.col)
    anki.col.decks.select(anki.col.decks.id_for_name("nlpcards::Demo"))
    for _ in range(4):
        card = anki.col.sched.getCard()
        anki.col.sched.answerCard(card, 4)
        if not anki.col.sched.getCard():
            break
    before = anki.cards("n")[0]
    assert before.memory_state is not None
    assert before.reps > 0

    log = anki.bring(anki.basic("n", "What is the gate?", "A sigmoid."), anki.basic("other", "q", "a"), mod=THEN + 1)
    assert (len(log.new), len(log.updated)) == (0, 2)
    after = anki.cards("n")[0]
    assert "the gate" in anki.question(after)
    assert "teh" not in anki.question(after)
    kept = ("id", "type", "queue", "due", "ivl", "factor", "reps", "lapses", "memory_state", "last_review_time")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert anki.col.db.scalar("select count() from revlog") == 2


def test_an_edit_with_the_same_time_is_skipped(anki: Anki) -> None:
    anki.bring(anki.basic("n", "before", "a"))
    log = anki.bring(anki.basic("n", "after", "a"))
    assert (len(log.new), len(log.updated), len(log.duplicate)) == (0, 0, 1)
    assert "before" in anki.note("n")["Question"]


def test_a_renamed_note_is_the_same_note_in_anki(anki: Anki) -> None:
    anki.bring(anki.basic("old", "q", "a"))
    former = {"demo/new": "demo/old"}
    log = anki.bring(anki.basic("new", "q, mended", "a"), mod=THEN + 60, root_of=lambda id: former.get(id, id))
    assert (len(log.new), len(log.updated)) == (0, 1)
    assert not anki.notes("old")
    assert "mended" in anki.note("new")["Question"]


def test_a_cloze_added_later_brings_its_card_and_leaves_the_others(anki: Anki) -> None:
    anki.bring(anki.cloze("n", "{{c1::one}} two"))
    first = anki.cards("n")[0].id
    anki.bring(anki.cloze("n", "{{c1::one}} {{c2::two}}"), mod=THEN + 1)
    assert [card.ord for card in anki.cards("n")] == [0, 1]
    assert anki.cards("n")[0].id == first


def test_a_later_design_replaces_the_old_one_without_a_second_note_type(anki: Anki, tmp_path: Path) -> None:
    anki.bring(anki.basic("n", "q", "a"))
    with zipfile.ZipFile(anki.package) as package:
        package.extractall(tmp_path / "opened")
    collection = tmp_path / "opened" / "collection.anki2"
    with closing(sqlite3.connect(collection)) as db:
        (models,) = db.execute("select models from col").fetchone()
        design = json.loads(models)
        (model,) = design.values()
        model |= {"css": ".card { color: teal }", "mod": model["mod"] + 1}
        model["flds"][2]["name"] = "Because"
        model["tmpls"][0]["afmt"] = model["tmpls"][0]["afmt"].replace("Why", "Because")
        db.execute("update col set models = ?", (json.dumps(design),))
        db.commit()
    with zipfile.ZipFile(anki.package, "w") as package:
        package.write(collection, "collection.anki2")
        package.writestr("media", "{}")

    log = anki.take()
    assert not log.conflicting
    assert [each.name for each in anki.col.models.all_names_and_ids() if "nlpcards" in each.name] == ["nlpcards Basic"]
    model = anki.col.models.by_name("nlpcards Basic")
    assert "teal" in model["css"]
    assert "Because" in [field["name"] for field in model["flds"]]


def test_two_packages_of_the_same_moment_do_not_disturb_each_other(anki: Anki) -> None:
    anki.bring(*[anki.basic(f"a{number}", f"q{number}", "a") for number in range(30)])
    log = anki.bring(*[anki.basic(f"b{number}", f"q{number}", "a") for number in range(30)])
    assert len(log.new) == 30
    assert anki.col.note_count() == anki.col.card_count() == 60


def test_the_notes_own_text_comes_back_text_for_text(anki: Anki) -> None:
    text = 'A {{c1::b}} & <i>c</i> "d" \\theta [sound:x.mp3]\n\n```python\nx\u0301 = {{c2::{}}}\n``` \u00e9 \u202e'
    anki.bring(anki.cloze("n", text, tags=("t",), why="Å"))
    assert decode(anki.note("n")["SourceText"]) == {
        "deck": "demo",
        "id": "n",
        "cloze": text,
        "why": "Å",
        "tags": ["t"],
    }


def test_two_notes_that_claim_one_former_id_are_an_error_and_write_nothing(anki: Anki) -> None:
    with pytest.raises(NlpcardsError, match="demo/a and demo/b go back to one former id") as caught:
        anki.export(anki.basic("a", "q", "a"), anki.basic("b", "q", "a"), root_of=lambda _: "demo/root")
    assert caught.value.remedy
    assert not anki.package.exists()


def test_the_same_decks_give_the_same_bytes(anki: Anki) -> None:
    notes = [anki.basic("b", "q $x$", "```python\n1\n```", both=True), anki.cloze("c", "{{c3::x}} {{c1::y}}")]
    anki.export(*notes)
    first = anki.package.read_bytes()
    anki.export(*notes)
    assert anki.package.read_bytes() == first
    anki.export(*notes, mod=THEN + 1)
    assert anki.package.read_bytes() != first


def test_a_cloze_that_markdown_would_swallow_still_has_its_card(anki: Anki) -> None:
    anki.bring(anki.cloze("n", "[paper](http://x.org/{{c1::b}}) and {{c2::**y**}}"))
    first, second = anki.cards("n")
    assert "http://x.org/<span" in anki.question(first)
    assert "**y**" in anki.answer(second)


def test_a_question_of_which_markdown_shows_nothing_is_shown_as_written(anki: Anki) -> None:
    anki.bring(anki.basic("n", "[attention]: http://x.org/", "a", both=True), anki.basic("m", "![](a.txt)", "\u200b"))
    ask, reverse = anki.cards("n")
    assert "[attention]: http://x.org/" in anki.question(ask)
    assert "[attention]: http://x.org/" in anki.answer(reverse)
    assert "![](a.txt)" in anki.question(anki.cards("m")[0])
