"""What a provider says of an account becomes payments on it, fees in the books, and payouts on their way to the bank.

A payment that is known is confirmed, one that is not is received: it is assigned and booked as any other (posting table row 16). A
refund and a chargeback go out; a chargeback says what it takes back. A fee is a cost. A payout leaves the account; its other end is a
booking of a bank.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.shapes import Fields
from contor.payments.events import AccountSettles
from contor.payments.receiving import receive
from contor.payments.settlements import tables
from contor.payments.settlements.events import FeesTaken, ReportsSettled, TakenFee
from contor.payments.settlements.payouts import arrived_before, leave_out
from contor.payments.settlements.queries import ReportRow
from contor.payments.settlements.types import ASKED_BACK, ItemState, ReadItem
from contor.payments.types import Fee, MonetaryValue, PaymentBody, ReturnInformation
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class _Known(NamedTuple):
    """A payment of the account that no item speaks of yet."""

    ident: str
    external_ident: str
    provider_reference: str | None
    credit_debit_indicator: str
    base_amount: Decimal
    assigned: Decimal
    content: dict[str, list[dict[str, object]]]


@dataclass(frozen=True, slots=True)
class _Settled:
    """An item, and what becomes of it."""

    ident: str
    item: ReadItem
    state: ItemState
    payment_ident: str | None = None
    body: PaymentBody | None = None
    """The payment that it makes."""
    cost: Decimal = ZERO
    """What is booked as its fee, beside that of the payment it makes."""


def why_not_standing(uow: Uow, account: Fields) -> Problem | None:
    """Why the account cannot be put on the chart's account of payment providers, where it names none; None: it can, or names one."""
    known = "SELECT 1 FROM payment WHERE account_ident = %s LIMIT 1"
    if account["booking_account"] is not None or not uow.scalar(int, known, (account["ident"],)):
        return None
    message = "Its payments stand on the chart's bank account so far: name the account that the provider's money stands on first."
    return Problem("booking_account_missing", message, "bookingAccount")


def standing_on(uow: Uow, account: Fields) -> Fields:
    """The account, with the account of the chart that a provider's money stands on; without one it is the chart's own. Raises
    ILLEGAL_STATE where that cannot be."""
    if account["booking_account"] is not None:
        return account
    if (problem := why_not_standing(uow, account)) is not None:
        raise Refused(Kind.ILLEGAL_STATE, problem)
    uow.emit(AccountSettles(account_ident=account["ident"], currency=account["currency"]))
    number = uow.scalar(int, "SELECT booking_account FROM merchant_payment_account WHERE ident = %s", (account["ident"],))
    return {**account, "booking_account": number}


def settle(uow: Uow, account: Fields, report: ReportRow, items: Sequence[tuple[str, ReadItem]]) -> None:
    """Store the items, each under its ident, and let them have their effect. They were judged before."""
    known = _known(uow, account["ident"], [item for _, item in items])
    taken = set[str]()
    settled = [_settled(uow, ident, item, report, _meant(item, known, taken)) for ident, item in items]
    _store(uow, report, settled)
    bodies = [done.body for done in settled if done.body is not None]
    if bodies:
        receive(uow, account, bodies)
    costs = [_fee(done, account) for done in settled if done.cost]
    if costs:
        uow.emit(FeesTaken(item_idents=tuple(cost.ident for cost in costs), fees=tuple(costs)))
    payouts = [done for done in settled if done.state == "IN_TRANSIT"]
    leave_out(uow, [done.payment_ident for done in payouts if done.payment_ident is not None and done.body is None])
    if payouts:
        arrived_before(uow, [done.ident for done in payouts])
    uow.emit(ReportsSettled(report_idents=(report.ident,)))


def payment_bodies(items: Iterable[ReadItem], report: ReportRow) -> list[PaymentBody]:
    """The payments that items could become: for who judges them."""
    return [_body(item, report, "judged") for item in items if item.gross]


def _fee(done: _Settled, account: Fields) -> TakenFee:
    return TakenFee(done.ident, done.cost, done.item.booked_on, account["booking_account"], account["ident"])


def _known(uow: Uow, account_ident: str, items: Sequence[ReadItem]) -> dict[str, list[_Known]]:
    """The account's payments that items may mean, by what they are called."""
    names = sorted({name for item in items for name in (*item.references, item.external_ident)})
    sql = (
        f"SELECT {columns(_Known, 'p')} FROM payment p WHERE p.account_ident = %(account)s AND p.ident IN"
        " (SELECT ident FROM payment WHERE provider_reference = ANY (%(names)s)"
        " UNION SELECT ident FROM payment WHERE account_ident = %(account)s AND external_ident = ANY (%(names)s)) AND NOT EXISTS"
        " (SELECT 1 FROM settlement_item i WHERE i.tenant_id = p.tenant_id AND i.payment_ident = p.ident)"
        " ORDER BY p.ident FOR UPDATE OF p"
    )
    found: dict[str, list[_Known]] = defaultdict(list)
    for row in uow.all(_Known, sql, {"account": account_ident, "names": names}):
        for name in dict.fromkeys((row.provider_reference, row.external_ident)):
            if name is not None:
                found[name].append(row)
    return found


def _meant(item: ReadItem, known: dict[str, list[_Known]], taken: set[str]) -> _Known | None:
    """The payment that an item speaks of, and no item before it."""
    for name in (*item.references, item.external_ident):
        for payment in known.get(name, ()):
            if payment.ident not in taken and _means(item, payment):
                taken.add(payment.ident)
                return payment
    return None


def _settled(uow: Uow, ident: str, item: ReadItem, report: ReportRow, payment: _Known | None) -> _Settled:
    if item.type == "FEE":
        return _Settled(ident, item, "BOOKED", cost=-item.net)
    is_payout = item.type == "PAYOUT"
    if payment is not None:
        state: ItemState = "IN_TRANSIT" if is_payout and not payment.assigned else "CONFIRMED"
        paid = sum((Decimal(str(fee["amount"])) for fee in payment.content.get("fees") or ()), ZERO)
        return _Settled(ident, item, state, payment.ident, cost=item.fee - paid)
    body = _body(item, report, uow.new_ident())
    cost = item.fee if item.fee < 0 else ZERO
    return _Settled(ident, item, "IN_TRANSIT" if is_payout else "CREATED", body.payment_ident, body, cost)


def _means(item: ReadItem, payment: _Known) -> bool:
    """A fee is none. Parts of one payment have its name: what is meant has the amount as well."""
    return (
        item.type != "FEE"
        and payment.base_amount == abs(item.gross)
        and payment.credit_debit_indicator == ("CREDIT" if item.gross > 0 else "DEBIT")
    )


def _body(item: ReadItem, report: ReportRow, payment_ident: str) -> PaymentBody:
    value = MonetaryValue(amount=abs(item.gross), currency=report.currency)
    returns = None
    if item.type == "CHARGEBACK" and item.gross < 0:
        returns = ReturnInformation(reason_code=item.reason_code or ASKED_BACK, original_amount=-item.gross)
    return PaymentBody(
        payment_ident=payment_ident,
        external_ident=item.external_ident,
        base_amount=value,
        booking_date=item.booked_on,
        value_date=item.value_date if item.value_date and item.type != "PAYOUT" else None,
        credit_debit_indicator="CREDIT" if item.gross > 0 else "DEBIT",
        description=item.description[:10_000],
        fees=(Fee(type=report.provider, amount=item.fee, currency=report.currency),) if item.fee > 0 else (),
        provider_reference=item.references[0][:255] if item.references else None,
        return_information=returns,
    )


def _store(uow: Uow, report: ReportRow, settled: Sequence[_Settled]) -> None:
    now = uow.ctx.now()
    rows = [
        {
            "ident": done.ident,
            "id": number,
            "account_ident": report.account_ident,
            "report_ident": report.ident,
            "external_ident": done.item.external_ident,
            "type": done.item.type,
            "gross": done.item.gross,
            "fee": done.item.fee,
            "net": done.item.net,
            "currency": report.currency,
            "booking_date": done.item.booked_on,
            "value_date": done.item.value_date,
            "reference": done.item.references[0][:255] if done.item.references else None,
            "description": done.item.description[:10_000],
            "reason_code": done.item.reason_code if done.item.type == "CHARGEBACK" else None,
            "state": done.state,
            "payment_ident": done.payment_ident,
            "bank_payment_ident": None,
            "created_at": now,
        }
        for done, number in zip(settled, uow.next_ids(len(settled)), strict=True)
    ]
    uow.insert(tables.settlement_item, rows)
    net = sum((done.item.net for done in settled), ZERO)
    sql = "UPDATE settlement_report SET item_count = item_count + %s, net = net + %s WHERE ident = %s"
    uow.run(sql, (len(rows), net, report.ident))
    uow.audit("settlement_report", report.ident, {"items": len(rows), "net": net})
