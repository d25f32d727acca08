"""What a contract's end does to its items: open ones end with it, billed ones are given back.

The credit for an early end is what was billed less what the used part would have cost; it bears the tax, category and accounts of the
row that it takes back (accounting reference 6.5 and 9).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from contor.billing import tables
from contor.billing.types import BillableRow
from contor.catalogue.queries import plans_by_id
from contor.catalogue.types import Plan
from contor.contracts.events import ContractsCancelled, ContractsEnded
from contor.contracts.periods import days_between, instant
from contor.contracts.proration import credit_for_early_end, part_of
from contor.contracts.queries import contracts_by_id
from contor.contracts.timeline import BillingPeriod, billing_periods
from contor.contracts.types import Contract
from contor.kernel.events import on
from contor.kernel.money import ZERO, round_amount
from contor.kernel.shapes import replace
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow

_READ = msgspec.json.Decoder(BillableRow).decode
DAY = dt.timedelta(days=1)


class Stored(NamedTuple):
    """An item with what was credited of it before."""

    row: Any
    content: BillableRow
    credited: Decimal
    credits: int


@on(ContractsEnded)
def end_items(uow: Uow, fact: ContractsEnded) -> None:
    """Items behind the end are dropped or given back; those that reach over it are shortened."""
    contracts = contracts_by_id(uow, fact.contract_ids)
    plans = plans_by_id(uow, {contract.plan_id for contract in contracts.values()})
    for stored in _items(uow, list(contracts)):
        contract = contracts[stored.row.contract_id]
        end, row = contract.end_on, stored.row
        if end is None or row.period_end <= end or row.kind == "ONETIME":
            continue
        if row.processing_status == "COMPLETED":
            back = _unused(stored, contract, plans[contract.plan_id], end)
            _credit(uow, stored, back - stored.credited, max(end, row.period_start))
        elif row.period_start >= end:
            _drop(uow, stored, "the contract ended before the period")
        else:
            _shorten(uow, stored, contract, plans[contract.plan_id], end)


@on(ContractsCancelled)
def cancel_items(uow: Uow, fact: ContractsCancelled) -> None:
    """Nothing more is billed; everything billed is reversed."""
    for stored in _items(uow, fact.contract_ids):
        if stored.row.processing_status == "COMPLETED":
            _credit(uow, stored, stored.content.total - stored.credited, stored.row.period_start)
        else:
            _drop(uow, stored, "the contract was cancelled")


# helpers in calling order


def _items(uow: Uow, contract_ids: Sequence[int]) -> list[Stored]:
    """The contracts' debit items that are open or billed, and what was credited of each."""
    wanted = (list(contract_ids),)
    uow.lock("billing", [row.customer_ident for row in uow.rows(
        "SELECT DISTINCT customer_ident FROM contract WHERE contract_id = ANY (%s)", wanted)])  # fmt: skip
    credits: Mapping[int, tuple[Decimal, int]] = {
        row.related_item_id: (row.total, row.n)
        for row in uow.rows(
            "SELECT related_item_id, sum(total) AS total, count(*) AS n FROM billable_item WHERE contract_id = ANY (%s)"
            " AND kind = 'CREDIT' AND processing_status <> 'TERMINATED' GROUP BY related_item_id",
            wanted,
        )
    }
    rows = uow.rows(
        "SELECT *, content::text AS row FROM billable_item WHERE contract_id = ANY (%s) AND kind <> 'CREDIT'"
        " AND processing_status <> 'TERMINATED' ORDER BY item_id",
        wanted,
    )
    return [Stored(row, _READ(row.row), *credits.get(row.item_id, (ZERO, 0))) for row in rows]


def _period(row: Any, contract: Contract, plan: Plan) -> BillingPeriod:
    """The period of an item, as it was when it was proposed."""
    assert contract.start_on is not None
    (found,) = billing_periods(plan, contract.start_on, None, None, row.period_start, row.period_start + DAY)
    return found._replace(end=row.period_end)


def _share(stored: Stored, period: BillingPeriod, contract: Contract, plan: Plan) -> Decimal:
    """The price of the whole interval, from what the item shows: a part names its base price."""
    row, basis = stored.content, stored.content.price_calculation_basis
    if basis is not None and basis.base_price is not None:
        return basis.base_price * contract.content.quantities[period.phase_ident][stored.row.origin_ident]
    return row.total


def _unused(stored: Stored, contract: Contract, plan: Plan, end: dt.date) -> Decimal:
    """What is to be given back of a billed item; of agreed partial supplies, those behind the end."""
    row = stored.row
    if plan.content.partial_supply is not None:
        return _of_supply(stored, end)
    period = _period(row, contract, plan)
    interval = plan.phase(period.phase_ident).billing_config.billing_interval
    price, terms = _share(stored, period, contract, plan), plan.content
    return credit_for_early_end(stored.content.total, price, period, end, interval, terms.day_count, row.currency)


def _of_supply(stored: Stored, end: dt.date) -> Decimal:
    content = stored.content
    if end >= content.service_end:
        return ZERO
    if end <= content.service_start:
        return content.total
    whole = (content.service_end - content.service_start).days
    used = content.total * days_between(content.service_start, end, "ACT_ACT") / whole
    return content.total - round_amount(used, stored.row.currency)


def _shorten(uow: Uow, stored: Stored, contract: Contract, plan: Plan, end: dt.date) -> None:
    """An item that is not billed yet is for the days until the end."""
    period = _period(stored.row, contract, plan)
    interval = plan.phase(period.phase_ident).billing_config.billing_interval
    price, terms = _share(stored, period, contract, plan), plan.content
    total = part_of(price, period._replace(end=end), interval, terms.day_count, stored.row.currency)
    changed = replace(
        stored.content, total=total, unit_price=total, quantity=Decimal(1), quantity_type="PC", service_end=end, tax_date=end - DAY
    )
    uow.run(
        "UPDATE billable_item SET period_end = %s, total = %s, content = %s WHERE item_id = %s",
        (end, total, ENCODER.encode(changed).decode(), stored.row.item_id),
    )


def _drop(uow: Uow, stored: Stored, reason: str) -> None:
    uow.run(
        "UPDATE billable_item SET processing_status = 'TERMINATED', status_reason = %s WHERE item_id = %s",
        (reason, stored.row.item_id),
    )


def _credit(uow: Uow, stored: Stored, amount: Decimal, since: dt.date) -> None:
    """Give back `amount` of a billed item, by the next run."""
    if amount <= ZERO or stored.row.document_id is None:
        return
    row = stored.row
    content = replace(
        stored.content,
        quantity=Decimal(1),
        quantity_type="PC",
        unit_price=amount,
        total=amount,
        service_start=since,
        credited_row=f"i-{row.item_id}",
        price_calculation_basis=None,
    )
    uow.insert(
        tables.billable_item,
        [
            {
                "item_id": uow.next_id(),
                **{name: getattr(row, name) for name in _COPIED},
                "kind": "CREDIT",
                "sequence": row.sequence * 1000 + stored.credits,
                "type": "CREDIT",
                "business_case": "CANCELLATION",
                "processing_status": "NOT_STARTED",
                "processing_at": instant(uow.ctx.today(), uow.ctx.zone),
                "related_item_id": row.item_id,
                "total": amount,
                "content": content,
            }
        ],
    )


_COPIED = (
    "contract_id", "customer_ident", "billing_group_ident", "origin_type", "origin_ident", "period_start", "period_end", "currency",
)  # fmt: skip
