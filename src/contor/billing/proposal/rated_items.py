"""Items of rated usages: one for each period of use and place of taxation that a closed aggregation has collected. Its amount is the sum
of what the usages cost, rounded once; its tax is that of the end of the period in which they were used.
"""

from collections.abc import Sequence
from decimal import Decimal

from contor.billing.items import (
    NO_OWN_PLACE,
    BillableRow,
    Item,
    LastSequence,
    PeriodKey,
    PlaceName,
    give_back,
    number_source,
    rewrite,
    shown_rounding,
    store,
    with_successors,
)
from contor.billing.proposal.period_items import DAY, header_of
from contor.billing.proposal.usage_rows import described, of_quantity
from contor.catalogue.queries import options_by_ident
from contor.catalogue.rules import version_at
from contor.catalogue.types import Option, Plan
from contor.contracts.calendar import BillingPeriod, instant, period_at
from contor.contracts.queries import contracts_by_id, plans_of
from contor.contracts.types import Contract
from contor.documents.judge import row_properties
from contor.documents.types import Location
from contor.kernel.events import on
from contor.kernel.money import ZERO, round_amount
from contor.kernel.shapes import replace
from contor.rated_usage.aggregate import aggregations_by_ident, members_of, members_of_items, name_items
from contor.rated_usage.events import AggregationsClosed, RatedUsagesTakenBack
from contor.rated_usage.types import Member
from contor.runtime.uow import Uow
from contor.settings.groups import USUAL, GroupTerms
from contor.settings.queries import default_site, group_terms

Use = tuple[BillingPeriod, Location, Location, tuple[PlaceName, ...]]
"""The period in which something was used, where it is taxed, where it was performed, and which of these its contract says."""


@on(AggregationsClosed)
def bill_aggregations(uow: Uow, fact: AggregationsClosed) -> None:
    """Items due when the billing delay is over, which may be now."""
    idents = list(fact.aggregation_idents)
    rows = aggregations_by_ident(uow, idents)
    members = members_of(uow, idents)
    contracts = contracts_by_id(uow, {row.contract_id for row in rows})
    plans = plans_of(uow, contracts.values())
    options = options_by_ident(uow, {row.option_ident for row in rows})
    last = {
        PeriodKey(*row[:3]): row.sequence
        for row in uow.all(
            LastSequence,
            "SELECT contract_id, origin_ident, period_start, max(sequence) AS sequence FROM billable_item"
            " WHERE contract_id = ANY (%s) AND kind = 'RATED_USAGE' GROUP BY 1, 2, 3",
            (list(contracts),),
        )
    }
    today = instant(uow.ctx.today(), uow.ctx.zone)
    numbers, groups, usual = number_source(uow), group_terms(uow), default_site(uow)
    items: list[Item] = []
    named: list[tuple[int, int]] = []
    for row in rows:
        contract = contracts[row.contract_id]
        plan, option = plans[contract.contract_id], options[row.option_ident]
        key = PeriodKey(row.contract_id, row.option_ident, row.period_start)
        for use, used in _by_use(contract, plan, members.get(row.aggregation_ident, ())).items():
            last[key] = last.get(key, -1) + 1
            item = Item(
                next(numbers),
                contract.contract_id,
                contract.contract_ident,
                contract.business_segment_ident,
                header_of(contract, plan, usual),
                "USAGE",
                row.option_ident,
                "RATED_USAGE",
                row.period_start,
                row.period_end,
                last[key],
                "DEBIT",
                "CORRECTION_CREATION" if row.sequence else "PURCHASE",
                max(row.bills_at, today),
                _row(contract, plan, option, use, used, groups.get(contract.billing_group_ident, USUAL)),
            )
            items.append(item)
            named += [(member.rated_usage_id, item.item_id) for member in used]
    store(uow, items, {})
    name_items(uow, named)


@on(RatedUsagesTakenBack)
def lower(uow: Uow, fact: RatedUsagesTakenBack) -> None:
    """Without what is cancelled an item that waits costs less, and of one that is billed the difference is credited. The caller holds
    the locks of the customers."""
    members = members_of_items(uow, fact.item_ids)
    found = with_successors(uow, set(fact.item_ids))
    options, groups = options_by_ident(uow, {items[0].row.origin_ident for items in found.values()}), group_terms(uow)
    contracts = contracts_by_id(uow, {items[0].row.contract_id for items in found.values()})
    for number, items in found.items():
        left, first = members.get(number, []), items[0]
        currency = first.row.currency
        unit = groups.get(first.row.billing_group_ident, USUAL).units.get(currency)
        if len(items) == 1 and not first.is_billed:
            option, day = options[first.row.origin_ident], first.content.service_start or first.row.period_start
            quantity_type = version_at(option, day).content.quantity_type
            language = contracts[first.row.contract_id].content.language
            rewrite(uow, first, first.row.type, _with_amounts(first.content, left, quantity_type, currency, unit, language))
            continue
        # the sum of what is left is rounded once, as it was when it was billed: so what stands is what would have been billed
        over = sum((item.left for item in items), ZERO) - round_amount(_sum(left), currency, unit)
        for item in reversed(items):
            part = min(over, item.left)
            give_back(uow, item, part, None)
            over -= max(part, ZERO)


# helpers in calling order


def _by_use(contract: Contract, plan: Plan, members: Sequence[Member]) -> dict[Use, list[Member]]:
    found: dict[Use, list[Member]] = {}
    for member in members:
        assert contract.start_on is not None
        period = period_at(plan.content, contract.start_on, contract.end_on, member.used_on, contract.life)
        assert period is not None
        stated = {name: Location(**said) for name in NO_OWN_PLACE if (said := getattr(member, name))}
        place, performed = contract.places._replace(**stated)
        follows = tuple([name for name in NO_OWN_PLACE if name not in stated])
        found.setdefault((period, place, performed, follows), []).append(member)
    return found


def _row(contract: Contract, plan: Plan, option: Option, use: Use, members: Sequence[Member], group: GroupTerms) -> BillableRow:
    period, place, performed, follows = use
    content = version_at(option, period.start).content
    links = plan.phase(period.phase_ident).linked_options
    currency = plan.content.currency
    row = BillableRow(
        name=content.product_name or content.name,
        description=described(content.product_description, members),
        article_number=content.article_number or content.product_ident,
        item_group=content.item_group,
        category=content.category,
        basis="NET",
        service_start=period.start,
        service_end=period.end,
        tax_date=period.end - DAY,
        tax_location=place,
        performance_location=performed,
        follows=follows,
        tax_code=content.tax_code,
        tax_scheme=content.tax_scheme,
        option_order=next((order for order, link in enumerate(links) if link.option_ident == option.option_ident), 0),
        properties=row_properties(content.properties),
        quantity=ZERO,
        quantity_type="PC",
        unit_price=ZERO,
        total=ZERO,
    )
    return _with_amounts(row, members, content.quantity_type, currency, group.units.get(currency), contract.content.language)


def _with_amounts(
    row: BillableRow, members: Sequence[Member], quantity_type: str, currency: str, unit: Decimal | None, language: str
) -> BillableRow:
    """Quantity and unit price where one price holds for all of it, else the price of all of it; rounded to `unit`."""
    exact, total = round_amount(_sum(members), currency), round_amount(_sum(members), currency, unit)
    quantity = sum((member.quantity for member in members), ZERO)
    prices = {member.unit_price for member in members}
    price = next(iter(prices)) if len(prices) == 1 else None
    if price is not None and quantity and round_amount(price * quantity, currency) == exact:
        single = {"quantity": quantity, "quantity_type": quantity_type, "unit_price": price, "price_base": None}
        row = replace(row, total=total, extras=(), **single)
        return shown_rounding(row, exact, language)
    return of_quantity(row, quantity, quantity_type, total)


def _sum(members: Sequence[Member]) -> Decimal:
    return sum((member.net_price for member in members), ZERO)
