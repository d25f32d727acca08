"""How a foreign e-invoice is to be paid, as a request of our own: means, term and Skonto, what was paid before. Pure."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from contor.documents.einvoice.model import EInvoice
from contor.documents.properties import CREDITOR_ID, DEBITED_ACCOUNT, MANDATE
from contor.documents.skonto import Skonto, skonto_of
from contor.documents.types import LONGEST_TERM, CashDiscount, ExchangeRate, PaymentInformation, PaymentTerm, Prepaid, Property
from contor.kernel.errors import Problem
from contor.kernel.money import HUNDRED, ZERO, round_amount, worded

PAYMENT_TYPES = {
    "10": "CASH",
    "30": "BANK_TRANSFER",
    "31": "BANK_TRANSFER",
    "42": "BANK_TRANSFER",
    "57": "BANK_TRANSFER",
    "58": "BANK_TRANSFER",
    "48": "CREDIT_CARD",
    "54": "CREDIT_CARD",
    "55": "DEBIT_CARD",
    "49": "DIRECT_DEBIT",
    "59": "SEPA_DIRECT_DEBIT",
    "68": "ONLINE_PAYMENT",
}
"""BT-81 (UNTDID 4461)."""
_CURRENCY = re.compile(r"[A-Z]{3}")
DEPOSIT_INVOICE = "386"
_MOST_DISCOUNTS = 5
_RATE = Decimal("0.00001")


def payment_information(invoice: EInvoice) -> tuple[PaymentInformation, tuple[Property, ...]]:
    """BG-16, and BG-19 as the properties from which our own e-invoice takes it."""
    payment = invoice.payment
    if payment is None:
        return PaymentInformation(), ()
    debit = payment.direct_debit
    given = ((MANDATE, debit.mandate), (CREDITOR_ID, debit.creditor_id), (DEBITED_ACCOUNT, debit.debited_account)) if debit else ()
    return (
        PaymentInformation(payment_type=PAYMENT_TYPES.get(payment.means_code, "OTHER"), payment_reference=payment.remittance),
        tuple(Property(key=key, value=value) for key, value in given if value),
    )


def payment_term(invoice: EInvoice) -> PaymentTerm:
    """BT-9, and the Skonto that is granted. Without a due date it is payable on receipt, whatever is offered for paying earlier than
    the terms in words say."""
    days = (invoice.due_date - invoice.issue_date).days if invoice.due_date is not None else 0
    discounts = (CashDiscount(days=it.days, percentage=it.percentage) for it, reason in _offers(invoice) if reason is None)
    return PaymentTerm(period_in_days=min(max(days, 0), LONGEST_TERM), cash_discount=tuple(discounts))


def not_granted(invoice: EInvoice) -> Iterator[str]:
    """Skonto that stays in the terms and that nobody grants by itself, with the reason."""
    for offer, reason in _offers(invoice):
        if reason is not None:
            base = f" of {worded(offer.base, invoice.currency)}" if offer.base is not None else ""
            yield f"BT-20 Skonto of {offer.percentage} %{base} within {offer.days} days is printed and not granted: {reason}"


def _offers(invoice: EInvoice) -> Iterator[tuple[Skonto, str | None]]:
    """Each Skonto once, and why it is not granted; nothing is offered by 0 %."""
    last = (invoice.due_date - invoice.issue_date).days if invoice.due_date is not None else LONGEST_TERM
    in_text = (skonto_of(line) for line in (invoice.payment_terms or "").split("\n"))
    beside = (Skonto(it.days, it.percentage, None) for it in invoice.discounts)
    granted: set[int] = set()
    for offer in dict.fromkeys(it for it in (*in_text, *beside) if it is not None and it.percentage):
        if offer.base is not None:
            reason: str | None = "it is taken off a part of the amount"
        elif invoice.type_code == DEPOSIT_INVOICE:
            reason = "it is taken off a supply, not off a deposit"
        elif not 0 <= offer.days <= min(last, LONGEST_TERM):
            reason = "its last day is not between the invoice and its due date"
        elif offer.percentage > HUNDRED:
            reason = "it is more than the amount"
        elif offer.days in granted:
            reason = "another one is granted for the same days"
        elif len(granted) == _MOST_DISCOUNTS:
            reason = f"a document has at most {_MOST_DISCOUNTS}"
        else:
            reason = None
            granted.add(offer.days)
        yield offer, reason


def prepaid(invoice: EInvoice, sign: int, problems: list[Problem]) -> tuple[Prepaid, ...]:
    """BT-113 as one payment received on the invoice date at the latest."""
    amount = sign * invoice.totals.prepaid
    if amount < 0:
        problems.append(Problem("prepaid_negative", "The paid amount (BT-113) is negative", "prepaid", amount))
    if amount <= 0:
        return ()
    return (Prepaid(reference=invoice.number, date=invoice.issue_date, amount=amount),)


def exchange_rate(
    invoice: EInvoice, ledger_currency: str, rates: Mapping[str, Decimal], problems: list[Problem]
) -> ExchangeRate | None:
    """The rate that lies between BT-110 and BT-111, for an invoice that is not in the ledger's currency, else the one given for its
    currency."""
    if invoice.currency == ledger_currency:
        return None
    tax, converted = invoice.totals.tax, invoice.totals.tax_in_tax_currency
    if invoice.tax_currency == ledger_currency and tax and converted:
        rate = (tax / converted).quantize(_RATE)
        if rate > 0 and round_amount(tax / rate, ledger_currency) == converted:  # else its decimals do not suffice
            return ExchangeRate(rate=rate, date=invoice.issue_date, source=f"BT-111 of {invoice.number}"[:100])
    given = rates.get(invoice.currency)
    if given is not None:
        return ExchangeRate(rate=given, date=invoice.issue_date, source="given with the import")
    if not _CURRENCY.fullmatch(invoice.currency):
        problems.append(Problem("currency_unknown", "Currency (BT-5) is no ISO 4217 code like EUR", "currency", invoice.currency))
        return None
    message = (
        f"The invoice is in {invoice.currency} and does not say at which rate it is booked in {ledger_currency} (BT-6, BT-111); "
        f"--rate {invoice.currency}=7.46 would say that 1 {ledger_currency} is 7.46 {invoice.currency}"
    )
    problems.append(Problem("exchange_rate_unknown", message, "exchangeRate", invoice.currency))
    return None


def payable_findings(invoice: EInvoice) -> list[Problem]:
    """BT-115 is gross less what was paid, plus rounding; nothing else may be collected with an invoice of ours."""
    totals = invoice.totals
    if invoice.third_party_payments:
        amount = sum((payment.amount for payment in invoice.third_party_payments), ZERO)
        message = f"{worded(amount, invoice.currency)} are collected for third parties beside the invoice (XRechnung extension, BG-DEX-09)"
        return [Problem("third_party_payments", f"{message}: EN 16931 and our own documents have no place for them", None, amount)]
    expected = totals.gross - totals.prepaid + totals.rounding
    if totals.payable != expected:
        message = f"The payable amount (BT-115) is not gross - paid + rounding, which is {expected} (BR-CO-16)"
        return [Problem("payable_differs", message, None, totals.payable)]
    return []
