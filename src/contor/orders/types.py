"""An order and what belongs to it. Fields: platform API, section 2.3; amounts in units of the order's currency. Pure.

Where prices have two sides the agreed one counts (`taxCalculationBasis`; without it the side that is given); the other is information.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.catalogue.types import CatalogueProperty, TaxCode
from contor.contracts.terms import AttachmentView
from contor.contracts.types import ContractBody
from contor.documents.types import Basis, ItemCategory, Location, PaymentTerm, QuantityType, TaxCategory
from contor.kernel.codes import EXEMPTION, coded
from contor.kernel.shapes import (
    Amount,
    Frozen,
    Ident,
    Name255,
    Quantity,
    Rate,
    Text32,
    Text64,
    Text255,
    UnitPrice,
    shape,
)
from contor.tax.supply import TaxScheme

HolderType = Literal["ORDER", "CONTRACT"]
LineStatus = Literal["ON_HOLD", "OPEN", "BILLED", "ERROR", "CANCELLED"]
DepositStatus = Literal["EXPECTED", "PAID", "CANCELLED"]
AllowanceType = Literal["DISCOUNT_USE", "MULTI_PURPOSE_VOUCHER_USE", "GOVERNMENT_GRANT", "TRADE_IN"]
MOST_LINES = 1000
Positive = Annotated[Amount, Field(gt=0)]


@shape
class TaxInformation:
    """The tax as the customer was told; several for one row are possible (US, CA)."""

    tax_rate: Rate
    tax_code: Text255 | None = None
    tax_name: Text255 | None = None
    tax_category_code: TaxCategory | None = None
    tax_exemption_reason_code: Annotated[Text64, coded(EXEMPTION)] | None = None
    tax_exemption_reason_text: Text255 | None = None
    unit_price_tax: UnitPrice | None = None
    original_row_total_tax: Amount | None = None
    row_total_tax: Amount | None = None


Taxes = Annotated[tuple[TaxInformation, ...], Field(max_length=10)]


@shape
class PreTaxExtra:
    """A part of the row's total that reduces the tax: negative amounts reduce the row, positive ones add to it."""

    ident: Ident
    name: Name255
    type: Literal["DISCOUNT", "SINGLE_PURPOSE_VOUCHER", "VOUCHER"] = "DISCOUNT"
    amount_net: Amount | None = None
    amount_gross: Amount | None = None


@shape
class PostTaxExtra:
    """What pays for the row and does not reduce its tax (section 3 (15) UStG)."""

    ident: Ident
    name: Name255
    amount_gross: Positive
    type: Literal["MULTI_PURPOSE_VOUCHER"] = "MULTI_PURPOSE_VOUCHER"
    leftover_amount_gross: Annotated[Amount, Field(ge=0)] | None = None
    """What is left of the voucher afterwards; said on the document."""
    refundability: Literal["REFUNDABLE", "NON_REFUNDABLE"] | None = None


@shape
class ProcessingConfig:
    """When it is billed: at once, from a day on, or when it is released."""

    type: Literal["IMMEDIATELY", "ON_HOLD", "AT_DATE"] = "IMMEDIATELY"
    date: dt.date | None = None


@shape
class AgreedDepositBody:
    """What is agreed to be paid in advance."""

    ident: Ident
    gross_value: Positive
    net_value: Positive | None = None
    tax_value: Amount | None = None
    tax_information: Annotated[tuple[TaxInformation, ...], Field(max_length=1)] = ()
    debit_credit_indicator: Literal["DEBIT"] = "DEBIT"
    name: Name255 | None = None
    properties: Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)] = ()


Deposits = Annotated[tuple[AgreedDepositBody, ...], Field(max_length=20)]


@shape
class LineItemBody:
    ident: Ident
    name: Text255 | None = None
    description: Text255 | None = None
    article_number: Text32 | None = None
    group: Text64 | None = None
    category: ItemCategory = "SERVICE"
    debit_credit_indicator: Literal["DEBIT", "CREDIT"] = "DEBIT"
    quantity: Quantity = Decimal(1)
    quantity_type: QuantityType = "PC"
    tax_calculation_basis: Basis | None = None
    unit_price_net: UnitPrice | None = None
    unit_price_gross: UnitPrice | None = None
    original_row_total_net: Amount | None = None
    original_row_total_gross: Amount | None = None
    row_total_net: Amount | None = None
    row_total_gross: Amount | None = None
    tax_information: Taxes = ()
    """Empty: the tax is determined for the day of supply, at the rate that `taxCode` names."""
    tax_code: TaxCode = "STANDARD"
    tax_scheme: TaxScheme = "DEFAULT"
    tax_location: Location | None = None
    performance_location: Location | None = None
    period_start_date: dt.date | None = None
    period_end_date: dt.date | None = None
    """The last day."""
    delivery_date: dt.date | None = None
    pre_tax_extras: Annotated[tuple[PreTaxExtra, ...], Field(max_length=20)] = ()
    post_tax_extras: Annotated[tuple[PostTaxExtra, ...], Field(max_length=20)] = ()
    agreed_deposits: Deposits = ()
    operating_site_ident: Ident | None = None
    processing_config: ProcessingConfig | None = None
    properties: Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)] = ()


Lines = Annotated[tuple[LineItemBody, ...], Field(max_length=MOST_LINES)]


@shape
class AllowanceBody:
    """A discount reduces the tax; a multi-purpose voucher, a grant of the state and what is traded in pay (section 10 (1) UStG)."""

    ident: Ident
    name: Name255
    item_type: AllowanceType
    row_total_net: Positive
    row_total_gross: Positive
    tax_information: Annotated[tuple[TaxInformation, ...], Field(min_length=1, max_length=1)]
    article_number: Text32 | None = None
    item_group: Text64 | None = None
    tax_location: Location | None = None
    performance_location: Location | None = None
    properties: Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)] = ()


Allowances = Annotated[tuple[AllowanceBody, ...], Field(max_length=100)]


@shape
class OrderPayment:
    payment_control: Literal["CHARGE", "NOCHARGE"] = "NOCHARGE"
    """CHARGE: the platform collects what is billed."""
    payment_type: Text64 = "BANK_TRANSFER"
    payment_reference: Text255 | None = None
    customer_payment_account_ident: Ident | None = None
    card_type: Text64 | None = None
    payment_status: Literal["OPEN", "CANCELLED", "PARTIALPAID", "REFUND", "PAID"] = "OPEN"
    """Nothing is collected of what is paid, refunded or cancelled."""


@shape
class ContractWithLines(ContractBody):
    """A contract with what is billed beside its plan."""

    line_items: Lines = ()


class OrderContent(Frozen, frozen=True):
    """What is stored as one value."""

    invoice_address_ident: str
    language: str
    home: Location | None = None
    """Where it is supplied and taxed; None: at its address. Only orders that were taken by former releases say it."""
    billing_time: Literal["IMMEDIATELY", "ON_DEMAND"] = "IMMEDIATELY"
    bills_deposits: bool = False
    shipping_address_ident: str | None = None
    operating_site_ident: str | None = None
    payment_information: OrderPayment = OrderPayment()
    payment_term: PaymentTerm | None = None
    properties: tuple[CatalogueProperty, ...] = ()


# --- answers ---------------------------------------------------------------------------------------------------------------------


@shape
class LineItemView(LineItemBody):
    status: LineStatus
    status_reason: str | None = None
    """Of a line in ERROR: the code that its billable item has, too; null in every other status."""
    processing_error: str | None = None
    """The same in words."""
    billable_item_ident: str | None = None


@shape
class AllowanceView(AllowanceBody):
    status: LineStatus
    status_reason: str | None = None
    """As of a line."""
    processing_error: str | None = None
    tax_information_source: Literal["CUSTOMER_PROVIDED"] = "CUSTOMER_PROVIDED"


@shape
class AgreedDepositView(AgreedDepositBody):
    status: DepositStatus
    status_reason: str | None = None
    """Why the invoice of a deposit that is EXPECTED could not be made, by the code that its billable item has; else null."""
    processing_error: str | None = None
    """The same in words."""
    source: Literal["ORDER", "LINE_ITEM"]
    document_ident: str | None = None


@shape
class OrderView:
    contract_id: int
    """The order's number, of the same series as those of contracts."""
    order_ident: str
    debtor_ident: str
    invoice_address_ident: str
    billing_time: Literal["IMMEDIATELY", "ON_DEMAND"]
    status: Literal["OPEN", "CANCELLED"]
    business_segment_ident: str
    billing_group_ident: str
    currency: str
    language: str
    order_date: dt.date
    created_at: dt.datetime
    shipping_address_ident: str | None = None
    operating_site_ident: str | None = None
    line_items: tuple[LineItemView, ...] = ()
    allowances: tuple[AllowanceView, ...] = ()
    agreed_deposits: tuple[AgreedDepositView, ...] = ()
    attachments: tuple[AttachmentView, ...] = ()
    payment_information: OrderPayment = OrderPayment()
    payment_term: PaymentTerm | None = None
    properties: tuple[CatalogueProperty, ...] = ()
