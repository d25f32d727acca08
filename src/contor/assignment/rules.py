"""Whether a payment may go to the cases it names: the amount check against the account's switches (platform API 4.7). Pure.

The exact amount always goes; with earned Skonto it is exact too. A payment that names several cases and is exactly their sum goes to
all of them. What is left over or missing needs a switch; an underpaid case stays open with the rest, an overpaid one is a credit.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from contor.assignment.discounts import granted_cash_discount, printed_cash_discount
from contor.assignment.types import Assign, AssignmentConfiguration, Outcome, Reason, TargetType
from contor.kernel.money import ZERO
from contor.openitems.types import Case


def outcome(
    amount: Decimal,
    currency: str,
    paid_on: dt.date,
    cases: Sequence[Case],
    configuration: AssignmentConfiguration,
    *,
    target_type: TargetType = "DOCUMENT",
) -> Outcome:
    """What becomes of a payment of `amount` whose text names `cases`, in the order found by one strategy (`matching.candidates`).

    `paid_on` is the value date, else the booking date; it decides about Skonto. Closed cases and those that we owe do not count.
    """
    if amount <= 0:
        return Outcome(reason=Reason.NOT_A_RECEIPT)
    owed = [case for case in cases if case.balance > 0]
    if not owed:
        return Outcome(reason=Reason.TARGET_NOT_FOUND)
    fitting = [case for case in owed if case.currency == currency]
    if not fitting:
        return Outcome(reason=Reason.CURRENCY_DIFFERS)
    if (assigned := _exact(fitting, amount, paid_on)) is not None:
        return Outcome(assignments=(assigned,))
    if (together := _together(fitting, amount, paid_on)) is not None:
        return Outcome(assignments=together)
    # the first one named: the switches ask about one target
    return _by_switch(amount, fitting[0], configuration, target_type)


def _exact(cases: Sequence[Case], amount: Decimal, paid_on: dt.date) -> Assign | None:
    """The first of them that it pays in full, else less all of its Skonto, else less a part of it."""
    for case in cases:
        if amount == case.balance:
            return Assign(case_ident=case.ident, amount=amount)
    earned = [(case, granted) for case in cases if (granted := granted_cash_discount(case, amount, paid_on)) is not None]
    whole = [(case, granted) for case, granted in earned if case.balance - amount in earnable_discounts(case, paid_on)]
    for case, granted in whole or earned:
        return Assign(case_ident=case.ident, amount=amount, cash_discount=granted)
    return None


def _together(cases: Sequence[Case], amount: Decimal, paid_on: dt.date) -> tuple[Assign, ...] | None:
    """All cases paid by one transfer: in full, or each less the Skonto it has earned."""
    if len(cases) < 2:  # one alone was looked at before
        return None
    if amount == sum((case.balance for case in cases), ZERO):
        return tuple(Assign(case_ident=case.ident, amount=case.balance) for case in cases)
    discounted = [_least(case, paid_on) for case in cases]
    return tuple(discounted) if amount == sum((part.amount for part in discounted), ZERO) else None


def _least(case: Case, paid_on: dt.date) -> Assign:
    """The least that closes the case on that day."""
    discount = max(earnable_discounts(case, paid_on), default=ZERO)
    amount = case.balance - discount
    return Assign(case_ident=case.ident, amount=amount, cash_discount=granted_cash_discount(case, amount, paid_on))


def earnable_discounts(case: Case, paid_on: dt.date) -> list[Decimal]:
    """The Skonto amounts, as the document says them, that a payment on `paid_on` may still deduct."""
    amounts = (printed_cash_discount(case, discount) for discount in case.cash_discount)
    return [amount for amount in amounts if granted_cash_discount(case, case.balance - amount, paid_on) is not None]


def _by_switch(amount: Decimal, case: Case, configuration: AssignmentConfiguration, target_type: TargetType) -> Outcome:
    documents = target_type == "DOCUMENT"
    if amount > case.balance:
        allowed, reason = (
            configuration.overpayment_assignment_to_documents if documents else configuration.overpayment_assignment_to_orders,
            Reason.OVERPAID,
        )
    else:
        allowed, reason = (
            configuration.underpayment_assignment_to_documents if documents else configuration.underpayment_assignment_to_orders,
            Reason.UNDERPAID,
        )
    if not allowed:
        return Outcome(reason=reason)
    return Outcome(assignments=(Assign(case_ident=case.ident, amount=amount),))
