"""What a usage costs by the clock. Exact; whoever bills rounds the row. Pure.

Source: platform API 2.5 and 4.3 (worked examples), accounting reference 9 (clock changes).
"""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from contor.catalogue.pricing import Rated
from contor.catalogue.rules import seconds_of
from contor.catalogue.types import PricingGroup
from contor.documents.types import PriceCalculationBasis
from contor.kernel.money import ZERO

HOUR = Decimal(3600)
MINUTE = 60


def by_the_clock(group: PricingGroup, start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> Rated:
    """Prices per hour by local wall time. Time is what passes: the day of 25 hours has them, the hour that is left out in spring
    costs nothing. The free quota counts from the beginning, where a rule allows it; the cap is the most that the usage costs."""
    amount, free = ZERO, group.free_quota * MINUTE
    position, stop = start.astimezone(dt.UTC), end.astimezone(dt.UTC)
    while position < stop:
        local = position.astimezone(zone)
        clock = local.hour * 3600 + local.minute * 60 + local.second
        rule = next(rule for rule in group.pricing_rules if _holds(rule.time_from, rule.time_to, clock))
        until = min(stop, position + dt.timedelta(seconds=_seconds_until(rule.time_to, clock)), _next_change(position, zone))
        seconds = Decimal((until - position) // dt.timedelta(seconds=1))
        if free and rule.free_quota_applicable:
            given = min(Decimal(free), seconds)
            free -= int(given)
            seconds -= given
        if not rule.free_of_charge:
            amount += rule.price * seconds / HOUR
        position = until
    if group.usage_cap is not None:
        amount = min(amount, group.usage_cap)
    passed = Decimal((stop - start.astimezone(dt.UTC)) // dt.timedelta(seconds=1)) / MINUTE
    return Rated(passed, amount, PriceCalculationBasis(type="TIME_BASED_USAGE"))


def _holds(begin: str, end: str, clock: int) -> bool:
    first, last = seconds_of(begin), seconds_of(end)
    # else it passes midnight, or is the whole day
    return first <= clock < last if first < last else clock >= first or clock < last


def _seconds_until(end: str, clock: int) -> int:
    last = seconds_of(end)
    return last - clock if last > clock else last + 86_400 - clock  # it ends behind midnight


def _next_change(position: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Until when local time runs evenly at least: the next full hour (UTC), or the second of it in which the clocks are changed, which
    is on the half hour in some places (Lord Howe Island)."""
    begin = position.replace(microsecond=0)
    stop = begin.replace(minute=0, second=0) + dt.timedelta(hours=1)
    low, high, offset = 0, int((stop - begin).total_seconds()) - 1, position.astimezone(zone).utcoffset()
    if (begin + dt.timedelta(seconds=high)).astimezone(zone).utcoffset() == offset:
        return stop
    while high - low > 1:
        middle = (low + high) // 2
        if (begin + dt.timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return begin + dt.timedelta(seconds=high)
