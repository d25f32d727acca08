"""Which fields of stored values are set at least once."""

import typing
from collections.abc import Iterable

import msgspec


def reachable(kind: object, found: dict[str, type[msgspec.Struct]] | None = None) -> dict[str, type[msgspec.Struct]]:
    """Every struct that a value of `kind` may hold, by name."""
    found = {} if found is None else found
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__name__ not in found:
        found[kind.__name__] = kind
        for hint in typing.get_type_hints(kind).values():
            reachable(hint, found)
    for part in typing.get_args(kind):
        reachable(part, found)
    return found


def fields_of(kind: type[msgspec.Struct]) -> set[str]:
    """All fields of all structs in `kind`, as Struct.field."""
    return {f"{name}.{field}" for name, struct in reachable(kind).items() for field in struct.__struct_fields__}


def set_in(values: Iterable[object]) -> set[str]:
    """The fields that are other than their default, and not None, in at least one of the values."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, msgspec.Struct):
            for field in msgspec.structs.fields(type(value)):
                said = getattr(value, field.name)
                if said is not None and (field.required or said != field.default):
                    found.add(f"{type(value).__name__}.{field.name}")
                found |= set_in([said])
        elif isinstance(value, tuple):
            found |= set_in(value)
    return found
