"""Payments of which something is assigned to nothing yet, up to a day: what a closing lists."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.uow import Uow


class Unassigned(NamedTuple):
    """What is left of such payments in one currency; money that went out is below zero."""

    currency: str
    payments: int
    amount: Decimal
    examples: list[str]
    """The idents of the oldest."""


def unassigned_until(uow: Uow, day: dt.date, examples: int) -> list[Unassigned]:
    """By currency. What is ignored waits for nothing."""
    return uow.all(
        Unassigned,
        "SELECT original_currency AS currency, count(*) AS payments,"
        " sum(CASE credit_debit_indicator WHEN 'CREDIT' THEN 1 ELSE -1 END * (original_amount - assigned)) AS amount,"
        " (array_agg(p.ident ORDER BY p.booking_date, p.ident))[1:%(examples)s] AS examples FROM payment p JOIN merchant_payment_account a"
        " ON a.tenant_id = p.tenant_id AND a.ident = p.account_ident WHERE p.status IN ('OPEN', 'PARTIALLY_ASSIGNED')"
        " AND p.booking_date <= %(day)s AND p.replaced_at IS NULL GROUP BY original_currency ORDER BY original_currency",
        {"day": day, "examples": examples},
    )
