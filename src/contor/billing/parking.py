"""Customers that a run leaves out: named with the reason, until someone releases them."""

import datetime as dt
from dataclasses import dataclass

from contor.billing import tables
from contor.billing.facts import claim
from contor.billing.outcome import BillNext
from contor.kernel.errors import Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.runtime.uow import Uow, not_found


@shape
class ParkCustomer:
    customer_ident: str
    reason: str


@operation("billing.next_customer", permission="contracts.write")
def next_customer(uow: Uow, command: BillNext) -> str | None:
    """Who comes next of those who have something due."""
    return next(iter(claim(uow, replace(command, limit=1))), None)


@operation("billing.park", permission="contracts.write")
def park(uow: Uow, command: ParkCustomer) -> None:
    """Leave a customer out from now on; who is parked already keeps the first reason."""
    row = {"customer_ident": command.customer_ident, "reason": command.reason, "parked_at": uow.ctx.now()}
    if uow.insert_once(tables.billing_parking, row):
        uow.audit("billing_parking", command.customer_ident, {"parked": command.reason})


def reason_of(error: Exception) -> str:
    """As it is shown: of what no one expected only the kind, the log has the rest."""
    return (str(error) if isinstance(error, Refused) else f"internal error: {type(error).__name__}")[:1000]


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
    rows = uow.rows("SELECT customer_ident, reason, parked_at FROM billing_parking ORDER BY customer_ident")
    return tuple(ParkedCustomer(**row._asdict()) for row in rows)


@shape
class ReleaseCustomer:
    customer_ident: str


@operation("billing.release", permission="contracts.write")
def release_parked(uow: Uow, command: ReleaseCustomer) -> None:
    """The next run bills the customer again."""
    if not release(uow, command.customer_ident):
        raise not_found("parked_customer", command.customer_ident)


def release(uow: Uow, customer_ident: str) -> bool:
    """Whether the customer was parked; it is no longer."""
    was_parked = bool(uow.run("DELETE FROM billing_parking WHERE customer_ident = %s", (customer_ident,)))
    if was_parked:
        uow.audit("billing_parking", customer_ident, {"released": True})
    return was_parked
