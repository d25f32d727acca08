"""From which day on money waits: what was assigned and taken back does since then, and can be elsewhere no earlier. Else a month would have
it twice: where it was then, and where it is put now; its tax, too, where that arises with the money."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.shapes import replace
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


class _TakenBack(NamedTuple):
    payment_ident: str
    at: dt.datetime
    """The last time."""
    at_first: Decimal
    """What was put somewhere on the payment's own day, whether it still is there or not."""


def since_it_waits(uow: Uow, payments: Sequence[StoredPayment], amount: Decimal | None = None) -> list[StoredPayment]:
    """The payments as they wait now: booked on the day on which the last of their assignments was taken back; on their own where none was,
    or where so much has waited from the first. `amount`: of what is put somewhere; None: all of each."""
    sql = (
        "SELECT a.payment_ident, max(a.reversed_at) AS at, sum(abs(a.amount)) FILTER (WHERE a.booked_on = p.booking_date) AS at_first"
        " FROM payment_assignment a JOIN payment p ON p.tenant_id = a.tenant_id AND p.ident = a.payment_ident"
        " WHERE a.payment_ident = ANY (%s) GROUP BY a.payment_ident HAVING max(a.reversed_at) IS NOT NULL"
    )
    found = {row.payment_ident: row for row in uow.all(_TakenBack, sql, ([it.ident for it in payments],))} if payments else {}
    return [_since(uow, it, found[it.ident], amount) if it.ident in found else it for it in payments]


def _since(uow: Uow, payment: StoredPayment, taken_back: _TakenBack, amount: Decimal | None) -> StoredPayment:
    whole = abs(payment.amount)
    if (whole if amount is None else amount) <= whole - taken_back.at_first:
        return payment
    return replace(payment, booked_on=max(payment.booked_on, taken_back.at.astimezone(uow.ctx.zone).date()))
