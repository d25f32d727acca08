"""What must hold of assignments and payments."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Unlike(NamedTuple):
    """A payment and the sum of its standing assignments."""

    ident: str
    assigned: Decimal
    original_amount: Decimal
    status: str
    standing: Decimal


class _Moved(NamedTuple):
    """An assignment and by what it moved its case."""

    ident: str
    amount: Decimal
    status: str
    moved: Decimal


class _Interim(NamedTuple):
    """What is booked on the interim account, and what waits for it."""

    booked: Decimal
    waiting: Decimal
    foreign_payments: int


@check("assignment.payments_are_assigned_as_far_as_they_say")
def payments(uow: Uow) -> Iterable[str]:
    """A payment's assigned amount is the sum of its standing assignments, never more than the payment; its status says so."""
    for row in uow.all(
        _Unlike,
        "SELECT p.ident, p.assigned, p.original_amount, p.status, coalesce(sum(abs(a.amount)), 0) AS standing FROM payment p"
        " LEFT JOIN payment_assignment a ON a.tenant_id = p.tenant_id AND a.payment_ident = p.ident AND a.status = 'PROCESSED'"
        " GROUP BY p.tenant_id, p.ident HAVING p.assigned <> coalesce(sum(abs(a.amount)), 0) OR p.assigned > p.original_amount"
        " OR p.status <> CASE WHEN p.assigned = 0 THEN 'OPEN' WHEN p.assigned = p.original_amount THEN 'ASSIGNED'"
        "  ELSE 'PARTIALLY_ASSIGNED' END AND p.status <> 'IGNORED'",
    ):
        yield f"payment {row.ident}: {row.assigned} of {row.original_amount} is {row.status}, assignments say {row.standing}"


@check("assignment.movements_are_those_of_the_assignments")
def movements(uow: Uow) -> Iterable[str]:
    """A standing assignment moved its case by its amount, a reversed one by nothing in the end."""
    for row in uow.all(
        _Moved,
        "SELECT a.ident, a.amount, a.status, coalesce(sum(m.amount) FILTER (WHERE m.kind = 'PAYMENT'), 0) AS moved"
        " FROM payment_assignment a LEFT JOIN opos_movement m ON m.tenant_id = a.tenant_id AND m.source = 'assignment:' || a.ident"
        " WHERE a.target_type <> 'BANK_FEE' GROUP BY a.tenant_id, a.ident"
        " HAVING coalesce(sum(m.amount) FILTER (WHERE m.kind = 'PAYMENT'), 0)"
        " <> CASE a.status WHEN 'PROCESSED' THEN -a.amount ELSE 0 END"
        # it was taken back when its movements were, or never
        " OR a.reversed_at IS DISTINCT FROM max(m.created_at) FILTER (WHERE m.reversal_of IS NOT NULL AND m.kind = 'PAYMENT')"
        " OR (a.reversed_at IS NULL) <> (a.status = 'PROCESSED') OR a.status NOT IN ('PROCESSED', 'REVERSED')",
    ):
        yield f"assignment {row.ident} of {row.amount} is {row.status} and moved {row.moved}"


@check("assignment.interim_account_holds_what_waits")
def interim(uow: Uow) -> Iterable[str]:
    """The interim account's balance is what the payments have not assigned, in the ledger's currency."""
    row = uow.first(
        _Interim,
        "SELECT (SELECT coalesce(sum(CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END), 0) FROM journal_line l JOIN booking_account b"
        " ON b.tenant_id = l.tenant_id AND b.account_number = l.account AND b.role = 'PAYMENTS_UNASSIGNED'"
        # a prepayment (BT-113) is taken off the account by its document alone, without a payment
        " JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id"
        " AND (e.document_ident IS NULL OR e.reference IS NOT NULL)) AS booked,"
        " (SELECT coalesce(sum(CASE credit_debit_indicator WHEN 'CREDIT' THEN 1 ELSE -1 END * (original_amount - assigned)), 0)"
        "  FROM payment WHERE original_currency = base_currency) AS waiting,"
        " (SELECT count(*) FROM payment WHERE original_currency <> base_currency) AS foreign_payments",
    )
    # the rest of a foreign payment is kept in its own currency alone
    if row is not None and not row.foreign_payments and row.booked != -row.waiting:
        yield f"{-row.booked} booked on the interim account, {row.waiting} of the payments wait"
