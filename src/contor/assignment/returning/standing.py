"""What of payments is assigned and did not go back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.openitems.stored import moved_by
from contor.openitems.types import StoredCase
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Stands(NamedTuple):
    """An assignment that stands, as far as it was not returned."""

    ident: str
    payment_ident: str
    target_ident: str
    amount: Decimal
    """What is left of it, signed."""
    made: Decimal
    """What it was made of: more, where a part of it went back."""


_LEFT = (
    f"SELECT {columns(Stands)} FROM (SELECT a.id, a.ident, a.payment_ident, a.target_ident, a.amount AS made, a.amount"
    " + coalesce((SELECT sum(r.amount) FROM payment_assignment r WHERE r.tenant_id = a.tenant_id AND r.returns_ident = a.ident"
    " AND r.status = 'PROCESSED' AND r.target_type <> 'BANK_FEE'), 0) AS amount FROM payment_assignment a"
    " WHERE a.status = 'PROCESSED' AND a.target_type NOT IN ('BANK_FEE', 'PAYMENT') AND a.returns_ident IS NULL AND {where}) x"
    " WHERE amount <> 0 ORDER BY id"
)


def standing_of_payments(uow: Uow, payments: Sequence[str]) -> dict[str, list[Stands]]:
    """By payment, in their order."""
    found: dict[str, list[Stands]] = {}
    for row in uow.all(Stands, _LEFT.format(where="a.payment_ident = ANY (%s)"), (list(payments),)):
        found.setdefault(row.payment_ident, []).append(row)
    return found


def standing_on(uow: Uow, cases: Sequence[StoredCase], currency: str) -> list[Stands]:
    """What payments in that currency brought to these open items, or took from them, in order."""
    where = "a.target_ident = ANY (%s) AND a.currency = %s"
    rows = uow.all(Stands, _LEFT.format(where=where), (sorted({it.case.ident for it in cases}), currency))
    # several companies may have the number
    theirs, meant = moved_by(uow, [f"assignment:{row.ident}" for row in rows]), {it.document_id for it in cases}
    there = {it.source for it in theirs if it.document_id in meant}
    return [row for row in rows if f"assignment:{row.ident}" in there]


def returned_before(uow: Uow, payments: Sequence[str]) -> bool:
    """Whether anything of these went back."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM payment_assignment a JOIN payment_assignment r ON r.tenant_id = a.tenant_id"
        " AND r.returns_ident = a.ident AND r.status = 'PROCESSED' WHERE a.payment_ident = ANY (%s) AND a.status = 'PROCESSED')"
    )
    return bool(uow.scalar(bool, sql, (list(payments),)))
