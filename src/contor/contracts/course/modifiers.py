"""What an option costs in a period of a contract: its version, the contract's own prices, and the index (platform API 4.2).

Pure.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.catalogue.adaptation import IndexValues, adapted
from contor.catalogue.pricing import amount_of
from contor.catalogue.rules import in_language, price_at, version_at
from contor.catalogue.types import LinkedOption, Option, OptionContent, PlanView, Price
from contor.contracts.course.own_names import named
from contor.contracts.course.steps import changed_prices, terms_on
from contor.contracts.terms import PlanModifier
from contor.contracts.types import Contract
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace


class Priced(NamedTuple):
    """The option's content and price for one period."""

    content: OptionContent
    price: Price
    """Its tiers after modifiers and index."""
    unit_price: Decimal
    """After modifiers and index, exact; 0 where the price has tiers: what a quantity costs is `amount`."""

    def amount(self, quantity: Decimal) -> Decimal:
        """What a quantity costs in a whole interval."""
        return amount_of(self.price, self.unit_price, quantity)


def modified_prices(modifiers: Sequence[PlanModifier], option_ident: str, period_start: dt.date) -> tuple[Price, ...] | None:
    """The contract's own prices of an option for a period; None: the catalogue's hold. The latest change counts."""
    found, since = None, dt.date.min
    for modifier in modifiers:
        begins = modifier.effective_from or dt.date.min
        if begins <= period_start and begins >= since:  # of two from one day the later in the list counts
            for entry in modifier.option_prices:
                if entry.option_ident == option_ident:
                    found, since = entry.prices, begins
    return found


def own_prices(modifiers: Sequence[PlanModifier]) -> Iterator[tuple[str, tuple[Price, ...]]]:
    """All prices of the contract's own, each list under its path."""
    for index, modifier in enumerate(modifiers):
        for position, entry in enumerate(modifier.option_prices):
            yield f"planModifiers[{index}].optionPrices[{position}].prices", entry.prices


def priced(
    contract: Contract,
    option: Option,
    period_start: dt.date,
    values: IndexValues,
    where: tuple[str, str | None, str | None],
    day: dt.date | None = None,
) -> Priced | None:
    """What the option costs in the period; None: no price holds there (`where`: country, region and the site that sells). A price that was
    changed by hand follows no index. `day`: on which of its days, where the contract's own price was changed within it."""
    content = in_language(version_at(option, period_start).content, contract.content.language)
    own = _own_prices(contract, option.option_ident, period_start, day or period_start)
    price = price_at(own or content.prices, *where)
    if price is None:
        return None
    unit_price, start = price.price or ZERO, contract.start_on
    if own is None and values and start is not None:
        unit_price = adapted(unit_price, values, start, period_start)
        tiers = [replace(tier, price=adapted(tier.price, values, start, period_start)) for tier in price.price_tiers]
        price = replace(price, price_tiers=tuple(tiers)) if tiers else price
    return Priced(named(contract, option.option_ident, content), price, unit_price)


def agreed_prices(contract: Contract, option_ident: str, day: dt.date) -> tuple[Price, ...] | None:
    """The contract's own prices of an option as they are on a day; None: the catalogue's hold."""
    return _own_prices(contract, option_ident, day, day)


def _own_prices(contract: Contract, option_ident: str, period_start: dt.date, day: dt.date) -> tuple[Price, ...] | None:
    modifiers = contract.content.plan_modifiers
    if contract.content.amended is not None and (changed := changed_prices(contract, option_ident, day)) is not None:
        since, prices = changed
        # what was agreed for a later day counts from the period on that begins on it
        later = [it for it in modifiers if it.effective_from is not None and it.effective_from > since]
        return modified_prices(later, option_ident, period_start) or prices
    return modified_prices(modifiers, option_ident, period_start)


def has_option(contract: Contract, phase_ident: str, link: LinkedOption) -> bool:
    """Whether an option that happens (usages, commissions) holds for the contract in a phase: the plan wants it of everyone, or it was
    named or added. The minimum 0 alone leaves the choice to the contract."""
    named = contract.content.quantities.get(phase_ident, {})
    return link.minimum >= 1 or link.enable_for_all_contracts or link.option_ident in named


def has_option_in(contract: Contract, phase_ident: str, link: LinkedOption, start: dt.date, end: dt.date) -> bool:
    """As `has_option`, on some day of [start, end): an option may have been added to the contract since, or taken from it."""
    amended = contract.content.amended
    if amended is None:
        return has_option(contract, phase_ident, link)
    days = [start, *(step.day for step in amended.steps if start < step.day < end)]
    return any(has_option(terms_on(contract, day), phase_ident, link) for day in days)


def terms_of(plan: PlanView, contract: Contract) -> PlanView:
    """The plan with what the contract ordered of its options; marked where the contract has prices of its own."""
    phases = tuple(
        replace(phase, linked_options=tuple(link for link in phase.linked_options if has_option(contract, phase.ident, link)))
        for phase in plan.phases
    )
    return replace(plan, phases=phases, modified_plan=bool(contract.content.plan_modifiers))
