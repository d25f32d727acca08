"""What is answered: money in minor units, points in time with their offset, intervals, stored files. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, ClassVar, Final

from pydantic import WithJsonSchema

from contor.kernel.money import exponent
from contor.kernel.shapes import Sent, shape

_LETTERS: Final = {"DAY": "D", "WEEK": "W", "MONTH": "M", "YEAR": "Y"}
When = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
"""A point in time as it is answered: `2021-01-01T00:00:00+00:00`."""
Uuid = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]


class ShownAsIs(Sent, frozen=True, kw_only=True, rename="camel", gc=False):
    """An answer that is asked for very often."""

    as_it_is: ClassVar[bool] = True


@shape
class MoneyShown:
    """An amount in minor units of its currency: whole, but for prices that are finer."""

    amount: int | Decimal
    currency_code: str


def money(amount: Decimal, currency: str) -> MoneyShown:
    """123.45 EUR as 12345; 0.0125 EUR as 1.25."""
    minor = amount.scaleb(exponent(currency))
    whole = minor.to_integral_value()
    return MoneyShown(amount=int(whole) if minor == whole else minor.normalize(), currency_code=currency)


def money_or_none(amount: Decimal | None, currency: str) -> MoneyShown | None:
    return None if amount is None else money(amount, currency)


def minor_units(amount: Decimal, currency: str) -> int | Decimal:
    """The bare number, where no currency stands beside it."""
    return money(amount, currency).amount


def when(at: dt.datetime | dt.date | None) -> str | None:
    """A point in time in UTC, to the second; of a day its beginning."""
    return None if at is None else known_when(at)


def known_when(at: dt.datetime | dt.date) -> str:
    """As `when`, of what is known."""
    if isinstance(at, dt.datetime):
        return (at if at.tzinfo is dt.UTC else at.astimezone(dt.UTC)).isoformat(timespec="seconds")
    return f"{at.isoformat()}T00:00:00+00:00"


def interval(count: int, unit: str) -> str:
    """`1M`; `unit`: DAY, WEEK, MONTH or YEAR."""
    return f"{count}{_LETTERS[unit]}"


@shape
class MediaShown:
    """A stored file."""

    id: str
    """A ULID."""
    is_private: bool = True
    mime_type: str
    file_extension: str
    file_name: str
    storage_file_name: str
    created_at: When | None = None


def extension_of(file_name: str) -> str:
    """`pdf` of `Invoice 1.PDF`; nothing of a name without one."""
    return file_name.rpartition(".")[2].lower() if "." in file_name else ""
