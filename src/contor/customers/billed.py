"""Who is billed: a customer with the addresses that his documents have where nothing else is said."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, TypedDict

from contor.customers.types import CustomerType
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class PropertyFields(TypedDict):
    """A property as it is stored."""

    key: str
    value: str


class Billed(NamedTuple):
    """Who is billed, with his first addresses of each kind; NULL where he has none."""

    customer_ident: str
    id: int
    customer_type: CustomerType
    company: str | None
    first_name: str | None
    last_name: str | None
    language: str | None
    currency: str | None
    properties: Sequence[PropertyFields]
    invoice_address_ident: str | None
    invoice_country: str | None
    shipping_address_ident: str | None
    shipping_country: str | None


def billed(uow: Uow, idents: Collection[str] = (), numbers: Collection[int] = ()) -> dict[str, Billed]:
    """By ident, the customers of these idents and numbers."""

    def first(kind: str, alias: str) -> str:
        return (
            f" LEFT JOIN LATERAL (SELECT address_ident, country FROM address WHERE tenant_id = c.tenant_id"
            f" AND customer_ident = c.customer_ident AND address_type = '{kind}' ORDER BY id LIMIT 1) {alias} ON true"
        )

    own = columns(Billed).split(", ")[:9]
    sql = (
        f"SELECT {', '.join(f'c.{name}' for name in own)}, i.address_ident AS invoice_address_ident, i.country AS invoice_country,"
        " s.address_ident AS shipping_address_ident, s.country AS shipping_country FROM customer c"
        f"{first('INVOICE', 'i')}{first('SHIPPING', 's')} WHERE c.customer_ident = ANY (%s) OR c.id = ANY (%s)"
    )
    rows = uow.all(Billed, sql, (sorted(idents), sorted(numbers))) if idents or numbers else []
    return {row.customer_ident: row for row in rows}
