"""What of a payment changes after it came: how much of it is assigned, why not, what kind it is, and what a person says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.shapes import Fields
from contor.payments.settlements import own_transfers
from contor.payments.stored import PAYMENT, PaymentRow, batch_of, of_row
from contor.payments.types import PaymentStatus, StoredPayment
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow, not_found


class Standing(NamedTuple):
    """How a payment stands: `assigned` is positive, in the payer's currency."""

    ident: str
    assigned: Decimal
    whole: Decimal
    reason: str | None = None
    category: str | None = None
    """None: it stays."""
    ignored: bool = False

    @property
    def status(self) -> PaymentStatus:
        if self.ignored:
            return "IGNORED"
        return "OPEN" if not self.assigned else "ASSIGNED" if self.assigned == self.whole else "PARTIALLY_ASSIGNED"


class Locked(NamedTuple):
    """A payment that nobody else changes until the commit."""

    payment: StoredPayment
    assigned: Decimal
    status: PaymentStatus
    reason: str | None
    """Why it waits, or is left alone."""


def set_standing(uow: Uow, payments: Sequence[Standing]) -> None:
    """Store how they stand now, in one statement."""
    if not payments:
        return
    uow.run(
        "UPDATE payment p SET assigned = x.assigned, status = x.status, reason = x.reason,"
        " category = coalesce(x.category, p.category)"
        " FROM jsonb_to_recordset(%s) AS x(ident text, assigned numeric, status text, reason text, category text)"
        " WHERE p.ident = x.ident",
        (ENCODER.encode([_stored(it) for it in payments]).decode(),),
    )
    for it in payments:
        uow.audit("payment", it.ident, _said(it))


def _stored(it: Standing) -> Fields:
    return {"ident": it.ident, "assigned": it.assigned, "status": it.status, "reason": it.reason, "category": it.category}


def _said(it: Standing) -> Mapping[str, object]:
    said = {"assigned": it.assigned, "status": it.status, "reason": it.reason}
    return said if it.category is None else {**said, "category": it.category}


REST: Final = "REST"
"""A part of it is assigned; for the rest a person says what it is for."""
TAKEN_BACK: Final = "TAKEN_BACK"
"""It was assigned, and nothing of that stands: a person says what it is for, or has it matched again."""


def set_assigned(uow: Uow, ident: str, assigned: Decimal, whole: Decimal, rest: str = REST) -> None:
    """How much of a payment is assigned now (positive, in the payer's currency); what is left of it waits, and why (`rest`)."""
    reason = None if assigned == whole else rest if assigned else TAKEN_BACK
    set_standing(uow, [Standing(ident, assigned, whole, reason)])


def locked_payments(uow: Uow, idents: Sequence[str]) -> dict[str, Locked]:
    """By ident those that exist, locked in one order for all, with their batch items as they are said by now."""
    rows = uow.all(PaymentRow, PAYMENT + "ident = ANY (%s) ORDER BY ident FOR UPDATE", (sorted(set(idents)),))
    accounts = sorted({row.account_ident for row in rows})
    sql = "SELECT ident, booking_account FROM merchant_payment_account WHERE ident = ANY (%s)"
    booked = dict(uow.all(_BookedOn, sql, (accounts,))) if rows else {}
    found = {}
    for row in rows:
        payment = of_row(row, booked.get(row.account_ident))
        found[row.ident] = Locked(replace(payment, batch=batch_of(row)), row.assigned, row.status, row.reason)
    return found


class _BookedOn(NamedTuple):
    ident: str
    booking_account: int | None


def locked(uow: Uow, ident: str) -> Locked:
    """One of them, for a person who says what becomes of it. Raises NOT_FOUND; ILLEGAL_STATE where it is nobody's: it moves money between
    accounts of ours, or others stand in its place."""
    found = locked_payments(uow, [ident])
    if ident not in found:
        raise not_found("payment", ident)
    if own_transfers(uow, [ident]):
        message = "The payment moves money between accounts of ours: its settlement item says which."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_is_transfer", message, "paymentIdent", ident))
    if uow.scalar(int, "SELECT 1 FROM payment WHERE ident = %s AND replaced_at IS NOT NULL", (ident,)):
        message = "A later message of the bank told its parts: they are payments of their own, in its place."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_is_replaced", message, "paymentIdent", ident))
    return found[ident]


def change_said(uow: Uow, ident: str, said: Mapping[str, object]) -> None:
    """Batch items and properties that stand from now on in the place of those that came with it."""
    known = uow.first(_Changed, "SELECT changed FROM payment WHERE ident = %s FOR UPDATE", (ident,))
    changed = {**((known.changed if known else None) or {}), **said}
    uow.run("UPDATE payment SET changed = %s WHERE ident = %s", (ENCODER.encode(changed).decode(), ident))
    uow.audit("payment", ident, {"changed": said})


class _Changed(NamedTuple):
    changed: Mapping[str, object] | None


def nothing_assigned(payment: StoredPayment, reason: str | None, category: str | None = None, *, ignored: bool = False) -> Standing:
    """It waits, and why; or it is left alone."""
    return Standing(payment.ident, ZERO, abs(payment.amount), reason, category, ignored)
