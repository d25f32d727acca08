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

from contor.kernel.places import alpha2, language_code
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
    if text.lower() not in ("true", "false"):
        raise ValueError("true or false")
    return text.lower() == "true"


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


def _country(text: str) -> str:
    return alpha2(text.upper()) or text


def _language(text: str) -> str:
    return language_code(text.lower()) or text


Expression = ColumnElement[Any]


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


COUNTRY = FieldType(TEXT.sql, _country, _ORDERED)
"""ISO 3166-1, in two letters or three."""


LANGUAGE = FieldType(TEXT.sql, _language, _ORDERED)
"""ISO 639, in two letters or three."""
CODE = FieldType(TEXT.sql, str.upper, _ORDERED)
"""A code or word that is stored in capitals: in a search its case is free, as that of a CHOICE."""
_CODES = (
    "balance_debit_credit_indicator base_currency business_case business_transaction category credit_debit_indicator currency"
    " debit_credit_indicator document_type end_kind foreign_currency kind origin_type payment_type processing_status"
    " settlements_processing_schedule side state_code status target_document_type target_type tax_calculation_basis type vat_id"
)
_BY_NAME = {"country": COUNTRY, "service_country": COUNTRY, "language": LANGUAGE, **dict.fromkeys(_CODES.split(), CODE)}


def place_type(name: str, kind: FieldType) -> FieldType:
    """The type of a field that is a country, a language or a code by its name."""
    return _BY_NAME.get(name.rpartition(".")[2], kind) if kind is TEXT else kind


@dataclass(frozen=True, slots=True, eq=False)
class FilterField:
    """One field: where its value is, and of which type."""

    expression: Expression
    """What it is sorted by."""
    type: FieldType
    choices: tuple[str, ...] = ()
    """The words of a CHOICE."""
    among: Callable[[ColumnElement[bool]], ColumnElement[bool]] | None = None
    """Of a field of another thing: which rows refer to one of those that meet a condition on `inner`."""
    inner: Expression | None = None
    indexed: bool = False
    """Of a field of another thing: whether an index finds those that meet a condition on `inner`, and those that refer to them."""

    def read(self, text: str) -> Any:
        """The literal's value. Raises ValueError with what would have been right."""
        if not self.choices:
            return self.type.read(text)
        for word in self.choices:
            if word.casefold() == text.casefold():
                return self.type.read(word)
        raise ValueError("one of " + ", ".join(self.choices))


class Filterable:
    """The fields of a thing by which callers search and sort, by snake_case name; `billingGroup.ident` finds `billing_group.ident`."""

    def __init__(self, fields: Mapping[str, FilterField], *, default_sort: str) -> None:
        self.fields, self.default_sort = dict(fields), default_sort
        """`default_sort`: `property` or `property,desc`."""
        self.momentary = False
        """Made for one list: no statement of it is worth to be kept."""

    @classmethod
    def of(cls, table: Table, names: Sequence[str], *, default_sort: str) -> "Filterable":
        """The columns `names`, typed as they are declared; `address.country` is a value inside the jsonb column `address`."""
        wanted = dict.fromkeys((*names, default_sort.partition(",")[0]))
        return cls({name: _column_field(table, name) for name in wanted}, default_sort=default_sort)

    def with_field(self, name: str, expression: ColumnElement[object]) -> "Filterable":
        """The same fields, one of them with another place for this time."""
        place = dataclasses.replace(self.fields[name], expression=expression)
        made = Filterable({**self.fields, name: place}, default_sort=self.default_sort)
        made.momentary = True
        return made

    def names(self) -> list[str]:
        """The fields as callers write them, in their order by the alphabet."""
        return sorted(map(_spoken, self.fields))

    def find(self, name: str) -> tuple[str, FilterField] | None:
        """(snake_case name, field) of a field named in snake_case or camelCase."""
        canonical = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
        if canonical not in self.fields:  # a digit has no case: `phone2` is `phone_2` or `phone2`, whichever there is
            canonical = next((field for field in self.fields if _spoken(field) == name), canonical)
        found = self.fields.get(canonical)
        return (canonical, found) if found is not None else None


def _spoken(name: str) -> str:
    """The field as callers write it."""
    return re.sub(r"_([a-z0-9])", lambda match: match.group(1).upper(), name)


def _column_field(table: Table, name: str) -> FilterField:
    column_name, *path = name.split(".")
    column = table.c[column_name]
    shape = shape_of(column)
    if not path:
        kind, choices = field_type(shape)
        return FilterField(column, place_type(name, kind), choices)
    for segment in path:
        if not _SEGMENT.fullmatch(segment):
            raise ValueError(f"{name} is not the path of a field")
        shape = _member(shape, segment, name)
    kind, choices = field_type(shape)
    kind = place_type(name, kind)
    # The path is code's, not the caller's, and literal, so that an index on the same expression serves.
    text: Expression = column.op("#>>", return_type=TEXT.sql)(literal_column("'{" + ",".join(path) + "}'"))
    return FilterField(text if kind.sql is TEXT.sql or kind.sql is CHOICE.sql else cast(text, kind.sql), kind, choices)


def _member(shape: Any, segment: str, name: str) -> Any:
    """The shape of a member of a nested shape."""
    kind = plain(shape)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind, include_extras=True)
        if segment in hints:
            return hints[segment]
    elif kind is Any:
        return str
    raise ValueError(f"{name}: {kind} has no member {segment}")


def plain(shape: Any) -> Any:
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


def field_type(shape: Any) -> tuple[FieldType, tuple[str, ...]]:
    """The type of a plain value of this shape, and the words of a choice. Raises ValueError where it is no plain value."""
    kind = plain(shape)
    if typing.get_origin(kind) is typing.Literal:
        return CHOICE, tuple(str(word) for word in typing.get_args(kind))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return CHOICE, tuple(str(member.value) for member in kind)
    if kind not in _TYPES:
        raise ValueError(f"{kind} cannot be searched")
    return _TYPES[kind], ()
