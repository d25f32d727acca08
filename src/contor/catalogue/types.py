"""What is sold: options with their prices, plans with their phases. Fields: platform API, section 2.5. Pure.

Prices are in units of the plan's currency and exact; nothing here is rounded. Where the contract leaves a field to us (day count,
partial supply, tax code, tax date of usages) it is marked "ours".
"""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from contor.catalogue.prices import (
    NetGross,
    OfferedTax,
    Price,
    Price0,
    PriceCriteria,
    PriceTier,
    PricingGroup,
    PricingModel,
    TaxCode,
    TierModel,
    UsagePrice,
)
from contor.documents.types import ItemCategory, QuantityType
from contor.kernel.shapes import (
    ONE_IN_LIST,
    Currency,
    Ident,
    Language,
    Name255,
    Rate,
    Text,
    Text32,
    Text64,
    Text255,
    called,
    shape,
)
from contor.tax.supply import TaxScheme

__all__ = ["NetGross", "Price", "PriceCriteria", "PriceTier", "PricingGroup", "PricingModel", "TaxCode", "TierModel", "UsagePrice"]
"""What prices are is said in `prices`, and a part of what is said here."""
OptionType = Literal["ONETIME", "RECURRING", "QUANTITY", "USAGE", "RATED_USAGE", "TIME_BASED_USAGE", "COMMISSION"]
OptionStatus = Literal["DRAFT", "FINAL"]
DayCount = Literal["ACT_ACT", "ACT_365", "30E_360"]
"""Ours: how a part of a period is counted (accounting reference 9)."""
Unit = Literal["DAY", "WEEK", "MONTH", "QUARTER", "HALF_YEAR", "YEAR"]
Timing = Literal["INTERVAL_START", "INTERVAL_END", "INTERVAL_START_WITH_DELAY", "INTERVAL_END_WITH_DELAY"]


@shape
class Duration:
    value: Annotated[int, Field(ge=1, le=1200)]
    unit: Unit


@shape
class CatalogueProperty:
    """A property as the older objects of the API have it; callers may send it as the newer ones have theirs."""

    key: Annotated[Name255, called("propertyIdent", "key")]
    value: Annotated[Text255, called("propertyValue", "value")]


# --- options ---------------------------------------------------------------------------------------------------------------------


@shape
class OptionWords:
    """What an option is called in another language; documents in it say so."""

    language: Language
    name: Name255 | None = None
    description: Text | None = None


@shape
class OptionContent:
    """What an option is from a day on."""

    name: Name255
    words: Annotated[tuple[OptionWords, ...], Field(max_length=50)] = ()
    """Ours: in other languages than the one in which the fields beside it are written."""
    product_ident: Ident | None = None
    product_name: Text255 | None = None
    product_description: Text | None = None
    article_number: Text32 | None = None
    item_group: Text64 | None = None
    category: ItemCategory = "SERVICE"
    debit_credit_indicator: Literal["DEBIT", "CREDIT"] = "DEBIT"
    invoicing_agreement_type: Literal["SALES", "SELF_BILLING"] = "SALES"
    quantity_type: QuantityType = "PC"
    prices: Annotated[tuple[Price, ...], Field(max_length=200)] = ()
    """ONETIME, RECURRING, QUANTITY."""
    usage_prices: Annotated[tuple[UsagePrice, ...], Field(max_length=200)] = ()
    """USAGE."""
    pricing_groups: Annotated[tuple[PricingGroup, ...], Field(max_length=200)] = ()
    """TIME_BASED_USAGE."""
    use_pooling: bool = False
    """USAGE: true: all usages of a period are rated together, place by place: tiers, blocks, free units and the cap are the period's.
    false, as where it is not said: each usage is rated alone, and they begin anew with each."""
    measurement: Ident | None = None
    """USAGE, pooled: the measurement by which events become its usages when a period is billed. It stays as it is."""
    charge_without_usage: bool = False
    """USAGE: a period in which nothing was used costs what a usage of nothing does: the first block, or the first tier's flat price."""
    usage_cap: Price0 | None = None
    """USAGE: the most that a period costs, pooled or not, at whatever places."""
    usage_minimum: Price0 | None = None
    """USAGE: the least that a whole interval costs, pooled or not, also where nothing was used; a part of an interval its share by days."""
    usage_tax_date: Literal["PERIOD_END", "USAGE_DATE"] = "PERIOD_END"
    """USAGE: when a usage counts as supplied for VAT: with its period, or on its own day."""
    aggregation_delay_in_seconds: Annotated[int, Field(ge=0, le=2_700_000)] = 0
    """RATED_USAGE: how many seconds after its end a period still takes usages; the billing delay of the phase is another one."""
    tax_code: OfferedTax = "STANDARD"
    """RATED_USAGE, whose prices come with the usages; elsewhere each price has its own."""
    tax_scheme: TaxScheme = "DEFAULT"
    """RATED_USAGE."""
    commission_percentage: Annotated[Rate, Field(gt=0, le=100)] | None = None
    """COMMISSION: of what the related contracts were billed, net."""
    properties: Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)] = ()


@shape
class OptionVersion:
    valid_from: dt.date | None
    """Used from the first period that begins on or after this day; without it, from the beginning."""
    content: OptionContent


@shape
class Option:
    option_id: int
    option_ident: str
    type: OptionType
    status: OptionStatus
    versions: tuple[OptionVersion, ...]
    """In the order of their days; the last one of a day counts."""


# --- plans -----------------------------------------------------------------------------------------------------------------------


@shape
class LinkedOption:
    option_ident: Ident
    minimum: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    """0: optional."""
    enable_for_all_contracts: bool = False
    """Usages of contracts that do not name the option are billed too."""


@shape
class Transition:
    type: Literal["NONE", "AUTO_RENEWAL", "NEXT_PHASE", "NEXT_PHASE_AFTER_MULTIPLE_ITERATION"] = "NONE"
    to_phase: Ident | None = None
    counter: Annotated[int, Field(ge=1, le=1200)] | None = None
    """Iterations of the phase before the next one begins."""


@shape
class BillingConfig:
    billing_interval: Duration
    timing: Timing = "INTERVAL_START"
    delay_in_seconds: Annotated[int, Field(ge=1, le=2_700_000)] | None = None
    sync_billing_to_billing_interval_unit: bool = False
    """Periods begin on calendar boundaries: a quarter on 1 January, April, July, October."""
    enforce_billing_period_sync: bool = False
    """With it, what begins or ends within a calendar period has a short first or last one; without, only later ones are cut."""


@shape
class Phase:
    ident: Ident
    name: Name255
    billing_config: BillingConfig
    term_duration: Duration | None = None
    """How long the phase lasts before its transition; without it, without end."""
    term_sync: bool = True
    notice_period: Duration | None = None
    linked_options: Annotated[tuple[LinkedOption, ...], Field(max_length=200)] = ()
    transition: Annotated[Transition, ONE_IN_LIST, called("transitions", "transition")] = Transition()


@shape
class TrialTerms:
    """How a contract begins that costs nothing recurring at first."""

    duration: Duration
    anchor: Literal["END", "START"] = "END"
    """Ours: from where intervals and terms are counted: from the day after the trial, or from the start, and what is left of the first
    interval is charged by its days."""
    usages: Literal["CHARGED", "FREE"] = "CHARGED"
    """Whether what is used in the trial costs something."""


@shape
class PendingContractTerms:
    notice_period: Duration | None = None
    termination_effect: Literal["END_OF_MONTH"] = "END_OF_MONTH"


@shape
class PlanContent:
    name: Name255
    business_segment_ident: Ident | None = None
    type: Literal["CUSTOMER", "PARTNER"] = "CUSTOMER"
    initial_phase: Ident | None = None
    """The first one, where it is not named."""
    phases: Annotated[tuple[Phase, ...], Field(min_length=1, max_length=20)]
    individual_plan: bool = False
    pending_contract_terms: PendingContractTerms = PendingContractTerms()
    lifecycle_status: Literal["ACTIVE", "RETIRED"] = "ACTIVE"
    currency: Currency = "EUR"
    """Ours: of all its prices."""
    day_count: DayCount = "ACT_ACT"
    partial_supply: Literal["MONTH"] | None = None
    """Ours: agreed partial supplies (Teilleistungen) within a longer period, each with its own tax date."""
    trial: TrialTerms | None = None
    """Ours: with which its contracts begin that agree on nothing else."""
    properties: Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)] = ()


@shape
class Plan:
    plan_id: int
    plan_ident: str
    content: PlanContent
    has_contracts: bool = False

    def __hash__(self) -> int:
        return hash(self.plan_id)  # periods are remembered by plan: its phases need not be hashed for that

    def phase(self, ident: str) -> Phase:
        return next(phase for phase in self.content.phases if phase.ident == ident)


@shape
class PlanView(PlanContent):
    plan_id: int
    plan_ident: str
    modified_plan: bool = False
    """The terms of a contract whose prices differ from the plan's."""
