"""The e-mail by which a customer is known is the default one of his addresses: whoever writes the one writes the other."""

from typing import NamedTuple

from contor.customers import tables
from contor.runtime.uow import Uow


class _Known(NamedTuple):
    ident: str
    email: str
    is_default: bool
    is_same: bool


def follow_default(uow: Uow, customer_ident: str, email: str | None) -> None:
    """The customer's own e-mail was written: it is the default one from now on. One that he had already becomes it, else it stands in the
    place of the former default one; without any, he has no default one."""
    known = uow.all(
        _Known,
        "SELECT ident, email, is_default, coalesce(lower(email) = lower(%s), false) AS is_same FROM customer_email"
        " WHERE customer_ident = %s ORDER BY id",
        (email, customer_ident),
    )
    default = next((one for one in known if one.is_default), None)
    if (default.email if default else None) == email:
        return
    same = next((one for one in known if one.is_same), None)
    where, now = "WHERE customer_ident = %s AND ident = %s", uow.ctx.now()
    if default is not None and same is None and email is not None:
        uow.run(f"UPDATE customer_email SET email = %s, last_modified_at = %s {where}", (email, now, customer_ident, default.ident))
        return
    if default is not None and default is not same:  # of an address that the customer has no more nothing is kept
        uow.run(f"DELETE FROM customer_email {where}", (customer_ident, default.ident))
    if same is not None:
        sql = f"UPDATE customer_email SET email = %s, is_default = true, last_modified_at = %s {where}"
        uow.run(sql, (email, now, customer_ident, same.ident))
    elif email is not None:
        first = {"customer_ident": customer_ident, "ident": uow.new_ident(), "id": uow.next_id(), "email": email}
        uow.insert(tables.customer_email, [{**first, "is_default": True, "created_at": now, "last_modified_at": now}])
