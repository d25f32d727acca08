"""When a recurring document is made: every interval, counted from its first day. Pure.

Months are anchored on that day: what begins on 31 January is made on 28 February and on 31 March again.
"""

import datetime as dt
from typing import Final, Literal

from contor.kernel.context import add_months

Frequency = Literal[
    "WEEKLY",
    "TWO_WEEKS",
    "FOUR_WEEKS",
    "MONTHLY",
    "TWO_MONTHS",
    "THREE_MONTHS",
    "SIX_MONTHS",
    "YEARLY",
    "TWO_YEARS",
]
_WEEKS: Final = {"WEEKLY": 1, "TWO_WEEKS": 2, "FOUR_WEEKS": 4}
_MONTHS: Final = {"MONTHLY": 1, "TWO_MONTHS": 2, "THREE_MONTHS": 3, "SIX_MONTHS": 6, "YEARLY": 12, "TWO_YEARS": 24}
_DAY: Final = dt.timedelta(days=1)


def day_of(start: dt.date, frequency: Frequency, number: int) -> dt.date:
    """The first day of the interval of this number; 0 begins on `start`."""
    if frequency in _WEEKS:
        return start + 7 * number * _WEEKS[frequency] * _DAY
    return add_months(start, number * _MONTHS[frequency])


def first_after(start: dt.date, frequency: Frequency, day: dt.date | None) -> int:
    """The number of the first interval that begins after `day`; None: of the first one."""
    number = 0
    while day is not None and day_of(start, frequency, number) <= day:
        number += 1
    return number


def period_of(start: dt.date, frequency: Frequency, number: int, *, ahead: bool) -> tuple[dt.date, dt.date]:
    """First and last day of the interval that begins with this number, or (not `ahead`) of the one that is over by then."""
    first = number if ahead else number - 1
    return day_of(start, frequency, first), day_of(start, frequency, first + 1) - _DAY
