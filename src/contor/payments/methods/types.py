"""The values of payment methods: how a customer pays, by whom that is collected, and what is shown of it. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.kernel.shapes import Ident, Text100, Text255, shape, written
from contor.payments.customer_accounts import Mandate, PaymentMethod, SentIban
from contor.payments.gateways import ProviderName
from contor.settings.identifiers import Bic
from contor.settings.types import WebAddress

MethodGateway = Literal["SEPA_DEBIT", "STRIPE", "GO_CARDLESS", "PAYPAL", "TESTING", "BANK_TRANSFER"]
MethodType = Literal["SEPA_DEBIT", "CARD", "PAYPAL", "BANK_TRANSFER"]
MethodStatus = Literal["ACTIVE", "ACTION_REQUIRED", "EXPIRED", "REVOKED", "GATEWAY_UNCONFIGURED"]
MethodSource = Literal["CHECKOUT", "CUSTOMER_FRONT", "API", "ADD_LINK"]

TYPES_OF: Final[Mapping[MethodGateway, tuple[MethodType, ...]]] = {
    "SEPA_DEBIT": ("SEPA_DEBIT",),
    "STRIPE": ("CARD",),
    "GO_CARDLESS": ("SEPA_DEBIT",),
    "PAYPAL": ("PAYPAL",),
    "TESTING": ("SEPA_DEBIT", "CARD", "PAYPAL"),
    "BANK_TRANSFER": ("BANK_TRANSFER",),
}
PROVIDERS: Final[Mapping[MethodGateway, ProviderName]] = {
    "SEPA_DEBIT": "SEPA_FILE",
    "STRIPE": "STRIPE",
    "GO_CARDLESS": "GOCARDLESS",
    "PAYPAL": "PAYPAL",
    "TESTING": "SIMULATED",
}
"""Who collects; nobody collects what a customer transfers."""
GATEWAYS: Final[Mapping[str, MethodGateway]] = {provider: gateway for gateway, provider in PROVIDERS.items()}
COLLECTED: Final[Mapping[MethodType, PaymentMethod]] = {"SEPA_DEBIT": "DIRECT_DEBIT", "CARD": "CREDIT_CARD", "PAYPAL": "PAY_PAL"}
PAYMENT_TYPES: Final[Mapping[str, str]] = {"DIRECT_DEBIT": "SEPA_DIRECT_DEBIT", "CREDIT_CARD": "CREDIT_CARD", "PAY_PAL": "PAYPAL"}
"""What contracts call the payment by an account, by how it is collected."""
SHOWN: Final[Mapping[str, MethodType]] = {collected: shown for shown, collected in COLLECTED.items()}


@shape
class Card:
    """What is shown of a card, never all of its number."""

    brand: Text100 | None = None
    last4: Annotated[str, written(r"^[0-9]{4}$", "four digits")] | None = None
    """The last four digits."""
    exp_month: Annotated[int, Field(ge=1, le=12)] | None = None
    exp_year: Annotated[int, Field(ge=2000, le=2200)] | None = None
    holder: Text255 | None = None


@shape
class PayPal:
    """What is shown of an account at PayPal."""

    email: Text255 | None = None
    billing_agreement_id: Text255 | None = None


@shape
class SepaData:
    """What a mandate is made of."""

    iban: SentIban
    bic: Bic | None = None
    holder: Text255 | None = None
    mandate_reference: Annotated[str, Field(min_length=1, max_length=35)] | None = None
    """Without it, one is made."""
    signed_on: dt.date | None = None
    """Today, where nothing is said."""


@shape
class TokenData:
    """What a provider calls the customer and the means of payment."""

    customer: Text255 | None = None
    method: Text255


@shape
class MethodBody:
    """How a customer is to pay."""

    ident: Ident | None = None
    customer_ident: Ident
    gateway: MethodGateway
    """By whom it is collected; BANK_TRANSFER: the customer pays by himself."""
    type: MethodType
    is_default: bool = True
    """What names no method is paid by it."""
    once: bool = False
    """It is for one collection: of SEPA alone."""
    source: MethodSource = "API"
    name: Text255 | None = None
    sepa: SepaData | None = None
    token: TokenData | None = None
    card: Card | None = None
    paypal: PayPal | None = None


@shape
class SetupBody:
    """How a customer is to pay, once he has agreed to it at the provider."""

    method: MethodBody
    """Without `token`, the customer says at the provider what it is; with it, he agrees to it where that is needed."""
    customer_reference: Text255 | None = None
    """What the provider calls the customer; without it, as it is known, else he is made there."""
    return_url: WebAddress | None = None
    """Where the provider sends the customer back to."""


@shape
class MethodChange:
    """What is otherwise of it; what is left out stays."""

    name: Text255 | None = None
    enabled: bool | None = None
    """false: nothing is collected by it."""
    is_default: Literal[True] | None = None
    """Another one of the customer is so no more."""


@shape
class RemovalBody:
    """What takes the place of a method that is removed."""

    new_default: Ident | None = None
    """Of the default, where there are others: the one that is so from then on."""


@shape
class SepaShown:
    """The account and mandate by which is collected."""

    iban: str | None = None
    """Masked."""
    bic: str | None = None
    holder: str | None = None
    mandate: Mandate | None = None
    mandate_status: str | None = None


@shape
class MethodView:
    """How a customer pays."""

    ident: str
    customer_ident: str
    gateway: MethodGateway
    type: MethodType
    status: MethodStatus
    """EXPIRED: its card's month is over. REVOKED: its mandate holds no more, or nothing works with it. GATEWAY_UNCONFIGURED: by nobody is
    collected from it here."""
    status_reason: str | None = None
    is_default: bool
    enabled: bool
    source: MethodSource
    name: str | None = None
    reference: str | None = None
    """What the provider calls it, or the mandate."""
    card: Card | None = None
    paypal: PayPal | None = None
    sepa: SepaShown | None = None
    expires_on: dt.date | None = None
    created_at: dt.datetime
    last_modified_at: dt.datetime


def last_day(card: Card | None) -> dt.date | None:
    """Until when a card serves: the last day of its month."""
    if card is None or card.exp_year is None or card.exp_month is None:
        return None
    year, month = (card.exp_year + 1, 1) if card.exp_month == 12 else (card.exp_year, card.exp_month + 1)
    return dt.date(year, month, 1) - dt.timedelta(days=1)
