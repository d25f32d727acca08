"""What is wrong with a coupon, in which state it is, and why it does not hold for somebody. Pure."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from contor.catalogue.coupons.types import Coupon, CouponState
from contor.kernel.errors import Problem
from contor.kernel.money import is_amount, too_fine
from contor.kernel.shapes import Fields

CHANGEABLE = ("name", "description", "campaign", "properties", "valid_to", "limit_total", "limit_per_customer")
"""What may change of a coupon that was redeemed: nothing that was given depends on it."""


def coupon_findings(row: Fields) -> list[Problem]:
    """Everything that does not fit together in a coupon."""
    problems: list[Problem] = []
    wanted, other = ("amount", "percentage") if row["type"] == "AMOUNT" else ("percentage", "amount")
    if row[wanted] is None:
        problems.append(Problem("coupon_value_missing", f"is what a coupon of type {row['type']} has", wanted))
    if row[other] is not None:
        problems.append(Problem("coupon_value_not_expected", f"is not what a coupon of type {row['type']} has", other, row[other]))
    if row["amount"] is not None and not is_amount(row["amount"], row["currency"]):
        problems.append(Problem("too_many_decimals", too_fine(row["currency"]), "amount", row["amount"]))
    if (row["duration"] == "LIMITED") != (row["period"] is not None):
        message = "belongs to the duration LIMITED, and only to it"
        problems.append(Problem("coupon_period_unclear", message, "period", row["period"]))
    first, last = row["valid_from"], row["valid_to"]
    if first is not None and last is not None and last < first:
        problems.append(Problem("validity_ends_before_it_begins", "is before the first day", "valid_to", last))
    for inside, outside in (("plans", "excluded_plans"), ("options", "excluded_options"), ("products", "excluded_products")):
        both = set(row[inside]) & set(row[outside])
        problems += [
            Problem("coupon_scope_contradicts", f"is also in {inside}", f"{outside}[{index}]", ident)
            for index, ident in enumerate(row[outside])
            if ident in both
        ]
    return problems


def state_of(row: Fields, today: dt.date) -> CouponState:
    """What becomes of who names the code today."""
    if row["withdrawn_at"] is not None:
        return "WITHDRAWN"
    if row["valid_from"] is not None and today < row["valid_from"]:
        return "PREMATURE"
    if row["valid_to"] is not None and today > row["valid_to"]:
        return "EXPIRED"
    if row["limit_total"] is not None and row["usages"] >= row["limit_total"]:
        return "USED_UP"
    return "VALID"


class Asked(NamedTuple):
    """For what a coupon is named; None: not said, and then not judged."""

    day: dt.date
    plan_ident: str | None = None
    currency: str | None = None
    options: Sequence[str] | None = None
    """Those that could be reduced."""
    by_customer: int = 0
    """How often the customer has redeemed it."""


def why_not(coupon: Coupon, asked: Asked) -> list[Problem]:
    """Every reason for which the coupon does not hold."""
    problems: list[Problem] = []
    if coupon.is_withdrawn:
        problems.append(Problem("coupon_withdrawn", "The coupon was withdrawn.", "code", coupon.code))
    if coupon.valid_from is not None and asked.day < coupon.valid_from:
        problems.append(Problem("coupon_premature", f"The coupon is valid from {coupon.valid_from} on.", "code", coupon.code))
    if coupon.valid_to is not None and asked.day > coupon.valid_to:
        problems.append(Problem("coupon_expired", f"The coupon was valid until {coupon.valid_to}.", "code", coupon.code))
    if coupon.limit_total is not None and coupon.usages >= coupon.limit_total:
        message = f"The coupon was redeemed {coupon.usages} times, as often as it may be."
        problems.append(Problem("coupon_used_up", message, "code", coupon.code))
    if coupon.limit_per_customer is not None and asked.by_customer >= coupon.limit_per_customer:
        message = f"The customer has redeemed the coupon {asked.by_customer} times, as often as one may."
        problems.append(Problem("coupon_used_up_by_customer", message, "code", coupon.code))
    if asked.plan_ident is not None and _is_out(asked.plan_ident, coupon.plans, coupon.excluded_plans):
        message = f"The coupon does not hold for plan {asked.plan_ident}."
        problems.append(Problem("coupon_not_for_plan", message, "code", coupon.code))
    if asked.options is not None and not any(coupon.takes(ident) for ident in asked.options):
        message = "The coupon reduces none of the options."
        problems.append(Problem("coupon_not_for_options", message, "code", coupon.code))
    if coupon.amount is not None and asked.currency not in (None, coupon.currency):
        message = f"The coupon is of {coupon.currency}, the plan is billed in {asked.currency}."
        problems.append(Problem("coupon_of_other_currency", message, "code", coupon.code))
    return problems


def why_not_together(coupons: Sequence[Coupon], new: Collection[str]) -> list[Problem]:
    """Why coupons do not hold at once, of which some (`new`, by code) are named now."""
    if len(coupons) < 2:
        return []
    alone = [coupon.code for coupon in coupons if coupon.combination == "ALONE"]
    return [
        Problem("coupon_not_combinable", f"Coupon {alone[0]} holds only alone.", "code", coupon.code)
        for coupon in coupons
        if alone and coupon.code in new
    ]


def _is_out(ident: str, inside: Collection[str], outside: Collection[str]) -> bool:
    return ident in outside or (bool(inside) and ident not in inside)
