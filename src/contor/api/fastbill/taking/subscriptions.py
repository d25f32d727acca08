"""Subscriptions of another account: contracts that run, billed here from their next event on."""

import datetime as dt
from collections.abc import Mapping
from typing import cast

from contor.api.fastbill.articles.types import UNITS
from contor.api.fastbill.names import is_given, said
from contor.api.fastbill.reading import day, number, whole
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.sent import sent
from contor.api.fastbill.subscriptions.create import CORE, begun
from contor.api.fastbill.subscriptions.reading import customer_named, offered_as, require
from contor.api.fastbill.subscriptions.types import SubscriptionData, UpdateData
from contor.api.fastbill.subscriptions.update import update
from contor.api.fastbill.taking.foreign import word
from contor.api.fastbill.taking.once import CUSTOMER, SUBSCRIPTION, Take, given, meant, once
from contor.catalogue.types import Duration
from contor.contracts.calendar import add, period_at
from contor.contracts.change import ALLOWANCES
from contor.contracts.coupons import RedeemCoupon, Redemption, is_reducible, redeem_coupon
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.runtime.resource import Written
from contor.runtime.uow import Uow
from contor.takeovers.taking import Taken

DAY = dt.timedelta(days=1)
Content = Mapping[str, object]
_DECIMALS = 4
"""Of a price as it is shown."""
_ENDED = frozenset({"canceled", "cancelled", "closed"})


@operation("fastbill.take_subscription", permission="contracts.write")
def take_subscription(uow: Uow, take: Take) -> Taken:
    """A contract with the prices, quantities and names that it has there. What was billed there is not billed again: the first interval
    here is the one of its next event. Nothing is issued by this."""
    return once(uow, take, SUBSCRIPTION, lambda: _taken(uow, take))


# helpers in calling order


def _taken(uow: Uow, take: Take) -> int:
    content, today = take.content, uow.ctx.today()
    customer_id = meant(uow, take, CUSTOMER, "CUSTOMER_ID")
    if customer_id is None:
        raise Refused(Kind.INVALID, Problem("missing", "is required", "CUSTOMER_ID"))
    customer = customer_named(uow, customer_id)
    uow.lock("billing", [customer])
    status, start = word(content, "STATUS").lower(), _day(content, "START") or today
    end = _day(content, "CANCELLATION_DATE") if status in _ENDED else None
    is_run = start <= today and status != "trial"
    billed_from = (_day(content, "NEXT_EVENT") or end or _day(content, "EXPIRATION_DATE")) if is_run else None
    if is_run and billed_from is None and status == "inactive":
        billed_from = _behind(uow, content, start)
    if is_run and billed_from is None:
        raise Refused(Kind.INVALID, Problem("next_event_missing", "says no day from which it is to be billed here", "NEXT_EVENT"))
    with said_as(CORE):
        made = begun(uow, customer, _data(uow, content, customer_id, end), billed_from if billed_from != start else None)
    if end is None or end > today:
        _reduce(uow, content, made.contract_id, start)
    if status == "inactive" and is_run:
        update(uow, sent(UpdateData, {"subscription_id": made.contract_id, "status": "inactive"}))
    return made.contract_id


def _behind(uow: Uow, content: Content, start: dt.date) -> dt.date:
    """Where the first interval begins that is behind the last one that was billed, and behind today: of what is paused nobody knows when it
    goes on, and what began meanwhile costs nothing."""
    today, last = uow.ctx.today(), _day(content, "LAST_EVENT")
    plan = offered_as(uow, _article(content), today).plan.content
    period = period_at(plan, start, None, max(today, last or start))
    return period.end if period is not None else today


def _article(content: Content) -> str:
    return word(content, "ARTICLE_NUMBER") or word(_plan(content), "ARTICLE_NUMBER")


def _data(uow: Uow, content: Content, customer_id: int, end: dt.date | None) -> SubscriptionData:
    """As subscription.create takes it; what the article says itself is not said again, so that it follows the article."""
    article = _article(content)
    offered = offered_as(uow, article, uow.ctx.today())
    phase = offered.plan.content.phases[0]

    def own(of: Content, ident: str | None) -> dict[str, object]:
        """What an option costs and is called otherwise than usual."""
        if ident is None or ident not in offered.options:
            return {}
        usual, price = offered.content(ident), offered.price(ident, None)
        cost, title, text = said(of, "UNIT_PRICE"), word(of, "TITLE"), word(of, "DESCRIPTION")
        known = round(price.price or ZERO, _DECIMALS) if price is not None else None
        return {
            "unit_price": cost if is_given(cost) and number(cost) != known else None,
            "title": title if title != usual.name else None,
            "description": text if text != (usual.product_description or "") else None,
        }

    addons = [
        {"article_number": one, "quantity": said(addon, "QUANTITY"), **own(addon, offered.addon(phase, one))}
        for addon in _addons(content)
        if (one := word(addon, "ARTICLE_NUMBER"))
    ]
    mine = own(_plan(content), offered.main(phase))
    called = word(content, "SUBSCRIPTION_TITLE")
    if called and called != offered.plan.content.name:
        mine["title"] = called
    return given(
        SubscriptionData,
        content,
        customer_id=customer_id,
        article_number=article,
        coupon=None,
        next_event=None,
        cancellation_date=None,
        expiration_date=end.isoformat() if end is not None else None,
        addons=[{name: value for name, value in addon.items() if is_given(value)} for addon in addons],
        **{name: mine.get(name) for name in ("unit_price", "title", "description")},
    )


def _reduce(uow: Uow, content: Content, contract_id: int, start: dt.date) -> None:
    """What its coupon still gives: the coupon itself where no interval has had it, else allowances for those that are left."""
    coupon = said(content, "COUPON")
    if not isinstance(coupon, Mapping) or not word(coupon, "CODE"):
        return
    one = require(uow, contract_id)
    count, unit = whole(said(coupon, "DISCOUNT_PERIOD_AMOUNT") or 0), word(coupon, "DISCOUNT_PERIOD_UNIT").lower() or "event"
    had = whole(said(coupon, "PAYMENTS_DISCOUNTED") or 0)
    left = count - had if unit == "event" and count else None
    if left is not None and left <= 0:
        return
    ident = one.contract.contract_ident
    if not had and start > uow.ctx.today():
        redeem_coupon(uow, RedeemCoupon(contract_ident=ident, body=Redemption(code=word(coupon, "CODE"))))
        return
    is_percent = word(coupon, "DISCOUNT_TYPE").lower() == "percent"
    value = number(said(coupon, "DISCOUNT_AMOUNT")).normalize() + ZERO
    last = add(start, 1, Duration(value=count, unit=UNITS[unit])) - DAY if unit != "event" and count else None
    if last is not None and last < uow.ctx.today():
        return
    options = [it for it in one.quantities if is_reducible(one.offered.options.get(it))]
    for place, option in enumerate(options if is_percent else options[:1]):
        body: dict[str, object] = {
            "ident": f"coupon-{place}",
            "option_ident": option,
            "name": word(coupon, "TITLE") or word(coupon, "CODE"),
            "type": "PERCENTAGE" if is_percent else "AMOUNT",
            "percentage" if is_percent else "amount": value,
            "valid_from": start,
        }
        if left is not None:
            body["intervals"] = left
        if last is not None:
            body["valid_to"] = last
        ALLOWANCES.create(uow, Written((ident,), sent(ALLOWANCES.creation, body)))


def _plan(content: Content) -> Content:
    found = said(content, "PLAN")
    return cast(Content, found) if isinstance(found, Mapping) else {}


def _addons(content: Content) -> list[Content]:
    found = said(content, "ADDONS")
    return [cast(Content, one) for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _day(content: Content, tag: str) -> dt.date | None:
    text = word(content, tag)
    return day(text) if text else None
