"""The values of tax providers: who determines taxes where, and what they are asked with. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import Field

from contor.kernel.shapes import PRINTABLE, Frozen, Ident, Text255, shape
from contor.tax.configuration import Provider

PROVIDERS: tuple[Provider, ...] = get_args(Provider)
Outside = Literal["AVALARA"]
"""Those that are asked over the network."""


@shape
class ProviderMappingBody:
    provider: Provider
    billing_group_ident: Ident | None = None
    """For what this group bills alone; without it, for all groups that have none of their own."""


@shape
class ProviderMapping:
    country: str
    """ISO 3166-1 alpha-2."""
    billing_group_ident: str | None
    provider: Provider


@shape
class ProviderMappings:
    configurations: tuple[ProviderMapping, ...]


@shape
class CredentialsBody:
    """Written; of it the user name alone is answered."""

    username: Annotated[str, Field(min_length=1, max_length=255, pattern=PRINTABLE)]
    password: Annotated[str, Field(min_length=1, max_length=1000, pattern=PRINTABLE)]


@shape
class CredentialsView:
    provider: Provider
    username: str


@shape
class CredentialsList:
    credentials: tuple[CredentialsView, ...]


@shape
class ProviderProperty:
    key: Text255
    value: Text255


@shape
class PropertiesBody:
    properties: Annotated[tuple[ProviderProperty, ...], Field(max_length=50)]


@shape
class PropertiesView:
    provider: Provider
    properties: tuple[ProviderProperty, ...]


@shape
class EnabledProvider:
    provider: Provider
    username: str | None
    """With which it is asked; null: it needs none."""


@shape
class EnabledProviders:
    providers: tuple[EnabledProvider, ...]


class Place(Frozen, frozen=True):
    """From where, or to where something is supplied."""

    country: str
    line: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None


class Quotation(Frozen, frozen=True):
    """A supply whose taxes a provider is asked for. Equal ones are asked for once."""

    customer_ident: str
    currency: str
    day: dt.date
    """On which the supply is completed."""
    amount: Decimal
    """On the agreed side."""
    basis: Literal["NET", "GROSS"]
    quantity: Decimal
    category: str
    sent_from: Place
    sent_to: Place
    article_number: str | None = None
    description: str | None = None
    exemption: str | None = None
    """Why the customer bears no tax, as its master data say."""


class QuotedTax(Frozen, frozen=True):
    name: str
    rate: Decimal
    """Percent of the row's net."""
    code: str | None = None
    """Of the jurisdiction."""


TransactionType = Literal["SalesInvoice", "ReturnInvoice"]
TransactionStatus = Literal["TO_COMMIT", "COMMITTED", "TO_VOID", "VOIDED", "REFUSED"]


@shape
class TaxTransactionView:
    """A document as it is recorded at a tax provider."""

    code: str
    """The document's number, with which its code at the provider begins."""
    provider: Provider
    type: TransactionType
    status: TransactionStatus
    """TO_COMMIT, TO_VOID: not done yet, and tried again by itself; REFUSED: a person has to look at it."""
    failure: str | None
    """Why it is not done."""
    tries: int
    try_at: dt.datetime | None
    created_at: dt.datetime
    done_at: dt.datetime | None
