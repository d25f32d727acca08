"""What callers send of invoices and positions. Pure."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from contor.api.fynn.manners import CustomFields, Day, DayOrInstant, Money, id_meant, interval, interval_of
from contor.kernel.partial import Partial, changing
from contor.kernel.shapes import Currency, Text, Text64, Text255, shape

MOST_POSITIONS = 100


def _headline(value: object) -> object:
    return value.get("name") if isinstance(value, dict) else value


def _every(text: str) -> str:
    found = interval_of(text)
    return interval(found.count, found.unit)


Named = Annotated[Text255, BeforeValidator(id_meant)]
"""The id of another thing."""
Every = Annotated[Text64, AfterValidator(_every)]
Percent = Annotated[Decimal, Field(gt=0, le=100, max_digits=7, decimal_places=4)]
QuantitySent = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=4)]


@shape
class PositionData:
    """A position as it is sent: what is left out stays, or is as usual."""

    id: Named | None = None
    """Of one that is changed."""
    position: Annotated[int, Field(ge=0, le=MOST_POSITIONS)] | None = None
    """Its place among those beside it, from 1; 0: behind all of them."""
    parent: Named | None = None
    """The position that it belongs to, which belongs to none."""
    group: Annotated[Text64 | None, BeforeValidator(_headline)] = None
    """Headline under which it is printed; also an object with its `name`, as it is answered."""
    type: Literal["product", "discount", "setup"] | None = None
    quantity: QuantitySent | None = None
    unit: Named | None = None
    """A unit, or the word for one."""
    unit_price: Money | None = None
    currency_code: Currency | None = None
    """Of the price; another one than the invoice's is converted."""
    unit_price_interval: Every | None = None
    discount_percentage: Percent | None = None
    fixed_discount_amount: Money | None = None
    """Off the whole position; it or a percentage."""
    name: Text255 | None = None
    description: Text | None = None
    tax_group: Named | None = None
    tax_group_id: Named | None = None
    """The same as `taxGroup`."""
    service_date_from: Day | None = None
    service_date_to: Day | None = None
    subscription_item: Named | None = None
    product: Named | None = None


@shape
class PositionSent(PositionData):
    """A position with those that belong to it."""

    children: Annotated[tuple[PositionData, ...], Field(max_length=MOST_POSITIONS)] = ()


@shape
class InvoiceWords:
    """What may be said of an invoice that is being written."""

    title: Text255 | None = None
    introduction: Text | None = None
    closing: Text | None = None
    internal_note: Text | None = None
    """Neither printed nor sent."""
    currency_code: Currency | None = None
    creation_date: DayOrInstant | None = None
    """The date that it bears; default: the day on which it is finalized."""
    due_date: Day | None = None
    invoice_address: Named | None = None
    payment_method: Named | None = None
    e_invoice_type: Literal["zugferd", "xrechnung"] | None = None
    leitweg_id: Text255 | None = None
    dunning_disabled: bool | None = None
    custom_fields: CustomFields | None = None


@shape
class InvoiceData(InvoiceWords):
    """A new invoice: a draft until it is finalized."""

    customer: Named
    type: Literal["TYPE_INVOICE"] = "TYPE_INVOICE"
    positions: Annotated[tuple[PositionSent, ...], Field(max_length=MOST_POSITIONS)] = ()


@shape
class SaidOfInvoice(InvoiceWords):
    """What changes of a draft; positions that are sent take the place of all that there are."""

    customer: Named | None = None
    positions: Annotated[tuple[PositionSent, ...], Field(max_length=MOST_POSITIONS)] | None = None


InvoiceChange: Partial = changing(SaidOfInvoice, "InvoiceChange")
PositionChange: Partial = changing(PositionSent, "PositionChange")
"""What is left out stays, null clears it."""


@shape
class NewPosition(PositionSent):
    """A position that an invoice gets."""

    invoice: Named | None = None


@shape
class Finalization:
    due_date: Day | None = None


@shape
class InvoiceCancellation:
    """Why, and how much of it."""

    reason: Text | None = None
    """Printed."""


@shape
class Crediting:
    amount: Money | None = None
    """In gross; default: all that is left of it."""
    reason: Text | None = None


@shape
class Refunding:
    amount: Money | None = None
    """In gross; default: all that was paid and not given back."""
    reason: Text | None = None
    payment_method: Named | None = None
    """To which the money goes back; default: that by which it came."""


@shape
class PaymentSent:
    """Money that came in, as a person says."""

    amount: Money | None = None
    """Default: all that is open."""
    date: Day | None = None
    """Default: today."""
    type: Text64 | None = None
    """How it was paid, in a word."""
    description: Text255 | None = None


@shape
class Sending:
    """To whom; default: the customer, in the words of his template."""

    recipients: Annotated[tuple[Text255, ...], Field(max_length=10)] = ()
    subject: Text255 | None = None
    text: Text | None = None


@shape
class MethodChange:
    payment_method: Named | None = None
    payment_method_id: Named | None = None
    """The same as `paymentMethod`."""


@shape
class AddressChoice:
    customer_address: Named | None = None
    customer_address_id: Named | None = None
    """The same as `customerAddress`."""
    address: Named | None = None
    """The same again."""


@shape
class SaidOfSettled:
    """What may change of an invoice that is finalized."""

    dunning_disabled: bool | None = None
    custom_fields: CustomFields | None = None


Settled: Partial = changing(SaidOfSettled, "Settled")
