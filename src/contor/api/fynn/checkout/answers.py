"""What links and carts look like. Pure."""

from decimal import Decimal
from typing import Literal

from contor.api.fynn.manners import MoneyShown, Uuid, When
from contor.api.fynn.payments.answers import ActionShown
from contor.kernel.shapes import shape


@shape
class PlanNamed:
    """A plan, by the code under which it is sold."""

    id: str
    code: str
    name: str | None = None


@shape
class ProductNamed:
    id: str
    name: str | None = None


@shape
class LinkItemShown:
    type: str
    """`plan` or `product`."""
    plan: PlanNamed | None
    product: ProductNamed | None
    tier: str | None
    quantity: int | Decimal


@shape
class LinkOptionsShown:
    trial_days: int | None
    allow_coupons: bool
    quantity_editable: bool
    force_company: bool


@shape
class AfterShown:
    action: str
    """`redirect`, `confirmation_message` or `none`."""
    url: str | None
    confirmation_message: str | None
    back_to_provider_url: str | None


@shape
class LinkShown:
    """A link that sells."""

    id: Uuid
    slug: str | None
    name: str | None
    url: str
    """Where who follows it gets a cart of his own, and orders."""
    items: tuple[LinkItemShown, ...]
    options: LinkOptionsShown
    after_checkout: AfterShown
    coupon: str | None
    metadata: dict[str, str]
    is_enabled: bool
    expires_at: When | None
    created_at: When
    updated_at: When


@shape
class CartItemShown:
    id: str
    type: str
    name: str
    plan: PlanNamed | None
    product: ProductNamed | None
    quantity: int | Decimal
    unit_price: MoneyShown | None
    """Of one, net or gross as it is sold; none where it goes by quantity or use."""
    is_gross: bool


@shape
class BuyerShown:
    id: Uuid
    customer_number: str
    external_id: str | None
    company_name: str | None
    first_name: str | None
    last_name: str | None


@shape
class CartAddressShown:
    id: Uuid
    company_name: str | None
    first_name: str | None
    last_name: str | None
    street: str | None
    house_number: str | None
    addition: str | None
    zip: str | None
    city: str | None
    country_code: str
    vat_id: str | None


@shape
class CartMethodShown:
    id: str
    type: str
    name: str | None


@shape
class CartShown:
    """A cart, and what became of it."""

    id: Uuid
    public_id: str
    """By which who orders reaches it, without a key."""
    url: str
    """Where he orders."""
    checkout_link: Uuid | None
    status: str
    currency_code: str
    customer: BuyerShown | None
    customer_email: str | None
    invoice_address: CartAddressShown | None
    payment_method: CartMethodShown | None
    items: tuple[CartItemShown, ...]
    coupon: str | None
    lost_coupon: str | None
    """The one that the link brings and that holds no more: it is sold without."""
    metadata: dict[str, str]
    redirect_url: str | None
    invoice: str | None
    """The number of the first document; none where nothing was billed at once."""
    subscription: str | None
    """The contract; none of one-time fees alone."""
    order: str | None
    payment: str | None
    """What collects the first document."""
    expires_at: When
    created_at: When
    updated_at: When
    completed_at: When | None
    paid_at: When | None


@shape
class CartSettings:
    trial_days: int | None
    allow_coupons: bool
    quantity_editable: bool
    force_company: bool
    back_to_provider_url: str | None
    payment_methods: tuple[str, ...]
    """`sepa_debit`, `card`, `paypal`, `bank_transfer`."""


@shape
class PublicCart:
    """A cart as who orders sees it."""

    id: str
    status: str
    price: MoneyShown | None
    """What is to be paid at once, with taxes, at home; none while that is not known."""
    customer: BuyerShown | None
    customer_prefill: dict[str, str]
    email: str | None
    invoice_address: CartAddressShown | None
    payment_method: CartMethodShown | None
    items: tuple[CartItemShown, ...]
    coupon: str | None
    lost_coupon: str | None
    """The one that the link brings and that holds no more: the price is without it."""
    settings: CartSettings
    completion_details: tuple[str, ...]
    """What the order made: the contract or order, and the first document."""
    expires_at: When


@shape
class ConfirmedShown:
    """What who has ordered sees next."""

    status: str
    action: str
    redirect_url: str | None
    confirmation_message: str | None


@shape
class CartAddressesShown:
    data: tuple[CartAddressShown, ...]


@shape
class CartMethodsShown:
    data: tuple[CartMethodShown, ...]


@shape
class StripePrepared:
    """What the customer's browser needs to hand his card to Stripe itself."""

    status: str
    """Of the cart."""
    gateway: str
    payment_methods: tuple[str, ...]
    payment_method_id: str
    """By which the cart is confirmed once the customer has agreed, and of the payment method from then on."""
    setup_status: Literal["action_required", "success", "failed"]
    """success: it may be confirmed. failed: nothing comes of it; prepare it again."""
    action_required: ActionShown | None = None
    fail_reason: str | None = None
