"""A roadmap lies among decks: found by its name, read when asked for, checked with the decks that name its topics."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from nlpcards.cli.main import code_of
from nlpcards.core.errors import NothingToDo
from nlpcards.decks.check import check
from nlpcards.decks.codes import CODES
from nlpcards.decks.library import load
from nlpcards.decks.places import deck_file_name, deck_files
from nlpcards.decks.problems import Problem
from nlpcards.decks.roadmaps import find_roadmap
from nlpcards.decks.roadmaps.keys import SECTIONS
from nlpcards.decks.roadmaps.schema import roadmap_schema
from tests.decks.test_roadmap_file import MISTAKES, WHOLE
from tests.support.bundled import ROADMAP_FILE
from tests.support.core_yaml import yaml_load

DECK = "deck: {0}\ntitle: Made\ntopic: {1}\nsources:\n  s: {{title: S}}\nnotes:\n"
NOTE = "  - id: one\n    concepts: [{0}]\n    q: What is kept?\n    a: All of it.\n    why: So it is.\n    cite: s\n"
OWN = "areas:\n  - {id: mine, title: Mine}\ntopics:\n  - {id: verbs, title: Verbs, area: mine}\n"


def put(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, int, str]]:
    return [(Path(problem.path).name, problem.line, problem.code) for problem in problems]


def test_a_roadmap_is_no_deck_and_a_deck_is_no_roadmap(tmp_path: Path) -> None:
    put(tmp_path, roadmap=WHOLE, made=DECK.format("made", "verbs") + NOTE.format(""))
    (tmp_path / "below").mkdir()
    put(tmp_path / "below", roadmap=OWN)
    assert [path.name for path in deck_files(tmp_path, [])] == ["made.yaml"]
    library = load([tmp_path])
    assert [*library.decks] == ["made"]
    assert library.problems == ()
    assert {*library.roadmap.topics} == {"x", "y", "verbs"}


def test_without_places_the_bundled_roadmap_comes_first_and_ones_own_adds_to_it(tmp_path: Path) -> None:
    put(tmp_path, roadmap="tracks:\n  - {id: short, title: S, about: A, stages: [{id: s, title: S, topics: [rnn]}]}\n")
    roadmap = load(more=[tmp_path]).roadmap
    assert [*roadmap.tracks][-1] == "short"
    assert len(roadmap.tracks) == 8
    assert roadmap.tracks["short"].topics == ("rnn",)


def test_places_that_are_named_replace_the_bundled_roadmap_unless_they_build_on_it(tmp_path: Path) -> None:
    own, building = put(tmp_path / "own", roadmap=OWN), put(tmp_path / "building", roadmap=OWN + "    needs: [lstm]\n")
    (building / "roadmap.yaml").write_text(OWN.replace("mine}\n", "mine, needs: [lstm]}\n"), "utf-8")
    assert [*find_roadmap([own]).roadmap.topics] == ["verbs"]
    assert find_roadmap([building]).problems == ()
    assert len(find_roadmap([building]).roadmap.topics) == 84
    assert find_roadmap([tmp_path / "none"]).roadmap.topics == {}


def test_a_roadmap_is_read_once_however_it_is_reached(tmp_path: Path) -> None:
    folder = put(tmp_path / "one", roadmap=OWN)
    (tmp_path / "other").symlink_to(folder)
    assert len(find_roadmap([folder, tmp_path / "other", folder / "roadmap.yaml"]).files) == 1


def test_a_roadmap_that_changed_is_read_anew(tmp_path: Path) -> None:
    put(tmp_path, roadmap=OWN)
    assert [*find_roadmap([tmp_path]).roadmap.topics] == ["verbs"]
    put(tmp_path, roadmap=OWN.replace("id: verbs", "id: adverbs"))
    assert [*find_roadmap([tmp_path]).roadmap.topics] == ["adverbs"]


def test_a_slip_takes_no_track_away_from_one_who_follows_it_and_is_told_of(tmp_path: Path) -> None:
    put(tmp_path, roadmap=WHOLE)
    library = load([tmp_path])
    whole = library.roadmap
    for text in ("", WHOLE.replace("title: T", "titel: T"), ""):
        put(tmp_path, roadmap=text)
        library = load([tmp_path]).keeping(library)
        assert library.roadmap == whole
        assert library.found_roadmap.problems
    put(tmp_path, roadmap=WHOLE.replace("title: T", "title: Another"))
    library = load([tmp_path]).keeping(library)
    assert library.roadmap.tracks["t"].title == "Another"
    (tmp_path / "roadmap.yaml").unlink()
    assert load([tmp_path]).keeping(library).roadmap.tracks == {}


def test_a_misspelt_name_does_not_bring_the_bundled_roadmap_in(tmp_path: Path) -> None:
    put(tmp_path, roadmap=WHOLE.replace("[x, y]", "[x, nothing-like-it]"))
    assert [*find_roadmap([tmp_path]).roadmap.tracks] == ["t"]


def test_no_deck_is_ever_written_under_the_name_of_a_roadmap() -> None:
    assert deck_file_name("roadmap") == "roadmap-deck.yaml"
    assert deck_file_name("lstm") == "lstm.yaml"


def test_check_tells_of_roadmaps_as_of_decks(tmp_path: Path) -> None:
    put(tmp_path, roadmap=WHOLE.replace("[x, y]", "[y, z]"))
    assert codes(check([tmp_path])) == [("roadmap.yaml", 19, "R020"), ("roadmap.yaml", 19, "R006")]
    assert codes(check([tmp_path / "roadmap.yaml"])) == [("roadmap.yaml", 19, "R020"), ("roadmap.yaml", 19, "R006")]


SILENCE = "# nlpcards: ignore R020\n"
SECOND = "      - {id: r, title: R, topics: [x, y]}\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (SILENCE + WHOLE, []),
        (WHOLE.replace("      - id: s\n", f"      {SILENCE}      - id: s\n"), []),
        (WHOLE.replace("        topics", f"        {SILENCE}        topics"), []),
        (WHOLE + f"      {SILENCE}{SECOND}", [(19, "R020"), (20, "Q091")]),
        (WHOLE.replace("  - id: t\n", f"  {SILENCE}  - id: t\n"), [(13, "Q091"), (20, "R020")]),
    ],
)
def test_a_comment_silences_advice_for_the_file_or_for_an_entry(
    text: str, left: list[tuple[int, str]], tmp_path: Path
) -> None:
    put(tmp_path, roadmap=text.replace("topics: [x, y]\n", "topics: [y, x]\n"))
    assert [(problem.line, problem.code) for problem in check([tmp_path])] == left


def test_an_error_in_a_roadmap_cannot_be_silenced(tmp_path: Path) -> None:
    put(tmp_path, roadmap="# nlpcards: ignore R006\n" + WHOLE.replace("[x, y]", "[x, z]"))
    assert [problem.code for problem in check([tmp_path])] == ["Q090", "R006"]


@pytest.mark.parametrize(
    ("topic", "concept", "expected"),
    [
        ("lstm", "forget-gate", []),
        ("lstm", "forgetgate", [("made.yaml", 8, "R031")]),
        ("lstms", "forget-gate", [("made.yaml", 3, "R030")]),
        ("verbs", "whatever", []),
    ],
)
def test_a_slip_in_a_topic_or_a_concept_is_told_of_and_topics_of_ones_own_are_not(
    topic: str, concept: str, expected: list[tuple[str, int, str]], tmp_path: Path
) -> None:
    put(tmp_path, made=DECK.format("made", topic) + NOTE.format(concept))
    assert codes(check([tmp_path])) == expected


def test_a_slip_is_told_with_what_was_meant(tmp_path: Path) -> None:
    put(tmp_path, made=DECK.format("made", "lstm") + NOTE.format("forgetgate"))
    [problem] = check([tmp_path])
    assert (problem.message, problem.hint) == (
        "the topic `lstm` has no concept `forgetgate`",
        "Did you mean `forget-gate`?",
    )


def test_where_a_roadmap_of_ones_own_lies_every_topic_is_to_be_in_it(tmp_path: Path) -> None:
    put(tmp_path, made=DECK.format("made", "nouns") + NOTE.format(""), roadmap=OWN)
    assert codes(check([tmp_path])) == [("made.yaml", 3, "R030")]
    put(tmp_path, made=DECK.format("made", "verbs") + NOTE.format(""))
    assert codes(check([tmp_path])) == []


def test_the_topic_that_a_note_has_for_itself_is_looked_at_too(tmp_path: Path) -> None:
    note = NOTE.format("forget-gate").replace("    cite", "    topic: lstms\n    cite")
    put(tmp_path, made=DECK.format("made", "lstm") + note)
    assert codes(check([tmp_path])) == [("made.yaml", 12, "R030")]


def test_fmt_leaves_a_roadmap_as_its_author_laid_it_out(tmp_path: Path) -> None:
    from nlpcards.cli.fmt import _files

    path = put(tmp_path, roadmap=WHOLE) / "roadmap.yaml"
    with pytest.raises(NothingToDo, match="a roadmap is not formatted"):
        _files((path,))


VALIDATOR = Draft7Validator(roadmap_schema())
STRUCTURAL = {"R001", "R002", "R003", "R004", "R007", "R009", "R012", "D304", "D307", "D406", "D407"}
"""What the schema finds too; of the rest it cannot know, or the file is no YAML that says what was meant."""


def is_valid(text: str) -> bool:
    return not list(VALIDATOR.iter_errors(yaml_load(text)))


def test_the_schema_is_a_schema_and_is_published_as_the_program_prints_it() -> None:
    Draft7Validator.check_schema(roadmap_schema())
    published = ROADMAP_FILE.parents[1] / "docs" / "roadmap.schema.json"
    assert json.loads(published.read_text("utf-8")) == roadmap_schema(), (
        "run `nlpcards schema --roadmap > docs/roadmap.schema.json`"
    )


def test_the_bundled_roadmap_is_valid() -> None:
    assert is_valid(ROADMAP_FILE.read_text("utf-8"))


@pytest.mark.parametrize("name", MISTAKES)
def test_the_schema_and_the_reader_agree(name: str) -> None:
    text, expected = MISTAKES[name]
    told = {code for _, _, code in expected}
    if told & STRUCTURAL and name != "weeks that run backwards":
        assert not is_valid(text)
    elif told <= {code for code, each in CODES.items() if each.of_roadmap}:
        assert is_valid(text)


def test_the_schema_has_every_key_with_what_it_means() -> None:
    for section, keys in SECTIONS.items():
        properties = roadmap_schema()["definitions"][section]["properties"]
        assert {name: value["description"] for name, value in properties.items()} == {
            name: key.meaning for name, key in keys.items()
        }


def test_the_commands_know_of_roadmaps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = put(tmp_path, roadmap=WHOLE.replace("[x, y]", "[x, z]")) / "roadmap.yaml"
    assert code_of(["schema", "--roadmap"]) == 0
    assert json.loads(capsys.readouterr().out) == roadmap_schema()
    assert code_of(["check", str(path), "--json"]) == 4
    assert json.loads(capsys.readouterr().out) == [problem.to_json() for problem in check([path])]
    assert code_of(["check", str(path)]) == 4
    assert "0 decks, 0 notes, 1 roadmap: 1 error." in capsys.readouterr().err
    assert code_of(["check", "--explain", "R020"]) == 0
    assert "To silence it for an entry or a file" in capsys.readouterr().out
