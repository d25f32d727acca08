"""Posting periods: months that are open, or closed and never open again."""

from contor.bookkeeping.periods.events import ClosingBegan, PeriodClosed
from contor.bookkeeping.periods.months import Month, first_day, last_day, month_after, month_of, months_through
from contor.bookkeeping.periods.periods import Period, closed_through, is_closed, periods

__all__ = [
    "ClosingBegan",
    "Month",
    "Period",
    "PeriodClosed",
    "closed_through",
    "first_day",
    "is_closed",
    "last_day",
    "month_after",
    "month_of",
    "months_through",
    "periods",
]
