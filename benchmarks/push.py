"""What a push to a running Anki costs beside what Anki itself does of it, in one run.

    python benchmarks/push.py          # 5,000 plain notes

The push is answered by the API over a real collection in this process (see tests/support). Beside it stand Anki's own
import of the package that the push brings, and Anki's own export, by which a push sees what is there. Seconds of the
processor, of both programs together; run it twice, since the first one warms the disk.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))


def seconds(do: Callable[[], object]) -> float:
    """Seconds of the processor that something takes."""
    start = time.process_time()
    do()
    return time.process_time() - start


def main(count: int) -> None:
    """Push, answer some cards, and push again."""
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
