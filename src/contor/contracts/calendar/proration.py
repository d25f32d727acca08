"""What a part of an interval costs, and what is given back when it ends early (accounting reference 9). Pure."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from contor.catalogue.types import DayCount, Duration
from contor.contracts.calendar.periods import days_between, months_of, whole_days
from contor.contracts.calendar.timeline import BillingPeriod
from contor.kernel.context import add_months
from contor.kernel.money import ZERO, round_amount, split


def part_of(
    price: Decimal, period: BillingPeriod, interval: Duration, day_count: DayCount, currency: str, unit: Decimal | None = None
) -> Decimal:
    """The amount of a period of a price for the whole interval: days used by days of the whole, rounded once (to `unit`, else to the
    currency's own). A part never costs more than the whole, whose days may be fewer by convention than a part really has (ACT_365)."""
    if period.is_whole:
        return round_amount(price, currency, unit)  # by days it would miss the price where the whole is notional (ACT_365)
    used = days_between(period.start, period.end, day_count)
    whole = whole_days(period.whole_start, period.whole_end, interval, day_count)
    return round_amount(price * min(Decimal(used), whole) / whole, currency, unit)


def next_part(price: Decimal, used: Sequence[int], whole: Decimal, before: Sequence[Decimal], currency: str) -> Decimal:
    """The amount of the next part of one interval, in date order. Parts that fill the interval add up to its price: the last one
    takes what is left, which may be little where the days of the whole are notional (ACT_365)."""
    if sum(used) >= whole:
        return round_amount(price, currency) - sum(before, ZERO)
    return round_amount(price * used[-1] / whole, currency)


def credit_for_early_end(
    billed: Decimal, price: Decimal, period: BillingPeriod, end: dt.date, interval: Duration, day_count: DayCount, currency: str
) -> Decimal:
    """What was billed less what the used part [period.start, end) would have cost: not the price of the days left."""
    if end <= period.start:
        return billed
    if end >= period.end:
        return ZERO
    used = period._replace(end=end)
    return billed - part_of(price, used, interval, day_count, currency)


def partial_supplies(
    amount: Decimal, start: dt.date, end: dt.date, currency: str, unit: Decimal | None = None
) -> list[tuple[dt.date, dt.date, Decimal]]:
    """A period as monthly partial supplies: each month has the same weight, a begun one its days; the parts add up to the amount."""
    months = months_of(start, end)
    weights = []
    for begin, stop in months:
        first = begin.replace(day=1)  # of the calendar month, of which the period may have only a part
        length = (add_months(first, 1) - first).days
        weights.append(Decimal((stop - begin).days) / length)
    return [(begin, stop, part) for (begin, stop), part in zip(months, split(amount, weights, currency, unit), strict=True)]


def supplies_of(
    price: Decimal, period: BillingPeriod, currency: str, unit: Decimal | None = None
) -> list[tuple[dt.date, dt.date, Decimal]]:
    """The monthly partial supplies of a period: those of the whole interval, the begun ones by their days."""
    found = []
    whole = round_amount(price, currency, unit)
    for begin, end, part in partial_supplies(whole, period.whole_start, period.whole_end, currency, unit):
        first, last = max(begin, period.start), min(end, period.end)
        if first < last:
            is_whole = (first, last) == (begin, end)
            cost = part if is_whole else round_amount(part * (last - first).days / (end - begin).days, currency, unit)
            found.append((first, last, cost))
    return found


def whole_supplies(price: Decimal, period: BillingPeriod, currency: str, unit: Decimal | None = None) -> list[Decimal]:
    """The monthly partial supplies that a period touches, at what each costs whole."""
    parts = partial_supplies(round_amount(price, currency, unit), period.whole_start, period.whole_end, currency, unit)
    return [part for begin, end, part in parts if begin < period.end and period.start < end]
