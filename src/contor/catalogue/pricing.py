"""What a quantity costs: by unit, blocks, tiers, volume, step, or by percentage of an amount. Exact; whoever bills rounds the row. Pure.

Source: platform API 2.5 and 4.3 (worked examples); subscriptions, section 3, cases S6 and S7.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from contor.catalogue.types import Price, PriceTier, UsagePrice
from contor.documents.types import PriceCalculationBasis
from contor.documents.types import PriceTier as ShownTier
from contor.kernel.money import HUNDRED, ZERO
from contor.kernel.shapes import replace


class Rated(NamedTuple):
    """What a usage, or the usages of a period together, or an ordered quantity cost: exact, not rounded."""

    quantity: Decimal
    amount: Decimal
    basis: PriceCalculationBasis
    first: tuple[PriceCalculationBasis, ...] = ()
    """Blocks of another size or price that come before those of the basis."""


def rated(price: UsagePrice, quantity: Decimal, events: Sequence[Decimal] = ()) -> Rated:
    """What `quantity` costs. A usage of nothing costs what the first block, step or flat tier does, unless units are free. `events`: of how
    many it is, where each has a price of its own (default: one)."""
    if price.pricing_model == "PERCENTAGE":
        return _percentage(price, quantity, events or (quantity,))
    free = price.free_quantity
    if free is None:
        return by_tiers(price.pricing_model, price.price_tiers, quantity)
    charged = max(quantity - free, ZERO)
    if not charged:
        basis = PriceCalculationBasis(type="TIER_PROGRESSIVE", used_quantity=quantity, tiers=shown(price.price_tiers, free))
        return Rated(quantity, ZERO, basis)
    found = by_tiers(price.pricing_model, price.price_tiers, charged)
    if price.pricing_model == "CONTINGENT":
        given = PriceCalculationBasis(
            type="BLOCK", block_size=free, block_quantity=Decimal(1), used_quantity=free, block_price=ZERO
        )
        return Rated(quantity, found.amount, found.basis, (given, *found.first))
    return Rated(quantity, found.amount, replace(found.basis, used_quantity=quantity, tiers=shown(price.price_tiers, free)))


def amount_of(price: Price, unit_price: Decimal, quantity: Decimal) -> Decimal:
    """What an ordered quantity costs in an interval. `unit_price`: of each, where the price has no tiers."""
    if price.pricing_model == "PER_UNIT":
        return unit_price * quantity
    return by_tiers(price.pricing_model, price.price_tiers, quantity).amount


def by_tiers(model: str, tiers: Sequence[PriceTier], quantity: Decimal) -> Rated:
    """By a model that has tiers."""
    match model:
        case "CONTINGENT":
            return _blocks(tiers, quantity)
        case "TIER_PRICE":
            return _progressive(tiers, quantity)
        case "STAIR_STEP":
            return _volume([replace(tier, type="FLAT") for tier in tiers], quantity)
    return _volume(tiers, quantity)


def _percentage(price: UsagePrice, quantity: Decimal, events: Sequence[Decimal]) -> Rated:
    """Of each event's amount, plus a fixed part; within its minimum and maximum."""
    percentage, fixed = price.percentage or ZERO, price.fixed_price or ZERO
    amount = ZERO
    for event in events:
        cost = event * percentage / HUNDRED + fixed
        if price.minimum is not None:
            cost = max(cost, price.minimum)
        amount += cost if price.maximum is None else min(cost, price.maximum)
    basis = PriceCalculationBasis(
        type="PERCENTAGE",
        used_quantity=quantity,
        block_size=HUNDRED,
        block_price=percentage,
        block_quantity=Decimal(len(events)),
        base_price=price.fixed_price,
    )
    return Rated(quantity, amount, basis)


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
    return Rated(quantity, amount, PriceCalculationBasis(type="TIER_PROGRESSIVE", used_quantity=quantity, tiers=shown(tiers)))


def _volume(tiers: Sequence[PriceTier], quantity: Decimal) -> Rated:
    """All of it at the price of the tier that is reached."""
    tier = next((tier for tier in tiers if tier.quantity is None or quantity <= tier.quantity), tiers[-1])
    amount = tier.price if tier.type == "FLAT" else tier.price * quantity
    return Rated(quantity, amount, PriceCalculationBasis(type="TIER_SINGLE", used_quantity=quantity, tiers=shown(tiers)))


def shown(tiers: Sequence[PriceTier], free: Decimal = ZERO) -> tuple[ShownTier, ...]:
    """Tiers as documents show them: each above the end of the one before, which belongs to that. `free`: so many units come first."""
    begins = [ZERO, *(tier.quantity or ZERO for tier in tiers[:-1])]
    found = [
        ShownTier(quantity=free + begin, unit_price=tier.price, above=free + begin > ZERO)
        for begin, tier in zip(begins, tiers, strict=True)
    ]
    return (*([ShownTier(quantity=ZERO, unit_price=ZERO)] if free else []), *found)


def nothing_of(price: UsagePrice) -> Rated:
    """A period in which nothing was used, and of which nothing is charged for that."""
    return Rated(ZERO, ZERO, PriceCalculationBasis(type="TIER_PROGRESSIVE", used_quantity=ZERO, tiers=shown(price.price_tiers)))
