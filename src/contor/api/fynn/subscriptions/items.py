"""Items of subscriptions: further ones are ordered, changed to others within their product groups, and ended."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal, cast

from contor.api.fynn.subscriptions.answers import CurrentItem, ItemOption, ItemOptions, SubscriptionItemShown, SubscriptionShown
from contor.api.fynn.subscriptions.life import bill
from contor.api.fynn.subscriptions.ordering import FIELDS, Wanted, own_names, own_prices, phase_of, quantities, wanted
from contor.api.fynn.subscriptions.reading import GROUP, PRICE, Item, Subscribed, again, item, required, subscription, told
from contor.api.fynn.subscriptions.shown import item_shown, price_shown, shown
from contor.api.fynn.subscriptions.types import GroupOfItem, ItemChange, ItemEnd, ItemSwitch, ProductOrder
from contor.catalogue.products import (
    SETUP,
    Agreed,
    ProductPrice,
    composed_plan,
    offer_also,
    prices_by_ident,
    products_by_ident,
    quantities_of,
)
from contor.catalogue.types import Price
from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.change import AddedOptions, AddOptions, NameOptions, NamesBody, add_options_to, name_options
from contor.contracts.drafting import RedraftContract, Redrafting, redraft
from contor.contracts.switching import (
    AssignedGroup,
    AssignGroup,
    Switching,
    SwitchOption,
    assign_group,
    choices,
    groups_within,
    is_changing,
    switch,
)
from contor.contracts.terms import ChangeBody, OptionQuantity, PlanModifier
from contor.contracts.types import OwnName
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.notifications.mail.causes import suppress_mails
from contor.orders.lines import AddLines, add_line_items
from contor.orders.types import LineItemBody
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups
from contor.usage.values import take_quantity

DAY: Final = dt.timedelta(days=1)
CORE: Final[Mapping[str, str]] = {
    **FIELDS,
    "optionQuantities.quantity": "quantity",
    "optionQuantities": "quantity",
    "becomes": "selectedPricePlan",
    "planIdent": "selectedPricePlan",
    "optionIdent": "",
    "groupIdent": "productGroup",
    "prices": "selectedPricePlan",
    "effectiveDate": "terminationDate",
}


@shape
class OneItem:
    id: str


@shape
class Ordering:
    id: str
    body: ProductOrder


@shape
class ChangeItem:
    id: str
    body: ItemChange


@shape
class GroupItem:
    id: str
    body: GroupOfItem = GroupOfItem()


@shape
class SwitchItem:
    id: str
    body: ItemSwitch


@shape
class EndItem:
    id: str
    body: ItemEnd = ItemEnd()


@operation("fynn.subscription_order", permission="contracts.write")
def order_products(uow: Uow, command: Ordering) -> SubscriptionShown:
    """Further products: of a draft they are part of it, of a subscription that runs they begin today, those whose price plan has no part
    of an interval with the next one. What is charged once is billed at once."""
    one = subscription(uow, command.id, lock=True)
    ordered = wanted(uow, command.body.products)
    with told(FIELDS):
        offer_also(uow, one.plan.plan_ident, [it.price.ident for it in ordered], one.contract.customer_ident)
        if one.is_draft:
            _into_draft(uow, one, ordered)
        else:
            _onto(uow, one, ordered)
    if not one.is_draft:
        bill(uow, one)
    return shown(uow, [again(uow, one)])[0]


@operation("fynn.subscription_item_get", permission="contracts.read", reads=True)
def get_item(uow: Uow, command: OneItem) -> SubscriptionItemShown:
    """One item."""
    return item_shown(uow, item(uow, command.id))


@operation("fynn.subscription_item_update", permission="contracts.write")
def update_item(uow: Uow, command: ChangeItem) -> SubscriptionItemShown:
    """Another quantity from today on, another name on later invoices; what is not said stays."""
    one, body = item(uow, command.id, lock=True), command.body
    with told(CORE):
        if body.quantity is not None:
            take_quantity(uow, one.subscription.contract, one.option_ident, body.quantity, None)
        if body.name is not None or body.description is not None:
            _name(uow, one, body)
    return item_shown(uow, item(uow, command.id))


@operation("fynn.subscription_item_group", permission="contracts.write")
def group_item(uow: Uow, command: GroupItem) -> SubscriptionItemShown:
    """Change the item within this product group alone; without one, within all that have it."""
    one = item(uow, command.id, lock=True)
    group = required(uow, GROUP, command.body.product_group, "productGroup") if command.body.product_group is not None else None
    with told(CORE):
        wish = AssignGroup(
            contract_ident=one.subscription.ident, option_ident=one.option_ident, body=AssignedGroup(group_ident=group)
        )
        assign_group(uow, wish)
    return item_shown(uow, item(uow, command.id))


@operation("fynn.subscription_item_change_options", permission="contracts.read", reads=True)
def change_options(uow: Uow, command: OneItem) -> ItemOptions:
    """What the item can be changed to, by its product groups."""
    one = item(uow, command.id)
    contract, ident = one.subscription.contract, one.option_ident
    groups = groups_within(uow, contract, ident)
    found = list(choices(groups, ident))
    prices = {
        name: price
        for name, price in prices_by_ident(uow, {it.member.option_ident for it in found}).items()
        if price.status == "ACTIVE" and price.customer_ident in (None, contract.customer_ident)
    }
    products = products_by_ident(uow, {price.product_ident for price in prices.values()})
    ids = GROUP.shown(uow, {group.ident for group in groups})
    interval = one.price.interval if one.price is not None else None
    options = [
        ItemOption(
            price_plan=price_shown(uow, price, products[price.product_ident].name),
            product_group=str(ids[it.group.ident]),
            is_upgrade=it.is_upgrade,
            is_downgrade=it.is_downgrade,
            change_timing=cast(Literal["immediately", "end_of_period"], it.member.change_timing.lower()),
            credit_type=cast(Literal["pro_rata", "full", "last_invoiced", "none"], it.member.credit_type.lower()),
            quantity_change_allowed=it.member.quantity_change,
        )
        for it in found
        if (price := prices.get(it.member.option_ident)) is not None
        and (price.interval == interval or not it.group.same_interval_only)
    ]
    own = one.price
    name = one.subscription.products[own.product_ident].name if own is not None else ""
    return ItemOptions(
        current=CurrentItem(
            price_plan=price_shown(uow, own, name) if own is not None else None,
            quantity=one.quantity,
            quantity_change_allowed=all(member.quantity_change for group in groups if (member := group.member(ident)) is not None),
            product_groups=tuple(str(ids[group.ident]) for group in groups),
        ),
        options=tuple(options),
        has_pending_change=is_changing(uow, contract, ident),
    )


@operation("fynn.subscription_item_change", permission="contracts.write")
def change_item(uow: Uow, command: SwitchItem) -> SubscriptionShown:
    """Change the item to another price plan of its product groups, or its quantity, when and with the credit that the group says."""
    one, body = item(uow, command.id, lock=True), command.body
    if body.subscription_item is not None and body.subscription_item.upper() != command.id.upper():
        message = "is another item than that of the address"
        raise Refused(Kind.INVALID, Problem("subscription_item_differs", message, "subscriptionItem", body.subscription_item))
    if not body.send_invoice_email:
        suppress_mails(uow)
    held = one.subscription
    selected = required(uow, PRICE, body.selected_price_plan, "selectedPricePlan") if body.selected_price_plan is not None else None
    if selected == one.option_ident:
        selected = None
    with told(CORE):
        plan = _offered(uow, one, selected) if selected is not None else None
        switching = Switching(becomes=selected, plan_ident=plan, quantity=body.quantity)
        switch(uow, SwitchOption(contract_ident=held.ident, option_ident=one.option_ident, body=switching))
    bill(uow, held)
    return shown(uow, [again(uow, held)])[0]


@operation("fynn.subscription_item_terminate", permission="contracts.write")
def terminate_item(uow: Uow, command: EndItem) -> SubscriptionShown:
    """End an item with its interval, today, or with a day; the rest of the subscription goes on."""
    one, body = item(uow, command.id, lock=True), command.body
    held, kind = one.subscription, body.termination_date_type
    if (kind == "custom") != (body.termination_date is not None):
        message = "is said with the type custom, and with no other"
        raise Refused(Kind.INVALID, Problem("termination_unclear", message, "terminationDate", body.termination_date))
    gone = OptionQuantity(option_ident=one.option_ident, quantity=Decimal(0))
    today = days_of_groups(uow).today(held.contract.billing_group_ident)
    with told(CORE):
        if held.is_draft:
            rest = {ident: quantity for ident, quantity in held.taken.items() if ident.removesuffix(SETUP) != one.option_ident}
            redraft(uow, RedraftContract(contract_ident=held.ident, body=Redrafting(option_quantities=phase_of(rest))))
            return shown(uow, [again(uow, held)])[0]
        if kind == "next_possible":
            change = ChangeBody(timing="END_OF_PERIOD", option_quantities=(gone,))
        else:
            change = ChangeBody(effective_date=(body.termination_date or today) + DAY, option_quantities=(gone,))
        change_contract(uow, ChangeContract(contract_ident=held.ident, body=change))
    bill(uow, held)
    return shown(uow, [again(uow, held)])[0]


# helpers in calling order


def _into_draft(uow: Uow, one: Subscribed, ordered: Sequence[Wanted]) -> None:
    prices, names, content = own_prices(uow, ordered), own_names(ordered), one.contract.content
    redrafting = Redrafting(
        option_quantities=quantities(uow, ordered, one.taken),
        plan_modifiers=(*content.plan_modifiers, PlanModifier(option_prices=prices)) if prices else None,
        own_names=_joined(content.own_names, names) if names else None,
    )
    redraft(uow, RedraftContract(contract_ident=one.ident, body=redrafting))


def _onto(uow: Uow, one: Subscribed, ordered: Sequence[Wanted]) -> None:
    """Onto a subscription that runs."""
    ident = one.ident
    own = {it.option_ident: it for it in own_prices(uow, ordered)}
    used = [it for it in ordered if it.price.is_metered and it.price.ident not in one.taken]
    once = [it for it in ordered if it.price.interval is None]
    for in_part in (True, False):
        recurring = [
            it for it in ordered if it.price.interval is not None and not it.price.is_metered and it.price.pro_rata == in_part
        ]
        if recurring:
            given = tuple(
                OptionQuantity(option_ident=it.price.ident, quantity=it.quantity + one.taken.get(it.price.ident, Decimal(0)))
                for it in recurring
            )
            prices = tuple(own[it.price.ident] for it in recurring if it.price.ident in own)
            timing: Literal["IMMEDIATELY", "END_OF_PERIOD"] = "IMMEDIATELY" if in_part else "END_OF_PERIOD"
            change = ChangeBody(timing=timing, option_quantities=given, option_prices=prices)
            change_contract(uow, ChangeContract(contract_ident=ident, body=change))
    if used:
        named = phase_of(quantities_of(uow, [(it.price.ident, it.quantity) for it in used], with_setup=False))
        add_options_to(uow, AddOptions(contract_ident=ident, body=AddedOptions(option_quantities=named)))
    new = [it for it in ordered if it.price.setup_fee is not None and it.price.ident not in one.taken]
    lines = [*(_line(uow, one, it, own) for it in once), *(_setup(uow, one, it) for it in new)]
    if lines:
        add_line_items(uow, AddLines(holder="CONTRACT", ident=ident, body=tuple(lines)))
    if names := own_names(ordered):
        body = NamesBody(own_names=_joined(one.contract.content.own_names, names))
        name_options(uow, NameOptions(contract_ident=ident, body=body))


def _line(uow: Uow, one: Subscribed, it: Wanted, own: Mapping[str, object]) -> LineItemBody:
    """What is charged once, of a subscription that runs: a line beside its plan."""
    option = again(uow, one).options[it.price.ident]
    price = own.get(it.price.ident)
    usual = getattr(price, "prices", option.versions[-1].content.prices)[0]
    if usual.price is None:
        message = "is charged once by tiers: it is ordered when the subscription is made"
        raise Refused(Kind.INVALID, Problem("price_not_orderable", message, "prices[0]"))
    said = it.said
    return _row(
        uow, it.price.ident, said.name or it.price.product_ident, it.quantity, usual, said.description, option.versions[-1].content
    )


def _setup(uow: Uow, one: Subscribed, it: Wanted) -> LineItemBody:
    option = again(uow, one).options[f"{it.price.ident}{SETUP}"]
    content = option.versions[-1].content
    return _row(uow, option.option_ident, content.name, Decimal(1), content.prices[0], None, content)


def _row(
    uow: Uow, ident: str, name: str, quantity: Decimal, price: Price, description: str | None, content: object
) -> LineItemBody:
    is_net = price.net_gross_indicator == "NET"
    return LineItemBody(
        ident=f"{ident[:60]}-{uow.next_id()}",
        name=getattr(content, "product_name", None) or name,
        description=description[:255] if description else None,
        quantity=quantity,
        quantity_type=getattr(content, "quantity_type", "PC"),
        tax_calculation_basis=price.net_gross_indicator,
        unit_price_net=price.price if is_net else None,
        unit_price_gross=None if is_net else price.price,
        tax_code=price.tax_code,
        tax_scheme=price.tax_scheme,
        delivery_date=uow.ctx.today(),
    )


def _joined(before: Sequence[OwnName], names: Sequence[OwnName]) -> tuple[OwnName, ...]:
    return tuple({**{it.option_ident: it for it in before}, **{it.option_ident: it for it in names}}.values())


def _name(uow: Uow, one: Item, body: ItemChange) -> None:
    content = one.subscription.contract.content
    known = next((it for it in content.own_names if it.option_ident == one.option_ident), None)
    name = body.name if body.name is not None else known.name if known is not None else None
    description = body.description if body.description is not None else known.description if known is not None else None
    names = _joined(content.own_names, [OwnName(option_ident=one.option_ident, name=name, description=description)])
    if one.subscription.is_draft:
        redraft(uow, RedraftContract(contract_ident=one.subscription.ident, body=Redrafting(own_names=names)))
    else:
        name_options(uow, NameOptions(contract_ident=one.subscription.ident, body=NamesBody(own_names=names)))


def _offered(uow: Uow, one: Item, selected: str) -> str | None:
    """The selected price plan is offered by the contract's plan, or, at another interval, by one that is made for it: its ident."""
    held, price = one.subscription, prices_by_ident(uow, [selected])[selected]
    if _is_of_interval(held, price):
        offer_also(uow, held.plan.plan_ident, [selected], held.contract.customer_ident)
        return None
    others = [ident for ident in held.taken if ident.removesuffix(SETUP) != one.option_ident]
    if others:
        message = "is billed at another interval than the other items: what is billed otherwise is a subscription of its own"
        raise Refused(Kind.INVALID, Problem("interval_differs", message, "becomes", selected))
    phase = held.phase
    agreed = Agreed(term=phase.term_duration, renewal=phase.transition.type == "AUTO_RENEWAL", notice=phase.notice_period)
    return composed_plan(uow, held.plan.content.name, [selected], agreed, held.contract.customer_ident).plan_ident


def _is_of_interval(held: Subscribed, price: ProductPrice) -> bool:
    config = held.phase.billing_config
    return price.interval in (None, config.billing_interval) and (
        price.is_metered or price.pay_in_advance == (config.timing == "INTERVAL_START")
    )
