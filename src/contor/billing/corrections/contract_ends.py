"""What a contract's end does to its items: open ones end with it, billed ones are given back, and so are their allowances.

The credit for an early end is what was billed less what the used part would have cost (accounting reference 6.5 and 9).
"""

from contor.billing.corrections.changes import Change, correct
from contor.billing.corrections.contract_changes import compare_again
from contor.billing.corrections.late_usages import bill_late
from contor.billing.items import drop, stored_items
from contor.contracts.events import AllowancesRemoved, ContractsCancelled, ContractsEnded
from contor.contracts.queries import contracts_by_id
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow


@on(ContractsEnded)
def end_items(uow: Uow, fact: ContractsEnded) -> None:
    """Each item is compared with what it would be for the contract as it ends now: what was billed beyond that is given back, what
    waits becomes that or is dropped."""
    ends = {number: contract.end_on for number, contract in contracts_by_id(uow, fact.contract_ids).items()}
    corrections = "i.contract_id = ANY (%s) AND i.kind = 'USAGE_CORRECTION' AND i.business_case = 'CORRECTION_CREATION'"
    for stored in stored_items(uow, corrections, list(ends)):
        cut = ends[stored.row.contract_id]
        if not stored.is_billed and cut is not None and cut < stored.row.period_end:
            drop(
                uow, [stored.row.item_id], "the contract ended before the period was over"
            )  # another takes what is left of its period
    compare_again(uow, list(ends), "the contract ended before the period")
    bill_late(uow, list(ends))


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
