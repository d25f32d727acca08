"""What subscriptions, items and groups look like. Pure."""

from decimal import Decimal
from typing import Literal

from contor.api.fynn.customers.answers import CustomerAddressShown, CustomerShort
from contor.api.fynn.manners import MoneyShown, Uuid, When
from contor.api.fynn.payments.answers import MethodStatusName
from contor.kernel.shapes import Fields, shape

Status = Literal["draft", "offer", "active", "paused", "cancelled", "terminated"]


@shape
class PlanBrief:
    """The V2 plan that it was made of."""

    code: str
    name: str
    tier: str | None = None


@shape
class PeriodShown:
    """A billing period."""

    start: When
    end: When
    """The instant at which it is over."""
    charged: bool
    """Not in a trial, nor in a pause that is not made up."""


@shape
class DetailsShown:
    contract_start: When | None = None
    contract_end: When | None = None
    """The last day."""
    term: str | None = None
    renewal: bool
    notice_period: str | None = None
    cancellation_date: When | None = None
    """When notice was given."""
    cancellation_reason: str | None = None


@shape
class SubscriptionBilling:
    last_billed_at: When | None = None
    last_billed_from: When | None = None
    last_billed_to: When | None = None
    """The last day."""
    next_billing_at: When | None = None
    billing_interval: str


@shape
class BillingError:
    """What could not be billed, and waits until its cause is mended and somebody bills it again."""

    code: str
    """ERROR; EXCHANGE_RATE_MISSING, VAT_PROOF_AWAITED and TAX_AWAITED go on by themselves. CUSTOMER_PARKED: nothing of the customer is."""
    message: str
    """What is wrong, in words."""
    item: str | None = None
    """Of which item; null: of what is none, or of everything."""
    date_from: When | None = None
    """The first day that would be billed."""
    date_to: When | None = None
    """The last day that would be billed."""


@shape
class ProductBrief:
    id: Uuid
    name: str
    number: str | None = None


@shape
class PricePlanBrief:
    id: Uuid
    code: str
    """Its own name."""
    product: ProductBrief | None = None
    billing_interval: str | None = None
    """Null: it is charged once."""
    currency_code: str
    price: MoneyShown | None = None
    """Of a unit, as it is agreed with the subscription; null where it goes by tiers."""


@shape
class MeasurementValue:
    id: str
    measurement: str
    """Its code."""
    quantity: Decimal
    measured_at: When | None = None


@shape
class SubscriptionItemShown:
    id: str
    parent: str | None = None
    """The item that it follows: a setup fee that of its price plan."""
    subscription: Uuid
    plan: PricePlanBrief | None = None
    product: ProductBrief | None = None
    quantity: Decimal
    measurement_values: tuple[MeasurementValue, ...]
    billing: SubscriptionBilling
    billing_errors: tuple[BillingError, ...]
    """What could not be billed of it."""
    product_group: Uuid | None = None
    """Where it was assigned to one."""
    name: str
    description: str | None = None


@shape
class PaymentMethodBrief:
    id: str | None = None
    """Null where nothing is collected."""
    type: str
    name: str | None = None
    status: MethodStatusName | None = None
    """Null where nothing is collected."""
    fail_reason: str | None = None
    """Why nothing is collected by it, or not yet."""


@shape
class SubscriptionShown:
    id: Uuid
    external_id: str | None = None
    number: str
    name: str | None = None
    status: Status
    customer: CustomerShort
    plan: PlanBrief | None = None
    payment_method: PaymentMethodBrief | None = None
    invoice_address: CustomerAddressShown | None = None
    delivery_address: CustomerAddressShown | None = None
    billing_group: Uuid | None = None
    contract_details: DetailsShown
    trial_ends_on: When | None = None
    activated_at: When | None = None
    created_at: When
    po_number: str | None = None
    custom_fields: Fields
    billing: SubscriptionBilling
    billing_errors: tuple[BillingError, ...]
    """What could not be billed of it."""
    periods: tuple[PeriodShown, ...]
    items: tuple[SubscriptionItemShown, ...]
    has_pending_change: bool


@shape
class CurrentItem:
    price_plan: PricePlanBrief | None = None
    quantity: Decimal
    quantity_change_allowed: bool
    product_groups: tuple[Uuid, ...]


@shape
class ItemOption:
    price_plan: PricePlanBrief
    product_group: Uuid
    is_upgrade: bool
    is_downgrade: bool
    change_timing: Literal["immediately", "end_of_period"]
    credit_type: Literal["pro_rata", "full", "last_invoiced", "none"]
    quantity_change_allowed: bool


@shape
class ItemOptions:
    current: CurrentItem
    options: tuple[ItemOption, ...]
    has_pending_change: bool


@shape
class PreviewedPosition:
    name: str
    quantity: Decimal
    net_amount: MoneyShown
    is_credit: bool
    service_date_from: When | None = None
    service_date_to: When | None = None


@shape
class PreviewedInvoice:
    type: Literal["TYPE_INVOICE", "TYPE_CREDIT"]
    currency_code: str
    net_amount: MoneyShown
    tax_amount: MoneyShown
    gross_amount: MoneyShown
    positions: tuple[PreviewedPosition, ...]


@shape
class CancellationPreview:
    contract_end: When | None = None
    """The last day that there would be."""
    now: tuple[PreviewedInvoice, ...]
    """What would be invoiced or credited at once."""
    next: tuple[PreviewedInvoice, ...]
    """And afterwards, until the end."""
