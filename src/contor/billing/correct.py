"""What a contract's end does to its items: open ones end with it, billed ones are given back.

The credit for an early end is what was billed less what the used part would have cost (accounting reference 6.5 and 9).
"""

import itertools

from contor.billing.corrections import Change, correct
from contor.billing.facts import world_of
from contor.billing.items import CREDITS, drop, shorten, stored_items
from contor.billing.proposal import items_of
from contor.billing.types import Item
from contor.catalogue.queries import plans_by_id
from contor.catalogue.types import Plan
from contor.contracts.events import ContractsCancelled, ContractsEnded
from contor.contracts.queries import contracts_by_id
from contor.contracts.timeline import BillingPeriod, billing_periods
from contor.contracts.types import Contract
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow


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
    changes: list[Change] = []
    for stored in stored_items(uow, "i.contract_id = ANY (%s) AND i.kind <> 'LINE_ITEM'", list(contracts)):
        row = stored.row
        wanted = rows[row.contract_id].get((row.origin_ident, row.period_start, row.kind, row.sequence % CREDITS))
        if stored.is_billed:
            if row.kind != "USAGE":
                since = wanted.row.service_end if wanted else stored.content.service_start
                changes.append(Change(stored, min(stored.left, wanted.row.total if wanted else ZERO), since))
        elif wanted is None:
            drop(uow, [row.item_id], "the contract ended before the period")
        else:
            shorten(uow, stored, wanted)
    correct(uow, [change for change in changes if change.keep < change.stored.left])


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
    found = stored_items(uow, "i.contract_id = ANY (%s)", list(fact.contract_ids))
    drop(uow, [stored.row.item_id for stored in found if not stored.is_billed], "the contract was cancelled")
    correct(uow, [Change(stored, ZERO) for stored in found if stored.is_billed and stored.left > ZERO])
