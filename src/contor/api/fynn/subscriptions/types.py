"""What clients send of subscriptions, items, measurements and groups. Pure."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from contor.api.fynn.manners import CustomFields, Day, Every, Instant, Money, id_meant
from contor.kernel.partial import Partial, changing
from contor.kernel.shapes import Ident, Name255, Quantity, Text, Text255, shape

Id = Annotated[Text255, BeforeValidator(id_meant), WithJsonSchema({"type": "string"})]
"""A UUID, a ULID, or what the caller named the thing; also its IRI, or an object with its id."""
Days = Annotated[int, Field(ge=0, le=1200)]


@shape
class OrderedProduct:
    """What is ordered: a price plan, or a product that has one active price plan alone."""

    price_plan: Id | None = None
    product: Id | None = None
    quantity: Quantity | None = None
    """Default: 1."""
    price: Money | None = None
    """A unit's price in this subscription alone; its currency is that of the price plan."""
    name: Name255 | None = None
    """What it is called in this subscription, and on its invoices."""
    description: Text | None = None


Ordered = Annotated[tuple[OrderedProduct, ...], Field(min_length=1, max_length=100)]


@shape
class ContractDetails:
    """When it begins and ends, and how long it binds."""

    contract_start: Day | None = None
    contract_end: Day | None = None
    """The last day."""
    term: Every | None = None
    """How long it binds at least; without it it has no term."""
    renewal: bool = True
    """Whether a term is followed by another one."""
    notice_period: Every | None = None


@shape
class Terms:
    """What a subscription is made with, whatever it is of."""

    customer: Id
    number: Ident | None = None
    external_id: Ident | None = None
    name: Text255 | None = None
    """Heads its rows on invoices; default: what it is of."""
    po_number: Text255 | None = None
    """The customer's order number, printed on invoices."""
    contract_details: ContractDetails = ContractDetails()
    billing_start: Day | None = None
    """The day from which intervals are counted, and billed; default: when it begins."""
    trial_days: Days | None = None
    trial_ends_on: Day | None = None
    invoice_address: Id | None = None
    delivery_address: Id | None = None
    payment_method: Id | None = None
    billing_group: Id | None = None
    coupons: Annotated[tuple[Ident, ...], Field(max_length=20)] = ()
    custom_fields: CustomFields | None = None
    activate: bool = False
    """Begin at once; else it is a draft."""


@shape
class NewSubscription(Terms):
    products: Ordered


@shape
class PlanItemSelection:
    item: Id
    """Of the plan's tier."""
    quantity: Quantity | None = None
    selected: bool = True


@shape
class NewFromPlan(Terms):
    plan_code: Ident
    tier: Id | None = None
    """Default: the plan's only one."""
    plan_item_selections: Annotated[tuple[PlanItemSelection, ...], Field(max_length=100)] = ()


@shape
class Named:
    """What changes of a subscription at any time, and of a draft its days."""

    external_id: Ident | None = None
    name: Text255 | None = None
    po_number: Text255 | None = None
    custom_fields: CustomFields | None = None
    contract_details: ContractDetails | None = None
    billing_start: Day | None = None
    trial_days: Days | None = None


@shape
class Activation:
    trial_days: Days | None = None
    """Instead of the draft's."""
    items: Annotated[tuple[Id, ...], Field(max_length=200)] | None = None
    """The items that begin; the others are gone. Default: all."""


@shape
class SubscriptionCancellation:
    cancellation_date_type: Literal["immediate", "next_possible", "custom"]
    cancellation_date: Day | None = None
    """The last day, of type custom."""
    send_confirmation_email: bool = True
    reason: Text255 | None = None


@shape
class Resuming:
    next_billing_date: Day | None = None
    """From which it is billed again; without it, all that was missed is billed."""


@shape
class TrialExtending:
    trial_ends_on: Day
    """The first day that is charged."""


@shape
class InvoiceAddressed:
    invoice_address: Id | None = None


@shape
class DeliveryAddressed:
    delivery_address: Id | None = None


@shape
class Paying:
    payment_method_id: Id | None = None


@shape
class ProductOrder:
    products: Ordered


@shape
class SaidOfItem:
    """What is not said stays."""

    quantity: Quantity | None = None
    name: Name255 | None = None
    description: Text | None = None


ItemChange: Partial = changing(SaidOfItem, "ItemChange")
"""What is left out stays; without a name and a description of its own an item has those of its price plan."""


@shape
class GroupOfItem:
    product_group: Id | None = None


@shape
class ItemSwitch:
    subscription_item: Id | None = None
    """The item of the path."""
    selected_price_plan: Id | None = None
    quantity: Quantity | None = None
    send_invoice_email: bool = True


@shape
class ItemEnd:
    termination_date_type: Literal["immediate", "next_possible", "custom"] = "next_possible"
    termination_date: Day | None = None
    """The last day, of type custom."""


@shape
class Measured:
    """A value of a measurement: how much was used, or how much is taken from an instant on."""

    subscription: Id
    subscription_item: Id | None = None
    """Default: the only item with this measurement."""
    measurement_code: Name255 = "quantity"
    quantity: Quantity
    measured_at: Instant | None = None
    """Default: now."""


@shape
class MeasuredValues:
    values: Annotated[tuple[Measured, ...], Field(min_length=1, max_length=1000)]
