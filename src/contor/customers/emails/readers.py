"""Read who reads what is written to customers, and where."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, TypedDict

from contor.customers.types import Delivery
from contor.runtime.uow import Uow


class ReadAt(TypedDict):
    """An address at which a customer reads his mail."""

    email: str
    name: str | None
    invoices: bool
    dunning: bool


class Reader(NamedTuple):
    """Who reads what is written to a customer, and where."""

    customer_ident: str
    name: str
    email: str | None
    language: str | None
    wants_no_mail: bool
    """By a property of the customer: `mail` with the value NONE."""
    invoice_delivery: Delivery | None
    """How he wants to get his documents; None: as the tenant sends them."""
    copies: list[str]
    """Who gets a copy of them."""
    addresses: Sequence[ReadAt]
    """All of his, the default one first."""

    @property
    def documents_to(self) -> list[str]:
        """Where his documents are sent: to the addresses that are meant for them, else to his own."""
        meant = [one["email"] for one in self.addresses if one["invoices"]]
        return meant or ([self.email] if self.email else [])

    @property
    def reminders_to(self) -> list[str]:
        """Where he is reminded: at the addresses that are meant for it, else where his documents are sent."""
        return [one["email"] for one in self.addresses if one["dunning"]] or self.documents_to

    def name_at(self, recipient: str) -> str | None:
        """Who reads mail there; None: nobody knows."""
        named = {one["email"]: one["name"] for one in self.addresses}
        return named.get(recipient) or (self.name if recipient in named or recipient == self.email else None)


def readers(uow: Uow, customers: Collection[str]) -> dict[str, Reader]:
    """By the customers' idents."""
    rows = uow.all(
        Reader,
        "SELECT customer_ident, coalesce(company, nullif(concat_ws(' ', first_name, last_name), ''), customer_ident) AS name, email,"
        """ language, coalesce(properties @> '[{"key": "mail", "value": "NONE"}]'::jsonb, false) AS wants_no_mail, invoice_delivery,"""
        " coalesce((SELECT array_agg(e) FROM jsonb_array_elements_text(profile -> 'email_cc') AS e), '{}') AS copies,"
        " coalesce((SELECT jsonb_agg(jsonb_build_object('email', e.email, 'name', e.receiver_name, 'invoices', e.for_invoices,"
        " 'dunning', e.for_dunning) ORDER BY NOT e.is_default, e.id) FROM customer_email e WHERE e.tenant_id = customer.tenant_id"
        " AND e.customer_ident = customer.customer_ident), '[]'::jsonb) AS addresses FROM customer"
        " WHERE customer_ident = ANY (%s)",
        (sorted(customers),),
    )
    return {row.customer_ident: row for row in rows}
