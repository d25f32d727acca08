"""A payout of a provider and its booking at the bank are one transfer between accounts of ours, whichever comes first.

Both wait on the interim account until they meet; then they leave nothing there, and nothing of either is assigned. Each meets one
other, once.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, shape
from contor.payments.events import PaymentsReceived
from contor.payments.settlements.events import PayoutsArrived
from contor.payments.settlements.pairing import BEFORE, BEHIND, Booking, Payout, paired
from contor.payments.settlements.queries import ITEM, ItemRow, item_view, own_transfers
from contor.payments.settlements.types import SettlementItemView
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

LOOKED_FOR = dt.timedelta(days=30)
"""For so long payouts are looked for among what the bank had before."""
OWN = "OWN_TRANSFER"
"""Why nothing of a payment is assigned: it moves money between accounts of ours."""


class _Waiting(NamedTuple):
    """A payout that no booking of a bank is known for."""

    ident: str
    account_ident: str
    gross: Decimal
    currency: str
    day: dt.date
    provider: str
    reference: str | None
    external_ident: str
    report: str


class _Booked(NamedTuple):
    """A payment of which nothing is assigned."""

    ident: str
    account_ident: str
    amount: Decimal
    currency: str
    day: dt.date
    text: str


_WAITING = (
    "SELECT i.ident, i.account_ident, i.gross, i.currency, coalesce(i.value_date, i.booking_date) AS day, r.provider, i.reference,"
    " i.external_ident, r.external_ident AS report FROM settlement_item i JOIN settlement_report r ON r.tenant_id = i.tenant_id"
    " AND r.ident = i.report_ident WHERE i.state = 'IN_TRANSIT'"
)


@on(PaymentsReceived)
def arrived_now(uow: Uow, fact: PaymentsReceived) -> None:
    """Bookings of a bank that payouts arrive by."""
    amounts = [-payment.amount for payment in fact.payments if payment.returns is None]
    payouts = _payouts(uow.all(_Waiting, f"{_WAITING} AND i.gross = ANY (%s) ORDER BY i.ident FOR UPDATE OF i", (amounts,)))
    if payouts:
        own = own_transfers(uow, [payment.ident for payment in fact.payments])
        bookings = [
            Booking(
                payment.ident,
                payment.account_ident,
                payment.amount,
                payment.currency,
                payment.paid_on,
                " ".join(part for part in (payment.text, payment.counterpart_name, payment.end_to_end_ident) if part),
            )
            for payment in fact.payments
            if payment.ident not in own
        ]
        _arrive(uow, paired(payouts, bookings))


def arrived_before(uow: Uow, item_idents: Sequence[str]) -> None:
    """Payouts, these and those of the last days, whose bookings the bank had before: also where both ends came at the same time and
    neither saw the other."""
    since = uow.ctx.today() - LOOKED_FOR
    sql = f"{_WAITING} AND (i.ident = ANY (%s) OR coalesce(i.value_date, i.booking_date) >= %s) ORDER BY i.ident FOR UPDATE OF i"
    payouts = _payouts(uow.all(_Waiting, sql, (list(item_idents), since)))
    if not payouts:
        return
    days = [payout.day for payout in payouts]
    sql = (
        "SELECT p.ident, p.account_ident, CASE p.credit_debit_indicator WHEN 'CREDIT' THEN p.original_amount ELSE -p.original_amount END"
        " AS amount, p.original_currency AS currency, coalesce(p.value_date, p.booking_date) AS day, concat_ws(' ', p.description,"
        " p.customer_specific_ident, p.counterpart_name, p.end_to_end_ident) AS text FROM payment p"
        " WHERE p.account_ident = ANY (SELECT ident FROM merchant_payment_account) AND p.booking_date BETWEEN %s AND %s"
        " AND p.original_amount = ANY (%s) AND p.status IN ('OPEN', 'IGNORED') AND p.assigned = 0 AND p.return_reason IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM settlement_item i WHERE i.tenant_id = p.tenant_id AND i.bank_payment_ident = p.ident)"
        " AND NOT EXISTS (SELECT 1 FROM settlement_item i WHERE i.tenant_id = p.tenant_id AND i.payment_ident = p.ident)"
        " ORDER BY p.ident FOR UPDATE OF p"
    )
    # the days that are compared are value dates, which lie within a week of the booking
    window = (min(days) - BEFORE - dt.timedelta(days=7), max(days) + BEHIND + dt.timedelta(days=7))
    found = uow.all(_Booked, sql, (*window, [abs(payout.gross) for payout in payouts]))
    pairs = paired(payouts, [Booking(*row) for row in found])
    _arrive(uow, pairs)
    leave_out(uow, list(pairs.values()))


def leave_out(uow: Uow, payment_idents: Sequence[str]) -> None:
    """Nothing of these payments is assigned: they move money between accounts of ours."""
    idents = sorted(payment_idents)
    if idents:
        uow.run("UPDATE payment SET status = 'IGNORED', assigned = 0, reason = %s WHERE ident = ANY (%s)", (OWN, idents))
    for ident in idents:
        uow.audit("payment", ident, {"assigned": Decimal(0), "status": "IGNORED", "reason": OWN})


def _payouts(rows: Sequence[_Waiting]) -> list[Payout]:
    return [
        Payout(
            row.ident,
            row.account_ident,
            row.gross,
            row.currency,
            row.day,
            row.provider,
            tuple(name for name in (row.reference, row.external_ident, row.report) if name),
        )
        for row in rows
    ]


def _arrive(uow: Uow, pairs: dict[str, str]) -> None:
    if not pairs:
        return
    sql = (
        "UPDATE settlement_item i SET state = 'ARRIVED', bank_payment_ident = x.booking FROM unnest(%s::text[], %s::text[])"
        " AS x(item, booking) WHERE i.ident = x.item"
    )
    uow.run(sql, (list(pairs), list(pairs.values())))
    for item, booking in pairs.items():
        uow.audit("settlement_item", item, {"state": "ARRIVED", "bank_payment_ident": booking})
    uow.emit(PayoutsArrived(item_idents=tuple(pairs), payment_idents=tuple(pairs.values())))


@shape
class ArrivalBody:
    payment_ident: Ident
    """The booking on the bank's account."""


@dataclass(frozen=True, slots=True)
class MatchPayout:
    settlement_item_ident: str
    body: ArrivalBody


@dataclass(frozen=True, slots=True)
class OnePayout:
    settlement_item_ident: str


class _Status(NamedTuple):
    ident: str
    account_ident: str
    credit_debit_indicator: str
    original_amount: Decimal
    original_currency: str
    assigned: Decimal


@operation("settlement_item.match", permission="payments.write")
def match_payout(uow: Uow, command: MatchPayout) -> SettlementItemView:
    """Say which booking of the bank a payout arrived by, where its text does not."""
    item = _locked(uow, command.settlement_item_ident, "IN_TRANSIT")
    ident = command.body.payment_ident
    payment = uow.first(_Status, f"SELECT {columns(_Status)} FROM payment WHERE ident = %s FOR UPDATE", (ident,))
    if payment is None:
        raise not_found("payment", ident)
    sign = 1 if payment.credit_debit_indicator == "CREDIT" else -1
    problems = []
    if (sign * payment.original_amount, payment.original_currency) != (-item.gross, item.currency):
        problems.append(Problem("payout_amount_differs", "The booking is not of the payout's amount.", "paymentIdent", ident))
    if payment.account_ident == item.account_ident:
        problems.append(Problem("payout_account_same", "The booking is on the provider's own account.", "paymentIdent", ident))
    if payment.assigned or own_transfers(uow, [ident]):
        problems.append(Problem("payment_assigned", "The booking is assigned, or another payout's.", "paymentIdent", ident))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    _arrive(uow, {item.ident: ident})
    leave_out(uow, [ident])
    return _view(uow, item.ident)


@operation("settlement_item.unmatch", permission="payments.write")
def unmatch_payout(uow: Uow, command: OnePayout) -> SettlementItemView:
    """Take back that a payout arrived by a booking: both wait again."""
    item = _locked(uow, command.settlement_item_ident, "ARRIVED")
    uow.run("UPDATE settlement_item SET state = 'IN_TRANSIT', bank_payment_ident = NULL WHERE ident = %s", (item.ident,))
    uow.audit("settlement_item", item.ident, {"state": "IN_TRANSIT", "bank_payment_ident": None})
    uow.run("UPDATE payment SET status = 'OPEN', reason = NULL WHERE ident = %s", (item.bank_payment_ident,))
    uow.audit("payment", item.bank_payment_ident or "", {"assigned": Decimal(0), "status": "OPEN", "reason": None})
    return _view(uow, item.ident)


def _locked(uow: Uow, ident: str, state: str) -> ItemRow:
    item = uow.first(ItemRow, f"{ITEM} ident = %s FOR UPDATE", (ident,))
    if item is None:
        raise not_found("settlement_item", ident)
    if item.state != state:
        message = f"The item is {item.state}; expected is a payout that is {state}."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payout_state_wrong", message, None, item.state))
    return item


def _view(uow: Uow, ident: str) -> SettlementItemView:
    (row,) = uow.all(ItemRow, f"{ITEM} ident = %s", (ident,))
    return item_view(row, uow.ctx.today())
