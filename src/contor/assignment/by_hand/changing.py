"""What a person says of a payment after it came: its category, what it pays, notes; and that it is to be left alone."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from contor.assignment.by_hand.again import match_again
from contor.assignment.categories import known_categories
from contor.assignment.suggestions import withdraw
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, is_amount, too_fine, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, Text255, is_blank, shape
from contor.payments.changing import Locked, change_said, locked, nothing_assigned, set_standing
from contor.payments.payments import OnePayment, get_payment
from contor.payments.types import BatchItem, PaymentProperty, PaymentView
from contor.runtime.uow import Uow


@shape
class PaymentChange:
    """What is left out stays."""

    category: Ident | None = None
    """An enabled one; the rules of the account are not asked again."""
    batch_items: Annotated[tuple[BatchItem, ...], Field(max_length=1000)] | None = None
    properties: Annotated[tuple[PaymentProperty, ...], Field(max_length=100)] | None = None


@shape
class StatusChange:
    status: Literal["OPEN", "IGNORED"]
    reason: Text255 | None = None
    """Why it is ignored; required then."""


@dataclass(frozen=True, slots=True)
class ChangePayment:
    merchant_payment_account_ident: str
    payment_ident: str
    body: PaymentChange


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    merchant_payment_account_ident: str
    payment_ident: str
    body: StatusChange


@operation("payment.change", permission="payments.write")
def change_payment(uow: Uow, command: ChangePayment) -> PaymentView:
    """Say another category, what a collective transfer pays, notes. A payment of which nothing is assigned is matched again."""
    body, of = command.body, _locked(uow, command.merchant_payment_account_ident, command.payment_ident)
    problems = []
    if body.category is not None and not known_categories(uow, [body.category]).get(body.category):
        message = f"There is no enabled payment category {body.category!r}."
        problems.append(Problem("payment_category_unknown", message, "category", body.category))
    if body.batch_items is not None:
        problems += _batch_problems(of, body.batch_items)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    said = {name: getattr(body, name) for name in ("batch_items", "properties") if getattr(body, name) is not None}
    if said:
        change_said(uow, of.payment.ident, said)
    if body.category is not None or body.batch_items is not None:
        match_again(uow, of.payment.ident, category=body.category)
    return get_payment(uow, OnePayment(command.merchant_payment_account_ident, command.payment_ident))


@operation("payment.update_status", permission="payments.write")
def update_status(uow: Uow, command: ChangeStatus) -> PaymentView:
    """Leave a payment alone, of which nothing is assigned; or look at one again that was left alone."""
    body, of = command.body, _locked(uow, command.merchant_payment_account_ident, command.payment_ident)
    payment = of.payment
    if of.status not in ("OPEN", "IGNORED"):
        message = f"The payment is {of.status}: reverse its assignments first."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_is_assigned", message, "status", body.status))
    if body.status == "IGNORED":
        if is_blank(body.reason):
            raise Refused(Kind.INVALID, Problem("reason_missing", "Say why it is to be left alone.", "reason"))
        set_standing(uow, [nothing_assigned(payment, body.reason, ignored=True)])
        withdraw(uow, payment.ident, ZERO)
    else:
        set_standing(uow, [nothing_assigned(payment, None)])
        match_again(uow, payment.ident)
    return get_payment(uow, OnePayment(command.merchant_payment_account_ident, command.payment_ident))


def _locked(uow: Uow, account: str, ident: str) -> Locked:
    get_payment(uow, OnePayment(account, ident))  # says which of the two is unknown
    return locked(uow, ident)


def _batch_problems(of: Locked, items: tuple[BatchItem, ...]) -> list[Problem]:
    """They come to the payment, which is in one currency, and it is not assigned yet."""
    problems, payment = [], of.payment
    for n, item in enumerate(items):
        if item.currency != payment.currency:
            message = f"is {item.currency}, but the payment is in {payment.currency}"
            problems.append(Problem("currency_differs", message, f"batchItems[{n}].currency", item.currency))
        elif not is_amount(item.amount, item.currency):
            problems.append(Problem("amount_not_in_currency", too_fine(item.currency), f"batchItems[{n}].amount", item.amount))
    total = sum((item.amount for item in items), ZERO)
    if items and total != abs(payment.amount):
        whole = worded(abs(payment.amount), payment.currency)
        message = f"the parts come to {worded(total, payment.currency)}, the payment to {whole}"
        problems.append(Problem("batch_items_differ", message, "batchItems", total))
    if of.assigned:
        message = "Something of the payment is assigned: reverse it first."
        problems.append(Problem("payment_is_assigned", message, "batchItems"))
    return problems
