"""Prices: of an ordered quantity, of what is used, and by the clock: parts of the day, and what an hour within each costs. Pure.

Prices are in units of the plan's currency and exact; nothing here is rounded.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from contor.kernel.shapes import SENT, Ident, Rate, Text255, UnitPrice, called, sent_as, shape, written
from contor.settings.countries import Country
from contor.tax.supply import TaxScheme

Price0 = Annotated[UnitPrice, Field(ge=0)]
ClockTime = Annotated[
    str,
    written(
        r"^(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00(:00)?)$", "a time of day such as 08:00, or 24:00", examples=["08:00"]
    ),
]


@shape
class TimePeriod:
    """A part of the day by the clock; 24:00 is its end."""

    start: Annotated[ClockTime, called("start", "from")]
    end: Annotated[ClockTime, called("end", "to")]


@shape
class PricingRule:
    """What an hour within a part of the day costs, as callers send and get it."""

    time_period: TimePeriod | None = None
    time_from: ClockTime | None = None
    """Deprecated: the start of `timePeriod`."""
    time_to: ClockTime | None = None
    """Deprecated: its end."""
    price: Price0 = Decimal(0)
    free_of_charge: bool = False
    free_quota_applicable: bool = True


def _timed(rule: PricingRule) -> "ClockRule":
    named = rule.time_period
    start, end = (named.start, named.end) if named is not None else (rule.time_from, rule.time_to)
    if start is None or end is None or (named is not None and (rule.time_from or rule.time_to)):
        raise PydanticCustomError("time_period_unclear", "says from when to when it holds, once: in timePeriod")
    return ClockRule(
        time_from=start,
        time_to=end,
        price=rule.price,
        free_of_charge=rule.free_of_charge,
        free_quota_applicable=rule.free_quota_applicable,
    )


def _in_period(rule: "ClockRule") -> PricingRule:
    return PricingRule(
        time_period=TimePeriod(start=rule.time_from, end=rule.time_to),
        price=rule.price,
        free_of_charge=rule.free_of_charge,
        free_quota_applicable=rule.free_quota_applicable,
    )


@sent_as(PricingRule, _timed, _in_period)
@shape
class ClockRule:
    """A part of the day by the clock of the place; the price is per hour."""

    time_from: ClockTime
    time_to: ClockTime
    price: Price0 = Decimal(0)
    free_of_charge: bool = False
    free_quota_applicable: bool = True


NetGross = Literal["NET", "GROSS"]
TaxCode = Literal["STANDARD", "REDUCED", "SECOND_REDUCED", "SUPER_REDUCED", "PARKING", "ZERO", "EXEMPT", "NOT_TAXABLE"]
"""Ours: which rate of the country of taxation an option bears; EXEMPT and NOT_TAXABLE need their reason."""


def _offered(code: str, info: ValidationInfo) -> str:
    """As for every code: what is stored may be older than the rule."""
    if info.context == SENT and code == "EXEMPT":
        words = "is never billed: an exempt supply says its reason, which an order says in taxInformation"
        raise PydanticCustomError("exemption_reason_missing", "{words}", {"words": words})
    return code


OfferedTax = Annotated[TaxCode, AfterValidator(_offered)]
"""Of what is offered before anybody orders it."""
TierModel = Literal["CONTINGENT", "TIER_PRICE", "VOLUME_PRICE", "STAIR_STEP"]
"""CONTINGENT: started blocks. TIER_PRICE: each tier's part at its own price. VOLUME_PRICE: all of it at the price of the tier that is
reached. STAIR_STEP: the price of the tier that is reached, once."""
PricingModel = TierModel | Literal["PERCENTAGE"]
"""PERCENTAGE: what is used is an amount of money, of which so much is charged."""


@shape
class PriceCriteria:
    """Where a price holds: the most specific one wins, a price without criteria holds everywhere."""

    country: Country | None = None
    region: Text255 | None = None
    operating_site_ident: Ident | None = None


@shape
class CataloguePriceTier:
    quantity: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] | None = None
    """TIER_PRICE, VOLUME_PRICE: up to this quantity, without it without end. CONTINGENT: the size of the first block, then of each further
    one (the last tier repeats)."""
    price: Price0
    type: Literal["FLAT", "PER_UNIT"] = "PER_UNIT"


PriceTier = CataloguePriceTier
"""Called so in the published description, where documents have price tiers of their own."""
Tiers = Annotated[tuple[CataloguePriceTier, ...], Field(max_length=50)]


@shape
class Price:
    price: Price0 | None = None
    """Of each unit in an interval; a price by tiers has none."""
    pricing_model: Literal["PER_UNIT"] | TierModel = "PER_UNIT"
    """How the ordered quantity costs: each unit the same, or by tiers."""
    price_tiers: Tiers = ()
    net_gross_indicator: NetGross = "NET"
    criteria: PriceCriteria | None = None
    tax_code: OfferedTax = "STANDARD"
    tax_scheme: TaxScheme = "DEFAULT"


@shape
class UsagePrice:
    pricing_model: PricingModel
    price_tiers: Tiers = ()
    """Of all models but PERCENTAGE."""
    percentage: Annotated[Rate, Field(gt=0, le=1000)] | None = None
    """PERCENTAGE: of the amount that was used."""
    fixed_price: Price0 | None = None
    """PERCENTAGE: added for each usage."""
    minimum: Price0 | None = None
    """PERCENTAGE: the least that a usage costs."""
    maximum: Price0 | None = None
    """PERCENTAGE: the most that a usage costs."""
    free_quantity: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] | None = None
    """So many units cost nothing: of the period where usages are pooled, else of each usage. The tiers begin behind them."""
    net_gross_indicator: NetGross = "NET"
    criteria: PriceCriteria | None = None
    tax_code: OfferedTax = "STANDARD"
    tax_scheme: TaxScheme = "DEFAULT"


@shape
class PricingGroup:
    pricing_rules: Annotated[tuple[ClockRule, ...], Field(min_length=1, max_length=48)]
    net_gross_indicator: NetGross = "NET"
    criteria: PriceCriteria | None = None
    free_quota: Annotated[int, Field(ge=0, le=1440)] = 0
    """Minutes without charge at the beginning of a usage."""
    usage_cap: Price0 | None = None
    """The most that one usage costs."""
    tax_code: OfferedTax = "STANDARD"
    tax_scheme: TaxScheme = "DEFAULT"
