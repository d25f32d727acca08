"""A contract: what a customer agreed to take from a plan, from when to when, on what terms (platform API, section 2.6). Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

import msgspec
from pydantic import Field

from contor.catalogue.coupons.types import ReducedBy
from contor.catalogue.types import CatalogueProperty, TrialTerms
from contor.contracts.calendar import AlignmentView, FormerEndView, Life, PauseView, PostponementView, TrialView
from contor.contracts.terms import (
    Amended,
    AttachmentView,
    ContractChangeView,
    ContractPayment,
    Intended,
    PhaseQuantities,
    PlanModifier,
)
from contor.customers.types import DebtorNumber
from contor.documents.types import Location, PaymentTerm
from contor.kernel.shapes import Frozen, Ident, Language, Name255, Text, Text255, shape
from contor.tax.territories import territory_of

MOST_RELATED = 10_000
EndKind = Literal["ORDINARY", "EXTRAORDINARY", "ADAPTED", "CANCELLED", "TERM"]


@shape
class OwnName:
    """What an option is called in this contract, on its documents too."""

    option_ident: Ident
    name: Name255 | None = None
    description: Text | None = None


OwnNames = Annotated[tuple[OwnName, ...], Field(max_length=200)]


@shape
class RelatedContract:
    contract_ident: Ident


@shape
class ContractBody:
    contract_ident: Ident
    plan_ident: Ident
    debtor_ident: Ident | None = None
    debtor_id: DebtorNumber | None = None
    """Deprecated: the customer by its number."""
    invoice_address_ident: Ident
    option_quantities: Annotated[tuple[PhaseQuantities, ...], Field(max_length=20)]
    shipping_address_ident: Ident | None = None
    date: dt.date | None = None
    """Signing; default: today."""
    start_date: dt.date | None = None
    """Missing: pending until it is activated."""
    trial: TrialTerms | None = None
    """Ours: instead of the trial of its plan."""
    no_trial: bool = False
    """Ours: without the trial of its plan."""
    billing_anchor: dt.date | None = None
    """Ours: a day on which an interval begins; others follow and precede it by whole intervals, and the first one is a part."""
    align_billing: bool = False
    """Ours: intervals begin with those of the customer's contract that is billed next, if it has one."""
    billing_start_date: dt.date | None = None
    """Take-over of a running contract: billed from the first full period on or after this day."""
    allow_backdating: bool = False
    """Bill intervals from before the tenant's limit, too; else such a start is refused, for it is mostly a typing mistake."""
    business_segment_ident: Ident | None = None
    operating_site_ident: Ident | None = None
    language: Language | None = None
    tax_location: Location | None = None
    performance_location: Location | None = None
    payment_information: ContractPayment = ContractPayment()
    payment_term: PaymentTerm | None = None
    plan_modifiers: Annotated[tuple[PlanModifier, ...], Field(max_length=50)] = ()
    own_names: OwnNames = ()
    contract_price_adaptation: Ident | None = None
    related_contracts: Annotated[tuple[RelatedContract, ...], Field(max_length=MOST_RELATED)] = ()
    """Of a partner: the contracts from whose billing it earns."""
    coupons: Annotated[tuple[Ident, ...], Field(max_length=20)] = ()
    """Codes that are redeemed with it."""
    properties: Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)] = ()


class ContractContent(Frozen, frozen=True):
    """What is stored as one value."""

    invoice_address_ident: str
    quantities: dict[str, dict[str, Decimal]]
    """Phase, option: quantity; as agreed last."""
    language: str
    tax_location: Location | None = None
    performance_location: Location | None = None
    """As stated; see `Contract.places`."""
    shipping_address_ident: str | None = None
    operating_site_ident: str | None = None
    payment_information: ContractPayment = ContractPayment()
    payment_term: PaymentTerm | None = None
    plan_modifiers: tuple[PlanModifier, ...] = ()
    own_names: tuple[OwnName, ...] = ()
    properties: tuple[CatalogueProperty, ...] = ()
    amended: Amended | None = None
    """What it was before, where quantities, prices or plan were changed."""
    pending_from: dt.date | None = None
    """The day of the next change that is agreed and not in effect."""
    agreed_trial: TrialTerms | None = None
    """With which the contract begins, its own or its plan's."""
    agreed_anchor: dt.date | None = None
    """A day on which an interval begins; counted from the start, where the contract has none yet."""
    life: Life | None = None
    intended: Intended | None = None
    groups: dict[str, str] = {}  # option: the product group within which it is changed


class Places(NamedTuple):
    """Where a supply is taxed, and where it is performed."""

    tax_location: Location
    performance_location: Location


def home_at(country: str | None, postal_code: str | None, city: str | None) -> Location:
    """The place of an address: its country alone, but where another law of value added tax holds than in the rest of it."""
    country = country or "DE"  # every address has one
    if territory_of(country, postal_code, None, city).name is None:
        return Location(country=country)
    return Location(country=country, postal_code=postal_code, city=city)


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """A contract as billing reads it."""

    contract_id: int
    contract_ident: str
    customer_ident: str
    plan_id: int
    business_segment_ident: str
    billing_group_ident: str
    signed_on: dt.date
    start_on: dt.date | None
    billing_start_on: dt.date | None
    end_on: dt.date | None
    """Exclusive."""
    end_kind: EndKind | None
    notice_on: dt.date | None
    reason: str | None
    price_adaptation_ident: str | None
    proposed_through: dt.date | None
    """Start of the first period that has not been proposed yet."""
    joint_billing_ident: str | None = None
    has_allowances: bool = False
    """There are some to be read."""
    usual_days: int | None = None
    """In how many days its customer pays where it says nothing of it."""
    country: str
    """Of the address to which it is supplied, as that is now; so the next."""
    postal_code: str | None = None
    city: str | None = None
    content: ContractContent

    @property
    def life(self) -> Life | None:
        """What its plan and dates do not say of its periods; None: nothing."""
        return self.content.life

    @property
    def places(self) -> Places:
        """As stated; what is not stated is as the other, else follows the address."""
        tax, performance = self.content.tax_location, self.content.performance_location
        home = home_at(self.country, self.postal_code, self.city)
        return Places(tax or performance or home, performance or tax or home)


AllowanceType = Literal["AMOUNT", "PERCENTAGE"]


class Allowance(NamedTuple):
    """What a contract gives off the price of one of its options, as billing reads it."""

    ident: str
    option_ident: str
    name: str
    amount: Decimal | None
    """For a whole interval, or for each unit of it, net or gross as the option's price; else `percentage` of the option's amount."""
    percentage: Decimal | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    """Periods that begin on one of these days, or between them, get it."""
    amount_on: ReducedBy = "SUM"
    intervals: int | None = None
    """Of those so many, the first ones; `valid_to` says so as soon as the periods are known."""
    redemption_id: int | None = None
    """The redemption of a coupon, whose allowances share an amount off the sum."""

    @property
    def shared(self) -> int | None:
        """By what allowances share one amount."""
        return self.redemption_id if self.amount is not None and self.amount_on == "SUM" else None

    def holds(self, option_ident: str, period_start: dt.date) -> bool:
        return (
            self.option_ident == option_ident
            and (self.valid_from is None or self.valid_from <= period_start)
            and (self.valid_to is None or period_start <= self.valid_to)
        )


@shape
class Termination:
    notice_date: dt.date | None = None
    """Default: today."""
    termination_date: dt.date | None = None
    """Extraordinary and adaptation: the last day. Default: today."""
    reason: Text255 | None = None
    allow_backdating: bool = False
    """End it before the tenant's limit, too."""


@shape
class BatchTermination(Termination):
    idents: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=1000)]


@shape
class RedeemedCoupon:
    """A coupon that a contract has."""

    code: str
    valid_from: dt.date | None = None
    """Of the first period that it reduces, at the earliest; missing: from the beginning of the contract."""
    redeemed_at: dt.datetime
    withdrawn_at: dt.datetime | None = None


@shape
class ContractStatus:
    performance_status: Literal["PENDING_START", "RUNNING", "ENDED"]
    condition: Literal["PAUSED", "TRIAL"] | None = None
    """Ours: why a running contract charges nothing recurring today."""
    condition_until: dt.date | None = None
    """Ours: the last day on which that holds; not there: nobody knows yet."""


@shape
class ContractView:
    """A contract as the API answers it."""

    contract_id: int
    contract_ident: str
    plan_ident: str
    debtor_ident: str
    invoice_address_ident: str
    option_quantities: tuple[PhaseQuantities, ...]
    status: ContractStatus
    business_segment_ident: str
    billing_group_ident: str
    language: str
    date: dt.date
    start_date: dt.date | None = None
    billing_start_date: dt.date | None = None
    end_date: dt.date | None = None
    """The last day."""
    end_kind: EndKind | None = None
    notice_date: dt.date | None = None
    reason: str | None = None
    shipping_address_ident: str | None = None
    operating_site_ident: str | None = None
    tax_location: Location | None = None
    performance_location: Location | None = None
    payment_information: ContractPayment = ContractPayment()
    payment_term: PaymentTerm | None = None
    plan_modifiers: tuple[PlanModifier, ...] = ()
    own_names: tuple[OwnName, ...] = ()
    contract_price_adaptation: str | None = None
    related_contracts: tuple[RelatedContract, ...] = ()
    coupons: tuple[RedeemedCoupon, ...] = ()
    properties: tuple[CatalogueProperty, ...] = ()
    has_pending_change: bool = False
    """Something was agreed that is not in effect yet."""
    changes: tuple[ContractChangeView, ...] = ()
    """What is agreed and what took effect, the latest hundred, in the order in which they were made."""
    trial: TrialView | None = None
    """Ours, as all that follows of the contract's life."""
    billing_anchor: dt.date | None = None
    pauses: tuple[PauseView, ...] = ()
    postponements: tuple[PostponementView, ...] = ()
    alignments: tuple[AlignmentView, ...] = ()
    former_ends: tuple[FormerEndView, ...] = ()
    joint_billing_ident: str | None = None
    """With which others of its customer it is billed on one day."""
    attachments: tuple[AttachmentView, ...] | None = None
    """Not in a slim answer."""
