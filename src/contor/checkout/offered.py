"""What is sold becomes what lies in a cart: its prices as they are now, and a mark of the terms beside them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from contor.catalogue.queries import options_by_ident, plan_by_ident
from contor.catalogue.rules import price_at
from contor.catalogue.types import OptionContent, Plan
from contor.checkout.types import CartItem, LinkItem
from contor.contracts.sold import (
    FrozenPrices,
    content_now,
    frozen_prices,
    main_option,
    name_of,
    options_of,
    quantity_findings,
    terms_mark,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.settings.queries import home

SOLD_ALONE: Final = ("ONETIME",)


def item_findings(uow: Uow, items: Sequence[LinkItem], path: str) -> list[Problem]:
    """Everything for which these items cannot be sold together."""
    problems, plans, currencies = list[Problem](), 0, set[str]()
    options = options_by_ident(uow, [one.ident for one in items if one.type == "PRODUCT"])
    for index, one in enumerate(items):
        where = f"{path}[{index}]"
        if one.type == "PLAN":
            plan = plan_by_ident(uow, one.ident)
            plans += 1
            if plan is None:
                problems.append(Problem("plan_unknown", "does not exist", f"{where}.ident", one.ident))
                continue
            currencies.add(plan.content.currency)
            problems += quantity_findings(uow, plan, one.quantity, f"{where}.quantity")
            if plan.content.lifecycle_status == "RETIRED" or plan.content.individual_plan or plan.content.type != "CUSTOMER":
                message = "is retired, or made for one contract or for partners"
                problems.append(Problem("plan_not_sold", message, f"{where}.ident", one.ident))
        else:
            option = options.get(one.ident)
            if option is None:
                problems.append(Problem("option_unknown", "does not exist", f"{where}.ident", one.ident))
            elif option.type not in SOLD_ALONE or option.status != "FINAL":
                message = "is no final option of the type ONETIME"
                problems.append(Problem("option_not_sold_alone", message, f"{where}.ident", one.ident))
            elif not content_now(uow, option).prices:
                problems.append(Problem("option_without_price", "has no price", f"{where}.ident", one.ident))
        if any(one.ident == other.ident and one.type == other.type for other in items[:index]):
            problems.append(Problem("item_repeated", "is sold already: say a quantity", f"{where}.ident", one.ident))
    if plans > 1:
        problems.append(Problem("plans_too_many", "A link sells at most one plan, and products beside it.", path))
    return problems


def frozen_items(uow: Uow, items: Sequence[LinkItem]) -> tuple[tuple[CartItem, ...], str]:
    """The items as they cost now, and their currency. Raises CONFLICT where the catalogue does not sell them any more."""
    if problems := item_findings(uow, items, "items"):
        raise Refused(Kind.CONFLICT, *problems)
    made, currency = list[CartItem](), "EUR"
    for number, one in enumerate(items, 1):
        if one.type == "PLAN":
            plan = plan_by_ident(uow, one.ident)
            assert plan is not None  # `item_findings` has seen it
            currency = plan.content.currency
            made.append(_of_plan(uow, plan, str(number), one.quantity))
        else:
            content = content_now(uow, options_by_ident(uow, [one.ident])[one.ident])
            prices = (FrozenPrices(option_ident=one.ident, prices=content.prices),)
            item = CartItem(
                ident=str(number), type="PRODUCT", of=one.ident, name=name_of(content), quantity=one.quantity, prices=prices
            )
            made.append(_priced(uow, item, content))
    return tuple(made), currency


def product_option(uow: Uow, item: CartItem) -> OptionContent:
    """The product as the catalogue has it now, but for its price. Raises CONFLICT where there is none any more."""
    found = options_by_ident(uow, [item.of]).get(item.of)
    if found is None:
        raise Refused(Kind.CONFLICT, Problem("offered_terms_changed", f"{item.name} is not sold any more: begin with a new cart."))
    return content_now(uow, found)


def quantity_problems(uow: Uow, item: CartItem, quantity: Decimal) -> list[Problem]:
    """Why so much of it cannot be bought."""
    plan = plan_by_ident(uow, item.of) if item.type == "PLAN" else None
    return quantity_findings(uow, plan, quantity, "quantity") if plan is not None else []


# helpers in calling order


def _of_plan(uow: Uow, plan: Plan, ident: str, quantity: Decimal) -> CartItem:
    options = options_of(uow, plan)
    first = plan.content.initial_phase
    phase = plan.phase(first) if first is not None else plan.content.phases[0]
    main = main_option(phase, options)
    made = CartItem(
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


def _priced(uow: Uow, item: CartItem, content: OptionContent) -> CartItem:
    """With the price for one, where the company is at home."""
    country = found.country if (found := home(uow)) is not None else None
    price = price_at(content.prices, country, None, None)
    return item if price is None else replace(item, unit_price=price.price, is_gross=price.net_gross_indicator == "GROSS")
