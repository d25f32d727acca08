"""The values of the master data that a company keeps about itself. Pure."""

import zoneinfo
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from contor.kernel.codes import ELECTRONIC_ADDRESS, coded
from contor.kernel.shapes import Amount, Currency, Ident, Language, Name255, Text32, Text100, Text255, shape, written
from contor.settings.countries import Country, PostalCountry
from contor.settings.identifiers import Bic, Iban


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _zone(name: str) -> str:
    if name not in _known_zones():
        raise PydanticCustomError("time_zone_unknown", "is no time zone of the IANA list, such as Europe/Berlin")
    return name


TimeZone = Annotated[str, AfterValidator(_zone), Field(examples=["Europe/Berlin"])]
"""IANA name of a time zone."""

# No control characters, which no e-invoice can carry, and none without width or that turn the direction: two addresses would look like one
_IN_EMAIL = r"[^@\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff]+"
EmailAddress = Annotated[str, written(rf"^{_IN_EMAIL}@{_IN_EMAIL}\.{_IN_EMAIL}$", "an e-mail address", max_length=255)]
WebAddress = Annotated[
    str,
    written(r"^https?://[^\s<>\"'\x00-\x1f\x7f-\x9f]{1,2000}$", "an address that begins with https:// or http://", max_length=2010),
]
"""Where somebody's browser is sent to."""

DocumentTypeName = Literal[
    "INVOICE",
    "CREDIT_MEMO",
    "DEPOSIT_INVOICE",
    "DEPOSIT_INVOICE_CORRECTION",
    "SELF_BILLING_INVOICE",
    "SELF_BILLING_INVOICE_CORRECTION",
]

AggregationStrategy = Literal[
    "BY_TAX_RATE",
    "BY_TAX_CODE",
    "BY_JURISDICTION_TYPE",
    "BY_SHIPPING_COST",
    "BY_ITEM_EXTRA",
    "BY_ARTICLE_NUMBER",
    "BY_ARTICLE_NUMBER_AND_ITEM_EXTRA",
    "BY_CANADIAN_TAX_NAME",
    "BY_DEBIT_CREDIT",
    "BY_ITEM_GROUP",
    "BY_POST_TAX_ITEMS",
]

DateDetermination = Annotated[
    Literal["DOCUMENT_CREATION", "BILLING_PERIOD"],
    Field(
        description="What the former system dated documents by; kept and answered. With either, documents are dated on the real day of the"
        " run, in the group's time zone: none is dated before it is made, nor after. A cut-off selects what is billed and dates nothing; in"
        " a closed period of the books nothing is dated, but on the first open day. The period stands on each row (`billingPeriod`,"
        " `servicePeriod`); `splittingConfig.serviceBillingPeriod` makes a document of each."
    ),
]
"""Accounting reference 9, "document date" and "backdating"."""
LateUsageBehaviour = Literal["CORRECTIVE", "CARRY_OVER"]
"""What becomes of a usage whose period is billed: the difference is billed for that period, or the next one takes it."""


@shape
class PostalAddress:
    street: Text255 | None = None
    street_no: Text32 | None = None
    addition: Text255 | None = None
    zip: Text32 | None = None
    city: Text255 | None = None
    state: Text255 | None = None
    country: PostalCountry = "DE"


@shape
class ContactPerson:
    name: Text255 | None = None
    phone: Text100 | None = None
    email: EmailAddress | None = None


@shape
class SiteBankAccount:
    iban: Iban
    bic: Bic | None = None
    bank_name: Text255 | None = None
    holder: Text255 | None = None


@shape
class EndpointAddress:
    """BT-34 / BT-49: scheme of the EAS list, e.g. EM (e-mail), 0204 (Leitweg-ID), 9930 (German VAT id)."""

    scheme: Annotated[str, written(r"^([0-9]{4}|[A-Z]{2})$", ELECTRONIC_ADDRESS.expected), coded(ELECTRONIC_ADDRESS)]
    identifier: Name255


@shape
class RegionLanguages:
    region: Text255 | None = None
    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=50)]


@shape
class LocaleConfiguration:
    country: Country
    regions: Annotated[tuple[RegionLanguages, ...], Field(max_length=50)] = ()
    default_language: Language = "de"
    fallback_language: Language = "en"


@shape
class RoundingOverride:
    """Fewer decimals than ISO 4217 gives the currency: the amounts of contracts, usages and order lines that are billed in the group
    have no more, each row by itself; a document that is asked for in it is refused where a row has more. What is agreed as a payment
    (deposits, vouchers) and the tax on a document keep the currency's own: the tax is computed from the rounded rows, exact to the cent."""

    currency: Currency
    decimals: Annotated[int, Field(ge=0, le=4)]


@shape
class MinimumAmount:
    """A document in this currency that comes to less, on its agreed side, waits for what is billed next; for how long at most, see
    `mostPeriods`. Documents that are asked for as such are issued at once."""

    currency: Currency
    amount: Annotated[Amount, Field(gt=0)]
    most_periods: Annotated[int, Field(ge=1, le=24)] = 1
    """Billing periods of its oldest item."""


@shape
class NumberOverride:
    """Per document type: does the caller give the number?"""

    document_type: DocumentTypeName
    external_number: Literal["REQUIRED", "FORBIDDEN"]


@shape
class SplittingConfig:
    """The five optional switches by which a billing run splits documents; the mandatory keys are fixed."""

    business_case: bool = False
    business_segment: bool = False
    contract: bool = False
    performance_location: bool = False
    service_billing_period: bool = False
    mandatory_fields: tuple[str, ...] = (
        "operatingSite",
        "billingGroup",
        "customer",
        "invoiceAddress",
        "currency",
        "agreementType",
        "targetDocumentType",
        "paymentMethod",
        "paymentTerm",
        "language",
        "taxLocation",
        "taxScheme",
        "taxCalculationBasis",
        "taxCategoryO",
        "depositReference",
    )
    """Read-only."""


@shape
class NewSegment:
    segment_ident: Ident | None = None
    name: Name255
    description: Text255 | None = None


@shape
class Segment:
    segment_ident: Ident
    name: str
    description: str | None = None
    billing_group_ident: str
    default: bool = False
