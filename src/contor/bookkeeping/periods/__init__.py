"""Posting periods: months that are open, or closed and never open again."""

from contor.bookkeeping.periods.events import ClosingBegan, PeriodClosed
from contor.bookkeeping.periods.months import Month, first_day, last_day, month_after, month_of, months_through, require_month
from contor.bookkeeping.periods.reading import (
    ListPeriods,
    OnePeriod,
    PeriodView,
    first_posted,
    get_period,
    list_periods,
)
from contor.bookkeeping.periods.standing import Period, closed_through, is_closed, period_status, periods

__all__ = [
    "ClosingBegan",
    "ListPeriods",
    "Month",
    "OnePeriod",
    "Period",
    "PeriodClosed",
    "PeriodView",
    "closed_through",
    "first_day",
    "first_posted",
    "get_period",
    "is_closed",
    "last_day",
    "list_periods",
    "month_after",
    "month_of",
    "months_through",
    "period_status",
    "periods",
    "require_month",
]
