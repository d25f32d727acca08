"""What exactly became otherwise in contracts: told beside the change itself, for who waits for that alone."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from contor.contracts.events import ContractsChanged, ContractsLifeChanged, ContractsStarted, OptionsAdded
from contor.contracts.queries import contracts_by_id, contracts_by_ident_unlocked
from contor.contracts.types import Contract
from contor.documents.after import origins_of
from contor.documents.events import DocumentsIssued
from contor.notifications.events import TrialsExpired
from contor.notifications.kinds.declared import notified
from contor.notifications.kinds.sales import told_of_contracts
from contor.notifications.types import Notice
from contor.runtime.uow import Uow
from contor.usage.events import UsagesRecorded

_HEADER = {
    "contract.invoiceAddressChanged": "invoice_address_ident",
    "contract.shippingAddressChanged": "shipping_address_ident",
    "contract.paymentChanged": "payment_information",
}


@notified(ContractsStarted, {"contract.started": "A contract has its first day: it was activated, or created with one."})
def contracts_started(uow: Uow, fact: ContractsStarted) -> Iterator[Notice]:
    return told_of_contracts("contract.started", contracts_by_id(uow, fact.contract_ids).values())


@notified(
    ContractsChanged,
    {
        "contract.invoiceAddressChanged": "Invoices of a contract go to another address.",
        "contract.shippingAddressChanged": "What is supplied by a contract goes to another address.",
        "contract.paymentChanged": "A contract is paid in another way.",
        "contract.switched": "A contract has another plan, or options in the place of others.",
        "contract.optionsOrdered": "A contract has options that it had not.",
        "contract.optionsEnded": "A contract has options no more.",
        "contract.quantityChanged": "A contract has more or less of an option.",
    },
)
def contracts_changed(uow: Uow, fact: ContractsChanged) -> Iterator[Notice]:
    after = contracts_by_id(uow, [one.contract_id for one in fact.before]) if fact.before else {}
    for before in fact.before:
        for type, said in _changes(before, after[before.contract_id]):
            yield from _told(type, after[before.contract_id], said)


@notified(OptionsAdded, {})
def options_added(uow: Uow, fact: OptionsAdded) -> Iterator[Notice]:
    return told_of_contracts("contract.optionsOrdered", contracts_by_id(uow, fact.contract_ids).values())


@notified(ContractsLifeChanged, {"contract.trialExtended": "The trial of a contract ends later."})
def trials_changed(uow: Uow, fact: ContractsLifeChanged) -> Iterator[Notice]:
    after = contracts_by_id(uow, fact.contract_ids) if fact.what == "TRIAL" else {}
    for before in fact.before if after else ():
        was, now = (one.life.trial if one.life is not None else None for one in (before, after[before.contract_id]))
        if was is not None and now is not None and now.until > was.until:
            yield from told_of_contracts("contract.trialExtended", [after[before.contract_id]])


@notified(TrialsExpired, {"contract.trialExpired": "The last day of a contract's trial is over, and the contract goes on."})
def trials_expired(uow: Uow, fact: TrialsExpired) -> Iterator[Notice]:
    return told_of_contracts("contract.trialExpired", contracts_by_id(uow, fact.contract_ids).values())


@notified(DocumentsIssued, {"contract.billed": "A contract is on a document that was issued."})
def contracts_billed(uow: Uow, fact: DocumentsIssued) -> Iterator[Notice]:
    origins = origins_of(uow, fact.document_ids)
    contracts = contracts_by_ident_unlocked(uow, {it.ident for found in origins.values() for it in found if it.type == "CONTRACT"})
    for draft in fact.documents:
        for origin in origins.get(draft.id, ()):
            if origin.type == "CONTRACT" and origin.ident in contracts:
                yield from _told("contract.billed", contracts[origin.ident], {"documentId": draft.id, "documentIdent": draft.ident})


@notified(
    UsagesRecorded,
    {
        "contract.usageRecorded": "Somebody said usages of a contract.",
        "contract.usageCounted": "Events of a contract's period that is over were counted, and are its usages.",
    },
)
def usages_recorded(uow: Uow, fact: UsagesRecorded) -> Iterator[Notice]:
    type = "contract.usageCounted" if fact.counted else "contract.usageRecorded"
    return told_of_contracts(type, contracts_by_id(uow, fact.contract_ids).values())


# helpers in calling order


def _changes(before: Contract, after: Contract) -> Iterator[tuple[str, Mapping[str, object]]]:
    for type, name in _HEADER.items():
        if getattr(before.content, name) != getattr(after.content, name):
            yield type, {}
    had, has = _quantities(before), _quantities(after)
    added, gone = sorted(has.keys() - had.keys()), sorted(had.keys() - has.keys())
    if before.plan_id != after.plan_id or (added and gone):
        yield "contract.switched", {"ordered": added, "ended": gone}
        return
    if added:
        yield "contract.optionsOrdered", {"optionIdents": added}
    if gone:
        yield "contract.optionsEnded", {"optionIdents": gone}
    if differing := [ident for ident in sorted(had.keys() & has.keys()) if had[ident] != has[ident]]:
        said = [{"optionIdent": ident, "before": had[ident], "after": has[ident]} for ident in differing]
        yield "contract.quantityChanged", {"options": said}


def _quantities(contract: Contract) -> dict[str, Decimal]:
    """Option: the most of it in any phase."""
    found: dict[str, Decimal] = {}
    for given in contract.content.quantities.values():
        for option, quantity in given.items():
            found[option] = max(quantity, found.get(option, quantity))
    return found


def _told(type: str, contract: Contract, said: Mapping[str, object]) -> Iterator[Notice]:
    for notice in told_of_contracts(type, [contract]):
        yield notice._replace(content={**notice.content, **said})
