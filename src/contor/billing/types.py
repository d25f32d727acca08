"""Billable items: what is to be billed, what was, and why it was not. Fields: platform API, section 2.4."""

import datetime as dt
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.documents.types import Location, PriceCalculationBasis, Property
from contor.kernel.shapes import Frozen, shape

ItemKind = Literal["ONETIME", "RECURRING", "USAGE", "USAGE_CORRECTION", "RATED_USAGE", "CREDIT"]
Status = Literal[
    "NOT_STARTED", "PENDING_RETRY", "STARTED", "IN_PROGRESS", "RELATED_ITEM_PENDING", "COMPLETED", "ERROR", "TERMINATED", "CONFIG_ERROR",
    "RECALCULATION_PENDING", "RECALCULATION_ERROR",
]  # fmt: skip
OPEN: tuple[Status, ...] = ("NOT_STARTED", "PENDING_RETRY")
"""What a run takes when it is due."""
BusinessCase = Literal[
    "PURCHASE", "CANCELLATION", "CORRECTION_CREATION", "CORRECTION_CANCELLATION", "SELF_BILLED", "SELF_BILLED_CANCELLATION",
]  # fmt: skip
CORRECTIONS: tuple[BusinessCase, ...] = ("CORRECTION_CREATION", "CORRECTION_CANCELLATION")
"""Of an item of kind USAGE_CORRECTION, by which a period of usages is rated again: usages came late, or some were cancelled."""
PRICED = ("USAGE", "USAGE_CORRECTION")
"""Kinds of items that get their amount from usages when they are billed."""
METERED = (*PRICED, "RATED_USAGE")
"""Kinds of items that say what was used: a contract's end does not change what they cost."""


class BillableRow(Frozen, frozen=True):
    """What will stand on the document. The tax is determined when it is billed, for the day on which the supply is completed."""

    name: str
    category: str
    quantity: Decimal
    quantity_type: str
    unit_price: Decimal
    """On the agreed side, exact."""
    total: Decimal
    """On the agreed side, rounded; positive for credits too."""
    basis: Literal["NET", "GROSS"]
    service_start: dt.date
    service_end: dt.date
    """Exclusive."""
    tax_date: dt.date
    tax_location: Location
    performance_location: Location
    tax_code: str = "STANDARD"
    tax_scheme: str = "DEFAULT"
    description: str | None = None
    article_number: str | None = None
    item_group: str | None = None
    price_calculation_basis: PriceCalculationBasis | None = None
    option_order: int = 0
    """Of the option in its phase: rows stand in this order."""
    credited_row: str | None = None
    """Ident of the row that a credit takes back."""
    properties: tuple[Property, ...] = ()


class Header(NamedTuple):
    """What the owner of an item decides for the document: equal for all items of one."""

    customer_ident: str
    billing_group_ident: str
    invoice_address_ident: str
    shipping_address_ident: str | None
    operating_site_ident: str | None
    currency: str
    language: str
    payment_type: str
    payment_reference: str | None
    customer_payment_account_ident: str | None
    payment_days: int | None


class Item(NamedTuple):
    """A billable item on its way to a document."""

    item_id: int
    contract_id: int
    contract_ident: str
    segment_ident: str
    header: Header
    origin_type: Literal["OPTION", "USAGE", "LINE_ITEM", "ALLOWANCE"]
    origin_ident: str
    kind: str
    period_start: dt.date
    period_end: dt.date
    """Exclusive."""
    sequence: int
    type: Literal["DEBIT", "CREDIT"]
    business_case: str
    processing_at: dt.datetime
    row: BillableRow
    credited_document: str | None = None
    """Number of the document that a credit takes back from."""
    related_item_id: int | None = None
    is_new: bool = True


@shape
class PeriodView:
    start: dt.date
    end: dt.date


@shape
class PriceView:
    base: Decimal


@shape
class ItemView:
    """A billable item as the API answers it."""

    billable_item_id: int
    billable_item_ident: str
    contract_id: int
    contract_ident: str
    type: str
    business_case: str
    origin_type: str
    origin_ident: str
    target_document_type: str
    processing_status: str
    processing_date: dt.datetime
    processed_date: dt.datetime | None
    processing_error: str | None
    status_reason: str | None
    billing_period: PeriodView
    service_billing_period: PeriodView
    unit_quantity: Decimal
    unit_quantity_type: str
    unit_price: PriceView
    row_total: PriceView
    tax_calculation_basis: str
    category: str
    name: str
    invoice_ident: str | None
    credit_note_ident: str | None
    related_item_ident: str | None
    price_calculation_basis: PriceCalculationBasis | None
