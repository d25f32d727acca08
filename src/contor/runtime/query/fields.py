"""Columns declared by the shape of their value: the same line says what the table stores and what the border accepts."""

import datetime as dt
import types
import typing
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

REQUIRED = object()
_SQL: dict[type, Any] = {
    str: Text,
    bool: Boolean,
    int: BigInteger,
    dt.date: Date,
    dt.datetime: lambda: DateTime(timezone=True),
    uuid.UUID: Uuid,
}


def field(name: str, shape: Any, *parts: Any, default: Any = REQUIRED, **options: Any) -> Column[Any]:
    """A column whose value at the border is a `shape`, e.g. `field("name", Name255)`, `field("note", Text | None)`.

    Without `default` a shape that may be None is optional, any other is required. Decimals are numeric(19,4), those with
    more decimals numeric(25,10); everything that is not a plain value is stored as jsonb.
    """
    optional, plain = _unwrapped(shape)
    if optional and default is REQUIRED:
        default = None
    options.setdefault("nullable", optional and not options.get("primary_key"))
    return Column(name, _sql_type(plain), *parts, info={"shape": shape, "default": default}, **options)


def timestamps() -> tuple[Column[Any], Column[Any]]:
    """`created_at` and `last_modified_at`: a `Resource` sets them, a verb of its own says them."""
    return (
        Column("created_at", DateTime(timezone=True), nullable=False, info={"shape": dt.datetime}),
        Column("last_modified_at", DateTime(timezone=True), nullable=False, info={"shape": dt.datetime}),
    )


def shape_of(column: Column[Any]) -> Any:
    """The shape of a column's value; for plain columns by their SQL type."""
    if "shape" in column.info:
        return column.info["shape"]
    plain: Any = Any if isinstance(column.type, JSONB) else column.type.python_type
    return plain | None if column.nullable else plain


def _unwrapped(shape: Any) -> tuple[bool, Any]:
    """(may be None, the shape without None)"""
    if typing.get_origin(shape) in (typing.Union, types.UnionType):
        rest = [part for part in typing.get_args(shape) if part is not type(None)]
        return len(rest) < len(typing.get_args(shape)), rest[0] if len(rest) == 1 else object
    return False, shape


def _sql_type(shape: Any) -> Any:
    base, places = shape, 4
    while typing.get_origin(base) is typing.Annotated:
        for extra in typing.get_args(base)[1:]:
            # a Field of Pydantic keeps its rules in `metadata`
            for rule in getattr(extra, "metadata", [extra]):
                places = getattr(rule, "decimal_places", None) or places
        base = typing.get_args(base)[0]
    if typing.get_origin(base) is typing.Literal:
        base = type(typing.get_args(base)[0])
    if isinstance(base, type) and issubclass(base, str):
        return Text()
    if base is Decimal:
        return Numeric(19, 4) if places <= 4 else Numeric(25, 10)
    return _SQL[base]() if base in _SQL else JSONB()
