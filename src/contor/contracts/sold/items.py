"""What is sold becomes what lies in a cart or an offer: its prices as they are now, and a mark of the terms beside them."""

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Final

from contor.catalogue.products import MAIN, SETUP, prices_by_ident, product_plan, products_by_ident, quantities_of
from contor.catalogue.queries import options_by_ident, plan_by_ident
from contor.catalogue.rules import price_at
from contor.catalogue.types import OptionContent, Plan
from contor.contracts.sold.frozen import (
    content_now,
    frozen_prices,
    main_option,
    name_of,
    options_of,
    quantity_findings,
    terms_mark,
)
from contor.contracts.sold.types import FrozenItem, FrozenPrices, SoldItem
from contor.contracts.terms import OptionPrices, OptionQuantity, PhaseQuantities, PlanModifier
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import replace
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow
from contor.settings.queries import home

SOLD_ALONE: Final = ("ONETIME",)


def item_findings(uow: Uow, items: Sequence[SoldItem], path: str, customer: str | None = None) -> list[Problem]:
    """Everything for which these items cannot be sold together. `customer`: who is to have them, where that is known already."""
    problems = list[Problem]()
    for index, one in enumerate(items):
        problems += findings_of(uow, one, f"{path}[{index}]", customer)
        if any(one.ident == other.ident and one.type == other.type for other in items[:index]):
            problems.append(Problem("item_repeated", "is sold already: say a quantity", f"{path}[{index}].ident", one.ident))
    recurring = {one.type for one in items} - {"PRODUCT"}
    if sum(one.type in ("PLAN", "TIER") for one in items) > 1 or len(recurring) > 1:
        problems.append(Problem("plans_too_many", "A link sells one plan, one tier, or prices that fit together.", path))
    return problems


def findings_of(uow: Uow, one: SoldItem, where: str, customer: str | None = None) -> list[Problem]:
    """Everything for which this cannot be sold, to whom it may concern or to one customer."""
    if one.type == "PRICE":
        return _price_findings(uow, one.ident, f"{where}.ident", customer)
    judge = {"PLAN": _plan_findings, "PRODUCT": _option_findings, "TIER": _tier_findings}[one.type]
    problems = judge(uow, one, where)
    if one.type == "TIER" and not problems:
        for ident, _ in prices_in(uow, one):
            problems += _price_findings(uow, ident, f"{where}.ident", customer)
    return problems


def frozen_items(uow: Uow, items: Sequence[SoldItem], customer: str | None = None) -> tuple[tuple[FrozenItem, ...], str]:
    """The items as they cost now, and their currency. Raises CONFLICT where the catalogue does not sell them any more."""
    if problems := item_findings(uow, items, "items", customer):
        raise Refused(Kind.CONFLICT, *problems)
    made, currency = list[FrozenItem](), "EUR"
    for one in items:
        if one.type == "PLAN":
            plan = plan_by_ident(uow, one.ident)
            assert plan is not None  # `item_findings` has seen it
            currency = plan.content.currency
            made.append(_of_plan(uow, plan, str(len(made) + 1), one.quantity))
        elif one.type == "PRODUCT":
            content = content_now(uow, options_by_ident(uow, [one.ident])[one.ident])
            prices = (FrozenPrices(option_ident=one.ident, prices=content.prices),)
            ident = str(len(made) + 1)
            item = FrozenItem(
                ident=ident, type="PRODUCT", of=one.ident, name=name_of(content), quantity=one.quantity, prices=prices
            )
            made.append(_priced(uow, item, content))
        else:
            for price_ident, quantity in prices_in(uow, one):
                item, currency = _of_price(uow, price_ident, str(len(made) + 1), quantity)
                made.append(item)
    return tuple(made), currency


def prices_in(uow: Uow, one: SoldItem) -> list[tuple[str, Decimal]]:
    """The prices that a price or a tier is, with their quantities; of a tier what everybody has who takes it."""
    if one.type == "PRICE":
        return [(one.ident, one.quantity)]
    plan = product_plan(uow, one.ident)
    assert plan is not None  # `item_findings` has seen it
    tier = next(tier for tier in plan.tiers if one.tier in (None, tier.ident))
    return [(item.price_ident, item.quantity) for item in tier.items if not item.is_optional]


def product_option(uow: Uow, item: FrozenItem) -> OptionContent:
    """The product as the catalogue has it now, but for its price. Raises CONFLICT where there is none any more."""
    found = options_by_ident(uow, [item.of]).get(item.of)
    if found is None:
        message, where = f"{item.name} is not sold any more: begin with a new cart.", f"items[{int(item.ident) - 1}]"
        raise Refused(Kind.CONFLICT, Problem("offered_not_sold", message, where, item.of))
    return content_now(uow, found)


def quantity_problems(uow: Uow, item: FrozenItem, quantity: Decimal) -> list[Problem]:
    """Why so much of it cannot be bought."""
    plan = plan_by_ident(uow, item.of) if item.type == "PLAN" else None
    return quantity_findings(uow, plan, quantity, "quantity") if plan is not None else []


def kept_price_lists(uow: Uow, items: Sequence[FrozenItem], path: str | None = None) -> tuple[PlanModifier, ...]:
    """Of prices of products: what the contract has of its own, because they are others by now. Raises CONFLICT with the items that are
    not sold any more, or on other terms. `path`: where the caller has them."""
    if problems := _gone(uow, items, path):
        raise Refused(Kind.CONFLICT, *problems)
    options = options_by_ident(uow, [frozen.option_ident for one in items for frozen in one.prices])
    own = []
    for one in items:
        own += [
            OptionPrices(option_ident=frozen.option_ident, prices=frozen.prices)
            for frozen in one.prices
            if frozen.prices and content_now(uow, options[frozen.option_ident]).prices != frozen.prices
        ]
    return (PlanModifier(option_prices=tuple(own)),) if own else ()


def price_quantities(uow: Uow, items: Sequence[FrozenItem]) -> tuple[PhaseQuantities, ...]:
    """What a contract has of a plan that is made of these prices."""
    found = quantities_of(uow, [(one.of, one.quantity) for one in items])
    named = tuple(OptionQuantity(option_ident=ident, quantity=quantity) for ident, quantity in found.items())
    return (PhaseQuantities(phase_ident=MAIN, option_quantity=named),)


def price_trial(uow: Uow, items: Sequence[FrozenItem]) -> int:
    """The longest trial of the prices, in days."""
    return max((one.trial_days for one in prices_by_ident(uow, [item.of for item in items]).values()), default=0)


# helpers in calling order


def _plan_findings(uow: Uow, one: SoldItem, where: str) -> list[Problem]:
    plan = plan_by_ident(uow, one.ident)
    if plan is None:
        return [Problem("plan_unknown", "does not exist", f"{where}.ident", one.ident)]
    problems = quantity_findings(uow, plan, one.quantity, f"{where}.quantity")
    if plan.content.lifecycle_status == "RETIRED" or plan.content.individual_plan or plan.content.type != "CUSTOMER":
        message = "is retired, or made for one contract or for partners"
        problems.append(Problem("plan_not_sold", message, f"{where}.ident", one.ident))
    return problems


def _option_findings(uow: Uow, one: SoldItem, where: str) -> list[Problem]:
    option = options_by_ident(uow, [one.ident]).get(one.ident)
    if option is None:
        return [Problem("option_unknown", "does not exist", f"{where}.ident", one.ident)]
    if option.type not in SOLD_ALONE or option.status != "FINAL":
        return [Problem("option_not_sold_alone", "is no final option of the type ONETIME", f"{where}.ident", one.ident)]
    if not content_now(uow, option).prices:
        return [Problem("option_without_price", "has no price", f"{where}.ident", one.ident)]
    return []


def _price_findings(uow: Uow, ident: str, where: str, customer: str | None) -> list[Problem]:
    price = prices_by_ident(uow, [ident]).get(ident)
    if price is None:
        return [Problem("price_unknown", "does not exist", where, ident)]
    if price.status != "ACTIVE":
        return [Problem("price_not_active", f"is {price.status}: it is not ordered", where, ident)]
    if products_by_ident(uow, [price.product_ident])[price.product_ident].archived_at is not None:
        return [Problem("product_archived", "is of a product that is archived", where, ident)]
    if price.customer_ident not in (None, customer):
        return [Problem("price_of_other_customer", "is for another customer alone", where, ident)]
    return []


def _gone(uow: Uow, items: Sequence[FrozenItem], path: str | None) -> list[Problem]:
    """Prices that were archived since they were offered, with their product or alone; and those whose terms are others."""
    prices = prices_by_ident(uow, [one.of for one in items])
    products = products_by_ident(uow, {one.product_ident for one in prices.values()})
    problems = []
    for one in items:
        price, where = prices.get(one.of), f"{path}[{int(one.ident) - 1}]" if path is not None else None
        if price is None or price.status != "ACTIVE" or products[price.product_ident].archived_at is not None:
            problems.append(
                Problem("offered_not_sold", f"{one.name} is not sold any more: it is to be offered anew.", where, one.of)
            )
        elif one.mark != _price_mark(uow, one.of):
            message = f"The terms of {one.name} were changed since it was offered: it is to be offered anew."
            problems.append(Problem("offered_terms_changed", message, where, one.of))
    return problems


def _tier_findings(uow: Uow, one: SoldItem, where: str) -> list[Problem]:
    plan = product_plan(uow, one.ident)
    if plan is None:
        return [Problem("plan_unknown", "does not exist", f"{where}.ident", one.ident)]
    if plan.status != "ACTIVE":
        return [Problem("plan_not_sold", f"is {plan.status}: only active plans sell", f"{where}.ident", one.ident)]
    if one.quantity != 1:
        return [Problem("quantity_fixed", "A tier says itself how much it is of.", f"{where}.quantity", one.quantity)]
    if one.tier not in {tier.ident for tier in plan.tiers} and (one.tier is not None or len(plan.tiers) > 1):
        message = f"is one of {', '.join(tier.ident for tier in plan.tiers)}"
        return [Problem("plan_tier_unclear", message, f"{where}.tier", one.tier)]
    return []


def _of_price(uow: Uow, ident: str, number: str, quantity: Decimal) -> tuple[FrozenItem, str]:
    price = prices_by_ident(uow, [ident])[ident]
    product = products_by_ident(uow, [price.product_ident])[price.product_ident]
    names = [ident, *([f"{ident}{SETUP}"] if price.setup_fee is not None else [])]
    options = options_by_ident(uow, names)
    frozen = tuple(FrozenPrices(option_ident=name, prices=content_now(uow, options[name]).prices) for name in names)
    mark = _price_mark(uow, ident)
    item = FrozenItem(
        ident=number, type="PRICE", of=ident, name=product.name, quantity=quantity, main=ident, prices=frozen, mark=mark
    )
    return _priced(uow, item, content_now(uow, options[ident])), price.currency


def _price_mark(uow: Uow, ident: str) -> str:
    """Of everything that a price list of a contract's own does not hold."""
    price, option = prices_by_ident(uow, [ident]).get(ident), options_by_ident(uow, [ident]).get(ident)
    if price is None or option is None:
        return ""
    terms = (price.model, price.interval, price.pay_in_advance, price.currency, price.is_metered, price.trial_days)
    return sha256(ENCODER.encode([terms, replace(content_now(uow, option), prices=())])).hexdigest()


def _of_plan(uow: Uow, plan: Plan, ident: str, quantity: Decimal) -> FrozenItem:
    options = options_of(uow, plan)
    first = plan.content.initial_phase
    phase = plan.phase(first) if first is not None else plan.content.phases[0]
    main = main_option(phase, options)
    made = FrozenItem(
        ident=ident,
        type="PLAN",
        of=plan.plan_ident,
        name=plan.content.name,
        quantity=quantity,
        main=main,
        prices=frozen_prices(uow, plan),
        mark=terms_mark(uow, plan),
    )
    return made if main is None else _priced(uow, made, content_now(uow, options[main]))


def _priced(uow: Uow, item: FrozenItem, content: OptionContent) -> FrozenItem:
    """With the price for one, where the company is at home."""
    country = found.country if (found := home(uow)) is not None else None
    price = price_at(content.prices, country, None, None)
    return item if price is None else replace(item, unit_price=price.price, is_gross=price.net_gross_indicator == "GROSS")
