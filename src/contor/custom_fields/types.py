"""The values of fields that a tenant declares. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.kernel.shapes import Name255, Text255, shape, written

FieldOf = Literal["CUSTOMER", "PRODUCT", "SUBSCRIPTION", "INVOICE"]
"""What carries the field."""
FieldType = Literal["TEXT", "NUMBER", "DATE", "SELECTION", "MULTI_SELECTION", "LIST", "CHECKBOX"]
FieldKey = Annotated[str, written(r"^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$", "a letter, then up to 63 letters, digits, _ or -")]
"""By which its values are named; it stays."""
Value = str | int | Decimal | bool | list[str]
"""TEXT: a text of at most 10,000 characters. NUMBER: at most 19 digits before the point and 10 behind it. DATE: a day, `2026-11-30`.
SELECTION: the value of an option. MULTI_SELECTION: those of several. LIST: texts. CHECKBOX: true or false."""
Values = Mapping[str, Value]
"""By the keys of the fields."""
MOST_FIELDS = 200
"""A kind of thing has no more fields."""


@shape
class Option:
    """What can be chosen."""

    value: Name255
    """As it is stored."""
    label: Text255 | None = None
    """As it is shown; without one, the value."""


Options = Annotated[tuple[Option, ...], Field(max_length=500)]


class KnownField(NamedTuple):
    """A field as values are judged by it."""

    ident: str
    key: str
    type: FieldType
    options: Sequence[Mapping[str, str | None]]
