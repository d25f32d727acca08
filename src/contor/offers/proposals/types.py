"""What is offered as a document of blocks: texts, rows and a plan; to whom, until when, and what comes of it. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.catalogue.types import Duration, TaxCode
from contor.contracts.sold import FrozenItem, FrozenPrices, SoldItem
from contor.customers.types import Email, Property
from contor.documents.types import ItemCategory, QuantityType
from contor.kernel.shapes import (
    Currency,
    Frozen,
    Ident,
    Language,
    Money,
    Name255,
    Quantity,
    Text,
    Text100,
    Text255,
    UnitPrice,
    shape,
)

Status = Literal["DRAFT", "APPROVAL", "OPEN", "AWAITING_DETAILS", "SIGNED", "REJECTED", "ARCHIVED"]
"""APPROVAL: those who are named decide whether it goes out. OPEN: it can be signed. AWAITING_DETAILS: somebody has signed, and has not said
yet where the bill goes."""
EDITABLE: Final = ("DRAFT", "APPROVAL", "OPEN", "REJECTED")
Mode = Literal["CLICK", "SIGNATURE"]
Given = Literal["CLICK", "SIGNATURE", "BY_HAND"]
Role = Literal["READ", "SIGN"]
Pieces = Annotated[Quantity, Field(gt=0)]


@shape
class OfferedRow:
    """Something that is billed once."""

    name: Name255
    description: Text255 | None = None
    quantity: Pieces = Decimal(1)
    quantity_type: QuantityType = "PC"
    unit_price_net: Annotated[UnitPrice, Field(ge=0)]
    tax_code: TaxCode = "STANDARD"
    category: ItemCategory = "SERVICE"


@shape
class OfferedPlan:
    """What the customer is to have again and again: a plan, a price of a product, or a tier of a product plan."""

    plan_ident: Ident
    """Of the plan or the price; of a tier the code of its plan."""
    type: Literal["PLAN", "PRICE", "TIER"] = "PLAN"
    tier: Ident | None = None
    """Which one, where the product plan has several."""
    quantity: Pieces = Decimal(1)
    """Of the option that is the article itself; a tier says itself how much it is of."""
    unit_price: Annotated[UnitPrice, Field(ge=0)] | None = None
    """Of it, in this contract alone; net or gross as the plan's own."""
    trial_days: Annotated[int, Field(ge=0, le=730)] | None = None
    start_date: dt.date | None = None
    """Default: the day of the signature."""

    @property
    def sold(self) -> SoldItem:
        return SoldItem(type=self.type, ident=self.plan_ident, tier=self.tier, quantity=self.quantity)


@shape
class Block:
    """A part of the document: one of text, rows and plan, under a headline or without one. `{{name}}` in texts names a variable."""

    type: Literal["TEXT", "ROWS", "PLAN"]
    headline: Text255 | None = None
    text: Text | None = None
    rows: Annotated[tuple[OfferedRow, ...], Field(max_length=200)] = ()
    plan: OfferedPlan | None = None


@shape
class ProposalBody:
    """What is offered."""

    title: Name255
    customer_ident: Ident | None = None
    """None: whom it is for is no customer yet, and becomes one when he has signed and says where the bill goes."""
    language: Language = "de"
    currency: Currency = "EUR"
    blocks: Annotated[tuple[Block, ...], Field(max_length=100)] = ()
    variables: Annotated[tuple[Property, ...], Field(max_length=100)] = ()
    acceptance_mode: Mode = "CLICK"
    creates: Literal["CONTRACT_OR_ORDER", "DRAFT"] = "CONTRACT_OR_ORDER"
    """What rows become where no plan is offered: an order, which the next run bills, or a draft, which a person completes."""
    auto_activate: bool = True
    """Whether the contract begins by itself; else a person activates it."""
    valid_until: dt.date | None = None
    """The last day on which it can be signed."""
    deal_type: Text100 | None = None
    approvers: Annotated[tuple[Text255, ...], Field(max_length=20)] = ()
    """Who decides whether it goes out, as the trail names them: `user:…`, `key:…`."""
    quorum: Annotated[int, Field(ge=1, le=20)] | None = None
    """How many of them must agree; default: all."""


@shape
class RecipientBody:
    email: Email
    first_name: Text100 | None = None
    last_name: Text100 | None = None
    role: Role = "READ"
    invite: bool = True
    """Whether the link is mailed when the offer goes out, or now, where it did."""


@shape
class TemplateContent:
    """What an offer that is made of a template says first."""

    title: Name255
    currency: Currency = "EUR"
    """Of its prices."""
    blocks: Annotated[tuple[Block, ...], Field(max_length=100)] = ()
    variables: Annotated[tuple[Property, ...], Field(max_length=100)] = ()
    acceptance_mode: Mode = "CLICK"
    valid_days: Annotated[int, Field(ge=1, le=366)] | None = None


# what is published, and stays


class FrozenPlan(Frozen, frozen=True):
    """The plan at the prices at which it was offered. Of prices of products, of which the contract gets a plan of its own, `items` says all
    of it."""

    plan_ident: str
    name: str
    prices: tuple[FrozenPrices, ...]
    mark: str
    items: tuple[FrozenItem, ...] = ()


class ShownLine(Frozen, frozen=True):
    name: str
    quantity: Decimal
    net: Decimal
    gross: Decimal


class ShownDocument(Frozen, frozen=True):
    """A bill as it would be written."""

    day: dt.date
    lines: tuple[ShownLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal


class ShownCosts(Frozen, frozen=True):
    """What comes of the signature: at once, and then in each interval."""

    now: tuple[ShownDocument, ...] = ()
    following: tuple[ShownDocument, ...] = ()
    interval: Duration | None = None
    term: Duration | None = None
    notice_period: Duration | None = None


class VersionContent(Frozen, frozen=True):
    """What a recipient is shown: the words with their variables, the prices, the costs."""

    number: str
    title: str
    language: str
    currency: str
    customer_name: str
    company_name: str
    blocks: tuple[Block, ...]
    valid_until: dt.date | None
    acceptance_mode: Mode
    creates: str
    auto_activate: bool
    plan: FrozenPlan | None = None
    costs: ShownCosts = ShownCosts()
    provisional: bool = False
    """Nobody has said yet where the bill goes: the taxes are those of a private person, or of the customer, in the seller's own country."""


# what is answered


@shape
class RecipientView:
    recipient_id: int
    email: str
    first_name: str | None
    last_name: str | None
    role: Role
    invite: bool
    seen_at: dt.datetime | None
    created_at: dt.datetime


@shape
class AcceptanceView:
    """Who agreed to what, and when."""

    version: int
    sha256: str
    """Of the version that was shown."""
    mode: Given
    name: str
    recipient_id: int | None
    address: str | None
    """The network address that it came from."""
    file_sha256: str | None
    """Of the signature, or of the signed PDF."""
    accepted_at: dt.datetime


@shape
class ApprovalView:
    version: int
    approver: str
    decision: Literal["APPROVED", "REJECTED"]
    reason: str | None
    decided_at: dt.datetime


@shape
class ProposalView(ProposalBody):
    proposal_ident: str
    proposal_id: int
    number: str
    status: Status
    expired: bool
    """Its last day is over."""
    version: int
    """Of what is written; `published_version` is what recipients see."""
    published_version: int | None
    sha256: str | None
    """Of what recipients see."""
    net: Money | None
    gross: Money | None
    """Of the first bill, when it was published."""
    recurring_net: Money | None
    recurring_gross: Money | None
    """Of a whole interval."""
    recipients: tuple[RecipientView, ...]
    approvals: tuple[ApprovalView, ...]
    acceptance: AcceptanceView | None
    reason: str | None
    """Why it was rejected."""
    contract_ident: str | None
    order_ident: str | None
    draft_ident: str | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class Activity:
    """What happened to an offer."""

    activity_id: int
    kind: str
    actor: str
    version: int | None
    detail: str | None
    at: dt.datetime
