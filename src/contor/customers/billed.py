"""Who is billed: a customer with the addresses that his documents have where nothing else is said."""

from collections.abc import Collection
from typing import NamedTuple

from contor.customers.account_holders import next_customer_number
from contor.customers.customers import (
    AddressCreation,
    CreateCustomer,
    CustomerCreation,
    create_address,
    create_customer,
)
from contor.customers.types import CustomerType, TermFields
from contor.runtime.execute import validated
from contor.runtime.resource import Written
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.queries import home


class Billed(NamedTuple):
    """Who is billed, with his first addresses of each kind; NULL where he has none. Those of his contacts are not meant."""

    customer_ident: str
    id: int
    customer_type: CustomerType
    language: str | None
    currency: str | None
    payment_terms: TermFields | None
    deleted: bool
    """Nothing new is done for him."""
    invoice_address_ident: str | None
    invoice_country: str | None
    shipping_address_ident: str | None
    shipping_country: str | None


class ContactAddress(NamedTuple):
    """The address of a contact, and its number."""

    address_ident: str
    country: str
    id: int


_OWN = "customer_ident", "id", "customer_type", "language", "currency", "payment_terms"


def billed(uow: Uow, idents: Collection[str] = (), numbers: Collection[int] = ()) -> dict[str, Billed]:
    """By ident, the customers of these idents and numbers."""

    def first(kind: str, alias: str) -> str:
        return (
            " LEFT JOIN LATERAL (SELECT address_ident, country FROM address WHERE tenant_id = c.tenant_id"
            f" AND customer_ident = c.customer_ident AND address_type = '{kind}' AND contact IS NULL AND deleted_at IS NULL"
            f" ORDER BY (is_default AND address_use = 'INVOICE') DESC, is_default DESC, id LIMIT 1) {alias} ON true"
        )

    read = (
        f"SELECT {', '.join(f'c.{name}' for name in _OWN)}, c.deleted_at IS NOT NULL AS deleted,"
        " i.address_ident AS invoice_address_ident, i.country AS invoice_country,"
        " s.address_ident AS shipping_address_ident, s.country AS shipping_country FROM customer c"
        f"{first('INVOICE', 'i')}{first('SHIPPING', 's')} WHERE"
    )
    # one condition each: of two, neither index would serve
    rows = uow.all(Billed, f"{read} c.customer_ident = ANY (%s)", (sorted(idents),)) if idents else []
    rows += uow.all(Billed, f"{read} c.id = ANY (%s)", (sorted(numbers),)) if numbers else []
    return {row.customer_ident: row for row in rows}


def provisional(uow: Uow, customer_ident: str | None = None) -> Billed:
    """Who is billed as long as nobody has said where the bill goes: a private person, or the customer, in the seller's own country. So
    prices can be shown with a tax; he and the address are made for that, in what is undone."""
    here = home(uow)
    place = {"last_name": "-", "street": "-", "zip": "-", "city": "-", "country": here.country if here is not None else "DE"}
    address = {"address_ident": "provisional", "address_type": "INVOICE", **place}
    ident = customer_ident
    if ident is None:
        ident = next_customer_number(uow)
        said = {"customer_ident": ident, "customer_type": "B2C", "last_name": "-", "addresses": [address]}
        create_customer(uow, CreateCustomer(body=validated(CustomerCreation, said)))
    else:
        create_address(uow, Written((ident,), validated(AddressCreation, address)))
    return billed(uow, [ident])[ident]


def contact_address(uow: Uow, customer_ident: str, number: int) -> ContactAddress | None:
    """The address of this number, of the customer; None: he has none of it."""
    sql = f"SELECT {columns(ContactAddress)} FROM address WHERE customer_ident = %s AND id = %s AND deleted_at IS NULL"
    return uow.first(ContactAddress, sql, (customer_ident, number))


class NumbersBilled(NamedTuple):
    """The number of a customer, and of the address, where it is that of a contact."""

    customer: int
    contact: int | None


class _Named(NamedTuple):
    customer_ident: str
    address_ident: str
    customer: int
    contact: int | None


def numbers_billed(uow: Uow, addresses: Collection[tuple[str, str]]) -> dict[tuple[str, str], NumbersBilled]:
    """By customer and address."""
    rows = uow.all(
        _Named,
        "SELECT n.customer AS customer_ident, n.address AS address_ident, c.id AS customer, a.id AS contact"
        " FROM unnest(%s::text[], %s::text[]) n(customer, address) JOIN customer c ON c.customer_ident = n.customer LEFT JOIN address a"
        " ON a.tenant_id = c.tenant_id AND a.customer_ident = n.customer AND a.address_ident = n.address AND a.contact IS NOT NULL",
        ([customer for customer, _ in addresses], [address for _, address in addresses]),
    )
    return {(row.customer_ident, row.address_ident): NumbersBilled(row.customer, row.contact) for row in rows}
