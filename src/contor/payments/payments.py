"""Payment transactions: what a bank or provider reports. Receiving one makes it be assigned and booked in the same transaction."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, is_amount, quantum, shown, too_fine, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.payments import tables
from contor.payments.accounts import ACCOUNTS
from contor.payments.days import day_problems
from contor.payments.events import PaymentsReceived
from contor.payments.types import MonetaryValue, PaymentBody, PaymentStatus, PaymentView, StoredPayment
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

PAYMENTS = searchable(
    tables.payment,
    PaymentView,
    (
        "ident",
        "external_ident",
        "credit_debit_indicator",
        "base_amount",
        "base_currency",
        "booking_date",
        "value_date",
        "description",
        "customer_specific_ident",
        "status",
        "created_at",
    ),
    default_sort="created_at,desc",
    places={
        "payment_ident": "ident",
        "merchant_payment_account_ident": "account_ident",
        "base_amount.amount": "base_amount",
        "base_amount.currency": "base_currency",
        "original_amount.amount": "original_amount",
        "original_amount.currency": "original_currency",
        "assigned_amount": "assigned",
    },
)


@dataclass(frozen=True, slots=True)
class ListPayments:
    merchant_payment_account_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class CreatePayment:
    merchant_payment_account_ident: str
    body: PaymentBody


class PaymentRow(NamedTuple):
    """A payment as it is stored."""

    ident: str
    id: int
    account_ident: str
    external_ident: str
    credit_debit_indicator: Literal["CREDIT", "DEBIT"]
    base_amount: Decimal
    base_currency: str
    original_amount: Decimal
    original_currency: str
    exchange_rate: Decimal
    booking_date: dt.date
    value_date: dt.date | None
    creation_date: dt.datetime
    description: str
    customer_specific_ident: str | None
    content: Mapping[str, Sequence[Any]]
    """Fees, batch items and properties, as they came."""
    status: PaymentStatus
    assigned: Decimal
    reason: str | None
    created_at: dt.datetime


PAYMENT = f"SELECT {columns(PaymentRow)} FROM payment WHERE "
"""Rows of `PaymentRow`; a condition follows."""


@dataclass(frozen=True, slots=True)
class OnePayment:
    merchant_payment_account_ident: str
    payment_ident: str


@operation("payment.list", permission="payments.read", reads=True)
def list_payments(uow: Uow, command: ListPayments) -> Page:
    """The transactions of one account."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))

    def read(idents: list[str]) -> dict[str, PaymentView]:
        return {row.ident: _view(row) for row in uow.all(PaymentRow, PAYMENT + "ident = ANY (%s)", (idents,))}

    scope = {"account_ident": command.merchant_payment_account_ident}
    return listed_by_key(uow, tables.payment, command.query, PAYMENTS, "ident", read, scope)


@operation("payment.create", permission="payments.write")
def create_payment(uow: Uow, command: CreatePayment) -> PaymentView:
    """Take a transaction over: once per account and external ident. It is assigned if its text says to what."""
    account = ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    receive(uow, account, [command.body])
    key = (account["ident"], command.body.external_ident)
    (row,) = uow.all(PaymentRow, PAYMENT + "account_ident = %s AND external_ident = %s", key)
    return _view(row)


@operation("payment.get", permission="payments.read", reads=True)
def get_payment(uow: Uow, command: OnePayment) -> PaymentView:
    """One transaction."""
    key = (command.payment_ident, command.merchant_payment_account_ident)
    row = uow.first(PaymentRow, PAYMENT + "ident = %s AND account_ident = %s", key)
    if row is None:
        ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
        # the account is there: it is the payment that is unknown
        raise not_found("payment", command.payment_ident)
    return _view(row)


def receive(uow: Uow, account: Fields, bodies: Sequence[PaymentBody]) -> None:
    """Store the transactions of an account and say so; what is wrong with any of them refuses all."""
    problems = [problem for body in bodies for problem in payment_problems(body, account)] + day_problems(uow, bodies)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    uow.lock("payments", [account["ident"]])  # what is found known below stays all there is until the commit
    externals = [body.external_ident for body in bodies]
    # sorted as its key is: of two indexes that cost the same to a planner that knows of no payment, that one
    sql = "SELECT external_ident FROM payment WHERE account_ident = %s AND external_ident = ANY (%s) ORDER BY external_ident"
    known = uow.column(str, sql, (account["ident"], externals))
    if known or len(set(externals)) < len(externals):
        ident = (known or externals)[0]
        problem = Problem("payment_exists", f"The account has a payment {ident!r} already.", "externalIdent", ident)
        raise Refused(Kind.CONFLICT, problem)
    rows = [_row(uow, account, body, number) for body, number in zip(bodies, uow.next_ids(len(bodies)), strict=True)]
    uow.insert(tables.payment, [row._asdict() for row in rows])
    for row in rows:
        uow.audit("payment", row.ident, {"received": row.external_ident})
    stored = tuple(_received(of_row(row, account["booking_account"]), body) for row, body in zip(rows, bodies, strict=True))
    uow.emit(PaymentsReceived(payment_idents=tuple(row.ident for row in rows), payments=stored))


def _received(payment: StoredPayment, body: PaymentBody) -> StoredPayment:
    """With what only counts when it comes: what it cost, and what a collective transfer pays."""
    batch: dict[str, Decimal] = {}
    for item in body.batch_items:
        batch[item.reference] = batch.get(item.reference, ZERO) + item.amount
    return replace(payment, fees=sum((fee.amount for fee in body.fees), ZERO), batch=tuple(batch.items()))


def payment_problems(body: PaymentBody, account: Fields) -> list[Problem]:
    """Everything that is wrong with a transaction of this account."""
    problems = _parts_problems(body)
    base, original = body.base_amount, body.original_amount
    accepted = {account["currency"], *account["additionally_accepted_currencies"]}
    if not account["active"]:
        problems.append(Problem("payment_account_inactive", "The account is not active.", "merchantPaymentAccountIdent"))
    if base.currency != account["currency"]:
        message = f"The account is kept in {account['currency']}."
        problems.append(Problem("base_currency_differs", message, "baseAmount.currency", base.currency))
    if not base.amount:
        problems.append(Problem("amount_zero", "A payment has an amount.", "baseAmount.amount", base.amount))
    for path, value in (("baseAmount", base), ("originalAmount", original)):
        if value is not None and not is_amount(value.amount, value.currency):
            problems.append(Problem("amount_not_in_currency", too_fine(value.currency), f"{path}.amount", value.amount))
    if original is None or original.currency == base.currency:
        if original is not None and original.amount != base.amount:
            message = "In one currency both amounts are the same."
            problems.append(Problem("amounts_differ", message, "originalAmount.amount", original.amount))
        if body.exchange_rate not in (None, 1):
            problems.append(Problem("exchange_rate_not_expected", "In one currency it is 1.", "exchangeRate", body.exchange_rate))
        return problems
    if original.currency not in accepted:
        message = f"The account accepts {', '.join(sorted(accepted))}."
        problems.append(Problem("currency_not_accepted", message, "originalAmount.currency", original.currency))
    if body.exchange_rate is None:
        message = "Required when the currencies differ."
        problems.append(Problem("exchange_rate_missing", message, "exchangeRate"))
    # banks round the amount, and the rate that they print
    elif abs(original.amount / body.exchange_rate - base.amount) > quantum(base.currency):
        message = f"originalAmount / exchangeRate is not baseAmount (within {quantum(base.currency)})."
        problems.append(Problem("exchange_rate_differs", message, "exchangeRate", body.exchange_rate))
    return problems


def _parts_problems(body: PaymentBody) -> list[Problem]:
    """Fees in another currency than the account's; parts that do not come to the transfer."""
    problems = []
    base, whole = body.base_amount, body.original_amount or body.base_amount
    fees = [(f"fees[{n}]", fee.amount, fee.currency, base.currency) for n, fee in enumerate(body.fees)]
    items = [(f"batchItems[{n}]", item.amount, item.currency, whole.currency) for n, item in enumerate(body.batch_items)]
    for path, amount, currency, wanted in (*fees, *items):
        if currency != wanted:
            problems.append(
                Problem("currency_differs", f"is {currency}, but the payment is in {wanted}", f"{path}.currency", currency)
            )
        elif not is_amount(amount, currency):
            problems.append(Problem("amount_not_in_currency", too_fine(currency), f"{path}.amount", amount))
    total = sum((item.amount for item in body.batch_items), ZERO)
    if body.batch_items and total != whole.amount:
        message = f"the parts come to {worded(total, whole.currency)}, the payment to {worded(whole.amount, whole.currency)}"
        problems.append(Problem("batch_items_differ", message, "batchItems", total))
    return problems


def _row(uow: Uow, account: Fields, body: PaymentBody, number: int) -> PaymentRow:
    original = body.original_amount or body.base_amount
    return PaymentRow(
        ident=body.payment_ident or str(uow.new_uuid()),
        id=number,
        account_ident=account["ident"],
        external_ident=body.external_ident,
        credit_debit_indicator=body.credit_debit_indicator,
        base_amount=body.base_amount.amount,
        base_currency=body.base_amount.currency,
        original_amount=original.amount,
        original_currency=original.currency,
        exchange_rate=body.exchange_rate or Decimal(1),
        booking_date=body.booking_date,
        value_date=body.value_date,
        creation_date=body.creation_date or uow.ctx.now(),
        description=body.description,
        customer_specific_ident=body.customer_specific_ident,
        content={"fees": body.fees, "batch_items": body.batch_items, "properties": body.properties},
        status="OPEN",
        assigned=ZERO,
        reason=None,
        created_at=uow.ctx.now(),
    )


def of_row(row: PaymentRow, booking_account: int | None) -> StoredPayment:
    """A payment as others handle it: with its sign, positive for money that came in."""
    sign = 1 if row.credit_debit_indicator == "CREDIT" else -1
    return StoredPayment(
        ident=row.ident,
        account_ident=row.account_ident,
        booking_account=booking_account,
        amount=sign * row.original_amount,
        currency=row.original_currency,
        ledger_amount=sign * row.base_amount,
        booked_on=row.booking_date,
        paid_on=row.value_date or row.booking_date,
        text=" ".join(part for part in (row.description, row.customer_specific_ident) if part),
    )


def locked_payment(uow: Uow, ident: str) -> tuple[StoredPayment, Decimal]:
    """(payment, what of it is assigned, positive), locked; raises NOT_FOUND."""
    row = uow.first(PaymentRow, PAYMENT + "ident = %s FOR UPDATE", (ident,))
    if row is None:
        raise not_found("payment", ident)
    booking_account = uow.scalar(int, "SELECT booking_account FROM merchant_payment_account WHERE ident = %s", (row.account_ident,))
    return of_row(row, booking_account), row.assigned


def set_assigned(uow: Uow, ident: str, assigned: Decimal, whole: Decimal, reason: str | None = None) -> None:
    """How much of a payment is assigned now (positive, in the payer's currency)."""
    status = "OPEN" if not assigned else "ASSIGNED" if assigned == whole else "PARTIALLY_ASSIGNED"
    uow.run("UPDATE payment SET assigned = %s, status = %s, reason = %s WHERE ident = %s", (assigned, status, reason, ident))
    uow.audit("payment", ident, {"assigned": assigned, "status": status, "reason": reason})


def _view(row: PaymentRow) -> PaymentView:
    content = row.content or {}
    return PaymentView(
        payment_ident=row.ident,
        merchant_payment_account_ident=row.account_ident,
        external_ident=row.external_ident,
        base_amount=MonetaryValue(amount=row.base_amount, currency=row.base_currency),
        original_amount=MonetaryValue(amount=row.original_amount, currency=row.original_currency),
        exchange_rate=row.exchange_rate,
        booking_date=row.booking_date,
        value_date=row.value_date,
        creation_date=row.creation_date,
        credit_debit_indicator=row.credit_debit_indicator,
        description=row.description,
        customer_specific_ident=row.customer_specific_ident,
        status=row.status,
        assigned_amount=shown(row.assigned, row.original_currency),
        reason=row.reason,
        fees=tuple(content.get("fees") or ()),
        batch_items=tuple(content.get("batch_items") or ()),
        properties=tuple(content.get("properties") or ()),
    )
