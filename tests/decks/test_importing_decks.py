"""What is imported goes into decks that are sound, beside what is there, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nlpcards.core.errors import DeckErrors, NlpcardsError, NothingToDo, UsageError
from nlpcards.decks.check import check
from nlpcards.decks.importing.deck_files import Wanted, import_reading
from nlpcards.decks.importing.formats import read_file
from nlpcards.decks.importing.naming import DeckIds, Ids
from nlpcards.decks.importing.result import Draft, Reading, Report
from nlpcards.decks.library import load
from nlpcards.decks.reader import read_deck

OLD = """\
# mine
deck: words
title: My words
sources:
    book: {title: A book}
notes:
- id: one
  # kept
  q: What is one?
  a: 1

- id: two
  q: What is two?
  a: '2'
# the end
"""


def bring(
    folder: Path,
    name: str,
    text: str,
    *,
    deck: str = "",
    title: str = "",
    taken: dict[str, Path] | None = None,
    write: bool = True,
) -> Report:
    file = folder / name
    file.write_text(text, "utf-8")
    wanted = Wanted(folder / "decks", deck, title)
    return import_reading(read_file(file), file, wanted, taken or {}, write=write)


def errors(folder: Path) -> list[str]:
    return [str(problem) for problem in check([folder]) if problem.is_error]


def test_a_new_deck_is_named_after_its_file(tmp_path: Path) -> None:
    report = bring(
        tmp_path, "word_vectors.csv", "q,a,tags,source\nWhat is $x$?,b,t,https://x.org\n{{c1::a}} {{c2::b}},,,\n"
    )
    path = tmp_path / "decks" / "word-vectors.yaml"
    assert (report.notes, report.cards, report.files) == (2, 3, (str(path),))
    assert path.read_text("utf-8") == (
        "deck: word-vectors\ntitle: Word vectors\nsources:\n  https-x-org:\n    title: https://x.org\n"
        "    url: https://x.org\nnotes:\n"
        "  - id: what-is-x\n    q: |-\n      What is \\$x\\$?\n    a: b\n    cite: https-x-org\n    tags: [t]\n\n"
        "  - id: a-b\n    cloze: '{{c1::a}} {{c2::b}}'\n"
    ).replace("'{{c1::a}} {{c2::b}}'", "|-\n      {{c1::a}} {{c2::b}}")
    assert errors(tmp_path / "decks") == []


def test_notes_go_to_the_end_of_a_deck_that_is_there_and_nothing_in_it_changes(tmp_path: Path) -> None:
    decks = tmp_path / "decks"
    decks.mkdir()
    (decks / "words.yaml").write_text(OLD, "utf-8")
    rows = "q,a,source\nWhat is one?,1,\nWhat is two?,zwei,\nWhat is three?,3,Another\nWhat is four?,4,A book\n"
    report = bring(tmp_path, "words.csv", rows)
    assert (report.notes, report.known) == (2, 1)
    assert [(each.line, each.reason) for each in report.skipped] == [
        (3, "the deck asks this already, with another answer, which was left as it is")
    ]
    text = (decks / "words.yaml").read_text("utf-8")
    assert text == (
        OLD.replace("sources:\n", "sources:\n    another:\n      title: Another\n")
        + "\n- id: what-is-three\n  q: What is three?\n  a: 3\n  cite: another\n"
        + "\n- id: what-is-four\n  q: What is four?\n  a: 4\n  cite: book\n"
    )
    assert errors(decks) == []
    again = bring(tmp_path, "words.csv", rows)
    assert (again.notes, again.known, again.files) == (0, 3, ())
    assert (decks / "words.yaml").read_text("utf-8") == text


@pytest.mark.parametrize("end", ["notes: []\n", "notes: []   # none yet\n", "notes:\n", "notes: []"])
def test_a_deck_without_notes_gets_its_first(tmp_path: Path, end: str) -> None:
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "e.yaml").write_text(f"deck: e\ntitle: E\n{end}", "utf-8")
    assert bring(tmp_path, "e.csv", "q,a\nx,y\nz,w\n").notes == 2
    assert [note.id for note in load([tmp_path / "decks"]).decks["e"].notes] == ["x", "z"]


def test_a_note_is_known_by_its_id_where_it_has_one(tmp_path: Path) -> None:
    assert bring(tmp_path, "w.csv", "id,q,a\nOne Two,x,y\nb,x,z\nb,v,w\n").notes == 2
    again = bring(tmp_path, "w.csv", "id,q,a\none-two,x,y\nb,x,other\nc,x,y\n")
    assert (again.notes, again.known) == (0, 2)
    assert "a note `b` that says something else" in again.skipped[0].reason


def test_one_question_with_two_answers_makes_two_notes_and_a_repetition_none(tmp_path: Path) -> None:
    rows = "q,a\nbank,river side\nbank,money\nbank,money\n"
    report = bring(tmp_path, "w.csv", rows)
    assert report.notes == 2
    assert [(each.line, each.reason) for each in report.skipped] == [(4, "it says the same as line 3")]
    assert bring(tmp_path, "w.csv", rows).known == 3


def test_rows_name_their_decks(tmp_path: Path) -> None:
    rows = "q,a,deck\na,b,NLP::Words\nc,d,NLP Words\ne,f,\ng,h,日本\n"
    report = bring(tmp_path, "w.csv", rows)
    assert report.decks == {"nlp-words": 1, "nlp-words-2": 1, "w": 1, "deck": 1}
    assert bring(tmp_path, "w.csv", rows).known == 4
    assert load([tmp_path / "decks"]).decks["nlp-words"].title == "NLP::Words"
    one = bring(tmp_path, "w.csv", rows, deck="all-of-it", title="All: of it")
    assert one.decks == {"all-of-it": 4}
    assert load([tmp_path / "decks"]).decks["all-of-it"].title == "All: of it"
    assert errors(tmp_path / "decks") == []


def test_a_dry_run_writes_nothing_and_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    cards = "Q: ![](a.png)\nA: b\nC: x\n"
    dry = bring(tmp_path, "w.md", cards, write=False)
    assert not (tmp_path / "decks").exists()
    assert bring(tmp_path, "w.md", cards) == dry
    assert dry.media == 1


def test_a_deck_of_that_id_elsewhere_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="belongs to the deck in") as caught:
        bring(tmp_path, "lstm.csv", "q,a\nx,y\n", taken={"lstm": tmp_path / "other" / "lstm.yaml"})
    assert "--deck" in caught.value.remedy
    assert not (tmp_path / "decks").exists()
    with pytest.raises(UsageError, match="no id for a deck") as caught:
        bring(tmp_path, "lstm.csv", "q,a\nx,y\n", deck="My Deck")
    assert "`my-deck`" in caught.value.remedy


def test_a_deck_is_found_under_another_file_name(tmp_path: Path) -> None:
    (tmp_path / "decks").mkdir()
    mine = tmp_path / "decks" / "renamed.yml"
    mine.write_text(OLD, "utf-8")
    report = bring(tmp_path, "words.csv", "q,a\nx,y\n", taken={"words": mine})
    assert report.files == (str(mine),)
    assert sorted(path.name for path in (tmp_path / "decks").iterdir()) == ["renamed.yml"]


@pytest.mark.parametrize(
    ("there", "kind", "why"),
    [
        ("deck: w\ntitle: W\nnotes:\n- q: x\n", DeckErrors, "has an error: the note has `q` but no `a`"),
        ("deck: other\ntitle: W\nnotes:\n- q: x\n  a: y\n  id: b\n", UsageError, "has the deck `other`"),
        ("extends: w\nnotes:\n- q: x\n  a: y\n  id: b\n", UsageError, "changes the deck `w`"),
        ("notes: [{id: b, q: x, a: y}]\ndeck: w\ntitle: W\n", NlpcardsError, "cannot be added|would not be sound"),
    ],
)
def test_a_file_that_notes_cannot_be_added_to_stays_as_it_is(
    tmp_path: Path, there: str, kind: type[NlpcardsError], why: str
) -> None:
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "w.yaml").write_text(there, "utf-8")
    with pytest.raises(kind, match=why) as caught:
        bring(tmp_path, "w.csv", "q,a\nfresh,y\n")
    assert caught.value.remedy
    assert (tmp_path / "decks" / "w.yaml").read_text("utf-8") == there
    assert os.listdir(tmp_path / "decks") == ["w.yaml"]


def test_a_note_that_would_be_an_error_is_named_and_its_neighbours_are_written(tmp_path: Path) -> None:
    rows = "q,a\na,b\n{{c1::}} b,\n{{c1::open,\nc,d\n"
    report = bring(tmp_path, "w.csv", rows)
    assert (report.notes, [each.line for each in report.skipped]) == (2, [3, 4])
    assert "hides nothing" in report.skipped[0].reason
    assert "not closed" in report.skipped[1].reason
    assert errors(tmp_path / "decks") == []


def test_pictures_are_copied_and_missing_ones_are_named(tmp_path: Path) -> None:
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "a (1).PNG").write_bytes(b"one")
    (tmp_path / "img" / "a-1.png").write_bytes(b"two")
    (tmp_path / "b.txt").write_bytes(b"secret")
    (tmp_path / "link.png").symlink_to("/etc/passwd")
    cards = (
        "Q: ![x](<img/a (1).PNG>) ![](img/a-1.png) ![](@/img/a-1.png) ![y](img/a%20%281%29.PNG)\nA: b\n"
        "Q: ![](b.txt) ![](/etc/passwd) ![](../x.png) ![z](gone.png) ![](link.png) `![](gone.png)`\nA: ![](https://x.y/z.png)\n"
    )
    report = bring(tmp_path, "w.md", cards)
    assert report.notes == 1
    decks = tmp_path / "decks"
    first = load([decks]).decks["w"].notes[0]
    assert (
        first.body.written()["q"] == "![x](w/img/a-1.png) ![](w/img/a-1-2.png) ![](w/img/a-1-2.png) ![y](w/img/a-1.png)"
    )
    assert {path.name: path.read_bytes() for path in (decks / "w" / "img").iterdir()} == {
        "a-1.png": b"one",
        "a-1-2.png": b"two",
    }
    assert report.media == 2
    reasons = [each.reason for each in report.skipped if each.line == 3]
    assert sum("is not below" in reason for reason in reasons) == 3
    assert sum("is no picture" in reason for reason in reasons) == 1
    assert sum("is not there" in reason for reason in reasons) == 1
    assert errors(decks) == []
    again = bring(tmp_path, "w.md", cards)
    assert (again.notes, again.known, again.media) == (0, 1, 0)


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    decks = tmp_path / "decks"
    decks.mkdir()
    (decks / "w").write_text("in the way")
    with pytest.raises(NlpcardsError, match="cannot be copied") as caught:
        bring(tmp_path, "w.md", "Q: ![](a.png)\nA: b\n")
    assert "nothing was imported" in caught.value.remedy
    assert os.listdir(decks) == ["w"]


def test_a_link_below_the_decks_does_not_lead_a_copy_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "outside").mkdir()
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "w").symlink_to(tmp_path / "outside")
    with pytest.raises(NlpcardsError, match="leads elsewhere"):
        bring(tmp_path, "w.md", "Q: ![](a.png)\nA: b\n")
    assert os.listdir(tmp_path / "outside") == []


def test_a_deck_that_would_be_too_large_is_one_sentence(tmp_path: Path) -> None:
    drafts = [Draft(number, {"q": f"{number} {'x' * 90_000}", "a": "y"}) for number in range(100)]
    with pytest.raises(NlpcardsError, match="more than the 8 that one may have") as caught:
        import_reading(Reading(tuple(drafts)), tmp_path / "w.csv", Wanted(tmp_path / "decks"), {})
    assert "Split" in caught.value.remedy
    assert list(tmp_path.rglob("*.yaml")) == []


def test_a_file_without_cards_is_nothing_to_do(tmp_path: Path) -> None:
    with pytest.raises(NothingToDo, match="no card"):
        bring(tmp_path, "w.md", "\n\n")


def test_ids_that_share_a_beginning_are_numbered() -> None:
    ids = Ids(["a-b", "note-3"])
    assert [ids.give(text) for text in ("A b", "a b!", "日", "本", "語")] == [
        "a-b-2",
        "a-b-3",
        "note",
        "note-2",
        "note-4",
    ]
    many = Ids()
    assert len({many.give("日本語") for _ in range(20_000)}) == 20_000
    decks = DeckIds()
    assert [decks.of(title) for title in ("A", "a", "A", "日", "本")] == ["a", "a-2", "a", "deck", "deck-2"]


def test_the_decks_that_come_out_read_as_they_were_meant(tmp_path: Path) -> None:
    bring(tmp_path, "w.csv", 'q,a,why,tags\n"no",1:30,"a: b # c","x,y"\n"[CLS]","{x}",\'q\',\n')
    deck = read_deck(tmp_path / "decks" / "w.yaml").deck
    assert deck is not None
    assert [(note.body.written()["q"], note.body.written()["a"], note.why, note.tags) for note in deck.notes] == [
        ("no", "1:30", "a: b # c", ("x", "y")),
        ("[CLS]", "{x}", "'q'", ()),
    ]
