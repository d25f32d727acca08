"""What is said of links and carts, and how the core says it. Pure."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.api.fynn.manners import Instant
from contor.api.fynn.payments.types import GoCardlessSent, PayPalSent
from contor.api.fynn.subscriptions.types import Id
from contor.checkout.types import MOST_ITEMS, Slug
from contor.customers.types import Email
from contor.kernel.errors import Problem
from contor.kernel.shapes import Fields, Ident, Name255, Quantity, Text, Text32, Text100, Text255, shape
from contor.settings.countries import PostalCountry
from contor.settings.identifiers import Bic, Iban, VatId
from contor.settings.types import WebAddress

Named = Annotated[str, Field(min_length=1, max_length=100)]
Action = Literal["redirect", "confirmation_message", "none"]


@shape
class LinkItemData:
    type: Literal["plan", "product"] = "plan"
    plan: Id | None = None
    product: Id | None = None
    tier: Ident | None = None
    """Of a plan that has several."""
    quantity: Annotated[Quantity, Field(gt=0)] = Decimal(1)


@shape
class LinkOptionsData:
    trial_days: Annotated[int, Field(ge=0, le=730)] | None = None
    allow_coupons: bool = True
    quantity_editable: bool = False
    force_company: bool = False


@shape
class AfterData:
    action: Action = "none"
    url: WebAddress | None = None
    confirmation_message: Text | None = None
    back_to_provider_url: WebAddress | None = None


@shape
class LinkData:
    slug: Slug | None = None
    name: Name255 | None = None
    items: Annotated[tuple[LinkItemData, ...], Field(min_length=1, max_length=MOST_ITEMS)]
    options: LinkOptionsData = LinkOptionsData()
    after_checkout: AfterData = AfterData()
    coupon: Ident | None = None
    metadata: Annotated[dict[Name255, Text255], Field(max_length=50)] | None = None
    is_enabled: bool = True
    expires_at: Instant | None = None


@shape
class PlanLinkData:
    """Of a plan that the path names."""

    tier: Ident | None = None
    """Which one, where it has several."""
    slug: Slug | None = None
    name: Name255 | None = None
    quantity: Annotated[Quantity, Field(gt=0)] = Decimal(1)
    options: LinkOptionsData = LinkOptionsData()
    after_checkout: AfterData = AfterData()
    coupon: Ident | None = None
    metadata: Annotated[dict[Name255, Text255], Field(max_length=50)] | None = None
    expires_at: Instant | None = None


@shape
class AddressData:
    company_name: Text255 | None = None
    first_name: Text255 | None = None
    last_name: Text255 | None = None
    street: Text255 | None = None
    house_number: Text255 | None = None
    addition: Text255 | None = None
    zip: Text255 | None = None
    city: Text255 | None = None
    country_code: PostalCountry = "DE"
    vat_id: VatId | None = None


@shape
class SepaData:
    iban: Iban
    bic: Bic | None = None
    account_holder: Text255 | None = None
    mandate_text: Text
    """As the payer was shown it, and agreed to it."""


@shape
class TokenData:
    payment_method_id: Text255
    customer_id: Text255 | None = None


@shape
class MethodData:
    """How who orders pays; of the last five only the one that belongs to the gateway is said."""

    gateway: Literal["sepa_debit", "stripe", "go_cardless", "paypal", "testing", "bank_transfer"]
    type: Literal["sepa_debit", "card", "paypal", "bank_transfer"]
    sepa: SepaData | None = None
    stripe: TokenData | None = None
    go_cardless: GoCardlessSent | None = None
    paypal: PayPalSent | None = None
    testing: TokenData | None = None


@shape
class ConfirmData:
    email: Email | None = None
    """Required of who is not known."""
    phone: Text100 | None = None
    language: Literal["de", "en"] | None = None
    new_invoice_address: AddressData | None = None
    invoice_address_id: Named | None = None
    new_payment_method: MethodData | None = None
    payment_method_id: Named | None = None
    coupon: Ident | None = None
    agreed_text: Text | None = None
    """What was agreed to with the order."""


@shape
class PreparedTesting:
    """A card of the simulated provider, as `testing` of `POST /payment-methods`."""

    token: Text255 | None = None
    """`action`, where nothing is said."""
    agreed: bool | None = None
    """What the customer does at the provider, once it is prepared; the first answer stands."""


@shape
class PrepareData:
    testing: PreparedTesting | None = None
    """By the simulated provider; without it, by Stripe."""


@shape
class OtpData:
    email: Email
    otp: Text32


@shape
class AskData:
    email: Email


@shape
class QuantityData:
    quantity: Annotated[Quantity, Field(gt=0)]
    cart_item_id: Name255 | None = None


OWNERS: Final[Mapping[str, str]] = {
    "sepa": "sepa_debit",
    "stripe": "stripe",
    "goCardless": "go_cardless",
    "paypal": "paypal",
    "testing": "testing",
}
"""What is said of a new method -> the gateway that it belongs to."""
TYPES: Final = {"DIRECT_DEBIT": "sepa_debit", "CREDIT_CARD": "card", "PAY_PAL": "paypal"}
"""How the core collects -> what fynn calls it."""
METHODS: Final = {shown: method for method, shown in TYPES.items()}


def method_findings(said: MethodData, types: Collection[str]) -> list[Problem]:
    """What does not belong to the gateway, and what is missing of it; `types`: by which it collects."""
    given = {
        "sepa": said.sepa,
        "stripe": said.stripe,
        "goCardless": said.go_cardless,
        "paypal": said.paypal,
        "testing": said.testing,
    }
    problems = [
        Problem("field_unused", f"belongs to {OWNERS[name]}", f"newPaymentMethod.{name}")
        for name, value in given.items()
        if value is not None and OWNERS[name] != said.gateway
    ]
    if said.type not in types:
        problems.append(Problem("type_unfit", f"is {' or '.join(types)} of {said.gateway}", "newPaymentMethod.type", said.type))
    problems += [
        Problem("field_required", f"is required of {said.gateway}", f"newPaymentMethod.{name}")
        for name, owner in OWNERS.items()
        if owner == said.gateway and given[name] is None
    ]
    return problems


def link_fields(data: LinkData, items: list[Fields]) -> Fields:
    """As the core's body; `items` with its idents."""
    after = data.after_checkout
    return {
        "slug": data.slug,
        "name": data.name,
        "items": items,
        "options": {
            "trial_days": data.options.trial_days,
            "allow_coupons": data.options.allow_coupons,
            "quantity_editable": data.options.quantity_editable,
            "force_company": data.options.force_company,
        },
        "after_checkout": {
            "action": after.action.upper(),
            "url": after.url,
            "confirmation_message": after.confirmation_message,
            "back_to_provider_url": after.back_to_provider_url,
        },
        "coupon": data.coupon,
        "metadata": [{"key": key, "value": value} for key, value in (data.metadata or {}).items()],
        "is_enabled": data.is_enabled,
        "expires_at": data.expires_at,
    }


def address_fields(data: AddressData) -> Fields:
    return {
        "company": data.company_name,
        "first_name": data.first_name,
        "last_name": data.last_name,
        "street": data.street,
        "street_no": data.house_number,
        "address_addition": data.addition,
        "zip": data.zip,
        "city": data.city,
        "country": data.country_code,
        "vat_id": data.vat_id,
    }
