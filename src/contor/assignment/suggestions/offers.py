"""What is suggested of a payment that is not assigned by itself, and why it was not. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from contor.assignment.discounts import cash_discount_amount, last_day, printed_cash_discount
from contor.assignment.rules import by_law
from contor.assignment.types import AssignmentConfiguration, Offer, Reason
from contor.kernel.money import ZERO, worded
from contor.kernel.shapes import replace
from contor.openitems.types import Case, StoredCase
from contor.payments.types import StoredPayment

MOST = 20
"""Suggestions of a payment."""
PAID_OTHERWISE = (
    "we collected it, and it was paid, credited or decided otherwise while that was under way: the money is the customer's. Assigned to"
    " it by hand it is a credit there, to be cleared with others or paid out (PAYOUT); or assign it to another document of the customer"
)


def offers_of(
    payment: StoredPayment, cases: Sequence[StoredCase], reason: Reason, configuration: AssignmentConfiguration, at_home: bool
) -> list[Offer]:
    """Of each case that is named how much may be put there: as the law orders them, until nothing is left of the payment; what comes
    behind, each as if it were alone. `at_home`: the money came from the country of the account."""
    by_number = {id(it.case): it for it in cases}
    open_ones = [it.case for it in cases if it.case.balance > 0 and it.case.currency == payment.currency]
    in_order = by_law(open_ones, payment.paid_on)
    left, made = payment.amount, list[Offer]()
    credit = -sum((it.case.balance for it in cases if it.case.balance < 0 and it.case.currency == payment.currency), ZERO)
    if len({it.case.customer_ident for it in cases}) > 1:
        credit = ZERO
    missing = sum((case.balance for case in in_order), ZERO) - credit - payment.amount
    for case in in_order:
        amount = min(left or payment.amount, case.balance)
        left = max(ZERO, left - amount)
        made.append(_offer(case, amount, missing, _why(payment, case, len(in_order), reason, configuration, at_home)))
    made += [_nothing(it.case, payment, reason) for it in cases if it.case not in open_ones]
    found = [*[by_number[id(case)] for case in in_order], *[it for it in cases if it.case not in open_ones]]
    return [
        replace(one, document_id=it.document_id, customer_ident=it.case.customer_ident) for one, it in zip(made, found, strict=True)
    ][:MOST]


def _why(
    payment: StoredPayment, case: Case, count: int, reason: Reason, configuration: AssignmentConfiguration, at_home: bool
) -> Reason:
    missing = case.balance - payment.amount
    if reason is not Reason.UNDERPAID or count > 1 or missing <= 0:
        return reason
    late = [it for it in case.cash_discount if payment.paid_on > last_day(case, it)]
    if any(missing in (cash_discount_amount(case, it), printed_cash_discount(case, it)) for it in late):
        return Reason.SHORT_BY_DISCOUNT
    if missing <= configuration.bank_charges_bound and not at_home:
        return Reason.BANK_FEE
    return reason


def _offer(case: Case, amount: Decimal, missing: Decimal, reason: Reason) -> Offer:
    """`missing`: of all that are named together."""
    notes = {
        Reason.OVERPAID: f"{worded(-missing, case.currency)} more than is owed",
        Reason.UNDERPAID: f"{worded(missing, case.currency)} less than is owed",
        Reason.SHORT_BY_DISCOUNT: f"short by the discount of {worded(missing, case.currency)}, whose days had passed",
        Reason.BANK_FEE: f"short by {worded(missing, case.currency)}: what banks may have taken on the way",
        Reason.NUMBER_UNSURE: "the number may be misread, or stand in the text by chance",
        Reason.EQUALLY_DUE: "several are due alike, and the payment is for a part of them",
        Reason.CREDIT_NAMED: "a credit is named beside it: clear them, then the payment fits",
        Reason.SEVERAL_MATCHES: "several documents may be meant",
    }
    fee = missing if reason is Reason.BANK_FEE else None
    return Offer(case_ident=case.ident, amount=amount, reason=reason, bank_fee=fee, note=notes.get(reason, ""))


def _nothing(case: Case, payment: StoredPayment, reason: Reason) -> Offer:
    """It is named, but no money can be put there by itself."""
    if reason is Reason.PAID_OTHERWISE:
        return Offer(case_ident=case.ident, amount=None, reason=reason, note=PAID_OTHERWISE)
    if case.balance < 0:
        return Offer(case_ident=case.ident, amount=None, reason=Reason.CREDIT_NAMED, note="it is a credit: it is owed by us")
    if not case.balance:
        return Offer(case_ident=case.ident, amount=None, reason=Reason.TARGET_CLOSED, note="it is closed")
    note = f"it is in {case.currency}, the payment in {payment.currency}"
    return Offer(case_ident=case.ident, amount=None, reason=Reason.CURRENCY_DIFFERS, note=note)
