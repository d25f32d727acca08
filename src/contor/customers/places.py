"""Read where customers are: addresses by their idents, many at once."""

from collections.abc import Collection

from contor.customers.queries import Address
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


def addresses_at(uow: Uow, named: Collection[tuple[str, str]]) -> dict[tuple[str, str], Address]:
    """By customer and address, those that exist."""
    ordered = sorted(named)
    sql = (
        f"SELECT {columns(Address, 'a')} FROM unnest(%s::text[], %s::text[]) AS n(customer_ident, address_ident)"
        " JOIN address a ON a.customer_ident = n.customer_ident AND a.address_ident = n.address_ident"
    )
    rows = uow.all(Address, sql, ([customer for customer, _ in ordered], [address for _, address in ordered]))
    return {(row.customer_ident, row.address_ident): row for row in rows}
