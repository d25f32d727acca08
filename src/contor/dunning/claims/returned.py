"""Debits that we drew by a mandate and that came back: their customers are in default from that day at the earliest (a debt that the
creditor collects is not owed before he has tried), and, where the tenant wants it, owe what the banks took: damages without VAT."""

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.dunning import tables
from contor.dunning.claims.stored import Claim, Move, locked_claims, made_claims, move_claims, waive_named
from contor.dunning.configuration import CURRENCY, configuration_of
from contor.runtime.uow import Uow

OF_THE_CUSTOMER: Final = frozenset({"AC01", "AC04", "AC06", "AC13", "AM04", "MD06", "MS02", "MS03", "SL01"})
"""Reasons (ISO 20022) that lie with the payer. For what we collected twice or without a mandate, and for what banks did wrong, nobody
owes us anything."""


class DebitReturned(NamedTuple):
    """A document whose debit came back."""

    payment_ident: str
    """What took it back."""
    document_id: int
    document_ident: str
    customer_ident: str
    returned_on: dt.date
    drawn_on: dt.date
    """When the money had come."""
    reason_code: str
    charges: Decimal
    """What the banks took for it, of the document."""
    currency: str


def debits_returned(uow: Uow, returned: Sequence[DebitReturned]) -> None:
    """Remember them, and claim what they cost where that is switched on."""
    known = _known(uow, returned)  # a person may put the parts of one return to what it took back of one document
    returned = [it for it in returned if (it.payment_ident, it.document_id) not in known]
    configuration = configuration_of(uow)
    wanted = configuration is not None and configuration.claim_return_costs
    costly = [it for it in returned if wanted and _is_claimed(it)]
    booked = configuration is not None and configuration.book_dunning_claims
    idents = made_claims(
        uow,
        [
            Claim(
                letter_id=None,
                document_id=it.document_id,
                document_ident=it.document_ident,
                customer_ident=it.customer_ident,
                kind="RETURN_COST",
                amount=it.charges,
                currency=it.currency,
                booked=booked,
                claimed_on=it.returned_on,
            )
            for it in costly
        ],
    )
    by_return = {(it.payment_ident, it.document_id): ident for it, ident in zip(costly, idents, strict=True)}
    now = uow.ctx.now()
    rows = [
        {
            "payment_ident": it.payment_ident,
            "document_id": it.document_id,
            "returned_on": it.returned_on,
            "drawn_on": it.drawn_on,
            "claim_ident": by_return.get((it.payment_ident, it.document_id)),
            "created_at": now,
        }
        for it in returned
    ]
    uow.insert(tables.dunning_return, rows)
    for ident, it in zip(idents, costly, strict=True):
        uow.audit("dunning_claim", ident, {"return_cost": it.charges, "payment": it.payment_ident})


class _Known(NamedTuple):
    payment_ident: str
    document_id: int


def _known(uow: Uow, returned: Sequence[DebitReturned]) -> set[tuple[str, int]]:
    sql = "SELECT payment_ident, document_id FROM dunning_return WHERE payment_ident = ANY (%s)"
    return {(row.payment_ident, row.document_id) for row in uow.all(_Known, sql, (sorted({it.payment_ident for it in returned}),))}


def _is_claimed(it: DebitReturned) -> bool:
    return it.charges > 0 and it.currency == CURRENCY and it.reason_code in OF_THE_CUSTOMER


def returns_forgotten(uow: Uow, payment_idents: Collection[str]) -> None:
    """What was taken for a return of these was none: nothing is claimed for it any more."""
    sql = "DELETE FROM dunning_return WHERE payment_ident = ANY (%s) RETURNING claim_ident"
    gone = uow.all(_Gone, sql, (sorted(payment_idents),))
    if claims := [row.claim_ident for row in gone if row.claim_ident is not None]:
        waive_named(uow, claims, "the return was taken back")


class _Paid(NamedTuple):
    move_id: int
    claim_ident: str
    amount: Decimal


def claims_unpaid(uow: Uow, payment_ident: str) -> Decimal:
    """A payment went back as a whole: what it paid of claims is open again. Answers how much that is; who calls says of the payment that it
    waits so far."""
    sql = (
        "SELECT v.move_id, v.claim_ident, v.amount FROM dunning_claim_move v WHERE v.payment_ident = %s AND v.reversal_of IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM dunning_claim_move r WHERE r.tenant_id = v.tenant_id AND r.claim_ident = v.claim_ident"
        " AND r.reversal_of = v.move_id) ORDER BY v.move_id"
    )
    claims = {
        one.claim_ident: one for one in locked_claims(uow, {one.claim_ident for one in uow.all(_Paid, sql, (payment_ident,))})
    }
    paid, today = uow.all(_Paid, sql, (payment_ident,)), uow.ctx.today()  # as it is now that nobody else moves them
    move_claims(
        uow,
        [Move(claims[it.claim_ident], "PAYMENT", -it.amount, today, payment_ident, reversal_of=it.move_id) for it in paid],
    )
    return sum((it.amount for it in paid), Decimal(0))


def paid_of_claims(uow: Uow, payment_ident: str) -> Decimal:
    """How much of a payment stands on claims."""
    sql = "SELECT coalesce(sum(amount), 0) FROM dunning_claim_move WHERE payment_ident = %s"
    return uow.scalar(Decimal, sql, (payment_ident,)) or Decimal(0)


class _Gone(NamedTuple):
    claim_ident: str | None


class _First(NamedTuple):
    document_id: int
    returned_on: dt.date


def first_returns(uow: Uow, document_ids: Collection[int]) -> dict[int, dt.date]:
    """By document the day of its first debit that came back."""
    sql = (
        "SELECT document_id, min(returned_on) AS returned_on FROM dunning_return WHERE document_id = ANY (%s) GROUP BY document_id"
    )
    return {row.document_id: row.returned_on for row in uow.all(_First, sql, (sorted(document_ids),))}
