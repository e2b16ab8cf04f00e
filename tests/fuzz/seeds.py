"""Packages and collections as real Anki writes them: what a fuzzer begins from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from anki.collection import Collection, ExportAnkiPackageOptions, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from nlpcards.anki.export import package
from nlpcards.core.cards import Deck
from nlpcards.decks.examples import EXAMPLES
from nlpcards.decks.reader import read_text
from tests.support.phone import answer_queued

_PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(24))


def seeds(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name (its ending says of what kind the file is) and content of each seed; they are made in an empty folder."""
    for name, fill in (("small", _small), ("full", _full), ("own", _own)):
        place = folder / name
        place.mkdir()
        col: Any = Collection(str(place / "collection.anki2"))
        fill(col, place)
        for how in ("modern.apkg", "legacy.apkg", "modern.colpkg", "legacy.colpkg", "closed.anki2"):
            yield f"{name}-{how}", _written(col, place / how).read_bytes()
        col.close()
    for name, note in NOTES.items():
        yield f"{name}.json", json.dumps(note).encode()


def _small(col: Any, folder: Path) -> None:
    """One note of two cards, a picture, and one review."""
    for model in col.models.all():
        if "reversed card)" not in model["name"] or "optional" in model["name"]:
            col.models.remove(model["id"])
    col.media.write_data("p.png", _PICTURE)
    _add(col, "One", "Basic (and reversed card)", 'a <img src="p.png">', "b")
    answer_queued(col, "One", 1)


def _full(col: Any, folder: Path) -> None:
    """Every stock note type, nested and filtered decks, media, presets, and cards in every state with their history."""
    col.media.write_data("a picture.png", _PICTURE)
    col.media.write_data("s.mp3", b"ID3")
    for number, model in enumerate(sorted(col.models.all(), key=lambda each: str(each["name"]))):
        fields = [f"{number} <b>{field['name']}</b> &lt; \\(x_{number}\\)" for field in model["flds"]]
        if "Occlusion" in model["name"]:
            fields[:2] = "{{c1::image-occlusion:rect:left=.1:top=.1}}", '<img src="a picture.png">'
        elif model["type"] == 1:
            fields[0] = "{{c1::one {{c2::two}}}} \\({{c3::x}}\\) {{c1::three::hint}}[sound:s.mp3]"
        _add(col, ("NLP", "NLP::Attention", "NLP::Attention::Köpfe")[number % 3], model["name"], *fields)
    for number in range(8):
        _add(
            col,
            "NLP",
            "Basic",
            f"<div>Question {number}?</div><br><ul><li>x</ul>",
            "<table><tr><td>1</td></tr></table>",
        )
    answer_queued(col, "NLP", 14)
    config = col.decks.add_config("Mine")
    config["new"]["delays"], config["lapse"]["delays"] = [2, 15], [20]
    config["fsrsParams6"] = [round(0.1 + at / 10, 2) for at in range(21)]
    config["desiredRetention"] = 0.87
    col.decks.update_config(config)
    deck = col.decks.get(col.decks.id("NLP"))
    deck["conf"], deck["desiredRetention"] = config["id"], 93
    col.decks.save(deck)
    cards = sorted(col.find_cards("Question"))
    col.sched.suspend_cards(cards[:1])
    col.sched.bury_cards(cards[1:2])
    col.set_user_flag_for_cards(5, cards[2:3])
    col.sched.set_due_date(cards[3:4], "9")
    col.sched.schedule_cards_as_new(cards[4:5])
    filtered = col.decks.get(col.decks.new_filtered("Cramming"))
    filtered["terms"] = [["is:review", 5, 0]]
    col.decks.save(filtered)
    col.sched.rebuild_filtered_deck(filtered["id"])


def _own(col: Any, folder: Path) -> None:
    """Notes of every kind that went to Anki from nlpcards, tagged and answered there."""
    text = "deck: made\ntitle: Made\nsources:\n  s:\n    title: S\nnotes:\n" + "".join(EXAMPLES.values())
    text += (
        "  - {id: more, q: x, a: y, why: z, cite: s p. 3, tags: [t], needs: [bert-gpt], as_of: 2026-01-02, was: [w]}\n"
    )
    read = read_text(text)
    assert isinstance(read.deck, Deck)
    path = folder / "own.apkg"
    package((read.deck,), path, mod=lambda _, __: 1_790_000_000, root_of=str)
    options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
    col.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))
    note = col.get_note(min(col.find_notes("")))
    note.tags = [*note.tags, "mine"]
    col.update_note(note)
    answer_queued(col, "nlpcards", 5)


def _add(col: Any, deck: str, model: str, *fields: str) -> None:
    note = col.new_note(col.models.by_name(model))
    note.fields[: len(fields)] = fields
    note.tags = ["plain", "deep::er"]
    col.add_note(note, col.decks.id(deck))


def _written(col: Any, path: Path) -> Path:
    legacy = path.stem == "legacy"
    match path.suffix:
        case ".anki2":
            col.db.execute("vacuum into ?", str(path))
        case ".colpkg":
            col.export_collection_package(str(path), include_media=True, legacy=legacy)
            col.reopen(after_full_sync=False)
        case _:
            options = ExportAnkiPackageOptions(
                with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy
            )
            col.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


NOTES: Mapping[str, Mapping[str, object]] = {
    "basic": {
        "fields": {"Front": "a &lt; <b>b</b>", "Back": "<ul><li>x</li></ul>[latex]$x$[/latex]"},
        "templates": [["{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"], ["{{Back}}", "{{Front}}"]],
    },
    "typed": {
        "fields": {"Front": "which?", "Back": "this", "Hint": "so"},
        "templates": [["{{Front}} {{hint:Hint}} {{type:Back}}", "{{#Hint}}{{text:Hint}}{{/Hint}}{{^Tags}}x{{/Tags}}"]],
    },
    "cloze": {
        "fields": {"Text": "{{c1::a}} <i>{{c2::b {{c3::c}}::hint}}</i> \\({{c1::x^{2}}}\\)", "Extra": "<pre>y</pre>"},
        "templates": [["{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}"]],
        "cloze": True,
    },
    "rich": {
        "fields": {
            "Front": '<table><tr><th>a</th><td><img src="p.png" alt="x"></td></tr></table><a href="http://x.org">y</a>'
            "<ruby>漢<rt>kan</rt></ruby><svg><g/></svg><!-- c -->"
            '<pre><code class="language-python">x = 1\n</code></pre>'
            "<blockquote><ol start=3><li>q<li><sub>1</sub></ol></blockquote>",
            "Back": '<img src="data:image/png;base64,iVBORw0KGgo=">[sound:a.mp3]<script>x</script>\\[\\frac{a}{b}\\]',
        },
        "templates": [["{{furigana:Front}}{{kana:Front}}", "{{Back}}{{tts en:Back}}{{Deck}}"]],
    },
}
"""Single notes, apart from any package: the names and texts of their fields, and the sides of each template."""
