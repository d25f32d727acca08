"""The names of a request: in whatever case, with what is not given left out, and with what a service does not know. Pure."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

KEPT = frozenset({"X_ATTRIBUTES"})
"""What holds names of the caller's own, which keep their case."""
SECRET = frozenset({"PASSWORD", "PAYMENT_TOKEN", "PAYMILL_TOKEN", "API_KEY", "APIKEY"})
"""What is not repeated to whoever sent it: answers are logged more often than requests."""
_NOT_GIVEN = frozenset({"", "0000-00-00", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "0001-01-01", "0001-01-01 00:00:00"})
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Also:
    """On a field: further names by which clients say it, in small letters."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


@dataclass(frozen=True, slots=True)
class Names:
    """The fields of a shape by the name that a client writes, in small letters."""

    fields: Mapping[str, tuple[str, "Names | None", bool]]
    """-> (the field, what its value has for names, whether it is a list)."""
    needed: bool = False
    """Whether something must be said."""


def is_given(value: object) -> bool:
    """Whether a value says anything: null, an empty text and a date of zeros do not."""
    return value.strip() not in _NOT_GIVEN if isinstance(value, str) else value is not None


def upper(value: object) -> object:
    """Plain values with the names of the wire: capitals, at any depth."""
    if isinstance(value, Mapping):
        return {(name := str(key).upper()): inner if name in KEPT else upper(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [upper(inner) for inner in value]
    return value


def echoed(value: object) -> object:
    """What was sent, with names in capitals and without credentials."""
    if isinstance(value, str):  # what most of it is, and whether a thing is a mapping is slow to find out
        return value
    if isinstance(value, Mapping):
        named = [(key.upper() if isinstance(key, str) else str(key).upper(), inner) for key, inner in value.items()]
        return {name: inner if name in KEPT else echoed(inner) for name, inner in named if name not in SECRET}
    if isinstance(value, (list, tuple)):
        return [echoed(inner) for inner in value]
    return value


def said(content: object, name: str) -> object:
    """The value under a name, in whatever case; None where there is none."""
    if not isinstance(content, Mapping):
        return None
    return next((value for key, value in content.items() if str(key).upper() == name), None)


def has(content: object, name: str) -> bool:
    return isinstance(content, Mapping) and any(str(key).upper() == name for key in content)


def read(content: object, names: Names, *, strict: bool = False) -> object:
    """`content` with the names of the shape, as far as it is given. `strict`: what the shape does not know stays, to be refused."""
    found = _object(content, names, strict)
    return {} if found is _NOTHING else found


def _object(content: object, names: Names, strict: bool) -> object:
    if not isinstance(content, (dict, Mapping)):
        # a language whose empty map is an empty array sends it so
        return content if is_given(content) and content != [] else _NOTHING
    made: dict[str, object] = {}
    for key, value in content.items():
        known = names.fields.get(str(key).lower())
        if known is None:
            if strict and is_given(value):
                made[str(key).lower()] = value
            continue
        field, inner, many = known
        if inner is None:
            if is_given(value):
                made.setdefault(field, value)
        elif (given := _value(value, inner, many, strict)) is not _NOTHING:
            made.setdefault(field, given)
    return made


def _value(value: object, inner: Names, many: bool, strict: bool) -> object:
    if not many:
        return _object(value, inner, strict)
    if isinstance(value, Mapping):  # one alone, or all of them under the name of one
        only = next(iter(value.values()), None) if len(value) == 1 else None
        value = only if isinstance(only, list) else [only] if isinstance(only, Mapping) else [value]
    if not isinstance(value, list):
        return value if is_given(value) else _NOTHING
    members = [_object(member, inner, strict) for member in value]
    return [member for member in members if member is not _NOTHING]


@cache
def names_of(kind: object) -> Names:
    """The names of a shape's fields, and of what they hold."""
    fields: dict[str, tuple[str, Names | None, bool]] = {}
    for name, hint in typing.get_type_hints(kind, include_extras=True).items():
        inner, many = _inner(hint)
        for known in (name, *_others(hint)):
            fields[known] = (name, inner, many)
    needed = isinstance(kind, type) and dataclasses.is_dataclass(kind) and any(map(_is_needed, dataclasses.fields(kind)))
    return Names(fields, needed)


def _is_needed(field: "dataclasses.Field[object]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _others(hint: object) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    if typing.get_origin(hint) is typing.Annotated:
        parts = typing.get_args(hint)
        found = tuple(name for part in parts[1:] if isinstance(part, Also) for name in part.names)
        return found + _others(parts[0])
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return tuple(name for part in typing.get_args(hint) for name in _others(part))
    return found


def _inner(hint: object) -> tuple[Names | None, bool]:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _inner(parts[0])
    if origin in (typing.Union, types.UnionType):
        return next((found for part in parts if (found := _inner(part))[0] is not None), (None, False))
    if origin in (tuple, list):
        inner, _ = _inner(parts[0])
        return inner, inner is not None
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return names_of(hint), False
    return None, False
