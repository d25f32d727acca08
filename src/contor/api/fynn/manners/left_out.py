"""Null where a field may be left out, and its shape has no null: it says what leaving it out says. Pure."""

import dataclasses
from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic.alias_generators import to_camel


class _Names(NamedTuple):
    """Of a shape, under the names that callers say."""

    left_out: frozenset[str]
    """What may be left out, and is never null."""
    within: Mapping[str, tuple[type, ...]]
    """What holds shapes, and which."""


def without_nulls(content: object, kind: object) -> object:
    """Plain values of the shape `kind` without the nulls that say nothing. A null that its shape knows stays (in a change it clears), as
    does one of what must be said, and of what is a change itself: there a field that is left out is kept, and null would empty it."""
    return _read(content, _shapes(kind))


def _read(content: object, shapes: tuple[type, ...]) -> object:
    if not shapes:
        return content
    if type(content) is list:
        return [_read(value, shapes) for value in content]
    if type(content) is not dict:
        return content
    left_out = frozenset[str]().union(*(_names(one).left_out for one in shapes))
    within = {name: kinds for one in shapes for name, kinds in _names(one).within.items()}
    if not within and not left_out:
        return content
    return {
        name: _read(value, within.get(name, ())) for name, value in content.items() if value is not None or name not in left_out
    }


@cache
def _names(kind: type) -> _Names:
    hints = get_type_hints(kind, include_extras=True)
    may = [
        one.name
        for one in (dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ())
        if one.default is not dataclasses.MISSING or one.default_factory is not dataclasses.MISSING
    ]
    within = {to_camel(name): shapes for name, hint in hints.items() if (shapes := _shapes(hint))}
    return _Names(frozenset(to_camel(name) for name in may if not _is_null_too(hints[name])), within)


def _shapes(hint: object) -> tuple[type, ...]:
    """The shapes that stand in a field, alone or in lists of them; not those that are values of an object of free names."""
    if get_origin(hint) is Annotated:
        return _shapes(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType, tuple, list):
        return tuple(dict.fromkeys(one for each in get_args(hint) for one in _shapes(each)))
    return (hint,) if isinstance(hint, type) and dataclasses.is_dataclass(hint) else ()


def _is_null_too(hint: object) -> bool:
    if get_origin(hint) is Annotated:
        return _is_null_too(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return any(_is_null_too(each) for each in get_args(hint))
    return hint in (NoneType, object)
