"""Posting periods are calendar months, written YYYY-MM. Pure."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated

from contor.kernel.shapes import written

Month = Annotated[str, written(r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$", "a month as YYYY-MM", examples=["2026-11"])]


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
