"""Customers who leave: whom nothing names goes without a trace but the audit's; who has documents is kept for them and is no more found.

What was issued is kept as long as the law asks (section 147 AO); the data of the others has no purpose left (Art. 17 GDPR).
"""

from contor.custom_fields.values import forgotten
from contor.customers import tables
from contor.customers.customers import CUSTOMERS, OneCustomer
from contor.customers.events import CustomersDeleted
from contor.customers.hierarchy import alone
from contor.customers.standing import leave_trees
from contor.kernel.operations import operation
from contor.runtime.query.numbered import is_named
from contor.runtime.uow import Uow

_NAMED_BY = ("customer_ident", "debtor_ident")
_OWN = (
    tables.customer.name,
    tables.address.name,
    "address_validation",
    "customer_one_time",
    tables.customer_email.name,
)


@operation("customer.remove", permission="customers.write")
def remove_customer(uow: Uow, command: OneCustomer) -> bool:
    """Whether nothing is left of the customer; else he is marked as deleted, and nothing is billed to him any more. Raises CONFLICT while
    contracts of his run."""
    ident = command.customer_ident
    alone(uow)
    row = CUSTOMERS.require(uow, (ident,), lock=True)
    if row["deleted_at"] is not None:
        return False
    number = uow.scalar(int, "SELECT id FROM customer WHERE customer_ident = %s", (ident,)) or 0
    leave_trees(uow, row)
    replaces = uow.scalar(int, "SELECT 1 FROM customer WHERE merged_into = %s LIMIT 1", (ident,)) is not None
    gone = not replaces and not is_named(uow, _NAMED_BY, ident, _OWN)
    if gone:
        forgotten(uow, "CUSTOMER", [ident])
        uow.run("DELETE FROM customer_email WHERE customer_ident = %s", (ident,))
        uow.run("DELETE FROM address WHERE customer_ident = %s", (ident,))
        uow.run("DELETE FROM customer_one_time WHERE customer_ident = %s", (ident,))
        uow.run("DELETE FROM customer WHERE customer_ident = %s", (ident,))
        uow.audit("customer", ident, {"deleted": True})
    else:
        uow.run(
            "UPDATE customer SET deleted_at = %(now)s, last_modified_at = %(now)s, external_id = NULL,"
            """ billing_stop = '{"reason": "DELETED"}'::jsonb WHERE customer_ident = %(ident)s""",
            {"now": uow.ctx.now(), "ident": ident},
        )
        uow.audit("customer", ident, {"before": {"deleted_at": None}, "after": {"deleted_at": uow.ctx.now()}})
    uow.emit(CustomersDeleted(customers=((ident, number),)))
    return gone
