"""How many contracts of customers run."""

from collections.abc import Collection
from typing import NamedTuple

from contor.runtime.uow import Uow


class _Count(NamedTuple):
    customer_ident: str
    contracts: int


def running_contracts(uow: Uow, customers: Collection[str]) -> dict[str, int]:
    """By customer: 0 for who has none. A contract that is paused runs."""
    rows = uow.all(
        _Count,
        "SELECT customer_ident, count(*) AS contracts FROM contract WHERE customer_ident = ANY (%(customers)s)"
        " AND start_on <= %(today)s AND (end_on IS NULL OR end_on > %(today)s) AND end_kind IS DISTINCT FROM 'CANCELLED'"
        " GROUP BY customer_ident",
        {"customers": sorted(customers), "today": uow.ctx.today()},
    )
    return {**dict.fromkeys(customers, 0), **dict(rows)}
