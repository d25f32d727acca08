"""What may be searched and sorted: the named fields of a thing, each with a type that knows its literals and operators.

A search is checked against them, with every finding at once, before any SQL exists.
"""

import dataclasses
import datetime as dt
import enum
import re
import types
import typing
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Date, DateTime, Numeric, Table, Text, Uuid, cast, literal_column
from sqlalchemy.types import TypeEngine

from contor.runtime.query.fields import shape_of

_ORDERED = frozenset({"==", "!=", ">", ">=", "<", "<=", "=in=", "=out=", "=null="})
_EXACT = frozenset({"==", "!=", "=in=", "=out=", "=null="})
_SEGMENT = re.compile(r"[a-z_][a-z0-9_]*")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?")


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise ValueError("a number of at most 15 integral and 10 fractional digits")
    return Decimal(text)


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text) or not -(2**63) <= int(text) < 2**63:
        raise ValueError("a whole number of 64 bits")
    return int(text)


def truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("true or false")
    return text == "true"


def _date(text: str) -> dt.date:
    try:
        if _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("a date such as 2026-03-31")


def _instant(text: str) -> dt.datetime:
    try:
        if _INSTANT.fullmatch(text):
            instant = dt.datetime.fromisoformat(text)
            return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
    except ValueError:
        pass
    raise ValueError("an instant such as 2026-03-31T12:00:00Z")


def _uuid(text: str) -> uuid.UUID:
    try:
        if len(text) == 36:
            return uuid.UUID(text)
    except ValueError:
        pass
    raise ValueError("a UUID")


@dataclass(frozen=True, slots=True, eq=False)
class FieldType:
    """What a kind of value looks like in a search, and what it can be asked."""

    sql: TypeEngine[Any]
    read: Callable[[str], Any]
    """A literal's value; raises ValueError with what would have been right."""
    operators: frozenset[str]


TEXT = FieldType(Text(), str, _ORDERED)
"""Texts and idents; the only type with wildcards. Ordered by code point."""
CHOICE = FieldType(Text(), str, _EXACT)
"""One of a few words."""
DECIMAL = FieldType(Numeric(), _decimal, _ORDERED)
INTEGER = FieldType(BigInteger(), _integer, _ORDERED)
BOOLEAN = FieldType(Boolean(), truth, _EXACT)
DATE = FieldType(Date(), _date, _ORDERED)
INSTANT = FieldType(DateTime(timezone=True), _instant, _ORDERED)
"""ISO 8601; UTC without an offset, midnight without a time."""
UUID = FieldType(Uuid(), _uuid, _EXACT)


@dataclass(frozen=True, slots=True, eq=False)
class FilterField:
    """One field: where its value is, and of which type."""

    expression: ColumnElement[Any]
    type: FieldType
    choices: tuple[str, ...] = ()
    """The words of a CHOICE."""

    def read(self, text: str) -> Any:
        """The literal's value. Raises ValueError with what would have been right."""
        if self.choices and text not in self.choices:
            raise ValueError("one of " + ", ".join(self.choices))
        return self.type.read(text)


class Filterable:
    """The fields of a thing by which callers search and sort, by snake_case name; `billingGroup.ident` finds `billing_group.ident`."""

    def __init__(self, fields: Mapping[str, FilterField], *, default_sort: str) -> None:
        self.fields, self.default_sort = dict(fields), default_sort
        """`default_sort`: `property` or `property,desc`."""

    @classmethod
    def of(cls, table: Table, names: Sequence[str], *, default_sort: str) -> "Filterable":
        """The columns `names`, typed as they are declared; `address.country` is a value inside the jsonb column `address`."""
        wanted = dict.fromkeys((*names, default_sort.partition(",")[0]))
        return cls({name: _column_field(table, name) for name in wanted}, default_sort=default_sort)

    def find(self, name: str) -> tuple[str, FilterField] | None:
        """(snake_case name, field) of a field named in snake_case or camelCase."""
        canonical = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
        found = self.fields.get(canonical)
        return (canonical, found) if found is not None else None


def _column_field(table: Table, name: str) -> FilterField:
    column_name, *path = name.split(".")
    column = table.c[column_name]
    shape = shape_of(column)
    if not path:
        kind, choices = _field_type(shape)
        return FilterField(column, kind, choices)
    for segment in path:
        if not _SEGMENT.fullmatch(segment):
            raise ValueError(f"{name} is not the path of a field")
        shape = _member(shape, segment, name)
    kind, choices = _field_type(shape)
    # The path is code's, not the caller's, and literal, so that an index on the same expression serves.
    text: ColumnElement[Any] = column.op("#>>", return_type=TEXT.sql)(literal_column("'{" + ",".join(path) + "}'"))
    return FilterField(text if kind.sql is TEXT.sql or kind.sql is CHOICE.sql else cast(text, kind.sql), kind, choices)


def _member(shape: Any, segment: str, name: str) -> Any:
    """The shape of a member of a nested shape."""
    plain = _plain(shape)
    if dataclasses.is_dataclass(plain):
        hints = typing.get_type_hints(plain, include_extras=True)
        if segment in hints:
            return hints[segment]
    elif plain is Any:
        return str
    raise ValueError(f"{name}: {plain} has no member {segment}")


def _plain(shape: Any) -> Any:
    """The shape without `None` and annotations."""
    while True:
        if typing.get_origin(shape) is typing.Annotated:
            shape = typing.get_args(shape)[0]
        elif typing.get_origin(shape) in (typing.Union, types.UnionType):
            rest = [part for part in typing.get_args(shape) if part is not type(None)]
            if len(rest) != 1:
                raise ValueError(f"{shape} cannot be searched")
            shape = rest[0]
        else:
            return shape


_TYPES: Mapping[Any, FieldType] = {
    str: TEXT,
    bool: BOOLEAN,
    int: INTEGER,
    Decimal: DECIMAL,
    dt.date: DATE,
    dt.datetime: INSTANT,
    uuid.UUID: UUID,
}


def _field_type(shape: Any) -> tuple[FieldType, tuple[str, ...]]:
    plain = _plain(shape)
    if typing.get_origin(plain) is typing.Literal:
        return CHOICE, tuple(str(word) for word in typing.get_args(plain))
    if isinstance(plain, type) and issubclass(plain, enum.Enum):
        return CHOICE, tuple(str(member.value) for member in plain)
    if plain not in _TYPES:
        raise ValueError(f"{plain} cannot be searched")
    return _TYPES[plain], ()
