"""The standard library's `dataclass`, in all that we use of it, made without compiling code.

The original writes the source of up to eight methods a class and compiles it: 0.3 ms each time,
which for the classes that a run needs is more than half of the start of `samo`. Here the classes
of one shape share functions. Field by field they behave the same, which a test holds against the
original; making an object takes about half as long again, so what is made by the thousand (places,
the nodes of a document) is a named tuple. See docs/decisions/0007-shared-dataclass-methods.md.
"""

import dataclasses
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass  # what type checkers know
else:

    def dataclass(cls=None, /, *, frozen=False, slots=False, kw_only=False, eq=True):
        """Make a class a dataclass; with properties, return the decorator that does."""

        def decorate(cls):
            cls.__doc__ = cls.__doc__ or cls.__name__  # else the original works one out, slowly
            made = dataclasses.dataclass(
                init=False, repr=False, eq=False, slots=slots, kw_only=kw_only
            )(cls)
            made.__init__ = _init(made)
            made.__repr__ = _repr
            if frozen:
                made.__setattr__ = made.__delattr__ = _refuse
            if eq:
                made.__eq__, made.__hash__ = _comparison(made, _hash if frozen else None)
            return made

        return decorate if cls is None else decorate(cls)


def _init(cls: Any) -> Callable[..., None]:
    fields = dataclasses.fields(cls)
    names = tuple(field.name for field in fields)
    positional = tuple(field.name for field in fields if not field.kw_only)
    defaults = {
        field.name: field.default for field in fields if field.default is not dataclasses.MISSING
    }
    factories = tuple(
        (field.name, field.default_factory)
        for field in fields
        if field.default_factory is not dataclasses.MISSING
    )
    assign = object.__setattr__

    def __init__(self: object, *args: object, **given: object) -> None:  # noqa: N807
        values = {**defaults, **_bound(self, args, positional, given)} if args else given
        if len(values) != len(names):
            values = {**defaults, **values}
            for name, make in factories:
                if name not in values:
                    values[name] = make()
        try:
            for name in names:
                assign(self, name, values[name])
        except KeyError:
            raise _wrong_call(self, names, values) from None
        if len(values) != len(names):
            raise _wrong_call(self, names, values)

    return __init__


def _bound(
    self: object, args: tuple[object, ...], names: tuple[str, ...], given: Mapping[str, object]
) -> dict[str, object]:
    """Return all arguments by name; raises TypeError for too many, and for one given twice."""
    bound = dict(zip(names, args, strict=False))
    if len(args) > len(names) or bound.keys() & given.keys():
        raise _wrong_call(self, names, given)
    return {**bound, **given}


def _wrong_call(self: object, names: tuple[str, ...], values: Mapping[str, object]) -> TypeError:
    name = type(self).__qualname__
    return TypeError(f"{name} has the fields {', '.join(names)}; given are {', '.join(values)}")


def _repr(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self))
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(_: object, name: str, *_value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _hash(key: Callable[[object], object]) -> Callable[[object], int]:
    return lambda self: hash(key(self))


def _comparison(
    cls: Any,
    hash_of: Callable[[Callable[[object], object]], Callable[[object], int]] | None,
) -> tuple[Callable[[object, object], object], Callable[[object], int] | None]:
    compared = [field.name for field in dataclasses.fields(cls) if field.compare]
    key = attrgetter(*compared) if compared else _nothing

    def __eq__(self: object, other: object) -> object:  # noqa: N807
        if other.__class__ is not self.__class__:
            return NotImplemented
        return key(self) == key(other)

    return __eq__, hash_of(key) if hash_of else None


def _nothing(_: object) -> tuple[()]:
    return ()
