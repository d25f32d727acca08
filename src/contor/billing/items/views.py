"""A billable item as the API answers it. Fields: platform API, section 2.4. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Literal

from contor.billing.items.types import BusinessCase, Direction, OriginType, Status
from contor.documents.types import Basis, ItemCategory, Period, PriceBases
from contor.kernel.shapes import shape


@shape
class ItemTax:
    """A tax of an item; several for one are possible (US, CA)."""

    tax_rate: Decimal
    tax_code: str | None = None
    tax_name: str | None = None
    tax_category_code: str | None = None
    tax_exemption_reason_code: str | None = None
    tax_exemption_reason_text: str | None = None


@shape
class ItemView:
    """A billable item as the API answers it."""

    billable_item_id: int
    billable_item_ident: str
    contract_id: int | None
    contract_ident: str | None
    order_ident: str | None
    type: Direction
    business_case: BusinessCase
    origin_type: OriginType
    origin_ident: str
    target_document_type: Literal["DEPOSITINVOICE", "INVOICE"]
    processing_status: Status
    processing_date: dt.datetime | None
    """When a run takes it; not there: on hold until it is released."""
    processed_date: dt.datetime | None
    processing_error: str | None
    status_reason: str | None
    """Why it waits, or was billed without a document: a code, for some followed by what was said about it."""
    billing_period: Period
    service_billing_period: Period | None
    unit_quantity: Decimal
    unit_quantity_type: str
    price_base_quantity: Decimal | None
    """Of how many units the unit prices are; not there: of one."""
    unit_price_exclusive_vat: Decimal | None
    """Prices with tax are those of the document; before there is one, those of which the tax was ordered."""
    unit_price_inclusive_vat: Decimal | None
    unit_price_cumulated_tax_price: Decimal | None
    unit_price_base: Decimal
    """On the agreed side, see `taxCalculationBasis`."""
    original_row_total_exclusive_vat: Decimal | None
    """Before discounts and vouchers."""
    original_row_total_inclusive_vat: Decimal | None
    original_row_total_cumulated_tax_price: Decimal | None
    original_row_total_base: Decimal
    row_total_exclusive_vat: Decimal | None
    row_total_inclusive_vat: Decimal | None
    row_total_cumulated_tax_price: Decimal | None
    row_total_base: Decimal
    tax_calculation_basis: Basis
    tax_information: tuple[ItemTax, ...]
    """Empty: not determined before it is billed."""
    tax_information_source: Literal["CUSTOMER_PROVIDED", "NITROBOX"]
    """CUSTOMER_PROVIDED: as it was ordered; else determined here."""
    category: ItemCategory
    name: str
    invoice_ident: str | None
    credit_note_ident: str | None
    related_item_ident: str | None
    price_calculation_basis: PriceBases | None
