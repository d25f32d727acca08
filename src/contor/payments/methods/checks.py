"""What must hold of payment methods."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Lost(NamedTuple):
    ident: str
    why: str


@check("payment_methods.each_account_is_one")
def accounts(uow: Uow) -> Iterable[str]:
    """Every payment account of a customer is a method of that customer, and one that is collected by has an account."""
    sql = (
        "SELECT a.ident, 'no method' AS why FROM customer_payment_account a WHERE NOT EXISTS (SELECT 1 FROM payment_method m"
        " WHERE m.tenant_id = a.tenant_id AND m.ident = a.ident AND m.customer_ident = a.debtor_ident AND m.account_ident = a.ident)"
        " UNION ALL SELECT ident, 'no account' FROM payment_method m WHERE (account_ident IS NULL) <> (gateway = 'BANK_TRANSFER'"
        " OR EXISTS (SELECT 1 FROM payment_setup s WHERE s.tenant_id = m.tenant_id AND s.ident = m.ident"
        " AND (s.state <> 'DONE' OR m.removed_at IS NOT NULL)) AND account_ident IS NULL)"
        " UNION ALL SELECT ident, 'set up for nobody' FROM payment_setup WHERE customer_ident IS NULL AND cart_ident IS NULL"
        " UNION ALL SELECT ident, 'removed, and the default' FROM payment_method WHERE is_default AND removed_at IS NOT NULL"
    )
    for row in uow.all(_Lost, sql):
        yield f"payment method {row.ident}: {row.why}"
