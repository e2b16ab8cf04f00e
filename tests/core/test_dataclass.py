"""Classes of values are what the standard library would make of them."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any, ClassVar

import pytest

from nlpcards.core import dataclass as ours

Decorator = Callable[..., Any]


def classes(decorator: Decorator) -> dict[str, Any]:
    """The same classes, made by one decorator or the other."""

    @decorator(frozen=True, slots=True)
    class Nothing:
        """No field."""

    @decorator(frozen=True, slots=True)
    class One:
        """One field."""

        name: str

    @decorator(frozen=True, slots=True, order=True)
    class Many:
        """Fields of all sorts."""

        shared: ClassVar[int] = 7
        name: str
        size: int = 3
        tags: list[str] = field(default_factory=list)
        note: str = field(default="", compare=False, repr=False)

        @property
        def twice(self) -> int:
            return 2 * self.size

    @decorator(frozen=True, slots=True)
    class Own:
        """Methods of its own."""

        name: str

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own) and self.name.lower() == other.name.lower()

        def __hash__(self) -> int:
            return hash(self.name.lower())

        def __repr__(self) -> str:
            return f"<{self.name}>"

    @decorator
    class Plain:
        """One that can change."""

        name: str = "a"

    return {each.__name__: each for each in (Nothing, One, Many, Own, Plain)}


OURS, THEIRS = classes(ours.dataclass), classes(dataclasses.dataclass)
VALUES: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Nothing", (), {}),
    ("One", ("a",), {}),
    ("One", (), {"name": "b"}),
    ("Many", ("a",), {}),
    ("Many", ("a", 4), {"note": "x"}),
    ("Many", ("a", 4, ["t"], "y"), {}),
    ("Many", (), {"size": 9, "name": "z"}),
    ("Own", ("A",), {}),
    ("Own", ("a",), {}),
    ("Plain", (), {}),
]


@pytest.mark.parametrize(("name", "values", "named"), VALUES)
def test_a_value_says_holds_and_gives_what_the_standard_librarys_does(
    name: str, values: tuple[Any, ...], named: dict[str, Any]
) -> None:
    one, other = OURS[name](*values, **named), THEIRS[name](*values, **named)
    assert repr(one).replace("classes.<locals>.", "") == repr(other).replace("classes.<locals>.", "")
    assert dataclasses.asdict(one) == dataclasses.asdict(other)
    assert [each.name for each in dataclasses.fields(one)] == [each.name for each in dataclasses.fields(other)]
    assert OURS[name].__match_args__ == THEIRS[name].__match_args__
    assert OURS[name].__doc__ == THEIRS[name].__doc__
    assert list(inspect.signature(OURS[name]).parameters) == list(inspect.signature(THEIRS[name]).parameters)
    assert copy.copy(one) == one
    assert copy.deepcopy(one) == one
    assert dataclasses.replace(one, **({"name": "q"} if values or named else {})).__class__ is OURS[name]


@pytest.mark.parametrize("first", VALUES)
@pytest.mark.parametrize("second", VALUES)
def test_two_values_compare_and_hash_as_the_standard_librarys_do(first: Any, second: Any) -> None:
    def outcomes(made: dict[str, Any]) -> list[object]:
        one, other = (made[name](*values, **named) for name, values, named in (first, second))
        found: list[object] = []
        for ask in (
            lambda: one == other,
            lambda: one != other,
            lambda: one < other,
            lambda: one <= other,
            lambda: one > other,
            lambda: one >= other,
            lambda: hash(one) == hash(other),
            lambda: hash(one),
        ):
            try:
                found.append(ask())
            except TypeError as error:
                found.append(str(error).replace("Many", "").split("'<locals>")[0])
        return found

    assert outcomes(OURS) == outcomes(THEIRS)


@pytest.mark.parametrize("name", ["Nothing", "One", "Many", "Own"])
def test_a_value_is_frozen_and_has_no_room_for_more(name: str) -> None:
    value = OURS[name](*(("a",) if name != "Nothing" else ()))
    with pytest.raises(FrozenInstanceError):
        value.name = "b"
    with pytest.raises(FrozenInstanceError):
        value.other = "b"
    with pytest.raises(FrozenInstanceError):
        del value.name
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("made", [OURS, THEIRS])
def test_wrong_arguments_are_refused_at_the_first_value_and_after(made: dict[str, Any]) -> None:
    for _ in range(2):
        for values, named in (((), {}), (("a", "b"), {}), (("a",), {"name": "b"}), (("a",), {"more": 1})):
            with pytest.raises(TypeError, match="__init__"):
                made["One"](*values, **named)


def test_lists_are_made_anew_for_each_value() -> None:
    one, other = OURS["Many"]("a"), OURS["Many"]("a")
    one.tags.append("t")
    assert other.tags == []


@ours.dataclass(frozen=True, slots=True)
class AtTheTop:
    """One that can be pickled, as worker processes do."""

    name: str
    size: int = 1


def test_a_value_goes_through_pickle() -> None:
    assert pickle.loads(pickle.dumps(AtTheTop("a", 2))) == AtTheTop("a", 2)


def test_a_subclass_by_the_standard_library_is_possible() -> None:
    @dataclasses.dataclass(frozen=True)
    class Below(AtTheTop):
        more: int = 0

    assert Below("a", 2, 3).more == 3
    assert Below("a", 2, 3) == Below("a", 2, 3) != Below("a", 2, 4)
