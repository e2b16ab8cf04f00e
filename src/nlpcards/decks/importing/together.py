"""Several files given new content as one: all of them, or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from nlpcards.core.errors import NlpcardsError
from nlpcards.decks.files import Stamp
from nlpcards.decks.formatting_files import replace_file


@dataclass(frozen=True, slots=True)
class NewContent:
    """What a file is to hold. `stamp` is that of the file as it was read and `before` what it held; where `stamp` is
    None, there is none yet.
    """

    path: Path
    data: bytes
    stamp: Stamp | None = None
    before: bytes = b""


@contextmanager
def all_written(contents: Sequence[NewContent]) -> Iterator[None]:
    """Write files, then do what stands in the `with`; where either fails, every file is as it was before.

    Raises:
        OSError, NlpcardsError: one cannot be written, or changed since it was read.
    """
    done: list[NewContent] = []
    try:
        for content in contents:
            _write(content)
            done.append(content)
        yield
    except BaseException:
        for content in done:
            with suppress(OSError, NlpcardsError):
                if content.stamp is None:
                    content.path.unlink()
                else:
                    replace_file(content.path, content.before, Stamp.of(os.stat(content.path)))
        raise


def _write(content: NewContent) -> None:
    """Put a text into its file, whole.

    Raises:
        OSError, NlpcardsError: it cannot be written, or the file changed meanwhile.
    """
    if content.stamp is not None:
        try:
            replace_file(content.path, content.data, content.stamp)
        except NlpcardsError as error:
            why = error.message.removeprefix("the formatted deck cannot be written: ").removesuffix(
                " while it was being formatted"
            )
            raise NlpcardsError(
                f"notes cannot be added to the deck: {why}",
                place=str(content.path),
                remedy="Run the command again once nothing else writes it, or mend its permissions; it is as it was.",
            ) from None
        return
    number, draft = tempfile.mkstemp(prefix=f".{content.path.name}.", suffix=".new", dir=content.path.parent)
    try:
        with open(number, "wb") as file:
            file.write(content.data)
            file.flush()
            os.fsync(number)
        os.chmod(draft, 0o644)
        # Unlike a renaming, a link never takes the place of a file that appeared meanwhile.
        os.link(draft, content.path)
    finally:
        with suppress(OSError):
            os.unlink(draft)
