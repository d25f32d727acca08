"""What a client asks for: a document and its rows. Pure.

Names follow the Documents API; BT and BG ids are those of EN 16931. Amounts are in units of the document's currency.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.documents.properties import PAYMENT_STATUS, REASON
from contor.documents.types.words import Basis, ExtraType, QuantityType, RequestId
from contor.kernel.codes import TaxCategory
from contor.kernel.money import ZERO
from contor.kernel.shapes import (
    Amount,
    Currency,
    Ident,
    Language,
    Name255,
    Quantity,
    Rate,
    Sent,
    Text,
    Text64,
    Text100,
    Text255,
    UnitPrice,
    called,
    written,
)
from contor.settings.countries import Country
from contor.tax.supply import ItemCategory, RulePath


class Property(Sent, frozen=True):
    key: Annotated[Name255, called("key", "propertyIdent")]
    value: Annotated[Text255, called("value", "propertyValue")]


class Period(Sent, frozen=True):
    """Calendar dates, both inclusive (BT-73/74, BT-134/135)."""

    start: dt.date
    """The first day."""
    end: dt.date
    """The last day."""


class Location(Sent, frozen=True, omit_defaults=True):
    country: Country
    region: Text255 | None = None
    state: Text255 | None = None
    city: Text255 | None = None
    postal_code: Text255 | None = None
    street: Text255 | None = None


class UnitSides(Sent, frozen=True, omit_defaults=True):
    net: UnitPrice | None = None
    gross: UnitPrice | None = None


class Sides(Sent, frozen=True, omit_defaults=True):
    net: Amount | None = None
    gross: Amount | None = None


class Prices(Sent, frozen=True, omit_defaults=True):
    """The agreed side (`calculationBasis`) counts; the other may be missing and is computed."""

    unit: UnitSides
    original_total: Sides
    total: Sides


class ItemExtra(Sent, frozen=True, omit_defaults=True):
    """Part of a row's reduction (negative, BG-27) or addition (positive, BG-28)."""

    ident: Ident
    name: Name255
    total: Sides
    type: ExtraType | None = None


class Tax(Sent, frozen=True, omit_defaults=True):
    rate: Rate
    category_code: TaxCategory | None = None
    """Default: S above 0 %, Z at 0 %."""
    code: Text255 | None = None
    name: Text255 | None = None
    exemption_reason_code: Text255 | None = None
    exemption_reason_text: Text255 | None = None
    determined_by: RulePath | None = None
    """The stored tax rule by which it is so, and its variant: RULE/VARIANT."""


class TaxDetail(Sent, frozen=True, omit_defaults=True):
    taxes: Annotated[tuple[Tax, ...], Field(min_length=1, max_length=10)]
    calculation_basis: Basis = "NET"


class PriceTier(Sent, frozen=True, omit_defaults=True):
    quantity: Quantity
    unit_price: UnitPrice
    above: bool = False
    """true: it counts above its quantity, which belongs to the tier before. false: its quantity belongs to it."""


class PriceCalculationBasis(Sent, frozen=True):
    """How the price of the row came about, for print: pro rata, tiers, blocks, clock time, or percent of an amount: `blockPrice` of each
    `blockSize` (100) that were used, and `basePrice` for each of `blockQuantity` usages. One kind per row."""

    type: Literal["RECURRING", "TIER_SINGLE", "TIER_PROGRESSIVE", "BLOCK", "TIME_BASED_USAGE", "PERCENTAGE"]
    base_price: UnitPrice | None = None
    used_days: Annotated[int, Field(ge=0, le=4000)] | None = None
    interval_days: Annotated[int, Field(ge=1, le=4000)] | None = None
    block_size: Quantity | None = None
    block_quantity: Quantity | None = None
    used_quantity: Quantity | None = None
    block_price: UnitPrice | None = None
    tiers: Annotated[tuple[PriceTier, ...], Field(max_length=50)] = ()
    """Each from its quantity on, or above it."""
    quantity_type: QuantityType | None = None
    """Of the quantities here, where it is not the row's own."""


PriceBases = PriceCalculationBasis | Annotated[tuple[PriceCalculationBasis, ...], Field(max_length=50)]
"""One, or several of one kind."""


def bases_of(said: PriceBases | None) -> tuple[PriceCalculationBasis, ...]:
    """All of them, however they are said."""
    if said is None:
        return ()
    return said if isinstance(said, tuple) else (said,)


class RequestedItem(Sent, frozen=True, omit_defaults=True):
    ident: Ident
    category: ItemCategory
    quantity: Quantity
    quantity_type: QuantityType
    prices: Prices
    tax_detail: TaxDetail
    performance_location: Location
    tax_location: Location | None = None
    name: Text255 | None = None
    description: Text | None = None
    article_number: Text255 | None = None
    item_group: Text64 | None = None
    debit_credit_indicator: Literal["DEBIT", "CREDIT"] = "DEBIT"
    """CREDIT: the row reduces the document (negative BT-129 and BT-131; the price stays positive, BR-27)."""
    unit_code: Annotated[str, written(r"^[A-Z0-9]{2,3}$", "a unit of UN/ECE Recommendation 20, such as HUR")] | None = None
    """UN/ECE Recommendation 20 (BT-130), where `quantityType` does not say it."""
    price_base_quantity: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] = Decimal(1)
    """BT-149."""
    extras: Annotated[tuple[ItemExtra, ...], Field(max_length=20)] = ()
    service_period: Period | None = None
    delivery_date: dt.date | None = None
    billing_period: Period | None = None
    price_calculation_basis: PriceBases | None = None
    reference_ident: Ident | None = None
    related_document_ident: Ident | None = None
    """Of a credit that names several documents: whose row it credits."""
    refundability: Literal["REFUNDABLE", "NON_REFUNDABLE"] | None = None
    properties: Annotated[tuple[Property, ...], Field(max_length=100)] = ()


class CustomerDetail(Sent, frozen=True):
    customer_ident: Ident
    invoice_address_ident: Ident
    shipping_address_ident: Ident | None = None


class RequestedAllowanceCharge(Sent, frozen=True, omit_defaults=True):
    """Of the whole document (BG-20, BG-21): a percentage of the row sum of the agreed side, or an amount on that side."""

    ident: Ident
    type: Literal["ALLOWANCE", "CHARGE"]
    name: Name255
    percentage: Annotated[Decimal, Field(gt=0, max_digits=7, decimal_places=4)] | None = None
    amount: Annotated[Amount, Field(gt=0)] | None = None
    tax: Tax | None = None
    """The one tax group it belongs to; without it, it is split over all groups in proportion to their rows."""


class ExternalReference(Sent, frozen=True):
    """A preceding document that was not issued here (take-over from another system); BG-3."""

    ident: Name255
    document_date: dt.date | None = None


class PostTaxItem(Sent, frozen=True, omit_defaults=True):
    """A multi-purpose voucher or credit that pays: negative, part of BT-113, never of the gross."""

    ident: Ident
    name: Name255
    amount: Amount
    leftover_amount: Annotated[Amount, Field(ge=0)] | None = None
    """What is left of the voucher afterwards."""
    refundability: Literal["REFUNDABLE", "NON_REFUNDABLE"] | None = None
    """Whether what is left is paid out."""


class Prepaid(Sent, frozen=True):
    """A payment received before issuing (BT-113)."""

    reference: Text255
    date: dt.date
    amount: Annotated[Amount, Field(gt=0)]


class PaymentCollection(Sent, frozen=True):
    collect: bool = False


class PaymentInformation(Sent, frozen=True):
    payment_type: Text64 = "BANK_TRANSFER"
    payment_reference: Text255 | None = None
    customer_payment_account_ident: Ident | None = None


LONGEST_TERM: Final = 366  # days


class CashDiscount(Sent, frozen=True):
    """Skonto: `percentage` of the payable amount when paid within `days` of the document date."""

    days: Annotated[int, Field(ge=0, le=LONGEST_TERM)]
    percentage: Annotated[Decimal, Field(gt=0, le=100, max_digits=7, decimal_places=2)]


class PaymentTerm(Sent, frozen=True):
    period_in_days: Annotated[int, Field(ge=0, le=LONGEST_TERM)] = 14
    cash_discount: Annotated[tuple[CashDiscount, ...], Field(max_length=5)] = ()


class ExchangeRate(Sent, frozen=True):
    """Units of the document's currency for one unit of the ledger's (1 EUR = 1.0850 USD), with its source and date.

    Section 16 (6) UStG: the monthly average of the BMF, or the daily rate where the tax office allowed it.
    """

    rate: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=5)]
    date: dt.date
    source: Text100 = "BMF"


REISSUED: Final = Property(key=REASON, value="REISSUE")  # of a credit memo: what it takes back is issued anew
PAID_BEFORE: Final = Property(key=PAYMENT_STATUS, value="PAID")
"""The property of a document that was paid before it was issued, where the money comes in by another way: it asks for no payment."""


class DocumentRequest(Sent, frozen=True, omit_defaults=True):
    """What a document is made of, one shape for all six types."""

    request_id: RequestId
    billing_group_ident: Ident
    currency: Currency
    customer_detail: CustomerDetail
    items: Annotated[tuple[RequestedItem, ...], Field(min_length=1, max_length=100)]
    ident: Ident | None = None
    """The document's number: required or forbidden by the number configuration."""
    language: Language = "de"
    document_date: dt.date | None = None
    order_date: dt.date | None = None
    operating_site_ident: Ident | None = None
    seller_operating_site_ident: Ident | None = None
    related_document_ident: Ident | None = None
    related_document_idents: Annotated[tuple[Ident, ...], Field(max_length=100)] = ()
    external_references: Annotated[tuple[ExternalReference, ...], Field(max_length=100)] = ()
    """Names what a credit memo or correction credits, where that document was issued by another system."""
    allowances_charges: Annotated[tuple[RequestedAllowanceCharge, ...], Field(max_length=50)] = ()
    post_tax_items: Annotated[tuple[PostTaxItem, ...], Field(max_length=50)] = ()
    rounding: Amount = ZERO
    """Agreed rounding of the payable sum (BT-114)."""
    prepaid: Annotated[tuple[Prepaid, ...], Field(max_length=50)] = ()
    exchange_rate: ExchangeRate | None = None
    """Required when the currency is not the ledger's; left out, what credits or corrects a document has that one's."""
    payment_collection: PaymentCollection = PaymentCollection()
    payment_information: PaymentInformation = PaymentInformation()
    payment_term: PaymentTerm | None = None
    properties: Annotated[tuple[Property, ...], Field(max_length=100)] = ()


class DocumentBody(DocumentRequest, frozen=True, kw_only=True, omit_defaults=True):
    """The body of `POST /v2/documents/...`: a client says the language and what is collected, which Contor's own requests take from
    elsewhere."""

    language: Language
    payment_collection: PaymentCollection
