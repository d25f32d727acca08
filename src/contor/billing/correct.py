"""What a contract's end does to its items: open ones end with it, billed ones are given back.

The credit for an early end is what was billed less what the used part would have cost; it bears the tax, category and accounts of the
row that it takes back (accounting reference 6.5 and 9).
"""

import datetime as dt
import itertools
from collections.abc import Sequence

from contor.billing.facts import world_of
from contor.billing.late import bill_late
from contor.billing.proposal import items_of
from contor.billing.stored import Stored, credit, stored_items
from contor.billing.types import METERED, Item
from contor.catalogue.queries import plans_by_id
from contor.catalogue.types import Plan
from contor.contracts.events import ContractsCancelled, ContractsEnded
from contor.contracts.queries import contracts_by_id
from contor.contracts.timeline import BillingPeriod, billing_periods
from contor.contracts.types import Contract
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow

DAY = dt.timedelta(days=1)


@on(ContractsEnded)
def end_items(uow: Uow, fact: ContractsEnded) -> None:
    """Each item is compared with what it would be for the contract as it ends now: what was billed beyond that is given back, what
    waits becomes that or is dropped."""
    contracts = contracts_by_id(uow, fact.contract_ids)
    plans = plans_by_id(uow, {contract.plan_id for contract in contracts.values()})
    world = world_of(uow, list(contracts.values()), plans, itertools.count().__next__)
    rows = {
        contract.contract_id: {
            (item.origin_ident, item.period_start, item.kind, item.sequence): item
            for item in items_of(contract, plans[contract.plan_id], _proposed(contract, plans[contract.plan_id]), world)
            if isinstance(item, Item)
        }
        for contract in contracts.values()
    }
    for stored in items_of_contracts(uow, list(contracts)):
        row = stored.row
        wanted = rows[row.contract_id].get((row.origin_ident, row.period_start, row.kind, row.sequence))
        if row.kind in ("RATED_USAGE", "USAGE_CORRECTION"):
            continue
        if row.processing_status == "COMPLETED":
            if row.kind not in METERED:
                cost = wanted.row.total if wanted else ZERO
                since = wanted.row.service_end if wanted else stored.content.service_start
                credit(uow, stored, stored.content.total - cost - stored.credited, since)
        elif wanted is None:
            _drop(uow, stored, "the contract ended before the period")
        else:
            _shorten(uow, stored, wanted)
    bill_late(uow, list(contracts))


def _proposed(contract: Contract, plan: Plan) -> tuple[BillingPeriod, ...]:
    """The periods that have been proposed, as far as the contract has them still."""
    if contract.start_on is None or contract.proposed_through is None:
        return ()
    return billing_periods(
        plan, contract.start_on, contract.billing_start_on, contract.end_on, contract.start_on, contract.proposed_through
    )


@on(ContractsCancelled)
def cancel_items(uow: Uow, fact: ContractsCancelled) -> None:
    """Nothing more is billed; everything billed is reversed."""
    for stored in items_of_contracts(uow, fact.contract_ids):
        if stored.row.processing_status == "COMPLETED":
            credit(uow, stored, stored.content.total - stored.credited, stored.content.service_start)
        else:
            _drop(uow, stored, "the contract was cancelled")


# helpers in calling order


def items_of_contracts(uow: Uow, contract_ids: Sequence[int]) -> list[Stored]:
    """The contracts' debit items that are open or billed, and what was credited of each; nobody bills them meanwhile."""
    uow.lock("billing", [row.customer_ident for row in uow.rows(
        "SELECT DISTINCT customer_ident FROM contract WHERE contract_id = ANY (%s)", (list(contract_ids),))])  # fmt: skip
    return stored_items(
        uow, "contract_id = ANY (%s) AND kind <> 'CREDIT' AND processing_status <> 'TERMINATED'", (list(contract_ids),)
    )


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
