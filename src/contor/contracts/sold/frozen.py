"""What a plan costs when it is offered, kept for who takes it later; and how much of it is taken."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Final

from contor.catalogue.queries import options_by_ident
from contor.catalogue.rules import version_at
from contor.catalogue.types import Option, OptionContent, Phase, Plan
from contor.contracts.sold.types import FrozenPrices
from contor.contracts.terms import OptionPrices, OptionQuantity, PhaseQuantities, PlanModifier
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow

RECURS: Final = ("RECURRING", "QUANTITY")


def options_of(uow: Uow, plan: Plan) -> dict[str, Option]:
    """All that the plan offers."""
    return options_by_ident(uow, {link.option_ident for phase in plan.content.phases for link in phase.linked_options})


def content_now(uow: Uow, option: Option) -> OptionContent:
    return version_at(option, uow.ctx.today()).content


def name_of(content: OptionContent) -> str:
    """As documents call it."""
    return content.product_name or content.name


def main_option(phase: Phase, options: Mapping[str, Option]) -> str | None:
    """The article itself: the first option that recurs and that every contract has, else the first that recurs."""
    recurring = [link for link in phase.linked_options if options[link.option_ident].type in RECURS]
    taken = next((link for link in recurring if link.minimum > 0), None) or next(iter(recurring), None)
    return taken.option_ident if taken is not None else None


def frozen_prices(uow: Uow, plan: Plan) -> tuple[FrozenPrices, ...]:
    """The price lists of this moment."""
    found = sorted(options_of(uow, plan).items())
    return tuple(FrozenPrices(option_ident=name, prices=content_now(uow, one).prices) for name, one in found)


def terms_mark(uow: Uow, plan: Plan) -> str:
    """Of everything that a price list of a contract's own does not hold."""
    rest = [replace(content_now(uow, option), prices=()) for _, option in sorted(options_of(uow, plan).items())]
    return sha256(ENCODER.encode([plan.content, rest])).hexdigest()


def kept_prices(uow: Uow, plan: Plan, offered: Sequence[FrozenPrices], mark: str) -> tuple[PlanModifier, ...]:
    """What the contract has of its own, because the catalogue has other prices by now. Raises CONFLICT where terms beside the prices are
    others: those cannot be kept for one contract."""
    if mark != terms_mark(uow, plan):
        message = f"The terms of {plan.content.name} were changed since it was offered: it is to be offered anew."
        raise Refused(Kind.CONFLICT, Problem("offered_terms_changed", message))
    options = options_of(uow, plan)
    own = tuple(
        OptionPrices(option_ident=one.option_ident, prices=one.prices)
        for one in offered
        if one.prices and content_now(uow, options[one.option_ident]).prices != one.prices
    )
    return (PlanModifier(option_prices=own),) if own else ()


def phase_quantities(uow: Uow, plan: Plan, quantity: Decimal) -> tuple[PhaseQuantities, ...]:
    """What the plan wants of everyone, and so much of the article itself."""
    options = options_of(uow, plan)
    return tuple(
        PhaseQuantities(
            phase_ident=phase.ident,
            option_quantity=tuple(
                OptionQuantity(option_ident=link.option_ident, quantity=quantity if link.option_ident == main else least)
                for link in phase.linked_options
                if options[link.option_ident].type in ("ONETIME", *RECURS)
                and ((least := Decimal(link.minimum)) > ZERO or link.option_ident == main)
            ),
        )
        for phase in plan.content.phases
        for main in [main_option(phase, options)]
    )


def quantity_findings(uow: Uow, plan: Plan, quantity: Decimal, field: str) -> list[Problem]:
    """Why so much of the article cannot be taken."""
    options = options_of(uow, plan)
    mains = {main for phase in plan.content.phases if (main := main_option(phase, options)) is not None}
    if not mains:
        return [Problem("quantity_fixed", f"{plan.content.name} has no quantity", field, quantity)] if quantity != 1 else []
    links = [link for phase in plan.content.phases for link in phase.linked_options if link.option_ident in mains]
    least = max(link.minimum for link in links)
    if quantity < least:
        return [Problem("quantity_below_minimum", f"is less than the minimum {least}", field, quantity)]
    return []
