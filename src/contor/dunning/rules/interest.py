"""Interest on what is in default (sections 247, 288 BGB). Pure.

Base rate of the half-year and 9 points, 5 where a consumer is on either side; on the outstanding of each day, by 365 days a year; one
rounding of the whole, and no interest on interest (section 289 BGB). A payment's value day counts at the lower sum.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.money import HUNDRED, ZERO, round_amount

BUSINESS, CONSUMER = Decimal(9), Decimal(5)
"""Points above the base rate (section 288 (1), (2) BGB)."""
YEAR = 365
_DAY = dt.timedelta(days=1)


class BaseRate(NamedTuple):
    """What the Bundesbank published for a half-year, in percent."""

    valid_from: dt.date
    rate: Decimal


LEGAL = (
    BaseRate(dt.date(2024, 1, 1), Decimal("3.62")),
    BaseRate(dt.date(2024, 7, 1), Decimal("3.37")),
    BaseRate(dt.date(2025, 1, 1), Decimal("2.27")),
    BaseRate(dt.date(2025, 7, 1), Decimal("1.27")),
    BaseRate(dt.date(2026, 1, 1), Decimal("1.27")),
)
"""As published so far (section 247 BGB)."""
Rates = Mapping[dt.date, Decimal]
"""By the first day of the half-year."""


def half_year(day: dt.date) -> dt.date:
    """The first day of the half-year."""
    return dt.date(day.year, 1 if day.month < 7 else 7, 1)


def why_no_rate(rates: Rates, first: dt.date, end: dt.date) -> dt.date | None:
    """The first half-year from `first` to before `end` that has no base rate; None: each has one."""
    at = half_year(first)
    while at < end:
        if at not in rates:
            return at
        at = half_year(at + dt.timedelta(days=184))
    return None


def interest_of(
    opening: Decimal,
    moved: Iterable[tuple[dt.date, Decimal]],
    days: tuple[dt.date, dt.date],
    rates: Rates,
    points: Decimal,
    currency: str,
) -> Decimal:
    """Interest on what is outstanding from the first day of `days` to before the second. `moved`: (value day, signed amount), which count
    from their day on. Raises KeyError for a half-year without a rate (`why_no_rate`)."""
    first, end = days
    total, by_day = ZERO, sorted(moved)
    for start, stop in _stretches(first, end, [day for day, _ in by_day]):
        owed = opening + sum((amount for day, amount in by_day if day <= start), ZERO)
        if owed > 0:
            # exactly, whatever the order: the year divides at the end
            total += owed * (rates[half_year(start)] + points) * (stop - start).days
    return round_amount(total / (HUNDRED * YEAR), currency)


def _stretches(first: dt.date, end: dt.date, cuts: Sequence[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """The days from `first` to before `end`, in parts within which neither the sum nor the rate changes."""
    starts = {first, *(day for day in cuts if first < day < end)}
    at = half_year(half_year(first) + dt.timedelta(days=184))
    while at < end:
        starts.add(at)
        at = half_year(at + dt.timedelta(days=184))
    ordered = [*sorted(starts), end]
    return [(a, b) for a, b in itertools.pairwise(ordered) if a < b]
