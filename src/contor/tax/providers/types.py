"""The values of tax providers: who determines taxes where, and what they are asked with. Pure."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Protocol, get_args

from pydantic import Field

from contor.kernel.places import alpha2
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


class PostalAddress(Protocol):
    """What a provider is told of a customer's address."""

    @property
    def country(self) -> str: ...
    @property
    def street(self) -> str | None: ...
    @property
    def street_no(self) -> str | None: ...
    @property
    def zip(self) -> str | None: ...
    @property
    def city(self) -> str | None: ...
    @property
    def state(self) -> str | None: ...
    @property
    def state_code(self) -> str | None: ...


class Place(Frozen, frozen=True):
    """From where, or to where something is supplied."""

    country: str
    """ISO 3166-1 alpha-2."""
    line: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None

    @classmethod
    def of_site(cls, address: Mapping[str, object]) -> "Place":
        """Where an operating site is, by the fields of its address."""
        said = {name: str(value) for name, value in address.items() if value}
        country = alpha2(said.get("country", "DE")) or "DE"
        return cls(country, _line(said.get("street"), said.get("street_no")), said.get("city"), said.get("state"), said.get("zip"))

    def or_at(self, address: PostalAddress | None) -> "Place":
        """The place itself where it is said as close as a provider needs it, or nothing closer is known; else the customer's address, if it
        lies in that country, and in that region if one is said."""
        if self.postal_code or address is None or (alpha2(address.country) or address.country) != self.country:
            return self
        region = address.state_code or address.state
        if self.region and region and self._own(self.region) != self._own(region):
            return self
        return Place(self.country, _line(address.street, address.street_no), address.city, region or self.region, address.zip)

    def _own(self, region: str) -> str:
        """NY of US-NY (ISO 3166-2)."""
        return region.upper().removeprefix(f"{self.country}-")


def _line(street: str | None, number: str | None) -> str | None:
    return " ".join(part for part in (street, number) if part) or None


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
