"""What the JSON columns of sites, customers and billing groups hold: the fields of their shapes, by the names of the shapes. Pure."""

from typing import Literal, Required, TypedDict


class AddressFields(TypedDict, total=False):
    """Of a `PostalAddress`."""

    street: str | None
    street_no: str | None
    addition: str | None
    zip: str | None
    city: str | None
    state: str | None
    country: Required[str]


class ContactFields(TypedDict, total=False):
    """Of a `ContactPerson`."""

    name: str | None
    phone: str | None
    email: str | None


class AccountFields(TypedDict, total=False):
    """Of a `SiteBankAccount`; a customer's has an ident, too."""

    ident: str | None
    iban: Required[str]
    bic: str | None
    bank_name: str | None
    holder: str | None


class EndpointFields(TypedDict):
    """Of an `EndpointAddress`."""

    scheme: str
    identifier: str


class NumberFields(TypedDict):
    """Of a `NumberOverride`."""

    document_type: str
    external_number: Literal["REQUIRED", "FORBIDDEN"]


class RoundingFields(TypedDict):
    """Of a `RoundingOverride`."""

    currency: str
    decimals: int
