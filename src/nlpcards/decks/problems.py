"""What is wrong in a deck file, where, and how to mend it."""

from __future__ import annotations

from enum import StrEnum

from nlpcards.core.dataclass import dataclass


class Severity(StrEnum):
    """How much a problem matters: an error keeps something from being used, or leaves its meaning in doubt."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend in a deck file; problems sort by place.

    `line` and `column` count from 1 (characters, as an editor shows them). `code` is one of `codes.CODES`. `message`
    says what was found, without a full stop; `hint` says what to write instead, in whole sentences.
    """

    path: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    hint: str

    @property
    def is_error(self) -> bool:
        """Whether it is an error and not advice."""
        return self.severity is Severity.ERROR

    def to_json(self) -> dict[str, str | int]:
        """The problem as a JSON object with exactly its seven fields."""
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "severity": self.severity.value,
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
        }

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.severity} {self.code}: {self.message}. {self.hint}"
