"""Items of subscriptions: further ones are ordered, changed to others within their product groups, and ended."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal, cast

from contor.api.fynn.subscriptions.answers import CurrentItem, ItemOption, ItemOptions, SubscriptionItemShown, SubscriptionShown
from contor.api.fynn.subscriptions.life import bill
from contor.api.fynn.subscriptions.ordering import FIELDS, phase_of
from contor.api.fynn.subscriptions.products import joined
from contor.api.fynn.subscriptions.reading import GROUP, PRICE, Item, Subscribed, again, item, required, told
from contor.api.fynn.subscriptions.shown import item_shown, price_shown, shown
from contor.api.fynn.subscriptions.types import GroupOfItem, ItemChange, ItemEnd, ItemSwitch
from contor.catalogue.products import (
    SETUP,
    Agreed,
    ProductPrice,
    composed_plan,
    offer_also,
    prices_by_ident,
    products_by_ident,
)
from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.change import NameOptions, NamesBody, name_options
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
from contor.contracts.terms import ChangeBody, OptionQuantity
from contor.contracts.types import OwnName
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.partial import cleared
from contor.kernel.shapes import shape
from contor.notifications.mail.causes import suppress_mails
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


@operation("fynn.subscription_item_get", permission="contracts.read", reads=True)
def get_item(uow: Uow, command: OneItem) -> SubscriptionItemShown:
    """One item."""
    return item_shown(uow, item(uow, command.id))


@operation("fynn.subscription_item_update", permission="contracts.write")
def update_item(uow: Uow, command: ChangeItem) -> SubscriptionItemShown:
    """Another quantity from today on, another name on later invoices; what is not said stays."""
    one, body = item(uow, command.id, lock=True), command.body
    if "quantity" in cleared(body):
        raise Refused(Kind.INVALID, Problem("field_required", "is required: an item has a quantity", "quantity"))
    with told(CORE):
        if body.quantity is not None:
            take_quantity(uow, one.subscription.contract, one.option_ident, body.quantity, None)
        if body.model_fields_set & {"name", "description"}:
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


def _name(uow: Uow, one: Item, body: ItemChange) -> None:
    content = one.subscription.contract.content
    known = next((it for it in content.own_names if it.option_ident == one.option_ident), None)
    given = body.model_fields_set
    name = body.name if "name" in given or known is None else known.name
    description = body.description if "description" in given or known is None else known.description
    names = joined(content.own_names, [OwnName(option_ident=one.option_ident, name=name, description=description)])
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
