"""What a contract bills now and next, with a change or without: the run itself, in a transaction that is undone."""

import datetime as dt

from contor.billing.events import ItemsBilled
from contor.billing.items import holdings_of, items_where, reason_of_item, reasons_of_parked
from contor.billing.outlook.changes import ContractChange, PreviewBody
from contor.billing.outlook.lives import change_life
from contor.billing.outlook.types import ContractPreview, PreviewedDocument, Reason, document_view
from contor.billing.outlook.upcoming import reasons_of
from contor.billing.outlook.why import told
from contor.billing.runs import BillNext, bill_customers, release
from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.change import (
    ActivateContract,
    AddOptions,
    CancelContracts,
    IdentList,
    TerminateContract,
    UpdateContract,
    activate,
    add_options_to,
    cancel_batch,
    terminate,
    terminate_extraordinarily,
    update_contract,
)
from contor.contracts.queries import contract_by_ident, next_proposal_of
from contor.contracts.types import Contract
from contor.customers.queries import tax_status_of
from contor.customers.taxation import exemptions_in
from contor.documents.events import DocumentsIssued
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, shape
from contor.rated_usage.aggregate import CloseDue, close_due
from contor.runtime.uow import Uow

MOST_STEPS = 60
"""Instants that are looked at: some bring no document, because it is too small or comes to nothing."""
MOMENT = dt.timedelta(seconds=1)


@shape
class PreviewContract:
    contract_ident: Ident
    body: PreviewBody = PreviewBody()


@operation("contract.preview", permission="contracts.write", undone=True)
def preview_contract(uow: Uow, command: PreviewContract) -> ContractPreview:
    """Change the contract, bill its customer now and whenever the contract has something due, and undo all of it."""
    contract = contract_by_ident(uow, command.contract_ident)
    uow.lock("billing", [contract.customer_ident])
    if command.body.change is not None:
        _change(uow, contract, command.body.change)
    began = uow.ctx.now()
    held = _parked(uow, contract)
    if held:  # as a run that is asked for this customer does
        release(uow, contract.customer_ident)
    now = _billed(uow, contract)
    reasons = _reasons(uow, contract)
    following: list[PreviewedDocument] = []
    reached, known = began, _failed(uow, contract)
    for _ in range(MOST_STEPS):
        at = _next(uow, contract, reached)
        if at is None or len(following) >= command.body.n or reasons_of_parked(uow, [contract.customer_ident]):
            break
        uow.finish_now()  # what the next documents refer to has its number
        reached = at + MOMENT
        uow.turn_to(reached)
        documents = _billed(uow, contract, foresees=True)
        following += documents
        failed = _failed(uow, contract)
        if len(failed) > len(known) and not documents:
            break  # what is refused once is refused whenever the contract has it due again
        known = failed
    uow.last_steps.clear()  # nobody sees the last numbers: counters and journal are not locked for them
    refused = (*held, *reasons, *_parked(uow, contract), *_failed(uow, contract))
    return ContractPreview(
        contract_ident=contract.contract_ident,
        now=tuple(now),
        next=tuple(following[: command.body.n]),
        not_billed=tuple(dict.fromkeys(refused)),
    )


# helpers in calling order


def _change(uow: Uow, contract: Contract, change: ContractChange) -> None:
    """By the operation that does it for good, with all it refuses."""
    ident = contract.contract_ident
    given = [name for name in ContractChange.__dataclass_fields__ if getattr(change, name) is not None]
    if len(given) != 1:
        raise Refused(Kind.INVALID, Problem("change_unclear", "is exactly one change", "change"))
    if change_life(uow, ident, change):
        return
    if change.update is not None:
        update_contract(uow, UpdateContract(contract_id=contract.contract_id, body=change.update))
    elif change.add_options is not None:
        add_options_to(uow, AddOptions(contract_ident=ident, body=change.add_options))
    elif change.activate is not None:
        activate(uow, ActivateContract(contract_ident=ident, body=change.activate))
    elif change.terminate is not None:
        terminate(uow, TerminateContract(contract_ident=ident, body=change.terminate))
    elif change.terminate_extraordinarily is not None:
        terminate_extraordinarily(uow, TerminateContract(contract_ident=ident, body=change.terminate_extraordinarily))
    elif change.change is not None:
        change_contract(uow, ChangeContract(contract_ident=ident, body=change.change))
    else:
        cancel_batch(uow, CancelContracts(body=IdentList(idents=(ident,))))


def _billed(uow: Uow, contract: Contract, *, foresees: bool = False) -> list[PreviewedDocument]:
    """The documents of the contract that are due by now, frozen as they would be issued."""
    cutoff, before = uow.ctx.now(), len(uow.events)
    while close_due(uow, CloseDue(cutoff=cutoff, customer_ident=contract.customer_ident)):
        pass
    bill_customers(uow, [contract.customer_ident], BillNext(cutoff=cutoff, is_asked_for=True, foresees=foresees))
    facts = uow.events[before:]
    own = {
        number
        for fact in facts
        if isinstance(fact, ItemsBilled)
        for number, items in fact.papers
        if any(item.contract_id == contract.contract_id for item in items)
    }
    issued = [one for fact in facts if isinstance(fact, DocumentsIssued) for one in fact.documents if one.id in own]
    status = tax_status_of(uow, [contract.customer_ident]).get(contract.customer_ident)
    exemptions = exemptions_in(status.tax_exemptions) if status is not None else ()
    return [document_view(one.document, cutoff, exemptions) for one in issued]


def _reasons(uow: Uow, contract: Contract) -> tuple[Reason, ...]:
    """Of the contract as it stands now, whatever its items."""
    now = contract_by_ident(uow, contract.contract_ident)
    return tuple([reason for reason in reasons_of(uow, [now]) if reason.code not in ("DUE", "NOT_DUE_YET", "CUSTOMER_PARKED")])


def _parked(uow: Uow, contract: Contract) -> list[Reason]:
    """Why runs leave the customer out."""
    return [Reason(code="CUSTOMER_PARKED", text=text) for text in reasons_of_parked(uow, [contract.customer_ident]).values()]


def _failed(uow: Uow, contract: Contract) -> list[Reason]:
    """Why documents of the contract are refused: before, now, or whenever their items are due."""
    holding = holdings_of(uow, [contract.customer_ident])[contract.customer_ident]
    found = items_where(uow, "i.contract_id = %s AND i.processing_status IN ('ERROR', 'CONFIG_ERROR')", (contract.contract_id,))
    return [told(reason_of_item(one.row, one.content.pays, holding)) for one in found]


def _next(uow: Uow, contract: Contract, after: dt.datetime) -> dt.datetime | None:
    """When the contract has the next thing due."""
    sql = (
        "SELECT min(processing_at) FROM billable_item WHERE contract_id = %s AND processing_at >= %s"
        " AND processing_status IN ('NOT_STARTED', 'PENDING_RETRY')"
    )
    item = uow.scalar(dt.datetime, sql, (contract.contract_id, after))
    times = (item, next_proposal_of(uow, contract.contract_id))
    return min((at for at in times if at is not None and at >= after), default=None)
