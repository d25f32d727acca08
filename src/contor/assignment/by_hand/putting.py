"""Put a part of a payment to a document by hand: also more than is owed, and whatever its text says."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.assignment.assign import assign, of_orders
from contor.assignment.categories import is_enabled, not_enabled
from contor.assignment.discounts import granted_cash_discount
from contor.assignment.reasons import Decided, keep_reasons
from contor.assignment.returning import fee_left, put_back, returned_on, since_it_waits, waiting_for
from contor.assignment.suggestions import withdraw
from contor.assignment.types import Assign, Reason, Rule, Said
from contor.documents.naming import bearers, documents_named, own_first
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, is_amount, too_fine, worded
from contor.kernel.shapes import Ident, shape
from contor.openitems.cases import locked_cases
from contor.openitems.stored import with_cases
from contor.openitems.types import StoredCase
from contor.payments.changing import REST, Locked, locked, set_assigned
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


@shape
class AssignmentBody:
    payment_ident: Ident
    target_type: Literal["DOCUMENT", "ORDER", "BANK_FEE"] = "DOCUMENT"
    """BANK_FEE: what banks took of a return, of which that is all that waits."""
    target_ident: Ident | None = None
    """Required but for BANK_FEE, which is for no document."""
    amount: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] | None = None
    """In the payer's currency; default: all of the payment that is not assigned yet, of a return without what the banks took for it."""


def put(uow: Uow, body: AssignmentBody, *, suggested: Assign | None = None) -> str:
    """The ident of the assignment that is made. `suggested`: what was accepted, with what is decided beside it. Raises INVALID with
    everything that is against it."""
    # the payment before its open item: in this order everyone locks them
    of = locked(uow, body.payment_ident)
    if body.target_type == "BANK_FEE":
        return _fee(uow, of, body)
    if body.target_ident is None:
        message = f"is required for a {body.target_type}: which one is meant?"
        raise Refused(Kind.INVALID, Problem("target_missing", message, "targetIdent"))
    payment, fee = of.payment, fee_left(uow, of.payment)
    whole, fee = abs(payment.amount), min(fee, abs(payment.amount) - of.assigned)
    rest = whole - of.assigned - fee
    amount = rest if body.amount is None else body.amount
    cases = locked_cases(uow, [suggested.document_id] if suggested else _documents_meant(uow, body))
    if body.target_type == "ORDER":  # its document; of several the one that is open
        cases = [stored for stored in cases if stored.case.balance] or cases
    problems = _problems(uow, body, of, cases, amount, fee)
    if suggested is not None and cases:
        owed, beside = cases[0].case.balance, (suggested.cash_discount or ZERO) + (suggested.bank_fee or ZERO)
        if amount + beside > owed:
            left = worded(max(owed, ZERO), cases[0].case.currency)
            problems.append(Problem("suggestion_outdated", f"Only {left} are owed by now.", "suggestionIdents"))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    (payment,) = since_it_waits(uow, [payment], amount + fee)
    made = _made(uow, payment, cases[0], amount, fee, suggested)
    waits = REST if payment.returns is None else Reason.RETURN_NOT_CLEAR.value
    set_assigned(uow, payment.ident, of.assigned + amount + fee, whole, waits)
    withdraw(uow, payment.ident, rest - amount)
    rule = Rule.ACCEPTED if suggested else Rule.MANUAL
    keep_reasons(uow, [Decided(payment.ident, rule, Said(numbers=(cases[0].case.ident,), assignments=tuple(made)))])
    waiting_for(uow, [payment])
    return made[0]


def _fee(uow: Uow, of: Locked, body: AssignmentBody) -> str:
    """What waits of a return is what banks took of it, though none of them says so. The ident of its assignment."""
    payment, rest = of.payment, abs(of.payment.amount) - of.assigned
    amount, problems = rest if body.amount is None else body.amount, []
    if body.target_ident is not None:
        problems.append(Problem("target_unexpected", "A BANK_FEE is for no document.", "targetIdent", body.target_ident))
    if payment.returns is None or payment.amount > 0:
        message = "Banks take charges of a debit that was returned: of other payments decide BANK_FEE on the open item."
        problems.append(Problem("payment_of_other_kind", message, "paymentIdent", payment.ident))
    elif not of.assigned:
        message = "Nothing of the return went back yet: put that to its open item first."
        problems.append(Problem("payment_not_assigned", message, "paymentIdent", payment.ident))
    elif not rest:
        problems.append(Problem("payment_fully_assigned", "Nothing of the payment is left.", "paymentIdent", payment.ident))
    elif not is_amount(amount, payment.currency):
        problems.append(Problem("too_many_decimals", too_fine(payment.currency), "amount", amount))
    elif amount > rest:
        message = f"Only {worded(rest, payment.currency)} are left."
        problems.append(Problem("amount_exceeds_payment", message, "amount", amount))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    (payment,) = since_it_waits(uow, [payment], amount)
    (made,) = assign(uow, payment, [], automatic=False, from_unassigned=True, fee=amount.copy_sign(payment.amount))
    set_assigned(uow, payment.ident, of.assigned + amount, abs(payment.amount), Reason.RETURN_NOT_CLEAR.value)
    keep_reasons(uow, [Decided(payment.ident, Rule.MANUAL, Said(assignments=(made.ident,)))])
    return made.ident


def _made(
    uow: Uow, payment: StoredPayment, stored: StoredCase, amount: Decimal, fee: Decimal, suggested: Assign | None
) -> Sequence[str]:
    """The assignments, that of the open item first."""
    signed = amount.copy_sign(payment.amount)
    if payment.returns is not None:
        return put_back(uow, payment, stored, signed, fee.copy_sign(payment.amount))
    target = returned_on(uow, stored, amount) if signed < 0 else stored
    wanted = suggested or Assign(
        case_ident=stored.case.ident,
        amount=signed,
        cash_discount=granted_cash_discount(target.case, signed, payment.paid_on),
        document_id=target.document_id,
    )
    return [it.ident for it in assign(uow, payment, [wanted], automatic=False, from_unassigned=True)]


def _problems(
    uow: Uow, body: AssignmentBody, of: Locked, cases: Sequence[StoredCase], amount: Decimal, fee: Decimal
) -> list[Problem]:
    payment, rest = of.payment, abs(of.payment.amount) - of.assigned
    problems = []
    if len(cases) > 1:
        message = f"The order has several documents: {', '.join(stored.case.ident for stored in cases)}. Name one of them."
        problems.append(Problem("target_ambiguous", message, "targetIdent", body.target_ident))
    elif not cases:
        message = f"There is no {body.target_type.lower()} {body.target_ident!r} with an open item."
        problems.append(Problem("target_not_found", message, "targetIdent", body.target_ident))
    elif cases[0].case.currency != payment.currency:
        message = f"The document is in {cases[0].case.currency}, the payment in {payment.currency}."
        problems.append(Problem("currency_differs", message, "targetIdent", body.target_ident))
    if not is_enabled(uow, [payment])[payment.ident]:
        problems.append(not_enabled(payment))
    if of.status == "IGNORED":
        message = "The payment is ignored: set its status to OPEN first."
        problems.append(Problem("payment_ignored", message, "paymentIdent", body.payment_ident))
    elif not rest:
        problems.append(Problem("payment_fully_assigned", "Nothing of the payment is left.", "paymentIdent", body.payment_ident))
    elif not is_amount(amount, payment.currency):
        problems.append(Problem("too_many_decimals", too_fine(payment.currency), "amount", amount))
    elif amount > rest - fee:
        beside = f" beside the {worded(fee, payment.currency)} that the banks took" if fee else ""
        message = f"Only {worded(rest - fee, payment.currency)} are left{beside}."
        problems.append(Problem("amount_exceeds_payment", message, "amount", amount))
    return problems


def _documents_meant(uow: Uow, body: AssignmentBody) -> Sequence[int]:
    """The ids of the documents of an order, or of the one that is named; raises CONFLICT where several companies have the number."""
    assert body.target_ident is not None
    if body.target_type == "ORDER":
        return of_orders(uow, [body.target_ident])
    rows = with_cases(uow, own_first(uow, documents_named(uow, [body.target_ident])[body.target_ident]))
    if len(rows) > 1:
        raise Refused(Kind.CONFLICT, Problem("target_ambiguous", bearers(uow, rows), "targetIdent", body.target_ident))
    return [row.id for row in rows]
