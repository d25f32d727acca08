"""What clients send of ways to pay and of money. Pure."""

from typing import Annotated, Literal

from pydantic import Field

from contor.api.fynn.manners import Day, Money
from contor.api.fynn.payments.answers import GatewayName, MethodTypeName
from contor.kernel.partial import Partial, changing
from contor.kernel.shapes import Ident, Text255, shape, written
from contor.payments.customer_accounts import SentIban
from contor.settings.identifiers import Bic
from contor.settings.types import WebAddress


@shape
class StripeSent:
    """A means of payment that the customer entered at Stripe; without it, he does so with what is answered."""

    payment_method_id: Text255 | None = None
    customer_id: Text255 | None = None


@shape
class GoCardlessSent:
    """A mandate that the customer gave at GoCardless."""

    mandate_id: Text255
    customer_id: Text255 | None = None


@shape
class SepaSent:
    """The account and the mandate that the customer gave."""

    iban: SentIban
    bic: Bic | None = None
    account_holder: Text255 | None = None
    mandate_reference: Annotated[str, Field(min_length=1, max_length=35)] | None = None
    """Without it, one is made."""
    signing_date: Day | None = None
    """Today, where nothing is said."""


@shape
class CardSent:
    """What may be shown of the card."""

    brand: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    last4: Annotated[str, written(r"^[0-9]{4}$", "four digits")] | None = None
    exp_month: Annotated[int, Field(ge=1, le=12)] | None = None
    exp_year: Annotated[int, Field(ge=2000, le=2200)] | None = None
    card_holder: Text255 | None = None


@shape
class PayPalSent:
    """An agreement that the customer gave at PayPal."""

    billing_agreement_id: Text255
    email: Text255 | None = None


@shape
class TestingSent:
    """A means of payment of the simulated provider: `ok`, `fail-AC04`, `slow` say what becomes of payments; with `action` before it, as in
    `action-ok`, the customer agrees first."""

    token: Text255 = "ok"


@shape
class MethodSent:
    """How a customer is to pay."""

    gateway: GatewayName
    type: MethodTypeName
    customer_id: Ident | None = None
    """Null is who is logged in as a customer; a key of the tenant names one."""
    is_default: bool = True
    future_usage_allowed: bool = True
    """false: for one payment. Of SEPA alone."""
    name: Text255 | None = None
    stripe: StripeSent | None = None
    go_cardless: GoCardlessSent | None = None
    sepa_debit: SepaSent | None = None
    paypal: PayPalSent | None = None
    card: CardSent | None = None
    testing: TestingSent | None = None
    redirect_url: WebAddress | None = None
    """Where the customer comes back to who agreed at Stripe or GoCardless."""


@shape
class VisitSent:
    """What the customer does at the simulated provider."""

    agreed: bool


@shape
class Completing:
    """The customer came back."""

    testing: VisitSent | None = None
    """Of `testing` alone: stands for his visit at the provider."""


@shape
class SaidOfMethod:
    """What is otherwise of a way to pay."""

    name: Text255 | None = None
    enabled: bool | None = None
    is_default: Literal[True] | None = None


MethodChanged: Partial = changing(SaidOfMethod, "MethodChanged")
"""What is left out stays; null takes the name away."""


@shape
class StripeMethod:
    """A means of payment of a customer at Stripe."""

    email: Text255
    """By which the customer is found."""
    stripe_customer_id: Text255
    stripe_payment_method_id: Text255
    card: CardSent | None = None


@shape
class MigrationSent:
    payment_methods: Annotated[tuple[StripeMethod, ...], Field(min_length=1, max_length=500)]


@shape
class RefundSent:
    """How much is given back of a payment, and by which document that is owed."""

    amount: Money | None = None
    """All that is owed by the credit, where nothing is said."""
    invoice: Ident | None = None
    """Number of the credit; without it, the only one of the payment's invoice by which something is owed."""
