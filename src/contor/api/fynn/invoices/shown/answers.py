"""What invoices and their positions look like."""

from decimal import Decimal
from typing import Literal

from contor.api.fynn.customers import CustomerShort
from contor.api.fynn.manners import MediaShown, MoneyShown, Uuid, When
from contor.api.fynn.payments import MethodShown
from contor.kernel.shapes import shape

InvoiceType = Literal["TYPE_INVOICE", "TYPE_CREDIT", "TYPE_REFUND", "TYPE_REMINDER", "TYPE_CANCEL", "TYPE_DUNNING"]
InvoiceStatus = Literal[
    "STATUS_NEW",
    "STATUS_DRAFT",
    "STATUS_FINALIZING",
    "STATUS_UNPAID",
    "STATUS_PAID",
    "STATUS_REMINDED",
    "STATUS_CANCELLED",
    "STATUS_REFUNDED",
    "STATUS_CLOSED",
]
DunningStatus = Literal["reminder", "dunning", "none"]
InvoiceSource = Literal["cart", "subscription", "manual"]
ReverseCharge = Literal["REVERSE_CHARGE_DEACTIVATED", "REVERSE_CHARGE", "REVERSE_CHARGE_INTRA_EU_SUPPLY"]
PositionType = Literal["product", "discount", "setup", "dunning_fee", "invoice"]


@shape
class InvoiceAddress:
    """The address as it stands on the invoice."""

    id: Uuid | None = None
    company_name: str | None = None
    salutation: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    street: str | None = None
    house_number: str | None = None
    addition: str | None = None
    zip: str | None = None
    city: str | None = None
    country_code: str | None = None
    vat_id: str | None = None


@shape
class PositionUnitShown:
    id: str
    name: str


@shape
class PositionTaxGroupShown:
    """By which the rate was chosen, together with the customer."""

    id: Uuid
    internal_description: str
    reverse_charge_type: ReverseCharge
    type: Literal["standard", "reduced"]


@shape
class TaxShown:
    id: Uuid
    code: str
    rate: Decimal
    """Percent."""
    description: str


@shape
class PositionGroup:
    """The headline under which positions are printed together."""

    name: str


@shape
class PositionFields:
    """What a position says at whatever depth; `net_amount` is before its discount, the others behind it."""

    id: Uuid
    position: int
    """Its place among those beside it, from 1."""
    quantity: Decimal
    unit: PositionUnitShown | None = None
    unit_price: MoneyShown
    unit_price_interval: str | None = None
    net_amount: MoneyShown
    gross_amount: MoneyShown
    tax_amount: MoneyShown
    discount_amount: MoneyShown
    discount_percentage: Decimal | None = None
    fixed_discount_amount: MoneyShown | None = None
    name: str
    description: str | None = None
    tax_group: PositionTaxGroupShown | None = None
    tax: TaxShown | None = None
    type: PositionType
    group: PositionGroup | None = None
    creation_date: When | None = None
    service_date_from: When | None = None
    service_date_to: When | None = None
    subscription_item: str | None = None
    product: str | None = None


@shape
class PositionParent(PositionFields):
    """The position that another one belongs to, without those that belong to it."""

    parent: None = None
    children: tuple[str, ...] = ()


@shape
class PositionChild(PositionFields):
    """A position of a position."""

    parent: PositionParent
    children: tuple[str, ...] = ()


@shape
class PositionShown(PositionFields):
    """A position that belongs to no other."""

    parent: None = None
    children: tuple[PositionChild, ...] = ()


@shape
class ExchangeRateShown:
    """A rate by which amounts were converted: units of the target for one of the source."""

    source_currency_code: str
    target_currency_code: str
    rate: Decimal
    date: When


@shape
class InvoiceLeast:
    """An invoice at the innermost level: what it names further is not shown."""

    id: Uuid
    customer: CustomerShort | None = None
    payment_method: MethodShown | None = None
    referenced_invoice: None = None
    type: InvoiceType
    currency_code: str
    number: str | None = None
    status: InvoiceStatus
    creation_date: When
    finalization_date: When | None = None
    due_date: When | None = None
    last_reminder_date: When | None = None
    last_sent_at: When | None = None
    dunning_level: int
    dunning_status: DunningStatus
    pay_date: When | None = None
    invoice_address: InvoiceAddress | None = None
    internal_note: str | None = None
    title: str | None = None
    introduction: str | None = None
    closing: str | None = None
    net_amount: MoneyShown
    gross_amount: MoneyShown
    tax_amount: MoneyShown
    discount_amount: MoneyShown
    file: MediaShown | None = None
    xml_file: MediaShown | None = None
    positions: tuple[PositionShown, ...] = ()
    exchange_rates: tuple[ExchangeRateShown, ...] = ()
    e_invoice_type: Literal["zugferd", "xrechnung"] | None = None
    leitweg_id: str | None = None
    custom_fields: dict[str, object]
    earliest_service_date: When | None = None
    latest_service_date: When | None = None
    usage_breakdown_url: str | None = None
    dunning_disabled: bool
    source: InvoiceSource
    unpaid_amount: MoneyShown


@shape
class InvoiceThird(InvoiceLeast):
    """An invoice at the third level."""

    referenced_invoice: InvoiceLeast | None = None  # type: ignore[assignment]  # one level further


@shape
class InvoiceSecond(InvoiceLeast):
    """An invoice that an invoice names."""

    referenced_invoice: InvoiceThird | None = None  # type: ignore[assignment]  # two levels further


@shape
class CancellationShown:
    """The document by which an invoice was taken back."""

    id: Uuid
    number: str | None = None
    type: InvoiceType
    finalization_date: When | None = None
    gross_amount: MoneyShown


@shape
class InvoiceShown(InvoiceLeast):
    """An invoice, a credit or a draft, with what it refers to."""

    referenced_invoice: InvoiceSecond | None = None  # type: ignore[assignment]  # three levels further
    referenced_cancellation: CancellationShown | None = None


@shape
class InvoiceRow(InvoiceLeast):
    """An invoice of a list: what it refers to is told by the invoice itself."""
