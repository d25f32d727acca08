"""Seller and buyer as they stand on a document (BG-4, BG-7). Pure."""

from typing import Literal

from contor.kernel.shapes import (
    Sent,
)


class Address(Sent, frozen=True):
    street: str | None = None
    street_no: str | None = None
    addition: str | None = None
    zip: str | None = None
    city: str | None = None
    state: str | None = None
    country: str = "DE"
    """ISO 3166-1 alpha-2."""


class Contact(Sent, frozen=True):
    name: str | None = None
    phone: str | None = None
    email: str | None = None


class BankAccount(Sent, frozen=True):
    iban: str
    bic: str | None = None
    bank_name: str | None = None
    holder: str | None = None


class ElectronicAddress(Sent, frozen=True):
    """BT-34 / BT-49: scheme from the EAS list, e.g. EM for e-mail."""

    scheme: str
    identifier: str


class Party(Sent, frozen=True):
    """Seller (BG-4) or buyer (BG-7), as frozen in a document."""

    ident: str
    """Operating site's or customer's ident."""
    name: str
    """Legal name (BT-27, BT-44)."""
    address: Address
    trading_name: str | None = None
    person: str | None = None
    """A contact line of the address, e.g. department or attention."""
    vat_id: str | None = None
    tax_number: str | None = None
    register_number: str | None = None
    register_court: str | None = None
    managing_directors: tuple[str, ...] = ()
    contact: Contact = Contact()
    electronic_address: ElectronicAddress | None = None
    bank_accounts: tuple[BankAccount, ...] = ()
    customer_type: Literal["B2B", "B2C", "AFFILIATED"] | None = None
    small_business: bool = False
