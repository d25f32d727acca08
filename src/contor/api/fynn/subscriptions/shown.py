"""Subscriptions as they are answered."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.api.fynn.customers import address_shown, shorts
from contor.api.fynn.customers.answers import CustomerAddressShown, CustomerShort
from contor.api.fynn.ids import SUBSCRIPTION
from contor.api.fynn.manners import Uuid, interval, known_when, money_or_none, when
from contor.api.fynn.subscriptions import answers
from contor.api.fynn.subscriptions.answers import (
    PricePlanBrief,
    ProductBrief,
    Status,
    SubscriptionBilling,
    SubscriptionItemShown,
    SubscriptionShown,
)
from contor.api.fynn.subscriptions.paying import methods_shown
from contor.api.fynn.subscriptions.reading import (
    GROUP,
    JOINT,
    PRICE,
    PRODUCT,
    Item,
    Subscribed,
    errors_shown,
    item_id_of,
    items_of,
    measured,
    setup_of,
    subscribed,
)
from contor.billing.queries import LastBilled, last_billed
from contor.catalogue.products import ProductPrice
from contor.catalogue.rules import version_at
from contor.catalogue.types import Duration
from contor.contracts.calendar import BillingPeriod, billing_periods, performance
from contor.contracts.changes import changes_of
from contor.contracts.course import agreed_prices, until_charged
from contor.contracts.queries import created_of
from contor.contracts.types import Contract
from contor.custom_fields.types import Values
from contor.custom_fields.values import values_of
from contor.customers.keeping import FindCustomers, find_customers
from contor.customers.keeping.addresses import addresses_named
from contor.kernel.shapes import Fields
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups

DAY: Final = dt.timedelta(days=1)
PERIODS: Final = 24
"""That are shown: the latest ones up to the next."""
PLAN, TIER = "plan", "tier"
"""Attributes that the dialect keeps with a contract: of which plan it was made."""
PO_NUMBER: Final = "purchaseOrderReference"


class _World(NamedTuple):
    """What is asked once for a page."""

    uow: Uow
    ids: Mapping[str, int | str]
    customers: Mapping[str, CustomerShort]
    addresses: Mapping[tuple[str, str], Fields]
    values: Mapping[str, Values]
    created: Mapping[int, dt.datetime]
    billed: Mapping[tuple[int, str], LastBilled]
    prices: Mapping[str, int | str]
    products: Mapping[str, int | str]
    groups: Mapping[str, int | str]
    joint: Mapping[str, int | str]
    pending: Mapping[int, bool]
    methods: Mapping[int, answers.PaymentMethodBrief]
    failed: Mapping[int, Sequence[answers.BillingError]]


def shown(uow: Uow, found: Sequence[Subscribed]) -> list[SubscriptionShown]:
    world = _world(uow, found)
    return [_subscription(world, one) for one in found]


def subscriptions_of(uow: Uow, contracts: Sequence[Contract]) -> list[SubscriptionShown]:
    """Contracts as subscriptions, in their order."""
    return shown(uow, subscribed(uow, contracts))


def item_shown(uow: Uow, one: Item) -> SubscriptionItemShown:
    world = _world(uow, [one.subscription])
    return _item(world, one)


def price_shown(uow: Uow, price: ProductPrice, product_name: str) -> PricePlanBrief:
    ids, products = PRICE.shown(uow, [price.ident]), PRODUCT.shown(uow, [price.product_ident])
    product = ProductBrief(id=str(products[price.product_ident]), name=product_name)
    return _price(price, str(ids[price.ident]), product, price.price)


def status_of(contract: Contract, today: dt.date) -> Status:
    """By the facts of the core. No subscription is an `offer`: what is offered is one as soon as it is accepted."""
    if contract.end_kind == "CANCELLED" or performance(contract.start_on, contract.end_on, today) == "ENDED":
        return "terminated"
    if contract.end_on is not None:
        return "cancelled"
    if contract.start_on is None:
        return "draft"
    return "paused" if contract.life is not None and contract.life.pause_on(today) is not None else "active"


def every(duration: Duration | None) -> str | None:
    if duration is None:
        return None
    months = {"QUARTER": 3, "HALF_YEAR": 6}.get(duration.unit)
    return interval(duration.value * months, "MONTH") if months else interval(duration.value, duration.unit)


def details_shown(one: Subscribed) -> answers.DetailsShown:
    """When it begins and ends, and how long it binds; of a draft as it is intended."""
    contract, phase, intended = one.contract, one.phase, one.contract.content.intended
    start, last = contract.start_on, contract.end_on - DAY if contract.end_on is not None else None
    if intended is not None and contract.start_on is None:
        start, last = intended.start_on, last or intended.last_day
    return answers.DetailsShown(
        contract_start=when(start),
        contract_end=when(last),
        term=every(phase.term_duration),
        renewal=phase.term_duration is not None and phase.transition.type == "AUTO_RENEWAL",
        notice_period=every(phase.notice_period),
        cancellation_date=when(contract.notice_on) if contract.end_kind is not None else None,
        cancellation_reason=contract.reason,
    )


# helpers in calling order


def _world(uow: Uow, found: Sequence[Subscribed]) -> _World:
    contracts = [one.contract for one in found]
    numbers = [one.contract_id for one in contracts]
    wanted = {(one.customer_ident, one.content.invoice_address_ident) for one in contracts}
    wanted |= {(one.customer_ident, ident) for one in contracts if (ident := one.content.shipping_address_ident) is not None}
    prices = {price.ident: price.product_ident for one in found for price in one.prices.values()}
    return _World(
        uow=uow,
        ids=SUBSCRIPTION.shown(uow, [one.contract_ident for one in contracts]),
        customers=_customers(uow, {one.customer_ident for one in contracts}),
        addresses=addresses_named(uow, wanted),
        values=values_of(uow, "SUBSCRIPTION", [one.contract_ident for one in contracts]),
        created=created_of(uow, numbers),
        billed=last_billed(uow, numbers),
        prices=PRICE.shown(uow, prices),
        products=PRODUCT.shown(uow, set(prices.values())),
        groups=GROUP.shown(uow, {group for one in contracts for group in one.content.groups.values()}),
        joint=JOINT.shown(uow, {one.joint_billing_ident for one in contracts if one.joint_billing_ident is not None}),
        pending={number: any(it.status == "PENDING" for it in views) for number, views in changes_of(uow, contracts).items()},
        methods=methods_shown(uow, contracts),
        failed={one.contract.contract_id: errors for one, errors in zip(found, errors_shown(uow, found), strict=True)},
    )


def _customers(uow: Uow, idents: set[str]) -> dict[str, CustomerShort]:
    found = find_customers(uow, FindCustomers(idents=tuple(sorted(idents)), deleted=True, limit=1000))
    rows = [it.customer for it in found]
    return {row["customer_ident"]: short for row, short in zip(rows, shorts(uow, rows), strict=True)}


def _subscription(world: _World, one: Subscribed) -> SubscriptionShown:
    contract, content, label = one.contract, one.contract.content, one.label
    customer = contract.customer_ident
    today = days_of_groups(world.uow).today(contract.billing_group_ident)
    trial = contract.life.trial if contract.life is not None else None
    shipping = content.shipping_address_ident
    return SubscriptionShown(
        id=str(world.ids[contract.contract_ident]),
        external_id=label.external_ident,
        number=contract.contract_ident,
        name=label.title or one.plan.content.name,
        status=status_of(contract, today),
        customer=world.customers[customer],
        plan=_plan(one),
        payment_method=world.methods.get(contract.contract_id),
        invoice_address=_address(world.uow, world.addresses.get((customer, content.invoice_address_ident))),
        delivery_address=_address(world.uow, world.addresses.get((customer, shipping))) if shipping is not None else None,
        billing_group=_text(world.joint.get(contract.joint_billing_ident or "")),
        contract_details=details_shown(one),
        trial_ends_on=when(trial.until) if trial is not None else None,
        activated_at=when(contract.start_on),
        created_at=known_when(world.created[contract.contract_id]),
        po_number=next((it.value for it in content.properties if it.key == PO_NUMBER), None),
        custom_fields={**world.values[contract.contract_ident]},
        billing=_billing(world, one, None),
        billing_errors=tuple(world.failed[contract.contract_id]),
        periods=_periods(one, today),
        items=tuple([_item(world, it) for it in items_of(one)]),
        has_pending_change=world.pending.get(contract.contract_id, False),
    )


def _text(value: int | str | None) -> Uuid | None:
    return None if value is None else str(value)


def _plan(one: Subscribed) -> answers.PlanBrief | None:
    code = one.label.attributes.get(PLAN)
    if code is None:
        return None
    return answers.PlanBrief(code=code, name=one.plan.content.name, tier=one.label.attributes.get(TIER))


def _address(uow: Uow, address: Fields | None) -> CustomerAddressShown | None:
    return None if address is None else address_shown(uow, address)


def _periods(one: Subscribed, today: dt.date) -> tuple[answers.PeriodShown, ...]:
    """Those that have begun, the latest ones, and the next."""
    contract = one.contract
    if contract.start_on is None or contract.end_kind == "CANCELLED":
        return ()
    dates = contract.billing_start_on, contract.end_on
    until = max(today, contract.start_on) + dt.timedelta(days=1200)
    since = max(contract.start_on, today - dt.timedelta(days=1200))
    found = billing_periods(one.course, contract.start_on, *dates, since, until, contract.life)
    begun = [period for period in found if period.start <= today]
    shown_ones = [*begun[-PERIODS + 1 :], *itertools.islice((period for period in found if period.start > today), 1)]
    return tuple(
        answers.PeriodShown(start=known_when(period.start), end=known_when(period.end), charged=period.is_charged)
        for period in shown_ones
    )


def _billing(world: _World, one: Subscribed, option_ident: str | None) -> SubscriptionBilling:
    contract = one.contract
    billed = [
        row for (number, option), row in world.billed.items() if number == contract.contract_id and option_ident in (None, option)
    ]
    last = max(billed, key=lambda row: (row.since, row.billed_at), default=None)
    periods: tuple[BillingPeriod, ...] = ()
    if contract.proposed_through is not None and contract.end_kind != "CANCELLED":
        periods = until_charged(one.course, contract, contract.proposed_through)
    once = option_ident is not None and one.options[option_ident].type == "ONETIME"
    return SubscriptionBilling(
        last_billed_at=when(last.billed_at) if last is not None else None,
        last_billed_from=when(last.since) if last is not None else None,
        last_billed_to=when(last.until - DAY) if last is not None else None,
        next_billing_at=when(periods[-1].due_on) if periods and not once else None,
        billing_interval=every(one.phase.billing_config.billing_interval) or "",
    )


def _item(world: _World, one: Item) -> SubscriptionItemShown:
    held, option = one.subscription, one.option
    contract, price = held.contract, one.price
    today = days_of_groups(world.uow).today(contract.billing_group_ident)
    content = version_at(option, today).content
    own = next((it for it in contract.content.own_names if it.option_ident == one.option_ident), None)
    main = setup_of(one.option_ident)
    product, plan = None, None
    if price is not None:
        known = held.products[price.product_ident]
        product = ProductBrief(id=str(world.products[price.product_ident]), name=known.name, number=known.number)
        if main == one.option_ident:
            agreed = agreed_prices(contract, one.option_ident, today)
            plan = _price(price, str(world.prices[price.ident]), product, agreed[0].price if agreed is not None else price.price)
    identity = item_id_of(world.uow, contract.contract_id, option)
    return SubscriptionItemShown(
        id=identity,
        parent=None if main == one.option_ident else item_id_of(world.uow, contract.contract_id, held.options[main]),
        subscription=str(world.ids[contract.contract_ident]),
        plan=plan,
        product=product,
        quantity=one.quantity,
        measurement_values=measured(one, identity),
        billing=_billing(world, held, one.option_ident),
        billing_errors=tuple([it for it in world.failed[contract.contract_id] if it.item == identity]),
        product_group=_text(world.groups.get(contract.content.groups.get(one.option_ident, ""))),
        name=(own.name if own is not None and own.name is not None else content.product_name) or content.name,
        description=own.description if own is not None and own.description is not None else content.product_description,
    )


def _price(price: ProductPrice, identity: str, product: ProductBrief, costs: Decimal | None) -> PricePlanBrief:
    """`costs`: of each, where it is no list of tiers."""
    return PricePlanBrief(
        id=identity,
        code=price.ident,
        product=product,
        billing_interval=every(price.interval),
        currency_code=price.currency,
        price=money_or_none(costs, price.currency),
    )
