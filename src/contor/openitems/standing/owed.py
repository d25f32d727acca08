"""What customers have to their credit: open items that we owe them, with which debts of theirs can be cleared."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.uow import Uow


class _Balance(NamedTuple):
    customer_ident: str
    balance: Decimal


def credit_balances(uow: Uow, customers: Collection[str], currency: str = "EUR") -> dict[str, Decimal]:
    """By the idents of those who have any, as positive amounts."""
    rows = uow.all(
        _Balance,
        "SELECT customer_ident, -sum(balance) AS balance FROM opos_case WHERE customer_ident = ANY (%s) AND status = 'OPEN'"
        " AND balance < 0 AND currency = %s GROUP BY customer_ident",
        (sorted(customers), currency),
    )
    return {row.customer_ident: row.balance for row in rows}
