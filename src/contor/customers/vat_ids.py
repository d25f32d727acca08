"""Read which VAT ids customers have: their own, and those of their addresses, which go before it on documents."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Held(NamedTuple):
    """A VAT id of a customer."""

    customer_ident: str
    vat_id: str


_ALL = (
    "SELECT customer_ident, vat_id FROM customer WHERE vat_id IS NOT NULL"
    " UNION SELECT customer_ident, vat_id FROM address WHERE vat_id IS NOT NULL"
)


def vat_ids_of(uow: Uow, customers: Collection[str]) -> set[Held]:
    """Of these customers."""
    of = "vat_id IS NOT NULL AND customer_ident = ANY (%(customers)s)"
    sql = f"SELECT {columns(Held)} FROM customer WHERE {of} UNION SELECT {columns(Held)} FROM address WHERE {of}"
    return set(uow.all(Held, sql, {"customers": sorted(customers)}))


def vat_ids_after(uow: Uow, after: str, prefixes: Sequence[str], customers: int) -> list[Held]:
    """Those with such prefixes of the next so many customers that have one, in the order of their idents."""
    sql = (
        f"SELECT {columns(Held)} FROM ({_ALL}) a WHERE left(vat_id, 2) = ANY (%(prefixes)s) AND customer_ident IN"
        f" (SELECT DISTINCT customer_ident FROM ({_ALL}) b WHERE customer_ident > %(after)s AND left(vat_id, 2) = ANY (%(prefixes)s)"
        " ORDER BY customer_ident LIMIT %(limit)s) ORDER BY customer_ident, vat_id"
    )
    return uow.all(Held, sql, {"after": after, "prefixes": list(prefixes), "limit": customers})


def count_vat_ids(uow: Uow, prefixes: Sequence[str]) -> int:
    """How many there are with such prefixes."""
    sql = f"SELECT count(*) FROM ({_ALL}) a WHERE left(vat_id, 2) = ANY (%(prefixes)s)"
    return uow.scalar(int, sql, {"prefixes": list(prefixes)}) or 0


class _Shown(NamedTuple):
    customer_ident: str
    address_ident: str
    vat_id: str


def shown_vat_ids(uow: Uow, addresses: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """By customer and invoice address, the VAT id that documents to it show; where there is none, nothing."""
    ordered = sorted(addresses)
    sql = (
        "SELECT a.customer_ident, a.address_ident, coalesce(a.vat_id, c.vat_id) AS vat_id"
        " FROM unnest(%s::text[], %s::text[]) AS n(customer_ident, address_ident)"
        " JOIN address a ON a.customer_ident = n.customer_ident AND a.address_ident = n.address_ident"
        " JOIN customer c ON c.tenant_id = a.tenant_id AND c.customer_ident = a.customer_ident"
        " WHERE coalesce(a.vat_id, c.vat_id) IS NOT NULL"
    )
    rows = uow.all(_Shown, sql, ([customer for customer, _ in ordered], [address for _, address in ordered]))
    return {(row.customer_ident, row.address_ident): row.vat_id for row in rows}


def vat_id_at(holder: str) -> str:
    """SQL: the VAT id that the customer of a row (`holder`: its table) has now."""
    return (
        f"(SELECT c.vat_id FROM customer c WHERE c.tenant_id = {holder}.tenant_id AND c.customer_ident = {holder}.customer_ident)"
    )
