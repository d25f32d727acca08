"""What is ordered: price plans with quantities, own prices and names, as options of a contract."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.api.fynn.subscriptions.reading import PRICE, PRODUCT
from contor.api.fynn.subscriptions.types import OrderedProduct
from contor.catalogue.products import MAIN, ProductPrice, prices_by_ident, prices_of_product, quantities_of
from contor.catalogue.queries import options_by_ident
from contor.catalogue.types import Price
from contor.contracts.terms import OptionPrices, OptionQuantity, PhaseQuantities
from contor.contracts.types import OwnName
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow

FIELDS: Final[Mapping[str, str]] = {
    "prices": "products[].pricePlan",
    "optionQuantities.optionQuantity.quantity": "products",
    "optionQuantities": "products",
    "planModifiers.optionPrices.prices": "products",
    "ownNames": "products",
}
"""The core's fields as they were sent."""


class Wanted(NamedTuple):
    """A price plan that is ordered."""

    price: ProductPrice
    quantity: Decimal
    said: OrderedProduct


def wanted(uow: Uow, products: Sequence[OrderedProduct]) -> list[Wanted]:
    """Raises INVALID with everything that names nothing."""
    problems, found = list[Problem](), list[tuple[str, OrderedProduct]]()
    for index, said in enumerate(products):
        ident, problem = _price_of(uow, said, f"products[{index}]")
        if problem is not None:
            problems.append(problem)
        elif ident is not None:
            found.append((ident, said))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    prices = prices_by_ident(uow, [ident for ident, _ in found])
    made = [Wanted(prices[ident], said.quantity if said.quantity is not None else Decimal(1), said) for ident, said in found]
    problems = [
        Problem("quantity_missing", "is more than nothing", f"products[{index}].quantity", one.quantity)
        for index, one in enumerate(made)
        if one.quantity <= 0
    ]
    problems += [
        Problem("currency_differs", f"is in {one.price.currency}", f"products[{index}].price", one.said.price.currency_code)
        for index, one in enumerate(made)
        if one.said.price is not None and one.said.price.currency_code not in (None, one.price.currency)
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return made


def quantities(uow: Uow, ordered: Sequence[Wanted], before: Mapping[str, Decimal] | None = None) -> tuple[PhaseQuantities, ...]:
    """As the phase names them; `before`: what is there already, to which the same price plan adds."""
    made = {**(before or {})}
    for ident, quantity in quantities_of(uow, [(one.price.ident, one.quantity) for one in ordered]).items():
        known = made.get(ident)
        is_counted = any(one.price.ident == ident and not one.price.is_metered for one in ordered)
        made[ident] = quantity if known is None else known + quantity if is_counted else known
    return phase_of(made)


def phase_of(given: Mapping[str, Decimal]) -> tuple[PhaseQuantities, ...]:
    named = tuple(OptionQuantity(option_ident=ident, quantity=quantity) for ident, quantity in given.items())
    return (PhaseQuantities(phase_ident=MAIN, option_quantity=named),)


def own_prices(uow: Uow, ordered: Sequence[Wanted]) -> tuple[OptionPrices, ...]:
    """Prices that are said beside the price plan's own, taxed as those are. Raises INVALID for what is metered."""
    said = [(index, one) for index, one in enumerate(ordered) if one.said.price is not None]
    options = options_by_ident(uow, [one.price.ident for _, one in said])
    problems, found = list[Problem](), list[OptionPrices]()
    for index, one in said:
        assert one.said.price is not None
        if one.price.is_metered:
            message = "is the price plan's own: what is metered has no other one"
            problems.append(Problem("price_not_expected", message, f"products[{index}].price"))
            continue
        usual = options[one.price.ident].versions[-1].content.prices[0]
        amount = one.said.price.in_units(one.price.currency)
        price: Price = replace(usual, price=amount, price_tiers=(), pricing_model="PER_UNIT")
        found.append(OptionPrices(option_ident=one.price.ident, prices=(price,)))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return tuple(found)


def own_names(ordered: Sequence[Wanted]) -> tuple[OwnName, ...]:
    return tuple(
        OwnName(option_ident=one.price.ident, name=one.said.name, description=one.said.description)
        for one in ordered
        if one.said.name is not None or one.said.description is not None
    )


# helpers in calling order


def _price_of(uow: Uow, said: OrderedProduct, path: str) -> tuple[str | None, Problem | None]:
    """The ident of the price plan, or why there is none."""
    if said.price_plan is not None:
        ident = PRICE.find(uow, [said.price_plan]).get(said.price_plan, "")
        found = prices_by_ident(uow, [ident]).get(ident)
        if found is None:
            return None, Problem("price_unknown", "does not exist", f"{path}.pricePlan", said.price_plan[:100])
        if said.product is not None and PRODUCT.find(uow, [said.product]).get(said.product) != found.product_ident:
            return None, Problem("product_differs", "is not what the price plan is of", f"{path}.product", said.product[:100])
        return ident, None
    if said.product is None:
        return None, Problem("price_missing", "says what is ordered", f"{path}.pricePlan")
    product = PRODUCT.find(uow, [said.product]).get(said.product, "")
    active = [one for one in prices_of_product(uow, product) if one.status == "ACTIVE" and one.customer_ident is None]
    if len(active) != 1:
        message = f"has {len(active)} active price plans: say which" if active else "has no active price plan"
        return None, Problem("price_unclear", message, f"{path}.product", said.product[:100])
    return active[0].ident, None
