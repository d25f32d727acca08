"""Read what customers have to their credit."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from contor.customers.queries import known_customers
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, shape
from contor.openitems.credits.types import CreditAccount, CreditEntry, Standing
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

_MOST = 100


@shape
class CreditsOf:
    customer_ident: Ident


class _Entry(NamedTuple):
    amount: Decimal
    currency: str
    note: str | None
    document_id: int | None
    created_at: dt.datetime


def credit_balances(uow: Uow, customers: Collection[str]) -> list[Standing]:
    """By customer and currency, where there is any."""
    return uow.all(
        Standing,
        "SELECT customer_ident, currency, sum(amount) AS balance FROM customer_credit WHERE customer_ident = ANY (%s)"
        " GROUP BY customer_ident, currency HAVING sum(amount) > 0 ORDER BY customer_ident, currency",
        (sorted(customers),),
    )


@operation("customer_credit.list", permission="bookkeeping.read", reads=True)
def list_credits(uow: Uow, command: CreditsOf) -> CreditAccount:
    """What a customer has to his credit, and how it came to that."""
    ident = command.customer_ident
    if not known_customers(uow, [ident]):
        raise not_found("customer", ident)
    sql = f"SELECT {columns(_Entry)} FROM customer_credit WHERE customer_ident = %s ORDER BY id DESC LIMIT {_MOST}"
    return CreditAccount(
        customer_ident=ident,
        balances={one.currency: one.balance for one in credit_balances(uow, [ident])},
        entries=tuple(CreditEntry(**row._asdict()) for row in uow.all(_Entry, sql, (ident,))),
    )
