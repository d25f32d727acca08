"""What is still being written: a shape of which everything may be missing, at any depth, and changes that say only what changes."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema, create_model
from pydantic.fields import FieldInfo

from contor.kernel.exact import exact
from contor.kernel.shapes import MADE, Fields, Sent, border_shape

Content = dict[str, Any]
"""The plain JSON of a value (snake_case names, numbers and dates as text): what is not said is not in it."""


Partial = Any
"""A model that is made by `partial`, which no checker of types can follow."""


def partial(cls: type, title: str, **more: Any) -> Partial:
    """The model `title` of a `cls`, a shape, that is being written, with the fields `more`. What is given must be right, nothing must be
    given."""
    fields = {name: (_partial(kind) | None, default) for name, (kind, default) in _fields(cls).items()}
    named: Fields = {name: (exact(kind), default) for name, (kind, default) in more.items()}
    return _made(cls, title, named | fields)


def changing(cls: type, title: str) -> Partial:
    """As `partial`, of what changes field by field: what is given is given whole, null clears it, and what is left out stays."""
    fields: Fields = {name: (exact(kind | None), default) for name, (kind, default) in _fields(cls).items()}
    return _made(cls, title, fields)


def cleared(body: BaseModel) -> frozenset[str]:
    """The fields of a change that are given as null."""
    return frozenset(name for name in body.model_fields_set if getattr(body, name) is None)


def said(body: BaseModel, *without: str) -> Content:
    """What was sent of `body`, but for the fields `without`; what is to be unset is None."""
    return body.model_dump(mode="json", exclude_unset=True, exclude=set(without))


def patched(content: Mapping[str, Any], patch: Mapping[str, Any]) -> Content:
    """`content` with what `patch` says (RFC 7396): None unsets, things are changed in part, lists are replaced whole."""
    made = dict(content)
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        elif isinstance(value, dict):  # JSON has no other mapping, and to ask for any is slow
            known = made.get(name)
            made[name] = patched(known if isinstance(known, dict) else {}, value)
        else:
            made[name] = [_complete(entry) for entry in value] if isinstance(value, (list, tuple)) else value
    return made


def _complete(value: Any) -> Any:
    return patched({}, value) if isinstance(value, dict) else value


@cache
def _nested(cls: type) -> Any:
    return partial(cls, f"Partial{cls.__name__}")


def _made(cls: type, title: str, fields: Fields) -> Partial:
    """`__shape__`: of which shape it is."""
    made = create_model(title, __config__=MADE, __doc__=cls.__doc__, **fields)
    setattr(made, "__shape__", cls)  # noqa: B010  # no checker of types knows such a name of a model
    return made


def _fields(cls: type) -> Fields:
    """(what it is at the border, that it may be left out) of each field."""
    fields = dataclasses.fields(border_shape(cls) if issubclass(cls, Sent) else cls)
    return {it.name: (it.type, Field(None, description=_description(it.type), **_names(it.type))) for it in fields}


def _description(kind: Any) -> str | None:
    rules = kind.__metadata__ if typing.get_origin(kind) is Annotated else ()
    return next((rule.description for rule in rules if isinstance(rule, FieldInfo) and rule.description), None)


def _names(kind: object) -> Fields:
    """What a field is called, where that is not its own name: said of the field, not of one of the values that it may have."""
    rules = getattr(kind, "__metadata__", ())
    named = next((rule for rule in rules if isinstance(rule, FieldInfo) and rule.validation_alias is not None), None)
    return {} if named is None else {side: getattr(named, side) for side in ("validation_alias", "serialization_alias")}


def _partial(kind: Any) -> Any:
    """`kind` with partial shapes in it, and lists that may be empty."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        base, *rules = parts
        if any(isinstance(rule, WithJsonSchema) and (rule.json_schema or {}).get("type") == "string" for rule in rules):
            return kind  # a shape that a text is read as is there as a whole
        rules = [rule for rule in rules if not (isinstance(rule, FieldInfo) and rule.validation_alias is not None)]
        rules = [rule for rule in rules if not (isinstance(rule, FieldInfo) and rule.description and not rule.metadata)]
        if typing.get_origin(base) is tuple:
            rules = [part for rule in rules for part in getattr(rule, "metadata", [rule]) if not hasattr(part, "min_length")]
        return Annotated[(_partial(base), *rules)] if rules else _partial(base)
    if origin in (typing.Union, types.UnionType):
        return typing.Union[tuple(_partial(part) for part in parts)]  # noqa: UP007  # of a tuple that is made here
    if origin is tuple:
        return tuple[tuple(part if part is ... else _partial(part) for part in parts)]  # type: ignore[misc]  # made here, no annotation
    return _nested(kind) if isinstance(kind, type) and (issubclass(kind, Sent) or dataclasses.is_dataclass(kind)) else kind
