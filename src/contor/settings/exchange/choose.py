"""Which exchange rate a supply is converted at: the month's average, or the day's where the tax office allowed it. Pure.

Source: section 16 (6) UStG; Article 91 (2) of Directive 2006/112/EC for the rates of the European Central Bank, which publishes on
working days in the afternoon.
"""

import datetime as dt
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.kernel.money import round_rate

DAY = dt.timedelta(days=1)
SATURDAY = 5
LONGEST_PAUSE = 5
"""Days between two rates at most: those of Easter, of Christmas."""
RateKind = Literal["MONTHLY_AVERAGE", "DAILY"]
EURO = "EUR"


class Rate(NamedTuple):
    """Units of a currency for one unit of the ledger's."""

    rate: Decimal
    date: dt.date
    """Of a month's average its last day."""
    source: str


class Missing(NamedTuple):
    """Why there is none."""

    day: dt.date
    reason: str


class Known(NamedTuple):
    """What is stored of a currency around a day: the last daily rate that counts for it, and the last one of all."""

    rate: Decimal | None
    day: dt.date | None
    source: str | None
    last: dt.date | None


class Month(NamedTuple):
    """What is stored of a currency for a month."""

    published: Decimal | None
    source: str | None
    average: Decimal | None
    """Of its daily rates."""
    last: dt.date | None
    """The last daily rate of all."""


def daily(currency: str, day: dt.date, today: dt.date, known: Known) -> Rate | Missing:
    """The rate published for the day, else the one before, where none was published: at weekends, on holidays, on the day itself."""
    if known.rate is not None and known.day is not None and (day - known.day).days <= LONGEST_PAUSE:
        open_days = [d for d in _days(known.day + DAY, day) if d.weekday() < SATURDAY and d < today]
        if not open_days or (known.last is not None and known.last > day):  # with a later rate they were holidays
            return Rate(known.rate, known.day, known.source or "")
    published = working_day(day)
    return _missing(currency, published, f"for {published}", known.last)


def average(currency: str, day: dt.date, month: Month) -> Rate | Missing:
    """The published average of the day's month, else that of its daily rates once all of them are there."""
    end = end_of_month(day)
    if month.published is not None:
        return Rate(month.published, end, month.source or "")
    if month.average is not None and month.last is not None and month.last >= working_day(end):
        return Rate(round_rate(month.average), end, "ECB, average of the month")
    return _missing(currency, day, f"as the average of {day:%Y-%m}, the month of {day}", month.last)


def crossed(currency: str, found: Rate | Missing, ledger: Rate | Missing) -> Rate | Missing:
    """For a ledger in another currency than the euro, of the rates of both to the euro."""
    if isinstance(found, Missing) or isinstance(ledger, Missing):
        return found if isinstance(found, Missing) else ledger
    return Rate(round_rate(found.rate / ledger.rate), min(found.date, ledger.date), found.source or ledger.source)


def working_day(day: dt.date) -> dt.date:
    """The day, at weekends the Friday before."""
    return day - max(day.weekday() - SATURDAY + 1, 0) * DAY


def end_of_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + 32 * DAY).replace(day=1) - DAY


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def _missing(currency: str, day: dt.date, which: str, last: dt.date | None) -> Missing:
    stored = f"the daily rates end on {last}" if last is not None else "no daily rate is stored"
    return Missing(day, f"there is no exchange rate of {currency} {which} ({stored}); it is billed once the rate is imported")
