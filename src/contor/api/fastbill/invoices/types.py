"""What clients send of an invoice and of its rows, and by what they look for one. Pure."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from contor.api.fastbill.mailed import Mailed
from contor.api.fastbill.names import Also
from contor.api.fastbill.reading import Code, Day, Flag, Get, Id, Line, Moment, Number, Whole, Words, one_of
from contor.kernel.shapes import shape

VatCase = Annotated[
    str,
    one_of(
        "standard",
        "small_business_regulation",
        "b2c_eu_goods",
        "b2c_noneu_goods",
        "b2b_eu_goods",
        "b2b_eu_services",
        "b2b_noneu_goods",
        "b2b_noneu_services",
    ),
]
PaperType = Annotated[Literal["outgoing", "draft", "credit"], one_of("outgoing", "draft", "credit")]
PaperState = Annotated[Literal["unpaid", "paid", "overdue", "canceled"], one_of("unpaid", "paid", "overdue", "canceled")]
MOST_ITEMS = 100
"""Rows of one document."""


def several(value: object) -> object:
    """One id, or an array of ids."""
    return value if isinstance(value, (list, tuple)) else [value]


Ids = Annotated[tuple[Id, ...], Field(max_length=1_000), BeforeValidator(several)]


@shape
class InvoiceFilter(Get):
    """Everything that is given holds."""

    invoice_id: Ids | None = None
    invoice_number: Line | None = None
    invoice_title: Line | None = None
    invoice_ext_uid: Line | None = None
    customer_id: Id | None = None
    project_id: Id | None = None
    month: Annotated[Whole, Field(ge=1, le=12)] | None = None
    year: Annotated[Whole, Field(ge=1900, le=9998)] | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    start_due_date: Day | None = None
    end_due_date: Day | None = None
    start_paid_date: Day | None = None
    end_paid_date: Day | None = None
    start_lastupdate: Moment | None = None
    end_lastupdate: Moment | None = None
    type: PaperType | None = None
    state: Annotated[PaperState | None, Also("status")] = None


@shape
class ItemData:
    """A row of DATA.ITEMS."""

    invoice_item_id: Id | None = None
    article_number: Line | None = None
    description: Words | None = None
    quantity: Number | None = None
    unit: Line | None = None
    unit_price: Number | None = None
    vat_percent: Annotated[Number, Field(ge=0, le=100)] | None = None
    is_gross: Flag | None = None
    complete_gross: Number | None = None
    category: object = None
    sort_order: Whole | None = None


Items = Annotated[tuple[ItemData, ...], Field(max_length=MOST_ITEMS)]


@shape
class InvoiceWords:
    """What invoices and recurring invoices have in common; what is left out stays as it is in an update."""

    contact_id: Id | None = None
    project_id: Id | None = None
    customer_costcenter_id: Line | None = None
    currency_code: Code | None = None
    template_id: Id | None = None
    template_hash: Line | None = None
    introtext: Words | None = None
    invoice_title: Line | None = None
    note: Words | None = None
    delivery_date: Line | None = None
    cash_discount_percent: Annotated[Number, Field(ge=0, le=100)] | None = None
    cash_discount_days: Annotated[Whole, Field(ge=0, le=366)] | None = None
    days_for_payment: Annotated[Whole, Field(ge=0, le=366)] | None = None
    is_gross: Flag | None = None
    vat_case: VatCase | None = None
    eu_delivery: Flag | None = None
    customer_accounting_note: Line | None = None
    contract_reference: Line | None = None
    customer_order_reference: Line | None = None
    order_reference: Line | None = None
    payment_type: Annotated[Whole, Field(ge=1, le=6)] | None = None
    service_period_start: Day | None = None
    service_period_end: Day | None = None
    items: Items | None = None


@shape
class InvoiceData(InvoiceWords):
    """DATA of invoice.create."""

    customer_id: Id
    invoice_ext_uid: Line | None = None
    invoice_date: Day | None = None


@shape
class InvoiceChange(InvoiceWords):
    """DATA of invoice.update."""

    invoice_id: Id
    customer_id: Id | None = None
    invoice_ext_uid: Line | None = None
    invoice_date: Day | None = None
    delete_existing_items: Flag = False


@shape
class OneInvoice:
    invoice_id: Id


@shape
class OneItem:
    invoice_item_id: Id


@shape
class CompleteInvoice(OneInvoice):
    payment_token: Line | None = None
    payment_provider: Line | None = None


@shape
class CancelInvoice(OneInvoice):
    cancellation_amount: Annotated[Number, Field(gt=0)] | None = None
    description: Words | None = None


@shape
class SendInvoice(Mailed):
    """An invoice, and the mail that brings it."""

    invoice_id: Id


@shape
class PaidInvoice(OneInvoice):
    paid_date: Day | None = None
    payment_method: Line | None = None


CORE = {
    "customer_ident": "CUSTOMER_ID",
    "billing_group_ident": "CUSTOMER_ID",
    "invoice_address_ident": "CONTACT_ID",
    "currency": "CURRENCY_CODE",
    "zip": "ZIPCODE",
    "country": "COUNTRY_CODE",
    "document_date": "INVOICE_DATE",
    "quantity": "QUANTITY",
    "net": "UNIT_PRICE",
    "gross": "UNIT_PRICE",
    "rate": "VAT_PERCENT",
    "taxes": "VAT_PERCENT",
    "tax_detail": "VAT_PERCENT",
    "category_code": "VAT_CASE",
    "calculation_basis": "IS_GROSS",
    "name": "DESCRIPTION",
    "service_period": "SERVICE_PERIOD_START",
    "start": "SERVICE_PERIOD_START",
    "end": "SERVICE_PERIOD_END",
    "delivery_date": "DELIVERY_DATE",
    "external_ident": "INVOICE_EXT_UID",
    "period_in_days": "DAYS_FOR_PAYMENT",
    "percentage": "CASH_DISCOUNT_PERCENT",
    "days": "CASH_DISCOUNT_DAYS",
    "document_ident": "INVOICE_ID",
    "amount": "CANCELLATION_AMOUNT",
    "description": "DESCRIPTION",
    "paid_on": "PAID_DATE",
    "method": "PAYMENT_METHOD",
}
"""Field of the core -> tag."""
