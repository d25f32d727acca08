"""Items that are not billed yet, and why: of a contract, and of a customer with all its contracts and orders."""

import datetime as dt
import itertools
from collections.abc import Sequence
from decimal import Decimal

from contor.billing.items import Holding, Item, Stored, Why, holdings_of, items_where, reason_of_item
from contor.billing.outlook.types import Reason, UpcomingItem
from contor.billing.outlook.why import reason_of_contract, told
from contor.billing.proposal import items_of, world_of
from contor.catalogue.queries import options_by_ident, plans_by_id
from contor.catalogue.rules import version_at
from contor.catalogue.types import OptionVersion
from contor.contracts.course import next_start, periods_to_propose
from contor.contracts.queries import contract_by_ident, contracts_by_id, contracts_of_customer, plans_of
from contor.contracts.types import Contract
from contor.customers.queries import known_customers
from contor.documents.types import Period
from contor.kernel.money import round_amount
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, shape
from contor.rated_usage.aggregate import collected, unplaced
from contor.rated_usage.types import AggregationRow, RatedUsageRow
from contor.runtime.uow import Uow, not_found
from contor.settings.groups import USUAL
from contor.settings.queries import group_terms

DAY = dt.timedelta(days=1)
MOST = 500
"""Items and contracts that are shown at once, the earliest first."""
_UNBILLED = "i.processing_status NOT IN ('COMPLETED', 'TERMINATED')"


@shape
class OfContract:
    contract_ident: Ident


@shape
class OfCustomer:
    customer_ident: Ident


@shape
class UpcomingItems:
    reasons: tuple[Reason, ...]
    """Why a contract, or the customer with all of them, bills nothing now."""
    items: tuple[UpcomingItem, ...]
    """Those that wait, then those of each contract's next period, and what rated usages come to so far."""
    has_more: bool
    """There are others, which are not shown."""


@operation("contract.upcoming_items", permission="contracts.read", reads=True)
def upcoming_of_contract(uow: Uow, command: OfContract) -> UpcomingItems:
    """What the contract bills next, and why it is not billed yet."""
    contract = contract_by_ident(uow, command.contract_ident)
    return _upcoming(uow, contract.customer_ident, [contract], "i.contract_id = %s", contract.contract_id, False)


@operation("customer.upcoming_items", permission="contracts.read", reads=True)
def upcoming_of_customer(uow: Uow, command: OfCustomer) -> UpcomingItems:
    """What is billed next to the customer, of all its contracts and orders, and why it is not billed yet."""
    customer = command.customer_ident
    if not known_customers(uow, [customer]):
        raise not_found("customer", customer)
    numbers = contracts_of_customer(uow, customer, MOST + 1)
    contracts = list(contracts_by_id(uow, numbers[:MOST]).values())
    return _upcoming(uow, customer, contracts, "i.customer_ident = %s", customer, len(numbers) > MOST)


def reasons_of(uow: Uow, contracts: Sequence[Contract]) -> tuple[Reason, ...]:
    """Why these contracts of one customer bill nothing now; each reason once."""
    holdings = holdings_of(uow, {contract.customer_ident for contract in contracts})
    found = [reason_of_contract(contract, holdings[contract.customer_ident]) for contract in contracts]
    return tuple(dict.fromkeys(told(reason) for reason in found if reason is not None))


# helpers in calling order


def _upcoming(uow: Uow, customer: str, contracts: Sequence[Contract], where: str, value: object, has_more: bool) -> UpcomingItems:
    holding = holdings_of(uow, [customer])[customer]
    first = f"SELECT i.item_id FROM billable_item i WHERE {where} AND {_UNBILLED} ORDER BY i.processing_at, i.item_id LIMIT %s"
    stored = items_where(uow, f"i.item_id IN ({first})", (value, MOST + 1))
    lives = {one.contract_id: why for one in contracts if (why := reason_of_contract(one, holding)) is not None}
    waiting = [*(_waiting(one, holding, lives.get(one.row.contract_id)) for one in stored[:MOST]), *_unplaced(uow, contracts)]
    coming = sorted(
        [*_coming(uow, contracts, holding), *_collected(uow, contracts, holding)],
        key=lambda item: (item.processing_date or holding.now, item.contract_ident or ""),
    )
    items = [*waiting, *coming][:MOST]
    return UpcomingItems(
        reasons=reasons_of(uow, contracts),
        items=tuple(items),
        has_more=has_more or len(waiting) + len(coming) > len(items) or len(stored) > MOST,
    )


def _waiting(stored: Stored, holding: Holding, of_contract: Why | None) -> UpcomingItem:
    row, why = stored.row, reason_of_item(stored.row, stored.content.pays, holding)
    if why.code == "CREDIT_CARRIED" and of_contract is not None:  # there is no next bill as long as that holds
        why = why._replace(text=f"{why.text}. Now it bills nothing: {of_contract.text}")
    return UpcomingItem(
        billable_item_id=row.item_id,
        contract_ident=None if row.of_order else row.holder_ident,
        order_ident=row.holder_ident if row.of_order else None,
        origin_type=row.origin_type,
        origin_ident=row.origin_ident,
        kind=row.kind,
        type=row.type,
        name=stored.content.name,
        billing_period=Period(start=row.period_start, end=max(row.period_start, row.period_end - DAY)),
        processing_date=row.processing_at,
        currency=row.currency,
        total=row.total,
        reason=told(why),
    )


def _coming(uow: Uow, contracts: Sequence[Contract], holding: Holding) -> list[UpcomingItem]:
    """The items of each contract's next period, as the run will propose them."""
    plans = plans_of(uow, contracts)
    world = world_of(uow, contracts, plans, itertools.count().__next__)
    found = []
    for contract in contracts:
        plan = plans[contract.contract_id]
        begins = None if contract.proposed_through is None else next_start(plan, contract, contract.proposed_through)
        periods = periods_to_propose(contract, plan, begins + DAY) if begins is not None else ()
        found += [_proposed(item, holding) for item in items_of(contract, plan, periods, world) if isinstance(item, Item)]
    return found


def _collected(uow: Uow, contracts: Sequence[Contract], holding: Holding) -> list[UpcomingItem]:
    """What rated usages come to so far, of each period that still collects them."""
    terms, groups = {contract.contract_id: contract for contract in contracts}, group_terms(uow)
    rows = collected(uow, terms, MOST + 1)
    plans = plans_by_id(uow, {row.plan_id for row in rows})
    options, found = options_by_ident(uow, {row.option_ident for row in rows}), []
    for row in rows:
        contract, currency = terms[row.contract_id], plans[row.plan_id].content.currency
        group = contract.billing_group_ident
        text = f"its usages are collected until {holding.days.day(row.closes_at, group)}; a run takes it on"
        due = told(holding.of_due()) if row.bills_at < holding.now else None
        found.append(
            _rated(
                row,
                version_at(options[row.option_ident], row.period_start),
                (row.period_start, row.period_end - DAY),
                currency,
                round_amount(row.net_total, currency, groups.get(group, USUAL).units.get(currency)),
                row.bills_at,
                due or Reason(code="NOT_DUE_YET", text=f"{text} {holding.days.day(row.bills_at, group)}"),
            )
        )
    return found


def _unplaced(uow: Uow, contracts: Sequence[Contract]) -> list[UpcomingItem]:
    """Rated usages that no period takes: they wait until someone mends what they lack, and tries them again."""
    terms = {contract.contract_id: contract for contract in contracts}
    rows = unplaced(uow, terms, MOST + 1)
    plans = plans_by_id(uow, {terms[row.contract_id].plan_id for row in rows})
    options = options_by_ident(uow, {row.option_ident for row in rows})
    found = []
    for row in rows:
        currency = plans[terms[row.contract_id].plan_id].content.currency
        reason = Reason(code="ERROR", text=f"rated usage {row.rated_usage_ident}: {row.error}")
        name = version_at(options[row.option_ident], row.used_on)
        found.append(_rated(row, name, (row.used_on, row.used_on), currency, round_amount(row.net_price, currency), None, reason))
    return found


def _rated(
    row: AggregationRow | RatedUsageRow,
    version: OptionVersion,
    days: tuple[dt.date, dt.date],
    currency: str,
    total: Decimal,
    at: dt.datetime | None,
    reason: Reason,
) -> UpcomingItem:
    return UpcomingItem(
        billable_item_id=None,
        contract_ident=row.contract_ident,
        order_ident=None,
        origin_type="USAGE",
        origin_ident=row.option_ident,
        kind="RATED_USAGE",
        type="DEBIT",
        name=version.content.product_name or version.content.name,
        billing_period=Period(start=days[0], end=days[1]),
        processing_date=at,
        currency=currency,
        total=total,
        reason=reason,
    )


def _proposed(item: Item, holding: Holding) -> UpcomingItem:
    day = holding.days.day(item.processing_at, item.header.billing_group_ident)
    text = f"its period begins on {item.period_start}; a run takes it on {day}"
    return UpcomingItem(
        billable_item_id=None,
        contract_ident=item.contract_ident,
        order_ident=None,
        origin_type=item.origin_type,
        origin_ident=item.origin_ident,
        kind=item.kind,
        type=item.type,
        name=item.row.name,
        billing_period=Period(start=item.period_start, end=max(item.period_start, item.period_end - DAY)),
        processing_date=item.processing_at,
        currency=item.header.currency,
        total=item.row.total,
        reason=told(holding.of_due()) if item.processing_at < holding.now else Reason(code="NOT_DUE_YET", text=text),
    )
