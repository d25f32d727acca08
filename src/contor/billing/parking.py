"""Customers that a run leaves out: named with the reason, until someone releases them."""

import datetime as dt
from dataclasses import dataclass

from contor.billing import tables
from contor.billing.facts import claim
from contor.billing.outcome import BillNext
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class ParkCustomer:
    """The next customer with something due; with a reason it is parked."""

    cutoff: dt.datetime
    after: str
    reason: str | None


@operation("billing.park", permission="contracts.write")
def park(uow: Uow, command: ParkCustomer) -> str | None:
    """Who comes next, and with a reason: leave it out from now on."""
    found = claim(uow, BillNext(cutoff=command.cutoff, after=command.after, limit=1))
    if not found:
        return None
    if command.reason is not None:
        row = {"customer_ident": found[0], "reason": command.reason[:1000], "parked_at": uow.ctx.now()}
        uow.insert(tables.billing_parking, [row])
        uow.audit("billing_parking", found[0], {"parked": command.reason})
    return found[0]


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
    if not uow.run("DELETE FROM billing_parking WHERE customer_ident = %s", (command.customer_ident,)):
        raise not_found("parked_customer", command.customer_ident)
    uow.audit("billing_parking", command.customer_ident, {"released": True})
