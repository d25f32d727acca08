"""How the net of a row belongs to months: by the days of its service period (section 250 (2) HGB, posting table row 30). Pure.

The parts are cents by largest remainder and add up to the net. What a credit takes back is taken from each month so that what is left of
the row stays spread as if it had been that from the first: a row that is credited in full has nothing left in any month.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from contor.bookkeeping.periods import first_day, last_day, month_of, months_through
from contor.kernel.money import ZERO, split

Parts = dict[str, Decimal]
"""Amount by month (YYYY-MM)."""
MOST_MONTHS = 1200
"""What a period says beyond a hundred years belongs to its last month."""


def spread(net: Decimal, start: dt.date, end: dt.date, currency: str) -> Parts:
    """`net` over the days from `start` to `end`, both included, by month."""
    first, last = month_of(start), month_of(end)
    if int(last[:4]) - int(first[:4]) >= MOST_MONTHS // 12:
        last = f"{int(first[:4]) + MOST_MONTHS // 12 - 1:04}-12"
    months = list(months_through(first, last))
    days = [Decimal((min(end, last_day(month)) - max(start, first_day(month))).days + 1) for month in months]
    return dict(zip(months, split(net, days, currency), strict=True))


def changed(was: Parts, stays: Parts) -> Parts:
    """What a credit takes of each month (below zero), by how the row was spread before it and after."""
    return {month: stays[month] - part for month, part in was.items()}


def deferred(parts: Mapping[str, Decimal], month: str) -> Parts:
    """What belongs to later months than that of the closing; it and those before are earned."""
    return {of: part for of, part in parts.items() if of > month and part}


def sum_of(parts: Mapping[str, Decimal]) -> Decimal:
    return sum(parts.values(), ZERO)
