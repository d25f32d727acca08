"""What of payments is assigned and did not go back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Stands(NamedTuple):
    """An assignment that stands and was not returned."""

    ident: str
    payment_ident: str
    target_ident: str
    amount: Decimal


def standing_of_payments(uow: Uow, payments: Sequence[str]) -> dict[str, list[Stands]]:
    """By payment, in their order."""
    rows = uow.all(
        Stands,
        f"SELECT {columns(Stands, 'a')} FROM payment_assignment a WHERE a.payment_ident = ANY (%s) AND a.status = 'PROCESSED'"
        " AND a.target_type NOT IN ('BANK_FEE', 'PAYMENT') AND NOT EXISTS (SELECT 1 FROM payment_assignment r"
        " WHERE r.tenant_id = a.tenant_id AND r.returns_ident = a.ident AND r.status = 'PROCESSED') ORDER BY a.id",
        (list(payments),),
    )
    found: dict[str, list[Stands]] = {}
    for row in rows:
        found.setdefault(row.payment_ident, []).append(row)
    return found


def returned_before(uow: Uow, payments: Sequence[str]) -> bool:
    """Whether anything of these went back."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM payment_assignment a JOIN payment_assignment r ON r.tenant_id = a.tenant_id"
        " AND r.returns_ident = a.ident AND r.status = 'PROCESSED' WHERE a.payment_ident = ANY (%s) AND a.status = 'PROCESSED')"
    )
    return bool(uow.scalar(bool, sql, (list(payments),)))
