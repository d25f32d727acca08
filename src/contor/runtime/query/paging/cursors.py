"""Cursors: where the next page of a list begins, said by the values of the row before it, so that no row before is read again."""

import base64
import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Uuid,
    and_,
    bindparam,
    or_,
    tuple_,
)

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.query.filterable import Expression
from contor.runtime.query.indexed import Sorted

LONGEST = 8_000
"""Characters of a cursor."""


@dataclass(frozen=True, slots=True)
class Place:
    """Behind a row: how many rows were before, and the values by which that row is sorted."""

    offset: int
    values: tuple[object, ...]

    @property
    def empty(self) -> tuple[bool, ...]:
        return tuple(value is None for value in self.values)

    @property
    def params(self) -> dict[str, object]:
        return {f"c{number}": value for number, value in enumerate(self.values) if value is not None}


def written(place: Place, said: str) -> str:
    """The cursor of a place in the list that `said` says."""
    content = [_mark(said), place.offset, [None if value is None else _text(value) for value in place.values]]
    return base64.urlsafe_b64encode(msgspec.json.encode(content)).decode().rstrip("=")


def place_of(cursor: str, order: Sequence[Sorted], said: str) -> Place:
    """Raises `Refused` (INVALID) where it is none of this list, its search and its order."""
    if len(cursor) > LONGEST:
        _refuse(cursor)
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mark, offset, texts = msgspec.json.decode(content, type=tuple[str, int, tuple[str | None, ...]])
        if mark != _mark(said) or not 0 <= offset < 2**62 or len(texts) != len(order):
            _refuse(cursor)
        return Place(offset, tuple(_value(one, text) for one, text in zip(order, texts, strict=True)))
    except (ValueError, LookupError, ArithmeticError, msgspec.DecodeError):
        _refuse(cursor)


def after(order: Sequence[Sorted], empty: Sequence[bool]) -> ColumnElement[bool]:
    """What comes behind the row whose values are the parameters `c0`, `c1`...; `empty`: which of them it does not have."""
    return or_(*parts_after(order, empty))


def parts_after(order: Sequence[Sorted], empty: Sequence[bool]) -> list[ColumnElement[bool]]:
    """The same in parts that come one after the other, each of which begins somewhere in an index: an OR of them begins nowhere."""
    values = [bindparam(f"c{number}", type_=one.expression.type) for number, one in enumerate(order)]
    if len({one.descending for one in order}) == 1 and not any(map(_has_empty_behind, order, empty)):
        whole = tuple_(*(one.expression for one in order))
        return [whole < tuple_(*values) if order[0].descending else whole > tuple_(*values)]
    parts, same = list[ColumnElement[bool]](), list[ColumnElement[bool]]()
    for one, value, is_empty in zip(order, values, empty, strict=True):
        # those that are the same in more values come first
        parts = [and_(*same, behind) for behind in _behind(one, value, is_empty)] + parts
        same.append(one.expression.is_(None) if is_empty else one.expression == value)
    return parts


def _has_empty_behind(one: Sorted, is_empty: bool) -> bool:
    """Whether a comparison of the value alone does not say what comes behind it."""
    return is_empty or (one.may_be_empty and not one.descending)


def _behind(one: Sorted, value: Expression, is_empty: bool) -> list[ColumnElement[bool]]:
    """Rows without a value are the last; the first where the order is reversed."""
    if is_empty:
        return [one.expression.is_not(None)] if one.descending else []
    if one.descending:
        return [one.expression < value]
    return [one.expression > value, one.expression.is_(None)] if one.may_be_empty else [one.expression > value]


def _mark(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


_READ: Mapping[type, Callable[[str], object]] = {
    BigInteger: int,
    Integer: int,
    Numeric: Decimal,
    Date: dt.date.fromisoformat,
    DateTime: dt.datetime.fromisoformat,
    Boolean: {"True": True, "False": False}.__getitem__,
    Uuid: uuid.UUID,
}


def _value(one: Sorted, text: str | None) -> object:
    if text is None and one.may_be_empty:
        return None
    if not isinstance(text, str) or "\0" in text:
        raise ValueError(text)
    read = next((read for kind, read in _READ.items() if isinstance(one.expression.type, kind)), None)
    value = read(text) if read is not None else text
    if (isinstance(value, Decimal) and not value.is_finite()) or (isinstance(value, int) and not -(2**63) <= value < 2**63):
        raise ValueError(text)
    return value


def _refuse(cursor: str) -> NoReturn:
    message = "The cursor is not one that this list answered to the same search and order."
    shown = cursor[:100].encode(errors="replace").decode()
    raise Refused(Kind.INVALID, Problem("cursor_invalid", message, "cursor", shown))
