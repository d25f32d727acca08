"""How a foreign e-invoice is to be paid, as a request of our own: means, term and Skonto, what was paid before. Pure."""

import re
from decimal import Decimal

from contor.documents.einvoice.model import EInvoice
from contor.documents.einvoice.of_document import CREDITOR_ID, DEBITED_ACCOUNT, MANDATE
from contor.documents.types import CashDiscount, ExchangeRate, PaymentInformation, PaymentTerm, Prepaid, Property
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO, round_amount

_PAYMENT_TYPES = {
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
_SKONTO = re.compile(r"^#SKONTO#TAGE=(\d{1,3})#PROZENT=(\d{1,3}\.\d{2})#(BASISBETRAG=-?\d+\.\d{2}#)?\s*$", re.MULTILINE)
_LONGEST_TERM = 366
_RATE = Decimal("0.00001")


def payment_information(invoice: EInvoice) -> tuple[PaymentInformation, tuple[Property, ...]]:
    """BG-16, and BG-19 as the properties from which our own e-invoice takes it."""
    payment = invoice.payment
    if payment is None:
        return PaymentInformation(), ()
    debit = payment.direct_debit
    given = ((MANDATE, debit.mandate), (CREDITOR_ID, debit.creditor_id), (DEBITED_ACCOUNT, debit.debited_account)) if debit else ()
    return (
        PaymentInformation(payment_type=_PAYMENT_TYPES.get(payment.means_code, "OTHER"), payment_reference=payment.remittance),
        tuple(Property(key=key, value=value) for key, value in given if value),
    )


def payment_term(invoice: EInvoice, left_out: list[str]) -> PaymentTerm | None:
    """BT-9 and the Skonto of BT-20; None: the file says neither, and the billing group's term holds.

    Where only Skonto is given, the days with 0 % are the term, else the last day of a discount.
    """
    offers: dict[int, Decimal] = {}
    for days, percentage, base in _SKONTO.findall(invoice.payment_terms or ""):
        if base:
            left_out.append("Skonto on a part of the amount (BT-20, BASISBETRAG)")
        else:
            offers.setdefault(int(days), Decimal(percentage))
    if invoice.due_date is None and not offers:
        return None
    net_days = [days for days, percentage in offers.items() if not percentage]
    days = (invoice.due_date - invoice.issue_date).days if invoice.due_date else (net_days or [max(offers)])[0]
    term = min(max(days, 0), _LONGEST_TERM)
    if term != days:
        left_out.append(f"Due date {days} days after the invoice date (BT-9); it becomes {term}")
    discounts = {days: percentage for days, percentage in offers.items() if percentage}
    if any(days > term for days in discounts):
        left_out.append("Skonto after the due date (BT-20)")
    return PaymentTerm(
        period_in_days=term,
        cash_discount=tuple(
            CashDiscount(days=days, percentage=percentage) for days, percentage in discounts.items() if days <= term
        )[:5],
    )


def prepaid(invoice: EInvoice, sign: int, problems: list[Problem]) -> tuple[Prepaid, ...]:
    """BT-113 as one payment received on the invoice date at the latest."""
    amount = sign * invoice.totals.prepaid
    if amount < 0:
        problems.append(Problem("prepaid_negative", "The paid amount (BT-113) is negative", "prepaid", amount))
    if amount <= 0:
        return ()
    return (Prepaid(reference=invoice.number, date=invoice.issue_date, amount=amount),)


def exchange_rate(invoice: EInvoice, ledger_currency: str, problems: list[Problem]) -> ExchangeRate | None:
    """The rate that lies between BT-110 and BT-111, for an invoice that is not in the ledger's currency."""
    if invoice.currency == ledger_currency:
        return None
    tax, converted = invoice.totals.tax, invoice.totals.tax_in_tax_currency
    if invoice.tax_currency == ledger_currency and tax and converted:
        rate = (tax / converted).quantize(_RATE)
        if rate > 0 and round_amount(tax / rate, ledger_currency) == converted:  # else its decimals do not suffice
            return ExchangeRate(rate=rate, date=invoice.issue_date, source=f"BT-111 of {invoice.number}"[:100])
    message = (
        f"The invoice is in {invoice.currency} and does not say at which rate it is booked in {ledger_currency} (BT-6, BT-111)"
    )
    problems.append(Problem("exchange_rate_unknown", message, "exchangeRate", invoice.currency))
    return None


def payable_findings(invoice: EInvoice) -> list[Problem]:
    """BT-115 is gross less what was paid, plus rounding; nothing else may be collected with an invoice of ours."""
    totals = invoice.totals
    if invoice.third_party_payments:
        amount = sum((payment.amount for payment in invoice.third_party_payments), ZERO)
        message = f"{amount} {invoice.currency} are collected for third parties beside the invoice (XRechnung extension, BG-DEX-09)"
        return [Problem("third_party_payments", f"{message}: EN 16931 and our own documents have no place for them", None, amount)]
    expected = totals.gross - totals.prepaid + totals.rounding
    if totals.payable != expected:
        message = f"The payable amount (BT-115) is not gross - paid + rounding, which is {expected} (BR-CO-16)"
        return [Problem("payable_differs", message, None, totals.payable)]
    return []
