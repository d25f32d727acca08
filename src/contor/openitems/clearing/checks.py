"""What must hold of what is cleared, and of the runs that clear."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Source(NamedTuple):
    """What was cleared at once."""

    source: str
    moved: Decimal
    customers: int


class _Run(NamedTuple):
    ident: str
    status: str
    debit: Decimal
    credit: Decimal


class _Item(NamedTuple):
    run_ident: str
    ident: str
    opos_case_ident: str
    status: str
    amount: Decimal


@check("openitems.what_is_cleared_is_conserved")
def conserved(uow: Uow) -> Iterable[str]:
    """What one case gains by a clearing another one of the same customer and currency loses; so does its way back."""
    for row in uow.all(
        _Source,
        "SELECT m.source, sum(m.amount) AS moved, count(DISTINCT (c.customer_ident, c.currency)) AS customers FROM opos_movement m"
        " JOIN opos_case c ON c.tenant_id = m.tenant_id AND c.document_id = m.document_id WHERE m.source LIKE 'clearing:%'"
        " GROUP BY m.source, m.reversal_of IS NULL HAVING sum(m.amount) <> 0 OR count(DISTINCT (c.customer_ident, c.currency)) <> 1"
        " OR bool_or(m.kind <> 'CLEARING')",
    ):
        yield f"{row.source}: its movements come to {row.moved}, of {row.customers} accounts"


@check("openitems.clearing_runs_say_what_they_did")
def runs(uow: Uow) -> Iterable[str]:
    """Debits and credits of a run are as much; what is reversed has nothing that stands. Of one that stands a returned payment may have
    taken something back."""
    for row in uow.all(
        _Run,
        "SELECT r.ident, r.status, coalesce(sum(i.amount) FILTER (WHERE i.debit_credit_indicator = 'DEBIT'), 0) AS debit,"
        " coalesce(sum(i.amount) FILTER (WHERE i.debit_credit_indicator = 'CREDIT'), 0) AS credit FROM clearing_run r"
        " LEFT JOIN clearing_run_item i ON i.tenant_id = r.tenant_id AND i.run_ident = r.ident AND i.status <> 'LEFT_OUT'"
        " GROUP BY r.tenant_id, r.ident"
        " HAVING coalesce(sum(i.amount) FILTER (WHERE i.debit_credit_indicator = 'DEBIT'), 0)"
        " <> coalesce(sum(i.amount) FILTER (WHERE i.debit_credit_indicator = 'CREDIT'), 0)"
        " OR bool_or(r.status = 'REVERSED' AND i.status = 'CLEARED')"
        " OR (r.status = 'REVERSED') <> (r.reversed_at IS NOT NULL)"
        " OR r.status NOT IN ('CREATED', 'PROCESSING', 'COMPLETED', 'FAILED', 'REVERSED')",
    ):
        yield f"clearing run {row.ident} is {row.status}: debits of {row.debit} and credits of {row.credit}"
    for item in uow.all(
        _Item,
        "SELECT i.run_ident, i.ident, i.opos_case_ident, i.status, i.amount FROM clearing_run_item i LEFT JOIN opos_movement m"
        " ON m.tenant_id = i.tenant_id AND m.id = i.movement_id LEFT JOIN opos_movement b"
        " ON b.tenant_id = m.tenant_id AND b.reversal_of = m.id WHERE (i.status = 'LEFT_OUT') <> (i.movement_id IS NULL)"
        " OR (i.status = 'LEFT_OUT') <> (i.reason IS NOT NULL) OR i.status <> 'LEFT_OUT' AND (m.id IS NULL"
        "  OR m.document_id <> i.document_id OR m.amount <> CASE i.debit_credit_indicator WHEN 'DEBIT' THEN -i.amount ELSE i.amount END"
        "  OR (b.id IS NULL) <> (i.status = 'CLEARED')) ORDER BY i.id",
    ):
        yield f"clearing run {item.run_ident}: item {item.ident} of {item.amount} on {item.opos_case_ident} is {item.status}"
