"""Claims of default: listed until they are paid or waived, whatever becomes of the invoice."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.dunning import tables
from contor.dunning.claims.stored import SELECT, ClaimKind, ClaimRow, ClaimStatus, Move, MoveKind, locked_claims, move_claims
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import is_amount, too_fine, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import Amount, Ident, Money, Text255, shape
from contor.payments.changing import locked, set_assigned
from contor.payments.types import StoredPayment
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class ListClaims:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneClaim:
    claim_ident: str


@shape
class ClaimPayment:
    payment_ident: Ident
    amount: Annotated[Amount, Field(gt=0)] | None = None
    """Default: what is left of the claim, or of the payment where that is less."""


@shape
class PayClaim:
    claim_ident: str
    body: ClaimPayment


@shape
class Waiver:
    note: Text255 | None = None
    """Why nobody asks for it any more."""


@shape
class WaiveClaim:
    claim_ident: str
    body: Waiver


@shape
class ReverseClaim:
    claim_ident: str


@shape
class ClaimItem:
    """What was paid on a claim, waived, or taken back (negative)."""

    type: MoveKind
    amount: Money
    payment_ident: str | None
    note: str | None
    booked_on: dt.date
    created_at: dt.datetime


@shape
class ClaimView:
    claim_ident: str
    kind: ClaimKind
    status: ClaimStatus
    customer_ident: str
    document_ident: str
    letter_ident: str | None
    currency: str
    amount: Money
    paid: Money
    waived: Money
    open_amount: Money
    booked: bool
    claimed_on: dt.date
    created_at: dt.datetime
    items: tuple[ClaimItem, ...]


CLAIMS = searchable(
    tables.dunning_claim,
    ClaimView,
    (
        "claim_ident",
        "claim_id",
        "kind",
        "status",
        "customer_ident",
        "document_ident",
        "currency",
        "amount",
        "paid",
        "waived",
        "booked",
        "claimed_on",
        "created_at",
    ),
    default_sort="claim_id,desc",
    places={
        "letter_ident": worked_out("CASE WHEN dunning_claim.letter_id IS NOT NULL THEN 'ml-' || dunning_claim.letter_id END", str),
        "open_amount": worked_out("dunning_claim.amount - dunning_claim.paid - dunning_claim.waived", Decimal),
    },
)


class _MoveRow(NamedTuple):
    move_id: int
    claim_ident: str
    kind: MoveKind
    amount: Decimal
    payment_ident: str | None
    note: str | None
    booked_on: dt.date
    created_at: dt.datetime
    reversal_of: int | None


@operation("dunning_claim.list", permission="bookkeeping.read", reads=True)
def list_claims(uow: Uow, command: ListClaims) -> Page:
    """Fees, flat charges and interest of all letters."""

    def read(idents: list[str]) -> Mapping[str, ClaimView]:
        return views_of(uow, uow.all(ClaimRow, f"{SELECT}claim_ident = ANY (%s)", (idents,)))

    return listed_by_key(uow, tables.dunning_claim, command.query, CLAIMS, "claim_ident", read)


@operation("dunning_claim.get", permission="bookkeeping.read", reads=True)
def get_claim(uow: Uow, command: OneClaim) -> ClaimView:
    """One claim with what moved it."""
    row = uow.first(ClaimRow, f"{SELECT}claim_ident = %s", (command.claim_ident,))
    if row is None:
        raise not_found("dunning_claim", command.claim_ident)
    return views_of(uow, [row])[row.claim_ident]


@operation("dunning_claim.pay", permission="payments.write")
def pay_claim(uow: Uow, command: PayClaim) -> ClaimView:
    """Put what a payment has left to a claim."""
    body = command.body
    # the payment first: in this order everyone locks them
    payment, assigned, *_ = locked(uow, body.payment_ident)
    claim, rest = _claim(uow, command.claim_ident), abs(payment.amount) - assigned
    amount = min(claim.open, rest) if body.amount is None else body.amount
    problems = [*_unlike(payment, claim.currency)]
    if not is_amount(amount, claim.currency):
        problems.append(Problem("too_many_decimals", too_fine(claim.currency), "amount", body.amount))
    elif amount > rest or (not rest and not problems):
        message = f"is more than the payment has left: {worded(rest, payment.currency)}"
        problems.append(Problem("payment_exhausted", message, "amount" if body.amount else "paymentIdent", body.amount))
    if amount > claim.open or not claim.open:
        message = f"is more than is open of the claim: {worded(claim.open, claim.currency)}"
        problems.append(Problem("claim_settled", message, "amount", body.amount))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    put(uow, payment, assigned, [(claim, amount)])
    return get_claim(uow, OneClaim(claim.claim_ident))


@operation("dunning_claim.waive", permission="bookkeeping.write")
def waive_claim(uow: Uow, command: WaiveClaim) -> ClaimView:
    """Give up what is open of a claim."""
    claim = _claim(uow, command.claim_ident)
    if claim.status != "OPEN":
        raise Refused(Kind.CONFLICT, Problem("claim_settled", f"The claim is {claim.status}: nothing of it is open."))
    move_claims(uow, [Move(claim, "WAIVER", claim.open, uow.ctx.today(), note=command.body.note)])
    return get_claim(uow, OneClaim(claim.claim_ident))


@operation("dunning_claim.reverse", permission="payments.write")
def reverse_claim(uow: Uow, command: ReverseClaim) -> ClaimView:
    """Take back what was paid on a claim, or that it was waived: it is open again, and the payments wait."""
    sql = f"SELECT {columns(_MoveRow)} FROM dunning_claim_move WHERE claim_ident = %s ORDER BY move_id"
    moves = uow.all(_MoveRow, sql, (command.claim_ident,))
    payments = {one.payment_ident: locked(uow, one.payment_ident) for one in moves if one.payment_ident is not None}
    claim = _claim(uow, command.claim_ident)
    moves = uow.all(_MoveRow, sql, (command.claim_ident,))  # as they are now that nobody else moves it
    gone = {one.reversal_of for one in moves}
    standing = [one for one in moves if one.reversal_of is None and one.move_id not in gone]
    late = {one.payment_ident for one in standing if one.payment_ident is not None} - payments.keys()
    payments |= {ident: locked(uow, ident) for ident in sorted(late)}
    if not standing:
        raise Refused(Kind.CONFLICT, Problem("claim_untouched", "Nothing was paid on the claim, and it was not waived."))
    today = uow.ctx.today()
    move_claims(uow, [Move(claim, one.kind, -one.amount, today, one.payment_ident, reversal_of=one.move_id) for one in standing])
    for ident, (payment, assigned, *_) in payments.items():
        back = sum((one.amount for one in standing if one.payment_ident == ident), Decimal(0))
        if back:
            set_assigned(uow, ident, assigned - back, abs(payment.amount))
    return get_claim(uow, OneClaim(claim.claim_ident))


# helpers in calling order


def views_of(uow: Uow, rows: Sequence[ClaimRow]) -> dict[str, ClaimView]:
    """By the claims' idents."""
    sql = f"SELECT {columns(_MoveRow)} FROM dunning_claim_move WHERE claim_ident = ANY (%s) ORDER BY move_id"
    moves = uow.all(_MoveRow, sql, ([row.claim_ident for row in rows],))
    return {row.claim_ident: _view(row, [one for one in moves if one.claim_ident == row.claim_ident]) for row in rows}


def _view(row: ClaimRow, moves: Iterable[_MoveRow]) -> ClaimView:
    said = {name: value for name, value in row._asdict().items() if name not in ("claim_id", "letter_id", "document_id")}
    items = tuple(
        ClaimItem(
            type=one.kind,
            amount=one.amount,
            payment_ident=one.payment_ident,
            note=one.note,
            booked_on=one.booked_on,
            created_at=one.created_at,
        )
        for one in moves
    )
    letter = None if row.letter_id is None else f"ml-{row.letter_id}"
    return ClaimView(**said, letter_ident=letter, open_amount=row.open, items=items)


def _claim(uow: Uow, ident: str) -> ClaimRow:
    found = locked_claims(uow, [ident])
    if not found:
        raise not_found("dunning_claim", ident)
    return found[0]


def _unlike(payment: StoredPayment, currency: str) -> Iterable[Problem]:
    """Why a payment pays no claims in this currency."""
    if payment.amount <= 0:
        yield Problem("payment_not_received", "is money that went out", "paymentIdent", payment.ident)
    if payment.currency != currency:
        yield Problem("currency_differs", f"is in {payment.currency}, the claim in {currency}", "paymentIdent", payment.ident)


def put(uow: Uow, payment: StoredPayment, assigned: Decimal, parts: Sequence[tuple[ClaimRow, Decimal]]) -> None:
    """Pay claims by what a payment has left; both are locked, and it is enough."""
    booked_on = max(payment.booked_on, *(claim.claimed_on for claim, _ in parts)) if parts else payment.booked_on
    used = assigned + sum((amount for _, amount in parts), Decimal(0))
    # before claims are moved: who hears of them asks what the payment has left
    set_assigned(uow, payment.ident, used, abs(payment.amount))
    move_claims(uow, [Move(claim, "PAYMENT", amount, booked_on, payment.ident) for claim, amount in parts])


def why_not_paid_by(payment: StoredPayment, currency: str) -> list[Problem]:
    """Why a payment pays no claims in this currency; empty: it may."""
    return [*_unlike(payment, currency)]
