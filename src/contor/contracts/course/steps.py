"""What a contract's terms are on a day, where they were changed while it ran: its time line. Pure.

A change of quantities or of own prices splits the interval in which it lies, option by option; each stretch costs its days of the whole,
unsplit interval (accounting reference 9, "proration on changes"). Another plan begins periods of its own, or goes on in those that run.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from contor.catalogue.types import Phase, Plan, Price
from contor.contracts.calendar import BillingPeriod, Leg, course
from contor.contracts.terms import Amended, Step
from contor.contracts.types import Contract, ContractContent
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace

DAY = dt.timedelta(days=1)
Quantities = dict[str, dict[str, Decimal]]


class Stretch(NamedTuple):
    """Days [start, end) of a period on which an option has one quantity and one own price."""

    start: dt.date
    end: dt.date
    quantity: Decimal
    own: tuple[Price, ...] | None
    """The contract's own prices, where they were changed within the interval or before it; None: what else holds."""


def quantities_on(amended: Amended, day: dt.date) -> Quantities:
    """Phase, option: quantity, as of a day."""
    found = {phase: dict(given) for phase, given in amended.quantities.items()}
    for step in amended.steps:
        if step.day > day:
            break
        if step.leg is not None:
            for phase, given in step.leg.quantities.items():
                # what was added to a phase since, of options that happen, stays
                found[phase] = {**given, **found.get(phase, {})}
        for phase, given in step.quantities.items():
            here = found.setdefault(phase, {})
            for option, quantity in given.items():
                if quantity > ZERO:
                    here[option] = quantity
                else:
                    here.pop(option, None)
    return found


def with_steps(content: ContractContent, plan_id: int, steps: Iterable[Step]) -> ContractContent:
    """The content with further steps in effect: what it says of quantities is what holds behind all of them. `plan_id`: of the contract."""
    amended = content.amended or Amended(plan_id=plan_id, quantities=content.quantities, steps=())
    ordered = tuple(sorted((*amended.steps, *steps), key=lambda step: (step.day, step.number)))
    amended = replace(amended, steps=ordered)
    return replace(content, amended=amended, quantities=quantities_on(amended, dt.date.max))


def with_added(content: ContractContent, added: Mapping[str, Mapping[str, Decimal]]) -> ContractContent:
    """The content with further options, from the beginning on."""

    def joined(quantities: Mapping[str, Mapping[str, Decimal]]) -> Quantities:
        # copies: a content is frozen, its dicts are not
        found = {phase: dict(given) for phase, given in quantities.items()}
        for phase, given in added.items():
            found.setdefault(phase, {}).update(given)
        return found

    amended = content.amended and replace(content.amended, quantities=joined(content.amended.quantities))
    return replace(content, quantities=joined(content.quantities), amended=amended)


def terms_on(contract: Contract, day: dt.date) -> Contract:
    """The contract as it was, or is, on a day: its quantities."""
    amended = contract.content.amended
    if amended is None or (amended.steps and amended.steps[-1].day <= day):
        return contract
    # without steps, which a check finds, its beginning is all that the time line knows
    return replace(contract, content=replace(contract.content, quantities=quantities_on(amended, day)))


def changed_prices(contract: Contract, option_ident: str, day: dt.date) -> tuple[dt.date, tuple[Price, ...]] | None:
    """The own prices that a change gave an option by a day, and from when on."""
    found = None
    for step in contract.content.amended.steps if contract.content.amended is not None else ():
        if step.day > day:
            break
        for entry in step.prices:
            if entry.option_ident == option_ident:
                found = (step.day, entry.prices)
    return found


def stretches_of(contract: Contract, option_ident: str, period: BillingPeriod) -> list[Stretch]:
    """The stretches of a period in which the contract has the option, in order."""
    amended = contract.content.amended
    assert amended is not None
    days = sorted({step.day for step in amended.steps if period.start < step.day < period.end and _names(step, option_ident)})
    bounds = [period.start, *days, period.end]
    found: list[Stretch] = []
    for start, end in itertools.pairwise(bounds):
        quantity = quantities_on(amended, start).get(period.phase_ident, {}).get(option_ident)
        changed = changed_prices(contract, option_ident, start)
        own = changed[1] if changed is not None else None
        if quantity is None:
            continue
        last = found[-1] if found else None
        if last is not None and last.end == start and (last.quantity, last.own) == (quantity, own):
            found[-1] = last._replace(end=end)  # as before: its days are counted together
        else:
            found.append(Stretch(start, end, quantity, own))
    return found


def ordered_on(contract: Contract, phase_ident: str, option_ident: str, day: dt.date) -> Decimal:
    """How much more of an option a change has ordered on a day than there was before it: of what is charged once that is what is due."""
    amended = contract.content.amended
    if amended is None or not any(step.day == day and step.leg is None and _names(step, option_ident) for step in amended.steps):
        return ZERO
    before, after = (quantities_on(amended, it).get(phase_ident, {}) for it in (day - DAY, day))
    return max(after.get(option_ident, ZERO) - before.get(option_ident, ZERO), ZERO)


def _names(step: Step, option_ident: str) -> bool:
    return any(option_ident in given for given in step.quantities.values()) or any(
        entry.option_ident == option_ident for entry in step.prices
    )


# --- plans that follow each other ------------------------------------------------------------------------------------------------


def plan_ids_of(contract: Contract) -> frozenset[int]:
    """All plans that the contract had or has."""
    amended = contract.content.amended
    if amended is None:
        return frozenset({contract.plan_id})
    return frozenset({amended.plan_id, contract.plan_id, *(step.leg.plan_id for step in amended.steps if step.leg is not None)})


def plan_of(contract: Contract, plans: Mapping[int, Plan]) -> Plan:
    """The contract's plan; of one that had several, a plan of which each follows the one before on its day. `plans`: by number."""
    amended = contract.content.amended
    legs = [] if amended is None else [step for step in amended.steps if step.leg is not None]
    if amended is None or not legs or contract.start_on is None:
        return plans[contract.plan_id]
    return _joined(
        plans[amended.plan_id],
        contract.start_on,
        tuple([(plans[step.leg.plan_id], step.day, step.leg.name, step.leg.anchor) for step in legs if step.leg is not None]),
    )


@lru_cache(maxsize=1024)
def _joined(first: Plan, start: dt.date, others: tuple[tuple[Plan, dt.date, str, dt.date | None], ...]) -> Plan:
    """The same plan for the same steps, so that what is remembered by plan is found at once."""
    contents = [(first.plan_ident, first.content, start, start)]
    for plan, day, name, anchor in others:
        phases = tuple([_named(phase, name) for phase in plan.content.phases])
        initial = plan.content.initial_phase
        content = replace(plan.content, phases=phases, initial_phase=None if initial is None else phase_of_leg(initial, name))
        contents.append((plan.plan_ident, content, day, anchor or day))
    ends = [day for _, _, day, _ in contents[1:]]
    legs = tuple(
        [
            Leg(ident, content, begins, ends[index] if index < len(ends) else dt.date.max, anchor)
            for index, (ident, content, begins, anchor) in enumerate(contents)
        ]
    )
    last = others[-1][0]
    return replace(last, content=course(last.content, legs))


def _named(phase: Phase, name: str) -> Phase:
    target = phase.transition.to_phase
    transition = replace(phase.transition, to_phase=phase_of_leg(target, name)) if target is not None else phase.transition
    return replace(phase, ident=phase_of_leg(phase.ident, name), transition=transition)


def phase_of_leg(ident: str, name: str) -> str:
    """How a phase of a further plan is known within the contract; no ident of a caller looks so."""
    return f"{ident}#{name}" if name else ident


def leg_on(contract: Contract, day: dt.date) -> str:
    """The name of the plan's leg in which a day lies; empty: the first."""
    amended = contract.content.amended
    legs: Sequence[Step] = () if amended is None else amended.steps
    return next((step.leg.name for step in reversed(legs) if step.leg is not None and step.day <= day), "")


def shown_quantities(contract: Contract, day: dt.date) -> Quantities:
    """Phase, option: quantity of the plan that holds on a day, its phases by the names that the plan has for them."""
    amended, name = contract.content.amended, leg_on(contract, day)
    quantities = contract.content.quantities if amended is None else quantities_on(amended, day)
    found = {}
    for phase, given in quantities.items():
        plain, _, leg = phase.partition("#")
        if leg == name:
            found[plain] = given
    return found
