"""What is sold becomes what lies in a cart: its prices as they are now, and a mark of the terms beside them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Final

from contor.catalogue.queries import options_by_ident, plan_by_ident
from contor.catalogue.rules import price_at, version_at
from contor.catalogue.types import Option, OptionContent, Phase, Plan, Price
from contor.checkout.types import CartItem, FrozenPrices, LinkItem
from contor.contracts.terms import OptionPrices, OptionQuantity, PhaseQuantities, PlanModifier
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow
from contor.settings.queries import home

RECURS: Final = ("RECURRING", "QUANTITY")
SOLD_ALONE: Final = ("ONETIME",)


def item_findings(uow: Uow, items: Sequence[LinkItem], path: str) -> list[Problem]:
    """Everything for which these items cannot be sold together."""
    problems, plans, currencies = [], 0, set[str]()
    options = options_by_ident(uow, [one.ident for one in items if one.type == "PRODUCT"])
    for index, one in enumerate(items):
        where = f"{path}[{index}].ident"
        if one.type == "PLAN":
            plan = plan_by_ident(uow, one.ident)
            plans += 1
            if plan is None:
                problems.append(Problem("plan_unknown", "does not exist", where, one.ident))
                continue
            currencies.add(plan.content.currency)
            if plan.content.lifecycle_status == "RETIRED" or plan.content.individual_plan or plan.content.type != "CUSTOMER":
                problems.append(Problem("plan_not_sold", "is retired, or made for one contract or for partners", where, one.ident))
        else:
            option = options.get(one.ident)
            if option is None:
                problems.append(Problem("option_unknown", "does not exist", where, one.ident))
            elif option.type not in SOLD_ALONE or option.status != "FINAL":
                problems.append(Problem("option_not_sold_alone", "is no final option of the type ONETIME", where, one.ident))
            elif not _content(uow, option).prices:
                problems.append(Problem("option_without_price", "has no price", where, one.ident))
        if any(one.ident == other.ident and one.type == other.type for other in items[:index]):
            problems.append(Problem("item_repeated", "is sold already: say a quantity", where, one.ident))
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
            option = options_by_ident(uow, [one.ident])[one.ident]
            content = _content(uow, option)
            base = CartItem(ident=str(number), type="PRODUCT", of=one.ident, name=_name(content), quantity=one.quantity)
            made.append(
                replace(base, prices=(FrozenPrices(option_ident=one.ident, prices=content.prices),), **_shown(uow, content))
            )
    return tuple(made), currency


def phase_quantities(uow: Uow, item: CartItem, plan: Plan) -> tuple[PhaseQuantities, ...]:
    """What the plan wants of everyone, and so much of the article itself as is bought."""
    options = _options(uow, plan)
    return tuple(
        PhaseQuantities(
            phase_ident=phase.ident,
            option_quantity=tuple(
                OptionQuantity(option_ident=link.option_ident, quantity=item.quantity if link.option_ident == main else quantity)
                for link in phase.linked_options
                if options[link.option_ident].type in ("ONETIME", *RECURS)
                and ((quantity := Decimal(link.minimum)) > ZERO or link.option_ident == main)
            ),
        )
        for phase in plan.content.phases
        for main in [main_option(phase, options)]
    )


def kept_prices(uow: Uow, item: CartItem, plan: Plan) -> tuple[PlanModifier, ...]:
    """What the contract has of its own, because the catalogue has other prices by now. Raises CONFLICT where terms beside the prices are
    others: those cannot be kept for one contract."""
    options = _options(uow, plan)
    if item.mark != _mark(uow, plan, options):
        message = "The terms of what is in the cart were changed since it was made: begin with a new cart."
        raise Refused(Kind.CONFLICT, Problem("cart_terms_changed", message))
    own = tuple(
        OptionPrices(option_ident=one.option_ident, prices=one.prices)
        for one in item.prices
        if one.prices and _content(uow, options[one.option_ident]).prices != one.prices
    )
    return (PlanModifier(option_prices=own),) if own else ()


def product_option(uow: Uow, item: CartItem) -> OptionContent:
    """The product as the catalogue has it now, but for its price. Raises CONFLICT where there is none any more."""
    found = options_by_ident(uow, [item.of]).get(item.of)
    if found is None:
        raise Refused(Kind.CONFLICT, Problem("cart_terms_changed", f"{item.name} is not sold any more: begin with a new cart."))
    return _content(uow, found)


def main_option(phase: Phase, options: Mapping[str, Option]) -> str | None:
    """The article itself: the first option that recurs and that every contract has, else the first that recurs."""
    recurring = [link for link in phase.linked_options if options[link.option_ident].type in RECURS]
    taken = next((link for link in recurring if link.minimum > 0), None) or next(iter(recurring), None)
    return taken.option_ident if taken is not None else None


def quantity_findings(uow: Uow, item: CartItem, quantity: Decimal) -> list[Problem]:
    """Why so much of it cannot be bought."""
    if item.type == "PRODUCT":
        return []
    plan = plan_by_ident(uow, item.of)
    if plan is None or item.main is None:
        return [Problem("quantity_fixed", f"{item.name} has no quantity", "quantity", quantity)]
    least = max(
        (link.minimum for phase in plan.content.phases for link in phase.linked_options if link.option_ident == item.main),
        default=0,
    )
    if quantity < least:
        return [Problem("quantity_below_minimum", f"is less than the minimum {least}", "quantity", quantity)]
    if _options(uow, plan)[item.main].type == "RECURRING" and quantity != quantity.to_integral_value():
        return [Problem("quantity_not_whole", "is not a whole number", "quantity", quantity)]
    return []


# helpers in calling order


def _of_plan(uow: Uow, plan: Plan, ident: str, quantity: Decimal) -> CartItem:
    options = _options(uow, plan)
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
        prices=tuple(FrozenPrices(option_ident=name, prices=_content(uow, one).prices) for name, one in sorted(options.items())),
        mark=_mark(uow, plan, options),
    )
    return made if main is None else replace(made, **_shown(uow, _content(uow, options[main])))


def _shown(uow: Uow, content: OptionContent) -> Mapping[str, object]:
    country = found.country if (found := home(uow)) is not None else None
    price: Price | None = price_at(content.prices, country, None, None)
    if price is None:
        return {}
    return {"unit_price": price.price, "is_gross": price.net_gross_indicator == "GROSS"}


def _options(uow: Uow, plan: Plan) -> dict[str, Option]:
    return options_by_ident(uow, {link.option_ident for phase in plan.content.phases for link in phase.linked_options})


def _content(uow: Uow, option: Option) -> OptionContent:
    return version_at(option, uow.ctx.today()).content


def _name(content: OptionContent) -> str:
    return content.product_name or content.name


def _mark(uow: Uow, plan: Plan, options: Mapping[str, Option]) -> str:
    """Of everything that a price list of a contract's own does not hold."""
    rest = [replace(_content(uow, option), prices=()) for _, option in sorted(options.items())]
    return sha256(ENCODER.encode([plan.content, rest])).hexdigest()
