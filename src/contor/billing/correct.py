"""What a contract's end does to its items: open ones end with it, billed ones are given back, and so are their allowances.

The credit for an early end is what was billed less what the used part would have cost; it bears the tax, category and accounts of the
row that it takes back (accounting reference 6.5 and 9).
"""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from contor.billing import tables
from contor.billing.facts import world_of
from contor.billing.proposal import items_of
from contor.billing.types import CREDITS, PRICED_WHEN_BILLED, BillableRow, Item
from contor.catalogue.queries import plans_by_id
from contor.contracts.events import AllowancesRemoved, ContractsCancelled, ContractsEnded
from contor.contracts.periods import instant
from contor.contracts.queries import contracts_by_id, proposed_periods
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.money import ZERO
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
    """Each item is compared with what it would be for the contract as it ends now: what was billed beyond that is given back, what
    waits becomes that or is dropped."""
    contracts = contracts_by_id(uow, fact.contract_ids)
    plans = plans_by_id(uow, {contract.plan_id for contract in contracts.values()})
    world = world_of(uow, list(contracts.values()), plans, itertools.count().__next__)
    rows = {
        contract.contract_id: {
            (item.origin_type, item.origin_ident, item.period_start, item.kind, item.sequence): item
            for item in items_of(contract, plans[contract.plan_id], proposed_periods(contract, plans[contract.plan_id]), world)
            if isinstance(item, Item)
        }
        for contract in contracts.values()
    }
    for stored in _items(uow, list(contracts)):
        row = stored.row
        wanted = rows[row.contract_id].get((row.origin_type, row.origin_ident, row.period_start, row.kind, row.sequence))
        if row.processing_status == "COMPLETED":
            if row.kind not in PRICED_WHEN_BILLED:
                cost = wanted.row.total if wanted else ZERO
                since = wanted.row.service_end if wanted else stored.content.service_start
                _credit(uow, stored, stored.content.total - cost - stored.credited, since)
        elif wanted is None:
            _drop(uow, stored, "the contract ended before the period")
        else:
            _shorten(uow, stored, wanted)


@on(ContractsCancelled)
def cancel_items(uow: Uow, fact: ContractsCancelled) -> None:
    """Nothing more is billed; everything billed is reversed."""
    for stored in _items(uow, fact.contract_ids):
        if stored.row.processing_status == "COMPLETED":
            _credit(uow, stored, stored.content.total - stored.credited, stored.content.service_start)
        else:
            _drop(uow, stored, "the contract was cancelled")


@on(AllowancesRemoved)
def drop_allowances(uow: Uow, fact: AllowancesRemoved) -> None:
    """What waits of an allowance is dropped; one that was billed is refused."""
    for contract_id, ident in fact.allowances:
        items = [
            stored for stored in _items(uow, [contract_id]) if (stored.row.kind, stored.row.origin_ident) == ("ALLOWANCE", ident)
        ]
        if any(stored.row.processing_status == "COMPLETED" for stored in items):
            message = f"The allowance {ident!r} was billed; it can only end."
            raise Refused(Kind.CONFLICT, Problem("allowance_billed", message, "ident", ident))
        for stored in items:
            _drop(uow, stored, "the allowance was removed")


# helpers in calling order


def _items(uow: Uow, contract_ids: Sequence[int]) -> list[Stored]:
    """The contracts' own items that are open or billed, and what was credited of each."""
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


def _shorten(uow: Uow, stored: Stored, wanted: Item) -> None:
    """An item that is not billed yet is for the days until the end."""
    uow.run(
        "UPDATE billable_item SET period_end = %s, total = %s, content = %s WHERE item_id = %s",
        (wanted.period_end, wanted.row.total, ENCODER.encode(wanted.row).decode(), stored.row.item_id),
    )


def _drop(uow: Uow, stored: Stored, reason: str) -> None:
    uow.run(
        "UPDATE billable_item SET processing_status = 'TERMINATED', status_reason = %s WHERE item_id = %s",
        (reason, stored.row.item_id),
    )


def _credit(uow: Uow, stored: Stored, amount: Decimal, since: dt.date) -> None:
    """Take back `amount` of a billed item in the opposite direction, by the next run: of a charge by a credit, of an allowance by a
    debit."""
    if amount <= ZERO or stored.row.document_id is None:
        return
    row = stored.row
    content = replace(
        stored.content,
        quantity=Decimal(1),
        quantity_type="PC",
        unit_price=amount,
        total=amount,
        service_start=since if since < stored.content.service_end else stored.content.service_start,
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
                "sequence": row.sequence * CREDITS + stored.credits,
                "type": "DEBIT" if row.type == "CREDIT" else "CREDIT",
                "business_case": "SELF_BILLED_CANCELLATION" if row.business_case.startswith("SELF_BILLED") else "CANCELLATION",
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
