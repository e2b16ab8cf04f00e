"""What a push to a running Anki costs beside what Anki itself does of it, in one run.

    python benchmarks/push.py          # 5,000 plain notes

The push is answered by the API over a real collection in this process (see tests/support). Beside it stand Anki's own
import of the package that the push brings, and Anki's own export, by which a push sees what is there: of new notes, and
then of notes of which each has four answers. Seconds of the processor, of both programs together; run it twice, since
the first one warms the disk.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.timing import seconds


def main(count: int) -> None:
    """Push, answer some cards, and push again; then the same of cards with a past."""
    fresh(count)
    with_a_past(count)


def with_a_past(count: int) -> None:
    """Push cards of which each was answered four times over two months, twice."""
    from nlpcards.anki.connect.client import AnkiConnect
    from nlpcards.collection.running_anki import push
    from nlpcards.collection.searching import select
    from nlpcards.core.journal import Event, EventId, Review
    from tests.support.anki_connect import served
    from tests.support.learner import Learner
    from tests.support.phone import Phone
    from tests.support.program import deck_of

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        learner = Learner(folder / "desk", datetime.now(UTC), UTC)
        learner.write("made", deck_of(count))
        phone = Phone(folder / "phone")
        with served(phone) as anki, learner.open() as collection:
            first = collection.now().ms - 60 * 86_400_000
            events: list[Event] = []
            for repetition, (day, interval) in enumerate(((0, 3), (3, 9), (12, 20), (32, 40))):
                for card in range(count):
                    at = first + day * 86_400_000 + card * 3_000
                    on = collection.clock.day_of(at, collection.settings.rollover)
                    body = Review(f"made/n{card}#qa", 3, 2_000, on + interval, repetition)
                    events.append(Event(EventId("other", len(events) + 1), at << 16, at, on, body))
            collection.journal.insert(events)

            def pushed() -> None:
                push(collection, AnkiConnect(anki.url), select(collection, ()), lambda *_: None)

            pushed()
            again = seconds(pushed)
        exported = seconds(lambda: phone.package(legacy=True))
        phone.col.close()
    print(f"with {len(events):,} answers Anki exports them in {exported:.2f} s")
    print(f"nothing new   {again:6.2f} s   {again / exported:5.1f} times the export")


def fresh(count: int) -> None:
    """Push new notes, answer some cards, and push again."""
    from nlpcards.anki.connect.client import AnkiConnect
    from nlpcards.collection.exporting import Wish, export
    from nlpcards.collection.reviewing import Reviewing
    from nlpcards.collection.running_anki import push
    from nlpcards.collection.searching import select
    from tests.support.anki_connect import served
    from tests.support.learner import Learner
    from tests.support.phone import Phone
    from tests.support.program import deck_of

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        learner = Learner(folder / "desk", datetime.now(UTC), UTC)
        learner.write("made", deck_of(count))
        phone, beside = Phone(folder / "phone"), Phone(folder / "beside")
        with served(phone) as anki, learner.open() as collection:

            def pushed() -> None:
                push(collection, AnkiConnect(anki.url), select(collection, ()), lambda *_: None)

            first = seconds(pushed)
            again = seconds(pushed)
            session = Reviewing.start(collection)
            for _ in range(20):
                session.rate(4, 1_000)
                learner.waits(seconds=3)
            some = seconds(pushed)
            export(collection, folder / "all.apkg", wish=Wish(history=True))
        imported = seconds(lambda: beside.take(folder / "all.apkg"))
        exported = seconds(lambda: phone.package(legacy=True))
        phone.col.close()
        beside.col.close()
    print(f"{count:,} notes: Anki imports them in {imported:.2f} s and exports them in {exported:.2f} s")
    print(f"first push    {first:6.2f} s   {first / imported:5.1f} times the import")
    print(f"nothing new   {again:6.2f} s   {again / exported:5.1f} times the export")
    print(f"20 answers    {some:6.2f} s   {some / exported:5.1f} times the export")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
