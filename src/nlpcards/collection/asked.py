"""A card as it is asked: what it shows, what each rating would lead to, what a reply to it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import assert_never

from nlpcards.core.cards import Card
from nlpcards.core.dataclass import dataclass
from nlpcards.core.kinds import Face
from nlpcards.core.remarks import Remarks
from nlpcards.core.replies import (
    Recall,
    TickPoints,
    Verdict,
    WriteNumber,
    WriteText,
    encode_reply,
    judge,
    suggested,
    suggested_for_points,
)
from nlpcards.core.state import CardState


@dataclass(frozen=True, slots=True)
class Asked:
    """A card to show: its face, its state before the answer, what each rating would lead to, and the words for the four
    buttons.

    `face` was made once, so that question and answer hold the same numbers. `day` is the study day for which the
    outcomes hold. `changed` says that the card's text is not what the learner saw last. `remarks` are what the learner
    says of it.
    """

    card: Card
    face: Face
    before: CardState
    day: int
    outcomes: dict[int, CardState]
    labels: dict[int, str]
    changed: bool
    remarks: Remarks = field(default_factory=Remarks)

    def verdict(self, typed: str) -> Verdict | None:
        """What a typed answer is worth; None where nothing was typed, or the card does not compare."""
        match self.face.reply:
            case WriteText() | WriteNumber() as reply:
                return judge(reply, typed) if typed.strip() else None
            case Recall() | TickPoints():
                return None
            case _:
                assert_never(self.face.reply)

    def suggested(self, typed: str = "", points: Sequence[str] = ()) -> int | None:
        """The rating that a reply suggests; None where the card asks for recall alone: only the learner judges that."""
        match self.face.reply:
            case WriteText() | WriteNumber():
                return suggested(self.verdict(typed))
            case TickPoints(points=all_points):
                return suggested_for_points(len(points), len(all_points))
            case Recall():
                return None
            case _:
                assert_never(self.face.reply)

    def kept(self, typed: str, points: Sequence[str]) -> str:
        """What an event keeps of a reply; see `core.replies.encode_reply`."""
        given = dict(self.face.given)
        match self.face.reply:
            case WriteText() | WriteNumber():
                return encode_reply(given=given, typed=typed)
            case TickPoints():
                return encode_reply(given=given, typed=typed or None, points=points)
            case Recall():
                return encode_reply(given=given)
            case _:
                assert_never(self.face.reply)
