"""What a quantity costs: by blocks, by tiers, by volume, by the clock. Exact; whoever bills rounds the row. Pure.

Source: platform API 2.5 and 4.3 (worked examples), accounting reference 9 (clock changes).
"""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from zoneinfo import ZoneInfo

from contor.catalogue.rules import seconds_of
from contor.catalogue.types import PriceTier, PricingGroup, UsagePrice
from contor.documents.types import PriceCalculationBasis
from contor.documents.types import PriceTier as ShownTier
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.usage.types import Rated

HOUR = Decimal(3600)
MINUTE = 60


def rated(price: UsagePrice, quantity: Decimal) -> Rated:
    """What `quantity` costs. A usage of nothing costs what the first block or flat tier does."""
    if price.pricing_model == "CONTINGENT":
        return _blocks(price.price_tiers, quantity)
    if price.pricing_model == "TIER_PRICE":
        return _progressive(price.price_tiers, quantity)
    return _volume(price.price_tiers, quantity)


def _blocks(tiers: Sequence[PriceTier], quantity: Decimal) -> Rated:
    """The first block, then started blocks of the next sizes; the last tier repeats."""
    amount, left, parts = ZERO, quantity, list[PriceCalculationBasis]()
    for position, tier in enumerate(tiers):
        if left <= 0 and position:
            break
        size = tier.quantity or left
        blocks = 1
        if position == len(tiers) - 1 and size:
            # a first tier that is also the last is due once even for nothing
            blocks = max(1 if not position else 0, int((left / size).to_integral_value(ROUND_CEILING)))
        cost = tier.price if tier.type == "FLAT" else tier.price * size
        amount += blocks * cost
        used = min(left, blocks * size)
        parts.append(
            PriceCalculationBasis(
                type="BLOCK", block_size=size, block_quantity=Decimal(blocks), used_quantity=used, block_price=cost
            )
        )
        left -= used
    *first, basis = _alike(parts)
    return Rated(quantity, amount, basis, tuple(first))


def _alike(parts: Sequence[PriceCalculationBasis]) -> list[PriceCalculationBasis]:
    """Blocks of one size and price that follow each other are said at once."""
    found: list[PriceCalculationBasis] = []
    for part in parts:
        last = found[-1] if found else None
        if last is None or (last.block_size, last.block_price) != (part.block_size, part.block_price):
            found.append(part)
            continue
        blocks = (last.block_quantity or ZERO) + (part.block_quantity or ZERO)
        found[-1] = replace(last, block_quantity=blocks, used_quantity=(last.used_quantity or ZERO) + (part.used_quantity or ZERO))
    return found


def _progressive(tiers: Sequence[PriceTier], quantity: Decimal) -> Rated:
    """Each tier's own part at its own price; a flat price counts as soon as its tier is reached."""
    amount, below = ZERO, ZERO
    for position, tier in enumerate(tiers):
        if position and quantity <= below:
            break
        upper = quantity if tier.quantity is None else min(quantity, tier.quantity)
        amount += tier.price if tier.type == "FLAT" else tier.price * (upper - below)
        below = tier.quantity if tier.quantity is not None else quantity
    return Rated(quantity, amount, PriceCalculationBasis(type="TIER_PROGRESSIVE", used_quantity=quantity, tiers=_shown(tiers)))


def _volume(tiers: Sequence[PriceTier], quantity: Decimal) -> Rated:
    """All of it at the price of the tier that is reached."""
    tier = next((tier for tier in tiers if tier.quantity is None or quantity <= tier.quantity), tiers[-1])
    amount = tier.price if tier.type == "FLAT" else tier.price * quantity
    return Rated(quantity, amount, PriceCalculationBasis(type="TIER_SINGLE", used_quantity=quantity, tiers=_shown(tiers)))


def _shown(tiers: Sequence[PriceTier]) -> tuple[ShownTier, ...]:
    """Tiers as documents show them: each above the end of the one before, which belongs to that."""
    begins = [ZERO, *(tier.quantity or ZERO for tier in tiers[:-1])]
    return tuple(
        ShownTier(quantity=begin, unit_price=tier.price, above=begin > ZERO) for begin, tier in zip(begins, tiers, strict=True)
    )


# --- by the clock ----------------------------------------------------------------------------------------------------------------


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
