"""Suggestions as they are stored: ranked, not again where one was refused, and withdrawn where less is left than was suggested."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.assignment import tables
from contor.assignment.types import Offer, Said
from contor.dunning.events import ClaimsSettled
from contor.kernel.events import on
from contor.openitems.events import CasesMoved
from contor.payments.events import PaymentsReplaced
from contor.payments.queries import rests_of
from contor.payments.settlements import PayoutsArrived
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow

_WITHDRAWN = "UPDATE payment_suggestion s SET status = 'WITHDRAWN', decided_at = %s"


class Offered(NamedTuple):
    payment_ident: str
    offers: Sequence[Offer]


class _Refused(NamedTuple):
    payment_ident: str
    document_id: int


def offer(uow: Uow, offered: Sequence[Offered], *, anew: bool) -> None:
    """Suggest these. `anew`: in the place of what was suggested before; what was refused is not offered again."""
    offered = [it for it in offered if it.offers or anew]
    if not offered:
        return
    now, refused = uow.ctx.now(), set[tuple[str, int]]()
    if anew:
        idents = [it.payment_ident for it in offered]
        sql = "SELECT payment_ident, document_id FROM payment_suggestion WHERE payment_ident = ANY (%s) AND status = 'REFUSED'"
        refused = {(row.payment_ident, row.document_id) for row in uow.all(_Refused, sql, (idents,))}
        uow.run(f"{_WITHDRAWN} WHERE payment_ident = ANY (%s) AND status = 'OPEN'", (now, idents))
    rows = []
    for it in offered:
        kept = [one for one in it.offers if (it.payment_ident, one.document_id) not in refused]
        rows += [_row(uow, it.payment_ident, rank, one) for rank, one in enumerate(kept, 1)]
    uow.insert(tables.payment_suggestion, [{**row, "created_at": now} for row in rows])


def _row(uow: Uow, payment: str, rank: int, one: Offer) -> Mapping[str, object]:
    return {
        "ident": uow.new_ident(),
        "payment_ident": payment,
        "rank": rank,
        "document_id": one.document_id,
        "target_ident": one.case_ident,
        "customer_ident": one.customer_ident,
        "reason": one.reason.value,
        "amount": one.amount,
        "cash_discount": one.cash_discount,
        "bank_fee": one.bank_fee,
        "score": one.score,
        "said": Said(reason=one.reason, note=one.note, scores=one.said),
        "status": "OPEN",
    }


@on(CasesMoved)
def withdraw_of_cases(uow: Uow, fact: CasesMoved) -> None:
    """An open item has less left than was suggested."""
    left = {move.before.document_id: move.after.balance for move in fact.moves}
    uow.run(
        f"{_WITHDRAWN} FROM jsonb_to_recordset(%s) AS c(document_id bigint, balance numeric)"
        " WHERE s.document_id = c.document_id AND s.status = 'OPEN'"
        " AND s.amount + coalesce(s.cash_discount, 0) + coalesce(s.bank_fee, 0) > c.balance",
        (uow.ctx.now(), ENCODER.encode([{"document_id": number, "balance": rest} for number, rest in left.items()]).decode()),
    )


@on(PaymentsReplaced)
def withdraw_of_replaced(uow: Uow, fact: PaymentsReplaced) -> None:
    """Others stand in their place."""
    _withdraw_of(uow, fact.payment_idents)


@on(PayoutsArrived)
def withdraw_of_payouts(uow: Uow, fact: PayoutsArrived) -> None:
    """They move money between accounts of ours."""
    _withdraw_of(uow, fact.payment_idents)


@on(ClaimsSettled)
def withdraw_of_claims(uow: Uow, fact: ClaimsSettled) -> None:
    """Payments have less left by what they paid of claims."""
    paid = {one.payment_ident for one in fact.settled if one.payment_ident is not None and one.amount > 0}
    for ident, rest in sorted(rests_of(uow, paid).items()):
        withdraw(uow, ident, rest)


def _withdraw_of(uow: Uow, payments: Sequence[str]) -> None:
    """Nothing of these payments is assigned any more."""
    uow.run(f"{_WITHDRAWN} WHERE s.payment_ident = ANY (%s) AND s.status = 'OPEN'", (uow.ctx.now(), list(payments)))


def withdraw(uow: Uow, payment_ident: str, rest: Decimal) -> None:
    """So much of the payment is left: what is more is suggested no longer; where nothing is left, nothing is."""
    sql = f"{_WITHDRAWN} WHERE s.payment_ident = %s AND s.status = 'OPEN' AND (s.amount > %s OR %s = 0)"
    uow.run(sql, (uow.ctx.now(), payment_ident, rest, rest))
