"""The types of annotated Python, as the running program says them: what they may be, hold and are made of."""

import collections.abc
import dataclasses
import functools
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

_MANY = (tuple, list, set, frozenset, dict, collections.abc.Iterable)


@dataclasses.dataclass(frozen=True)
class Thing:
    """What an expression is: the object itself (a class, a function, a module), or a value of a type."""

    of: Any
    itself: bool = False


def value_type(value: object) -> Any:
    """The type of a constant, with that of its items."""
    if isinstance(value, Mapping) and value:
        key, item = next(iter(value.items()))
        return dict[value_type(key), value_type(item)]  # type: ignore[misc]
    if isinstance(value, (tuple, list)) and value and not hasattr(value, "_fields"):
        return list[value_type(value[0])]  # type: ignore[misc]
    return type(value)


def of_mapping(kind: Any, method: str) -> Iterator[Thing]:
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(origin, type) and issubclass(origin, collections.abc.Mapping) and len(parts) == 2:
        if method == "values":
            yield Thing(list[parts[1]])  # type: ignore[valid-type]
        elif method == "items":
            yield Thing(list[tuple[parts[0], parts[1]]])  # type: ignore[valid-type]
        else:
            yield Thing(parts[1])


def members(kind: Any) -> Iterator[Any]:
    """The types that a type may be: of a union each, without what Pydantic adds."""
    if isinstance(kind, typing.TypeAliasType if hasattr(typing, "TypeAliasType") else ()):
        kind = kind.__value__
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        yield from members(typing.get_args(kind)[0])
    elif origin in (typing.Union, types.UnionType):
        for part in typing.get_args(kind):
            yield from members(part)
    elif kind is not None and kind is not type(None):
        yield kind


def element(kind: Any) -> Iterator[Any]:
    """What iterating over a value of the type gives."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(origin, type) and parts and issubclass(origin, _MANY):
        if origin is tuple:
            yield from (part for part in parts if part is not ...)
        else:
            yield parts[0]


@functools.cache
def hints_of(kind: Any) -> Mapping[str, Any]:
    try:
        return typing.get_type_hints(kind, include_extras=True)
    except Exception:
        return getattr(kind, "__annotations__", {}) if isinstance(kind, type) else {}


@functools.cache
def fields_of(kind: Any) -> frozenset[str]:
    """The names of a class's fields, those of its bases too."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return frozenset(kind.__struct_fields__)
    if dataclasses.is_dataclass(kind):
        return frozenset(it.name for it in dataclasses.fields(kind))
    if isinstance(kind, type) and hasattr(kind, "model_fields"):
        return frozenset(kind.model_fields)
    if typing.is_typeddict(kind) or (isinstance(kind, type) and hasattr(kind, "_fields")):
        return frozenset(hints_of(kind))
    return frozenset()
