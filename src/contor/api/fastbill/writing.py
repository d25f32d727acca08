"""How answers of FastBill say amounts, flags, ids and times. Pure.

Money and percent are texts with the decimals of the contract where it has them as texts, and plain numbers elsewhere; times are those of
Berlin. What is not there is null where clients read a number or an object, and an empty text where they read a text.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from contor.api.fastbill.reading import BERLIN

Fields = dict[str, object]
"""One thing of an answer, by the names of the wire in small letters."""
NO_TIME: Final = "0000-00-00 00:00:00"
NO_DAY: Final = "0000-00-00"
SUCCESS: Final = "success"


def done(**more: object) -> Fields:
    """The answer to a write."""
    return {"status": SUCCESS, **more}


def identifier(number: int | None) -> str:
    """An id as lists answer it; empty where there is none."""
    return "" if number is None else str(number)


def flagged(value: bool | None) -> str:
    return "1" if value else "0"


def words(value: str | None) -> str:
    return value or ""


def decimals(value: Decimal | int | None, places: int) -> str:
    """A number as a text with so many decimals, rounded half up, e.g. `"19.00"`; empty where there is none."""
    if value is None:
        return ""
    return format(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), "f")


def exact(value: Decimal | None) -> str:
    """A number as a text with two decimals, or with as many as it has; empty where there is none."""
    if value is None:
        return ""
    exponent = value.normalize().as_tuple().exponent
    return decimals(value, max(2, -exponent if isinstance(exponent, int) else 0))


def comma(value: Decimal | int | None) -> str:
    """An amount as Germans write it, `"1,00"`: outstanding amounts and balances."""
    return decimals(value or 0, 2).replace(".", ",")


def plain(value: Decimal | int | None) -> Decimal | int | None:
    """A number without idle zeros behind the decimal point, for fields that are JSON numbers."""
    if not isinstance(value, Decimal):
        return value
    shorter = value.normalize()
    return shorter.quantize(Decimal(1)) if shorter == shorter.to_integral_value() else shorter


def price(value: Decimal) -> Decimal:
    """A JSON number without idle zeros, but nought as `0.00`: in XML, a client in PHP takes the text "0" for nothing and refuses it."""
    return Decimal(plain(value) or "0.00")


def day(value: dt.date | None, missing: str = "") -> str:
    """`Y-m-d`; `missing` where there is none."""
    if value is None:
        return missing
    return (value.astimezone(BERLIN).date() if isinstance(value, dt.datetime) else value).isoformat()


def moment(value: dt.datetime | dt.date | None, missing: str = "") -> str:
    """`Y-m-d H:i:s` in Berlin; of a day its midnight; `missing` where there is none."""
    if value is None:
        return missing
    if isinstance(value, dt.datetime):
        return value.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M:%S")
    return f"{value.isoformat()} 00:00:00"


def attributes(values: Mapping[str, str] | None) -> object:
    """The caller's own names; an empty text where there are none, as the vendor answers."""
    return dict(values) if values else ""


def listed(container: str, rows: Sequence[object]) -> Fields:
    """The answer of a list; the container is there even where it holds nothing."""
    return {container: list(rows)}
