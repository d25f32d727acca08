"""Whether coupons hold: for a contract that is made or stands, or for who only asks."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.catalogue.coupons.queries import coupons_by_code
from contor.catalogue.coupons.rules import Asked, why_not, why_not_together
from contor.catalogue.coupons.types import Coupon
from contor.catalogue.queries import known_plans, options_by_ident, plan_by_ident
from contor.catalogue.types import Option, Plan
from contor.contracts.coupons.queries import redemptions_of, uses_by
from contor.contracts.queries import contract_by_ident, plans_of
from contor.customers.queries import known_customers
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Ident, shape
from contor.runtime.uow import Uow, not_found

REDUCED = ("ONETIME", "RECURRING", "QUANTITY")
"""Types of options whose amount is known when their period begins."""


class Wanted(NamedTuple):
    """For what coupons are named."""

    plan: Plan
    options: Sequence[str]
    """Those of the contract that can be reduced, in the order of its phases."""
    customer_ident: str | None
    standing: Sequence[str] = ()
    """Codes that the contract has."""


def is_reducible(option: Option | None) -> bool:
    return option is not None and option.type in REDUCED and option.versions[-1].content.debit_credit_indicator == "DEBIT"


def reducible(quantities: Mapping[str, Mapping[str, object]], options: Mapping[str, Option]) -> list[str]:
    """The options of a contract that can be reduced, each once."""
    named = dict.fromkeys(ident for given in quantities.values() for ident in given)
    return [ident for ident in named if is_reducible(options.get(ident))]


def coupon_findings(uow: Uow, codes: Sequence[str], wanted: Wanted, path: str, *, lock: bool = False) -> list[Problem]:
    """Everything for which coupons cannot be redeemed, each at its place: `path` with its position, where it holds one. `lock`: who
    redeems goes on alone with these coupons."""
    found = coupons_by_code(uow, {*codes, *wanted.standing}, lock=lock)
    used = uses_by(uow, wanted.customer_ident, codes) if wanted.customer_ident is not None else {}
    problems: list[Problem] = []
    for index, code in enumerate(codes):
        where = path.format(index)
        coupon = found.get(code)
        if coupon is None:
            problems.append(Problem("coupon_unknown", "does not exist", where, code))
            continue
        if code in wanted.standing or code in codes[:index]:
            problems.append(Problem("coupon_repeated", f"The contract has coupon {code} already.", where, code))
            continue
        asked = _asked(uow, wanted, used.get(code, 0))
        others = [found[other] for other in dict.fromkeys((*wanted.standing, *codes)) if other in found]
        reasons = why_not(coupon, asked) + why_not_together(others, (code,))
        problems += [replace(reason, field=where, rejected_value=code) for reason in reasons]
    return problems


def _asked(uow: Uow, wanted: Wanted, by_customer: int) -> Asked:
    plan = wanted.plan
    return Asked(uow.ctx.today(), plan.plan_ident, plan.content.currency, wanted.options, by_customer)


@shape
class CheckedCoupon:
    """For what a coupon is asked about; what is not said is not judged."""

    plan_ident: Ident | None = None
    option_idents: Annotated[tuple[Ident, ...], Field(max_length=200)] = ()
    """Of the plan's options; none: all that it offers."""
    customer_ident: Ident | None = None
    contract_ident: Ident | None = None
    """A contract that stands: its plan, options, customer and coupons."""
    date: dt.date | None = None
    """Default: today."""


@shape
class CheckCoupon:
    code: str
    body: CheckedCoupon = CheckedCoupon()


@shape
class CouponReason:
    code: str
    message: str


@shape
class CouponCheck:
    """Whether a coupon can be redeemed, or every reason why not."""

    code: str
    valid: bool
    reasons: tuple[CouponReason, ...] = ()


@operation(
    "coupon.check",
    permission="catalogue.read",
    reads=True,
    refers=(
        Reference("planIdent", "plan_unknown", known_plans),
        Reference("optionIdents", "option_unknown", options_by_ident),
        Reference("customerIdent", "customer_unknown", known_customers),
    ),
)
def check_coupon(uow: Uow, command: CheckCoupon) -> CouponCheck:
    """Whether a coupon holds for a plan or options, a customer and a day. Nothing is redeemed or reserved."""
    coupon = coupons_by_code(uow, [command.code]).get(command.code)
    if coupon is None:
        raise not_found("coupon", command.code)
    if problems := _unknown(uow, command.body):
        raise Refused(Kind.INVALID, *problems)
    reasons = _reasons(uow, coupon, command.body)
    said = tuple(CouponReason(code=reason.code, message=reason.message) for reason in reasons)
    return CouponCheck(code=coupon.code, valid=not said, reasons=said)


def _unknown(uow: Uow, body: CheckedCoupon) -> list[Problem]:
    """What is asked about that does not exist."""
    known = options_by_ident(uow, body.option_idents)
    problems = [
        Problem("option_unknown", "does not exist", f"optionIdents[{index}]", ident)
        for index, ident in enumerate(body.option_idents)
        if ident not in known
    ]
    if body.plan_ident is not None and not known_plans(uow, [body.plan_ident]):
        problems.append(Problem("plan_unknown", "does not exist", "planIdent", body.plan_ident))
    if body.customer_ident is not None and not known_customers(uow, [body.customer_ident]):
        problems.append(Problem("customer_unknown", "does not exist", "customerIdent", body.customer_ident))
    return problems


def _reasons(uow: Uow, coupon: Coupon, body: CheckedCoupon) -> list[Problem]:
    asked = Asked(body.date or uow.ctx.today())
    plan, customer, options, reasons = None, body.customer_ident, list(body.option_idents), list[Problem]()
    if body.contract_ident is not None:
        contract = contract_by_ident(uow, body.contract_ident)
        wanted = wanted_of(uow, contract.contract_ident)
        plan, customer, options = wanted.plan, contract.customer_ident, list(wanted.options)
        standing = coupons_by_code(uow, {*wanted.standing} - {coupon.code})
        reasons += why_not_together([*standing.values(), coupon], (coupon.code,))
        if coupon.code in wanted.standing:
            reasons.append(Problem("coupon_repeated", f"The contract has coupon {coupon.code} already.", "code", coupon.code))
    elif body.plan_ident is not None:
        plan = plan_by_ident(uow, body.plan_ident)
    if plan is not None:
        asked = asked._replace(plan_ident=plan.plan_ident, currency=plan.content.currency)
        if not options:
            options = [link.option_ident for phase in plan.content.phases for link in phase.linked_options]
    if options:
        known = options_by_ident(uow, options)
        asked = asked._replace(options=[ident for ident in options if is_reducible(known.get(ident))])
    if customer is not None:
        asked = asked._replace(by_customer=uses_by(uow, customer, [coupon.code]).get(coupon.code, 0))
    return why_not(coupon, asked) + reasons


def wanted_of(uow: Uow, contract_ident: str) -> Wanted:
    """A contract that stands, as coupons are judged for it."""
    contract = contract_by_ident(uow, contract_ident)
    plan = plans_of(uow, [contract])[contract.contract_id]
    quantities = contract.content.quantities
    options = options_by_ident(uow, {ident for given in quantities.values() for ident in given})
    standing = [
        row.coupon_code for row in redemptions_of(uow, [contract_ident]).get(contract_ident, []) if row.withdrawn_at is None
    ]
    return Wanted(plan, reducible(quantities, options), contract.customer_ident, standing)
