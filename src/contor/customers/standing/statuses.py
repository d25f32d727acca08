"""Whether anything is done with a customer: he is active, suspended for a while, or archived.

Nothing new is begun with who is not active. Who is suspended is left out by billing runs as well, by the block that `billing_stop` is.
Who is archived has no contract that runs, and gets no document but one that takes another back.
"""

from typing import Final

from contor.customers.customers import CUSTOMERS, OneCustomer
from contor.customers.events import StatusesChanged
from contor.customers.types import SUSPENSION, CustomerStatus
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow

_STATUS: Final = "status"


@operation("customer.archive", permission="customers.write")
def archive_customer(uow: Uow, command: OneCustomer) -> None:
    """Put the customer away; who is archived stays so. Raises CONFLICT while contracts of his run."""
    _change(uow, _kept(uow, command.customer_ident), "ARCHIVED")


@operation("customer.unarchive", permission="customers.write")
def unarchive_customer(uow: Uow, command: OneCustomer) -> None:
    """Take the customer up again. Raises ILLEGAL_STATE for who is not archived, and for whom another one took the place of."""
    row = _kept(uow, command.customer_ident)
    if row["merged_into"] is not None:
        message = f"{row['merged_into']} took the place of {command.customer_ident}, who stays archived."
        raise Refused(Kind.ILLEGAL_STATE, Problem("customer_merged", message, _STATUS, row["status"]))
    if row["status"] == "SUSPENDED":
        raise _not(row, "ARCHIVED")
    _change(uow, row, "ACTIVE")


@operation("customer.suspend", permission="customers.write")
def suspend_customer(uow: Uow, command: OneCustomer) -> None:
    """Begin nothing new with the customer for a while, and bill nothing. Raises ILLEGAL_STATE for who is archived."""
    row = _kept(uow, command.customer_ident)
    if row["status"] == "ARCHIVED":
        raise _not(row, "ACTIVE")
    _change(uow, row, "SUSPENDED")


@operation("customer.reinstate", permission="customers.write")
def reinstate_customer(uow: Uow, command: OneCustomer) -> None:
    """End a suspension: what was due meanwhile is billed by the next run. Raises ILLEGAL_STATE for who is archived."""
    row = _kept(uow, command.customer_ident)
    if row["status"] == "ARCHIVED":
        raise _not(row, "SUSPENDED")
    _change(uow, row, "ACTIVE")


def _kept(uow: Uow, ident: str) -> Fields:
    row: Fields = CUSTOMERS.require(uow, (ident,), lock=True)
    if row["deleted_at"] is not None:
        message = f"The customer {ident} was deleted, and is kept for his documents alone."
        raise Refused(Kind.ILLEGAL_STATE, Problem("customer_deleted", message))
    return row


def _not(row: Fields, status: CustomerStatus) -> Refused:
    message = f"The customer {row['customer_ident']} is {row['status'].lower()}, not {status.lower()}."
    return Refused(Kind.ILLEGAL_STATE, Problem(f"customer_not_{status.lower()}", message, _STATUS, row["status"]))


def _change(uow: Uow, row: Fields, status: CustomerStatus) -> None:
    ident, before, stop = row["customer_ident"], row["status"], row["billing_stop"]
    if before == status:
        return
    own = None if stop == SUSPENSION else stop  # a block that somebody set is none of ours
    stop = own or (SUSPENSION if status == "SUSPENDED" else None)
    sql = "UPDATE customer SET status = %s, billing_stop = %s::jsonb, last_modified_at = %s WHERE customer_ident = %s"
    uow.run(sql, (status, None if stop is None else ENCODER.encode(stop).decode(), uow.ctx.now(), ident))
    uow.audit("customer", ident, {"before": {"status": before}, "after": {"status": status}})
    uow.emit(StatusesChanged(changes=((ident, before, status),)))
