"""A person says that a document was paid: the money becomes a payment on an account of ours, put to the open item, with its entries.

It is a payment like one that a bank reports, and nothing beside it: it shows in the account's list, is reversed as others are, and a
statement that brings the same booking later knows it again (`payments.statements.bookings`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.assignment.by_hand.putting import AssignmentBody, put
from contor.documents.drafts import issued_document
from contor.documents.naming import Named
from contor.documents.queries import documents_by_id
from contor.documents.types import Document
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import is_amount, round_amount, round_rate, too_fine, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Ident, Money, Text, Text100, replace, shape
from contor.openitems.cases import locked_cases
from contor.openitems.types import StoredCase
from contor.payments.accounts import ACCOUNTS, accounts_taking
from contor.payments.changing import locked
from contor.payments.moved import BY_HAND
from contor.payments.receiving import require_new, store_received
from contor.payments.statements import require_untold
from contor.payments.types import BatchItem, Incoming, MonetaryValue, PaymentBody, PaymentProperty
from contor.runtime.uow import Uow
from contor.settings.exchange import Missing, daily_rates

METHOD = "METHOD"
"""The property of a payment in which the method stands that a person named."""


@shape
class PaidBody:
    """What came in for a document, or of a credit memo went out."""

    paid_on: dt.date | None = None
    """Default: today."""
    amount: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] | None = None
    """In the document's currency; default: all that is open."""
    method: Text100 | None = None
    """How it was paid, in the words of whoever says it: kept with the payment."""
    note: Text = ""
    merchant_payment_account_ident: Ident | None = None
    """Where the money is. Default: of the accounts that take the document's currency the only one, or the one that the document prints."""
    exchange_rate: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=5)] | None = None
    """Units of the document's currency for one of the account's, where they differ; default: the rate published for the day."""


@dataclass(frozen=True, slots=True)
class PayDocument:
    document_ident: str
    body: PaidBody


@shape
class RecordedPayment:
    """The payment that was recorded, and how the document stands with it."""

    document_ident: str
    payment_ident: str
    merchant_payment_account_ident: str
    amount: Money
    currency: str
    paid_on: dt.date
    outstanding: Money
    """Of the document, positive."""
    status: Literal["PAID", "PARTIALLY_PAID"]


@operation("document.pay", permission="payments.write")
def pay_document(uow: Uow, command: PayDocument) -> RecordedPayment:
    """Record that a document was paid, in full or in part, on a day. What is paid already is refused, and so is more than is open."""
    body, row = command.body, issued_document(uow, command.document_ident)
    document, account = _account(uow, row, body)
    uow.lock("payments", [account["ident"]])  # before the open item: in this order everyone locks them
    stored = _open(uow, row)
    payment = _payment(uow, document, account, stored, body)
    try:
        rates = require_new(uow, account, [payment])
        require_untold(uow, account["ident"], [payment])
        store_received(uow, account, [Incoming(body=payment)], rates)
    except Refused as refused:
        raise Refused(refused.kind, *(_in_these_words(problem) for problem in refused.problems)) from None
    assert payment.payment_ident is not None
    came = locked(uow, payment.payment_ident)
    if came.assigned < abs(came.payment.amount):  # a part is left to a person, which is who has spoken
        put(uow, AssignmentBody(payment_ident=payment.payment_ident, target_ident=command.document_ident))
    uow.audit("document", row.ident, {"paid": payment.payment_ident, "by": body.method, "on": payment.booking_date})
    (after,) = locked_cases(uow, [row.id])
    return RecordedPayment(
        document_ident=row.ident,
        payment_ident=payment.payment_ident,
        merchant_payment_account_ident=account["ident"],
        amount=_sent(payment).amount,
        currency=_sent(payment).currency,
        paid_on=payment.booking_date,
        outstanding=abs(after.case.balance),
        status="PARTIALLY_PAID" if after.case.balance else "PAID",
    )


# helpers in calling order


def _account(uow: Uow, row: Named, body: PaidBody) -> tuple[Document, Fields]:
    """The document, and the account that is named or meant. Raises NOT_FOUND, INVALID where it is not clear which one is."""
    document = documents_by_id(uow, [row.id])[row.id]
    currency = document.currency
    if body.merchant_payment_account_ident is not None:
        return document, ACCOUNTS.require(uow, (body.merchant_payment_account_ident,))
    own = accounts_taking(uow, currency)
    printed = {account.iban for account in document.seller.bank_accounts}
    meant = [it for it in own if it.iban in printed] if len(own) > 1 else own
    if len(meant) != 1:
        known = f"{', '.join(it.ident for it in own)} take {currency}: say which" if own else f"no active account takes {currency}"
        raise Refused(Kind.INVALID, Problem("payment_account_unclear", f"is required: {known}", "merchantPaymentAccountIdent"))
    return document, ACCOUNTS.require(uow, (meant[0].ident,))


def _open(uow: Uow, row: Named) -> StoredCase:
    """Its open item, locked. Raises ILLEGAL_STATE where there is none, CONFLICT where nothing is open."""
    cases = locked_cases(uow, [row.id])
    if not cases:
        message = f"{row.ident} has no open item: nothing is owed on a {row.document_type}."
        raise Refused(Kind.ILLEGAL_STATE, Problem("document_without_open_item", message, "documentIdent", row.ident))
    if not cases[0].case.balance:
        message = f"{row.ident} is settled already: nothing of it is open."
        raise Refused(Kind.CONFLICT, Problem("document_paid_already", message, "documentIdent", row.ident))
    return cases[0]


def _payment(uow: Uow, document: Document, account: Fields, stored: StoredCase, body: PaidBody) -> PaymentBody:
    """As a bank would report it. Raises INVALID."""
    balance, currency = stored.case.balance, document.currency
    amount, day = body.amount or abs(balance), body.paid_on or uow.ctx.today()
    problems = list[Problem]()
    if not is_amount(amount, currency):
        problems.append(Problem("too_many_decimals", too_fine(currency), "amount", amount))
    elif amount > abs(balance):
        message = f"is more than is open: {worded(abs(balance), currency)}"
        problems.append(Problem("amount_exceeds_open_item", message, "amount", amount))
    rate = _rate(uow, currency, account["currency"], day, body, problems)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    ident, sent = uow.new_ident(), MonetaryValue(amount=amount, currency=currency)
    base = (
        sent
        if rate is None
        else MonetaryValue(amount=round_amount(amount / rate, account["currency"]), currency=account["currency"])
    )
    return PaymentBody(
        payment_ident=ident,
        external_ident=f"{BY_HAND}{ident}",
        base_amount=base,
        original_amount=None if rate is None else sent,
        exchange_rate=rate,
        booking_date=day,
        credit_debit_indicator="CREDIT" if balance > 0 else "DEBIT",
        description=" ".join(filter(None, (body.method, body.note))),
        batch_items=(BatchItem(reference=document.ident, amount=amount, currency=currency),) if balance > 0 else (),
        properties=(PaymentProperty(key=METHOD, value=body.method),) if body.method else (),
    )


def _rate(uow: Uow, currency: str, of_account: str, day: dt.date, body: PaidBody, problems: list[Problem]) -> Decimal | None:
    """Units of the document's currency for one of the account's; None: it is one currency."""
    if currency == of_account:
        if body.exchange_rate not in (None, 1):
            message = f"is not expected: document and account are in {currency}"
            problems.append(Problem("exchange_rate_not_expected", message, "exchangeRate", body.exchange_rate))
        return None
    if body.exchange_rate is not None:
        return body.exchange_rate
    rate = daily_rates(uow, [(currency, day)])[currency, day]
    if isinstance(rate, Missing):
        message = f"is required: {rate.reason.partition(';')[0]}"
        problems.append(Problem("exchange_rate_missing", message, "exchangeRate"))
        return None
    return round_rate(rate.rate)


def _sent(payment: PaymentBody) -> MonetaryValue:
    return payment.original_amount or payment.base_amount


_SAID: Mapping[str, str] = {
    "bookingDate": "paidOn",
    "valueDate": "paidOn",
    "originalAmount.currency": "merchantPaymentAccountIdent",
    "baseAmount.currency": "merchantPaymentAccountIdent",
    "originalAmount.amount": "amount",
    "baseAmount.amount": "amount",
    "externalIdent": "paidOn",
}
"""What a finding of the payment is about in what was said."""


def _in_these_words(problem: Problem) -> Problem:
    field = problem.field or ""
    return replace(problem, field=_SAID.get(field, field) or None)
