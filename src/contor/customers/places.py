"""Where customers are."""

from collections.abc import Collection
from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class _Placed(NamedTuple):
    customer_ident: str
    address_ident: str
    country: str


def countries_at(uow: Uow, addresses: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The countries of addresses, by customer and address; of those that exist."""
    if not addresses:
        return {}
    sql = (
        f"SELECT {columns(_Placed, 'a')} FROM address a JOIN unnest(%s::text[], %s::text[]) AS n(customer, address)"
        " ON a.customer_ident = n.customer AND a.address_ident = n.address"
    )
    rows = uow.all(_Placed, sql, tuple(list(names) for names in zip(*sorted(addresses), strict=True)))
    return {(row.customer_ident, row.address_ident): row.country for row in rows}
