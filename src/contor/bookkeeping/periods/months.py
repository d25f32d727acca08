"""Posting periods are calendar months, written YYYY-MM. Pure."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, Final

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import written

_WRITTEN: Final = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
Month = Annotated[str, written(_WRITTEN, "a month as YYYY-MM", examples=["2026-11"])]


def require_month(text: str) -> str:
    """The text, where it names a month. Raises `Refused` (INVALID)."""
    if re.fullmatch(_WRITTEN, text, re.ASCII) is None:
        raise Refused(Kind.INVALID, Problem("period_malformed", "is no month as YYYY-MM, such as 2026-11", "period", text[:20]))
    return text


def month_of(day: dt.date) -> str:
    """The month that a day is in."""
    return f"{day:%Y-%m}"


def first_day(month: str) -> dt.date:
    return dt.date(int(month[:4]), int(month[5:]), 1)


def last_day(month: str) -> dt.date:
    return first_day(month_after(month)) - dt.timedelta(days=1)


def month_after(month: str) -> str:
    return month_of(first_day(month) + dt.timedelta(days=31))


def months_through(first: str, last: str) -> Iterator[str]:
    """Each month from the first to the last."""
    while first <= last:
        yield first
        first = month_after(first)
