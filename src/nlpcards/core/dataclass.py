"""The standard library's `dataclass`, for the program's values: the same in every respect but the time to make one.

Each of a class's methods is text that the standard library compiles when the class is made: half a millisecond a class,
and the first card on a screen needs a hundred and fifty of them. Here the methods are closures, and the one that is
worth compiling, `__init__`, is compiled when a value is first made. A class that is not frozen with slots, or that has
bases, is left to the standard library.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, slots=False, order=False, **others):
        """A class of values (see `dataclasses.dataclass`)."""

        def made(cls):
            if frozen and slots and not others and _is_simple(cls):
                return _value_class(cls, order=order)
            return dataclasses.dataclass(frozen=frozen, slots=slots, order=order, **others)(cls)

        return made if cls is None else made(cls)


def _is_simple(cls: type) -> bool:
    if cls.__bases__ != (object,) or hasattr(cls, "__post_init__"):
        return False
    given = [each for each in vars(cls).values() if isinstance(each, dataclasses.Field)]
    return all(each.init and each.kw_only is not True for each in given)


def _value_class(plain: type, *, order: bool) -> type:
    own = vars(plain)
    # Fields, slots and `__match_args__` are the standard library's, which takes little time for them.
    cls: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(plain)
    parameters = cls.__dataclass_params__
    parameters.init = parameters.repr = parameters.eq = parameters.frozen = True
    parameters.order = order
    fields = dataclasses.fields(cls)
    methods = {
        "__init__": _first_init(cls, fields),
        "__repr__": _repr_of([field.name for field in fields if field.repr]),
        **_comparing([field.name for field in fields if field.compare], order=order),
        **_frozen(cls, frozenset(field.name for field in fields)),
        **_STATE,
    }
    # A class that says how it compares and not how it hashes has a `__hash__` of None by itself.
    said = {name for name, value in own.items() if name != "__hash__" or value is not None or "__eq__" not in own}
    for name, method in methods.items():
        if name not in said:
            setattr(cls, name, method)
    return cls  # type: ignore[no-any-return]


def _first_init(cls: Any, fields: Sequence[dataclasses.Field[Any]]) -> Callable[..., None]:
    """An `__init__` that puts a compiled one in its own place when it is first called."""

    def __init__(self: object, *values: object, **named: object) -> None:
        init = cls.__init__ = _init(cls, fields)
        init(self, *values, **named)

    return __init__


def _init(cls: Any, fields: Sequence[dataclasses.Field[Any]]) -> Callable[..., None]:
    names: dict[str, object] = {"__name__": cls.__module__, "_missing": _MISSING}
    wanted, lines = ["self"], []
    for at, field in enumerate(fields):
        name, default = field.name, f"_default{at}"
        # The slot sets itself, however frozen the class is.
        names[f"_set{at}"] = getattr(cls, name).__set__
        if field.default is not dataclasses.MISSING:
            names[default] = field.default
            wanted.append(f"{name}={default}")
        elif field.default_factory is not dataclasses.MISSING:
            names[default] = field.default_factory
            wanted.append(f"{name}=_missing")
            lines.append(f"if {name} is _missing: {name} = {default}()")
        else:
            wanted.append(name)
        lines.append(f"_set{at}(self, {name})")
    exec(f"def __init__({', '.join(wanted)}):\n " + "\n ".join(lines or ["pass"]), names)
    init: Any = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = {field.name: field.type for field in fields} | {"return": None}
    return init  # type: ignore[no-any-return]


def _repr_of(names: Sequence[str]) -> Callable[[Any], str]:
    def __repr__(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _comparing(names: Sequence[str], *, order: bool) -> Mapping[str, Callable[..., Any]]:
    values = _values_of(names)

    def __eq__(self: object, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:
        return hash(values(self))

    def compared(by: Callable[[Any, Any], Any]) -> Callable[[object, object], Any]:
        return lambda self, other: (
            by(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented
        )

    methods: dict[str, Callable[..., Any]] = {"__eq__": __eq__, "__hash__": __hash__}
    return methods | {f"__{by.__name__}__": compared(by) for by in (lt, le, gt, ge)} if order else methods


def _values_of(names: Sequence[str]) -> Callable[[object], tuple[object, ...]]:
    if not names:
        return lambda self: ()
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda self: (get(self),)


def _frozen(cls: type, names: frozenset[str]) -> Mapping[str, Callable[..., None]]:
    def __setattr__(self: object, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        object.__setattr__(self, name, value)

    def __delattr__(self: object, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        object.__delattr__(self, name)

    return {"__setattr__": __setattr__, "__delattr__": __delattr__}


def _state(self: Any) -> list[object]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: Sequence[object]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_STATE: Mapping[str, Callable[..., Any]] = {"__getstate__": _state, "__setstate__": _set_state}
_MISSING = object()
