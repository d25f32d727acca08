"""What is wrong with a price: of an ordered quantity, or of what is used. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from contor.catalogue.types import OptionContent, OptionType, Price, PriceTier, UsagePrice
from contor.kernel.errors import Problem

_OF_PERCENTAGE = ("percentage", "fixed_price", "minimum", "maximum")
_NAMES = {"percentage": "percentage", "fixed_price": "fixedPrice", "minimum": "minimum", "maximum": "maximum"}


def price_findings(prices: Sequence[Price], path: str) -> list[Problem]:
    """Everything that does not fit together in the prices of an ordered option; `path` is their list's."""
    problems: list[Problem] = []
    for index, price in enumerate(prices):
        where = f"{path}[{index}]"
        if price.pricing_model == "PER_UNIT":
            if price.price is None:
                problems.append(Problem("price_missing", "is what each unit costs", f"{where}.price"))
            if price.price_tiers:
                message = "belongs to a pricing model by tiers, and only to such a one"
                problems.append(Problem("price_tiers_not_expected", message, f"{where}.priceTiers"))
            continue
        if price.price is not None:
            message = "is not what a price by tiers has: they say what a quantity costs"
            problems.append(Problem("price_not_expected", message, f"{where}.price", price.price))
        problems += _tiers(price.pricing_model, price.price_tiers, where)
    return problems


def usage_price_findings(price: UsagePrice, path: str) -> list[Problem]:
    """Everything that does not fit together in the price of what is used."""
    given = [name for name in _OF_PERCENTAGE if getattr(price, name) is not None]
    if price.pricing_model != "PERCENTAGE":
        message = "is what a price of the model PERCENTAGE has, and only such a one"
        problems = [Problem("percentage_not_expected", message, f"{path}.{_NAMES[name]}", getattr(price, name)) for name in given]
        return problems + _tiers(price.pricing_model, price.price_tiers, path)
    problems = []
    if price.percentage is None:
        message = "is what is charged of the amount that was used"
        problems.append(Problem("percentage_missing", message, f"{path}.percentage"))
    if price.price_tiers:
        message = "a price of the model PERCENTAGE has no tiers"
        problems.append(Problem("price_tiers_not_expected", message, f"{path}.priceTiers"))
    if price.free_quantity is not None:
        message = "a percentage is charged of all that is used: no part of it is free"
        problems.append(Problem("free_quantity_not_expected", message, f"{path}.freeQuantity", price.free_quantity))
    if price.minimum is not None and price.maximum is not None and price.maximum < price.minimum:
        message = f"is below the minimum {price.minimum}"
        problems.append(Problem("maximum_below_minimum", message, f"{path}.maximum", price.maximum))
    return problems


def minimum_findings(option_type: OptionType, content: OptionContent) -> list[Problem]:
    """Of the least that an interval costs."""
    if content.usage_minimum is None:
        return []
    if option_type != "USAGE":
        message = "only options of type USAGE have a minimum by period"
        return [Problem("usage_minimum_not_expected", message, "usageMinimum", content.usage_minimum)]
    if content.usage_cap is not None and content.usage_cap < content.usage_minimum:
        message = f"is above the most that a period costs, {content.usage_cap}"
        return [Problem("usage_minimum_above_cap", message, "usageMinimum", content.usage_minimum)]
    return []


# helpers in calling order


def _tiers(model: str, tiers: Sequence[PriceTier], path: str) -> list[Problem]:
    """Tiers rise and the last one has no end; blocks have a size."""
    if not tiers:
        return [Problem("price_tiers_missing", f"a price of the model {model} has tiers", f"{path}.priceTiers")]
    if model == "CONTINGENT":
        return [
            Problem("block_size_missing", "a block has a size", f"{path}.priceTiers[{index}].quantity")
            for index, tier in enumerate(tiers)
            if tier.quantity is None
        ]
    problems, last = list[Problem](), Decimal(0)
    for index, tier in enumerate(tiers):
        is_last = index == len(tiers) - 1
        where = f"{path}.priceTiers[{index}].quantity"
        if tier.quantity is None and not is_last:
            problems.append(Problem("tier_open_in_between", "only the last tier has no end", where))
        elif is_last and tier.quantity is not None:
            problems.append(Problem("tier_without_end_missing", "the last tier has no end", where, tier.quantity))
        elif tier.quantity is not None and tier.quantity <= last:
            problems.append(Problem("tier_not_ascending", "is not above the tier before", where, tier.quantity))
        last = tier.quantity or last
    return problems
