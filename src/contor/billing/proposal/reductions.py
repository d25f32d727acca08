"""What allowances take off the rows of a period. Pure.

An amount is for the whole interval, or for each unit of it; one that several options share is split over them by what they cost, so that
each part bears the tax of its option (accounting reference 1.8).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from contor.billing.items import Item
from contor.billing.proposal.charge import Charge
from contor.contracts.types import Allowance
from contor.kernel.money import HUNDRED, ZERO, round_amount, split
from contor.kernel.shapes import replace

Shares = Mapping[tuple[int, str], Decimal]
"""By redemption and option: its part of an amount off the sum of several."""
NOT_SHARED: Shares = MappingProxyType({})


def shares_of(allowances: Sequence[Allowance], prices: Mapping[str, Decimal], currency: str, unit: Decimal | None) -> Shares:
    """The parts of the amounts that options share. `allowances`: those that hold in the period; `prices`: what each option costs for the
    whole interval, in their order."""
    amounts: dict[int, Decimal] = {}
    members: dict[int, list[str]] = {}
    for one in allowances:
        if one.shared is not None and prices.get(one.option_ident):
            amounts[one.shared] = one.amount or ZERO
            members.setdefault(one.shared, []).append(one.option_ident)
    found: dict[tuple[int, str], Decimal] = {}
    for number, given in members.items():
        idents = [ident for ident in prices if ident in given]
        weights = [prices[ident] for ident in idents]
        amount = round_amount(min(amounts[number], sum(weights, ZERO)), currency, unit)
        found |= {(number, ident): part for ident, part in zip(idents, split(amount, weights, currency, unit), strict=True)}
    return found


def _wanted(allowance: Allowance, price: Decimal, quantity: Decimal, shares: Shares) -> Decimal:
    """What an allowance is to take off `price`, that of a whole interval, which is for `quantity` units."""
    if allowance.percentage is not None:
        return price * allowance.percentage / HUNDRED
    amount = allowance.amount or ZERO
    if allowance.amount_on == "UNIT_PRICE":
        amount *= quantity
    elif allowance.shared is not None:
        amount = shares.get((allowance.shared, allowance.option_ident), amount)
    return min(amount, price)


def reductions(
    items: Sequence[Item],
    allowances: Sequence[Allowance],
    price: Decimal,
    quantity: Decimal,
    shares: Shares,
    charge: Charge,
    next_id: Callable[[], int],
) -> Iterator[Item]:
    """The items of a period's allowances: each of the option's rows is reduced, all of them together by no more than it costs.

    An allowance takes its share of what the ones before it left: so the shorter the period, the less is given, the less is charged,
    and neither is ever more, whatever is rounded.
    """
    left, whole_left = [item.row.total for item in items], charge.wholes(price)
    for allowance in allowances:
        wanted = _wanted(allowance, price, quantity, shares)
        for position, (item, part) in enumerate(zip(items, charge.wholes(wanted), strict=True)):
            whole = whole_left[position]
            if not whole:
                continue
            given = min(part, whole)  # for the whole interval; the row bears its share of it, by its own rounded amount
            amount = round_amount(left[position] * given / whole, item.header.currency, charge.unit)
            whole_left[position] -= given
            left[position] -= amount
            if not amount:
                continue
            row = replace(
                item.row,
                name=allowance.name,
                description=item.row.name,
                category="DISCOUNT",
                supply_category=item.row.category,
                quantity=Decimal(1),
                quantity_type="PC",
                unit_price=amount,
                price_base=None,
                total=amount,
                article_number=None,
                price_calculation_basis=None,
                extras=(),
            )
            yield item._replace(
                item_id=next_id(), origin_type="ALLOWANCE", origin_ident=allowance.ident, kind="ALLOWANCE", type="CREDIT", row=row
            )
