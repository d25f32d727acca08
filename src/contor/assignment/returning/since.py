"""From which day on money waits: what was assigned and taken back does since then, and can be elsewhere no earlier. Else a month would have
it twice: where it was then, and where it is put now; its tax, too, where that arises with the money."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


class _Put(NamedTuple):
    payment_ident: str
    booked_on: dt.date
    amount: Decimal
    """Whether it still is there or not."""
    taken_back_at: dt.datetime | None
    """The last time."""


def since_it_waits(uow: Uow, payments: Sequence[StoredPayment], amount: Decimal | None = None) -> list[StoredPayment]:
    """The payments as they wait now: booked on the day on which the last of their assignments was taken back; on their own where none was,
    or where so much has waited from the first. `amount`: of what is put somewhere; None: all of each."""
    sql = (
        "SELECT payment_ident, booked_on, sum(abs(amount)) AS amount, max(reversed_at) AS taken_back_at FROM payment_assignment"
        " WHERE payment_ident = ANY (%s) GROUP BY payment_ident, booked_on"
    )
    found: dict[str, list[_Put]] = {}
    for put in uow.all(_Put, sql, ([it.ident for it in payments],)) if payments else []:
        found.setdefault(put.payment_ident, []).append(put)
    return [_since(uow, it, found.get(it.ident, []), amount) for it in payments]


def _since(uow: Uow, payment: StoredPayment, puts: Sequence[_Put], amount: Decimal | None) -> StoredPayment:
    taken_back = max((it.taken_back_at for it in puts if it.taken_back_at is not None), default=None)
    whole, at_first = abs(payment.amount), sum((it.amount for it in puts if it.booked_on == payment.booked_on), ZERO)
    if taken_back is None or (whole if amount is None else amount) <= whole - at_first:
        return payment
    return replace(payment, booked_on=max(payment.booked_on, taken_back.astimezone(uow.ctx.zone).date()))
