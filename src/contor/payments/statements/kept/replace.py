"""A later message of the bank knows more of a booking: the payments that were made of it give place to others, and the books with them."""

from collections.abc import Sequence

from contor.kernel.shapes import Fields
from contor.payments.events import PaymentsReplaced
from contor.payments.statements.judged import Booking
from contor.payments.statements.kept.standing import standing
from contor.payments.stored import PaymentRow, of_row
from contor.runtime.uow import Uow

REPLACED = "REPLACED"
"""Why such a payment is assigned to nothing."""


def replaceable(uow: Uow, bookings: Sequence[Booking]) -> dict[str, list[PaymentRow]]:
    """The payments of bookings of which nothing is assigned and nobody has said anything, by the booking. Locked."""
    found = standing(uow, bookings)
    return {entry: rows for entry, rows in found.items() if not any(row.assigned or row.status != "OPEN" for row in rows)}


def replace_payments(uow: Uow, account: Fields, rows: Sequence[PaymentRow]) -> None:
    """They count for nothing from now on; their entries are taken back on their own days."""
    if not rows:
        return
    idents = [row.ident for row in rows]
    sql = "UPDATE payment SET status = 'IGNORED', reason = %s, replaced_at = %s WHERE ident = ANY (%s)"
    uow.run(sql, (REPLACED, uow.ctx.now(), idents))
    for row in rows:
        uow.audit("payment", row.ident, {"status": "IGNORED", "reason": REPLACED})
    stored = tuple(of_row(row, account["booking_account"]) for row in rows)
    uow.emit(PaymentsReplaced(payment_idents=tuple(idents), payments=stored))
