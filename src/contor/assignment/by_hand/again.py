"""A payment that waits is looked at again, because a person has said something of it."""

from contor.assignment.match import match
from contor.kernel.shapes import replace
from contor.payments.changing import Standing, locked_payments, set_standing
from contor.runtime.uow import Uow


def match_again(uow: Uow, ident: str, category: str | None = None) -> None:
    """Look at a payment again of which nothing is assigned. `category`: a person's word, in the place of the one that it has."""
    of = locked_payments(uow, [ident])[ident]
    payment = of.payment if category is None else replace(of.payment, category=category)
    if category is not None:
        set_standing(uow, [Standing(ident, of.assigned, abs(payment.amount), of.reason, category, of.status == "IGNORED")])
    if of.status == "OPEN":
        match(uow, [payment], from_unassigned=True)
