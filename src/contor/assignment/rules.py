"""Whether a payment may go to the cases it names: the amount check against the account's switches (platform API 4.7; money 4). Pure.

The exact amount always goes; with earned Skonto it is exact too. A payment that names several cases and is exactly their sum goes to
all of them. What is left over or missing needs a switch; an underpaid case stays open with the rest, an overpaid one is a credit. Of
several cases those are paid first that the law says (section 366 BGB).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from contor.assignment.discounts import cash_discount_amount, granted_cash_discount, printed_cash_discount
from contor.assignment.types import Assign, AssignmentConfiguration, Outcome, Reason, TargetType
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.openitems.types import Case


def outcome(
    amount: Decimal,
    currency: str,
    paid_on: dt.date,
    cases: Sequence[Case],
    configuration: AssignmentConfiguration,
    *,
    target_type: TargetType = "DOCUMENT",
    said: Mapping[str, Decimal] | None = None,
) -> Outcome:
    """What becomes of a payment of `amount` whose text names `cases`, in the order found by one strategy (`matching.candidates`).

    `paid_on` is the value date, else the booking date; it decides about Skonto. Closed cases and those that we owe do not count. `said`:
    what the payer writes beside each number.
    """
    if amount <= 0:
        return Outcome(reason=Reason.NOT_A_RECEIPT)
    owed = [case for case in cases if case.balance > 0]
    if not owed:
        closed = bool(cases) and all(case.is_closed for case in cases)
        return Outcome(reason=Reason.TARGET_CLOSED if closed else Reason.TARGET_NOT_FOUND)
    fitting = [case for case in owed if case.currency == currency]
    if not fitting:
        return Outcome(reason=Reason.CURRENCY_DIFFERS)
    credit = -sum((case.balance for case in cases if case.balance < 0 and case.currency == currency), ZERO)
    is_one = any(amount == case.balance for case in fitting)
    if credit and not is_one and settling(_less_credits(fitting, credit), amount, paid_on) is not None:
        return Outcome(reason=Reason.CREDIT_NAMED)
    if (assigned := _exact(fitting, amount, paid_on)) is not None:
        return Outcome(assignments=(assigned,))
    if (together := _together(fitting, amount, paid_on)) is not None:
        return Outcome(assignments=together)
    if len(fitting) > 1 and (ordered := _as_ordered(amount, fitting, said or {})) is not None:
        return Outcome(assignments=ordered)
    if left := _less_credits(fitting, credit):
        found = by_switches(amount, paid_on, left, configuration, target_type)
        return Outcome(reason=Reason.CREDIT_NAMED) if credit and found.assignments else found
    return by_switches(amount, paid_on, fitting, configuration, target_type)


def _exact(cases: Sequence[Case], amount: Decimal, paid_on: dt.date) -> Assign | None:
    """The first of them that it pays in full, else less all of its Skonto, else less a part of it."""
    for case in cases:
        if amount == case.balance:
            return Assign(case_ident=case.ident, amount=amount)
    earned = [(case, granted) for case in cases if (granted := _settling_discount(case, amount, paid_on)) is not None]
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


def settling(cases: Sequence[Case], amount: Decimal, paid_on: dt.date) -> tuple[Assign, ...] | None:
    """What the payment does where it settles all of these: in full, or less the Skonto that it has earned. None: it does not."""
    if len(cases) == 1:
        one = _exact(cases, amount, paid_on)
        return None if one is None else (one,)
    return _together(cases, amount, paid_on)


def _less_credits(cases: Sequence[Case], credit: Decimal) -> list[Case]:
    """What credits of so much leave of them, as they are cleared: what is due first goes first."""
    off = dict[str, Decimal]()
    for case in sorted(cases, key=lambda case: case.due_date):
        off[case.ident] = min(credit, case.balance)
        credit -= off[case.ident]
    return [less_cleared(case, off[case.ident]) for case in cases if case.balance > off[case.ident]]


def less_cleared(case: Case, amount: Decimal) -> Case:
    """What a payment will find of the case once so much of it is cleared."""
    return replace(case, balance=case.balance - amount, cleared=case.cleared + amount)


def _least(case: Case, paid_on: dt.date) -> Assign:
    """The least that closes the case on that day."""
    discount = max(earnable_discounts(case, paid_on), default=ZERO)
    amount = case.balance - discount
    return Assign(case_ident=case.ident, amount=amount, cash_discount=_settling_discount(case, amount, paid_on))


def earnable_discounts(case: Case, paid_on: dt.date) -> list[Decimal]:
    """The Skonto amounts that a payment on `paid_on` may still deduct: as the document says them, and of what credits have left."""
    amounts = [of(case, discount) for discount in case.cash_discount for of in (printed_cash_discount, cash_discount_amount)]
    return [amount for amount in amounts if _settling_discount(case, case.balance - amount, paid_on) is not None]


def _settling_discount(case: Case, amount: Decimal, paid_on: dt.date) -> Decimal | None:
    """The Skonto that the payment has earned, where with it nothing stays open but what credits take that were not cleared yet. None:
    nothing is granted, or more was deducted than that."""
    granted = granted_cash_discount(case, amount, paid_on)
    if granted is None or case.balance - amount - granted > max(ZERO, case.credited - case.cleared):
        return None
    return granted


def _as_ordered(amount: Decimal, cases: Sequence[Case], said: Mapping[str, Decimal]) -> tuple[Assign, ...] | None:
    """The payer's own order (section 366 (1) BGB): he says how much is for which, and it is all of the payment."""
    parts = [Assign(case_ident=case.ident, amount=said[case.ident]) for case in cases if said.get(case.ident, ZERO) > ZERO]
    owed = {case.ident: case.balance for case in cases}
    within = all(part.amount <= owed[part.case_ident] for part in parts)
    return tuple(parts) if within and parts and amount == sum((part.amount for part in parts), ZERO) else None


def _switches(configuration: AssignmentConfiguration, target_type: TargetType) -> tuple[bool, bool]:
    """Whether more, and whether less than is owed is assigned."""
    if target_type == "DOCUMENT":
        return configuration.overpayment_assignment_to_documents, configuration.underpayment_assignment_to_documents
    return configuration.overpayment_assignment_to_orders, configuration.underpayment_assignment_to_orders


def by_switches(
    amount: Decimal, paid_on: dt.date, cases: Sequence[Case], configuration: AssignmentConfiguration, target_type: TargetType
) -> Outcome:
    """What becomes of a payment that is more or less than what is owed on these cases together."""
    if len(cases) == 1:
        return _by_switch(amount, cases[0], configuration, target_type)
    return _of_several(amount, paid_on, cases, configuration, target_type)


def _of_several(
    amount: Decimal, paid_on: dt.date, cases: Sequence[Case], configuration: AssignmentConfiguration, target_type: TargetType
) -> Outcome:
    """More than all of them: the surplus is a credit on the last. Less: in the order of the law, and the last takes the part."""
    over, under = _switches(configuration, target_type)
    owed = sum((case.balance for case in cases), ZERO)
    if amount > owed:
        if not over:
            return Outcome(reason=Reason.OVERPAID)
        parts = [Assign(case_ident=case.ident, amount=case.balance) for case in cases[:-1]]
        return Outcome(assignments=(*parts, Assign(case_ident=cases[-1].ident, amount=amount - owed + cases[-1].balance)))
    if not under:
        return Outcome(reason=Reason.UNDERPAID)
    left, made = amount, list[Assign]()
    in_order = by_law(cases, paid_on)
    for at, case in enumerate(in_order):
        if not left:
            break
        equal = [other for other in in_order[at:] if _rank(other, paid_on) == _rank(case, paid_on)]
        if len(equal) > 1 and left < sum((other.balance for other in equal), ZERO):
            return Outcome(reason=Reason.EQUALLY_DUE)
        part = min(left, case.balance)
        made.append(Assign(case_ident=case.ident, amount=part))
        left -= part
    return Outcome(assignments=tuple(made))


def by_law(cases: Sequence[Case], paid_on: dt.date) -> list[Case]:
    """In the order in which debts are paid (section 366 (2) BGB): what is due, of that what is due longest, then the older one. None of
    them is better secured or more burdensome than another, as far as a case says."""
    return sorted(cases, key=lambda case: _rank(case, paid_on))


def _rank(case: Case, paid_on: dt.date) -> tuple[bool, dt.date, dt.date]:
    return case.due_date > paid_on, case.due_date, case.document_date


def _by_switch(amount: Decimal, case: Case, configuration: AssignmentConfiguration, target_type: TargetType) -> Outcome:
    over, under = _switches(configuration, target_type)
    allowed, reason = (over, Reason.OVERPAID) if amount > case.balance else (under, Reason.UNDERPAID)
    if not allowed:
        return Outcome(reason=reason)
    return Outcome(assignments=(Assign(case_ident=case.ident, amount=amount),))
