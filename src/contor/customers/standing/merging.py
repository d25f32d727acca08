"""Two records of one customer become one: what is new is done with the one, and what was done with the other stays as it was.

Documents, open items and contracts are of who they were made for: they name him, and the books stand by his account. So nothing of them
moves, and contracts that run go on to be billed. Who is merged is archived and says who took his place; in no tree he stands any more.
"""

from dataclasses import dataclass

from contor.customers.customers import CUSTOMERS
from contor.customers.events import CustomersMerged
from contor.customers.hierarchy import alone, members_below, set_free
from contor.customers.types import SUSPENSION
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Ident, shape
from contor.runtime.uow import Uow


@shape
class MergeBody:
    into_customer_ident: Ident
    """Who takes the customer's place."""


@dataclass(frozen=True, slots=True)
class MergeCustomer:
    customer_ident: str
    body: MergeBody


@operation("customer.merge", permission="customers.write")
def merge_customer(uow: Uow, command: MergeCustomer) -> None:
    """Put a customer away for another one. Raises INVALID where that one is unknown, not active or the same; ILLEGAL_STATE where the
    customer was merged before."""
    ident, into = command.customer_ident, command.body.into_customer_ident
    alone(uow)  # the trees that both stand in
    rows = {name: CUSTOMERS.find(uow, (name,), lock=True) for name in sorted({ident, into})}
    row = rows[ident] or CUSTOMERS.require(uow, (ident,))
    if row["merged_into"] is not None:
        message = f"The customer {ident} was merged into {row['merged_into']}."
        raise Refused(Kind.ILLEGAL_STATE, Problem("customer_merged", message))
    if findings := _findings(ident, into, rows[into]):
        raise Refused(Kind.INVALID, *findings)
    leave_trees(uow, row)
    stop = None if row["billing_stop"] == SUSPENSION else row["billing_stop"]
    now = uow.ctx.now()
    uow.run(
        "UPDATE customer SET status = 'ARCHIVED', merged_into = %s, last_modified_at = %s,"
        f" billing_stop = {'billing_stop' if stop is not None else 'NULL'}, external_id = NULL WHERE customer_ident = %s",
        (into, now, ident),
    )
    target = rows[into] or {}
    if row["external_id"] is not None and target.get("external_id") is None:  # the other system's name goes on to lead somewhere
        uow.run(
            "UPDATE customer SET external_id = %s, last_modified_at = %s WHERE customer_ident = %s", (row["external_id"], now, into)
        )
        uow.audit("customer", into, {"before": {"external_id": None}, "after": {"external_id": row["external_id"]}})
    before = {"status": row["status"], "merged_into": None}
    uow.audit("customer", ident, {"before": before, "after": {"status": "ARCHIVED", "merged_into": into}})
    uow.emit(CustomersMerged(merged=((ident, into),)))


def _findings(ident: str, into: str, target: Fields | None) -> list[Problem]:
    field = "intoCustomerIdent"
    if target is None or target["deleted_at"] is not None:
        return [Problem("customer_unknown", "does not exist", field, into)]
    if ident == into:
        return [Problem("customer_merged_into_himself", "is the customer himself", field, into)]
    if target["status"] != "ACTIVE":
        return [
            Problem(
                "customer_inactive", f"is {target['status'].lower()}: only an active customer takes another's place", field, into
            )
        ]
    return []


def leave_trees(uow: Uow, row: Fields) -> None:
    """The customer stands in no tree any more, and nobody belongs to him."""
    for child in members_below(uow, [row["customer_ident"]]):
        set_free(uow, child.customer_ident, row["customer_ident"])
    if row["parent_ident"] is not None:
        set_free(uow, row["customer_ident"], row["parent_ident"])
