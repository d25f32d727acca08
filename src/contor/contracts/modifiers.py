"""What an option costs in a period of a contract: its version, the contract's own prices, and the index (platform API 4.2).

Pure.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.catalogue.adaptation import IndexValues, adapted
from contor.catalogue.rules import price_at, version_at
from contor.catalogue.types import LinkedOption, Option, OptionContent, PlanView, Price
from contor.contracts.own_names import named
from contor.contracts.types import Contract, PlanModifier
from contor.kernel.shapes import replace


class Priced(NamedTuple):
    """The option's content and price for one period."""

    content: OptionContent
    price: Price
    unit_price: Decimal
    """After modifiers and index, exact."""


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
    contract: Contract, option: Option, period_start: dt.date, values: IndexValues, where: tuple[str, str | None, str | None]
) -> Priced | None:
    """What the option costs in the period; None: no price holds there (`where`: country, region and the site that sells). A price that was
    changed by hand follows no index."""
    content = version_at(option, period_start).content
    own = modified_prices(contract.content.plan_modifiers, option.option_ident, period_start)
    price = price_at(own or content.prices, *where)
    if price is None:
        return None
    unit_price = price.price
    if own is None and values and contract.start_on is not None:
        unit_price = adapted(unit_price, values, contract.start_on, period_start)
    return Priced(named(contract, option.option_ident, content), price, unit_price)


def has_option(contract: Contract, phase_ident: str, link: LinkedOption) -> bool:
    """Whether an option that happens (usages, commissions) holds for the contract in a phase: the plan wants it of everyone, or it was
    named or added. The minimum 0 alone leaves the choice to the contract."""
    named = contract.content.quantities.get(phase_ident, {})
    return link.minimum >= 1 or link.enable_for_all_contracts or link.option_ident in named


def terms_of(plan: PlanView, contract: Contract) -> PlanView:
    """The plan with what the contract ordered of its options; marked where the contract has prices of its own."""
    phases = tuple(
        replace(phase, linked_options=tuple(link for link in phase.linked_options if has_option(contract, phase.ident, link)))
        for phase in plan.phases
    )
    return replace(plan, phases=phases, modified_plan=bool(contract.content.plan_modifiers))
