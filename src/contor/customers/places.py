"""Where customers are: addresses by their idents, many at once."""

from collections.abc import Collection
from typing import NamedTuple

from contor.customers.queries import Address, address_types
from contor.kernel.errors import Problem
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class _Placed(NamedTuple):
    customer_ident: str
    address_ident: str
    country: str


_NAMED = (
    " FROM address a JOIN unnest(%s::text[], %s::text[]) AS n(customer, address)"
    " ON a.customer_ident = n.customer AND a.address_ident = n.address"
)


def countries_at(uow: Uow, addresses: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The countries of addresses, by customer and address; of those that exist."""
    if not addresses:
        return {}
    rows = uow.all(_Placed, f"SELECT {columns(_Placed, 'a')}{_NAMED}", _names(addresses))
    return {(row.customer_ident, row.address_ident): row.country for row in rows}


def addresses_at(uow: Uow, addresses: Collection[tuple[str, str]]) -> dict[tuple[str, str], Address]:
    """The addresses themselves, likewise."""
    if not addresses:
        return {}
    rows = uow.all(Address, f"SELECT {columns(Address, 'a')}{_NAMED}", _names(addresses))
    return {(row.customer_ident, row.address_ident): row for row in rows}


def address_findings(uow: Uow, customer_ident: str, invoice: str | None, shipping: str | None, path: str = "") -> list[Problem]:
    """What is wrong with the addresses that are named: bills go to an INVOICE address, and what is supplied to any that he has. `path`: of
    what names them, with its dot."""
    named = {"invoiceAddressIdent": invoice, "shippingAddressIdent": shipping}
    if invoice is None and shipping is None:
        return []
    known, problems = address_types(uow, customer_ident), list[Problem]()
    for field, ident in named.items():
        is_for_bills = field == "invoiceAddressIdent"
        if ident is not None and (known.get(ident) != "INVOICE" if is_for_bills else ident not in known):
            kind = "INVOICE address" if is_for_bills else "address"
            problems.append(Problem("address_unknown", f"is no {kind} of the customer", f"{path}{field}", ident))
    return problems


def _names(addresses: Collection[tuple[str, str]]) -> tuple[list[str], list[str]]:
    ordered = sorted(addresses)
    return [customer for customer, _ in ordered], [address for _, address in ordered]


class InvoiceAddress(NamedTuple):
    """Where bills of a customer go."""

    id: int
    address_ident: str
    company: str | None
    first_name: str | None
    last_name: str | None
    street: str | None
    street_no: str | None
    address_addition: str | None
    zip: str | None
    city: str | None
    country: str
    vat_id: str | None


def invoice_addresses(uow: Uow, customer_ident: str) -> list[InvoiceAddress]:
    """The customer's own, the first one first."""
    sql = (
        f"SELECT {columns(InvoiceAddress)} FROM address WHERE customer_ident = %s AND address_type = 'INVOICE' AND contact IS NULL"
        " AND deleted_at IS NULL ORDER BY id LIMIT 100"
    )
    return uow.all(InvoiceAddress, sql, (customer_ident,))
