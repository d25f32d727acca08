"""Coupons: what is given off prices to who names a code. Fields: subscriptions, section 4. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.kernel.shapes import shape

CouponType = Literal["PERCENTAGE", "AMOUNT"]
ReducedBy = Literal["UNIT_PRICE", "SUM"]
"""An amount is off the price of each unit, which is then nothing at the least; or off the sum of an interval, whatever its quantities."""
CouponDuration = Literal["ONCE", "LIMITED", "FOREVER"]
"""For the first interval; for so many or so long; for all."""
Combination = Literal["WITH_OTHERS", "ALONE"]
"""ALONE: a contract that has it in force has no other one."""
CouponState = Literal["WITHDRAWN", "PREMATURE", "EXPIRED", "USED_UP", "VALID"]


@shape
class CouponPeriod:
    """How long a LIMITED coupon reduces: so many intervals (EVENT), or so long from its first day on. An interval that has begun
    keeps it."""

    value: Annotated[int, Field(ge=1, le=1200)]
    unit: Literal["EVENT", "DAY", "WEEK", "MONTH", "QUARTER", "HALF_YEAR", "YEAR"] = "EVENT"


class Coupon(NamedTuple):
    """A coupon as who redeems reads it; names and types are those of its columns."""

    code: str
    name: str
    type: CouponType
    percentage: Decimal | None
    amount: Decimal | None
    amount_on: ReducedBy
    currency: str
    duration: CouponDuration
    period: CouponPeriod | None
    limit_total: int | None
    limit_per_customer: int | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    plans: frozenset[str]
    excluded_plans: frozenset[str]
    options: frozenset[str]
    excluded_options: frozenset[str]
    combination: Combination
    usages: int
    is_withdrawn: bool

    def takes(self, option_ident: str) -> bool:
        """Whether it reduces an option."""
        return option_ident not in self.excluded_options and (not self.options or option_ident in self.options)
