"""The days that can be reckoned with: the calendar goes on before and behind them, in every zone. Pure."""

import datetime as dt

FIRST_YEAR, LAST_YEAR = 1000, 9000
"""Of what comes from outside."""


def is_countable(day: dt.date) -> bool:
    """Whether days, months and years can be counted from it."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
