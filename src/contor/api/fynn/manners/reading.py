"""What clients send, by the shapes of it: dates in four forms, money as an object or in minor units, intervals, maps in a text. Pure."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Literal, NamedTuple

import msgspec
from pydantic import BeforeValidator, Field, WithJsonSchema

from contor.api.malformed import number_of
from contor.kernel.money import exponent
from contor.kernel.shapes import Currency, Name255, Text, Text255, shape

_DECODER = msgspec.json.Decoder(float_hook=number_of)
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
_INTERVAL = re.compile(r"P?([1-9]\d{0,3})([DWMY])", re.ASCII)
_SAID: Final = "is a date such as 2026-01-31 or 2026-01-31T00:00:00+00:00"
Unit = Literal["DAY", "WEEK", "MONTH", "YEAR"]
UNITS: Final[Mapping[str, Unit]] = {"D": "DAY", "W": "WEEK", "M": "MONTH", "Y": "YEAR"}


def without_empty(content: object) -> object:
    """Plain values with null in place of each empty text. Objects and lists are looked into, not what stands in them, as in
    `echo.without_nulls`."""
    if type(content) is dict:
        return {
            name: without_empty(value) if type(value) is dict or type(value) is list else None if value == "" else value
            for name, value in content.items()
        }
    if type(content) is list:
        return [
            without_empty(value) if type(value) is dict or type(value) is list else None if value == "" else value
            for value in content
        ]
    return None if content == "" else content


def instant_of(text: str) -> dt.datetime:
    """A point in time: of a plain day its beginning, without an offset in UTC. Raises ValueError in words."""
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise ValueError(_SAID)
    try:
        time, _, fraction = (found[2] or "00:00:00").partition(".")
        shown = f"{found[1]}T{time}" + (f".{fraction[:6].ljust(6, '0')}" if fraction else "")
        instant = dt.datetime.fromisoformat(shown + (found[3] or "+00:00"))
        return instant.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise ValueError(_SAID) from None


def day_of(text: str) -> dt.date:
    """A day: of a point in time the one that is written in it, in whatever zone that is meant. Raises ValueError in words."""
    instant_of(text)
    return dt.date.fromisoformat(text[:10])


def id_meant(value: object) -> object:
    """Another thing as it may be named: by its id, by an IRI that ends with it, or by an object that has it, as it is answered."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value.rstrip("/").rpartition("/")[2] if isinstance(value, str) else value


def _read_as(read: Callable[[str], object], value: object) -> object:
    """A text as what it says; nothing else says it."""
    return read(value) if isinstance(value, str) else _NO_TEXT


_NO_TEXT: Final = object()
"""What no type takes."""


def _instant(value: object) -> object:
    return _read_as(instant_of, value)


def _day(value: object) -> object:
    return _read_as(day_of, value)


Day = Annotated[dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A calendar day, sent as a date or as a point in time."""
Instant = Annotated[dt.datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A point in time in UTC."""


class DaySaid(NamedTuple):
    """A day, and the point in time that was sent for it: who sends back what he was shown does not choose a day."""

    day: dt.date
    instant: dt.datetime


def _day_said(value: object) -> object:
    return _read_as(lambda text: DaySaid(day_of(text), instant_of(text)), value)


DayOrInstant = Annotated[DaySaid, BeforeValidator(_day_said), WithJsonSchema({"type": "string", "format": "date-time"})]


@shape
class Interval:
    """So many days, weeks, months or years."""

    count: int
    unit: Unit


def interval_of(text: str) -> Interval:
    """`1M`, `14D`, `1Y`, `2W`, also as ISO 8601 writes durations (`P1M`). Raises ValueError in words."""
    found = _INTERVAL.fullmatch(text.strip().upper())
    if found is None:
        raise ValueError("is an interval such as 14D, 2W, 1M or 1Y")
    return Interval(count=int(found[1]), unit=UNITS[found[2]])


def _interval(value: object) -> object:
    return _read_as(interval_of, value)


Every = Annotated[Interval, BeforeValidator(_interval), WithJsonSchema({"type": "string", "examples": ["1M", "14D", "1Y"]})]


@shape
class MoneySent:
    """An amount in minor units of its currency; a fraction only in prices that are finer than the currency."""

    amount: Annotated[Decimal, Field(max_digits=25, decimal_places=8, examples=[12345])]
    currency_code: Currency | None = None
    """Null: that of what it is a price of."""

    def in_units(self, currency: str) -> Decimal:
        """In units of the currency: 12345 is 123.45 EUR."""
        return self.amount.scaleb(-exponent(self.currency_code or currency))


def _money(value: object) -> object:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return {"amount": value}
    return value


Money = Annotated[MoneySent, BeforeValidator(_money)]
"""An object with `amount` and `currencyCode`, or the bare number of minor units."""


def _map(value: object) -> object:
    """A client's form has one field of text for the whole map."""
    if not isinstance(value, str):
        return value
    try:
        read = _DECODER.decode(value)
    except (msgspec.DecodeError, InvalidOperation, RecursionError, UnicodeError):
        raise ValueError("is an object, or the JSON of one in a text") from None
    return read


Scalar = bool | int | Decimal | Text
CustomFields = Annotated[
    dict[Name255, Scalar | Annotated[list[Text255], Field(max_length=100)] | None],
    Field(max_length=100),
    BeforeValidator(_map),
    WithJsonSchema({"type": "object", "additionalProperties": True}),
]
"""Values by the names of configured fields: an object, or its JSON in a text."""
