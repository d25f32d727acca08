"""Calendar dates and periods: half-open [start, end), in the zone of the tenant; no arithmetic on instants (accounting reference 9).

Pure.
"""

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from contor.catalogue.types import DayCount, Duration
from contor.kernel.context import add_months

_MONTHS: Final = {"MONTH": 1, "QUARTER": 3, "HALF_YEAR": 6, "YEAR": 12}
_DAYS: Final = {"DAY": 1, "WEEK": 7}


def months_in(interval: Duration) -> int:
    """Months of the interval; 0: it is one of days."""
    return _MONTHS.get(interval.unit, 0) * interval.value


def days_in(interval: Duration) -> int:
    """Days of the interval; 0: it is one of months."""
    return _DAYS.get(interval.unit, 0) * interval.value


def add(anchor: dt.date, count: int, interval: Duration) -> dt.date:
    """`count` intervals after the original day, never chained: 31 January, 28 February, 31 March."""
    months = months_in(interval)
    return add_months(anchor, count * months) if months else anchor + dt.timedelta(days=count * days_in(interval))


def count_until(anchor: dt.date, day: dt.date, interval: Duration) -> int:
    """How many whole intervals lie between the anchor and a day on or after it."""
    months = months_in(interval)
    if not months:
        return (day - anchor).days // days_in(interval)
    count = ((day.year - anchor.year) * 12 + day.month - anchor.month) // months
    # by months it may be one too many: the day of the month is not reached yet
    while add(anchor, count, interval) > day:
        count -= 1
    while add(anchor, count + 1, interval) <= day:
        count += 1
    return count


def boundary(day: dt.date, interval: Duration) -> dt.date:
    """The calendar boundary on or before a day: quarters begin on 1 January, April, July, October, weeks on Monday."""
    months = months_in(interval)
    if months:
        year, month = divmod((day.year * 12 + day.month - 1) // months * months, 12)
        return dt.date(year, month + 1, 1)
    days = days_in(interval)
    return dt.date.fromordinal((day.toordinal() - 1) // days * days + 1)  # ordinal 1, 1 January of year 1, is a Monday


def days_between(start: dt.date, end: dt.date, day_count: DayCount) -> int:
    """Days of [start, end) by the convention."""
    if day_count == "30E_360":
        # a 31st counts as a 30th, the end of February as what it is (Eurobond basis)
        return 360 * (end.year - start.year) + 30 * (end.month - start.month) + min(end.day, 30) - min(start.day, 30)
    return (end - start).days


def whole_days(start: dt.date, end: dt.date, interval: Duration, day_count: DayCount) -> Decimal:
    """Days of the whole interval [start, end): what a full price is for."""
    if day_count == "ACT_365" and (months := months_in(interval)):
        return Decimal(365 * months) / 12  # of 365 days in leap years too, whatever months these are
    return Decimal(days_between(start, end, day_count))


# a run asks for the same few days for every contract
@lru_cache(maxsize=4096)
def instant(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """Local midnight at the beginning of a day, as an instant (UTC)."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(dt.UTC)


def months_of(start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """[start, end) cut at the first of each month: agreed partial supplies."""
    found = []
    while start < end:
        cut = min(add_months(start.replace(day=1), 1), end)
        found.append((start, cut))
        start = cut
    return found
