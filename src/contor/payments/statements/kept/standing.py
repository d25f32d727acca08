"""The payments that stand for bookings: those that were made of them, or that were given and are them."""

from collections.abc import Sequence

from contor.payments.statements.judged import Booking
from contor.payments.stored import PAYMENT, PaymentRow
from contor.runtime.uow import Uow


def standing(uow: Uow, bookings: Sequence[Booking]) -> dict[str, list[PaymentRow]]:
    """By the booking's ident, in their own order. Locked."""
    found: dict[str, list[PaymentRow]] = {}
    sql = PAYMENT + "{} = ANY (%s) AND replaced_at IS NULL ORDER BY ident FOR UPDATE"
    for row in uow.all(PaymentRow, sql.format("bank_entry_ident"), ([one.ident for one in bookings],)):
        found.setdefault(row.bank_entry_ident or "", []).append(row)
    if given := {one.payment: one.ident or "" for one in bookings if one.payment is not None}:
        for row in uow.all(PaymentRow, sql.format("ident"), (list(given),)):
            found.setdefault(given[row.ident], []).append(row)
    return found
