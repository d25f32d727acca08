"""Subscriptions read as a page: a fixed number of statements, however many there are."""

import datetime as dt
from collections.abc import Collection, Sequence

from contor.api.fastbill.ids import CUSTOMER, ident_of, numbers_of, unknown
from contor.api.fastbill.subscriptions.taken import Offered, Reduced, Subscribed
from contor.catalogue.articles.queries import find_articles
from contor.catalogue.coupons.stored import COUPONS
from contor.catalogue.queries import options_by_ident, plan_by_ident, plans_by_id
from contor.catalogue.types import Option, Phase, Plan
from contor.contracts.change import locked_contracts
from contor.contracts.changes import changes_of
from contor.contracts.coupons import redeemed_coupons
from contor.contracts.course import phase_on, taken_on
from contor.contracts.labels import NOTHING, FindContracts, find_contracts, labels_of
from contor.contracts.queries import plans_of
from contor.contracts.types import Contract, RedeemedCoupon
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.query import ListQuery, PageRequest
from contor.runtime.query.rsql import Comparison
from contor.runtime.resource import Listed
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups


def subscribed(uow: Uow, contracts: Sequence[Contract]) -> list[Subscribed]:
    """With all that an answer says of them."""
    plans = plans_by_id(uow, {one.plan_id for one in contracts})
    options = options_of(uow, plans.values())
    courses = plans_of(uow, contracts)
    labels = labels_of(uow, [one.contract_id for one in contracts])
    customers = numbers_of(uow, CUSTOMER, {one.customer_ident for one in contracts})
    coupons, pending = _coupons(uow, contracts), _pending(uow, contracts)
    days = days_of_groups(uow)
    found = []
    for one in contracts:
        offered = Offered(plans[one.plan_id], options, days.today(one.billing_group_ident))
        course = courses[one.contract_id]
        phase = phase_on(one, course, offered.plan, offered.today)
        quantities = taken_on(one, phase, offered.today)
        label = labels.get(one.contract_id, NOTHING)
        customer, coupon = customers[one.customer_ident], coupons.get(one.contract_ident)
        upcoming = pending.get(one.contract_id)
        found.append(Subscribed(one, course, offered, label, phase, quantities, customer, coupon, upcoming))
    return found


def require(uow: Uow, number: int, *, lock: bool = False) -> Subscribed:
    """The subscription of this number; raises the refusal of SUBSCRIPTION_ID. `lock`: as it stays until the transaction ends, for whoever
    changes it."""
    contracts = find_contracts(uow, FindContracts(numbers=(number,)))
    if not contracts:
        raise unknown("subscription_id", number)
    if lock:
        return subscribed(uow, locked_contracts(uow, [contracts[0].contract_ident]))[0]
    return subscribed(uow, contracts)[0]


def offered_as(uow: Uow, article_number: str, today: dt.date) -> Offered:
    """The plan that is sold as this article; raises the refusal of ARTICLE_NUMBER, and why."""
    plan = plan_by_ident(uow, article_number)
    if plan is None:
        raise no_article(uow, article_number, "is no article with subscriptions: it has no SUBSCRIPTION_INTERVAL")
    if plan.content.lifecycle_status == "RETIRED":
        raise _refused("article_retired", f"{article_number} is retired: it takes no new subscriptions", article_number)
    return Offered(plan, options_of(uow, [plan]), today)


def no_article(uow: Uow, number: str, otherwise: str) -> Refused:
    """The refusal of ARTICLE_NUMBER, and why. `otherwise`: what is wrong with it where it is there."""
    is_there = bool(find_articles(uow, idents=[number], limit=1))
    return _refused("article_unfit", f"{number} {otherwise}" if is_there else f"there is no article {number}", number)


def require_currency(offered: Offered, currency: str | None) -> None:
    """Raises the refusal of CURRENCY_CODE where the article is sold in another one."""
    sold = offered.plan.content.currency
    if currency is not None and currency != sold:
        message = f"{currency} is not the currency of article {offered.plan.plan_ident}: {sold} is"
        raise Refused(Kind.INVALID, Problem("currency_of_article", message, "currency_code", currency))


def addon_named(uow: Uow, offered: Offered, phase: Phase, number: str) -> str:
    """The option that is this add-on of the article; raises the refusal of ARTICLE_NUMBER, and why."""
    found = offered.addon(phase, number)
    if found is None:
        raise no_article(uow, number, f"is no add-on that is assigned to article {offered.plan.plan_ident}")
    return found


def options_of(uow: Uow, plans: Collection[Plan]) -> dict[str, Option]:
    """Every option that the plans offer."""
    linked = {link.option_ident for plan in plans for phase in plan.content.phases for link in phase.linked_options}
    return options_by_ident(uow, linked) if linked else {}


def customer_named(uow: Uow, number: int) -> str:
    """The customer of this number; raises the refusal of CUSTOMER_ID."""
    return ident_of(uow, CUSTOMER, number, "customer_id")


# helpers in calling order


def _refused(code: str, message: str, number: str) -> Refused:
    return Refused(Kind.INVALID, Problem(code, message, "article_number", number))


def _coupons(uow: Uow, contracts: Sequence[Contract]) -> dict[str, Reduced]:
    """The latest coupon of each contract, by its ident."""
    redeemed: dict[str, RedeemedCoupon] = {}
    for ident, every in redeemed_coupons(uow, [one.contract_ident for one in contracts]).items():
        for one in every:
            if one.withdrawn_at is None:
                redeemed[ident] = one
    codes = sorted({one.code for one in redeemed.values()})
    if not codes:
        return {}
    query = ListQuery(Comparison.of("code", "=in=", *codes), (), PageRequest(len(codes)))
    known = {row["code"]: row for row in COUPONS.list.function(uow, Listed((), query)).items}
    return {ident: Reduced(known[one.code], one.valid_from) for ident, one in redeemed.items()}


def _pending(uow: Uow, contracts: Sequence[Contract]) -> dict[int, Offered]:
    """The plan to which a contract changes next, by the contract's number."""
    agreed = {
        number: view.change.plan_ident
        for number, views in changes_of(uow, contracts).items()
        for view in views
        if view.status == "PENDING" and view.change.plan_ident is not None
    }
    plans = {one.ident: one for one in find_articles(uow, idents=set(agreed.values())) if one.plan} if agreed else {}
    today = uow.ctx.today()
    return {
        number: Offered(plans[ident].plan, plans[ident].options, today)  # type: ignore[arg-type]  # those without a plan are left out
        for number, ident in agreed.items()
        if ident in plans
    }
