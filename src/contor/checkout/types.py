"""What is sold by a link, what lies in a cart, and what somebody says who orders. Pure."""

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.contracts.sold import FrozenItem, SoldItem
from contor.customers.types import CustomerType, Email, Property
from contor.kernel.shapes import Frozen, Ident, Language, Name255, Quantity, Text, Text100, Text255, shape, written
from contor.payments.customer_accounts import PaymentMethod
from contor.settings.countries import PostalCountry
from contor.settings.identifiers import Bic, Iban, VatId
from contor.settings.types import WebAddress

HOURS: Final = 24
"""For so long the prices of a cart stand."""
LINK_DAYS: Final = 90
"""For so long the address of a cart shows what became of it."""
MOST_ITEMS: Final = 20
CartStatus = Literal["OPEN", "CONFIRMING", "REDIRECT_TO_PAYMENT", "EXPIRED", "COMPLETED"]
"""CONFIRMING: the customer is to show by a one-time password that he is who he says."""
Slug = Annotated[str, written(r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$", "1 to 64 of a to z, 0 to 9 and -, which is not at an end")]
Pieces = Annotated[Quantity, Field(gt=0)]


@shape
class LinkOptions:
    trial_days: Annotated[int, Field(ge=0, le=730)] | None = None
    """Instead of the plan's trial; 0: without one."""
    allow_coupons: bool = True
    quantity_editable: bool = False
    force_company: bool = False
    """Who orders says a company."""


@shape
class AfterCheckout:
    """What somebody sees who has ordered."""

    action: Literal["REDIRECT", "CONFIRMATION_MESSAGE", "NONE"] = "NONE"
    url: WebAddress | None = None
    """Where a REDIRECT leads."""
    confirmation_message: Text | None = None
    back_to_provider_url: WebAddress | None = None
    """Where who does not want to order goes back to."""


LinkItems = Annotated[tuple[SoldItem, ...], Field(min_length=1, max_length=MOST_ITEMS)]
Metadata = Annotated[tuple[Property, ...], Field(max_length=50)]


# a cart as it is stored


class Consent(Frozen, frozen=True):
    """What somebody agreed to, in the words that were shown."""

    kind: Literal["ORDER", "MANDATE", "WITHDRAWAL"]
    text: str
    given_at: dt.datetime
    address: str | None = None
    """From which it came, as far as that is known."""


class CartContent(Frozen, frozen=True):
    """What is stored as one value."""

    items: tuple[FrozenItem, ...]
    options: LinkOptions
    after: AfterCheckout
    coupon: str | None = None
    lost_coupon: str | None = None
    """The one that the link brought and that held no more when it was ordered."""
    metadata: tuple[Property, ...] = ()
    consents: tuple[Consent, ...] = ()
    prefilled: tuple[Property, ...] = ()


# what somebody says


@shape
class OrderAddress:
    """Where the bill goes."""

    company: Text255 | None = None
    first_name: Text255 | None = None
    last_name: Text255 | None = None
    address_addition: Text255 | None = None
    street: Text255 | None = None
    street_no: Text255 | None = None
    zip: Text255 | None = None
    city: Text255 | None = None
    country: PostalCountry = "DE"
    vat_id: VatId | None = None


@shape
class SepaPayment:
    """An account, and that its holder gives the mandate whose text he was shown."""

    iban: Iban
    bic: Bic | None = None
    account_holder_name: Text255 | None = None
    mandate_text: Text
    """As it was shown and agreed to."""
    gateway_ident: Ident | None = None


@shape
class TokenPayment:
    """What a payment provider calls the means of payment, which never comes here itself."""

    payment_method: PaymentMethod = "CREDIT_CARD"
    payment_provider_reference: Text255 | None = None
    payment_method_reference: Text255
    display_name: Text255 | None = None
    gateway_ident: Ident | None = None


@shape
class OrderPayment:
    """One of them; none: the customer transfers what the invoice says."""

    sepa: SepaPayment | None = None
    token: TokenPayment | None = None
    customer_payment_account_ident: Ident | None = None
    """One that the customer has."""


@shape
class OrderBody:
    """What somebody says who orders."""

    email: Email | None = None
    """Required of who is not known yet."""
    phone: Text100 | None = None
    customer_type: CustomerType | None = None
    """Default: B2B with a company, else B2C."""
    language: Language | None = None
    address: OrderAddress | None = None
    """A new one; required of who is not known yet."""
    invoice_address_ident: Ident | None = None
    """One that the customer has."""
    payment: OrderPayment | None = None
    coupon: Ident | None = None
    agreed_text: Text | None = None
    """What was agreed to with the order: terms, and that the right of withdrawal was explained."""
    address_seen: Annotated[str, Field(max_length=64)] | None = None
    """The network address that the order came from."""


@shape
class InvoiceDetails:
    """What somebody says who has signed an offer: where its bill goes, and how it is paid."""

    email: Email | None = None
    """Of the new customer; default: the one by which the offer was sent to him."""
    phone: Text100 | None = None
    customer_type: CustomerType | None = None
    """Default: B2B with a company, else B2C."""
    language: Language | None = None
    """Default: the offer's."""
    address: OrderAddress
    payment: OrderPayment | None = None
    """A mandate, or what a payment provider keeps; none: the customer transfers what the invoice says."""
    agreed_text: Text | None = None
    """What was agreed to with it: that the right of withdrawal was explained."""
    address_seen: Annotated[str, Field(max_length=64)] | None = None
    """The network address that it came from."""


@shape
class QuantityBody:
    quantity: Pieces
    item_ident: Annotated[Name255, Field()] | None = None
    """Required where several items are in the cart."""
