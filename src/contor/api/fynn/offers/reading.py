"""What is said of offers, and how the core says it. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.api.fynn.checkout.reading import AddressData, MethodData
from contor.api.fynn.manners import Day, Money
from contor.api.fynn.subscriptions.types import Id
from contor.catalogue.types import TaxCode
from contor.customers.types import Email
from contor.kernel.shapes import Currency, Fields, Ident, Name255, Quantity, Text, Text100, Text255, shape

Named = Annotated[str, Field(min_length=1, max_length=100)]
MODES: Final = {"click": "CLICK", "signature": "SIGNATURE"}


@shape
class RowData:
    name: Name255
    description: Text255 | None = None
    quantity: Annotated[Quantity, Field(gt=0)] = Decimal(1)
    unit_price: Money
    """Net."""
    tax_code: TaxCode = "STANDARD"


@shape
class OfferedPlanData:
    """What the customer is to have: what a checkout link sells as `plan` or as `product`."""

    plan: Id | None = None
    product: Id | None = None
    """One that has one price plan."""
    tier: Ident | None = None
    """Of a plan that has several."""
    quantity: Annotated[Quantity, Field(gt=0)] = Decimal(1)
    unit_price: Money | None = None
    """In this offer alone, net or gross as the plan's own."""
    trial_days: Annotated[int, Field(ge=0, le=730)] | None = None
    start_date: Day | None = None


@shape
class BlockData:
    """A part of the document: a text, rows that are billed once, or a plan."""

    type: Literal["text", "rows", "plan"]
    headline: Text255 | None = None
    text: Text | None = None
    rows: Annotated[tuple[RowData, ...], Field(max_length=200)] = ()
    plan: OfferedPlanData | None = None


Blocks = Annotated[tuple[BlockData, ...], Field(max_length=100)]
Variables = Annotated[dict[Name255, Text255], Field(max_length=100)]


@shape
class OfferData:
    title: Name255
    customer: Named | None = None
    language: Literal["de", "en"] = "de"
    currency_code: Currency = "EUR"
    document: Blocks = ()
    custom_variables: Variables | None = None
    """`{{name}}` in texts is their value; the system's own go before them."""
    acceptance_mode: Literal["click", "signature"] = "click"
    creates: Literal["contract_or_order", "draft"] = "contract_or_order"
    auto_activation: bool = True
    valid_until: Day | None = None
    deal_type: Text100 | None = None
    approvers: Annotated[tuple[Text255, ...], Field(max_length=20)] = ()
    quorum: Annotated[int, Field(ge=1, le=20)] | None = None
    template: Named | None = None
    """Of a new offer: whose blocks it has, where the body says none."""


@shape
class RecipientData:
    email: Email
    first_name: Text100 | None = None
    last_name: Text100 | None = None
    role: Literal["read", "sign"] = "read"
    send_invitation: bool = True


@shape
class DecisionData:
    reason: Text255 | None = None


@shape
class AcceptanceData:
    """A signature that somebody gave on paper."""

    name: Name255
    signed_pdf: Annotated[str, Field(max_length=14_000_000)] | None = None
    """Its picture, in base64."""


@shape
class DetailsData:
    """Where the bill of a signed offer goes, and how it is paid."""

    email: Email | None = None
    """Of the new customer; default: the one that the offer was sent to."""
    phone: Text100 | None = None
    language: Literal["de", "en"] | None = None
    new_invoice_address: AddressData
    new_payment_method: MethodData | None = None
    agreed_text: Text | None = None
    """What was agreed to with it."""


@shape
class SellersDetailsData:
    """Who is billed: a customer who has an invoice address, or where the bill goes."""

    customer: Named | None = None
    details: DetailsData | None = None


@shape
class PublicAcceptanceData:
    name: Name255
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """Of what was shown."""
    signature: Annotated[str, Field(max_length=400_000)] | None = None
    invoice_details: DetailsData | None = None
    """Of an offer that waits for them: with them it is `signed` at once."""


@shape
class TemplateData:
    name: Name255
    title: Name255
    currency_code: Currency = "EUR"
    document: Blocks = ()
    custom_variables: Variables | None = None
    acceptance_mode: Literal["click", "signature"] = "click"
    valid_days: Annotated[int, Field(ge=1, le=366)] | None = None


def blocks(document: Blocks, currency: str, things: Sequence[Fields]) -> list[Fields]:
    """As the core's; `things`: what is sold by each block, as the core calls it."""
    return [
        {
            "type": one.type.upper(),
            "headline": one.headline,
            "text": one.text,
            "rows": [
                {
                    "name": row.name,
                    "description": row.description,
                    "quantity": row.quantity,
                    "unit_price_net": row.unit_price.in_units(currency),
                    "tax_code": row.tax_code,
                }
                for row in one.rows
            ],
            "plan": _plan(one.plan, currency, thing) if one.plan is not None else None,
        }
        for one, thing in zip(document, things, strict=True)
    ]


def offer_fields(data: OfferData, customer: str | None, things: Sequence[Fields]) -> Fields:
    return {
        "title": data.title,
        "customer_ident": customer,
        "language": data.language,
        "currency": data.currency_code,
        "blocks": blocks(data.document, data.currency_code, things),
        "variables": variables(data.custom_variables),
        "acceptance_mode": MODES[data.acceptance_mode],
        "creates": data.creates.upper(),
        "auto_activate": data.auto_activation,
        "valid_until": data.valid_until,
        "deal_type": data.deal_type,
        "approvers": data.approvers,
        "quorum": data.quorum,
    }


def template_fields(data: TemplateData, things: Sequence[Fields]) -> Fields:
    content = {
        "title": data.title,
        "currency": data.currency_code,
        "blocks": blocks(data.document, data.currency_code, things),
        "variables": variables(data.custom_variables),
        "acceptance_mode": MODES[data.acceptance_mode],
        "valid_days": data.valid_days,
    }
    return {"name": data.name, "content": content}


def variables(said: dict[str, str] | None) -> list[Fields]:
    return [{"key": key, "value": value} for key, value in (said or {}).items()]


def _plan(one: OfferedPlanData, currency: str, thing: Fields) -> Fields:
    return {
        "plan_ident": thing["ident"],
        "type": thing["type"],
        "tier": thing.get("tier"),
        "quantity": one.quantity,
        "unit_price": one.unit_price.in_units(currency) if one.unit_price is not None else None,
        "trial_days": one.trial_days,
        "start_date": one.start_date,
    }
