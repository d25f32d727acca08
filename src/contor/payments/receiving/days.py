"""Which days a payment may have: a bank reports what it has booked, not in the future, nor longer ago than the books take it."""

import datetime as dt
from collections.abc import Iterable

from contor.kernel.context import add_months
from contor.kernel.errors import Problem
from contor.payments.types import PaymentBody
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

VALUED_WITHIN = dt.timedelta(days=7)
"""Of the booking: over holidays the value date lies a few days behind it."""


def day_problems(uow: Uow, bodies: Iterable[PaymentBody], *, by_bank: bool = False) -> list[Problem]:
    """A finding for each day that is later, or further back than the tenant takes something (accounting reference 9, "backdating").
    `by_bank`: of a statement, whose value dates are as the bank says them."""
    problems = []
    today, months = uow.ctx.today(), tenant_settings(uow).backdating_limit_months
    oldest = add_months(today, -months)
    days = [
        day
        for body in bodies
        for day in (
            ("bookingDate", body.booking_date, today),
            ("valueDate", None if by_bank else body.value_date, min(body.booking_date, today) + VALUED_WITHIN),
        )
    ]
    for path, day, latest in days:
        if day is not None and day > latest:
            problems.append(Problem("payment_in_future", f"is after {latest}: no bank has booked it by today ({today})", path, day))
        elif day is not None and day < oldest:
            message = f"is before {oldest}: at most {months} months back are taken, which the tenant settings say"
            problems.append(Problem("backdating_limit", message, path, day))
    return problems
