"""Customers that a run leaves out, named with the reason, until someone releases them; and failed items, tried again."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from contor.billing import tables
from contor.billing.items import Code
from contor.contracts.queries import contract_by_ident
from contor.contracts.read import views_of
from contor.contracts.types import ContractView
from contor.kernel.errors import Refused
from contor.kernel.events import on
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.events import RatesImported
from contor.tax.configuration import TaxConfigurationChanged
from contor.tax.providers import TaxesQuoted
from contor.tax.vat_numbers import VatNumbersChecked


@shape
class RetryItems:
    contract_ident: str


@operation("billable_item.retry", permission="contracts.write")
def retry(uow: Uow, command: RetryItems) -> ContractView:
    """Items of a contract that failed are taken by the next run; its customer is no longer left out."""
    contract = contract_by_ident(uow, command.contract_ident)
    count = retry_items(uow, contract.contract_id, contract.customer_ident)
    uow.audit("contract", contract.contract_ident, {"retried": count})
    return views_of(uow, [contract])[0]


def retry_items(uow: Uow, number: int, customer_ident: str) -> int:
    """Failed items of a contract or order are due again, its customer is released; how many."""
    release(uow, customer_ident)
    return uow.run(
        "UPDATE billable_item SET processing_status = 'PENDING_RETRY', status_reason = NULL WHERE contract_id = %s"
        " AND processing_status IN ('ERROR', 'CONFIG_ERROR')",
        (number,),
    )


@on(RatesImported)
def retry_with_rates(uow: Uow, event: RatesImported) -> None:
    """Items that waited for an exchange rate are due again."""
    sql = (
        "UPDATE billable_item SET processing_status = 'PENDING_RETRY', status_reason = NULL"
        " WHERE processing_status = 'ERROR' AND status_reason = 'EXCHANGE_RATE_MISSING'"
    )
    if uow.run(sql):
        uow.mark("billing")


@on(VatNumbersChecked)
def retry_with_proofs(uow: Uow, fact: VatNumbersChecked) -> None:
    """Items that waited for these customers' VAT ids are due again."""
    retry_awaiting(uow, "VAT_PROOF_AWAITED", fact.customer_idents)


@on(TaxesQuoted)
def retry_with_taxes(uow: Uow, fact: TaxesQuoted) -> None:
    """Items that waited for what a provider says of their taxes are due again."""
    retry_awaiting(uow, "TAX_AWAITED", fact.customer_idents)


@on(TaxConfigurationChanged)
def retry_as_configured(uow: Uow, fact: TaxConfigurationChanged) -> None:
    """Something else may be done now while no register answers."""
    sql = (
        "UPDATE billable_item SET processing_status = 'PENDING_RETRY', status_reason = NULL"
        " WHERE processing_status = 'ERROR' AND status_reason IN ('VAT_PROOF_AWAITED', 'TAX_AWAITED')"
    )
    if uow.run(sql):
        uow.mark("billing")


def retry_awaiting(uow: Uow, reason: Code, customers: Collection[str]) -> None:
    """What waited of these customers for what is there now is due again."""
    sql = (
        "UPDATE billable_item SET processing_status = 'PENDING_RETRY', status_reason = NULL"
        " WHERE processing_status = 'ERROR' AND status_reason IN ('VAT_PROOF_AWAITED', 'TAX_AWAITED')"
        " AND status_reason = %s AND customer_ident = ANY (%s)"
    )
    if uow.run(sql, (reason, sorted(customers))):
        uow.mark("billing")


@shape
class ParkCustomer:
    customer_ident: str
    reason: str


@operation("billing.park", permission="contracts.write")
def park(uow: Uow, command: ParkCustomer) -> None:
    """Leave a customer out from now on; who is parked already keeps the first reason."""
    row = {"customer_ident": command.customer_ident, "reason": command.reason, "parked_at": uow.ctx.now()}
    if uow.insert_once(tables.billing_parking, row):
        use_up(uow, [command.customer_ident])
        uow.audit("billing_parking", command.customer_ident, {"parked": command.reason})


UNEXPECTED = "unexpected error, see the server's log"


def reason_of(error: Exception) -> str:
    """As it is shown: every finding; of what no one expected only that it was so, the log has the rest."""
    if not isinstance(error, Refused):
        return UNEXPECTED
    return "; ".join(f"{_field(problem.field)}{problem.message}" for problem in error.problems)[:1000]


def _field(path: str | None) -> str:
    return f"{path.replace('_', ' ')}: " if path else ""


class ParkedRow(NamedTuple):
    customer_ident: str
    reason: str
    parked_at: dt.datetime


@shape
class ParkedCustomer:
    customer_ident: str
    reason: str
    parked_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ListParked:
    """No input."""


@operation("billing.parked", permission="contracts.read", reads=True)
def parked(uow: Uow, command: ListParked) -> tuple[ParkedCustomer, ...]:
    """Everyone who is left out, and why."""
    rows = uow.all(ParkedRow, f"SELECT {columns(ParkedRow)} FROM billing_parking ORDER BY customer_ident")
    return tuple(ParkedCustomer(**row._asdict()) for row in rows)


def release(uow: Uow, customer_ident: str) -> bool:
    """Whether the customer was parked; it is no longer, and its next bill is accepted as it is."""
    was_parked = bool(uow.run("DELETE FROM billing_parking WHERE customer_ident = %s", (customer_ident,)))
    if was_parked:
        accept(uow, customer_ident)
    return was_parked


def accept(uow: Uow, customer_ident: str) -> None:
    """The tenant's bounds do not park the customer for its next bill: someone has looked at it."""
    uow.insert_once(tables.billing_acceptance, {"customer_ident": customer_ident, "accepted_at": uow.ctx.now()})
    uow.audit("billing_parking", customer_ident, {"released": True})
    uow.mark("billing")


def accepted(uow: Uow, customers: Iterable[str]) -> set[str]:
    """Those of the customers whose next bill is accepted as it is."""
    return set(uow.column(str, "SELECT customer_ident FROM billing_acceptance WHERE customer_ident = ANY (%s)", (list(customers),)))


def use_up(uow: Uow, customers: Iterable[str]) -> None:
    """An acceptance is for one bill: these customers were billed, or parked again for another reason."""
    if named := list(customers):
        uow.run("DELETE FROM billing_acceptance WHERE customer_ident = ANY (%s)", (named,))
