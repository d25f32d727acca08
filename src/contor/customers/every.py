"""Every customer with an address, in constant memory: for exports."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from contor.customers.types import CustomerType
from contor.runtime.query.reading import streamed
from contor.runtime.uow import Uow


class CustomerRow(NamedTuple):
    """A customer with the oldest invoice address."""

    customer_ident: str
    customer_type: CustomerType
    company: str | None
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    currency: str | None
    vat_id: str | None
    tax_number: str | None
    debtor_account: int | None
    creditor_account: int | None
    created_at: dt.datetime
    street: str | None
    street_no: str | None
    addition: str | None
    zip: str | None
    city: str | None
    state: str | None
    country: str | None
    """None: without an address."""

    @property
    def name(self) -> str:
        """Of the company, else of the person, else the ident."""
        return self.company or " ".join(part for part in (self.first_name, self.last_name) if part) or self.customer_ident


_SQL = (
    "SELECT c.customer_ident, c.customer_type, c.company, c.first_name, c.last_name, c.email, c.phone, c.currency, c.vat_id, c.tax_number,"
    " c.debtor_account, c.creditor_account, c.created_at, a.street, a.street_no, a.addition, a.zip, a.city, a.state, a.country"
    " FROM customer c LEFT JOIN LATERAL (SELECT o.street, o.street_no, o.address_addition AS addition, o.zip, o.city, o.state, o.country"
    " FROM address o WHERE o.tenant_id = c.tenant_id AND o.customer_ident = c.customer_ident"
    " ORDER BY o.address_type = 'INVOICE' DESC, o.id LIMIT 1) a ON true ORDER BY c.customer_ident"
)


def all_customers(uow: Uow) -> Iterator[CustomerRow]:
    """Every customer, by ident, in constant memory: for exports."""
    return streamed(uow, CustomerRow, _SQL, name="customers")
