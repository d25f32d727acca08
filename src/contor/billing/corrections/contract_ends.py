"""What a contract's end does to its items: open ones end with it, billed ones are given back, and so are their allowances.

The credit for an early end is what was billed less what the used part would have cost (accounting reference 6.5 and 9).
"""

import itertools

from contor.billing.corrections.changes import Change, correct
from contor.billing.corrections.contract_changes import due_of
from contor.billing.corrections.late_usages import bill_late
from contor.billing.items import CREDITS, UNTOUCHED, Item, drop, shorten, stored_items
from contor.billing.proposal import as_proposed_then, items_of, world_of
from contor.contracts.events import AllowancesRemoved, ContractsCancelled, ContractsEnded
from contor.contracts.queries import contracts_by_id, plans_of, proposed_periods
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow


@on(ContractsEnded)
def end_items(uow: Uow, fact: ContractsEnded) -> None:
    """Each item is compared with what it would be for the contract as it ends now: what was billed beyond that is given back, what
    waits becomes that or is dropped."""
    contracts = contracts_by_id(uow, fact.contract_ids)
    plans = plans_of(uow, contracts.values())
    world = world_of(uow, list(contracts.values()), plans, itertools.count().__next__)
    world = as_proposed_then(uow, world, contracts.values())
    rows = {
        contract.contract_id: {
            (item.origin_type, item.origin_ident, item.period_start, item.kind, item.sequence): item
            for item in items_of(
                contract, plans[contract.contract_id], proposed_periods(contract, plans[contract.contract_id]), world
            )
            if isinstance(item, Item)
        }
        for contract in contracts.values()
    }
    changes: list[Change] = []
    for stored in stored_items(uow, "i.contract_id = ANY (%s) AND i.kind <> 'LINE_ITEM'", list(contracts)):
        row = stored.row
        if row.kind == "USAGE_CORRECTION" and row.business_case == "CORRECTION_CREATION" and not stored.is_billed:
            cut = contracts[row.contract_id].end_on
            if cut is not None and cut < row.period_end:  # another takes what is left of its period
                drop(uow, [row.item_id], "the contract ended before the period was over")
        if row.kind in ("RATED_USAGE", "USAGE_CORRECTION") or (row.kind in UNTOUCHED and row.related_item_id is not None):
            continue  # they have their amount already
        key = (row.origin_type, row.origin_ident, row.period_start, row.kind, row.sequence % CREDITS)
        wanted = rows[row.contract_id].get(key)
        if stored.is_billed:
            if row.kind not in UNTOUCHED:
                since = wanted.row.service_end if wanted else stored.content.service_start
                # never more than what stands: credits by hand have lowered it ("credit for early end": billed less what the used
                # part would have cost)
                changes.append(Change(stored, min(stored.left, due_of([stored], wanted)), since))
        elif wanted is None:
            drop(uow, [row.item_id], "the contract ended before the period")
        else:
            shorten(uow, stored, wanted)
    correct(uow, [change for change in changes if change.keep < change.stored.left])
    bill_late(uow, list(contracts))


@on(ContractsCancelled)
def cancel_items(uow: Uow, fact: ContractsCancelled) -> None:
    """Nothing more is billed; everything billed is reversed."""
    found = stored_items(uow, "i.contract_id = ANY (%s)", list(fact.contract_ids))
    drop(uow, [stored.row.item_id for stored in found if not stored.is_billed], "the contract was cancelled")
    correct(uow, [Change(stored, ZERO) for stored in found if stored.is_billed and stored.left > ZERO])


@on(AllowancesRemoved)
def drop_allowances(uow: Uow, fact: AllowancesRemoved) -> None:
    """What waits of an allowance is dropped; one that was billed is refused."""
    for contract_id, ident in fact.allowances:
        items = stored_items(uow, "i.contract_id = %s AND i.kind = 'ALLOWANCE' AND i.origin_ident = %s", contract_id, ident)
        if any(stored.is_billed for stored in items):
            message = f"The allowance {ident!r} was billed; it can only end."
            raise Refused(Kind.CONFLICT, Problem("allowance_billed", message, "ident", ident))
        drop(uow, [stored.row.item_id for stored in items], "the allowance was removed")
