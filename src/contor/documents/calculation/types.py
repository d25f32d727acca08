"""What a client asks the taxes of, and what it is answered: a document that is not issued. Pure.

Source: platform API, section 2.13. Amounts are in units of the document's currency.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.customers.types import CustomerType, TaxExemption
from contor.documents.types import (
    Basis,
    DocumentType,
    ItemCategory,
    ItemExtra,
    Location,
    PricesView,
    Property,
    QuantityType,
    RequestId,
    Sides,
    Tax,
    TaxView,
    UnitSides,
)
from contor.kernel.shapes import Currency, Ident, Language, Money, Name255, Quantity, Sent, Text255, called, shape
from contor.settings.countries import Country
from contor.settings.identifiers import VatId

CalculationType = Literal[
    "INVOICE",
    "CREDIT_MEMO",
    "CREDIT_MEMO_GOODWILL",
    "CREDIT_MEMO_WARRANTY",
    "DEPOSIT_INVOICE",
    "DEPOSIT_INVOICE_CORRECTION",
    "DEPOSIT_INVOICE_CANCELLATION",
    "SELF_BILLING_INVOICE",
    "SELF_BILLING_INVOICE_CORRECTION",
    "ORDER",
]
"""ORDER: what is ordered; it becomes one document or several, and is only foreseen."""
DOCUMENT_TYPES: Final[dict[str, DocumentType]] = {
    "INVOICE": DocumentType.INVOICE,
    "CREDIT_MEMO": DocumentType.CREDIT_MEMO,
    "CREDIT_MEMO_GOODWILL": DocumentType.CREDIT_MEMO,
    "CREDIT_MEMO_WARRANTY": DocumentType.CREDIT_MEMO,
    "DEPOSIT_INVOICE": DocumentType.DEPOSIT_INVOICE,
    "DEPOSIT_INVOICE_CORRECTION": DocumentType.DEPOSIT_INVOICE_CORRECTION,
    "DEPOSIT_INVOICE_CANCELLATION": DocumentType.DEPOSIT_INVOICE_CORRECTION,
    "SELF_BILLING_INVOICE": DocumentType.SELF_BILLING_INVOICE,
    "SELF_BILLING_INVOICE_CORRECTION": DocumentType.SELF_BILLING_INVOICE_CORRECTION,
    "ORDER": DocumentType.INVOICE,
}
Source = Literal["NITROBOX", "CUSTOMER_PROVIDED"]
"""NITROBOX: determined here. CUSTOMER_PROVIDED: said by whoever asks."""
ProductTaxCode = Literal["STANDARD", "REDUCED", "SECOND_REDUCED", "SUPER_REDUCED", "PARKING", "ZERO", "EXEMPT", "NOT_TAXABLE"]


class ProductInformation(Sent, frozen=True, omit_defaults=True):
    category: ItemCategory
    name: Text255 | None = None
    article_number: Text255 | None = None
    tax_code: ProductTaxCode = "STANDARD"
    """Which rate it bears by itself."""
    tax_scheme: Literal["DEFAULT", "OSS"] = "DEFAULT"
    quantity: Quantity = Decimal(1)
    quantity_type: QuantityType = "PC"
    debit_credit_indicator: Literal["DEBIT", "CREDIT"] = "DEBIT"


class CalculationPrices(Sent, frozen=True, omit_defaults=True):
    """On the agreed side. Without the original total: the total without its extras; without the unit price: that by the quantity."""

    total: Sides
    unit: UnitSides | None = None
    original_total: Sides | None = None


class CalculationTaxes(Sent, frozen=True, omit_defaults=True):
    calculation_basis: Basis = "NET"
    taxes: Annotated[tuple[Tax, ...], Field(max_length=10)] = ()
    """As they are to be; without them they are determined."""


class CalculationItem(Sent, frozen=True, omit_defaults=True):
    ident: Ident
    performance_location: Location
    tax_location: Location
    product_information: ProductInformation
    tax_date: dt.date
    """On which the supply is completed."""
    prices: CalculationPrices
    tax_detail: CalculationTaxes = CalculationTaxes()
    tax_exemption: TaxExemption | None = None
    """Why this supply bears no tax; without it the customer's own exemption counts."""
    tax_information_source: Source | None = None
    """Without it: CUSTOMER_PROVIDED where taxes are given."""
    extras: Annotated[tuple[ItemExtra, ...], Field(max_length=20)] = ()
    operating_site: Annotated[Ident | None, called("operatingSite", "operatingSiteIdent")] = None
    """Who supplies; without it the default site."""
    reference_ident: Ident | None = None
    """Of a credit note: the row that it credits, where that has another ident."""


class CalculationCustomer(Sent, frozen=True, omit_defaults=True):
    """A customer by ident, or who is none yet by what its tax depends on."""

    customer_ident: Ident | None = None
    invoice_address_ident: Ident | None = None
    """Of self-billing: from where the partner supplies; without it its first invoice address."""
    customer_type: CustomerType | None = None
    vat_id: VatId | None = None
    tax_classifications: Annotated[tuple[Name255, ...], Field(max_length=50)] = ()
    country: Country | None = None
    """Of self-billing: from where the partner supplies."""
    small_business: bool = False
    """Of self-billing: the partner shows no tax (section 19 UStG)."""


class CalculationBody(Sent, frozen=True, omit_defaults=True):
    billing_group_ident: Ident
    customer: CalculationCustomer
    items: Annotated[tuple[CalculationItem, ...], Field(min_length=1, max_length=100)]
    type: CalculationType = "INVOICE"
    currency: Currency | None = None
    """Without it that of the books."""
    language: Language = "de"
    """Of the reasons for bearing no tax."""
    document_date_time: dt.datetime | None = None
    """Without it: now. Of a deposit nothing is supplied yet: it bears the rate of this day."""
    forecast: bool = False
    """true: nothing is kept."""
    request_id: RequestId | None = None
    """Under which it is kept: required unless it is a forecast."""
    referenced_document_number: Name255 | None = None
    """Of a credit note: the document whose taxes it takes back."""
    vat_id_validation_result: Literal["VALID", "INVALID"] | None = None
    """What is known of the customer's VAT id: it counts instead of what was asked of the authorities."""
    properties: Annotated[tuple[Property, ...], Field(max_length=100)] = ()
    """Answered as they are."""


class CalculationBatch(Sent, frozen=True):
    documents: Annotated[tuple[CalculationBody, ...], Field(min_length=1, max_length=500)]


@shape
class CalculatedItem:
    ident: str
    name: str | None = None
    article_number: str | None = None
    category: ItemCategory
    tax_date: dt.date
    tax_information_source: Source
    calculation_basis: Basis
    """On this side the prices were agreed; it is kept."""
    taxes: tuple[Tax, ...]
    cumulated_tax_rate: Decimal
    """Percent, of all taxes together."""
    prices: PricesView
    """Both sides. The taxes of several items may differ from that of their group by rounding, which is done once per group."""
    tax_location: Location
    performance_location: Location
    operating_site: str
    reference_ident: str | None = None


@shape
class CalculatedTotals:
    net: Money
    tax: Money
    gross: Money


@shape
class TaxCalculation:
    request_id: str | None = None
    forecast: bool
    type: CalculationType
    billing_group_ident: str
    currency: str
    document_date: dt.date
    calculated_at: dt.datetime
    referenced_document_number: str | None = None
    items: tuple[CalculatedItem, ...]
    taxes: tuple[TaxView, ...]
    """By category and rate."""
    totals: CalculatedTotals
    properties: tuple[Property, ...] = ()


@shape
class TaxCalculations:
    documents: tuple[TaxCalculation, ...]
