"""What is priced by the clock: parts of the day, and what an hour within each costs. Pure."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field
from pydantic_core import PydanticCustomError

from contor.kernel.shapes import UnitPrice, called, sent_as, shape, written

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
