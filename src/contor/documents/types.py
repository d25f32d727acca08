"""The values of the papers: what a client asks for (`DocumentRequest`) and what is issued and frozen (`Document`). Pure.

Names follow the Documents API; BT and BG ids are those of EN 16931. Amounts are in units of the document's currency.
PDF, e-invoice, ledger and API answer are all made from the frozen `Document`, never from a second computation.
"""

import datetime as dt
import enum
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.kernel.money import ZERO
from contor.kernel.shapes import (
    Amount,
    Currency,
    Frozen,
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
)


class DocumentType(enum.StrEnum):
    """The six papers. `type_code` of each is in `titles.py`."""

    INVOICE = "INVOICE"
    CREDIT_MEMO = "CREDIT_MEMO"
    DEPOSIT_INVOICE = "DEPOSIT_INVOICE"
    DEPOSIT_INVOICE_CORRECTION = "DEPOSIT_INVOICE_CORRECTION"
    SELF_BILLING_INVOICE = "SELF_BILLING_INVOICE"
    SELF_BILLING_INVOICE_CORRECTION = "SELF_BILLING_INVOICE_CORRECTION"


ItemCategory = Literal[
    "DIGITAL_PRODUCT", "DIGITAL_PRODUCT_RENTAL", "DISCOUNT", "ELECTRICITY", "ELECTRICITY_RESALE", "LABOR_COST", "LOGISTIC_COST",
    "PHYSICAL_PRODUCT", "PHYSICAL_PRODUCT_RENTAL", "SERVICE", "VOUCHER", "VOUCHER_APPLICATION",
]  # fmt: skip
QuantityType = Literal["PC", "KWH", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "YEAR"]
UNIT_CODES: Final = {
    "PC": "H87",
    "KWH": "KWH",
    "SECOND": "SEC",
    "MINUTE": "MIN",
    "HOUR": "HUR",
    "DAY": "DAY",
    "WEEK": "WEE",
    "MONTH": "MON",
    "YEAR": "ANN",
}
"""`quantityType` -> BT-130 (UN/ECE Recommendation 20)."""
TaxCategory = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M"]
"""UNCL5305 subset of EN 16931."""
Basis = Literal["NET", "GROSS"]
FinalInvoiceMethod = Literal["REMAINDER", "FINAL", "REVERSAL"]
"""How a final invoice treats received deposits (accounting reference 2.4)."""


# --- the request -------------------------------------------------------------------------------------------------------------


class Property(Sent, frozen=True):
    key: Name255
    value: Text255


class Period(Sent, frozen=True):
    """Calendar dates, both inclusive (BT-73/74, BT-134/135)."""

    start: dt.date
    end: dt.date


class Location(Sent, frozen=True, omit_defaults=True):
    country: Annotated[str, Field(pattern=r"^[A-Z]{2,3}$", examples=["DE"])]
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


class Tax(Sent, frozen=True, omit_defaults=True):
    rate: Rate
    category_code: TaxCategory | None = None
    """Default: S above 0 %, Z at 0 %."""
    code: Text255 | None = None
    name: Text255 | None = None
    exemption_reason_code: Text255 | None = None
    exemption_reason_text: Text255 | None = None


class TaxDetail(Sent, frozen=True, omit_defaults=True):
    taxes: Annotated[tuple[Tax, ...], Field(min_length=1, max_length=10)]
    calculation_basis: Basis = "NET"


class PriceTier(Sent, frozen=True):
    quantity: Quantity
    unit_price: UnitPrice


class PriceCalculationBasis(Sent, frozen=True):
    """How the price of the row came about, for print: pro rata, tiers, blocks or clock time. One kind per row."""

    type: Literal["RECURRING", "TIER_SINGLE", "TIER_PROGRESSIVE", "BLOCK", "TIME_BASED_USAGE"]
    base_price: UnitPrice | None = None
    used_days: Annotated[int, Field(ge=0, le=4000)] | None = None
    interval_days: Annotated[int, Field(ge=1, le=4000)] | None = None
    block_size: Quantity | None = None
    block_quantity: Quantity | None = None
    used_quantity: Quantity | None = None
    block_price: UnitPrice | None = None
    tiers: Annotated[tuple[PriceTier, ...], Field(max_length=50)] = ()
    """Each from its quantity on."""
    quantity_type: QuantityType | None = None
    """Of the quantities here, where it is not the row's own."""


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
    article_number: Text64 | None = None
    item_group: Text64 | None = None
    debit_credit_indicator: Literal["DEBIT", "CREDIT"] = "DEBIT"
    """CREDIT: the row reduces the document (negative BT-129 and BT-131; the price stays positive, BR-27)."""
    unit_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,3}$")] | None = None
    """UN/ECE Recommendation 20 (BT-130), where `quantityType` does not say it."""
    price_base_quantity: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] = Decimal(1)
    """BT-149."""
    extras: Annotated[tuple[ItemExtra, ...], Field(max_length=20)] = ()
    service_period: Period | None = None
    delivery_date: dt.date | None = None
    billing_period: Period | None = None
    price_calculation_basis: PriceCalculationBasis | None = None
    reference_ident: Ident | None = None
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
    amount: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] | None = None
    tax: Tax | None = None
    """The one tax group it belongs to; without it, it is split over all groups in proportion to their rows."""


class ExternalReference(Sent, frozen=True):
    """A preceding document that was not issued here (take-over from another system); BG-3."""

    ident: Name255
    document_date: dt.date | None = None


class PostTaxItem(Sent, frozen=True):
    """A multi-purpose voucher or credit that pays: negative, part of BT-113, never of the gross."""

    ident: Ident
    name: Name255
    amount: Amount


class Prepaid(Sent, frozen=True):
    """A payment received before issuing (BT-113)."""

    reference: Text255
    date: dt.date
    amount: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)]


class PaymentCollection(Sent, frozen=True):
    collect: bool = False


class PaymentInformation(Sent, frozen=True):
    payment_type: Text64 = "BANK_TRANSFER"
    payment_reference: Text255 | None = None
    customer_payment_account_ident: Ident | None = None


class CashDiscount(Sent, frozen=True):
    """Skonto: `percentage` of the gross when paid within `days` of the document date."""

    days: Annotated[int, Field(ge=0, le=366)]
    percentage: Annotated[Decimal, Field(gt=0, le=100, max_digits=7, decimal_places=2)]


class PaymentTerm(Sent, frozen=True):
    period_in_days: Annotated[int, Field(ge=0, le=366)] = 14
    cash_discount: Annotated[tuple[CashDiscount, ...], Field(max_length=5)] = ()


class ExchangeRate(Sent, frozen=True):
    """Units of the document's currency for one unit of the ledger's (1 EUR = 1.0850 USD), with its source and date.

    Section 16 (6) UStG: the monthly average of the BMF, or the daily rate where the tax office allowed it.
    """

    rate: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=5)]
    date: dt.date
    source: Text100 = "BMF"


RequestId = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]


class DocumentRequest(Sent, frozen=True, omit_defaults=True):
    """The body of `POST /v2/documents/...`, one shape for all six types."""

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
    """Required when the currency is not the ledger's."""
    payment_collection: PaymentCollection = PaymentCollection()
    payment_information: PaymentInformation = PaymentInformation()
    payment_term: PaymentTerm | None = None
    properties: Annotated[tuple[Property, ...], Field(max_length=100)] = ()


# --- the frozen document -----------------------------------------------------------------------------------------------------


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


class UnitPriceSides(Frozen, frozen=True, array_like=True):
    net: Decimal
    gross: Decimal


class AmountSides(Frozen, frozen=True, array_like=True):
    net: Decimal
    tax: Decimal
    gross: Decimal


class DocumentExtra(Frozen, frozen=True):
    ident: str
    name: str
    total: AmountSides
    """Negative: allowance (BG-27), positive: charge (BG-28)."""


class DocumentItem(Frozen, frozen=True):
    """A row (BG-25). Amounts carry the row's own sign: a CREDIT row of an invoice has negative totals and a positive price.

    `total.net` is BT-131. `original_total` = unit x quantity / base, before extras. `quantity` stays positive; a negative
    BT-129 is `quantity` with `is_credit`.
    """

    position: int
    ident: str
    category: str
    name: str
    quantity: Decimal
    quantity_type: str
    unit_code: str
    """UN/ECE Recommendation 20."""
    unit: UnitPriceSides
    original_total: AmountSides
    total: AmountSides
    taxes: tuple[Tax, ...]
    """One, or several (US, CA: no EN 16931 XML is possible)."""
    basis: Basis
    is_credit: bool = False
    price_base_quantity: Decimal = Decimal(1)
    description: str | None = None
    article_number: str | None = None
    item_group: str | None = None
    cost_centre: str | None = None
    purchase_order_line_reference: str | None = None
    """BT-132."""
    object_identifier: str | None = None
    """BT-128."""
    buyer_accounting_reference: str | None = None
    """BT-133."""
    extras: tuple[DocumentExtra, ...] = ()
    service_period: Period | None = None
    delivery_date: dt.date | None = None
    billing_period: Period | None = None
    performance_location: Location | None = None
    tax_location: Location | None = None
    reference_ident: str | None = None
    deposit_ident: str | None = None
    """Set on the negative rows by which a final invoice of method REMAINDER deducts a received deposit."""
    refundability: str | None = None
    price_calculation_basis: PriceCalculationBasis | None = None
    properties: tuple[Property, ...] = ()

    @property
    def category_code(self) -> str:
        return self.taxes[0].category_code or "S"

    @property
    def rate(self) -> Decimal:
        return sum((tax.rate for tax in self.taxes), ZERO)


class DocumentAllowanceCharge(Sent, frozen=True):
    """One tax group's part of an allowance or charge of the document (BG-20, BG-21). Amounts are positive."""

    ident: str
    type: Literal["ALLOWANCE", "CHARGE"]
    name: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    category_code: str
    rate: Decimal
    percentage: Decimal | None = None
    exemption_reason_code: str | None = None
    exemption_reason_text: str | None = None


class TaxGroup(Frozen, frozen=True):
    """BG-23: one per (category, rate). Row signs: the document's type turns the direction."""

    category_code: str
    rate: Decimal
    basis: Basis
    base: Decimal
    """BT-116."""
    amount: Decimal
    """BT-117."""
    gross: Decimal
    code: str | None = None
    name: str | None = None
    country: str | None = None
    """Country of taxation, where it is not the seller's (OSS)."""
    exemption_reason_code: str | None = None
    exemption_reason_text: str | None = None


class Totals(Frozen, frozen=True):
    lines: Decimal
    """BT-106: sum of row nets."""
    allowances: Decimal
    """BT-107."""
    charges: Decimal
    """BT-108."""
    net: Decimal
    """BT-109."""
    tax: Decimal
    """BT-110."""
    gross: Decimal
    """BT-112."""
    prepaid: Decimal
    """BT-113: deposits (method FINAL, REVERSAL), payments before issuing, post-tax items."""
    rounding: Decimal
    """BT-114."""
    payable: Decimal
    """BT-115: the open item."""


class RelatedDocument(Frozen, frozen=True):
    """BG-3."""

    ident: str
    document_type: DocumentType | None
    """None: issued by another system."""
    document_date: dt.date | None


class DepositGroup(Sent, frozen=True):
    category_code: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


class DepositDeduction(Sent, frozen=True):
    """What was received on one deposit invoice and is deducted by this final invoice."""

    ident: str
    document_date: dt.date
    received_on: dt.date
    groups: tuple[DepositGroup, ...]


class LedgerCurrency(Sent, frozen=True):
    """The document in the ledger's currency (BT-6, BT-111), where its own is another (section 16 (6) UStG)."""

    currency: str
    exchange_rate: ExchangeRate
    tax: Decimal
    """BT-111: sum of each group's tax, converted and rounded."""
    gross: Decimal


VERSION: Final = 1
"""Of the frozen form: it rises when a field that is stored already changes its name, form or meaning (`versions.py`)."""


class Document(Frozen, frozen=True, tag_field="version", tag=VERSION):
    """An issued document: frozen on issuing, the single source of picture, e-invoice, entries and answers.

    Its JSON begins with the version of its form.
    """

    ident: str
    """BT-1."""
    document_type: DocumentType
    request_id: str
    environment: Literal["TEST", "LIVE"]
    """TEST documents are marked as samples."""
    billing_group_ident: str
    currency: str
    language: str
    document_date: dt.date
    due_date: dt.date
    tax_date: dt.date
    """Date the supply is completed: the last day over all rows (accounting reference 6.1)."""
    created_at: dt.datetime
    seller: Party
    """Our operating site. In self-billing it is the buyer (BG-7), see `is_self_billing`."""
    customer: Party
    """The customer. In self-billing he is the seller (BG-4)."""
    operating_site_ident: str
    customer_ident: str
    items: tuple[DocumentItem, ...]
    taxes: tuple[TaxGroup, ...]
    totals: Totals
    order_date: dt.date | None = None
    supply_on_document_date: bool = False
    """No row says when it was supplied: the date of supply is the document date, and the document says so."""
    invoice_address_ident: str | None = None
    shipping_address_ident: str | None = None
    shipping_address: Address | None = None
    allowances_charges: tuple[DocumentAllowanceCharge, ...] = ()
    post_tax_items: tuple[PostTaxItem, ...] = ()
    prepaid: tuple[Prepaid, ...] = ()
    related: tuple[RelatedDocument, ...] = ()
    final_invoice_method: FinalInvoiceMethod | None = None
    deposits: tuple[DepositDeduction, ...] = ()
    deposit_receivable_relevant: bool = False
    ledger: LedgerCurrency | None = None
    payment_collection: PaymentCollection = PaymentCollection()
    payment_information: PaymentInformation = PaymentInformation()
    payment_term: PaymentTerm = PaymentTerm()
    buyer_reference: str | None = None
    """BT-10."""
    purchase_order_reference: str | None = None
    """BT-13."""
    contract_reference: str | None = None
    """BT-12."""
    project_reference: str | None = None
    """BT-11."""
    sales_order_reference: str | None = None
    """BT-14."""
    receiving_advice_reference: str | None = None
    """BT-15."""
    despatch_advice_reference: str | None = None
    """BT-16."""
    tender_reference: str | None = None
    """BT-17."""
    object_identifier: str | None = None
    """BT-18."""
    buyer_accounting_reference: str | None = None
    """BT-19."""
    note: str | None = None
    """BT-22."""
    properties: tuple[Property, ...] = ()

    @property
    def sign(self) -> int:
        """+1 where the payable is owed to us or by us as of the first issue, -1 for its credit or correction."""
        return -1 if self.document_type in _CREDITING else 1

    @property
    def is_self_billing(self) -> bool:
        """We are the buyer: the customer is the seller, the open item a payable."""
        return self.document_type in (DocumentType.SELF_BILLING_INVOICE, DocumentType.SELF_BILLING_INVOICE_CORRECTION)


_CREDITING = frozenset(
    {DocumentType.CREDIT_MEMO, DocumentType.DEPOSIT_INVOICE_CORRECTION, DocumentType.SELF_BILLING_INVOICE_CORRECTION}
)
