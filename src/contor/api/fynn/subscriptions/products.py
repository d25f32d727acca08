"""Products that are ordered onto a subscription: into a draft, or onto one that runs."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

from contor.api.fynn.said import KIND, PRODUCT, SUBSCRIPTION_ITEM
from contor.api.fynn.subscriptions.answers import SubscriptionShown
from contor.api.fynn.subscriptions.life import bill
from contor.api.fynn.subscriptions.ordering import FIELDS, Wanted, own_names, own_prices, phase_of, quantities, wanted
from contor.api.fynn.subscriptions.reading import Subscribed, again, item_id_of, subscription, told
from contor.api.fynn.subscriptions.shown import shown
from contor.api.fynn.subscriptions.types import ProductOrder
from contor.catalogue.products import SETUP, offer_also, quantities_of
from contor.catalogue.rules import in_language
from contor.catalogue.types import CatalogueProperty, OptionContent, Price
from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.change import AddedOptions, AddOptions, NameOptions, NamesBody, add_options_to, charges_later, name_options
from contor.contracts.course import is_charged_on
from contor.contracts.drafting import RedraftContract, Redrafting, redraft
from contor.contracts.terms import ChangeBody, OptionPrices, OptionQuantity, PlanModifier
from contor.contracts.types import OwnName
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.orders.lines import AddLines, add_line_items
from contor.orders.types import LineItemBody
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups


@shape
class Ordering:
    id: str
    body: ProductOrder


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


def joined(before: Sequence[OwnName], names: Sequence[OwnName]) -> tuple[OwnName, ...]:
    """What options are called: the later names take the place of those before."""
    return tuple({**{it.option_ident: it for it in before}, **{it.option_ident: it for it in names}}.values())


# helpers in calling order


def _into_draft(uow: Uow, one: Subscribed, ordered: Sequence[Wanted]) -> None:
    prices, names, content = own_prices(uow, ordered), own_names(ordered), one.contract.content
    redrafting = Redrafting(
        option_quantities=quantities(uow, ordered, one.taken),
        plan_modifiers=(*content.plan_modifiers, PlanModifier(option_prices=prices)) if prices else None,
        own_names=joined(content.own_names, names) if names else None,
    )
    redraft(uow, RedraftContract(contract_ident=one.ident, body=redrafting))


def _onto(uow: Uow, one: Subscribed, ordered: Sequence[Wanted]) -> None:
    """Onto a subscription that runs. Setup fees and what is charged once are ordered with what begins today; on a day that is not charged
    there is no interval that could bill them."""
    own = {it.option_ident: it for it in own_prices(uow, ordered)}
    used = [it for it in ordered if it.price.is_metered and it.price.ident not in one.taken]
    new = [it for it in ordered if it.price.setup_fee is not None and it.price.ident not in one.taken]
    added = quantities_of(uow, [(it.price.ident, it.quantity) for it in used], with_setup=False)
    today = days_of_groups(uow).today(one.contract.billing_group_ident)
    begins = [it for it in ordered if it.price.interval is not None and it.price.pro_rata and not it.price.is_metered]
    later = [it for it in ordered if it.price.interval is not None and not it.price.pro_rata and not it.price.is_metered]
    lines: list[LineItemBody] = []
    setup = {ident: one.taken.get(ident, Decimal(0)) + 1 for it in new if (ident := f"{it.price.ident}{SETUP}")}
    once = [it for it in ordered if it.price.interval is None]
    if is_charged_on(one.course, one.contract, today):
        begins += once
    else:
        lines = [_line(uow, one, it, own) for it in once]
        if charges_later(one.contract, today):
            added |= {ident: quantity for ident, quantity in setup.items() if ident not in one.taken}
        else:
            lines += [_setup(uow, one, it) for it in new]
        setup = {}
    _change(uow, one, begins, own, setup, "IMMEDIATELY")
    _change(uow, one, later, own, {}, "END_OF_PERIOD")
    if added:
        add_options_to(uow, AddOptions(contract_ident=one.ident, body=AddedOptions(option_quantities=phase_of(added))))
    if lines:
        add_line_items(uow, AddLines(holder="CONTRACT", ident=one.ident, body=tuple(lines)))
    if names := own_names(ordered):
        body = NamesBody(own_names=joined(one.contract.content.own_names, names))
        name_options(uow, NameOptions(contract_ident=one.ident, body=body))


def _change(
    uow: Uow,
    one: Subscribed,
    ordered: Sequence[Wanted],
    own: Mapping[str, OptionPrices],
    setup: Mapping[str, Decimal],
    timing: Literal["IMMEDIATELY", "END_OF_PERIOD"],
) -> None:
    """More of what is ordered, with setup fees."""
    wanted = {**setup}
    for it in ordered:
        wanted[it.price.ident] = it.quantity + wanted.get(it.price.ident, one.taken.get(it.price.ident, Decimal(0)))
    if wanted:
        given = tuple(OptionQuantity(option_ident=ident, quantity=quantity) for ident, quantity in wanted.items())
        prices = tuple(own[ident] for ident in wanted if ident in own)
        change = ChangeBody(timing=timing, option_quantities=given, option_prices=prices)
        change_contract(uow, ChangeContract(contract_ident=one.ident, body=change))


def _line(uow: Uow, one: Subscribed, it: Wanted, own: Mapping[str, OptionPrices]) -> LineItemBody:
    """What is charged once, of a subscription that runs: a line beside its plan."""
    content = again(uow, one).options[it.price.ident].versions[-1].content
    prices = own.get(it.price.ident)
    price = prices.prices[0] if prices is not None else content.prices[0]
    if price.price is None:
        message = "is charged once by tiers: it is ordered when the subscription is made"
        raise Refused(Kind.INVALID, Problem("price_not_orderable", message, "prices[0]"))
    return replace(_row(uow, one, it, price, content), quantity=it.quantity)


def _setup(uow: Uow, one: Subscribed, it: Wanted) -> LineItemBody:
    """The setup fee of an item, of a subscription that is charged: a line beside its plan, which says of which item it is."""
    options = again(uow, one).options
    content = options[f"{it.price.ident}{SETUP}"].versions[-1].content
    row = _row(uow, one, it, content.prices[0], content)
    item = item_id_of(uow, one.contract.contract_id, options[it.price.ident])
    said = (CatalogueProperty(key=KIND, value="setup"), CatalogueProperty(key=SUBSCRIPTION_ITEM, value=item))
    return replace(row, properties=(*row.properties, *said))


def _row(uow: Uow, one: Subscribed, it: Wanted, price: Price, content: OptionContent) -> LineItemBody:
    content = in_language(content, one.contract.content.language)
    is_net, said = price.net_gross_indicator == "NET", it.said.description
    return LineItemBody(
        ident=f"{it.price.ident[:60]}-{uow.next_id()}",
        name=content.product_name or content.name,
        description=said[:255] if said else None,
        quantity_type=content.quantity_type,
        tax_calculation_basis=price.net_gross_indicator,
        unit_price_net=price.price if is_net else None,
        unit_price_gross=None if is_net else price.price,
        tax_code=price.tax_code,
        tax_scheme=price.tax_scheme,
        delivery_date=uow.ctx.today(),
        properties=(CatalogueProperty(key=PRODUCT, value=it.price.product_ident),),
    )
